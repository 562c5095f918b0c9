package pace

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSoonerTurn: whoever keeps the time is woken when its turn comes sooner than it thinks.
func TestSoonerTurn(t *testing.T) {
	t.Parallel()
	l := line{model: newModel(simulationStart)}
	l.model.becomeBucket(10)
	w := &waiter{longest: time.Minute, ready: make(chan struct{}, 1), set: simulationStart.Add(time.Hour)}
	l.push(w)
	l.serve(simulationStart)
	assert.Len(t, w.ready, 1)
	assert.False(t, w.done)
	<-w.ready
	w.set = l.at
	l.serve(simulationStart)
	assert.Empty(t, w.ready, "and not without need")
}

// TestGivingUpAsTheTurnComes: one that gives up in the moment of its turn has used nothing, or has the turn.
func TestGivingUpAsTheTurnComes(t *testing.T) {
	t.Parallel()
	gaveUp := 0
	for range 200 {
		var p Pace[string]
		for range firstFlight {
			_, ok, _ := p.Wait(t.Context(), "key", time.Minute)
			require.True(t, ok)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			_, _, err := p.Wait(ctx, "key", time.Minute)
			ended <- err
		}()
		l := p.lines["key"]
		for waiting := 0; waiting == 0; runtime.Gosched() {
			p.mu.Lock()
			waiting = l.waiting
			p.mu.Unlock()
		}
		p.mu.Lock()
		cancel()
		for range 10 {
			runtime.Gosched() // it sees that
		}
		l.model.answer(Answer{Remaining: -1})
		l.serve(l.model.now)
		p.mu.Unlock()
		want := Stats{Granted: firstFlight + 1, InFlight: firstFlight}
		if err := <-ended; err != nil {
			require.ErrorIs(t, err, context.Canceled)
			gaveUp++
			want = Stats{Granted: firstFlight, InFlight: firstFlight - 1}
		}
		for _, s := range p.All() {
			require.Equal(t, want.Granted, s.Granted)
			require.Equal(t, want.InFlight, s.InFlight)
			require.Zero(t, s.Waiting)
		}
	}
	assert.Positive(t, gaveUp)
}

// TestNobodyOvertakes: whoever comes as the first in the line has its turn goes behind it.
func TestNobodyOvertakes(t *testing.T) {
	t.Parallel()
	var p Pace[string]
	l := p.line("key", time.Now())
	l.model.becomeBucket(0.1)
	l.model.credit = 1
	first := &waiter{longest: time.Minute, ready: make(chan struct{}, 1)}
	l.push(first)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, ok, err := p.Wait(ctx, "key", time.Minute)
	assert.False(t, ok)
	require.ErrorIs(t, err, context.Canceled)
	assert.True(t, first.granted)
}

// TestLostMayHaveCounted: what got no answer may have been counted, and is not sent again in addition.
func TestLostMayHaveCounted(t *testing.T) {
	t.Parallel()
	m := newModel(simulationStart)
	told := func(left int64) {
		m.answer(Answer{Told: true, Limit: 10, Remaining: left, Reset: m.now.Add(time.Minute)})
	}
	m.take()
	told(9)
	for range 3 {
		m.take()
	}
	m.lost()
	told(7)
	assert.LessOrEqual(t, m.left, 6, "7 are left, and one is under way")
}
