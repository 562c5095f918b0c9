package client_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/tlstest"
)

// tlsOK answers every request with one thing.
var tlsOK = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	_, _ = io.WriteString(w, connOK)
})

// tlsSilent drops what net/http logs about refused handshakes.
func tlsSilent() *log.Logger { return log.New(io.Discard, "", 0) }

// tlsClient trusts roots and keeps the default retry policy.
func tlsClient(t *testing.T, base string, roots *x509.CertPool) *client.Client {
	t.Helper()
	transport := connTransport(t)
	transport.TLSClientConfig.RootCAs = roots
	return connClient(t, base, client.WithTransport(transport), client.WithRetry(client.RetryPolicy{}))
}

func TestTenTLSServersNineRefused(t *testing.T) {
	servers, roots := tlstest.Start(t, tlsOK)
	require.Len(t, servers, 10)
	texts := make(map[string]bool)
	for _, server := range servers {
		for _, op := range []*client.Operation{&connGet, &connPut, &connPost} {
			t.Run(server.Name+"/"+op.ID, func(t *testing.T) {
				connections, requests := server.Connections.Load(), server.Requests.Load()
				var answer client.Response
				_, err := connDo(t.Context(), tlsClient(t, server.URL, roots), op, client.WithResponse(&answer))
				assert.Equal(t, 1, answer.Attempts)
				assert.EqualValues(t, 1, server.Connections.Load()-connections)
				if server.Want == "" {
					require.NoError(t, err)
					assert.EqualValues(t, 1, server.Requests.Load()-requests)
					return
				}
				var broken *client.TransportError
				require.ErrorAs(t, err, &broken)
				assert.Equal(t, server.URL, broken.Origin)
				assert.Empty(t, broken.Proxy)
				assert.EqualError(t, err, fmt.Sprintf("interchange: %s (%s /api/v2/things): %s (%s)",
					op.ID, broken.Method, server.Want, server.URL))
				require.NotErrorIs(t, err, client.ErrOutcomeUnknown, "the server processed nothing")
				assert.Zero(t, server.Requests.Load()-requests)
			})
		}
		texts[server.Want] = true
	}
	assert.Len(t, texts, 10, "each failure has a text of its own")
}

// The alerts of a TLS server, sent instead of its part of the handshake.
func TestEveryTLSAlertIsTriedOnce(t *testing.T) {
	texts := map[byte]string{
		40: "requires a client certificate", 42: "client certificate", 43: "its kind is not supported", 44: "is revoked",
		45: "it has expired", 46: "refused the client certificate", 48: "unknown authority", 49: "denied access",
		70: "no TLS version", 71: "stronger ciphers", 80: "internal error", 86: "no TLS version", 90: "user canceled",
		112: "does not serve this host name", 116: "requires a client certificate", 120: "application protocol",
		255: "alert(255)",
	}
	for code := 1; code < 256; code++ {
		var connections atomic.Int64
		addr := connListen(t, func(_ int, conn net.Conn) {
			connections.Add(1)
			header := make([]byte, 5)
			if _, err := io.ReadFull(conn, header); err != nil {
				return
			}
			hello := make([]byte, int(header[3])<<8|int(header[4]))
			if _, err := io.ReadFull(conn, hello); err != nil {
				return
			}
			_, _ = conn.Write([]byte{21, 3, 3, 0, 2, 2, byte(code)})
		})
		op := []*client.Operation{&connGet, &connPut, &connPost}[code%3]
		_, err := connDo(t.Context(), tlsClient(t, "https://"+addr, nil), op)
		require.EqualValues(t, 1, connections.Load(), "alert %d: %v", code, err)
		require.ErrorContains(t, err, "https://"+addr)
		require.ErrorContains(t, err, texts[byte(code)])
		require.NotErrorIs(t, err, client.ErrOutcomeUnknown, "alert %d", code)
	}
}

