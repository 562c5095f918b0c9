package sandbox_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const current = "/api/v2/accounts/current"

func TestFixedWindow(t *testing.T) {
	t.Parallel()
	c := newClock()
	srv, admin := startSandbox(t, sandbox.WithClock(c.Now),
		sandbox.WithRateLimit(sandbox.RateLimit{Requests: 3, Window: time.Minute}))
	for left := 2; left >= 0; left-- {
		a := admin.get(current)
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, "3", a.header.Get("RateLimit-Limit"))
		require.Equal(t, strconv.Itoa(left), a.header.Get("RateLimit-Remaining"))
		require.Equal(t, "60", a.header.Get("RateLimit-Reset"))
		require.Empty(t, a.header.Get("Retry-After"))
	}
	c.advance(30*time.Second + time.Millisecond)
	a := admin.get(current)
	a.refused(http.StatusTooManyRequests, "RATE_LIMITED")
	require.Equal(t, "30", a.header.Get("Retry-After"), "29.999 seconds, rounded up")
	require.Equal(t, "0", a.header.Get("RateLimit-Remaining"))

	other := admin.granted(sandbox.Grant{})
	require.Equal(t, http.StatusOK, other.get(current).status, "each credential has its own budget")
	require.Equal(t, http.StatusOK, admin.get("/health").status, "what needs no credential has no limit")
	admin.as("nothing").get(current).refused(http.StatusUnauthorized, "UNAUTHORIZED")

	c.advance(30 * time.Second)
	require.Equal(t, http.StatusOK, admin.get(current).status)
	require.Equal(t, 5, srv.Effects("GET "+current), "a refused request has no effect")
	require.Empty(t, srv.Violations())
}

func TestTokenBucket(t *testing.T) {
	t.Parallel()
	c := newClock()
	_, admin := startSandbox(t, sandbox.WithClock(c.Now),
		sandbox.WithRateLimit(sandbox.RateLimit{Requests: 60, Window: time.Minute, Burst: 5}))
	for left := 4; left >= 0; left-- {
		a := admin.get(current)
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, strconv.Itoa(left), a.header.Get("RateLimit-Remaining"))
		require.Equal(t, strconv.Itoa(5-left), a.header.Get("RateLimit-Reset"), "until the bucket is full")
	}
	a := admin.get(current)
	a.refused(http.StatusTooManyRequests, "RATE_LIMITED")
	require.Equal(t, "1", a.header.Get("Retry-After"))

	for range 20 {
		c.advance(time.Second)
		require.Equal(t, http.StatusOK, admin.get(current).status, "waiting as long as told is enough")
		require.Equal(t, http.StatusTooManyRequests, admin.get(current).status)
	}
	c.advance(time.Hour)
	require.Equal(t, "4", admin.get(current).header.Get("RateLimit-Remaining"), "the bucket holds no more than the burst")
}

func TestHeaderStyles(t *testing.T) {
	t.Parallel()
	type headers map[string]string
	all := []string{
		"RateLimit", "RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
		"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After",
	}
	for style, want := range map[sandbox.HeaderStyle][2]headers{
		sandbox.HeadersRateLimit: {
			{"RateLimit-Limit": "1", "RateLimit-Remaining": "0", "RateLimit-Reset": "90"},
			{"RateLimit-Limit": "1", "RateLimit-Remaining": "0", "RateLimit-Reset": "90", "Retry-After": "90"},
		},
		sandbox.HeadersCombined: {
			{"RateLimit": "limit=1, remaining=0, reset=90", "RateLimit-Policy": "1;w=90"},
			{"RateLimit": "limit=1, remaining=0, reset=90", "RateLimit-Policy": "1;w=90", "Retry-After": "90"},
		},
		sandbox.HeadersEpoch: {
			{"X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1777221091"},
			{"X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1777221091", "Retry-After": "90"},
		},
		sandbox.HeadersRetryAfter: {{}, {"Retry-After": "90"}},
		sandbox.HeadersNone:       {{}, {}},
		sandbox.BodyResetTime:     {{}, {}},
	} {
		c := newClock()
		c.advance(500 * time.Millisecond)
		srv, admin := startSandbox(t, sandbox.WithClock(c.Now),
			sandbox.WithRateLimit(sandbox.RateLimit{Requests: 1, Window: 90 * time.Second, Headers: style}))
		for i, status := range []int{http.StatusOK, http.StatusTooManyRequests} {
			a := admin.get(current)
			require.Equal(t, status, a.status)
			require.Equal(t, "Sun, 26 Apr 2026 16:30:00 GMT", a.header.Get("Date"))
			got := headers{}
			for _, name := range all {
				if v := a.header.Get(name); v != "" {
					got[name] = v
				}
			}
			require.Equal(t, want[i], got, "style %d", style)
			if style == sandbox.BodyResetTime && status == http.StatusTooManyRequests {
				require.Equal(t, map[string]any{
					"error":     "Rate limit exceeded",
					"code":      "RATE_LIMIT_EXCEEDED",
					"resetTime": "2026-04-26T16:31:30.500Z",
				}, a.object())
			} else if status == http.StatusTooManyRequests {
				a.refused(status, "RATE_LIMITED")
			}
		}
		require.Empty(t, srv.Violations())
	}
}

// TestSetRateLimit: the limit changes for everybody at once; what was spent stays spent.
func TestSetRateLimit(t *testing.T) {
	t.Parallel()
	c := newClock()
	srv, admin := startSandbox(t, sandbox.WithClock(c.Now),
		sandbox.WithRateLimit(sandbox.RateLimit{Requests: 3, Window: time.Minute}))
	require.Equal(t, "2", admin.get(current).header.Get("RateLimit-Remaining"))
	require.NoError(t, srv.SetRateLimit(sandbox.RateLimit{Requests: 2, Window: time.Minute}))
	require.Equal(t, "0", admin.get(current).header.Get("RateLimit-Remaining"))
	a := admin.get(current)
	a.refused(http.StatusTooManyRequests, "RATE_LIMITED")
	require.NoError(t, srv.SetRateLimit(sandbox.RateLimit{Requests: 1, Window: time.Minute}))
	a = admin.get(current)
	a.refused(http.StatusTooManyRequests, "RATE_LIMITED")
	require.Equal(t, "0", a.header.Get("RateLimit-Remaining"), "not below")
	require.Error(t, srv.SetRateLimit(sandbox.RateLimit{Requests: -1, Window: time.Minute}))
	require.NoError(t, srv.SetRateLimit(sandbox.RateLimit{}))
	for range 10 {
		a = admin.get(current)
		require.Equal(t, http.StatusOK, a.status)
		require.Empty(t, a.header.Get("RateLimit-Limit"))
	}
}
