package mcpclient

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

const (
	resourcePage = "/.well-known/oauth-protected-resource/mcp"
	rootPage     = "/.well-known/oauth-protected-resource"
	serverPage   = "/.well-known/oauth-authorization-server"
	openIDPage   = "/.well-known/openid-configuration"
)

func page(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// resourceDocumentOf is resource metadata that names authorization servers.
func resourceDocumentOf(resource string, servers ...string) string {
	return `{"resource":"` + resource + `","authorization_servers":["` + strings.Join(servers, `","`) + `"],"scopes_supported":["read"]}`
}

func serverDocument(issuer string) string {
	return `{"issuer":"` + issuer + `","authorization_endpoint":"` + issuer + `/authorize","token_endpoint":"` + issuer +
		`/token","registration_endpoint":"` + issuer + `/register","code_challenge_methods_supported":["S256"]}`
}

func TestOAuthSkipsUnusableDocuments(t *testing.T) {
	t.Parallel()
	const spoiled = "ORIGIN"
	unusable := map[string]http.HandlerFunc{
		"HTML":                page(200, "text/html", "<html>Welcome</html>"),
		"HTML as JSON":        page(200, "application/json", "<html>Welcome</html>"),
		"internal error":      page(500, "application/json", `{"error":"internal"}`),
		"bad gateway":         page(502, "text/html", "<html>"),
		"not found":           page(404, "text/plain", "no"),
		"forbidden":           page(403, "text/html", "no"),
		"no content":          page(204, "application/json", ""),
		"empty":               page(200, "application/json", ""),
		"text":                page(200, "text/plain", "hello"),
		"null":                page(200, "application/json", "null"),
		"array":               page(200, "application/json", `[{}]`),
		"truncated":           page(200, "application/json", `{"issuer":"`),
		"redirect":            page(302, "text/html", ""),
		"numbers":             page(200, "application/json", `{"resource":1,"issuer":2,"authorization_servers":3,"token_endpoint":4}`),
		"objects":             page(200, "application/json", `{"resource":{},"issuer":{},"authorization_servers":{}}`),
		"servers of numbers":  page(200, "application/json", `{"resource":"ORIGIN/mcp","authorization_servers":[1,null,{}]}`),
		"a token endpoint []": page(200, "application/json", `{"issuer":"ORIGIN","authorization_endpoint":"ORIGIN/authorize","token_endpoint":[],"code_challenge_methods_supported":["S256"]}`),
		"another issuer":      page(200, "application/json", serverDocument("https://elsewhere.example")),
		"without PKCE":        page(200, "application/json", `{"issuer":"ORIGIN","authorization_endpoint":"ORIGIN/authorize","token_endpoint":"ORIGIN/token"}`),
		"PKCE only plain":     page(200, "application/json", `{"issuer":"ORIGIN","authorization_endpoint":"ORIGIN/authorize","token_endpoint":"ORIGIN/token","code_challenge_methods_supported":["plain"]}`),
	}
	for name, first := range unusable {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFakeOAuth(t)
			bad := func(w http.ResponseWriter, r *http.Request) {
				recorder := httptest.NewRecorder()
				first(recorder, r)
				page(recorder.Code, recorder.Header().Get("Content-Type"), strings.ReplaceAll(recorder.Body.String(), spoiled, f.srv.URL))(w, r)
			}
			f.pages = map[string]http.HandlerFunc{
				resourcePage: bad,
				rootPage:     page(200, "application/json", resourceDocumentOf(f.srv.URL+"/mcp", f.srv.URL)),
				serverPage:   bad,
				openIDPage:   page(200, "application/json", serverDocument(f.srv.URL)),
			}
			f.signIn(t)
			assert.Equal(t, 1, f.visited(resourcePage))
			assert.Equal(t, 1, f.visited(openIDPage))
		})
	}
}

