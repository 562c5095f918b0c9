package netfailure

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLoopbackIsNeverProxied(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://proxy.example:3128")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "direct")
	}))
	defer server.Close()
	var proxied atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		proxied.Add(1)
		_, _ = io.WriteString(w, "proxied")
	}))
	defer proxy.Close()
	at, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	transport := &http.Transport{Proxy: http.ProxyURL(at)}
	defer transport.CloseIdleConnections()
	rt := Direct(transport)
	port := server.URL[strings.LastIndexByte(server.URL, ':'):]
	for host, want := range map[string]string{
		"127.0.0.1": "direct", "localhost": "direct", "LOCALHOST": "direct", "LocalHost": "direct",
		"platform.example": "proxied",
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+port, http.NoBody)
		require.NoError(t, err)
		resp, err := rt.RoundTrip(req)
		require.NoError(t, err, host)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, want, string(body), host)
		used, err := ProxyOf(transport, req)()
		require.NoError(t, err)
		assert.Equal(t, want == "proxied", used != nil, host)
		if want == "direct" {
			fromEnv, err := ProxyFromEnvironment(req)
			require.NoError(t, err)
			assert.Nil(t, fromEnv, host)
		}
	}
	assert.EqualValues(t, 1, proxied.Load())
}

func TestDirectKeepsOtherTransports(t *testing.T) {
	t.Parallel()
	rt := roundTripper{}
	assert.Equal(t, http.RoundTripper(rt), Direct(rt))
}

type roundTripper struct{}

func (roundTripper) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.EOF }
