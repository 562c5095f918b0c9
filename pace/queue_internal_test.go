package pace

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWaiterIsWokenToResetItsTimer(t *testing.T) {
	t.Parallel()
	q := queue{model: newModel(simulationStart)}
	q.model.becomeBucket(10)
	w := newWaiter(time.Minute)
	w.timerAt = simulationStart.Add(time.Hour)
	q.push(w)
	q.dispatch(simulationStart)
	assert.Len(t, w.wake, 1)
	assert.False(t, w.done)
	<-w.wake
	w.timerAt = q.nextAt
	q.dispatch(simulationStart)
	assert.Empty(t, w.wake, "no signal without need")
}

func TestCancellationRacingWithGrantReturnsTheGrant(t *testing.T) {
	t.Parallel()
	gaveUp := 0
	for range 200 {
		var l Limiter
		for range initialProbes {
			require.NoError(t, l.Wait(t.Context(), Key{}, time.Minute))
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			ended <- l.Wait(ctx, Key{}, time.Minute)
		}()
		q := l.queues[Key{}]
		for waiting := 0; waiting == 0; runtime.Gosched() {
			l.mu.Lock()
			waiting = q.waiting
			l.mu.Unlock()
		}
		l.mu.Lock()
		cancel()
		for range 10 {
			runtime.Gosched() // lets it notice
		}
		q.model.observe(plain)
		q.dispatch(q.model.now)
		l.mu.Unlock()
		want := Stats{Granted: initialProbes + 1, InFlight: initialProbes}
		if err := <-ended; err != nil {
			require.ErrorIs(t, err, context.Canceled)
			gaveUp++
			want = Stats{Granted: initialProbes, InFlight: initialProbes - 1}
		}
		for _, s := range l.All() {
			require.Equal(t, want.Granted, s.Granted)
			require.Equal(t, want.InFlight, s.InFlight)
			require.Zero(t, s.Waiting)
		}
	}
	assert.Positive(t, gaveUp)
}

func TestNewCallerDoesNotOvertakeADueWaiter(t *testing.T) {
	t.Parallel()
	var l Limiter
	q := l.queue(Key{}, time.Now())
	q.model.becomeBucket(0.1)
	q.model.credit = 1
	first := newWaiter(time.Minute)
	q.push(first)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, l.Wait(ctx, Key{}, time.Minute), context.Canceled)
	assert.True(t, first.granted)
}

func TestAttemptWithoutResponseCounts(t *testing.T) {
	t.Parallel()
	m := newModel(simulationStart)
	announced := func(left int64) {
		m.observe(Observation{Quota: Quota{Known: true, Limit: 10, Remaining: left, Reset: m.now.Add(time.Minute)}})
	}
	m.grant()
	announced(9)
	for range 3 {
		m.grant()
	}
	m.noResponse()
	announced(7)
	assert.LessOrEqual(t, m.left, 6, "7 are left and one is in flight")
}
