package oauth

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTriesTheNextServer(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, first := range map[string]http.HandlerFunc{
		"down":        nil,
		"unavailable": page(503, "text/html", ""),
		"HTML":        page(200, "text/html", "<html>"),
		"not found":   page(404, "text/html", ""),
		"impostor":    page(200, "application/json", serverDocument("https://elsewhere.example")),
		"registration down": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			page(200, "application/json", serverDocument("http://"+r.Host))(w, r)
		},
		"no registration": func(w http.ResponseWriter, r *http.Request) {
			document := serverDocument("http://" + r.Host)
			page(200, "application/json", strings.Replace(document, "registration_endpoint", "x", 1))(w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := closed.URL
			if first != nil {
				srv := httptest.NewServer(first)
				defer srv.Close()
				other = srv.URL
			}
			f := startFakeServer(t)
			f.pages[resourcePage] = page(200, "application/json", resourceDocumentOf(f.srv.URL+"/mcp", other, f.srv.URL))
			f.signIn(t)
		})
	}
	t.Run("all down", func(t *testing.T) {
		t.Parallel()
		f := startFakeServer(t)
		document := resourceDocumentOf(f.srv.URL+"/mcp", closed.URL, closed.URL+"/x")
		f.pages[resourcePage] = page(200, "application/json", document)
		_, err := f.send(t.Context(), newAuthorizer(t, Config{OpenBrowser: browse}), "")
		require.EqualError(t, err, "interchange: OAuth: no consent: cannot connect to the authorization server")
	})
}

// roundTripFunc is a transport without a network, so that its time is that of the test.
type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestWaitsOnceForAServerThatIsSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var visits []string
		transport := roundTripFunc(func(req *http.Request) (*http.Response, error) {
			visits = append(visits, req.URL.Host+req.URL.Path)
			if req.URL.Host == "silent.example" {
				<-req.Context().Done()
				return nil, req.Context().Err()
			}
			w := httptest.NewRecorder()
			page(200, "application/json", serverDocument("https://good.example"))(w, req)
			return w.Result(), nil
		})
		d := &discovery{
			http: newHTTPClient(transport), endpoint: &url.URL{Scheme: "https", Host: "api.example", Path: "/mcp"},
		}
		began := time.Now()
		s, err := d.server(t.Context(), &protectedResource{
			servers: []string{"https://silent.example", "https://good.example"},
		}, func(*authServer) error { return nil })
		require.NoError(t, err)
		assert.Equal(t, "https://good.example", s.issuer)
		assert.Equal(t, documentTimeout, time.Since(began))
		assert.Equal(t, []string{"silent.example" + serverPage, "good.example" + serverPage}, visits)
	})
}

func TestTriesABoundedNumberOfServers(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	var servers []string
	for i := range maxAuthServers {
		path := fmt.Sprintf("/tenant%d", i)
		servers = append(servers, f.srv.URL+path)
		f.pages[serverPage+path] = page(500, "", "")
		f.pages[openIDPage+path] = page(500, "", "")
		f.pages[path+openIDPage] = page(500, "", "")
	}
	document := resourceDocumentOf(f.srv.URL+"/mcp", append(servers, f.srv.URL)...)
	f.pages[resourcePage] = page(200, "application/json", document)
	_, err := f.send(t.Context(), newAuthorizer(t, Config{OpenBrowser: neverBrowse(t)}), "")
	require.EqualError(t, err, "interchange: OAuth: no consent: the authorization server's metadata cannot be read: 500")
	for i := range maxAuthServers {
		for _, at := range []string{"%[1]s/tenant%[3]d", "%[2]s/tenant%[3]d", "/tenant%[3]d%[2]s"} {
			assert.Equal(t, 1, f.visited(fmt.Sprintf(at, serverPage, openIDPage, i)))
		}
	}

	// A server that is pinned is found wherever it is in the list.
	a := newAuthorizer(t, Config{OpenBrowser: browse, Issuer: f.srv.URL})
	status, err := f.send(t.Context(), a, "")
	require.NoError(t, err)
	assert.Equal(t, 200, status)
}

