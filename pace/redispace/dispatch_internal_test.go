package redispace

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace"
)

// newTestQueue returns a queue of a limiter whose Redis cannot be reached.
func newTestQueue(t *testing.T, limit Limit) *queue {
	t.Helper()
	rdb := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"})
	l, err := New(rdb, limit, WithLogger(nil))
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, l.Close())
		require.NoError(t, rdb.Close())
	})
	return newQueue(l, "test", limit)
}

// Calls are asked for together unless the later ones are less patient than those before them may need.
func TestQuestionLeavesLessPatientCallsOut(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	limit := Limit{Requests: 200, Per: time.Second}
	for _, tc := range []struct {
		name    string
		next    time.Duration // until the next free slot
		waiting []time.Duration
		wanted  int
		horizon time.Duration
	}{
		{"nothing waits", 0, nil, 0, time.Second},
		{"all are patient", 0, []time.Duration{time.Minute, time.Minute, time.Minute}, 3, time.Second},
		{"the least patient one decides", 0, []time.Duration{time.Minute, 500 * ms, time.Minute}, 3, 500 * ms},
		{"too impatient behind a patient one", 0, []time.Duration{time.Minute, 40 * ms, time.Minute}, 1, time.Second},
		{"too impatient for a long queue", 800 * ms, []time.Duration{time.Minute, 500 * ms}, 1, time.Second},
		{"patient behind an impatient one", 0, []time.Duration{ms, time.Minute}, 2, ms},
		{"less patient behind an impatient one", 0, []time.Duration{2 * ms, ms}, 1, 2 * ms},
		{"only free slots", 0, []time.Duration{1, 1, 1}, 3, 1},
		{"deadline has passed", 0, []time.Duration{-ms, ms}, 2, 0},
	} {
		n := newTestQueue(t, limit)
		now := time.Now()
		n.budget.next = now.Add(tc.next)
		for _, maxWait := range tc.waiting {
			n.waiters.PushBack(&waiter{longest: time.Hour, deadline: now.Add(maxWait)})
		}
		args := n.scriptArgs(now)
		assert.Equal(t, tc.wanted, args.wanted, tc.name)
		assert.Equal(t, tc.horizon, args.horizon, tc.name)
	}
}

// Slots go to the calls in order. A call for which a slot is too late is refused, and the next one gets the slot.
func TestSlotsAreHandedOutInOrder(t *testing.T) {
	t.Parallel()
	n := newTestQueue(t, Limit{Requests: 10, Per: time.Second, Burst: 1})
	now := time.Now()
	const ms = time.Millisecond
	longest := []time.Duration{time.Minute, 50 * ms, time.Minute, time.Second, 100 * ms, time.Minute}
	waiters := make([]*waiter, len(longest))
	for i, d := range longest {
		waiters[i] = &waiter{longest: d, slots: make(chan slot, 1)}
		n.waiters.PushBack(waiters[i])
	}
	n.apply(scriptArgs{wanted: 3, horizon: time.Second}, reply{granted: 3, known: "1"}, now, now)
	for i, want := range []time.Duration{0, -1, 100 * ms, 200 * ms, -1} {
		s := <-waiters[i].slots
		if want < 0 {
			assert.Error(t, s.err, "call %d", i)
			continue
		}
		assert.NoError(t, s.err, "call %d", i)
		assert.Equal(t, now.Add(want), s.at, "call %d", i)
	}
	assert.Equal(t, 1, n.waiters.Len(), "the last one waits for the next slot")
	assert.Equal(t, now.Add(300*ms), n.budget.next)
}

// A process that was stopped for a while does not send all its calls at once: late slots are replaced, within bounds.
func TestLateSlotsAreReplaced(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		late []time.Duration // of the slots
	}{
		{"in time", []time.Duration{0}},
		{"late once", []time.Duration{time.Second, 0}},
		{"always late", []time.Duration{time.Second, time.Second, time.Second, time.Second}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			key := pace.Key{Credential: "late"}
			n := newTestQueue(t, Limit{Requests: 10, Per: time.Second})
			n.limiter.queues[key] = n
			n.dispatching = true // by this test
			ended := make(chan error, 1)
			go func() { ended <- n.limiter.Wait(t.Context(), key, time.Minute) }()
			for _, late := range tc.late {
				require.Eventually(t, func() bool {
					n.mu.Lock()
					defer n.mu.Unlock()
					return n.grant(time.Now().Add(-late), 0, time.Second/2)
				}, 10*time.Second, time.Millisecond)
			}
			require.NoError(t, <-ended)
			assert.Zero(t, n.waiters.Len())
		})
	}
}

func TestValidityOfSlots(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for _, tc := range []struct {
		limit           Limit
		roundTrip, took time.Duration
		want            time.Duration
	}{
		{Limit{Requests: 200, Per: time.Second}, 20 * ms, 20 * ms, 50 * ms},
		{Limit{Requests: 100, Per: time.Minute}, 20 * ms, 20 * ms, 3 * time.Second},
		{Limit{Requests: 200, Per: time.Second}, 20 * ms, 60 * ms, 30 * ms},
		{Limit{Requests: 200, Per: time.Second}, 20 * ms, 140 * ms, -50 * ms},
		{Limit{Requests: 1000, Per: time.Second, Burst: 1}, 20 * ms, 20 * ms, 50 * ms},
		{Limit{Requests: 200, Per: time.Second}, 0, 140 * ms, 50 * ms}, // the first one
	} {
		now := time.Now()
		b := budget{limit: tc.limit, roundTrip: tc.roundTrip}
		assert.Equal(t, tc.want, b.valid(now.Add(-tc.took), now), "%+v", tc)
	}
}
