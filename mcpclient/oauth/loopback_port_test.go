package oauth

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// take occupies a port until the test ends, as another process would.
func take(t *testing.T, address string) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}

func TestChosenPortTaken(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	a := newAuthorizer(t, Config{OpenBrowser: browse})
	for round := range 2 { // after construction, and between two consents
		taken := a.hidden().own.receiver.url()
		take(t, a.hidden().own.receiver.address())
		status, err := f.send(t.Context(), a, "")
		require.NoError(t, err)
		assert.Equal(t, 200, status)
		// That the redirect URL was registered is checked by the fake, and that it was served by the browser.
		asked := f.consents[round]
		assert.NotEqual(t, taken, asked.Get("redirect_uri"))
		assert.Equal(t, []string{asked.Get("redirect_uri")}, f.clients[asked.Get("client_id")])
		assert.Regexp(t, `^http://127\.0\.0\.1:[1-9]\d*/callback$`, asked.Get("redirect_uri"))
		f.revoke(true)
	}
}

func TestGivenPortTaken(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	a := newAuthorizer(t, Config{OpenBrowser: browse, RedirectURL: "http://" + take(t, "127.0.0.1:0") + "/back"})
	_, err := f.send(t.Context(), a, "")
	require.EqualError(t, err, "interchange: OAuth: no consent: the port of the redirect URL cannot be listened on")
	var inUse *net.OpError
	require.ErrorAs(t, err, &inUse)
	assert.Empty(t, f.consents)
}

// The port is held from before the registration that names it, and given back when no redirect is waited for.
func TestPortIsHeld(t *testing.T) {
	t.Parallel()
	var (
		a    *Authorizer
		held error
	)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/register" {
			listener, err := new(net.ListenConfig).Listen(r.Context(), "tcp", a.hidden().own.receiver.address())
			if held = err; err == nil {
				_ = listener.Close()
			}
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	defer srv.Close()
	a = newAuthorizer(t, Config{OpenBrowser: browse})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/mcp", http.NoBody)
	require.NoError(t, err)
	_, err = a.Authorize(t.Context(), client.Anonymous(), &http.Response{
		Request:    req,
		StatusCode: http.StatusUnauthorized, Header: http.Header{}, Body: http.NoBody,
	})
	require.EqualError(t, err, "interchange: OAuth: no consent: the client could not be registered: 404")
	require.Error(t, held)
	take(t, a.hidden().own.receiver.address())
}

func TestAwaitBindsNothing(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	own := "http://" + take(t, "127.0.0.1:0") + "/host"
	await := func(_ context.Context, u string) (auth.AuthorizationResult, error) {
		asked, err := url.Parse(u)
		assert.NoError(t, err)
		assert.Equal(t, own, asked.Query().Get("redirect_uri"))
		return auth.AuthorizationResult{}, context.Canceled
	}
	a := newAuthorizer(t, Config{RedirectURL: own, Await: await})
	_, err := f.send(t.Context(), a, "")
	require.EqualError(t, err, "interchange: OAuth: no consent: the person could not be asked")
}
