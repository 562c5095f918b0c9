package oauth

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/interchange-sdk/interchange-go/client"
)

// onRefresh fixes the response of the token endpoint to refresh tokens.
func (f *fakeServer) onRefresh(status int, body string) {
	f.set(func() {
		f.onToken = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Form.Get("grant_type") != "refresh_token" {
				return false
			}
			page(status, "application/json", body)(w, r)
			return true
		}
	})
}

func TestRefreshNamesTheResource(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	a := f.signIn(t)
	f.revoke(false)
	_, err := f.send(t.Context(), a, "")
	require.NoError(t, err)
	sent := f.requests[len(f.requests)-1].form
	assert.Equal(t, "refresh_token", sent.Get("grant_type"))
	assert.Equal(t, f.srv.URL+"/mcp", sent.Get("resource"))
}

// A token can end by itself, or be refused before that. Either way the person is asked only if the refresh token is
// refused.
func TestRefreshThatFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		body   string
		asks   bool
	}{
		"invalid grant":                {400, `{"error":"invalid_grant"}`, true},
		"invalid client":               {401, `{"error":"invalid_client"}`, true},
		"unauthorized client":          {400, `{"error":"unauthorized_client"}`, true},
		"invalid request":              {400, `{"error":"invalid_request"}`, true},
		"bare 400":                     {400, ``, true},
		"bare 401":                     {401, `Unauthorized`, true},
		"forbidden":                    {403, `{"error":"access_denied"}`, true},
		"invalid grant in 200":         {200, `{"error":"invalid_grant"}`, true},
		"unavailable":                  {503, ``, false},
		"unavailable, with a code":     {503, `{"error":"invalid_grant"}`, false},
		"internal error":               {500, `{"error":"server_error"}`, false},
		"bad gateway":                  {502, `<html>`, false},
		"too many requests":            {429, `{"error":"slow_down"}`, false},
		"request timeout":              {408, ``, false},
		"temporarily unavailable, 400": {400, `{"error":"temporarily_unavailable"}`, false},
		"page":                         {200, `<html>Sign in</html>`, false},
		"empty":                        {200, ``, false},
		"token of another type":        {200, `{"access_token":"x","token_type":"DPoP"}`, false},
	} {
		for when, end := range map[string]func(*testing.T, *fakeServer) *Authorizer{
			"refused": func(t *testing.T, f *fakeServer) *Authorizer {
				a := f.signIn(t)
				f.revoke(false)
				return a
			},
			"expired": func(t *testing.T, f *fakeServer) *Authorizer {
				f.life = -1
				a := f.signIn(t)
				f.set(func() { f.life = 3600 })
				return a
			},
		} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				f := startFakeServer(t)
				a := end(t, f)
				f.onRefresh(tt.status, tt.body)
				status, err := f.send(t.Context(), a, "")
				consents, _ := f.counts()
				if tt.asks {
					require.NoError(t, err)
					assert.Equal(t, 200, status)
					assert.Equal(t, 2, consents)
					return
				}
				require.ErrorContains(t, err, "interchange: OAuth: no token: ")
				assert.NotErrorIs(t, err, client.ErrUnauthorized)
				assert.Equal(t, 1, consents, "nobody is asked")

				// Once it is available again, the same refresh token does.
				f.set(func() { f.onToken = nil })
				flow := a.hidden()
				flow.mu.Lock()
				flow.renewErrEnd, flow.consentEnd = flow.renewErrEnd.AddDate(-1, 0, 0), flow.consentEnd.AddDate(-1, 0, 0)
				flow.mu.Unlock()
				status, err = f.send(t.Context(), a, "")
				require.NoError(t, err)
				assert.Equal(t, 200, status)
				consents, _ = f.counts()
				assert.Equal(t, 1, consents)
			})
		}
	}
}

func TestRefreshThatCannotConnect(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	a := f.signIn(t)
	f.revoke(false)
	token, resp, err := f.call(t.Context(), a, "")
	require.NoError(t, err)
	f.srv.Close()
	_, err = a.Authorize(t.Context(), token, resp)
	require.EqualError(t, err, "interchange: OAuth: no token: cannot connect to the authorization server")
}

