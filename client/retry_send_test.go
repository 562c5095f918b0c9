package client_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// sendEffects serves requests on one connection until lost says that the answer to the n-th is not to arrive. It
// counts what it received, like a platform.
func sendEffects(effects *atomic.Int64, lost func(n int64) bool, closeAfter bool) func(int, net.Conn) {
	return func(_ int, conn net.Conn) {
		in := bufio.NewReader(conn)
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			if n, err := io.Copy(io.Discard, r.Body); err != nil || n != max(r.ContentLength, 0) {
				return
			}
			if lost(effects.Add(1)) {
				return
			}
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(connOK), connOK)
			if closeAfter {
				return
			}
		}
	}
}

// TestSendStaleConnection: a kept-alive connection takes a request and dies. net/http itself repeats what it takes
// for idempotent there, by method and by header; so neither can be had with an effect.
func TestSendStaleConnection(t *testing.T) {
	var effects atomic.Int64
	addr := connListen(t, sendEffects(&effects, func(n int64) bool { return n == 2 }, false))
	transport := connTransport(t)
	dials := connDials(transport)
	c := connClient(t, "http://"+addr, client.WithTransport(transport))
	_, err := connDo(t.Context(), c, &connPost)
	require.NoError(t, err)

	_, err = connDo(t.Context(), c, &connPost)
	assert.EqualValues(t, 2, effects.Load(), "one effect for each of two calls")
	assert.EqualValues(t, 1, dials.Load())
	var broken *client.TransportError
	require.ErrorAs(t, err, &broken)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Equal(t, 1, broken.Attempts)

	for _, name := range []string{"Idempotency-Key", "x-idempotency-key"} {
		_, err = connDo(t.Context(), c, &connPost, client.WithHeader(name, "k-1"))
		require.ErrorIs(t, err, client.ErrInvalidParams, name)
	}
	for _, method := range []string{"", http.MethodGet, http.MethodHead, http.MethodOptions} {
		for _, effect := range []client.Effect{client.EffectIdempotent, client.EffectOnce} {
			op := client.Operation{Method: method, Mount: client.MountShared, Path: "/things", Effect: effect}
			_, err = connDo(t.Context(), c, &op)
			require.ErrorIs(t, err, client.ErrInvalidParams, method)
		}
	}
	assert.EqualValues(t, 2, effects.Load())
	c.CloseIdleConnections()
}

// TestSendStaleThenRefused: an idempotent write that was taken by a dying connection may have been done, even if no
// connection comes about from then on.
func TestSendStaleThenRefused(t *testing.T) {
	var effects, dials atomic.Int64
	addr := connListen(t, sendEffects(&effects, func(n int64) bool { return n == 2 }, false))
	closed := connClosedPort(t)
	transport := connTransport(t)
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if dials.Add(1) > 1 {
			addr = closed
		}
		return dial(ctx, network, addr)
	}
	c := connClient(t, "http://"+addr, client.WithTransport(transport))
	_, err := connDo(t.Context(), c, &connPut)
	require.NoError(t, err)
	_, err = connDo(t.Context(), c, &connPut)
	var broken *client.TransportError
	require.ErrorAs(t, err, &broken)
	assert.Equal(t, connPolicy.MaxAttempts, broken.Attempts)
	assert.EqualValues(t, connPolicy.MaxAttempts, dials.Load(), "one connection, and one dial for each repetition")
	assert.EqualValues(t, 2, effects.Load())
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
}

// TestSendRaceWithClose: the server closes each connection right after its answer, while the next POST is on its
// way. Whether the POST then arrives is a race; that it arrives once, and that its error says what is known, is not.
func TestSendRaceWithClose(t *testing.T) {
	var effects atomic.Int64
	addr := connListen(t, sendEffects(&effects, func(int64) bool { return false }, true))
	c := connClient(t, "http://"+addr)
	for i := range 200 {
		before := effects.Load()
		_, err := connDo(t.Context(), c, &connPost)
		done := effects.Load() - before
		if err == nil {
			require.EqualValues(t, 1, done, "call %d", i)
			continue
		}
		require.LessOrEqual(t, done, int64(1), "call %d", i)
		require.ErrorIs(t, err, client.ErrOutcomeUnknown, "call %d", i)
	}
}

