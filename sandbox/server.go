package sandbox

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// patience is how long Close lets the requests in hand finish before it closes their connections.
	patience = time.Second
	// grace is how long Close then waits for the goroutines of these connections.
	grace = 5 * time.Second
)

// Server is a running sandbox. Its methods may be used by many goroutines at once, and go on answering after Close.
type Server struct {
	cfg      config
	contract *contract
	platform *platform
	limiter  *limiter
	faults   *faultSet
	recorder *recorder

	adminToken    string
	adminClientID string

	url      string
	listener net.Listener
	http     *http.Server
	client   *http.Client
	ids      requestIDs

	stopping context.Context
	stop     context.CancelFunc
	served   chan struct{}
	handlers crowd
	conns    crowd

	closing  sync.Once
	closeErr error
}

// Start starts a sandbox on a free port of the loopback interface. The caller must Close it.
func Start(opts ...Option) (*Server, error) {
	cfg, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, served: make(chan struct{})}
	if s.contract, err = newContract(actions()); err != nil {
		return nil, err
	}
	s.platform = newPlatform(&s.cfg)
	s.limiter = newLimiter(cfg.limit)
	s.faults = &faultSet{seed: cfg.seed}
	s.recorder = &recorder{}
	s.ids = newRequestIDs()
	s.adminToken, s.adminClientID = s.platform.issue(holder{userID: adminUserID, role: RoleAdmin})

	if err := s.listen(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) listen() error {
	ln, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	s.url = "http://" + ln.Addr().String()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	if s.cfg.tls {
		cert, pool, err := selfSigned()
		if err != nil {
			_ = ln.Close()
			return fmt.Errorf("sandbox: %w", err)
		}
		s.url = "https://" + ln.Addr().String()
		ln = serveTLS(ln, cert)
		transport.TLSClientConfig = trust(pool)
	}
	s.listener = ln
	s.client = &http.Client{Transport: transport}
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.http = &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ErrorLog:          log.New(io.Discard, "", 0),
		ReadHeaderTimeout: time.Minute,
		ConnState:         s.countConn,
	}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(ln)
	}()
	return nil
}

// URL is where the sandbox listens: http://127.0.0.1:port, or https with [WithTLS]. It has no trailing slash.
func (s *Server) URL() string { return s.url }

// AdminToken is the full token of a personal API key whose user is an ADMIN of the customer: it may do everything,
// in every seat, and never expires.
func (s *Server) AdminToken() string { return s.adminToken }

// AdminClientID is the public half of [Server.AdminToken].
func (s *Server) AdminClientID() string { return s.adminClientID }

// HTTPClient is an HTTP client with a transport of its own, which trusts the sandbox's certificate. All calls return
// the same client. Close ends its idle connections.
func (s *Server) HTTPClient() *http.Client { return s.client }

// AcceptTerms accepts the terms of service on behalf of the customer; see [WithTermsPending].
func (s *Server) AcceptTerms() { s.platform.acceptTerms() }

// Close stops listening, cuts the requests that a fault delays, lets the others finish, and closes all connections.
// It returns when no goroutine of the sandbox is left, or with an error after some seconds. Calls after the first do
// nothing and return the same error.
func (s *Server) Close() error {
	s.closing.Do(func() {
		_ = s.listener.Close()
		s.stop()
		<-s.served // from here on there are no new connections
		s.handlers.wait(patience)
		_ = s.http.Close()
		s.client.CloseIdleConnections()
		if n := s.handlers.wait(grace) + s.conns.wait(grace); n > 0 {
			s.closeErr = fmt.Errorf("sandbox: goroutines are left %v after their connections were closed", grace)
		}
	})
	return s.closeErr
}

// countConn keeps count of the connections whose goroutine is alive; handlers count for hijacked ones.
func (s *Server) countConn(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.conns.enter()
	case http.StateHijacked, http.StateClosed:
		s.conns.leave()
	case http.StateActive, http.StateIdle:
	}
}
