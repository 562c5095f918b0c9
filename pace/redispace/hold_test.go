package redispace_test

import (
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace"
	"github.com/interchange-sdk/interchange-go/pace/redispace"
)

// A hold in Redis counts for an hour at most, also if another program wrote it, and calls continue when it is deleted.
func TestHoldsInRedisAreCapped(t *testing.T) {
	t.Parallel()
	limit := redispace.Limit{Requests: 100, Per: time.Second, Burst: 100}
	for name, expiry := range map[string]time.Duration{
		"a year": 365 * 24 * time.Hour, "just above an hour": time.Hour + time.Minute,
		"no expiry": 0, "a minute": time.Minute,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startRedis(t)
			rdb := connect(t, "unix", server.socket)
			first := limiter(t, rdb, limit)
			first.Observe(key, refusal(time.Hour))
			require.Error(t, first.Wait(t.Context(), key, time.Second))
			hold := holdKey(t, rdb)
			require.NoError(t, rdb.Set(t.Context(), hold, "", expiry).Err())

			want := time.Hour
			if expiry == time.Minute {
				want = expiry
			}
			second := limiter(t, rdb, limit)
			var limited *pace.WaitError
			require.ErrorAs(t, second.Wait(t.Context(), key, time.Second), &limited)
			assert.InDelta(t, want, limited.RetryAfter, float64(10*time.Second))
			left, err := rdb.PTTL(t.Context(), hold).Result()
			require.NoError(t, err)
			assert.InDelta(t, want, left, float64(10*time.Second))
			require.NoError(t, rdb.Del(t.Context(), hold).Err())
			require.NoError(t, second.Wait(t.Context(), key, time.Second))
		})
	}
}

func holdKey(t *testing.T, rdb redis.UniversalClient) string {
	t.Helper()
	keys, err := rdb.Keys(t.Context(), "*:hold").Result()
	require.NoError(t, err)
	require.Len(t, keys, 1)
	return keys[0]
}

// All keys start with the prefix, and those of one budget share a hash tag.
func TestKeysStartWithThePrefix(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := connect(t, "unix", server.socket)
	node := startRedis(t, "--port", freePort(t), "--cluster-port", freePort(t), "--cluster-enabled", "yes")
	cluster := connect(t, "unix", node.socket)
	for _, prefix := range []string{"interchange:", "team:a:", "{team}:", "", "}{", "a}b:"} {
		require.NoError(t, rdb.FlushAll(t.Context()).Err())
		l := limiter(t, rdb, redispace.Limit{Requests: 10, Per: time.Second}, redispace.WithPrefix(prefix),
			redispace.WithClassLimit("mcp", redispace.Limit{Requests: 10, Per: time.Second}))
		for _, class := range []string{"", "mcp"} {
			k := pace.Key{Host: "api.test", Credential: "5f2c91e0", Class: class}
			require.NoError(t, l.Wait(t.Context(), k, time.Second))
			l.Observe(k, refusal(time.Minute))
			require.Error(t, l.Wait(t.Context(), k, time.Second))
		}
		require.NoError(t, l.Check(t.Context()))
		keys, err := rdb.Keys(t.Context(), "*").Result()
		require.NoError(t, err)
		assert.Len(t, keys, 2*2+1)
		for _, k := range keys {
			assert.True(t, strings.HasPrefix(k, prefix), k)
			assert.Positive(t, rdb.PTTL(t.Context(), k).Val(), "%s has no expiry", k)
			budget := strings.TrimSuffix(k, ":hold")
			assert.Equal(t, hashSlot(t, cluster, budget), hashSlot(t, cluster, budget+":hold"), k)
		}
	}
	_, err := redispace.New(rdb, redispace.Limit{Requests: 10, Per: time.Second}, redispace.WithPrefix("a{}b"))
	require.ErrorContains(t, err, "the prefix must not contain {}")
}

// hashSlot returns the part of a cluster that a key belongs to.
func hashSlot(t *testing.T, rdb redis.UniversalClient, key string) int64 {
	t.Helper()
	n, err := rdb.ClusterKeySlot(t.Context(), key).Result()
	require.NoError(t, err)
	return n
}
