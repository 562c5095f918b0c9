package sandbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

const (
	// patience is how long Close and Restart let the requests in hand finish before they close their connections.
	patience = time.Second
	// grace is how long they then wait for the goroutines of these connections, and Restart for its port.
	grace = 5 * time.Second
)

var errClosed = errors.New("sandbox: closed")

// pair is the certificate of a sandbox with TLS, and the pool that trusts it.
type pair struct {
	cert tls.Certificate
	pool *x509.CertPool
}

// shift is one stretch of listening, which Restart or Close ends.
type shift struct {
	http     *http.Server
	listener net.Listener
	served   chan struct{}
	handlers crowd
	conns    crowd

	// stopping ends when what a fault delays or floods is to be cut, work when nothing may go on any longer.
	stopping context.Context
	stop     context.CancelFunc
	work     context.Context
	finish   context.CancelFunc

	ended bool // guarded by Server.mu
}

// open finds a port and begins the first shift.
func (s *Server) open() error {
	ln, err := listen(s.cfg.addr)
	if err != nil {
		return err
	}
	s.addr = ln.Addr().String()
	s.url = "http://" + s.addr
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	if s.cfg.tls {
		cert, pool, err := selfSigned()
		if err != nil {
			_ = ln.Close()
			return fmt.Errorf("sandbox: %w", err)
		}
		s.secure = &pair{cert: cert, pool: pool}
		s.url = "https://" + s.addr
		transport.TLSClientConfig = trust(pool)
	}
	s.cfg.origin = s.url
	s.client = &http.Client{Transport: transport}
	s.beginShift(ln)
	return nil
}

func listen(addr string) (net.Listener, error) {
	ln, err := new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	return ln, nil
}

// beginShift serves what comes in at the listener.
func (s *Server) beginShift(ln net.Listener) {
	if s.secure != nil {
		ln = serveTLS(ln, s.secure.cert)
	}
	sh := &shift{listener: ln, served: make(chan struct{})}
	sh.stopping, sh.stop = context.WithCancel(s.stopping)
	sh.work, sh.finish = context.WithCancel(context.Background())
	sh.http = &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.serve(sh, w, r) //nolint:contextcheck // what a fault lets happen happens though the caller leaves
		}),
		ErrorLog:          log.New(io.Discard, "", 0),
		ReadHeaderTimeout: time.Minute,
		ConnState:         sh.countConn,
	}
	s.mu.Lock()
	s.shift, s.host = sh, s.newHost(sh)
	s.mu.Unlock()
	go func() {
		defer close(sh.served)
		_ = sh.http.Serve(ln)
	}()
}

// endShift ends the shift at hand, if that is not done yet. The caller has the turn.
func (s *Server) endShift() error {
	s.mu.Lock()
	sh, h := s.shift, s.host
	done := sh.ended
	sh.ended = true
	s.mu.Unlock()
	if done {
		return nil
	}

	_ = sh.listener.Close()
	<-sh.served // from here on there are no new connections
	h.hangUp()
	sh.http.SetKeepAlivesEnabled(false)
	sh.handlers.wait(patience)
	sh.stop()
	_ = sh.http.Close()
	sh.finish() // after their connections: a tool that ends because it must has nobody to answer
	left := sh.handlers.wait(grace) + h.close(grace) + sh.conns.wait(grace)
	s.platform.forgetSessions()
	if left > 0 {
		return fmt.Errorf("sandbox: goroutines are left %v after their connections were closed", grace)
	}
	return nil
}

// Restart does what a deploy does to those who are connected. It stops listening, lets the requests in hand finish for
// about a second, cuts what still hangs then and, at once, the streams that only listen, closes all connections and
// forgets all MCP sessions. After the downtime it listens again, on the same address. Attempts to connect in between
// are refused. Tokens, effects and the record of requests stay.
//
// Close cuts it short. It then returns an error, as it does after Close, if its port was taken meanwhile, or if a tool
// of the caller's own goes on although its context has ended.
func (s *Server) Restart(downtime time.Duration) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.stopping.Err() != nil {
		return errClosed
	}
	left := s.endShift()
	timer := time.NewTimer(downtime)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.stopping.Done():
		return errors.Join(errClosed, left)
	}
	ln, err := s.listenAgain()
	if err != nil {
		return errors.Join(err, left)
	}
	s.beginShift(ln)
	return left
}

// listenAgain takes the old address back. The system may have lent the port to somebody for a moment.
func (s *Server) listenAgain() (net.Listener, error) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	over := time.NewTimer(grace)
	defer over.Stop()
	for {
		ln, err := listen(s.addr)
		if err == nil {
			return ln, nil
		}
		select {
		case <-tick.C:
		case <-over.C:
			return nil, err
		case <-s.stopping.Done():
			return nil, errClosed
		}
	}
}

// countConn keeps count of the connections whose goroutine is alive; handlers count for hijacked ones.
func (sh *shift) countConn(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		sh.conns.enter()
	case http.StateHijacked, http.StateClosed:
		sh.conns.leave()
	case http.StateActive, http.StateIdle:
	}
}

// pause lets the time of a fault pass. It reports false if the shift ends first.
func (sh *shift) pause(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-sh.stopping.Done():
		return false
	}
}
