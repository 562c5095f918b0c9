package client_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
)

// optionsEcho answers and keeps the last request.
func optionsEcho(last **http.Request) connRoundTrip {
	return func(r *http.Request) (*http.Response, error) {
		*last = r
		return connAnswer(r, http.StatusOK, connOK), nil
	}
}

// TestOptionsAllAtOnce: New reports everything that is wrong with its options, not the first thing.
func TestOptionsAllAtOnce(t *testing.T) {
	_, err := client.New(
		client.WithEnvironment("ftp://canary.test"),
		client.WithKeyHeader("a b"),
		client.WithSeatHeader("Authorization"),
		client.WithApplication("", "1"),
		client.WithTransport(nil),
		client.WithLimiter(nil),
		client.WithHooks(nil),
		client.WithMaxBody(-1, 0),
		client.WithSeat(""),
		client.WithHeader("Cookie", "canary"),
		client.WithRetry(client.RetryPolicy{MaxAttempts: -1}),
		client.WithTimeout(0),
		nil,
	)
	require.Error(t, err)
	for _, part := range []string{
		"the base URL", "the key header", "the seat header", "the application", "the transport", "the limiter", "the hooks",
		"body limits", "seat must", "header Cookie is set by this package itself", "retry must", "timeout must",
		"a Client needs a credential",
	} {
		assert.Contains(t, err.Error(), part)
	}
	assert.NotContains(t, err.Error(), "canary")
	require.ErrorIs(t, err, client.ErrInvalidParams)
}

// TestOptionsInvalid: each on its own, for New, for With, and for a call where it may be given to one.
func TestOptionsInvalid(t *testing.T) {
	invalid := map[string]client.Option{
		"plain http":                   client.WithEnvironment(client.BaseURL("http://canary.test")),
		"unknown scheme":               client.WithEnvironment(client.BaseURL("ftp://canary.test")),
		"user in the URL":              client.WithEnvironment(client.BaseURL("https://canary@a.test")),
		"query in the URL":             client.WithEnvironment(client.BaseURL("https://a.test?canary=1")),
		"zero token":                   client.WithToken(client.Token{}),
		"nil source":                   client.WithTokenSource(nil),
		"no key header":                client.WithKeyHeader(""),
		"key header of net/http":       client.WithKeyHeader("content-length"),
		"seat of spaces":               client.WithSeat("  "),
		"key header with a space":      client.WithKeyHeader("x canary"),
		"key header with a break":      client.WithKeyHeader("x\r\ncanary"),
		"no seat header":               client.WithSeatHeader(""),
		"seat header with a colon":     client.WithSeatHeader("x:canary"),
		"seat header of the key":       client.WithSeatHeader("x-scope3-api-key"),
		"seat header of net/http":      client.WithSeatHeader("content-length"),
		"no application":               client.WithApplication("", ""),
		"application with a break":     client.WithApplication("canary\r\nX-Evil: 1", "1"),
		"application version in UTF-8": client.WithApplication("canary", "1…"),
		"nil transport":                client.WithTransport(nil),
		"nil limiter":                  client.WithLimiter(nil),
		"nil hooks":                    client.WithHooks(nil),
		"negative body limit":          client.WithMaxBody(-1, 0),
		"negative error body limit":    client.WithMaxBody(0, -1),
	}
	shared := map[string]client.SharedOption{
		"no seat":                   client.WithSeat(""),
		"seat with a break":         client.WithSeat("canary\r\nX-Evil: 1"),
		"seat in UTF-8":             client.WithSeat("canary\u00e9"),
		"header without a name":     client.WithHeader("", "canary"),
		"header with a space":       client.WithHeader("x y", "canary"),
		"header value with a break": client.WithHeader("X-A", "canary\nX-Evil: 1"),
		"header value with NUL":     client.WithHeader("X-A", "canary\x00"),
		"header value with DEL":     client.WithHeader("X-A", "canary\x7f"),
		"header value in Latin 1":   client.WithHeader("X-A", "canary\xe9"),
		"negative attempts":         client.WithRetry(client.RetryPolicy{MaxAttempts: -1}),
		"negative base delay":       client.WithRetry(client.RetryPolicy{BaseDelay: -1}),
		"negative backoff":          client.WithRetry(client.RetryPolicy{MaxBackoff: -1}),
		"negative delay":            client.WithRetry(client.RetryPolicy{MaxDelay: -1}),
		"no timeout":                client.WithTimeout(0),
		"negative timeout":          client.WithTimeout(-time.Second),
	}
	for _, name := range []string{
		"Authorization", "x-scope3-api-key", "X-Partner-Api-Key", "Proxy-Authorization", "cookie", "Host", "User-Agent",
		"Accept",
		"Accept-Encoding", "Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Connection",
		"Trailer", "TE", "Upgrade", "expect",
	} {
		shared["header "+name] = client.WithHeader(name, "canary")
	}
	for name, o := range shared {
		invalid[name] = o
	}
	valid := connMemory(t, func(*http.Request) (*http.Response, error) {
		t.Error("sent")
		return nil, http.ErrHandlerTimeout
	})
	clean := func(t *testing.T, err error) {
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "canary")
		for _, r := range strings.ReplaceAll(err.Error(), "\n", " ") { // New joins with line breaks
			assert.GreaterOrEqual(t, r, ' ')
		}
	}
	for name, o := range invalid {
		t.Run(name, func(t *testing.T) {
			_, err := client.New(client.WithToken(connToken(t, connSecret)), o)
			clean(t, err)
			_, err = valid.With(o)
			clean(t, err)
		})
	}
	for name, o := range shared {
		t.Run("call/"+name, func(t *testing.T) {
			_, err := connDo(t.Context(), valid, &connGet, o)
			clean(t, err)
			require.ErrorIs(t, err, client.ErrInvalidParams)
		})
	}
}

