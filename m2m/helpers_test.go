package m2m_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/m2m"
)

const (
	clientID     = "app_EXAMPLE"
	clientSecret = "9c8d7e6f5a4b3c2d1e0f canary+&=%"
)

// endpoint is a token endpoint in memory that records the requests.
type endpoint struct {
	t       *testing.T
	respond func(n int, req *http.Request) (*http.Response, error)

	mu    sync.Mutex
	asked int
	forms []url.Values
}

func (e *endpoint) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	assert.NoError(e.t, err)
	form, err := url.ParseQuery(string(body))
	assert.NoError(e.t, err)
	e.mu.Lock()
	e.asked++
	n := e.asked
	e.forms = append(e.forms, form)
	e.mu.Unlock()
	return e.respond(n, req)
}

func (e *endpoint) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.asked
}

// reply returns a response of the token endpoint; headers are pairs of name and value.
func reply(status int, body string, headers ...string) (*http.Response, error) {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// granted responds to each request with another token that has the given life.
func granted(life string) func(int, *http.Request) (*http.Response, error) {
	return func(n int, _ *http.Request) (*http.Response, error) {
		return reply(200, fmt.Sprintf(`{"access_token":"token-%d","token_type":"Bearer","expires_in":%s}`, n, life))
	}
}

// newGranting returns a source whose endpoint grants another token each time.
func newGranting(t *testing.T, life string) (*m2m.Source, *endpoint) {
	t.Helper()
	return newSource(t, granted(life)) //nolint:bodyclose // the source closes it
}

func newSource(t *testing.T, respond func(int, *http.Request) (*http.Response, error)) (*m2m.Source, *endpoint) {
	t.Helper()
	e := &endpoint{t: t, respond: respond}
	s, err := m2m.New(m2m.Config{
		ClientID: clientID, ClientSecret: m2m.NewSecret(clientSecret),
		Scopes: []m2m.Scope{m2m.ScopeRead, m2m.ScopeWrite}, Transport: e,
	})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s, e
}

// wantToken requires the n-th token of granted.
func wantToken(t *testing.T, s *m2m.Source, n int) {
	t.Helper()
	token, err := s.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, fmt.Sprintf("token-%d", n), token.Reveal())
}

func opaque(t *testing.T, s string) client.Token {
	t.Helper()
	token, err := client.ParseOpaqueToken(s)
	require.NoError(t, err)
	return token
}
