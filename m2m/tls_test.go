package m2m_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/tlstest"
	"github.com/interchange-sdk/interchange-go/m2m"
)

// fetchVia fetches one token through transport.
func fetchVia(t *testing.T, tokenURL string, transport *http.Transport) error {
	t.Helper()
	transport.DisableKeepAlives = true
	s, err := m2m.New(m2m.Config{
		ClientID: clientID, ClientSecret: m2m.NewSecret(clientSecret), TokenURL: tokenURL, Transport: transport,
	})
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Token(t.Context())
	if err != nil {
		checkHidden(t, "error", err.Error())
	}
	return err
}

func TestTenTLSServersNineRefused(t *testing.T) {
	servers, roots := tlstest.Start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer"}`, canaryToken)
	}))
	for _, server := range servers {
		t.Run(server.Name, func(t *testing.T) {
			transport := client.NewTransport()
			transport.Proxy = nil
			transport.TLSClientConfig.RootCAs = roots
			err := fetchVia(t, server.URL+"/oauth2/token", transport)
			assert.EqualValues(t, 1, server.Connections.Load())
			if server.Want == "" {
				require.NoError(t, err)
				return
			}
			var failed *m2m.Error
			require.ErrorAs(t, err, &failed)
			assert.Equal(t, 1, failed.Attempts)
			want := "interchange: m2m: no token: the token endpoint" + server.Want[len("the server"):] + " (" + server.URL + ")"
			require.EqualError(t, err, want)
			assert.Zero(t, server.Requests.Load(), "the secret was not sent")
		})
	}
}

func TestProxyRefusalIsTriedOnce(t *testing.T) {
	for status, attempts := range map[int]int{403: 1, 407: 1, 503: 4} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			var connects atomic.Int64
			addr := refuseConnect(t, status, &connects)
			transport := client.NewTransport()
			transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: addr, User: url.UserPassword("u", clientSecret)})
			err := fetchVia(t, "https://identity.test/token", transport)
			require.ErrorContains(t, err, fmt.Sprintf("the proxy http://%s refused the connection: %d", addr, status))
			assert.NotContains(t, err.Error(), "identity.test")
			assert.EqualValues(t, attempts, connects.Load())
		})
	}
}

// refuseConnect starts a proxy that responds to every CONNECT with the status.
func refuseConnect(t *testing.T, status int, connects *atomic.Int64) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				connects.Add(1)
				_, _ = io.WriteString(conn, fmt.Sprintf("HTTP/1.1 %d no\r\nContent-Length: 0\r\n\r\n", status))
			}
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return l.Addr().String()
}
