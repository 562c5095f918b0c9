// Package netfailure describes failures of TLS and of proxies. It turns the errors of net/http and crypto/tls, most of
// which have no exported type, into a text without addresses and reports whether a retry can help.
package netfailure

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"syscall"

	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Error is a described failure. Its text is one line and quotes no data.
type Error struct {
	// Text describes the failure.
	Text string
	// Proxy is the proxy that failed, as scheme://host:port. It is empty if the failure is not a proxy's, or if its
	// address is unknown.
	Proxy string
	// ByProxy reports that the failure is a proxy's, so that the server was never reached.
	ByProxy bool
	// Final reports that another attempt would fail the same way.
	Final bool
	// NotSent reports that the server did not process the request.
	NotSent bool

	cause error
}

// Error returns the text.
func (e *Error) Error() string { return e.Text }

// Unwrap returns the error that was described.
func (e *Error) Unwrap() error { return e.cause }

// Format prints the text for every verb, as the cause may quote addresses.
func (e *Error) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Text) }

// Watch records the progress of an attempt. The zero Watch is ready to use. It records nothing if the transport does
// not support httptrace.
type Watch struct {
	asked     atomic.Bool // a connection was requested
	given     atomic.Bool // and there was one
	reused    atomic.Bool // which had served other requests
	handshake atomic.Pointer[handshakeError]
	alert     atomic.Pointer[func() error] // a func, as dumpers that use reflection would walk into a connection
}

type handshakeError struct{ err error }

// Asked records that the transport requests a connection, for the first time or again.
func (w *Watch) Asked() {
	w.asked.Store(true)
	w.given.Store(false)
	w.reused.Store(false)
	w.alert.Store(nil)
}

// Given records that the transport has a connection.
func (w *Watch) Given(info httptrace.GotConnInfo) {
	w.reused.Store(info.Reused)
	w.given.Store(true)
	w.alert.Store(nil)
	if conn, ok := info.Conn.(*tls.Conn); ok && !info.Reused {
		find := func() error { return alertOn(conn) }
		w.alert.Store(&find)
	}
}

// Answered records that a response has begun. From then on the connection may serve other requests.
func (w *Watch) Answered() { w.alert.Store(nil) }

// HandshakeDone records the error of a TLS handshake.
func (w *Watch) HandshakeDone(_ tls.ConnectionState, err error) {
	if err != nil {
		w.handshake.Store(&handshakeError{err})
	}
}

// WasAsked reports whether the transport requested a connection. A transport without httptrace never does.
func (w *Watch) WasAsked() bool { return w.asked.Load() }

// WasGiven reports whether the transport had a connection.
func (w *Watch) WasGiven() bool { return w.given.Load() }

// newConnection reports whether the attempt used no connection, or one that had served no other request.
func (w *Watch) newConnection() bool { return w.asked.Load() && !w.reused.Load() }

// Trace returns the hooks that report to w.
func (w *Watch) Trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { w.Asked() }, GotConn: w.Given, TLSHandshakeDone: w.HandshakeDone,
	}
}

// Reset clears w for another attempt.
func (w *Watch) Reset() {
	w.asked.Store(false)
	w.given.Store(false)
	w.reused.Store(false)
	w.handshake.Store(nil)
	w.alert.Store(nil)
}

// inHandshake reports whether err ended a TLS handshake. A dial that goes on in the background may report a handshake
// of its own, so the texts are compared: the errors themselves need not be comparable.
func (w *Watch) inHandshake(err error) bool {
	done := w.handshake.Load()
	return done != nil && done.err.Error() == err.Error()
}

// ProxyFunc returns the proxy of the request that failed, or nil if there is none or it is unknown.
type ProxyFunc func() (*url.URL, error)

// ProxyOf returns a ProxyFunc that asks rt for the proxy of req, if rt is an *http.Transport. See [Direct] for loopback
// hosts.
func ProxyOf(rt http.RoundTripper, req *http.Request) ProxyFunc {
	return func() (*url.URL, error) {
		transport, ok := rt.(*http.Transport)
		if !ok || transport.Proxy == nil || req == nil || check.Loopback(req.URL.Hostname()) {
			return nil, nil //nolint:nilnil // no proxy
		}
		return transport.Proxy(req)
	}
}

// Describe returns an *Error if err is a failure of TLS or of a proxy, and err itself if not. The text calls the server
// who. Neither w nor proxy may be nil.
func Describe(err error, who string, w *Watch, proxy ProxyFunc) error {
	err = withoutURL(err)
	var done *Error
	if err == nil || errors.As(err, &done) {
		return err
	}
	if find := w.alert.Load(); find != nil && brokenConnection(err) && !ended(err) {
		if alert := (*find)(); alert != nil {
			err = alert
		}
	}
	if failed := describeProxy(err, w, proxy); failed != nil {
		return failed
	}
	if failed := describeTLS(err, who, w); failed != nil {
		return failed
	}
	return err
}

// withoutURL drops net/http's wrapper, whose text is the URL with its query.
func withoutURL(err error) error {
	var wrapped *url.Error
	for errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return err
}

// brokenConnection reports whether err is about the connection itself, so that another connection may work.
func brokenConnection(err error) bool {
	var (
		network net.Error
		op      *net.OpError
		errno   syscall.Errno
	)
	if errors.As(err, &op) && (op.Op == opRemoteAlert || op.Op == opLocalAlert) {
		return false
	}
	return errors.As(err, &network) || errors.As(err, &errno) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || ended(err)
}

// ended reports whether a context ended.
func ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
