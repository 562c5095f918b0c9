package mcpclient

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/m2m"
)

// registered replaces the registration page by one with a fixed response. Any redirect URL is accepted.
func (f *fakeOAuth) registered(status int, body string) {
	f.pages["/register"] = func(w http.ResponseWriter, r *http.Request) {
		page(status, "application/json", body)(w, r)
	}
	f.anyRedirect = true
}

func TestOAuthReadsRegistrations(t *testing.T) {
	t.Parallel()
	const basic = "Basic "
	for name, tt := range map[string]struct {
		body, methods string
		id, secret    string // in the form
		authorization string
	}{
		"public":                       {`{"client_id":"abc","token_endpoint_auth_method":"none"}`, "", "abc", "", ""},
		"no method":                    {`{"client_id":"abc"}`, "", "abc", "", ""},
		"null method":                  {`{"client_id":"abc","token_endpoint_auth_method":null,"client_secret":null}`, "", "abc", "", ""},
		"empty secret":                 {`{"client_id":"abc","client_secret":""}`, "", "abc", "", ""},
		"Basic without a secret":       {`{"client_id":"abc","token_endpoint_auth_method":"client_secret_basic"}`, "", "abc", "", ""},
		"post without a secret":        {`{"client_id":"abc","token_endpoint_auth_method":"client_secret_post"}`, "", "abc", "", ""},
		"numeric id":                   {`{"client_id":12345678901234567890}`, "", "12345678901234567890", "", ""},
		"dates as text":                {`{"client_id":"abc","client_id_issued_at":"2026-01-01T00:00:00Z","client_secret_expires_at":"never"}`, "", "abc", "", ""},
		"dates as quoted numbers":      {`{"client_id":"abc","client_id_issued_at":"1700000000","client_secret_expires_at":"0"}`, "", "abc", "", ""},
		"dates with fractions":         {`{"client_id":"abc","client_id_issued_at":1700000000.5,"client_secret_expires_at":1e400}`, "", "abc", "", ""},
		"other members of other types": {`{"client_id":"abc","redirect_uris":"x","grant_types":{},"client_name":5,"logo_uri":[]}`, "", "abc", "", ""},
		"byte order mark":              {"\ufeff" + `{"client_id":"abc"}`, "", "abc", "", ""},
		"error that is null":           {`{"client_id":"abc","error":null}`, "", "abc", "", ""},
		"none with a secret":           {`{"client_id":"abc","client_secret":"s","token_endpoint_auth_method":"none"}`, "", "abc", "", ""},
		"post":                         {`{"client_id":"abc","client_secret":"s","token_endpoint_auth_method":"client_secret_post"}`, "", "abc", "s", ""},
		"Basic":                        {`{"client_id":"a b","client_secret":"s:","token_endpoint_auth_method":"client_secret_basic"}`, "", "", "", basic + "YStiOnMlM0E="},
		"numeric secret":               {`{"client_id":1,"client_secret":2,"token_endpoint_auth_method":"client_secret_post"}`, "", "1", "2", ""},
		"secret without a method":      {`{"client_id":"abc","client_secret":"s"}`, "client_secret_post", "abc", "s", ""},
		"secret, Basic supported":      {`{"client_id":"abc","client_secret":"s"}`, "client_secret_basic", "", "", basic + "YWJjOnM="},
		"secret, nothing known":        {`{"client_id":"abc","client_secret":"s"}`, "", "", "", basic + "YWJjOnM="},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFakeOAuth(t)
			f.metadata = map[string]any{"token_endpoint_auth_methods_supported": strings.Fields(tt.methods)}
			f.registered(http.StatusCreated, tt.body)
			a := f.signIn(t)
			f.revoke(false)
			_, err := f.send(t.Context(), a, "")
			require.NoError(t, err)
			require.Len(t, f.requests, 2, "a code and a refresh token")
			for _, sent := range f.requests {
				assert.Equal(t, tt.id, sent.form.Get("client_id"))
				assert.Equal(t, tt.secret, sent.form.Get("client_secret"))
				assert.Equal(t, tt.authorization, sent.authorization)
			}
		})
	}
}

func TestOAuthRegistrationThatFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status     int
		body, text string
	}{
		"no id":         {201, `{"client_name":"x"}`, ""},
		"id of a type":  {201, `{"client_id":{"canary":1}}`, ""},
		"HTML":          {201, `<html>canary`, ": 201"},
		"error":         {400, `{"error":"invalid_redirect_uri","error_description":"canary"}`, ": 400: invalid_redirect_uri"},
		"error in 200":  {200, `{"error":"invalid_client_metadata"}`, ": invalid_client_metadata"},
		"error of text": {403, `canary`, ": 403"},
		"unavailable":   {503, ``, ": 503"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFakeOAuth(t)
			f.registered(tt.status, tt.body)
			_, err := f.send(t.Context(), newAuthorizer(t, OAuth{OpenBrowser: neverBrowse(t)}), "")
			require.EqualError(t, err, "interchange: OAuth: no consent: the client could not be registered"+tt.text)
		})
	}
}

// A client with a metadata document, or registered beforehand without a secret, is public: it sends its id alone.
func TestOAuthPublicClientSendsNoBasicHeader(t *testing.T) {
	t.Parallel()
	const document = "https://app.example/client.json"
	for name, tt := range map[string]struct {
		cfg OAuth
		id  string
	}{
		"metadata document":     {OAuth{ClientMetadataURL: document}, document},
		"registered beforehand": {OAuth{ClientID: "known"}, "known"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFakeOAuth(t)
			f.anyRedirect = true
			f.metadata = map[string]any{"client_id_metadata_document_supported": true, "token_endpoint_auth_methods_supported": nil}
			tt.cfg.OpenBrowser = browse
			_, err := f.send(t.Context(), newAuthorizer(t, tt.cfg), "")
			require.NoError(t, err)
			require.Len(t, f.requests, 1)
			assert.Empty(t, f.requests[0].authorization)
			assert.Equal(t, tt.id, f.requests[0].form.Get("client_id"))
			assert.NotContains(t, f.requests[0].form, "client_secret")
		})
	}
}

