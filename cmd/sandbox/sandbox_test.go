package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestParseFault(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]sandbox.Fault{
		"":                       {},
		"status=429":             {Status: 429},
		"GET /health status=500": {Method: "GET", Route: "/health", Status: 500},
		"/health kind=reset-after times=2 after=3 delay=20ms": {
			Route: "/health", Kind: sandbox.FaultResetAfter, Times: 2, After: 3, Delay: 20 * time.Millisecond,
		},
		"rpc=tools/call+health rate=0.5 seat=seat_101": {RPC: "tools/call health", Rate: 0.5, Seat: "seat_101"},
		"retry-after=7 location=/x size=9":             {RetryAfter: "7", Location: "/x", Size: 9},
	} {
		got, err := parseFault(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for text, problem := range map[string]string{
		"/a /b":          "is neither a method, a path, nor key=value",
		"get /a":         "is neither",
		"status=99":      "an integer from 200 to 599",
		"rate=0":         "above 0 and at most 1",
		"kind=explosion": "unknown kind",
		"speed=1":        "unknown key",
		"delay=fast":     "invalid duration",
	} {
		_, err := parseFault(text)
		require.ErrorContains(t, err, problem, text)
	}
}

func FuzzParseFault(f *testing.F) {
	f.Add("GET /health status=500 rate=0.5")
	f.Fuzz(func(t *testing.T, text string) {
		fault, err := parseFault(text)
		if err == nil && fault.Status != 0 {
			assert.True(t, fault.Status >= 200 && fault.Status <= 599)
		}
	})
}

func TestParseLimit(t *testing.T) {
	t.Parallel()
	got, err := parseLimit("200/1s,burst=50")
	require.NoError(t, err)
	assert.Equal(t, sandbox.RateLimit{Requests: 200, Window: time.Second, Burst: 50}, got)
	for _, text := range []string{"", "100", "0/1m", "1/0s", "1/1m,burst=0", "x/1m"} {
		_, err := parseLimit(text)
		assert.Error(t, err, text)
	}
}

// running is the command with a client.
type running struct {
	url, token string
	http       *http.Client
}

func start(t *testing.T, args ...string) running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, printed := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), printed, io.Discard)
		_ = printed.CloseWithError(io.EOF)
		ended <- err
	}()
	values := make(map[string]string)
	buffer := make([]byte, 4096)
	n, err := out.Read(buffer)
	require.NoError(t, err)
	for line := range strings.Lines(string(buffer[:n])) {
		name, value, _ := strings.Cut(line, "  ")
		values[name] = strings.TrimSpace(value)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		cancel()
		require.NoError(t, <-ended)
	})
	return running{url: values["url"], token: values["token"], http: &http.Client{Transport: transport}}
}

func (r running) do(t *testing.T, method, path string, header http.Header, form url.Values) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, values := range header {
		req.Header[name] = values
	}
	if host := header.Get("Host"); host != "" {
		req.Host = host
	}
	resp, err := r.http.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	content := new(bytes.Buffer)
	_, err = content.ReadFrom(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, content.String()
}

func TestPageShowsRequestsAndViolations(t *testing.T) {
	t.Parallel()
	srv := start(t, "-fault", "GET /api/v2/service-tokens status=503 times=1")
	bearer := http.Header{"Authorization": {"Bearer " + srv.token}}

	status, _ := srv.do(t, "GET", "/api/v2/service-tokens", bearer, nil)
	assert.Equal(t, 503, status)
	status, _ = srv.do(t, "GET", "/api/v2/service-tokens?unheard=<b>of</b>", bearer, nil)
	assert.Equal(t, 200, status)

	status, page := srv.do(t, "GET", "/", nil, nil)
	require.Equal(t, 200, status)
	assert.Contains(t, page, "GET /api/v2/service-tokens")
	assert.Contains(t, page, "<td>1</td>", "hits of the fault")
	assert.Contains(t, page, "unheard")
	assert.NotContains(t, page, "<b>of</b>")
	assert.NotContains(t, page, srv.token)
}

func TestControlsChangeFaultsAndLimits(t *testing.T) {
	t.Parallel()
	srv := start(t)
	bearer := http.Header{"Authorization": {"Bearer " + srv.token}}

	_, page := srv.do(t, "POST", "/_/faults", nil, url.Values{"fault": {"GET /api/v2/service-tokens status=502"}})
	assert.Contains(t, page, "status=502")
	status, _ := srv.do(t, "GET", "/api/v2/service-tokens", bearer, nil)
	assert.Equal(t, 502, status)

	srv.do(t, "POST", "/_/faults/clear", nil, url.Values{})
	srv.do(t, "POST", "/_/limit", nil, url.Values{"limit": {"1/1h"}})
	status, _ = srv.do(t, "GET", "/api/v2/service-tokens", bearer, nil)
	assert.Equal(t, 200, status)
	status, _ = srv.do(t, "GET", "/api/v2/service-tokens", bearer, nil)
	assert.Equal(t, 429, status)

	_, page = srv.do(t, "POST", "/_/limit", nil, url.Values{"limit": {"much"}})
	assert.Contains(t, page, `role="alert"`)
	_, page = srv.do(t, "POST", "/_/requests/clear", nil, url.Values{})
	assert.Contains(t, page, "No requests yet.")
}

func TestPageRefusesOtherSites(t *testing.T) {
	t.Parallel()
	srv := start(t)
	status, _ := srv.do(t, "POST", "/_/faults", http.Header{"Origin": {"https://elsewhere.example"}},
		url.Values{"fault": {""}})
	assert.Equal(t, 403, status)
	status, _ = srv.do(t, "GET", "/", http.Header{"Host": {"rebound.example"}}, nil)
	assert.Equal(t, 403, status)
}

func TestAddressMustBeLoopback(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":8787", "localhost", "192.0.2.1:80"} {
		err := run(t.Context(), []string{"-addr", addr}, io.Discard, io.Discard)
		assert.ErrorContains(t, err, "address", addr)
	}
}
