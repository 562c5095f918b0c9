package redispace_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/client/redispace"
)

// A Redis that answers with errors, as one does while another takes over, is away; no call fails for it.
func TestRedisThatRefuses(t *testing.T) {
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
		}, 5*time.Second, 10*time.Millisecond, "it is asked again")
	}
}

// A process restores a budget that Redis lost, and reports the loss.
func TestLostBudgetIsRestored(t *testing.T) {
	t.Parallel()
	server, rdb := frozen(t)
	var log lockedBuffer
	l := limiter(t, rdb, redispace.Limit{Requests: 60, Per: time.Minute, Burst: 1}, redispace.WithShare(0.001),
		redispace.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	require.NoError(t, atOnce(t, l, key))
	require.ErrorIs(t, atOnce(t, l, key), client.ErrRateLimited)
	require.NoError(t, rdb.ScriptFlush(t.Context()).Err())
	require.ErrorIs(t, atOnce(t, l, key), client.ErrRateLimited, "the budget outlives the script")
	assert.Zero(t, log.lines("lost the budget"))
	server.FlushAll()
	require.ErrorIs(t, atOnce(t, l, key), client.ErrRateLimited)
	require.Eventually(t, func() bool { return log.lines("redis lost the budget") == 1 }, 10*time.Second, time.Millisecond)
	require.ErrorIs(t, atOnce(t, l, key), client.ErrRateLimited)
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
		redispace.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	require.NoError(t, atOnce(t, l, key))
	for range 2 {
		server.FlushAll()
		require.NoError(t, atOnce(t, l, key))
	}
	require.Eventually(t, func() bool { return log.lines("loses the budget again and again") == 1 }, 10*time.Second, time.Millisecond)
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
	first.Observe(key, client.Observation{At: time.Now(), StatusCode: http.StatusTooManyRequests, RetryAfter: time.Minute})
	require.Error(t, atOnce(t, first, key))
	server.FlushAll()
	require.NoError(t, atOnce(t, second, key))
	require.Eventually(t, func() bool {
		return atOnce(t, first, key) != nil && atOnce(t, second, key) != nil
	}, 10*time.Second, 10*time.Millisecond)
}

// A clock of Redis that is set back does not stop everybody until it is where it was.
func TestClockOfRedisIsSetBack(t *testing.T) {
	t.Parallel()
	server, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 60, Per: time.Minute, Burst: 1})
	require.NoError(t, atOnce(t, l, key))
	server.SetTime(time.Date(2026, 1, 2, 2, 0, 0, 0, time.UTC))
	require.NoError(t, l.Wait(t.Context(), key, time.Second))
	require.ErrorIs(t, atOnce(t, l, key), client.ErrRateLimited)
}

// The line is as long as there are callers: it is limited by their contexts, not by what the platform may ask for.
func TestManyWait(t *testing.T) {
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
		require.Fail(t, "sent away", "%v", err)
	case <-time.After(100 * time.Millisecond):
	}
	// Their time does count against a deadline.
	brief, end := context.WithTimeout(t.Context(), 10*time.Minute)
	defer end()
	var limited *client.LimitError
	require.ErrorAs(t, l.Wait(brief, key, time.Minute), &limited)
	assert.True(t, limited.PastDeadline)
	assert.InDelta(t, 2000*time.Second, limited.RetryAfter, float64(100*time.Second))
	cancel()
	for range callers {
		require.ErrorIs(t, <-ended, context.Canceled)
	}
}

// Observe does not wait for Redis.
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
			l.Observe(key, client.Observation{At: time.Now(), StatusCode: http.StatusTooManyRequests, RetryAfter: time.Second})
		}
	}()
	select {
	case <-seen:
	case <-time.After(2 * time.Second):
		require.Fail(t, "it blocks")
	}
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}
