package sandbox

import (
	"context"
	"net/http"
	"sync"
)

// Server is a running sandbox. Its methods are safe for concurrent use, and work after Close.
type Server struct {
	cfg      config
	contract *contract
	platform *platform
	partner  *partnerAPI
	limiter  *limiter
	faults   *faultSet
	recorder *recorder
	tools    []tool
	runs     *runCount

	adminToken    string
	adminClientID string

	url    string
	addr   string // host and port, the same after every Restart
	secure *pair  // nil without TLS
	client *http.Client
	ids    requestIDs

	// stopping ends when Close begins.
	stopping context.Context
	stop     context.CancelFunc

	turn     sync.Mutex // held by Restart and by Close, which end shifts
	mu       sync.Mutex
	listener *listener // guarded by mu
	host     *host     // guarded by mu

	closing  sync.Once
	closeErr error
}

// Start starts a sandbox on a free port of the loopback interface. The caller must Close it.
func Start(opts ...Option) (*Server, error) { return start(loadContract, opts) }

func start(load func() (*contract, error), opts []Option) (*Server, error) {
	cfg, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg}
	if s.contract, err = load(); err != nil {
		return nil, err
	}
	if s.tools, err = cfg.ownTools(); err != nil {
		return nil, err
	}
	s.platform = newPlatform(&s.cfg, s.contract)
	s.limiter = newLimiter(cfg.limit)
	s.faults = &faultSet{seed: cfg.seed}
	s.recorder = &recorder{}
	s.partner = newPartnerAPI(&s.cfg, s.recorder)
	s.runs = &runCount{}
	s.ids = newRequestIDs()
	s.adminToken, s.adminClientID = s.platform.issue(holder{userID: adminUserID, role: RoleAdmin})
	s.stopping, s.stop = context.WithCancel(context.Background())

	if err := s.open(); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
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

// AcceptTerms accepts the terms of service on behalf of all accounts; see [WithTermsPending].
func (s *Server) AcceptTerms() { s.platform.acceptTerms() }

// Close stops listening, cuts the requests that a fault delays and the streams that only listen, lets the others
// finish, and closes all connections. It cuts a [Server.Restart] short.
// It returns when no goroutine of the sandbox is left, or with an error after some seconds. Calls after the first do
// nothing and return the same error.
func (s *Server) Close() error {
	s.closing.Do(func() {
		s.stop()
		s.turn.Lock()
		defer s.turn.Unlock()
		s.closeErr = s.stopListener()
		s.client.CloseIdleConnections()
	})
	return s.closeErr
}