// Servers of the protocol version 2025-03-26 have no resource metadata, and perhaps no other.
func TestWithoutResourceMetadata(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		server http.HandlerFunc
		works  bool
	}{
		"with server metadata":          {nil, true},
		"without any":                   {http.NotFound, true},
		"issuer elsewhere":              {page(200, "application/json", serverDocument("https://elsewhere.example")), false},
		"server metadata that is a 500": {page(500, "", ""), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFakeServer(t)
			f.challenge = "Bearer"
			f.pages = map[string]http.HandlerFunc{resourcePage: http.NotFound, rootPage: http.NotFound, serverPage: tt.server}
			status, err := f.send(t.Context(), newAuthorizer(t, Config{OpenBrowser: browse}), "")
			if tt.works {
				require.NoError(t, err)
				assert.Equal(t, 200, status)
			} else {
				require.Error(t, err)
				assert.Zero(t, f.visited("/register"))
			}
		})
	}
	t.Run("issuer below the origin", func(t *testing.T) {
		t.Parallel()
		f := startFakeServer(t)
		f.challenge, f.metadata, f.iss = "Bearer", map[string]any{"issuer": f.srv.URL + "/oauth"}, new(string)
		*f.iss = f.srv.URL + "/oauth"
		f.pages = map[string]http.HandlerFunc{resourcePage: http.NotFound, rootPage: http.NotFound}
		f.signIn(t)
	})
}

// The endpoint alone decides where its metadata is.
func TestIgnoresResourceMetadataElsewhere(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]string{
		"another host":     "OTHER/.well-known/oauth-protected-resource/mcp",
		"not a URL":        "http://%zz",
		"a script":         "javascript:alert(1)",
		"a file":           "file:///etc/passwd",
		"with a user":      "http://user@OTHERHOST/",
		"without a scheme": "//OTHERHOST/meta",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, evil := startFakeServer(t), startFakeServer(t)
			f.challenge = `Bearer resource_metadata="` +
				strings.NewReplacer("OTHERHOST", evil.srv.Listener.Addr().String(), "OTHER", evil.srv.URL).Replace(other) + `"`
			f.signIn(t)
			assert.Empty(t, evil.visits)

			// Without metadata of its own there is nothing to go by.
			f.pages = map[string]http.HandlerFunc{resourcePage: http.NotFound, rootPage: http.NotFound}
			_, err := f.send(t.Context(), newAuthorizer(t, Config{OpenBrowser: browse}), "")
			require.ErrorContains(t, err, "no consent: the platform's metadata is on another origin than the endpoint")
			assert.Empty(t, evil.visits)
		})
	}
	t.Run("on the same origin, without it", func(t *testing.T) {
		t.Parallel()
		f := startFakeServer(t)
		f.challenge = `Bearer resource_metadata="/meta"`
		f.pages["/meta"] = page(200, "application/json", resourceDocumentOf(f.srv.URL+"/mcp", f.srv.URL))
		f.signIn(t)
		assert.Equal(t, 1, f.visited("/meta"))
	})
}

