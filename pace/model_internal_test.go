package pace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// modelTest drives a model with its own clock.
type modelTest struct {
	t   *testing.T
	m   model
	now time.Time
}

func newModelTest(t *testing.T) *modelTest {
	return &modelTest{t: t, m: newModel(simulationStart), now: simulationStart}
}

func (s *modelTest) sleep(d time.Duration) {
	s.now = s.now.Add(d)
	s.m.advance(s.now)
}

// sendAll sends as many as may be sent now, at most 1000, and returns the number.
func (s *modelTest) sendAll() int {
	for n := 0; ; n++ {
		if s.m.next().After(s.now) || n == 1000 {
			return n
		}
		s.m.grant()
	}
}

func (s *modelTest) wait() time.Duration { return max(s.m.next().Sub(s.now), 0) }

// send sends an attempt, which must not have to wait, and passes its response.
func (s *modelTest) send(o Observation) {
	s.t.Helper()
	require.Zero(s.t, s.wait())
	s.m.grant()
	s.respond(o)
}

func (s *modelTest) respond(o Observation) {
	o.At = s.now
	if !o.Quota.Reset.IsZero() {
		o.Quota.Reset = s.now.Add(o.Quota.Reset.Sub(time.Unix(0, 0)))
	}
	s.m.observe(o)
}

// announce returns a successful response with quota headers.
func announce(limit, remaining int64, reset time.Duration) Observation {
	return Observation{Quota: Quota{Known: true, Limit: limit, Remaining: remaining, Reset: time.Unix(0, 0).Add(reset)}}
}

// plain is a successful response without quota headers.
var plain = Observation{Quota: Quota{Remaining: -1}}

func TestExhaustedWindowIsWaitedOut(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	s.send(announce(10, 9, 3*time.Second))
	assert.Equal(t, kindWindow, s.m.kind)
	assert.Equal(t, 9, s.sendAll())
	for i := range int64(9) {
		s.sleep(time.Millisecond)
		s.respond(announce(10, 8-i, 3*time.Second))
	}
	assert.True(t, s.m.resetFixed, "the reset did not move while most was spent")
	assert.Equal(t, 2991*time.Millisecond, s.wait(), "3 s after the first response; later resets are rounded up more")
	s.sleep(2991 * time.Millisecond)
	assert.Equal(t, 1, s.sendAll())
	assert.Equal(t, recoveryTimeout, s.wait())
	s.respond(announce(10, 9, 3*time.Second))
	assert.Equal(t, 9, s.sendAll())
	assert.InDelta(t, 10/3.0, (&queue{model: s.m}).stats().Rate, 0.01)
}

func TestReorderedResponsesDoNotExceedTheWindow(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	s.send(announce(100, 99, time.Minute))
	total := 0
	for _, n := range []int64{80, 90, 70, 98, 60, 50, 97, 96, 40} {
		total += s.sendAll()
		s.respond(announce(100, n, time.Minute))
	}
	total += s.sendAll()
	assert.Equal(t, 99, total)
	assert.Equal(t, kindWindow, s.m.kind)
}

func TestQuotaUsedByOthersIsNoticed(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	s.send(announce(100, 99, time.Minute))
	s.send(announce(100, 5, time.Minute))
	assert.Equal(t, 5, s.sendAll())
}

func TestResponsesWithoutHeadersUseNoQuota(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	for i := range int64(10) {
		s.send(announce(100, 99-i, time.Minute))
		for range 20 {
			s.send(plain)
		}
	}
	assert.Equal(t, kindWindow, s.m.kind)
	assert.Equal(t, 90, s.sendAll())
}

func TestChangedWindowLimitAppliesAtOnce(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	s.send(announce(100, 50, time.Minute))
	s.send(announce(40, 2, time.Minute))
	assert.Equal(t, 2, s.sendAll())
	s.respond(announce(40, 1, time.Minute))
	s.respond(announce(40, 0, time.Minute))
	assert.Equal(t, time.Minute, s.wait())
	s.sleep(time.Minute)
	s.send(announce(200, 199, time.Minute))
	assert.Equal(t, 199, s.sendAll())
	assert.Equal(t, kindWindow, s.m.kind)
}

func TestEarlyTryFindsBucket(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	s.send(announce(20, 1, time.Second))
	s.send(announce(20, 0, time.Second))
	assert.Equal(t, time.Second/12, s.wait())
	s.sleep(s.wait())
	assert.Equal(t, 1, s.sendAll())
	s.respond(announce(20, 15, time.Second))
	assert.Equal(t, kindBucket, s.m.kind)
	assert.InDelta(t, 200, s.m.rate, 8, "16 in 83 ms")
	assert.Equal(t, 14, s.sendAll(), "one remains in reserve")
	for i := range int64(14) {
		s.respond(announce(20, 14-i, time.Second))
	}
	assert.InDelta(t, 5, s.wait().Seconds()*1000, 1, "milliseconds")
}

func TestRefusedEarlyTriesAreSkipped(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	s.send(announce(2, 1, time.Second))
	s.send(announce(2, 0, time.Second))
	s.sleep(s.wait())
	assert.Equal(t, 1, s.sendAll())
	o := announce(2, 0, time.Second)
	o.StatusCode, o.RetryAfter = 429, time.Second
	s.respond(o)
	assert.Equal(t, time.Second, s.wait())
	s.sleep(time.Second)
	s.send(announce(2, 1, time.Second))
	s.send(announce(2, 0, time.Second))
	assert.Equal(t, time.Second/2, s.wait(), "a bucket may be slower")
	s.sleep(time.Second / 2)
	s.m.grant()
	s.respond(o)
	s.sleep(time.Second)
	s.send(announce(2, 1, time.Second))
	s.send(announce(2, 0, time.Second))
	assert.Equal(t, time.Second, s.wait())
}