func TestOAuthReadsLiberalDocuments(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ resource, server, contentType string }{
		"byte order marks": {"\ufeffRESOURCE", "\ufeffSERVER", "application/json"},
		"text":             {"RESOURCE", "SERVER", "text/plain; charset=utf-8"},
		"no type":          {" RESOURCE\n", "\nSERVER ", ""},
		"one server as a string": {
			`{"resource":"ORIGIN/mcp","authorization_servers":"ORIGIN","scopes_supported":"read"}`, "SERVER", "application/json",
		},
		"unneeded members of other types": {
			`{"resource":"ORIGIN/mcp","authorization_servers":["ORIGIN",5,null],"scopes_supported":7,"jwks_uri":[],"resource_name":{}}`,
			`{"issuer":"ORIGIN","authorization_endpoint":"ORIGIN/authorize","token_endpoint":"ORIGIN/token","registration_endpoint":"ORIGIN/register",
			"code_challenge_methods_supported":["S256",1],"scopes_supported":{},"token_endpoint_auth_methods_supported":"none",
			"authorization_response_iss_parameter_supported":"true","client_id_metadata_document_supported":"no","op_policy_uri":[]}`,
			"application/json",
		},
		"an issuer with a slash": {
			`{"resource":"ORIGIN/mcp","authorization_servers":["ORIGIN/"]}`, "SERVER", "application/json",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFakeOAuth(t)
			fill := func(s string) string {
				s = strings.ReplaceAll(s, "RESOURCE", resourceDocumentOf("ORIGIN/mcp", "ORIGIN"))
				return strings.ReplaceAll(strings.ReplaceAll(s, "SERVER", serverDocument("ORIGIN")), "ORIGIN", f.srv.URL)
			}
			f.pages = map[string]http.HandlerFunc{
				resourcePage: page(200, tt.contentType, fill(tt.resource)),
				serverPage:   page(200, tt.contentType, fill(tt.server)),
			}
			f.signIn(t)
			assert.Zero(t, f.visited(openIDPage))
			assert.Zero(t, f.visited(rootPage))
		})
	}
}

func TestOAuthResourceOfTheDocument(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		path, resource string
		accepted       bool
	}{
		{"/mcp/buyer", "ORIGIN/mcp/buyer", true},
		{"/mcp/buyer", "ORIGIN/mcp/buyer/", true},
		{"/mcp/buyer", "ORIGIN/mcp", true},
		{"/mcp/buyer", "ORIGIN/mcp/", true},
		{"/mcp/buyer", "ORIGIN", true},
		{"/mcp/buyer", "ORIGIN/", true},
		{"/mcp/buyer/", "ORIGIN/mcp/buyer", true},
		{"/mcp", "ORIGIN/mcp/", true},
		{"/mcp/buyer", "ORIGIN/mc", false},
		{"/mcp/buyer", "ORIGIN/mcp/buyer/x", false},
		{"/mcp/buyer", "ORIGIN/mcp/storefront", false},
		{"/mcp/buyer", "ORIGIN/mcp/../mcp", false},
		{"/mcp/buyer", "ORIGIN//", false},
		{"/mcp/buyer", "ORIGIN/mcp?x=1", false},
		{"/mcp/buyer", "ORIGIN/mcp#x", false},
		{"/mcp/buyer", "https://evil.example/mcp/buyer", false},
		{"/mcp/buyer", "ORIGIN.evil.example/mcp", false},
		{"/mcp/buyer", "http://u:p@HOST/mcp", false},
		{"/mcp/buyer", "", false},
	} {
		t.Run(tt.path+" "+tt.resource, func(t *testing.T) {
			t.Parallel()
			f := newFakeOAuth(t)
			resource := strings.NewReplacer("ORIGIN", f.srv.URL, "HOST", f.srv.Listener.Addr().String()).Replace(tt.resource)
			f.resourceID = resource
			f.pages[resourcePage] = http.NotFound
			f.pages[rootPage] = page(200, "application/json", resourceDocumentOf(resource, f.srv.URL))
			a := newAuthorizer(t, OAuth{OpenBrowser: browse})
			_, err := a.authorize(t.Context(), client.Anonymous(), newPost(t, f.srv.URL+tt.path), unauthorized(""))
			consents, _ := f.counts()
			if !tt.accepted {
				require.EqualError(t, err, "interchange: OAuth: no consent: the platform's metadata is about another resource")
				assert.Zero(t, consents)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, resource, f.consents[0].Get("resource"))
		})
	}
}

func newPost(t *testing.T, u string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, u, http.NoBody)
	require.NoError(t, err)
	return req
}

// unauthorized is a 401 with a challenge.
func unauthorized(challenge string) *http.Response {
	resp := &http.Response{StatusCode: http.StatusUnauthorized, Header: http.Header{}, Body: http.NoBody}
	if challenge != "" {
		resp.Header.Set("WWW-Authenticate", challenge)
	}
	return resp
}

func TestOAuthTriesTheNextServer(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, first := range map[string]http.HandlerFunc{
		"down":        nil,
		"unavailable": page(503, "text/html", ""),
		"HTML":        page(200, "text/html", "<html>"),
		"not found":   page(404, "text/html", ""),
		"impostor":    page(200, "application/json", serverDocument("https://elsewhere.example")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := closed.URL
			if first != nil {
				srv := httptest.NewServer(first)
				defer srv.Close()
				other = srv.URL
			}
			f := newFakeOAuth(t)
			f.pages[resourcePage] = page(200, "application/json", resourceDocumentOf(f.srv.URL+"/mcp", other, f.srv.URL))
			f.signIn(t)
		})
	}
	t.Run("all down", func(t *testing.T) {
		t.Parallel()
		f := newFakeOAuth(t)
		f.pages[resourcePage] = page(200, "application/json", resourceDocumentOf(f.srv.URL+"/mcp", closed.URL, closed.URL+"/x"))
		_, err := f.send(t.Context(), newAuthorizer(t, OAuth{OpenBrowser: browse}), "")
		require.EqualError(t, err, "interchange: OAuth: no consent: cannot connect to the authorization server")
	})
}