// A server that does not state how a client proves itself is asked with Basic, then with the form.
func TestOAuthSecretIsSentAsTheServerTakesIt(t *testing.T) {
	t.Parallel()
	f := newFakeOAuth(t)
	f.anyRedirect = true
	f.metadata = map[string]any{"token_endpoint_auth_methods_supported": nil}
	f.onToken = func(w http.ResponseWriter, r *http.Request) bool {
		if r.PostForm.Get("client_secret") == canarySecret {
			return false
		}
		f.json(w, 401, map[string]string{"error": "invalid_client"})
		return true
	}
	a := newAuthorizer(t, OAuth{OpenBrowser: browse, ClientID: "known", ClientSecret: m2m.NewSecret(canarySecret), Issuer: f.srv.URL + "/"})
	_, err := f.send(t.Context(), a, "")
	require.NoError(t, err)
	require.Len(t, f.requests, 2)
	assert.NotEmpty(t, f.requests[0].authorization)
	f.revoke(false)
	_, err = f.send(t.Context(), a, "")
	require.NoError(t, err)
	assert.Len(t, f.requests, 3, "Basic is not tried again")
}

// The platform's metadata is not enough to be given the secret of a client.
func TestOAuthSecretGoesToTheIssuerOnly(t *testing.T) {
	t.Parallel()
	sign := func(t *testing.T, f *fakeOAuth, issuer string) error {
		_, err := f.send(t.Context(), newAuthorizer(t, OAuth{
			OpenBrowser: browse, ClientID: "known", ClientSecret: m2m.NewSecret(canarySecret), Issuer: issuer,
		}), "")
		return err
	}
	setUp := func(t *testing.T) (f, evil *fakeOAuth) {
		f, evil = newFakeOAuth(t), newFakeOAuth(t)
		f.anyRedirect, evil.anyRedirect = true, true
		return f, evil
	}
	const refused = "interchange: OAuth: no consent: the platform names another authorization server than Issuer"
	t.Run("second of two", func(t *testing.T) {
		t.Parallel()
		f, evil := setUp(t)
		f.pages[resourcePage] = page(200, "application/json", resourceDocumentOf(f.srv.URL+"/mcp", evil.srv.URL, f.srv.URL))
		require.NoError(t, sign(t, f, f.srv.URL))
		assert.Empty(t, evil.visits)
	})
	t.Run("not named", func(t *testing.T) {
		t.Parallel()
		f, evil := setUp(t)
		f.pages[resourcePage] = page(200, "application/json", resourceDocumentOf(f.srv.URL+"/mcp", evil.srv.URL))
		require.EqualError(t, sign(t, f, f.srv.URL), refused)
		assert.Empty(t, evil.visits)
	})
	t.Run("without metadata", func(t *testing.T) {
		t.Parallel()
		f, evil := setUp(t)
		f.pages = map[string]http.HandlerFunc{resourcePage: http.NotFound, rootPage: http.NotFound}
		f.challenge = "Bearer"
		require.EqualError(t, sign(t, f, evil.srv.URL), refused)
		assert.Empty(t, evil.visits)
		assert.Empty(t, f.requests)
	})
	t.Run("another that claims to be it", func(t *testing.T) {
		t.Parallel()
		f, evil := setUp(t)
		f.pages[resourcePage] = page(200, "application/json", resourceDocumentOf(f.srv.URL+"/mcp", evil.srv.URL))
		evil.metadata = map[string]any{"issuer": f.srv.URL}
		require.EqualError(t, sign(t, f, f.srv.URL), refused)
		assert.Empty(t, evil.requests)
	})
	t.Run("issuer that names another", func(t *testing.T) {
		t.Parallel()
		f, evil := setUp(t)
		f.metadata = map[string]any{"issuer": evil.srv.URL}
		require.EqualError(t, sign(t, f, f.srv.URL), "interchange: OAuth: no consent: the authorization server says it is another")
		assert.Empty(t, f.requests)
	})
}

func TestOAuthIssuerInTheRedirect(t *testing.T) {
	t.Parallel()
	const (
		unnamed = "interchange: OAuth: no consent: the redirect does not name its issuer, although the authorization server announced it"
		foreign = "interchange: OAuth: no consent: the redirect comes from another authorization server"
	)
	for _, tt := range []struct {
		iss        string
		advertised any
		fails      string
	}{
		{"ISSUER", true, ""},
		{"ISSUER", false, ""},
		{"ISSUER", nil, ""},
		{"", false, ""},
		{"", nil, ""},
		{"", true, unnamed},
		{"ISSUER/", true, foreign},
		{"ISSUER/", false, foreign},
		{"https://evil.example", true, foreign},
		{"https://evil.example", false, foreign},
	} {
		f := newFakeOAuth(t)
		iss := strings.ReplaceAll(tt.iss, "ISSUER", f.srv.URL)
		f.iss, f.metadata = &iss, map[string]any{"authorization_response_iss_parameter_supported": tt.advertised}
		_, err := f.send(t.Context(), newAuthorizer(t, OAuth{OpenBrowser: browse}), "")
		if tt.fails == "" {
			require.NoError(t, err, "%v", tt)
			continue
		}
		require.EqualError(t, err, tt.fails, "%v", tt)
		require.ErrorIs(t, err, err)
		assert.NotErrorIs(t, err, client.ErrUnauthorized)
		assert.Empty(t, f.requests, "no code is sent")
	}
}
