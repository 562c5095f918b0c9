package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/m2m"
)

func TestFailures(t *testing.T) {
	t.Parallel()
	own := errors.New("no display")
	for name, tt := range map[string]struct {
		open   func(context.Context, string) error
		set    func(*fakeServer)
		limit  time.Duration
		code   string
		text   string
		denied bool
		is     error
	}{
		"denied": {
			set: func(f *fakeServer) { f.deny = true }, code: "access_denied", denied: true,
			text: "interchange: OAuth: no consent: the authorization was refused: access_denied (the person said <b>no</b>)",
		},
		"no browser": {
			open: func(context.Context, string) error { return own }, is: own,
			text: "interchange: OAuth: no consent: the person could not be asked",
		},
		"no answer": {
			open: func(context.Context, string) error { return nil }, limit: 20 * time.Millisecond,
			text: "interchange: OAuth: no consent: there was no consent within 20ms",
		},
		"token endpoint": {
			set: func(f *fakeServer) {
				f.onToken = func(w http.ResponseWriter, _ *http.Request) bool {
					http.Error(w, canarySecret, http.StatusBadGateway)
					return true
				}
			},
			text: "interchange: OAuth: no consent: the token endpoint refused: 502",
		},
		"token endpoint says why": {
			set: func(f *fakeServer) {
				f.onToken = func(w http.ResponseWriter, _ *http.Request) bool {
					f.json(w, 400, map[string]string{"error": "invalid_client", "error_description": canarySecret})
					return true
				}
			},
			code: "invalid_client", denied: true,
			text: "interchange: OAuth: no consent: the token endpoint refused: 400: invalid_client",
		},
		"token endpoint redirects": {
			set: func(f *fakeServer) {
				f.onToken = func(w http.ResponseWriter, r *http.Request) bool {
					http.Redirect(w, r, "/mcp?canary", http.StatusTemporaryRedirect)
					return true
				}
			},
			text: "interchange: OAuth: no consent: the authorization server could not be asked",
		},
		"endless answer": {
			set: func(f *fakeServer) {
				f.onToken = func(w http.ResponseWriter, _ *http.Request) bool {
					_, _ = w.Write([]byte(`{"access_token":"` + strings.Repeat("x", 2<<20)))
					return true
				}
			},
			text: "interchange: OAuth: no consent: a response of the authorization server is larger than 1 MiB",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFakeServer(t)
			if tt.set != nil {
				tt.set(f)
			}
			if tt.open == nil {
				tt.open = browse
			}
			a := newAuthorizer(t, Config{OpenBrowser: tt.open})
			if tt.limit != 0 {
				a.hidden().limit = tt.limit
			}
			_, err := f.send(t.Context(), a, "")
			var failed *Error
			require.ErrorAs(t, err, &failed)
			assert.Equal(t, tt.text, err.Error())
			assert.Equal(t, tt.code, failed.Code)
			assert.Equal(t, tt.denied, errors.Is(err, client.ErrUnauthorized))
			assert.NotContains(t, fmt.Sprintf("%+v %#v", err, err), "canary")
			if tt.is != nil {
				assert.ErrorIs(t, err, tt.is)
			}
			// Who was refused before that gets the same.
			asked, _ := f.counts()
			_, err = f.send(t.Context(), a, "")
			assert.ErrorIs(t, err, failed)
			again, _ := f.counts()
			assert.Equal(t, asked, again)
		})
	}
}

