package redispace_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace/redispace"
)

// startReplica starts a server that follows the one at a port of the loopback interface, and waits until it does.
func startReplica(t *testing.T, port string, args ...string) *realRedis {
	t.Helper()
	replica := startRedis(t, append([]string{"--replicaof", "127.0.0.1", port}, args...)...)
	replica.eventually("master_link_status:up", "INFO", "replication")
	return replica
}

// eventually waits until the result of a command contains text.
func (r *realRedis) eventually(text string, command ...any) {
	r.t.Helper()
	admin := redis.NewClient(&redis.Options{Network: "unix", Addr: r.socket})
	defer func() { require.NoError(r.t, admin.Close()) }()
	require.Eventually(r.t, func() bool {
		result, err := admin.Do(r.t.Context(), command...).Text()
		return err == nil && strings.Contains(result, text)
	}, 20*time.Second, 10*time.Millisecond, text)
}

// After a failover by hand, the client connects to the promoted replica. The budget continues there.
func TestBudgetContinuesAfterPromotion(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	primary := startRedis(t, "--port", port, "--repl-diskless-sync-delay", "0")
	replica := startReplica(t, port)
	var target atomic.Pointer[string]
	target.Store(&primary.socket)
	rdb := redis.NewClient(&redis.Options{
		Addr: "redis.test:6379", ContextTimeoutEnabled: true,
		Dialer: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", *target.Load())
		},
	})
	defer func() { assert.NoError(t, rdb.Close()) }()
	var log lockedBuffer
	limit := redispace.Limit{Requests: 60, Per: time.Hour, Burst: 2}
	l := limiter(t, rdb, limit, logTo(&log), redispace.WithShare(0.001))
	require.NoError(t, atOnce(t, l, key))
	primary.do("WAIT 1 5000")

	// Before the promotion, the replica rejects writes.
	target.Store(&replica.socket)
	primary.kill()
	require.Eventually(t, func() bool {
		_ = atOnce(t, l, key)
		return log.lines("redis is away") == 1
	}, 10*time.Second, time.Millisecond)
	replica.do("REPLICAOF NO ONE")
	require.Eventually(t, func() bool {
		_ = atOnce(t, l, key)
		return log.lines("redis is back") == 1
	}, 10*time.Second, time.Millisecond)
	assert.Zero(t, log.lines("lost the budget"), "it was replicated")
	other := limiter(t, connect(t, "unix", replica.socket), limit)
	_ = atOnce(t, other, key) // the second slot of the burst, unless the first limiter took it above
	require.Error(t, atOnce(t, other, key), "one slot was used before the failover")
}

// A failover in the middle costs little throughput. Slots that were reserved before it, and bursts of the shares,
// may come on top of the limit.
func TestGoodputOfFailover(t *testing.T) {
	w := load{4, 8, 3 * time.Second}
	const reserved = 4 * 10
	var all sync.WaitGroup
	defer all.Wait()
	checkGoodput(t, w, 0.9, reserved+shareBursts, func() []*redispace.Limiter {
		port := freePort(t)
		primary := startRedis(t, "--port", port, "--repl-diskless-sync-delay", "0")
		replica := startReplica(t, port)
		admin := connect(t, "unix", replica.socket)
		var target atomic.Pointer[string]
		target.Store(&primary.socket)
		limiters := make([]*redispace.Limiter, w.processes)
		for i := range limiters {
			rdb := redis.NewClient(&redis.Options{
				Addr: "redis.test:6379", ContextTimeoutEnabled: true,
				Dialer: func(ctx context.Context, _, _ string) (net.Conn, error) {
					return new(net.Dialer).DialContext(ctx, "unix", *target.Load())
				},
			})
			t.Cleanup(func() { require.NoError(t, rdb.Close()) })
			limiters[i] = limiter(t, rdb, perSecond200, share)
			require.NoError(t, limiters[i].Check(t.Context()))
		}
		all.Go(func() {
			<-time.After(time.Second)
			primary.kill()
			<-time.After(300 * time.Millisecond)
			assert.NoError(t, admin.Do(t.Context(), "REPLICAOF", "NO", "ONE").Err())
			target.Store(&replica.socket)
		})
		return limiters
	})
}

// Sentinels promote a replica. No call fails meanwhile, and the sentinel client finds the promoted server.
func TestCallsContinueDuringFailoverBySentinel(t *testing.T) {
	t.Parallel()
	primaryPort, replicaPort, sentinelPort := freePort(t), freePort(t), freePort(t)
	primary := startRedis(t, "--port", primaryPort, "--bind", "127.0.0.1", "--repl-diskless-sync-delay", "0")
	startReplica(t, primaryPort, "--port", replicaPort, "--bind", "127.0.0.1")
	sentinel := startSentinel(t, "port "+sentinelPort, "bind 127.0.0.1",
		"sentinel monitor budget 127.0.0.1 "+primaryPort+" 1",
		"sentinel down-after-milliseconds budget 300", "sentinel failover-timeout budget 3000")
	sentinel.eventually("slaves=1", "INFO", "sentinel")

	rdb := redis.NewFailoverClient(&redis.FailoverOptions{
		MasterName: "budget", SentinelAddrs: []string{"127.0.0.1:" + sentinelPort}, ContextTimeoutEnabled: true,
	})
	defer func() { assert.NoError(t, rdb.Close()) }()
	var log lockedBuffer
	l := limiter(t, rdb, redispace.Limit{Requests: 500, Per: time.Second},
		logTo(&log))
	require.NoError(t, l.Check(t.Context()))
	require.NoError(t, l.Wait(t.Context(), key, time.Second))
	primary.kill()
	require.Eventually(t, func() bool {
		return assert.NoError(t, l.Wait(t.Context(), key, time.Second)) && log.lines("redis is back") == 1
	}, 30*time.Second, time.Millisecond)
	require.NoError(t, l.Check(t.Context()))
	assert.Equal(t, 1, log.lines("redis is away"))
}
