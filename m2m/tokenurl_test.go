package m2m_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/m2m"
)

func TestTokenURLIsChecked(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://Identity.EXAMPLE/Token?a=B": "https://identity.example/Token?a=B",
		"HTTPS://identity.example:8443/t":    "https://identity.example:8443/t",
		"http://LOCALHOST:8080/t":            "http://localhost:8080/t",
		"http://[::1]:8080/t":                "http://[::1]:8080/t",
		"https://x:99999/canary":             "",
		"https://x:0/canary":                 "",
		"https://x:/canary":                  "",
		"https://xn--/canary":                "",
		"https://-a.example/canary":          "",
		"https://a..example/canary":          "",
		"https://[1.2.3.4]/canary":           "",
		"https://a b/canary":                 "",
	} {
		sent := ""
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			sent = r.URL.String()
			return nil, io.EOF
		})
		s, err := m2m.New(m2m.Config{
			ClientID: "app_1", ClientSecret: m2m.NewSecret("hush-hush"), TokenURL: given, Transport: once{mock},
		})
		if want == "" {
			require.ErrorContains(t, err, "the token URL", given)
			assert.NotContains(t, err.Error(), "canary")
			continue
		}
		require.NoError(t, err, given)
		_, err = s.Token(t.Context())
		require.Error(t, err)
		s.Close()
		assert.Equal(t, want, sent, given)
	}
}

// once responds with a permanent failure.
type once struct{ next http.RoundTripper }

func (o once) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = o.next.RoundTrip(r)
	return &http.Response{
		StatusCode: http.StatusBadRequest, Header: http.Header{}, Request: r,
		Body: io.NopCloser(strings.NewReader(`{"error":"invalid_request"}`)),
	}, nil
}
