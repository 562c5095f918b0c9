package redispace_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
	"github.com/interchange-sdk/interchange-go/pace/redispace"
)

var _ client.Limiter = (*redispace.Limiter)(nil)

var key = pace.Key{Host: "api.test", Credential: "5f2c91e0"}

// frozen returns a Redis in this process whose clock stands still.
func frozen(t *testing.T) (*miniredis.Miniredis, redis.UniversalClient) {
	t.Helper()
	server := miniredis.RunT(t)
	server.SetTime(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	return server, connect(t, "tcp", server.Addr())
}

func connect(t *testing.T, network, addr string) redis.UniversalClient {
	t.Helper()
	rdb := redis.NewClient(&redis.Options{Network: network, Addr: addr, ContextTimeoutEnabled: true, MaxRetries: -1})
	t.Cleanup(func() { require.NoError(t, rdb.Close()) })
	return rdb
}

func limiter(
	t *testing.T, rdb redis.UniversalClient, limit redispace.Limit, opts ...redispace.Option,
) *redispace.Limiter {
	t.Helper()
	l, err := redispace.New(rdb, limit, append([]redispace.Option{redispace.WithLogger(nil)}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return l
}

// atOnce waits for a slot that must be free already.
func atOnce(t *testing.T, l *redispace.Limiter, k pace.Key) error {
	t.Helper()
	return l.Wait(t.Context(), k, time.Nanosecond)
}

func requireLimited(t *testing.T, err error) {
	t.Helper()
	var limited *pace.WaitError
	require.ErrorAs(t, err, &limited)
}

// refusal is a 429 that asks to wait for d.
func refusal(d time.Duration) pace.Observation {
	return pace.Observation{At: time.Now(), StatusCode: http.StatusTooManyRequests, RetryAfter: d}
}
