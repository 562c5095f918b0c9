package redispace_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client/redispace"
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

// attempts is how often a scenario is measured. The machine may be busy, so the best attempt counts for the throughput. The
// limit must be kept in each.
const attempts = 3

// The throughput does not depend on the round trip to Redis, the limit is kept, and the processes get equal parts.
func TestGoodputOfRoundTrips(t *testing.T) {
	for _, roundTrip := range []time.Duration{time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond} {
		for _, w := range []load{{1, 32, time.Second}, {4, 8, time.Second}} {
			t.Run(fmt.Sprintf("%v, %dx%d", roundTrip, w.processes, w.workers), func(t *testing.T) {
				server := startRedis(t)
				addr := startProxy(t, server.socket, roundTrip)
				checkGoodput(t, w, 0.95, func() []*redispace.Limiter { return w.start(t, addr, perSecond200) })
			})
		}
	}
}

var perSecond200 = redispace.Limit{Requests: 200, Per: time.Second}

// checkGoodput measures what part of 200 calls a second the load gets. At most a burst may come on top.
func checkGoodput(t *testing.T, w load, least float64, start func() []*redispace.Limiter) {
	t.Helper()
	const burst = 10
	for attempt := range attempts {
		limiters := start()
		began := time.Now()
		granted := w.run(t, limiters)
		took := time.Since(began)
		part := float64(sum(granted)) / (200 * w.runs.Seconds())
		t.Logf("%d slots, %.1f %% of the limit, per process %v", sum(granted), 100*part, granted)
		require.LessOrEqual(t, float64(sum(granted)), burst+200*took.Seconds()+1, "the limit is exceeded")
		fair := slices.Min(granted)*len(granted)*10 >= sum(granted)*6
		if part >= least && fair {
			return
		}
		require.Less(t, attempt, attempts-1, "the goodput is too low or unevenly distributed")
	}
}