func TestBucketRefusalHoldsOnlyBeyondRounding(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	s.m.becomeBucket(200)
	s.m.announced = true
	s.sleep(10 * time.Millisecond)
	s.m.grant()
	s.respond(refused429(time.Second))
	assert.Less(t, s.wait(), 20*time.Millisecond)
	assert.Less(t, s.m.rate, 200.0)
	s.sleep(20 * time.Millisecond)
	s.m.grant()
	s.respond(refused429(3 * time.Second))
	assert.Equal(t, 3*time.Second, s.wait())
}

func TestRepeatedBucketRefusalsHoldAll(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	s.m.becomeBucket(200)
	for range 3 {
		s.sleep(s.wait())
		s.m.grant()
		s.respond(refused429(time.Second))
	}
	assert.Equal(t, time.Second, s.wait())
}

func TestWindowIsLearnedWithoutHeaders(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	server := withoutHeaders(simulatedLimit{requests: 5, per: 3 * time.Second})
	refusals := 0
	for range 20 { // windows
		for n := 0; s.wait() < time.Second && n < 100; n++ {
			s.sleep(s.wait())
			s.m.grant()
			o := server.respond(s.now)
			if o.refused() {
				refusals++
			}
			s.respond(o)
		}
		s.sleep(s.wait())
	}
	assert.Equal(t, 5, s.m.burst)
	assert.LessOrEqual(t, refusals, 6)
	assert.InDelta(t, 3, s.m.length.Seconds(), 0.1)
}

func TestKnownLimitIsKept(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	s.m.preset(5, time.Minute)
	assert.Equal(t, 5, s.sendAll())
	s.sleep(time.Second)
	s.respond(plain)
	assert.Equal(t, time.Minute, s.wait(), "from the first response")
	for range 4 {
		s.respond(plain)
	}
	s.sleep(time.Minute)
	assert.Equal(t, 1, s.sendAll())
	s.respond(plain)
	assert.Equal(t, 4, s.sendAll())

	s.respond(announce(100, 50, time.Minute))
	assert.Greater(t, s.sendAll(), 40, "headers take precedence")
}

func TestBackwardClockIsIgnored(t *testing.T) {
	t.Parallel()
	s := newModelTest(t)
	s.send(refused429(time.Minute))
	s.sleep(-time.Hour)
	assert.Equal(t, time.Hour+time.Minute, s.m.next().Sub(s.now))
	s.sleep(time.Hour + time.Minute)
	assert.Zero(t, s.wait())
	s.m.becomeBucket(10)
	s.sleep(-time.Hour)
	credit := s.m.credit
	s.sleep(time.Minute)
	assert.InDelta(t, credit, s.m.credit, 1e-9)
}

// FuzzObservations checks that no call waits for more than an hour, and that removed waiters leave no trace.
func FuzzObservations(f *testing.F) {
	f.Add([]byte{0, 0, 1, 5, 2, 10, 3, 0, 4, 9, 5, 1, 6, 0, 7, 3})
	f.Add([]byte{0, 0, 0, 0, 3, 1, 3, 200, 7, 255, 0, 0, 2, 0, 2, 7})
	f.Fuzz(func(t *testing.T, in []byte) {
		now := simulationStart
		q := queue{model: newModel(now)}
		if len(in) > 0 && in[0]%5 == 0 {
			q.model.preset(int64(in[0]), time.Duration(in[0])*time.Second)
		}
		odd := func(b byte) int64 {
			return [...]int64{0, 1, 2, 19, 20, 100, 1 << 40, 1<<63 - 1, -1, -1 << 63}[b%10]
		}
		for len(in) >= 2 {
			op, b := in[0], in[1]
			in = in[2:]
			q.model.advance(now)
			switch op % 9 {
			case 0:
				q.push(newWaiter(time.Hour))
			case 1:
				now = now.Add(time.Duration(b) * time.Duration(b) * time.Millisecond)
			case 2:
				reset := now.Add(time.Duration(odd(b / 3)))
				quota := Quota{Known: true, Limit: odd(b), Remaining: odd(b / 10), Reset: reset}
				q.model.observe(Observation{At: now, Quota: quota})
			case 3:
				o := refused429(time.Duration(odd(b)) * time.Millisecond)
				o.At = now
				q.model.observe(o)
				q.rejectLate()
			case 4:
				o := refused429(time.Duration(b) * time.Second)
				if o.At = now.Add(time.Duration(odd(b))); b%3 != 0 {
					o.StatusCode = 200
				}
				q.model.observe(o)
				q.rejectLate()
			case 5:
				q.model.noResponse()
			case 6:
				q.model.cancel()
			case 7:
				now = now.Add(-time.Duration(b) * time.Second)
			case 8:
				if q.first != nil {
					q.remove(q.first)
				}
			}
			q.dispatch(now)
		}
		for q.first != nil {
			q.remove(q.first)
		}
		require.Zero(t, q.waiting)

		now = later(now, q.model.now)
		q.model.advance(now)
		w := newWaiter(1 << 62)
		q.push(w)
		began := now
		for i := 0; ; i++ {
			if q.dispatch(now); w.done {
				break
			}
			require.Less(t, i, 100, "the wait does not end")
			now = q.nextAt
			require.LessOrEqual(t, now.Sub(began), longestHold)
		}
		s := q.stats()
		require.True(t, s.Rate >= 0 && s.Rate <= 1e6 || !s.Bucket, "%v", s.Rate)
		require.GreaterOrEqual(t, s.InFlight, 1)
	})
}