// TestOptionsNoCredential: there is no Client without one.
func TestOptionsNoCredential(t *testing.T) {
	t.Setenv(client.EnvAPIKey, connSecret) // not looked at unless FromEnv says so
	_, err := client.New()
	require.ErrorContains(t, err, "needs a credential")
	_, err = client.New(client.WithToken(client.Token{}))
	require.ErrorIs(t, err, client.ErrNoToken)
	assert.NotContains(t, err.Error(), "needs a credential", "said once is enough")
}

// TestOptionsFromEnv: both variables, absent, present and malformed; no value appears in an error.
func TestOptionsFromEnv(t *testing.T) {
	for _, tc := range []struct {
		name, key, base string
		wantBase        string
		want            []string // of the error
		is              error
	}{
		{name: "both", key: connSecret, base: "https://a.test/prefix", wantBase: "https://a.test/prefix"},
		{name: "key alone", key: connSecret, wantBase: "https://api.interchange.io"},
		{name: "opaque key", key: "an-oauth-token", wantBase: "https://api.interchange.io"},
		{name: "nothing", want: []string{client.EnvAPIKey, "not set"}, is: client.ErrNoToken},
		{
			name: "key with a line break", key: "scope3_ak_canary_x\n", want: []string{client.EnvAPIKey, "line break"},
			is: client.ErrInvalidToken,
		},
		{
			name: "key with a space", key: "canary x", want: []string{client.EnvAPIKey, "white space"},
			is: client.ErrInvalidToken,
		},
		{name: "base without TLS", key: connSecret, base: "http://canary.test", want: []string{"https"}},
		{name: "base with a password", key: connSecret, base: "https://u:canary@a.test", want: []string{"password"}},
		{name: "both wrong", base: "canary", want: []string{client.EnvAPIKey, "the base URL"}, is: client.ErrNoToken},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Setenv(client.EnvAPIKey, tc.key)
			t.Setenv(client.EnvBaseURL, tc.base) // also restores it
			if tc.base == "" {
				require.NoError(t, os.Unsetenv(client.EnvBaseURL))
			}
			c, err := client.New(client.FromEnv())
			if tc.want == nil {
				require.NoError(t, err)
				assert.Equal(t, tc.wantBase, c.BaseURL())
				token, err := c.Token(t.Context())
				require.NoError(t, err)
				assert.Equal(t, tc.key, token.Reveal())
				return
			}
			require.Error(t, err)
			assert.NotContains(t, err.Error(), "canary")
			for _, part := range tc.want {
				assert.Contains(t, err.Error(), part)
			}
			if tc.is != nil {
				require.ErrorIs(t, err, tc.is)
			}
		})
	}
	t.Run("asked again", func(t *testing.T) {
		t.Setenv(client.EnvAPIKey, authOld)
		t.Setenv(client.EnvBaseURL, "http://127.0.0.1:1")
		var last *http.Request
		c, err := client.New(client.FromEnv(), client.WithTransport(optionsEcho(&last)))
		require.NoError(t, err)
		t.Setenv(client.EnvAPIKey, authNew)
		_, err = connDo(t.Context(), c, &connGet)
		require.NoError(t, err)
		assert.Equal(t, "Bearer "+authNew, last.Header.Get("Authorization"))
	})
}

