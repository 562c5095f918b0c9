package redispace_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace/redispace"
)

// load is a number of processes whose workers ask for slots without a pause.
type load struct {
	processes int
	workers   int // of each
	runs      time.Duration
}

// run returns the slots that each process got. No call may fail.
func (w load) run(t *testing.T, limiters []*redispace.Limiter) (granted []int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	granted = make([]int, len(limiters))
	var mu sync.Mutex
	var all sync.WaitGroup
	end := time.NewTimer(w.runs)
	for i, l := range limiters {
		for range w.workers {
			all.Go(func() {
				for {
					err := l.Wait(ctx, key, time.Minute)
					if ctx.Err() != nil || !assert.NoError(t, err) {
						return
					}
					mu.Lock()
					granted[i]++
					mu.Unlock()
				}
			})
		}
	}
	<-end.C
	cancel()
	all.Wait()
	return granted
}

// start returns one limiter for each process, each with a client of its own.
func (w load) start(t *testing.T, addr string, limit redispace.Limit, opts ...redispace.Option) []*redispace.Limiter {
	t.Helper()
	limiters := make([]*redispace.Limiter, w.processes)
	for i := range limiters {
		rdb := redis.NewClient(&redis.Options{Addr: addr, ContextTimeoutEnabled: true})
		t.Cleanup(func() { require.NoError(t, rdb.Close()) })
		limiters[i] = limiter(t, rdb, limit, opts...)
		require.NoError(t, limiters[i].Check(t.Context()))
	}
	return limiters
}

func sum(numbers []int) (total int) {
	for _, n := range numbers {
		total += n
	}
	return total
}

// attempts is the number of times a scenario is measured. The machine may be busy, so the best attempt counts for the
// throughput. The limit must be kept in each.
const attempts = 3

// checkGoodput measures what part of 200 calls a second the load gets. At most the burst of the
// budget and onTop more slots may exceed the limit.
func checkGoodput(t *testing.T, w load, least float64, onTop int, start func() []*redispace.Limiter) {
	t.Helper()
	for attempt := range attempts {
		limiters := start()
		began := time.Now()
		granted := w.run(t, limiters)
		took := time.Since(began)
		part := float64(sum(granted)) / (200 * w.runs.Seconds())
		t.Logf("%d slots, %.1f %% of the limit, per process %v", sum(granted), 100*part, granted)
		most := float64(perSecond200.Requests/20+onTop+1) + 200*took.Seconds()
		require.LessOrEqual(t, float64(sum(granted)), most, "the limit is exceeded")
		fair := slices.Min(granted)*len(granted)*10 >= sum(granted)*6
		if part >= least && fair {
			return
		}
		require.Less(t, attempt, attempts-1, "the goodput is too low or unevenly distributed")
	}
}

var perSecond200 = redispace.Limit{Requests: 200, Per: time.Second}

// The throughput does not depend on the round trip to Redis, the limit is kept, and the processes get equal parts.
func TestGoodputOfRoundTrips(t *testing.T) {
	for _, roundTrip := range []time.Duration{time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond} {
		for _, w := range []load{{1, 32, time.Second}, {4, 8, time.Second}} {
			t.Run(fmt.Sprintf("%v, %dx%d", roundTrip, w.processes, w.workers), func(t *testing.T) {
				server := startRedis(t)
				addr := startProxy(t, server.socket, roundTrip)
				checkGoodput(t, w, 0.95, 0, func() []*redispace.Limiter { return w.start(t, addr, perSecond200) })
			})
		}
	}
}

// share is that of each of four processes, in which bursts of two are possible while Redis is away.
var share = redispace.WithShare(1.0 / 4)

const shareBursts = 4 * 2

