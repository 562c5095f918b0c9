package oauth

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/m2m"
)

// registered replaces the registration page by one with a fixed response. Any redirect URL is accepted.
func (f *fakeServer) registered(status int, body string) {
	f.pages["/register"] = func(w http.ResponseWriter, r *http.Request) {
		page(status, "application/json", body)(w, r)
	}
	f.anyRedirect = true
}

func TestRegistersAPublicClient(t *testing.T) {
	t.Parallel()
	for name, members := range map[string]string{
		"method none":             `"token_endpoint_auth_method":"none"`,
		"no method":               `"client_name":"x"`,
		"null method":             `"token_endpoint_auth_method":null,"client_secret":null`,
		"empty secret":            `"client_secret":""`,
		"Basic without a secret":  `"token_endpoint_auth_method":"client_secret_basic"`,
		"post without a secret":   `"token_endpoint_auth_method":"client_secret_post"`,
		"none with a secret":      `"client_secret":"s","token_endpoint_auth_method":"none"`,
		"dates as text":           `"client_id_issued_at":"2026-01-01T00:00:00Z","client_secret_expires_at":"never"`,
		"dates as quoted numbers": `"client_id_issued_at":"1700000000","client_secret_expires_at":"0"`,
		"dates with fractions":    `"client_id_issued_at":1700000000.5,"client_secret_expires_at":1e400`,
		"members of other types":  `"redirect_uris":"x","grant_types":{},"client_name":5,"logo_uri":[]`,
		"error that is null":      `"error":null`,
	} {
		for _, id := range []string{`"abc"`, "12345678901234567890"} {
			for _, mark := range []string{"", "\ufeff"} {
				t.Run(name+" "+id+mark, func(t *testing.T) {
					t.Parallel()
					f := startFakeServer(t)
					f.registered(http.StatusCreated, mark+`{"client_id":`+id+`,`+members+`}`)
					for _, sent := range f.signInAndRefresh(t) {
						assert.Equal(t, strings.Trim(id, `"`), sent.form.Get("client_id"))
						assert.NotContains(t, sent.form, "client_secret")
						assert.Empty(t, sent.authorization)
					}
				})
			}
		}
	}
}

func TestRegistersAClientWithASecret(t *testing.T) {
	t.Parallel()
	const basic = "Basic YSUzQStiOnMlMkY=" // a%3A+b:s%2F
	for name, tt := range map[string]struct {
		method, supported string
		basic             bool
	}{
		"post":             {`"client_secret_post"`, "", false},
		"Basic":            {`"client_secret_basic"`, "", true},
		"no method, post":  {`null`, "client_secret_post", false},
		"no method, Basic": {`null`, "client_secret_basic", true},
		"no method, both":  {`null`, "client_secret_basic client_secret_post", false},
		"nothing known":    {`null`, "", true},
		"another method":   {`"private_key_jwt"`, "private_key_jwt", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFakeServer(t)
			f.metadata = map[string]any{"token_endpoint_auth_methods_supported": strings.Fields(tt.supported)}
			f.registered(http.StatusOK, `{"client_id":"a: b","client_secret":"s/","token_endpoint_auth_method":`+tt.method+`}`)
			for _, sent := range f.signInAndRefresh(t) {
				if tt.basic {
					assert.Equal(t, basic, sent.authorization)
					assert.NotContains(t, sent.form, "client_secret")
				} else {
					assert.Empty(t, sent.authorization)
					assert.Equal(t, "a: b", sent.form.Get("client_id"))
					assert.Equal(t, "s/", sent.form.Get("client_secret"))
				}
			}
		})
	}
}

// signInAndRefresh returns the requests to the token endpoint: a code and a refresh token.
func (f *fakeServer) signInAndRefresh(t *testing.T) []recordedRequest {
	t.Helper()
	a := f.signIn(t)
	f.revoke(false)
	_, err := f.send(t.Context(), a, "")
	require.NoError(t, err)
	require.Len(t, f.requests, 2)
	return f.requests
}

func TestRegistrationThatFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status     int
		body, text string
	}{
		"error and id":  {201, `{"client_id":"abc","error":"invalid_client_metadata"}`, ": 201: invalid_client_metadata"},
		"error object":  {201, `{"client_id":"abc","error":{"canary":1}}`, ": 201"},
		"HTML":          {201, `<html>canary`, ": 201"},
		"error":         {400, `{"error":"invalid_redirect_uri","x":"canary"}`, ": 400: invalid_redirect_uri"},
		"error in 200":  {200, `{"error":"invalid_client_metadata"}`, ": 200: invalid_client_metadata"},
		"error of text": {403, `canary`, ": 403"},
		"unavailable":   {503, ``, ": 503"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFakeServer(t)
			f.registered(tt.status, tt.body)
			_, err := f.send(t.Context(), newAuthorizer(t, Config{OpenBrowser: neverBrowse(t)}), "")
			require.EqualError(t, err, "interchange: OAuth: no consent: the client could not be registered"+tt.text)
		})
	}
	for _, body := range []string{
		`{"client_name":"x"}`, `{"client_id":{"canary":1}}`, `{"client_id":""}`, `{"client_id":null}`,
	} {
		f := startFakeServer(t)
		f.registered(http.StatusCreated, body)
		_, err := f.send(t.Context(), newAuthorizer(t, Config{OpenBrowser: neverBrowse(t)}), "")
		require.EqualError(t, err, "interchange: OAuth: no consent: the registration has no client id")
	}
}

// A client with a metadata document, or registered beforehand without a secret, is public: it sends its id alone.
func TestPublicClientSendsNoBasicHeader(t *testing.T) {
	t.Parallel()
	const document = "https://app.example/client.json"
	for name, tt := range map[string]struct {
		cfg Config
		id  string
	}{
		"metadata document":     {Config{ClientMetadataURL: document}, document},
		"registered beforehand": {Config{ClientID: "known"}, "known"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFakeServer(t)
			f.anyRedirect = true
			f.metadata = map[string]any{
				"client_id_metadata_document_supported": true, "token_endpoint_auth_methods_supported": nil,
			}
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
func TestSecretIsSentAsTheServerTakesIt(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	f.anyRedirect = true
	f.metadata = map[string]any{"token_endpoint_auth_methods_supported": nil}
	f.onToken = func(w http.ResponseWriter, r *http.Request) bool {
		if r.PostForm.Get("client_secret") == canarySecret {
			return false
		}
		f.json(w, 401, map[string]string{"error": "invalid_client"})
		return true
	}
	a := newAuthorizer(t, Config{
		OpenBrowser: browse, ClientID: "known", ClientSecret: m2m.NewSecret(canarySecret), Issuer: f.srv.URL + "/",
	})
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
func TestSecretGoesToTheIssuerOnly(t *testing.T) {
	t.Parallel()
	sign := func(t *testing.T, f *fakeServer, issuer string) error {
		_, err := f.send(t.Context(), newAuthorizer(t, Config{
			OpenBrowser: browse, ClientID: "known", ClientSecret: m2m.NewSecret(canarySecret), Issuer: issuer,
		}), "")
		return err
	}
	setUp := func(t *testing.T) (f, evil *fakeServer) {
		f, evil = startFakeServer(t), startFakeServer(t)
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
		require.ErrorContains(t, sign(t, f, f.srv.URL), "no consent: the authorization server says it is another")
		assert.Empty(t, f.requests)
	})
}

func TestIssuerInTheRedirect(t *testing.T) {
	t.Parallel()
	const (
		unnamed = "no consent: the redirect does not name its issuer, as the authorization server announced"
		foreign = "no consent: the redirect comes from another authorization server"
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
		f := startFakeServer(t)
		iss := strings.ReplaceAll(tt.iss, "ISSUER", f.srv.URL)
		f.iss, f.metadata = &iss, map[string]any{"authorization_response_iss_parameter_supported": tt.advertised}
		_, err := f.send(t.Context(), newAuthorizer(t, Config{OpenBrowser: browse}), "")
		if tt.fails == "" {
			require.NoError(t, err, "%v", tt)
			continue
		}
		require.EqualError(t, err, "interchange: OAuth: "+tt.fails, "%v", tt)
		assert.Empty(t, f.requests, "no code is sent")
	}
}
