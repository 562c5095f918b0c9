package redispace_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace"
	"github.com/interchange-sdk/interchange-go/pace/redispace"
)

// A Redis that replies with errors, as during a failover, counts as away; no call fails.
func TestRedisErrorsDoNotFailCalls(t *testing.T) {
	t.Parallel()
	for _, refusal := range []string{
		"READONLY You can't write against a read only replica.",
		"LOADING Redis is loading the dataset in memory",
		"OOM command not allowed when used memory > 'maxmemory'.",
		"NOAUTH Authentication required.",
	} {
		server, rdb := frozen(t)
		l := limiter(t, rdb, redispace.Limit{Requests: 100, Per: time.Second, Burst: 100}, redispace.WithShare(0.03))
		server.SetError(refusal)
		for range 3 {
			require.NoError(t, atOnce(t, l, key), refusal)
		}
		require.Error(t, atOnce(t, l, key), "the share is used up")
		server.SetError("")
		require.Eventually(t, func() bool {
			for range 10 { // more than the share
				if atOnce(t, l, key) != nil {
					return false
				}
			}
			return true
		}, 5*time.Second, 10*time.Millisecond, "Redis is not asked again")
	}
}

// A process restores a budget that Redis lost, and reports the loss.
func TestLostBudgetIsRestored(t *testing.T) {
	t.Parallel()
	server, rdb := frozen(t)
	var log lockedBuffer
	l := limiter(t, rdb, redispace.Limit{Requests: 60, Per: time.Minute, Burst: 1}, redispace.WithShare(0.001),
		logTo(&log))
	require.NoError(t, atOnce(t, l, key))
	requireLimited(t, atOnce(t, l, key))
	require.NoError(t, rdb.ScriptFlush(t.Context()).Err())
	requireLimited(t, atOnce(t, l, key)) // the budget outlives the script
	assert.Zero(t, log.lines("lost the budget"))
	server.FlushAll()
	requireLimited(t, atOnce(t, l, key))
	log.eventually(t, "redis lost the budget")
	requireLimited(t, atOnce(t, l, key))
	server.SetTime(time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC))
	require.NoError(t, atOnce(t, l, key))
	assert.Equal(t, 1, log.lines("level"))
}

// A Redis that loses the budget repeatedly is not trusted until it keeps it.
func TestForgetfulRedisIsNotTrusted(t *testing.T) {
	t.Parallel()
	server, rdb := frozen(t)
	var log lockedBuffer
	l := limiter(t, rdb, redispace.Limit{Requests: 60, Per: time.Minute, Burst: 40}, redispace.WithShare(0.05),
		logTo(&log))
	require.NoError(t, atOnce(t, l, key))
	for range 2 {
		server.FlushAll()
		require.NoError(t, atOnce(t, l, key))
	}
	log.eventually(t, "loses the budget again and again")
	require.Eventually(t, func() bool {
		return assert.NoError(t, l.Wait(t.Context(), key, time.Minute)) && log.lines("redis is back") == 1
	}, 10*time.Second, time.Millisecond)
}

// Redis is reminded of a hold, so that the other machines keep to it although Redis lost it.
func TestLostHoldIsRestored(t *testing.T) {
	t.Parallel()
	server, rdb := frozen(t)
	limit := redispace.Limit{Requests: 100, Per: time.Second, Burst: 100}
	first, second := limiter(t, rdb, limit), limiter(t, rdb, limit)
	first.Observe(key, refusal(time.Minute))
	require.Error(t, atOnce(t, first, key))
	server.FlushAll()
	require.NoError(t, atOnce(t, second, key))
	require.Eventually(t, func() bool {
		return atOnce(t, first, key) != nil && atOnce(t, second, key) != nil
	}, 10*time.Second, 10*time.Millisecond)
}

// If the clock of Redis is set back, calls do not wait until it has caught up.
func TestClockOfRedisMayBeSetBack(t *testing.T) {
	t.Parallel()
	server, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 60, Per: time.Minute, Burst: 1})
	require.NoError(t, atOnce(t, l, key))
	server.SetTime(time.Date(2026, 1, 2, 2, 0, 0, 0, time.UTC))
	require.NoError(t, l.Wait(t.Context(), key, time.Second))
	requireLimited(t, atOnce(t, l, key))
}

// The queue is limited by the contexts of the callers, not by the longest wait of each.
func TestQueueIsLimitedByContextsOnly(t *testing.T) {
	t.Parallel()
	_, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 60, Per: time.Minute, Burst: 1})
	require.NoError(t, atOnce(t, l, key))
	ctx, cancel := context.WithCancel(t.Context())
	const callers = 2000
	ended := make(chan error, callers)
	for range callers {
		go func() { ended <- l.Wait(ctx, key, time.Minute) }()
	}
	select {
	case err := <-ended:
		require.Fail(t, "a call was refused", "%v", err)
	case <-time.After(100 * time.Millisecond):
	}
	// The time of the calls ahead counts against a deadline.
	brief, end := context.WithTimeout(t.Context(), 10*time.Minute)
	defer end()
	var limited *pace.WaitError
	require.ErrorAs(t, l.Wait(brief, key, time.Minute), &limited)
	assert.True(t, limited.PastDeadline)
	assert.InDelta(t, 2000*time.Second, limited.RetryAfter, float64(100*time.Second))
	cancel()
	for range callers {
		require.ErrorIs(t, <-ended, context.Canceled)
	}
}

// Observe does not wait for a request to Redis.
func TestObserveDoesNotBlock(t *testing.T) {
	t.Parallel()
	rdb, connected := silentRedis(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 1, Per: time.Second}, redispace.WithTimeout(time.Minute))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Wait(ctx, key, time.Minute) }()
	<-connected
	seen := make(chan struct{})
	go func() {
		defer close(seen)
		for range 100 {
			l.Observe(key, refusal(time.Second))
		}
	}()
	select {
	case <-seen:
	case <-time.After(2 * time.Second):
		require.Fail(t, "Observe blocks")
	}
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}