// RFC 6749 §6: a response without a refresh token leaves the old one valid.
func TestRefreshTokenThatStays(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	a := f.signIn(t)
	f.set(func() { f.noRefresh = true })
	for range 3 {
		a.hidden().forced = client.Token{}
		f.revoke(false)
		status, err := f.send(t.Context(), a, "")
		require.NoError(t, err)
		assert.Equal(t, 200, status)
	}
	consents, renewals := f.counts()
	assert.Equal(t, []int{1, 3}, []int{consents, renewals})
}

func TestTokenResponses(t *testing.T) {
	t.Parallel()
	const (
		refused    = "the token is not a bearer token: 200"
		unreadable = "the token endpoint's response cannot be read: 200"
	)
	for name, tt := range map[string]struct{ body, fails string }{
		"Bearer":                     {`{"access_token":"good","token_type":"Bearer"}`, ""},
		"bearer":                     {`{"access_token":"good","token_type":"bearer"}`, ""},
		"BEARER":                     {`{"token_type":"BEARER","access_token":"good"}`, ""},
		"no type":                    {`{"access_token":"good"}`, ""},
		"null type":                  {`{"access_token":"good","token_type":null}`, ""},
		"empty type":                 {`{"access_token":"good","token_type":""}`, ""},
		"byte order mark":            {"\ufeff" + `{"access_token":"good"}`, ""},
		"life as text":               {`{"access_token":"good","expires_in":"3600"}`, ""},
		"life with a fraction":       {`{"access_token":"good","expires_in":3600.5}`, ""},
		"life of another type":       {`{"access_token":"good","expires_in":{}}`, ""},
		"endless life":               {`{"access_token":"good","expires_in":1e400}`, ""},
		"scope as a list":            {`{"access_token":"good","scope":["read","write"]}`, ""},
		"error that is empty":        {`{"error":null,"access_token":"good"}`, ""},
		"error that is false":        {`{"error":false,"access_token":"good"}`, ""},
		"error that is {}":           {`{"error":{},"access_token":"good"}`, ""},
		"DPoP":                       {`{"access_token":"good","token_type":"DPoP"}`, refused},
		"mac":                        {`{"access_token":"good","token_type":"mac"}`, refused},
		"N_A":                        {`{"access_token":"good","token_type":"N_A"}`, refused},
		"Bearer and more":            {`{"access_token":"good","token_type":"Bearer DPoP"}`, refused},
		"type that is a number":      {`{"access_token":"good","token_type":5}`, refused},
		"type that is a list":        {`{"access_token":"good","token_type":["Bearer"]}`, refused},
		"type that is false":         {`{"access_token":"good","token_type":false}`, refused},
		"error next to a token":      {`{"access_token":"good","error":"x"}`, "the token endpoint refused: 200: x"},
		"error object":               {`{"access_token":"good","error":{"code":"x"}}`, "the response is an error: 200"},
		"sentence as an error":       {`{"access_token":"good","error":"No canary today"}`, "the response is an error: 200"},
		"no token":                   {`{"token_type":"Bearer"}`, "the response has no access_token: 200"},
		"token that is a number":     {`{"access_token":7}`, "the response has no access_token: 200"},
		"token with a line break":    {`{"access_token":"a\r\nb"}`, "the access token cannot stand in a header"},
		"HTML":                       {`<html>canary</html>`, unreadable},
		"list":                       {`[{"access_token":"good"}]`, unreadable},
		"empty":                      {``, unreadable},
		"two tokens of the one name": {`{"access_token":"good","access_token":"bad"}`, unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFakeServer(t)
			f.access["good"] = "read"
			f.onToken = func(w http.ResponseWriter, r *http.Request) bool {
				page(200, "application/json", tt.body)(w, r)
				return true
			}
			status, err := f.send(t.Context(), newAuthorizer(t, Config{OpenBrowser: browse}), "")
			if tt.fails == "" {
				require.NoError(t, err)
				assert.Equal(t, 200, status)
				return
			}
			require.EqualError(t, err, "interchange: OAuth: no consent: "+tt.fails)
		})
	}
}

