package redispace_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/pace/redispace"
)

// Calls in the queue return ErrClosed, and so do later ones.
func TestCloseEndsWaitingCalls(t *testing.T) {
	t.Parallel()
	_, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 1, Per: time.Hour})
	require.NoError(t, atOnce(t, l, key))
	ended := make(chan error, 10)
	for range cap(ended) {
		go func() { ended <- l.Wait(t.Context(), key, 2*time.Hour) }()
	}
	go func() { assert.NoError(t, l.Close()) }()
	for range cap(ended) {
		require.ErrorIs(t, <-ended, redispace.ErrClosed)
	}
	require.NoError(t, l.Close())
	require.ErrorIs(t, atOnce(t, l, key), redispace.ErrClosed)
	require.ErrorIs(t, l.Check(t.Context()), redispace.ErrClosed)
	l.Observe(key, refusal(time.Second))
}

// Close does not wait for a Redis that does not reply longer than the timeout, and leaves no goroutine behind.
func TestCloseLeavesNoGoroutine(t *testing.T) {
	for _, tc := range []struct {
		name string
		use  func(t *testing.T, server *realRedis, l *redispace.Limiter)
	}{
		{"unused", func(*testing.T, *realRedis, *redispace.Limiter) {}},
		{"used", func(t *testing.T, _ *realRedis, l *redispace.Limiter) {
			require.NoError(t, l.Check(t.Context()))
			require.NoError(t, l.Wait(t.Context(), key, time.Second))
		}},
		{"calls wait", func(t *testing.T, _ *realRedis, l *redispace.Limiter) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			require.NoError(t, l.Wait(t.Context(), key, time.Second))
			l.Observe(key, refusal(time.Hour))
			go func() { _ = l.Wait(ctx, key, 2*time.Hour) }()
		}},
		{"paused", func(t *testing.T, server *realRedis, l *redispace.Limiter) {
			require.NoError(t, l.Check(t.Context()))
			server.signal("STOP")
			require.NoError(t, l.Wait(t.Context(), key, time.Second))
		}},
		{"down", func(t *testing.T, server *realRedis, l *redispace.Limiter) {
			server.kill()
			require.NoError(t, l.Wait(t.Context(), key, time.Second))
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			server := startRedis(t)
			rdb := redis.NewClient(&redis.Options{Network: "unix", Addr: server.socket, ContextTimeoutEnabled: true})
			l, err := redispace.New(rdb, redispace.Limit{Requests: 10, Per: time.Second}, redispace.WithLogger(nil))
			require.NoError(t, err)
			tc.use(t, server, l)
			require.NoError(t, l.Close())
			require.NoError(t, rdb.Close())
			server.kill()
			goleak.VerifyNone(t, before)
		})
	}
}

// A limiter that no call waits for has no goroutine, even if it is not closed.
func TestIdleLimiterHasNoGoroutine(t *testing.T) {
	before := goleak.IgnoreCurrent()
	server := startRedis(t)
	rdb := redis.NewClient(&redis.Options{Network: "unix", Addr: server.socket})
	l, err := redispace.New(rdb, redispace.Limit{Requests: 1, Per: time.Hour})
	require.NoError(t, err)
	require.NoError(t, l.Wait(t.Context(), key, time.Second))
	require.Error(t, l.Wait(t.Context(), key, time.Second))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Wait(ctx, key, 2*time.Hour) }()
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	require.NoError(t, rdb.Close())
	server.kill()
	goleak.VerifyNone(t, before)
}
