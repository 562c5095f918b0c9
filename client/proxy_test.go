package client_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// proxyPlatform is a host that must never be reached but through the proxy.
const proxyPlatform = "https://platform.test"

// proxyTransport goes through a proxy, with credentials that must not show up anywhere.
func proxyTransport(t *testing.T, scheme, addr string) *http.Transport {
	t.Helper()
	transport := connTransport(t)
	user := url.UserPassword("canary-user", "canary-password")
	transport.Proxy = http.ProxyURL(&url.URL{Scheme: scheme, Host: addr, User: user})
	return transport
}

// proxyListen answers each CONNECT with respond, and counts them.
func proxyListen(t *testing.T, connects *atomic.Int64, respond func(conn net.Conn, r *http.Request)) string {
	t.Helper()
	return connListen(t, func(_ int, conn net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			return
		}
		connects.Add(1)
		assert.Equal(t, http.MethodConnect, r.Method)
		assert.Equal(t, "Basic "+base64.StdEncoding.EncodeToString([]byte("canary-user:canary-password")),
			r.Header.Get("Proxy-Authorization"))
		respond(conn, r)
	})
}

func proxyCheckHidden(t *testing.T, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		assert.NotContains(t, fmt.Sprintf("%v %+v %q", err, err, err), "canary")
	}
}

// TestProxyRefusalIsNoAPIResponse: what a proxy answers to CONNECT concerns the proxy, and a 4xx is final.
func TestProxyRefusalIsNoAPIResponse(t *testing.T) {
	const all = 3 // attempts, by connPolicy
	for status, attempts := range map[int]int64{
		300: 1, 302: 1, 400: 1, 401: 1, 403: 1, 404: 1, 405: 1, 407: 1, 408: 1, 429: 1, 451: 1, 499: 1,
		500: all, 502: all, 503: all, 504: all,
	} {
		for _, hook := range []bool{true, false} {
			for _, op := range []*client.Operation{&connGet, &connPut, &connPost} {
				t.Run(fmt.Sprint(status, " hook ", hook, " ", op.ID), func(t *testing.T) {
					if !hook && http.StatusText(status) == "" {
						t.Skip("net/http reports the reason phrase alone")
					}
					var connects atomic.Int64
					addr := proxyListen(t, &connects, func(conn net.Conn, _ *http.Request) {
						_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nRetry-After: 1\r\n"+
							"X-Request-Id: canary\r\nContent-Length: %d\r\n\r\n%s", status, http.StatusText(status), len(connOK), connOK)
					})
					transport := proxyTransport(t, "http", addr)
					if !hook { // as a transport of the caller's own
						transport.OnProxyConnectResponse = nil
					}
					var answer client.Response
					c := connClient(t, proxyPlatform, client.WithTransport(transport))
					_, err := connDo(t.Context(), c, op, client.WithResponse(&answer))
					var broken *client.TransportError
					require.ErrorAs(t, err, &broken)
					var api *client.APIError
					require.NotErrorAs(t, err, &api)
					require.NotErrorIs(t, err, client.ErrForbidden)
					require.NotErrorIs(t, err, client.ErrOutcomeUnknown, "the platform was never reached")
					assert.EqualValues(t, attempts, connects.Load())
					assert.EqualValues(t, attempts, answer.Attempts)
					assert.Zero(t, answer.StatusCode)
					assert.Equal(t, "http://"+addr, broken.Proxy)
					require.ErrorContains(t, err, fmt.Sprintf("the proxy http://%s refused the connection: %d", addr, status))
					assert.NotContains(t, err.Error(), "platform.test", "it is not the platform that failed")
					proxyCheckHidden(t, err)
				})
			}
		}
	}
}

