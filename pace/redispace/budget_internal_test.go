package redispace

import (
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace"
)

func TestLaterHoldIsToldAgain(t *testing.T) {
	t.Parallel()
	b := budget{limit: Limit{Requests: 1, Per: time.Second}}
	now := time.Now()
	b.hold(now.Add(time.Minute))
	require.True(t, b.mustShareHold(now))
	args := scriptArgs{hold: time.Minute, until: b.held}
	b.hold(now.Add(time.Hour)) // while Redis is asked
	b.apply(args, reply{hold: time.Minute}, now, now)
	require.True(t, b.mustShareHold(now))
	b.apply(scriptArgs{hold: time.Hour, until: b.held}, reply{hold: time.Hour}, now, now)
	assert.False(t, b.mustShareHold(now))
	assert.True(t, b.mustShareHold(now.Add(repeatHold)), "Redis may have lost it")
	assert.False(t, b.mustShareHold(now.Add(time.Hour)), "it is over")
}

func TestRoundTripGrowsAtOnceAndShrinksSlowly(t *testing.T) {
	t.Parallel()
	b := budget{limit: Limit{Requests: 100, Per: time.Second}}
	now := time.Now()
	for _, step := range []struct{ took, want time.Duration }{
		{8 * time.Millisecond, 8 * time.Millisecond},
		{80 * time.Millisecond, 80 * time.Millisecond},
		{0, 60 * time.Millisecond},
		{time.Hour, time.Hour},
	} {
		b.apply(scriptArgs{}, reply{}, now.Add(-step.took), now)
		assert.Equal(t, step.want, b.roundTrip)
	}
}

func TestIdleQueuesAreForgotten(t *testing.T) {
	t.Parallel()
	rdb := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"})
	defer func() { assert.NoError(t, rdb.Close()) }()
	l, err := New(rdb, Limit{Requests: 1, Per: time.Second})
	require.NoError(t, err)
	held, away := pace.Key{Credential: "held"}, pace.Key{Credential: "away"}
	abandonedKey := pace.Key{Credential: "abandoned"}
	l.queue(held).hold(time.Now().Add(time.Hour))
	l.queue(away).outage.failed(time.Now())
	l.queue(abandonedKey).outage.failed(time.Now().Add(-time.Hour))
	for i := range 3 * maxQueues {
		l.queue(pace.Key{Credential: strconv.Itoa(i)})
	}
	assert.LessOrEqual(t, len(l.queues), maxQueues)
	assert.Contains(t, l.queues, held)
	assert.Contains(t, l.queues, away)
	assert.NotContains(t, l.queues, abandonedKey)
}

// The slots of a reply continue the even flow behind the burst.
func TestDelaysOfSlots(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for _, tc := range []struct {
		limit Limit
		debt  time.Duration
		want  []time.Duration // of slots 1, 2, …
	}{
		{Limit{Requests: 10, Per: time.Second, Burst: 1}, 0, []time.Duration{0, 100 * ms, 200 * ms}},
		{Limit{Requests: 10, Per: time.Second, Burst: 2}, 0, []time.Duration{-100 * ms, 0, 100 * ms}},
		{Limit{Requests: 10, Per: time.Second, Burst: 1}, time.Second, []time.Duration{1000 * ms, 1100 * ms}},
		{Limit{Requests: 3, Per: time.Second, Burst: 1}, 0, []time.Duration{0, 333333333, 666666666}},
	} {
		for i, want := range tc.want {
			assert.Equal(t, want, reply{debt: tc.debt}.delay(i+1, tc.limit), "%+v, slot %d", tc, i+1)
		}
	}
}