// No call fails, and the processes go on with their shares, while Redis is away for whatever reason.
func TestGoodputWithoutRedis(t *testing.T) {
	w := load{4, 8, 2 * time.Second}
	t.Run("down", func(t *testing.T) {
		server := startRedis(t)
		addr := startProxy(t, server.socket, 5*time.Millisecond)
		checkGoodput(t, w, 0.9, shareBursts, func() []*redispace.Limiter {
			server.kill()
			server.start()
			limiters := w.start(t, addr, perSecond200, share)
			server.kill()
			return limiters
		})
	})
	t.Run("paused", func(t *testing.T) {
		server := startRedis(t)
		addr := startProxy(t, server.socket, 5*time.Millisecond)
		checkGoodput(t, w, 0.9, shareBursts, func() []*redispace.Limiter {
			server.signal("CONT")
			limiters := w.start(t, addr, perSecond200, share)
			server.signal("STOP")
			return limiters
		})
	})
	t.Run("wrong password", func(t *testing.T) {
		server := startRedis(t)
		addr := startProxy(t, server.socket, 5*time.Millisecond)
		checkGoodput(t, w, 0.9, shareBursts, func() []*redispace.Limiter {
			limiters := w.start(t, addr, perSecond200, share)
			server.do("CONFIG SET requirepass secret-1", "CLIENT KILL TYPE normal SKIPME yes")
			t.Cleanup(server.kill)
			return limiters
		})
	})
}

// While Redis loses the budget again and again, the processes go on with their shares. Until they notice, each may
// get slots for all its workers twice.
func TestGoodputWhileTheBudgetIsLost(t *testing.T) {
	w := load{4, 8, 2 * time.Second}
	for _, tc := range []struct {
		name   string
		policy string
		lose   func(ctx context.Context, admin *redis.Client) error
	}{
		{name: "flushed", policy: "noeviction", lose: flush},
		{name: "evicted under volatile-ttl", policy: "volatile-ttl", lose: fill},
		{name: "evicted under allkeys-random", policy: "allkeys-random", lose: fill},
		{name: "evicted under allkeys-lru", policy: "allkeys-lru", lose: fill},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := startRedis(t, "--maxmemory", "3mb", "--maxmemory-policy", tc.policy)
			admin := redis.NewClient(&redis.Options{Network: "unix", Addr: server.socket, ContextTimeoutEnabled: true})
			defer func() { require.NoError(t, admin.Close()) }()
			ctx, cancel := context.WithCancel(t.Context())
			var all sync.WaitGroup
			all.Go(func() {
				for ctx.Err() == nil {
					if err := tc.lose(ctx, admin); ctx.Err() == nil {
						assert.NoError(t, err)
					}
				}
			})
			defer all.Wait()
			defer cancel()
			addr := startProxy(t, server.socket, 5*time.Millisecond)
			var log lockedBuffer
			checkGoodput(t, w, 0.9, 2*4*8+shareBursts, func() []*redispace.Limiter {
				return w.start(t, addr, perSecond200, logTo(&log), share)
			})
			assert.NotZero(t, log.lines("redis lost the budget"))
			assert.NotZero(t, log.lines("maxmemory-policy must be noeviction"))
		})
	}
}

func flush(ctx context.Context, admin *redis.Client) error { return admin.FlushAll(ctx).Err() }

// fill writes keys that expire after the budget does.
func fill(ctx context.Context, admin *redis.Client) error {
	value := strings.Repeat("x", 10_000)
	_, err := admin.Pipelined(ctx, func(p redis.Pipeliner) error {
		for range 100 {
			p.Set(ctx, fmt.Sprint("fill:", rand.Int()), value, time.Hour)
		}
		return nil
	})
	return err
}

// Calls that wait at the same time share a request to Redis.
func TestWaitingCallsShareRequests(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	addr := startProxy(t, server.socket, 20*time.Millisecond)
	limit := redispace.Limit{Requests: 1000, Per: time.Second, Burst: 200}
	l := load{processes: 1}.start(t, addr, limit)[0]
	var all sync.WaitGroup
	for range limit.Burst {
		all.Go(func() { assert.NoError(t, l.Wait(t.Context(), key, time.Minute)) })
	}
	all.Wait()
	info, err := connect(t, "unix", server.socket).Info(t.Context(), "commandstats").Result()
	require.NoError(t, err)
	_, stats, found := strings.Cut(info, "cmdstat_evalsha:calls=")
	require.True(t, found, info)
	count, _, _ := strings.Cut(stats, ",")
	requests, err := strconv.Atoi(count)
	require.NoError(t, err)
	assert.Less(t, requests, 20, "200 calls made this many requests")
}
