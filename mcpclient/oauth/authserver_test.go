package oauth

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

const canarySecret = "canary-9c8d7e6f5a4b3c2d"

// fakeServer is a protected resource and its authorization server.
type fakeServer struct {
	t   *testing.T
	srv *httptest.Server

	mu       sync.Mutex
	clients  map[string][]string // client id to redirect URLs
	codes    map[string]url.Values
	access   map[string]string // access token to its scopes
	refresh  map[string]string
	consents []url.Values
	renewals int
	requests []recordedRequest // to the token endpoint
	visits   map[string]int    // by path

	// What it does otherwise than usual.
	life        int
	deny        bool
	noRefresh   bool
	onToken     func(w http.ResponseWriter, r *http.Request) bool // answers itself
	pages       map[string]http.HandlerFunc                       // replace the pages at these paths
	metadata    map[string]any                                    // replaces members of the server's metadata
	iss         *string                                           // in the redirect, instead of the issuer
	resourceID  string                                            // what tokens are asked for
	anyRedirect bool                                              // of clients that are not registered here
	code        string                                            // of every consent
	challenge   string                                            // of a refused request
}

// recordedRequest is a request to the token endpoint.
type recordedRequest struct {
	form          url.Values
	authorization string
}

func startFakeServer(t *testing.T) *fakeServer {
	t.Helper()
	return startFakeServerWith(t, httptest.NewServer)
}

func startFakeServerWith(t *testing.T, start func(http.Handler) *httptest.Server) *fakeServer {
	t.Helper()
	f := &fakeServer{
		t: t, clients: map[string][]string{}, codes: map[string]url.Values{},
		access: map[string]string{}, refresh: map[string]string{}, life: 3600,
		pages: map[string]http.HandlerFunc{}, visits: map[string]int{},
	}
	mux := http.NewServeMux()
	f.srv = start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		page := f.pages[r.URL.Path]
		f.visits[r.URL.Path]++
		f.mu.Unlock()
		if page != nil {
			page(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(f.srv.Close)
	f.resourceID = f.srv.URL + "/mcp"
	f.challenge = `Bearer resource_metadata="` + f.srv.URL + `/.well-known/oauth-protected-resource/mcp"`
	mux.HandleFunc("GET /.well-known/oauth-protected-resource/mcp", func(w http.ResponseWriter, _ *http.Request) {
		f.json(w, 200, map[string]any{
			"resource": f.srv.URL + "/mcp", "authorization_servers": []string{f.srv.URL}, "scopes_supported": []string{"read"},
		})
	})
	mux.HandleFunc("GET /.well-known/oauth-authorization-server", func(w http.ResponseWriter, _ *http.Request) {
		metadata := map[string]any{
			"issuer": f.srv.URL, "authorization_endpoint": f.srv.URL + "/authorize", "token_endpoint": f.srv.URL + "/token",
			"registration_endpoint": f.srv.URL + "/register", "response_types_supported": []string{"code"},
			"code_challenge_methods_supported":               []string{"S256"},
			"scopes_supported":                               []string{"read", "write", "offline_access"},
			"authorization_response_iss_parameter_supported": true, "token_endpoint_auth_methods_supported": []string{"none"},
		}
		f.mu.Lock()
		maps.Copy(metadata, f.metadata)
		f.mu.Unlock()
		f.json(w, 200, metadata)
	})
	mux.HandleFunc("POST /register", f.register)
	mux.HandleFunc("GET /authorize", f.authorize)
	mux.HandleFunc("POST /token", f.token)
	mux.HandleFunc("/mcp", f.resource)
	return f
}

func (f *fakeServer) json(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	assert.NoError(f.t, json.NewEncoder(w).Encode(v))
}

func (f *fakeServer) register(w http.ResponseWriter, r *http.Request) {
	var m map[string]any
	assert.NoError(f.t, json.NewDecoder(r.Body).Decode(&m))
	assert.Equal(f.t, "none", m["token_endpoint_auth_method"])
	assert.Equal(f.t, "native", m["application_type"])
	assert.Equal(f.t, "interchange-go", m["client_name"])
	id := rand.Text()
	f.mu.Lock()
	for _, u := range m["redirect_uris"].([]any) {
		f.clients[id] = append(f.clients[id], u.(string))
	}
	f.mu.Unlock()
	m["client_id"] = id
	f.json(w, http.StatusCreated, m)
}

func (f *fakeServer) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f.mu.Lock()
	defer f.mu.Unlock()
	redirect := q.Get("redirect_uri")
	if !f.anyRedirect && !slices.Contains(f.clients[q.Get("client_id")], redirect) {
		f.json(w, 400, "unregistered redirect URL")
		return
	}
	f.consents = append(f.consents, q)
	back := url.Values{"state": {q.Get("state")}, "iss": {f.srv.URL}}
	if f.iss != nil {
		back.Set("iss", *f.iss)
	}
	if f.deny {
		back.Set("error", "access_denied")
		back.Set("error_description", "the person\r\nsaid <b>no</b>")
	} else {
		code := cmp.Or(f.code, rand.Text())
		f.codes[code] = q
		back.Set("code", code)
	}
	http.Redirect(w, r, redirect+"?"+back.Encode(), http.StatusFound)
}

func (f *fakeServer) token(w http.ResponseWriter, r *http.Request) {
	assert.NoError(f.t, r.ParseForm())
	f.mu.Lock()
	special := f.onToken
	f.requests = append(f.requests, recordedRequest{r.PostForm, r.Header.Get("Authorization")})
	f.mu.Unlock()
	if special != nil && special(w, r) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var scope string
	switch r.Form.Get("grant_type") {
	case "authorization_code":
		asked, ok := f.codes[r.Form.Get("code")]
		delete(f.codes, r.Form.Get("code"))
		sum := sha256.Sum256([]byte(r.Form.Get("code_verifier")))
		if !ok || asked.Get("code_challenge_method") != "S256" ||
			asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) ||
			asked.Get("redirect_uri") != r.Form.Get("redirect_uri") || r.Form.Get("resource") != f.resourceID {
			f.json(w, 400, map[string]string{"error": "invalid_grant"})
			return
		}
		scope = asked.Get("scope")
	case "refresh_token":
		f.renewals++
		assert.Equal(f.t, f.resourceID, r.Form.Get("resource"))
		var ok bool
		if scope, ok = f.refresh[r.Form.Get("refresh_token")]; !ok {
			f.json(w, 400, map[string]string{"error": "invalid_grant", "error_description": canarySecret})
			return
		}
	}
	access := "access-" + rand.Text()
	f.access[access] = scope
	answer := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": f.life, "scope": scope}
	if !f.noRefresh {
		token := "refresh-" + rand.Text()
		f.refresh[token] = scope
		answer["refresh_token"] = token
	}
	f.json(w, 200, answer)
}