// A server that requires a client certificate rejects it after the client has sent its request, in TLS 1.3.
func TestPostWithRefusedClientCertificateWasNotSent(t *testing.T) {
	for _, protocols := range [][]string{{"http/1.1"}, {"h2", "http/1.1"}} {
		t.Run(protocols[0], func(t *testing.T) {
			certified := httptest.NewUnstartedServer(nil)
			certified.StartTLS()
			defer certified.Close()
			config := &tls.Config{
				MinVersion: tls.VersionTLS13, NextProtos: protocols, ClientAuth: tls.RequireAnyClientCert,
				Certificates:          certified.TLS.Certificates,
				VerifyPeerCertificate: func([][]byte, [][]*x509.Certificate) error { return errors.New("revoked") },
			}
			addr := connListen(t, func(_ int, conn net.Conn) {
				assert.ErrorContains(t, tls.Server(conn, config).HandshakeContext(context.Background()), "revoked")
				_, _ = io.Copy(io.Discard, conn) // closing at once would reset the connection, and the alert could be lost
			})
			transport := connTransport(t)
			transport.TLSClientConfig.RootCAs = certified.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
			transport.TLSClientConfig.Certificates = certified.TLS.Certificates
			dials := connDials(transport)
			c := connClient(t, "https://"+addr, client.WithTransport(transport))
			for range 20 {
				before := dials.Load()
				var answer client.Response
				_, err := connDo(t.Context(), c, &connPost, client.WithResponse(&answer))
				require.Error(t, err)
				require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
				if protocols[0] == "h2" { // net/http hides an alert that comes before the request was written
					continue
				}
				require.ErrorContains(t, err, "the server refused the client certificate, or requires one (https://"+addr+")")
				require.Equal(t, 1, answer.Attempts)
				require.EqualValues(t, 1, dials.Load()-before)
			}
		})
	}
}

// While a long body is being written net/http reports the failure to write it, not the alert that caused it.
func TestLongPostWithoutClientCertificateWasNotSent(t *testing.T) {
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	defer certified.Close()
	config := &tls.Config{
		MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert, Certificates: certified.TLS.Certificates,
	}
	var connections atomic.Int64
	addr := connListen(t, func(_ int, conn net.Conn) {
		connections.Add(1)
		assert.ErrorContains(t, tls.Server(conn, config).HandshakeContext(context.Background()), "certificate")
		_, _ = io.Copy(io.Discard, conn) // a reset could reach the client before the alert is read
	})
	roots := certified.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	for _, size := range []int{10, 5_000, 100_000, 10_000_000} {
		for range 10 {
			before := connections.Load()
			req := client.Request{Body: map[string]string{"name": strings.Repeat("x", size)}}
			_, err := client.Call[connThing](t.Context(), tlsClient(t, "https://"+addr, roots), &connPost, req)
			require.ErrorContains(t, err, "the server requires a client certificate (https://"+addr+")", "%d bytes", size)
			require.NotErrorIs(t, err, client.ErrOutcomeUnknown, "%d bytes", size)
			require.EqualValues(t, 1, connections.Load()-before)
		}
	}
}

// tlsGarbled is a server's connection whose input is damaged from some moment on, so that the server sends an alert.
type tlsGarbled struct {
	net.Conn
	damaged bool
}

func (c *tlsGarbled) Read(p []byte) (int, error) {
	if !c.damaged {
		return c.Conn.Read(p)
	}
	return copy(p, append([]byte{23, 3, 3, 0, 32}, make([]byte, 32)...)), nil
}

// An alert on a connection that has served requests does not prove that the last one was not processed.
func TestPostWithAlertOnUsedConnectionIsUnknown(t *testing.T) {
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	defer certified.Close()
	var requests atomic.Int64
	addr := connListen(t, func(_ int, conn net.Conn) {
		input := &tlsGarbled{Conn: conn}
		secure := tls.Server(input, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: certified.TLS.Certificates})
		in := bufio.NewReader(secure)
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, r.Body)
			if input.damaged = requests.Add(1) == 2; input.damaged {
				_, err := secure.Read(make([]byte, 1))
				assert.ErrorContains(t, err, "bad record MAC")
				_, _ = io.Copy(io.Discard, conn)
				return
			}
			_, _ = fmt.Fprintf(secure, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(connOK), connOK)
		}
	})
	c := tlsClient(t, "https://"+addr, certified.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs)
	_, err := connDo(t.Context(), c, &connPost)
	require.NoError(t, err)
	_, err = connDo(t.Context(), c, &connPost)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	require.ErrorContains(t, err, "the server ended the TLS connection: bad record MAC (https://"+addr+")")
	assert.EqualValues(t, 2, requests.Load())
	c.CloseIdleConnections()
}

