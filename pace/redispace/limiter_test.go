package redispace_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace"
	"github.com/interchange-sdk/interchange-go/pace/redispace"
)

// All machines draw from one budget: its burst, then one slot each interval.
func TestMachinesShareOneBudget(t *testing.T) {
	t.Parallel()
	server, rdb := frozen(t)
	limit := redispace.Limit{Requests: 60, Per: time.Minute, Burst: 4}
	machines := []*redispace.Limiter{limiter(t, rdb, limit), limiter(t, rdb, limit)}
	for i := range 4 {
		require.NoError(t, atOnce(t, machines[i%2], key))
	}
	for _, m := range machines {
		var limited *pace.WaitError
		require.ErrorAs(t, atOnce(t, m, key), &limited)
		assert.InDelta(t, time.Second, limited.RetryAfter, float64(60*time.Millisecond))
		assert.False(t, limited.PastDeadline)
	}
	server.SetTime(time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC))
	require.NoError(t, atOnce(t, machines[1], key))
	requireLimited(t, atOnce(t, machines[0], key))
}

func TestCredentialsAndHostsAreCountedApart(t *testing.T) {
	t.Parallel()
	_, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 1, Per: time.Minute})
	require.NoError(t, atOnce(t, l, key))
	require.Error(t, atOnce(t, l, key))
	require.NoError(t, atOnce(t, l, pace.Key{Host: key.Host, Credential: "another"}))
	require.NoError(t, atOnce(t, l, pace.Key{Host: "b.test", Credential: key.Credential}))
}

// A class with a limit of its own has a separate budget; the others share one.
func TestClassesHaveSeparateBudgets(t *testing.T) {
	t.Parallel()
	_, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 1, Per: time.Minute},
		redispace.WithClassLimit("exports", redispace.Limit{Requests: 2, Per: time.Hour, Burst: 2}))
	in := func(class string) pace.Key {
		k := key
		k.Class = class
		return k
	}
	require.NoError(t, atOnce(t, l, in("")))
	require.Error(t, atOnce(t, l, in("mcp")))
	require.NoError(t, atOnce(t, l, in("exports")))
	require.NoError(t, atOnce(t, l, in("exports")))
	require.Error(t, atOnce(t, l, in("exports")))
}

// A refusal of one machine's call holds all machines as soon as that machine makes another call.
func TestRefusalHoldsAllMachines(t *testing.T) {
	t.Parallel()
	_, rdb := frozen(t)
	limit := redispace.Limit{Requests: 100, Per: time.Second, Burst: 100}
	first, second := limiter(t, rdb, limit), limiter(t, rdb, limit)
	first.Observe(key, refusal(time.Minute))
	for _, m := range []*redispace.Limiter{first, second} {
		var limited *pace.WaitError
		require.ErrorAs(t, atOnce(t, m, key), &limited)
		assert.InDelta(t, time.Minute, limited.RetryAfter, float64(time.Second))
	}
	// A shorter one does not shorten it.
	second.Observe(key, refusal(time.Second))
	for _, m := range []*redispace.Limiter{second, first, limiter(t, rdb, limit)} {
		var limited *pace.WaitError
		require.ErrorAs(t, atOnce(t, m, key), &limited)
		assert.Greater(t, limited.RetryAfter, 50*time.Second)
	}
}

// Of several refusals the latest end counts, and none holds for longer than an hour.
func TestHoldsAreBounded(t *testing.T) {
	t.Parallel()
	_, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 100, Per: time.Second, Burst: 100})
	for _, d := range []time.Duration{1000 * time.Hour, time.Second} {
		l.Observe(key, refusal(d))
	}
	var limited *pace.WaitError
	require.ErrorAs(t, atOnce(t, l, key), &limited)
	assert.InDelta(t, time.Hour, limited.RetryAfter, float64(time.Minute))
}

// Responses other than a refusal that names a time hold nothing.
func TestOtherResponsesHoldNothing(t *testing.T) {
	t.Parallel()
	_, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 10, Per: time.Second, Burst: 10})
	l.Observe(key, pace.Observation{At: time.Now(), StatusCode: http.StatusTooManyRequests})
	l.Observe(key, pace.Observation{At: time.Now(), StatusCode: http.StatusServiceUnavailable, RetryAfter: time.Minute})
	require.NoError(t, atOnce(t, l, key))
}

func TestWaitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	_, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 1, Per: time.Hour})
	require.NoError(t, atOnce(t, l, key))

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := l.Wait(ctx, key, 2*time.Hour)
	require.ErrorIs(t, err, context.DeadlineExceeded, "the deadline is before the slot")
	requireLimited(t, err)

	ctx, cancel = context.WithCancel(t.Context())
	waits := make(chan error, 2)
	for range cap(waits) {
		go func() { waits <- l.Wait(ctx, key, 2*time.Hour) }()
	}
	cancel()
	for range cap(waits) {
		require.ErrorIs(t, <-waits, context.Canceled)
	}
}

// A call that gives up leaves the queue and takes nothing from the budget.
func TestCanceledCallTakesNothing(t *testing.T) {
	t.Parallel()
	server, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 60, Per: time.Minute, Burst: 1})
	require.NoError(t, atOnce(t, l, key))
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() { gone <- l.Wait(ctx, key, time.Hour) }()
	cancel()
	require.ErrorIs(t, <-gone, context.Canceled)
	server.SetTime(time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC))
	require.NoError(t, atOnce(t, l, key))
}

// The keys in Redis do not reveal the credential or the host.
func TestKeysRevealNothing(t *testing.T) {
	t.Parallel()
	server, rdb := frozen(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 10, Per: time.Second}, redispace.WithPrefix("team:"))
	l.Observe(key, refusal(time.Minute))
	require.Error(t, atOnce(t, l, key))
	server.FastForward(2 * time.Minute)
	second := limiter(t, rdb, redispace.Limit{Requests: 10, Per: time.Second}, redispace.WithPrefix("team:"))
	require.NoError(t, atOnce(t, second, key))
	keys := server.Keys()
	require.NotEmpty(t, keys)
	for _, k := range keys {
		assert.Contains(t, k, "team:")
		assert.NotContains(t, k, key.Credential)
		assert.NotContains(t, k, key.Host)
		assert.Positive(t, server.TTL(k), "every key expires")
	}
}

func TestSettingsAreCheckedTogether(t *testing.T) {
	t.Parallel()
	_, err := redispace.New(nil, redispace.Limit{},
		redispace.WithShare(2), redispace.WithTimeout(-1), redispace.WithClassLimit("mcp", redispace.Limit{Requests: 1}), nil)
	require.Error(t, err)
	assert.Len(t, strings.Split(err.Error(), "\n"), 5)
	_, rdb := frozen(t)
	for _, limit := range []redispace.Limit{
		{Requests: 1},
		{Requests: 1, Per: time.Second, Burst: 2},
		{Per: time.Second},
		{Requests: 1, Per: time.Microsecond},
		{Requests: 1001, Per: time.Millisecond},
		{Requests: -1, Per: time.Second},
		{Requests: 1, Per: time.Second, Burst: -1},
	} {
		_, err := redispace.New(rdb, limit)
		require.Error(t, err, "%+v", limit)
	}
}
