package oauth

import (
	"net/http"
	"net/http/httptest"
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
	return `{"resource":"` + resource + `","scopes_supported":["read"],"authorization_servers":["` +
		strings.Join(servers, `","`) + `"]}`
}

func serverDocument(issuer string) string {
	return `{"issuer":"` + issuer + `","authorization_endpoint":"` + issuer + `/authorize","token_endpoint":"` + issuer +
		`/token","registration_endpoint":"` + issuer + `/register","code_challenge_methods_supported":["S256"]}`
}

func TestSkipsUnusableDocuments(t *testing.T) {
	t.Parallel()
	server := serverDocument("ORIGIN")
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
		"numbers":             page(200, "application/json", `{"resource":1,"issuer":2,"authorization_servers":3}`),
		"objects":             page(200, "application/json", `{"resource":{},"issuer":{},"authorization_servers":{}}`),
		"servers of numbers":  page(200, "application/json", `{"resource":"ORIGIN/mcp","authorization_servers":[1,null,{}]}`),
		"a token endpoint []": page(200, "application/json", strings.Replace(server, `"ORIGIN/token"`, "[]", 1)),
		"no token endpoint":   page(200, "application/json", strings.Replace(server, "token_endpoint", "x", 1)),
		"another issuer":      page(200, "application/json", serverDocument("https://elsewhere.example")),
		"without PKCE":        page(200, "application/json", strings.Replace(server, `["S256"]`, "null", 1)),
		"PKCE only plain":     page(200, "application/json", strings.Replace(server, "S256", "plain", 1)),
	}
	for name, first := range unusable {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFakeServer(t)
			bad := func(w http.ResponseWriter, r *http.Request) {
				recorder := httptest.NewRecorder()
				first(recorder, r)
				body := strings.ReplaceAll(recorder.Body.String(), "ORIGIN", f.srv.URL)
				page(recorder.Code, recorder.Header().Get("Content-Type"), body)(w, r)
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

func TestReadsLiberalDocuments(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ resource, server, contentType string }{
		"byte order marks": {"\ufeffRESOURCE", "\ufeffSERVER", "application/json"},
		"text":             {"RESOURCE", "SERVER", "text/plain; charset=utf-8"},
		"no type":          {" RESOURCE\n", "\nSERVER ", ""},
		"one server as a string": {
			`{"resource":"ORIGIN/mcp","authorization_servers":"ORIGIN","scopes_supported":"read"}`, "SERVER", "application/json",
		},
		"unneeded members of other types": {
			`{"resource":"ORIGIN/mcp","authorization_servers":["ORIGIN",5,null],"scopes_supported":7,"jwks_uri":[]}`,
			`{"issuer":"ORIGIN","authorization_endpoint":"ORIGIN/authorize","token_endpoint":"ORIGIN/token",
			"registration_endpoint":"ORIGIN/register","code_challenge_methods_supported":["S256",1],"scopes_supported":{},
			"token_endpoint_auth_methods_supported":"none","authorization_response_iss_parameter_supported":"true",
			"client_id_metadata_document_supported":"no","op_policy_uri":[]}`,
			"application/json",
		},
		"an issuer with a slash": {
			`{"resource":"ORIGIN/mcp","authorization_servers":["ORIGIN/"]}`, "SERVER", "application/json",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFakeServer(t)
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

func TestResourceOfTheDocument(t *testing.T) {
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
			f := startFakeServer(t)
			resource := strings.NewReplacer("ORIGIN", f.srv.URL, "HOST", f.srv.Listener.Addr().String()).Replace(tt.resource)
			f.resourceID = resource
			f.pages[resourcePage] = http.NotFound
			f.pages[rootPage] = page(200, "application/json", resourceDocumentOf(resource, f.srv.URL))
			a := newAuthorizer(t, Config{OpenBrowser: browse})
			_, err := a.Authorize(t.Context(), client.Anonymous(), &http.Response{
				Request:    newPost(t, f.srv.URL+tt.path),
				StatusCode: http.StatusUnauthorized, Header: http.Header{}, Body: http.NoBody,
			})
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