// sendNoted notes that something was written to a connection.
type sendNoted struct {
	net.Conn
	once  sync.Once
	wrote func()
}

func (c *sendNoted) Write(p []byte) (int, error) {
	c.once.Do(c.wrote)
	return c.Conn.Write(p)
}

// TestSendNeverRead: a server that accepts and hangs up without reading has done nothing, but once bytes are on
// their way that cannot be known from here.
func TestSendNeverRead(t *testing.T) {
	written := make(chan struct{}, 8)
	addr := connListen(t, func(_ int, conn net.Conn) {
		<-written
		connReset(conn)
	})
	transport := connTransport(t)
	dial := transport.DialContext
	var dials atomic.Int64
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		dials.Add(1)
		conn, err := dial(ctx, network, addr)
		return &sendNoted{Conn: conn, wrote: func() { written <- struct{}{} }}, err
	}
	_, err := connDo(t.Context(), connClient(t, "http://"+addr, client.WithTransport(transport)), &connPost)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.EqualValues(t, 1, dials.Load())
}

// TestSendResetAtOnce: a reset that races with the first byte. The POST is repeated only while no byte went out,
// and where one did, the error says so.
func TestSendResetAtOnce(t *testing.T) {
	addr := connListen(t, func(_ int, conn net.Conn) { connReset(conn) })
	for range 100 {
		var written atomic.Int64
		transport := connTransport(t)
		dial := transport.DialContext
		transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return &sendNoted{Conn: conn, wrote: func() { written.Add(1) }}, nil
		}
		_, err := connDo(t.Context(), connClient(t, "http://"+addr, client.WithTransport(transport)), &connPost)
		require.Error(t, err)
		require.LessOrEqual(t, written.Load(), int64(1))
		if written.Load() == 1 {
			require.ErrorIs(t, err, client.ErrOutcomeUnknown)
		}
	}
}

// sendCounted is a connection that counts the bytes which arrive.
type sendCounted struct {
	net.Conn
	received *atomic.Int64
}

func (c sendCounted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received.Add(int64(n))
	return n, err
}

// TestSendAfterRefusedDial: a POST whose connection was refused is repeated, and arrives once, byte for byte.
func TestSendAfterRefusedDial(t *testing.T) {
	var received, effects atomic.Int64
	serve := sendEffects(&effects, func(int64) bool { return false }, true)
	addr := connListen(t, func(n int, conn net.Conn) { serve(n, sendCounted{conn, &received}) })
	closed := connClosedPort(t)
	transport := connTransport(t)
	dial := transport.DialContext
	var dials, sentBefore atomic.Int64
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		if dials.Add(1) < 3 {
			return dial(ctx, network, closed)
		}
		sentBefore.Store(received.Load())
		return dial(ctx, network, addr)
	}
	var answer client.Response
	_, err := connDo(t.Context(), connClient(t, "http://"+addr, client.WithTransport(transport)), &connPost,
		client.WithResponse(&answer))
	require.NoError(t, err)
	assert.Equal(t, 3, answer.Attempts)
	assert.Zero(t, sentBefore.Load())
	assert.Positive(t, received.Load())
	assert.EqualValues(t, 1, effects.Load())
}

// TestSendAfterCutHandshake: the same when TLS fails, counted as bytes of HTTP that came out of it.
func TestSendAfterCutHandshake(t *testing.T) {
	var received, effects, handshakes atomic.Int64
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	defer certified.Close()
	serve := sendEffects(&effects, func(int64) bool { return false }, true)
	addr := connListen(t, func(n int, conn net.Conn) {
		handshakes.Add(1)
		if n < 3 {
			_, _ = conn.Read(make([]byte, 32))
			return
		}
		secure := tls.Server(conn, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: certified.TLS.Certificates})
		serve(n, sendCounted{secure, &received})
	})
	transport := connTransport(t)
	transport.TLSClientConfig.RootCAs = certified.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	var answer client.Response
	_, err := connDo(t.Context(), connClient(t, "https://"+addr, client.WithTransport(transport)), &connPost,
		client.WithResponse(&answer))
	require.NoError(t, err)
	assert.Equal(t, 3, answer.Attempts)
	assert.EqualValues(t, 3, handshakes.Load())
	assert.EqualValues(t, 1, effects.Load())
	assert.Positive(t, received.Load())
}