// Servers of the protocol version 2025-03-26 have no resource metadata, and perhaps no other.
func TestOAuthWithoutResourceMetadata(t *testing.T) {
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
			f := newFakeOAuth(t)
			f.challenge = "Bearer"
			f.pages = map[string]http.HandlerFunc{resourcePage: http.NotFound, rootPage: http.NotFound, serverPage: tt.server}
			status, err := f.send(t.Context(), newAuthorizer(t, OAuth{OpenBrowser: browse}), "")
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
		f := newFakeOAuth(t)
		f.challenge, f.metadata, f.iss = "Bearer", map[string]any{"issuer": f.srv.URL + "/oauth"}, new(string)
		*f.iss = f.srv.URL + "/oauth"
		f.pages = map[string]http.HandlerFunc{resourcePage: http.NotFound, rootPage: http.NotFound}
		f.signIn(t)
	})
}

// The endpoint alone decides where its metadata is.
func TestOAuthIgnoresResourceMetadataElsewhere(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]string{
		"another host": "OTHER/.well-known/oauth-protected-resource/mcp", "not a URL": "http://%zz", "a script": "javascript:alert(1)",
		"a file": "file:///etc/passwd", "with a user": "http://user@OTHERHOST/", "without a scheme": "//OTHERHOST/meta",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, evil := newFakeOAuth(t), newFakeOAuth(t)
			f.challenge = `Bearer resource_metadata="` +
				strings.NewReplacer("OTHERHOST", evil.srv.Listener.Addr().String(), "OTHER", evil.srv.URL).Replace(other) + `"`
			f.signIn(t)
			assert.Empty(t, evil.visits)

			// Without metadata of its own there is nothing to go by.
			f.pages = map[string]http.HandlerFunc{resourcePage: http.NotFound, rootPage: http.NotFound}
			_, err := f.send(t.Context(), newAuthorizer(t, OAuth{OpenBrowser: browse}), "")
			require.EqualError(t, err, "interchange: OAuth: no consent: the platform's metadata is on another origin than the endpoint")
			assert.Empty(t, evil.visits)
		})
	}
	t.Run("on the same origin, without it", func(t *testing.T) {
		t.Parallel()
		f := newFakeOAuth(t)
		f.challenge = `Bearer resource_metadata="/meta"`
		f.pages["/meta"] = page(200, "application/json", resourceDocumentOf(f.srv.URL+"/mcp", f.srv.URL))
		f.signIn(t)
		assert.Equal(t, 1, f.visited("/meta"))
	})
}

func TestOAuthServerOfAnHTTPSEndpoint(t *testing.T) {
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
func TestOAuthHTTPSEndpointDoesNotLeadToLoopback(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(f *fakeOAuth, local string){
		"server": func(f *fakeOAuth, local string) {
			f.pages[resourcePage] = page(200, "application/json", resourceDocumentOf(f.srv.URL+"/mcp", local))
		},
		"authorization endpoint": func(f *fakeOAuth, local string) {
			f.metadata = map[string]any{"authorization_endpoint": local + "/authorize"}
		},
		"token endpoint": func(f *fakeOAuth, local string) { f.metadata = map[string]any{"token_endpoint": local + "/token"} },
		"registration endpoint": func(f *fakeOAuth, local string) {
			f.metadata = map[string]any{"registration_endpoint": local + "/register"}
		},
	} {
		for scheme, start := range map[string]func(http.Handler) *httptest.Server{"http": httptest.NewServer, "https": httptest.NewTLSServer} {
			t.Run(name+" "+scheme, func(t *testing.T) {
				t.Parallel()
				f, local := startFakeOAuth(t, httptest.NewTLSServer), startFakeOAuth(t, start)
				change(f, local.srv.URL)
				a, err := newOAuthAuthorizer(OAuth{OpenBrowser: neverBrowse(t)}, f.transport())
				require.NoError(t, err)
				_, err = f.send(t.Context(), a, "")
				require.EqualError(t, err, "interchange: OAuth: no consent: the authorization server is not https, or is on a loopback or private address")
				assert.Empty(t, local.visits)
			})
		}
	}
}

func FuzzOAuthAllows(f *testing.F) {
	for _, seed := range []string{
		"https://identity.example", "http://localhost", "https://localhost.", "https://[::ffff:7f00:1]", "https://2130706433", "https://10.1",
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