// A check of the caller's own, such as a pinned key, decides as finally as the certificate does.
func TestFailedVerificationHookIsTriedOnce(t *testing.T) {
	for name, set := range map[string]func(*tls.Config, error){
		"VerifyConnection": func(c *tls.Config, err error) {
			c.VerifyConnection = func(tls.ConnectionState) error { return err }
		},
		"VerifyPeerCertificate": func(c *tls.Config, err error) {
			c.VerifyPeerCertificate = func([][]byte, [][]*x509.Certificate) error { return err }
		},
	} {
		for _, op := range []*client.Operation{&connGet, &connPost} {
			t.Run(name+"/"+op.ID, func(t *testing.T) {
				server := httptest.NewUnstartedServer(tlsOK)
				server.Config.ErrorLog = tlsSilent()
				server.StartTLS()
				defer server.Close()
				transport := connTransport(t)
				transport.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
				pin := errors.New("the key is not the pinned one")
				set(transport.TLSClientConfig, pin)
				dials := connDials(transport)
				_, err := connDo(t.Context(), connClient(t, server.URL, client.WithTransport(transport)), op)
				require.ErrorIs(t, err, pin)
				want := "the TLS handshake with the server failed: the key is not the pinned one (" + server.URL + ")"
				require.ErrorContains(t, err, want)
				require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
				assert.EqualValues(t, 1, dials.Load())
			})
		}
	}
}

// A transport that does not support httptrace: what crypto/tls reports is all there is.
func TestTLSFailureOfOpaqueTransportIsTriedOnce(t *testing.T) {
	alert := func(code uint8) error {
		return fmt.Errorf("sidecar: %w", &net.OpError{Op: "remote error", Err: tls.AlertError(code)})
	}
	for name, tt := range map[string]struct {
		err     error
		unknown bool // whether a POST may have been processed
	}{
		"certificate required": {alert(116), false},
		"bad certificate":      {alert(42), true},
		"internal error":       {alert(80), true},
		"not trusted":          {&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, false},
		"not TLS":              {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, false},
		"version":              {errors.New("tls: server selected unsupported protocol version 301"), true},
	} {
		for _, op := range []*client.Operation{&connGet, &connPost} {
			t.Run(name+"/"+op.ID, func(t *testing.T) {
				attempts := 0
				c := connMemory(t, func(*http.Request) (*http.Response, error) {
					attempts++
					return nil, tt.err
				})
				_, err := connDo(t.Context(), c, op)
				require.Error(t, err)
				assert.Equal(t, 1, attempts)
				assert.Equal(t, tt.unknown && op == &connPost, errors.Is(err, client.ErrOutcomeUnknown))
			})
		}
	}
}

func TestTransportErrorOfAnotherPackageIsDescribed(t *testing.T) {
	c := connClient(t, "https://platform.test")
	unknown := &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}
	for want, cause := range map[string]error{
		"the server's certificate is not trusted: it is signed by an unknown authority" +
			" (https://platform.test:443)": &url.Error{Op: "Post", URL: "https://platform.test/?q=canary", Err: unknown},
		"the server requires a client certificate (https://platform.test:443)": fmt.Errorf("sidecar: %w",
			&net.OpError{Op: "remote error", Err: tls.AlertError(116)}),
		"the connection ended before the answer did": io.ErrUnexpectedEOF,
	} {
		err := c.NewTransportError(&connPost, cause)
		require.EqualError(t, err,
			"interchange: makeThing (POST /api/v2/things): "+want+"; it is unknown whether the write took effect")
		require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	}
}

// What breaks a connection may pass: it is no failure of TLS, whatever layer reports it.
func TestBrokenHandshakeIsRetried(t *testing.T) {
	for name, hangUp := range map[string]func(net.Conn){
		"closed": func(net.Conn) {},
		"reset":  connReset,
	} {
		t.Run(name, func(t *testing.T) {
			var connections atomic.Int64
			addr := connListen(t, func(_ int, conn net.Conn) {
				connections.Add(1)
				_, _ = conn.Read(make([]byte, 16))
				hangUp(conn)
			})
			_, err := connDo(t.Context(), connClient(t, "https://"+addr), &connPost)
			require.Error(t, err)
			require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
			assert.EqualValues(t, connPolicy.MaxAttempts, connections.Load())
		})
	}
}

func TestCallerEndingHandshakeGetsContextError(t *testing.T) {
	began := make(chan struct{})
	addr := connListen(t, func(_ int, conn net.Conn) {
		_, _ = conn.Read(make([]byte, 16))
		close(began)
		_, _ = io.Copy(io.Discard, conn)
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-began
		cancel()
	}()
	_, err := connDo(ctx, connClient(t, "https://"+addr), &connGet)
	require.ErrorIs(t, err, context.Canceled)
	assert.False(t, strings.Contains(err.Error(), "TLS"))
}