func TestUnreachableProxyIsNamed(t *testing.T) {
	closed := connClosedPort(t)
	for name, tt := range map[string]struct{ scheme, addr, want string }{
		"closed port":        {"http", closed, "cannot connect to the proxy http://" + closed + ": connection refused"},
		"closed port, TLS":   {"https", closed, "cannot connect to the proxy https://" + closed + ": connection refused"},
		"closed port, SOCKS": {"socks5", closed, "cannot connect to the proxy socks5://" + closed + ": connection refused"},
		"unknown host": {
			"http", "proxy.invalid:3128", "the host name of the proxy http://proxy.invalid:3128 cannot be resolved",
		},
	} {
		t.Run(name, func(t *testing.T) {
			transport := proxyTransport(t, tt.scheme, tt.addr)
			if name == "unknown host" { // as a resolver would report it, without a query that leaves this machine
				transport.DialContext = func(_ context.Context, network, addr string) (net.Conn, error) {
					assert.Equal(t, tt.addr, addr)
					unknown := &net.DNSError{Err: "no such host", Name: "proxy.invalid", IsNotFound: true}
					return nil, &net.OpError{Op: "dial", Net: network, Err: unknown}
				}
			}
			_, err := connDo(t.Context(), connClient(t, proxyPlatform, client.WithTransport(transport)), &connPost)
			var broken *client.TransportError
			require.ErrorAs(t, err, &broken)
			assert.Equal(t, tt.scheme+"://"+tt.addr, broken.Proxy)
			assert.Equal(t, connPolicy.MaxAttempts, broken.Attempts, "it may be back in a moment")
			require.ErrorContains(t, err, tt.want)
			require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
			assert.NotContains(t, err.Error(), "platform.test")
			proxyCheckHidden(t, err)
		})
	}
}

// A transport of the caller's own around the one with the proxy: the proxy can be named from the error alone.
func TestUnreachableProxyBehindWrapperIsNamed(t *testing.T) {
	closed := connClosedPort(t)
	transport := proxyTransport(t, "http", closed)
	wrapped := connRoundTrip(transport.RoundTrip)
	_, err := connDo(t.Context(), connClient(t, proxyPlatform, client.WithTransport(wrapped)), &connGet)
	require.ErrorContains(t, err, "cannot connect to the proxy "+closed+": connection refused")
	assert.NotContains(t, err.Error(), "platform.test")
	proxyCheckHidden(t, err)
}

func TestProxyHangingUpIsNamed(t *testing.T) {
	var connects atomic.Int64
	addr := proxyListen(t, &connects, func(net.Conn, *http.Request) {})
	c := connClient(t, proxyPlatform, client.WithTransport(proxyTransport(t, "http", addr)))
	_, err := connDo(t.Context(), c, &connPost)
	require.ErrorContains(t, err, "the proxy http://"+addr+" closed the connection")
	require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.EqualValues(t, connPolicy.MaxAttempts, connects.Load())
	proxyCheckHidden(t, err)
}

func TestInvalidProxyAddressHidesPassword(t *testing.T) {
	transport := connTransport(t)
	calls := 0
	transport.Proxy = func(*http.Request) (*url.URL, error) {
		calls++
		return nil, errors.New(`invalid proxy address "http://canary-user:canary-password@%zz"`)
	}
	for name, rt := range map[string]http.RoundTripper{"plain": transport, "wrapped": connRoundTrip(transport.RoundTrip)} {
		t.Run(name, func(t *testing.T) {
			calls = 0
			var answer client.Response
			c := connClient(t, proxyPlatform, client.WithTransport(rt))
			_, err := connDo(t.Context(), c, &connGet, client.WithResponse(&answer))
			require.ErrorContains(t, err, "the proxy address is not valid")
			assert.Equal(t, 1, answer.Attempts)
			assert.Positive(t, calls)
			proxyCheckHidden(t, err)
		})
	}
}

// Behind a proxy the failures of the platform are still the platform's.
func TestTLSFailureBehindProxyNamesPlatform(t *testing.T) {
	platform := httptest.NewUnstartedServer(tlsOK)
	platform.Config.ErrorLog = tlsSilent()
	platform.StartTLS()
	defer platform.Close()
	var connects atomic.Int64
	addr := proxyListen(t, &connects, func(conn net.Conn, r *http.Request) {
		far, err := new(net.Dialer).DialContext(r.Context(), "tcp", platform.Listener.Addr().String())
		if !assert.NoError(t, err) {
			return
		}
		defer far.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = io.Copy(far, conn)
			_ = far.(*net.TCPConn).CloseWrite()
		}()
		_, _ = io.Copy(conn, far)
		_ = conn.(*net.TCPConn).CloseWrite()
		<-done
	})
	c := connClient(t, proxyPlatform, client.WithTransport(proxyTransport(t, "http", addr)))
	_, err := connDo(t.Context(), c, &connPost)
	var broken *client.TransportError
	require.ErrorAs(t, err, &broken)
	assert.Empty(t, broken.Proxy)
	require.ErrorContains(t, err, "the server's certificate is for another host ("+proxyPlatform+":443)")
	require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.EqualValues(t, 1, connects.Load())
	proxyCheckHidden(t, err)
}