// TestOptionsHeaders: what is set, in which header, and which of several wins.
func TestOptionsHeaders(t *testing.T) {
	agent := "interchange-go/" + client.Version + " (" + runtime.Version() + ")"
	const seat = "X-Scope3-Seat-Id"
	for _, tc := range []struct {
		name string
		opts []client.Option
		call []client.CallOption
		want map[string][]string // nil: absent
	}{
		{name: "defaults", want: map[string][]string{
			"Authorization": {"Bearer " + connSecret}, "User-Agent": {agent}, "Accept": {"application/json"}, seat: nil,
			"Content-Type": nil,
		}},
		{name: "key header", opts: []client.Option{client.WithKeyHeader("x-scope3-api-key")}, want: map[string][]string{
			"Authorization": nil, "X-Scope3-Api-Key": {connSecret},
		}},
		{
			name: "application", opts: []client.Option{client.WithApplication("acme-etl", "1.2")},
			want: map[string][]string{"User-Agent": {"acme-etl/1.2 " + agent}},
		},
		{
			name: "application without a version", opts: []client.Option{client.WithApplication("acme-etl", "")},
			want: map[string][]string{"User-Agent": {"acme-etl " + agent}},
		},
		{name: "seat", opts: []client.Option{client.WithSeat("seat_1")}, want: map[string][]string{seat: {"seat_1"}}},
		{
			name: "seat of the call wins", opts: []client.Option{client.WithSeat("seat_1")},
			call: []client.CallOption{client.WithSeat("seat_2")}, want: map[string][]string{seat: {"seat_2"}},
		},
		{
			name: "seat header", opts: []client.Option{client.WithSeat("seat_1"), client.WithSeatHeader("x-acting-seat")},
			want: map[string][]string{seat: nil, "X-Acting-Seat": {"seat_1"}},
		},
		{
			name: "seat wins over a header of its name",
			opts: []client.Option{client.WithHeader(seat, "seat_9"), client.WithSeat("seat_1")},
			want: map[string][]string{seat: {"seat_1"}},
		},
		{
			name: "headers add up", opts: []client.Option{client.WithHeader("x-a", "1")},
			call: []client.CallOption{client.WithHeader("X-A", "2"), client.WithHeader("x-b", "")},
			want: map[string][]string{"X-A": {"1", "2"}, "X-B": {""}},
		},
		{
			name: "a header cannot replace the key",
			opts: []client.Option{client.WithHeader("X-Key", "mine"), client.WithKeyHeader("X-Key")},
			want: map[string][]string{"X-Key": {connSecret}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var last *http.Request
			c := connMemory(t, optionsEcho(&last), tc.opts...)
			_, err := connDo(t.Context(), c, &connGet, tc.call...)
			require.NoError(t, err)
			for name, value := range tc.want {
				assert.Equal(t, value, last.Header.Values(name), name)
			}
		})
	}
}