// resource wants the scope named in the query.
func (f *fakeServer) resource(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	scopes, ok := f.access[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	f.mu.Unlock()
	want := r.URL.Query().Get("want")
	switch {
	case !ok:
		w.Header().Set("WWW-Authenticate", f.challenge)
		w.WriteHeader(http.StatusUnauthorized)
	case r.URL.Query().Get("deny") != "":
		w.WriteHeader(http.StatusForbidden)
	case want != "" && !slices.Contains(strings.Fields(scopes), want):
		w.Header().Add("WWW-Authenticate", `Negotiate dGVzdA==`) // which the library cannot read
		w.Header().Add("WWW-Authenticate", `Bearer error="insufficient_scope", scope="`+want+`"`)
		w.WriteHeader(http.StatusForbidden)
	}
}

// revoke makes every access token worthless, and with all the refresh tokens too.
func (f *fakeServer) revoke(all bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.access)
	if all {
		clear(f.refresh)
	}
}

// transport trusts the server's certificate, if it has one, and keeps no connection.
func (f *fakeServer) transport() *http.Transport {
	transport := f.srv.Client().Transport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	return transport
}

func (f *fakeServer) visited(path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.visits[path]
}

func (f *fakeServer) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fakeServer) counts() (consents, renewals int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.consents), f.renewals
}

// browse is a browser whose person agrees to everything.
func browse(ctx context.Context, u string) error {
	_, err := fetchPage(ctx, u)
	return err
}

func fetchPage(ctx context.Context, u string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
	if err != nil {
		return "", err
	}
	browser := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := browser.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", resp.StatusCode)
	}
	return string(body), err
}

// newAuthorizer makes an Authorizer that replaces refused tokens at once and keeps no connections.
func newAuthorizer(t *testing.T, cfg Config) *Authorizer {
	t.Helper()
	a, err := New(cfg)
	require.NoError(t, err)
	a.hidden().minAge = 0
	a.hidden().own.http = newHTTPClient(&http.Transport{DisableKeepAlives: true})
	return a
}

// call makes a request with the Authorizer's token. The answer has no body.
func (f *fakeServer) call(ctx context.Context, a *Authorizer, query string) (client.Token, *http.Response, error) {
	token, err := a.Token(ctx)
	if err != nil {
		return token, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.srv.URL+"/mcp"+query, nil)
	if err != nil {
		return token, nil, err
	}
	if token != client.Anonymous() {
		req.Header.Set("Authorization", "Bearer "+token.Reveal())
	}
	resp, err := f.transport().RoundTrip(req)
	if err == nil {
		_ = resp.Body.Close()
		req.URL.RawQuery = "" // which is for this fake alone
	}
	return token, resp, err
}

// send acts like a session: it repeats the request after a refusal that was resolved.
func (f *fakeServer) send(ctx context.Context, a *Authorizer, query string) (int, error) {
	token, resp, err := f.call(ctx, a, query)
	if err != nil || resp.StatusCode == http.StatusOK {
		return 200, err
	}
	changed, err := a.Authorize(ctx, token, resp)
	if err != nil || !changed {
		return resp.StatusCode, err
	}
	_, resp, err = f.call(ctx, a, query) //nolint:bodyclose // closed by call
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

// signIn makes an Authorizer that has a token.
func (f *fakeServer) signIn(t *testing.T) *Authorizer {
	t.Helper()
	a := newAuthorizer(t, Config{OpenBrowser: browse})
	status, err := f.send(t.Context(), a, "")
	require.NoError(t, err)
	require.Equal(t, 200, status)
	return a
}

// neverBrowse is a browser that must not be opened.
func neverBrowse(t *testing.T) func(context.Context, string) error {
	return func(context.Context, string) error {
		t.Error("the browser was opened")
		return nil
	}
}