// A handler of the library accepts tokens of every type.
func TestHandlerWithATokenThatIsNoBearerToken(t *testing.T) {
	t.Parallel()
	for kind, accepted := range map[string]bool{"": true, "Bearer": true, "bearer": true, "DPoP": false, "mac": false} {
		a, err := FromHandler(fixedToken{oauth2.Token{AccessToken: "x", TokenType: kind}})
		require.NoError(t, err)
		token, err := a.Token(t.Context())
		if accepted {
			require.NoError(t, err)
			assert.Equal(t, "x", token.Reveal())
		} else {
			require.EqualError(t, err, "interchange: OAuth: no token: the token is not a bearer token", kind)
		}
	}
}

type fixedToken struct{ token oauth2.Token }

func (h fixedToken) TokenSource(context.Context) (oauth2.TokenSource, error) {
	return oauth2.StaticTokenSource(&h.token), nil
}

func (h fixedToken) Authorize(context.Context, *http.Request, *http.Response) error { return nil }

// An endpoint that quotes its request does not bring the credential into the error.
func TestErrorCodeQuotesNoCredential(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	f.onToken = func(w http.ResponseWriter, r *http.Request) bool {
		f.json(w, 400, map[string]string{"error": r.Form.Get("code")})
		return true
	}
	f.code = canarySecret
	_, err := f.send(t.Context(), newAuthorizer(t, Config{OpenBrowser: browse}), "")
	require.EqualError(t, err, "interchange: OAuth: no consent: the token endpoint refused: 400")
}

// RFC 6749 §5.1: a response without scope grants what was requested.
func TestStepUpKeepsScopesThatWereNotListed(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	f.onToken = func(w http.ResponseWriter, r *http.Request) bool {
		f.set(func() { f.access["good"+r.Form.Get("code")] = f.codes[r.Form.Get("code")].Get("scope") })
		f.json(w, 200, map[string]any{"access_token": "good" + r.Form.Get("code")})
		return true
	}
	a := f.signIn(t)
	status, err := f.send(t.Context(), a, "?want=write")
	require.NoError(t, err)
	assert.Equal(t, 200, status)
	assert.Equal(t, "offline_access read write", f.consents[1].Get("scope"))
}

// A young token that is refused is replaced once, because the authorization server may have changed. A platform that
// refuses every token costs no token request or question for each call.
func TestYoungTokenIsReplacedOnce(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	a := newAuthorizer(t, Config{OpenBrowser: browse})
	a.hidden().minAge = time.Hour
	status, err := f.send(t.Context(), a, "")
	require.NoError(t, err)
	require.Equal(t, 200, status)
	f.revoke(false)
	status, err = f.send(t.Context(), a, "")
	require.NoError(t, err)
	require.Equal(t, 200, status, "replaced once")
	consents, renewals := f.counts()
	f.revoke(false)
	for range 5 {
		status, err := f.send(t.Context(), a, "")
		require.NoError(t, err)
		assert.Equal(t, 401, status)
	}
	consentsAfter, renewalsAfter := f.counts()
	assert.Equal(t, []int{consents, renewals}, []int{consentsAfter, renewalsAfter})

	// A scope that is missing is asked for whatever the age of the token.
	a.hidden().minAge = 0
	status, err = f.send(t.Context(), a, "")
	require.NoError(t, err)
	require.Equal(t, 200, status, "the token is replaced once it is old enough")
	a.hidden().minAge = time.Hour
	status, err = f.send(t.Context(), a, "?want=write")
	require.NoError(t, err)
	assert.Equal(t, 200, status)
}

func TestBindKeepsTokensOnOneBaseURL(t *testing.T) {
	t.Parallel()
	connect := func(base string) *client.Client {
		c, err := client.New(client.WithEnvironment(client.BaseURL(base)), client.WithToken(client.Anonymous()))
		require.NoError(t, err)
		return c
	}
	a, err := New(Config{OpenBrowser: neverBrowse(t)})
	require.NoError(t, err)
	require.NoError(t, a.Bind(connect("https://one.example")))
	require.NoError(t, a.Bind(connect("https://one.example")))
	require.ErrorContains(t, a.Bind(connect("https://two.example")), "another base URL")
	require.ErrorContains(t, new(Authorizer).Bind(connect("https://one.example")), "must be made with New")
	_, err = FromHandler(nil)
	require.ErrorContains(t, err, "the handler is nil")
}