// TestOptionsDerive: a derived Client differs in what it was told and in nothing else, and its parent in nothing.
func TestOptionsDerive(t *testing.T) {
	var seen []http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Clone())
		_, _ = w.Write([]byte(connOK))
	}))
	defer server.Close()
	transport := connTransport(t)
	dials := connDials(transport)
	waits, asked := 0, 0
	parent := connClient(t, server.URL, client.WithTransport(transport), client.WithHeader("X-A", "parent"),
		client.WithLimiter(&limiterFunc{wait: func(context.Context, pace.Key) error { waits++; return nil }}),
		client.WithTokenSource(&authSource{token: func(context.Context) (client.Token, error) {
			asked++
			return connToken(t, connSecret), nil
		}}))

	one, err := parent.With(client.WithHeader("X-A", "one"), client.WithApplication("one", "1"),
		client.WithTimeout(time.Hour))
	require.NoError(t, err)
	two, err := parent.With(client.WithHeader("X-A", "two"), client.WithSeatHeader("X-Seat"), client.WithSeat("seat_2"))
	require.NoError(t, err)
	three := parent.ForSeat("seat_3").ForSeat("seat_4")
	unchanged, err := parent.With()
	require.NoError(t, err)
	_, err = parent.With(client.WithHeader("X-A", "four"), client.WithTimeout(-1))
	require.Error(t, err)
	four, err := parent.With(client.WithToken(connToken(t, authNew)))
	require.NoError(t, err)

	all := []*client.Client{parent, one, two, three, unchanged, four, parent}
	for i, c := range all {
		_, err := connDo(t.Context(), c, &connGet)
		require.NoError(t, err)
		assert.Equal(t, parent.BaseURL(), c.BaseURL())
		if i < 5 {
			assert.Equal(t, i+1, asked, "the token source is shared")
		}
	}
	assert.EqualValues(t, 1, dials.Load(), "the connections are shared")
	assert.Equal(t, len(all), waits, "the limiter is shared")
	assert.Equal(t, 6, asked, "but not with a client of another token")
	get := func(i int, name string) string { return strings.Join(seen[i].Values(name), ",") }
	assert.Equal(t, "parent", get(0, "X-A"))
	assert.Equal(t, "parent,one", get(1, "X-A"))
	assert.True(t, strings.HasPrefix(get(1, "User-Agent"), "one/1 interchange-go/"))
	assert.Equal(t, "parent,two", get(2, "X-A"))
	assert.Equal(t, "seat_2", get(2, "X-Seat"))
	assert.Equal(t, "seat_4", get(3, "X-Scope3-Seat-Id"))
	assert.Equal(t, "Bearer "+authNew, get(5, "Authorization"))
	for _, i := range []int{4, 6} {
		assert.Equal(t, seen[0], seen[i], "neither the parent nor a plain copy changed")
	}
	for _, c := range all {
		c.CloseIdleConnections()
	}
}

// TestOptionsForSeatInvalid: ForSeat has no error, so the calls have it.
func TestOptionsForSeatInvalid(t *testing.T) {
	c := connMemory(t, func(*http.Request) (*http.Response, error) {
		t.Error("sent")
		return nil, http.ErrHandlerTimeout
	})
	for _, id := range []client.ID{"", "a\nb", "…"} {
		_, err := connDo(t.Context(), c.ForSeat(id), &connGet)
		require.ErrorIs(t, err, client.ErrInvalidParams)
		_, err = c.ForSeat(id).With()
		require.ErrorIs(t, err, client.ErrInvalidParams)
	}
}

// TestOptionsPrintNoSecret: a Client that is printed or logged by mistake shows no credential.
func TestOptionsPrintNoSecret(t *testing.T) {
	var last *http.Request
	c := connMemory(t, optionsEcho(&last), client.WithHeader("X-A", "1"))
	_, err := connDo(t.Context(), c, &connGet) // so that the credential is made ready
	require.NoError(t, err)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("made", "client", c)
	for _, text := range []string{fmt.Sprintf("%v", *c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", *c), log.String()} {
		assert.NotContains(t, text, connSecret)
		assert.NotContains(t, text, "_secret")
	}
}