func TestServerOfAnHTTPSEndpoint(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		endpoint, server string
		allowed          bool
	}{
		{"https://api.example/mcp", "https://api.example", true},
		{"https://api.example/mcp", "https://identity.example/tenant", true},
		{"https://api.example/mcp", "http://identity.example", false},
		{"https://api.example/mcp", "http://api.example", false},
		{"https://api.example/mcp", "http://127.0.0.1:8080", false},
		{"https://api.example/mcp", "https://127.0.0.1:8080", false},
		{"https://api.example/mcp", "https://127.8.9.1", false},
		{"https://api.example/mcp", "https://localhost", false},
		{"https://api.example/mcp", "https://LOCALHOST:1", false},
		{"https://api.example/mcp", "https://localhost.:1", false},
		{"https://api.example/mcp", "https://x.localhost", false},
		{"https://api.example/mcp", "https://[::1]:1", false},
		{"https://api.example/mcp", "https://[::ffff:127.0.0.1]", false},
		{"https://api.example/mcp", "https://2130706433/", false},
		{"https://api.example/mcp", "https://0x7f.1/", false},
		{"https://api.example/mcp", "https://127.1/", false},
		{"https://api.example/mcp", "https://0.0.0.0/", false},
		{"https://api.example/mcp", "https://[::]/", false},
		{"https://api.example/mcp", "https://169.254.169.254/latest", false},
		{"https://api.example/mcp", "https://10.0.0.1", false},
		{"https://api.example/mcp", "https://192.168.1.1", false},
		{"https://api.example/mcp", "https://100.64.0.1", false},
		{"https://api.example/mcp", "https://[fd00::1]", false},
		{"https://api.example/mcp", "https://8.8.8.8", true},
		{"https://api.example/mcp", "https://user@identity.example", false},
		{"https://api.example/mcp", "https:///x", false},
		{"https://api.example/mcp", "https://:443/x", false},
		{"https://api.example/mcp", "javascript:alert(1)", false},
		{"https://api.example/mcp", "/relative", false},
		{"https://api.example/mcp", "", false},
		{"https://127.0.0.1:4433/mcp", "https://127.0.0.1:4433", true},
		{"https://127.0.0.1:4433/mcp", "http://127.0.0.1:4433", false},
		{"https://127.0.0.1:4433/mcp", "https://127.0.0.1:4434", false},
		{"http://127.0.0.1:80/mcp", "http://127.0.0.1:81", true},
		{"http://localhost/mcp", "https://identity.example", true},
		{"http://localhost/mcp", "http://identity.example", false},
		{"http://localhost/mcp", "https://10.0.0.1", false},
	} {
		endpoint, err := url.Parse(tt.endpoint)
		require.NoError(t, err)
		d := &discovery{endpoint: endpoint}
		assert.Equal(t, tt.allowed, d.allows(tt.server), "%s names %q", tt.endpoint, tt.server)
	}
}

// Every URL on the way to a token is checked, not only that of the server.
func TestHTTPSEndpointDoesNotLeadToLoopback(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(f *fakeServer, local string){
		"server": func(f *fakeServer, local string) {
			f.pages[resourcePage] = page(200, "application/json", resourceDocumentOf(f.srv.URL+"/mcp", local))
		},
		"authorization endpoint": func(f *fakeServer, local string) {
			f.metadata = map[string]any{"authorization_endpoint": local + "/authorize"}
		},
		"token endpoint": func(f *fakeServer, local string) {
			f.metadata = map[string]any{"token_endpoint": local + "/token"}
		},
		"registration endpoint": func(f *fakeServer, local string) {
			f.metadata = map[string]any{"registration_endpoint": local + "/register"}
		},
	} {
		for scheme, start := range map[string]func(http.Handler) *httptest.Server{
			"http": httptest.NewServer, "https": httptest.NewTLSServer,
		} {
			t.Run(name+" "+scheme, func(t *testing.T) {
				t.Parallel()
				f, local := startFakeServerWith(t, httptest.NewTLSServer), startFakeServerWith(t, start)
				change(f, local.srv.URL)
				a, err := New(Config{OpenBrowser: neverBrowse(t)})
				a.hidden().own.http = newHTTPClient(f.transport())
				require.NoError(t, err)
				_, err = f.send(t.Context(), a, "")
				require.ErrorContains(t, err, "the authorization server is not https, or is on a loopback or private address")
				assert.Empty(t, local.visits)
			})
		}
	}
}

func FuzzAllows(f *testing.F) {
	for _, seed := range []string{
		"https://identity.example", "http://localhost", "https://localhost.", "https://[::ffff:7f00:1]",
		"https://2130706433", "https://10.1",
	} {
		f.Add(seed)
	}
	d := &discovery{endpoint: &url.URL{Scheme: "https", Host: "api.example", Path: "/mcp"}}
	f.Fuzz(func(t *testing.T, raw string) {
		if !d.allows(raw) {
			return
		}
		u, err := url.Parse(raw)
		require.NoError(t, err)
		assert.Equal(t, "https", u.Scheme)
		assert.Nil(t, u.User)
		assert.NotEmpty(t, u.Hostname())
		assert.NotContains(t, strings.ToLower("."+u.Hostname()+"."), ".localhost.")
	})
}
