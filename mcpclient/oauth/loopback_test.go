package oauth

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLoopbackTakesOneRedirect(t *testing.T) {
	t.Parallel()
	receiver, err := freeLoopback()
	require.NoError(t, err)
	get := func(ctx context.Context, method, path string, query url.Values) (int, string) {
		req, err := http.NewRequestWithContext(ctx, method, "http://127.0.0.1:"+receiver.port+path+"?"+query.Encode(), nil)
		require.NoError(t, err)
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
		return resp.StatusCode, string(body)
	}
	good := url.Values{"state": {"s"}, "code": {"c<script>"}, "iss": {"i"}}
	for range 2 { // it can be used again
		seen := make(chan struct{})
		require.NoError(t, receiver.listen(t.Context()))
		got, err := receiver.await(t.Context(), func(ctx context.Context, u string) error {
			defer close(seen)
			assert.Equal(t, "https://example.com/authorize?state=s", u)
			for _, tt := range []struct {
				method, path string
				query        url.Values
				status       int
			}{
				{"GET", "/favicon.ico", nil, 404},
				{"GET", "/callback/", good, 404},
				{"POST", "/callback", good, 405},
				{"GET", "/callback", nil, 400},
				{"GET", "/callback", url.Values{"state": {"other"}, "code": {"c"}}, 400},
				{"GET", "/callback", url.Values{"error": {"access_denied"}}, 400},
				{"GET", "/callback", url.Values{"state": {"s"}}, 400},
				{"GET", "/callback", good, 200},
			} {
				status, body := get(ctx, tt.method, tt.path, tt.query)
				assert.Equal(t, tt.status, status, "%+v", tt)
				assert.NotContains(t, body, "script")
				if status == 200 {
					assert.Contains(t, body, "close this window")
				}
			}
			return nil
		}, "https://example.com/authorize?state=s")
		require.NoError(t, err)
		<-seen
		assert.Equal(t, &auth.AuthorizationResult{Code: "c<script>", State: "s", Iss: "i"}, got)
	}
}

func TestLoopbackTakesNoSecond(t *testing.T) {
	t.Parallel()
	h := &callbackHandler{path: "/callback", state: "s", received: make(chan url.Values, 1)}
	answered := map[int]int{}
	for range 3 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/callback?state=s&code=c", nil)
		require.NoError(t, err)
		w := &statusWriter{header: http.Header{}, status: http.StatusOK}
		h.ServeHTTP(w, req)
		answered[w.status]++
	}
	assert.Equal(t, map[int]int{200: 1, 410: 2}, answered)
	assert.Len(t, h.received, 1)
}

type statusWriter struct {
	header http.Header
	status int
}

func (w *statusWriter) Header() http.Header         { return w.header }
func (w *statusWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *statusWriter) WriteHeader(status int)      { w.status = status }

func TestLoopbackPortTaken(t *testing.T) {
	t.Parallel()
	first, err := freeLoopback()
	require.NoError(t, err)
	require.NoError(t, first.listen(t.Context()))
	defer first.close()

	given, ok := parseLoopback(first.url())
	require.True(t, ok)
	var failed *Error
	require.ErrorAs(t, given.listen(t.Context()), &failed)
	require.ErrorContains(t, failed, "cannot be listened on")
	assert.Equal(t, first.url(), given.url())

	chosen := &loopbackReceiver{host: first.host, port: first.port, path: first.path, free: true}
	require.NoError(t, chosen.listen(t.Context()))
	defer chosen.close()
	assert.NotEqual(t, first.url(), chosen.url())
	assert.Equal(t, chosen.listener.Addr().String(), chosen.address())
}