// TestSendAfterLostConnection: net/http redials by itself when a kept connection died before a byte of the request
// went out. If that dial then fails, what happened before is settled: nothing was sent.
func TestSendAfterLostConnection(t *testing.T) {
	var effects atomic.Int64
	addr := connListen(t, sendEffects(&effects, func(int64) bool { return false }, false))
	transport := connTransport(t)
	dial := transport.DialContext
	var dials atomic.Int64
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		switch dials.Add(1) {
		case 1:
			conn, err := dial(ctx, network, addr)
			return &sendDeaf{Conn: conn}, err
		case 2:
			return nil, errors.New("no route to the mesh") // not of package net, so it is not known to be from a dial
		default:
			return dial(ctx, network, addr)
		}
	}
	c := connClient(t, "http://"+addr, client.WithTransport(transport))
	_, err := connDo(t.Context(), c, &connPost)
	require.NoError(t, err)
	var answer client.Response
	_, err = connDo(t.Context(), c, &connPost, client.WithResponse(&answer))
	require.NoError(t, err)
	assert.Equal(t, 2, answer.Attempts)
	assert.EqualValues(t, 3, dials.Load())
	assert.EqualValues(t, 2, effects.Load(), "one effect for each of two calls")
	c.CloseIdleConnections()
}

// TestSendUnreported: a transport that does not tell how far it came is taken to have sent what it was given.
func TestSendUnreported(t *testing.T) {
	attempts := 0
	c := connMemory(t, func(*http.Request) (*http.Response, error) {
		attempts++
		return nil, errors.New("no route to the mesh")
	}, client.WithRetry(connPolicy))
	_, err := connDo(t.Context(), c, &connPost)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Equal(t, 1, attempts)
}

// sendDeaf is a connection that takes one request and refuses to write another, as a peer's reset does.
type sendDeaf struct {
	net.Conn
	writes atomic.Int64
}

func (c *sendDeaf) Write(p []byte) (int, error) {
	if c.writes.Add(1) > 1 {
		_ = c.Conn.Close()
		return 0, &net.OpError{Op: "write", Err: net.ErrClosed}
	}
	return c.Conn.Write(p)
}

// TestSendSameBody: what is repeated is the same, byte for byte.
func TestSendSameBody(t *testing.T) {
	for _, size := range []int{0, 1, 4 << 10, 1 << 20} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			var mu sync.Mutex
			var bodies, types []string
			var lengths []int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				mu.Lock()
				bodies, types, lengths = append(bodies, string(body)), append(types, r.Header.Get("Content-Type")), append(lengths,
					r.ContentLength)
				n := len(bodies)
				mu.Unlock()
				switch n {
				case 1:
					w.WriteHeader(http.StatusServiceUnavailable)
				case 2:
					http.Redirect(w, r, "/api/v2/moved", http.StatusTemporaryRedirect)
				case 3:
					connReset(retryHijack(w))
				default:
					_, _ = io.WriteString(w, connOK)
				}
			}))
			defer server.Close()
			name := strings.Repeat("é", size/2)
			_, err := client.Call[connThing](t.Context(), connClient(t, server.URL), &connPut,
				client.Request{Body: map[string]string{"name": name}})
			require.NoError(t, err)
			require.Len(t, bodies, 4)
			for i, body := range bodies {
				assert.True(t, body == `{"name":"`+name+`"}`, "body %d", i+1)
				assert.Equal(t, "application/json", types[i])
				assert.EqualValues(t, len(body), lengths[i])
			}
		})
	}
}
