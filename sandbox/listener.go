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
	// patience is the time that Close and Restart let the requests in hand finish before they close their connections.
	patience = time.Second
	// grace is the time that they then wait for the goroutines of these connections, and Restart for its port.
	grace = 5 * time.Second
)

var errClosed = errors.New("sandbox: closed")

// pair is the certificate of a sandbox with TLS, and the pool that trusts it.
type pair struct {
	cert tls.Certificate
	pool *x509.CertPool
}

// shift is one stretch of listening, which Restart or Close ends.
type listener struct {
	http     *http.Server
	listener net.Listener
	served   chan struct{}
	handlers drainGroup
	conns    drainGroup

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
	s.startListener(ln)
	return nil
}

func listen(addr string) (net.Listener, error) {
	ln, err := new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	return ln, nil
}

// startListener serves what comes in at the listener.
func (s *Server) startListener(ln net.Listener) {
	if s.secure != nil {
		ln = serveTLS(ln, s.secure.cert)
	}
	l := &listener{listener: ln, served: make(chan struct{})}
	l.stopping, l.stop = context.WithCancel(s.stopping)
	l.work, l.finish = context.WithCancel(context.Background())
	l.http = &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.serve(l, w, r) //nolint:contextcheck // what a fault lets happen happens though the caller leaves
		}),
		ErrorLog:          log.New(io.Discard, "", 0),
		ReadHeaderTimeout: time.Minute,
		ConnState:         l.countConn,
	}
	s.mu.Lock()
	s.listener, s.host = l, s.newHost(l)
	s.mu.Unlock()
	go func() {
		defer close(l.served)
		_ = l.http.Serve(ln)
	}()
}

// stopListener ends the shift at hand, if that is not done yet. The caller has the turn.
func (s *Server) stopListener() error {
	s.mu.Lock()
	l, h := s.listener, s.host
	done := l.ended
	l.ended = true
	s.mu.Unlock()
	if done {
		return nil
	}

	_ = l.listener.Close()
	<-l.served // from here on there are no new connections
	h.hangUp()
	l.http.SetKeepAlivesEnabled(false)
	l.handlers.wait(patience)
	l.stop()
	_ = l.http.Close()
	l.finish() // after their connections: a tool that ends because it must has nobody to answer
	left := l.handlers.wait(grace) + h.close(grace) + l.conns.wait(grace)
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
	left := s.stopListener()
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
	s.startListener(ln)
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
func (l *listener) countConn(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		l.conns.enter()
	case http.StateHijacked, http.StateClosed:
		l.conns.leave()
	case http.StateActive, http.StateIdle:
	}
}

// pause lets the time of a fault pass. It reports false if the shift ends first.
func (l *listener) pause(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.stopping.Done():
		return false
	}
}