func TestConfigIsCheckedAtOnce(t *testing.T) {
	t.Parallel()
	await := func(context.Context, string) (auth.AuthorizationResult, error) {
		return auth.AuthorizationResult{}, nil
	}
	secret := m2m.NewSecret(canarySecret)
	for want, o := range map[string]Config{
		"OpenBrowser or Await is required":    {},
		"exclude each other":                  {OpenBrowser: browse, Await: await},
		"RedirectURL must be set":             {Await: await},
		"https, loopback":                     {Await: await, RedirectURL: "http://example.com/?canary"},
		"app's own scheme":                    {Await: await, RedirectURL: "javascript:canary"},
		"Await is required":                   {OpenBrowser: browse, RedirectURL: "https://example.com/?canary"},
		"of the form http://127.0.0.1":        {OpenBrowser: browse, RedirectURL: "http://127.0.0.1/canary"},
		"needs a client id":                   {OpenBrowser: browse, ClientSecret: secret},
		"ClientMetadataURL must be":           {OpenBrowser: browse, ClientMetadataURL: "https://example.com/"},
		"Issuer must be set":                  {OpenBrowser: browse, ClientID: "x", ClientSecret: secret},
		"Issuer must be an https URL":         {OpenBrowser: browse, Issuer: "http://example.com/canary"},
		"Issuer must be an https URL without": {OpenBrowser: browse, Issuer: "https://example.com/?canary"},
		"URL without a query or fragment":     {OpenBrowser: browse, Issuer: "https://example.com#canary"},
		"Resource must be":                    {OpenBrowser: browse, Resource: "http://example.com/canary"},
		"Issuer must be an https":             {OpenBrowser: browse, Issuer: "https://example.com:99999/canary"},
		"Resource must be an https":           {OpenBrowser: browse, Resource: "https://xn--/canary"},
		"ClientMetadataURL must be an https":  {OpenBrowser: browse, ClientMetadataURL: "https://example.com:0/canary"},
	} {
		_, err := New(o)
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "canary")
	}
	for _, o := range []Config{
		{OpenBrowser: browse},
		{OpenBrowser: browse, RedirectURL: "http://localhost:4711/x"},
		{Await: await, RedirectURL: "https://example.com/x"},
		{Await: await, RedirectURL: "com.example.app:/x"},
		{
			OpenBrowser: browse, ClientID: "x", ClientSecret: secret, Issuer: "https://example.com",
			ClientMetadataURL: "https://example.com/x", Resource: "https://example.com/mcp",
		},
		{OpenBrowser: browse, ClientID: "x", Issuer: "http://127.0.0.1:8080/tenant/"},
	} {
		_, err := New(o)
		assert.NoError(t, err)
	}
}

func TestHostsAreComparedInLowerCase(t *testing.T) {
	t.Parallel()
	a, err := New(Config{OpenBrowser: browse, Resource: "https://API.Example/MCP"})
	require.NoError(t, err)
	assert.Equal(t, "https://api.example/MCP", a.hidden().resource.String())
	assert.True(t, sameIssuer("https://LOGIN.example/Tenant/", "https://login.example/Tenant"))
	assert.False(t, sameIssuer("https://login.example/Tenant", "https://login.example/tenant"))
}

// recorder is a test that only takes down what is reported to it.
type oauthRecorder struct{ strings.Builder }

func (r *oauthRecorder) Errorf(format string, args ...any) { fmt.Fprintf(r, format, args...) }

func TestNothingPrintsAToken(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	a := f.signIn(t)
	o := Config{OpenBrowser: browse, ClientID: "x", ClientSecret: m2m.NewSecret(canarySecret)}
	var r oauthRecorder
	assert.Equal(&r, a, &Authorizer{})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		fmt.Fprintf(&r, verb, a)
		fmt.Fprintf(&r, verb, *a)
		fmt.Fprintf(&r, verb, o)
	}
	asJSON, err := json.Marshal(o.ClientSecret)
	require.NoError(t, err)
	text := r.String() + string(asJSON)
	for _, secret := range []string{"access-", "refresh-", "canary"} {
		assert.NotContains(t, text, secret)
	}
}

// Where the library is sent is the word of servers.
func TestTransport(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	srv, other := httptest.NewServer(mux), httptest.NewServer(mux)
	defer srv.Close()
	defer other.Close()
	mux.HandleFunc("/here", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/end", http.StatusFound) })
	mux.HandleFunc("/there", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/end", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/round", http.StatusFound)
	})
	mux.HandleFunc("/end", func(http.ResponseWriter, *http.Request) {})
	c := newHTTPClient(&http.Transport{DisableKeepAlives: true})
	for _, tt := range []struct {
		method, url, fails string
	}{
		{http.MethodGet, srv.URL + "/here", ""},
		{http.MethodPost, srv.URL + "/here", "a redirect of a POST"},
		{http.MethodGet, srv.URL + "/there", "another origin"},
		{http.MethodGet, srv.URL + "/round", "more than 5"},
		{http.MethodGet, "http://example.invalid/", "neither https"},
		{http.MethodPost, "http://10.0.0.1/", "neither https"},
		{http.MethodGet, strings.Replace(srv.URL, "http://", "http://u:p@", 1), "neither https"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, tt.url, strings.NewReader(url.Values{}.Encode()))
		require.NoError(t, err)
		resp, err := c.Do(req)
		if tt.fails == "" {
			require.NoError(t, err)
			assert.Equal(t, 200, resp.StatusCode)
		} else {
			require.ErrorContains(t, err, tt.fails)
		}
		if resp != nil {
			_ = resp.Body.Close()
		}
	}
}
