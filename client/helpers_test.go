package client_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// connSecret is the credential of the connection tests: of the documented form, and recognisable wherever it leaks.
const connSecret = "scope3_ak_TESTID_secret"

// connPolicy makes three attempts with no delay to speak of.
var connPolicy = client.RetryPolicy{MaxAttempts: 3, BaseDelay: time.Microsecond, MaxBackoff: time.Microsecond}

// One operation of each effect.
var (
	connGet    = client.Operation{ID: "getThing", Mount: client.MountShared, Path: "/things"}
	connPut    = client.Operation{ID: "putThing", Method: http.MethodPut, Mount: client.MountShared, Path: "/things"}
	connDelete = client.Operation{ID: "deleteThing", Method: http.MethodDelete, Mount: client.MountShared, Path: "/things"}
	connPost   = client.Operation{ID: "makeThing", Method: http.MethodPost, Mount: client.MountShared, Path: "/things"}
)

// connThing is the result in the responses of the test servers.
type connThing struct {
	ID string `json:"id"`
}

const connOK = `{"data":{"id":"7"},"error":null}`

func connToken(t testing.TB, text string) client.Token {
	t.Helper()
	token, err := client.ParseToken(text)
	require.NoError(t, err)
	return token
}

// connTransport is the package's own transport, for one test alone.
func connTransport(t testing.TB) *http.Transport {
	t.Helper()
	transport := client.NewTransport()
	transport.Proxy = nil
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// connClient talks to base; opts win over its defaults.
func connClient(t testing.TB, base string, opts ...client.Option) *client.Client {
	t.Helper()
	c, err := client.New(append([]client.Option{
		client.WithEnvironment(client.BaseURL(base)),
		client.WithToken(connToken(t, connSecret)),
		client.WithTransport(connTransport(t)),
		client.WithRetry(connPolicy),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// connRoundTrip is a network in memory, for the tests whose time is faked.
type connRoundTrip func(*http.Request) (*http.Response, error)

func (f connRoundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	return f(r)
}

// connMemory talks to rt and keeps the default retry policy. With a nil rt the test fails if anything is sent.
func connMemory(t testing.TB, rt connRoundTrip, opts ...client.Option) *client.Client {
	t.Helper()
	if rt == nil {
		rt = func(*http.Request) (*http.Response, error) {
			t.Error("a request was sent")
			return nil, errors.New("unexpected request")
		}
	}
	c, err := client.New(append([]client.Option{
		client.WithEnvironment(client.BaseURL("http://127.0.0.1:1")),
		client.WithToken(connToken(t, connSecret)),
		client.WithTransport(rt),
	}, opts...)...)
	require.NoError(t, err)
	return c
}

// connAnswer is an answer of that network; header holds names and values in turn.
func connAnswer(r *http.Request, status int, body string, header ...string) *http.Response {
	h := make(http.Header)
	for i := 0; i < len(header); i += 2 {
		h.Add(header[i], header[i+1])
	}
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}
}

// connDo makes one call of op, with a body where it is a write.
func connDo(ctx context.Context, c *client.Client, op *client.Operation, opts ...client.CallOption) (connThing, error) {
	req := client.Request{}
	if op.Method == http.MethodPost || op.Method == http.MethodPut {
		req.Body = map[string]string{"name": "one"}
	}
	return client.Call[connThing](ctx, c, op, req, opts...)
}

// connDials counts the connections a transport asks for.
func connDials(transport *http.Transport) *atomic.Int64 {
	var dials atomic.Int64
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		dials.Add(1)
		return dial(ctx, network, addr)
	}
	return &dials
}

// connClosedPort is an address where nobody listens.
func connClosedPort(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

// connListen runs serve for every connection to a listener of its own, numbered from 1, and waits for all to end.
func connListen(t testing.TB, serve func(n int, conn net.Conn)) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var serving []chan struct{}
		for n := 1; ; n++ {
			conn, err := l.Accept()
			if err != nil {
				break
			}
			done := make(chan struct{})
			serving = append(serving, done)
			go func() {
				defer close(done)
				defer conn.Close()
				serve(n, conn)
			}()
		}
		for _, done := range serving {
			<-done
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-ended
	})
	return l.Addr().String()
}

// connReset makes closing a connection a reset instead of an orderly end.
func connReset(conn net.Conn) {
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

// connPipes is a network of pipes for tests with faked time, where real sockets would keep the clock from moving:
// net/http at both ends, nothing but memory between.
type connPipes struct {
	accept chan net.Conn
	closed chan struct{}
}

func (p *connPipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.accept:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *connPipes) Close() error {
	close(p.closed)
	return nil
}

func (p *connPipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p *connPipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.accept <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// connPiped is a client of handler over such a network. It is for use within one bubble.
func connPiped(t testing.TB, handler http.HandlerFunc, opts ...client.Option) *client.Client {
	t.Helper()
	pipes := &connPipes{accept: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Hour}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(pipes)
	}()
	transport := connTransport(t)
	transport.DialContext = pipes.dial
	t.Cleanup(func() {
		_ = server.Close()
		<-served
	})
	return connClient(t, "http://127.0.0.1:1", append([]client.Option{client.WithTransport(transport)}, opts...)...)
}
