package pace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestTwoLimits: one of a second and one of an hour at once, of which the headers tell both, one or none. What one refuses
// while the headers of the other say that much is left is learnt nevertheless, so that no call runs out of retries.
func TestTwoLimits(t *testing.T) {
	t.Parallel()
	second := simulatedLimit{requests: 10, per: time.Second, burst: 5, headers: true}
	hour := simulatedLimit{requests: 1000, per: time.Hour, headers: true}
	for name, tc := range map[string]struct {
		tell     func(second, hour Answer) Answer
		refusals int
	}{
		"the tighter": {func(second, hour Answer) Answer {
			if hour.Remaining < second.Remaining {
				return hour
			}
			return second
		}, 60},
		"that of the second": {func(second, _ Answer) Answer { return second }, 60},
		"that of the hour":   {func(_, hour Answer) Answer { return hour }, 350},
		"none":               {func(Answer, Answer) Answer { return Answer{Remaining: -1} }, 300},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			second, hour := second, hour
			s := simulation{workers: 16, calls: 2500, longest: 2 * time.Hour, latency: jitter(1, 10*time.Millisecond, 20*time.Millisecond)}
			s.server = func(now time.Time) Answer {
				ofSecond, before := second.answer(now), hour
				ofHour := hour.answer(now)
				if ofSecond.Refused && !ofHour.Refused {
					hour = before // it was not counted
					ofHour.Remaining++
				}
				a := tc.tell(ofSecond, ofHour)
				a.Refused = ofSecond.Refused || ofHour.Refused
				a.RetryAfter = max(ofSecond.RetryAfter, ofHour.RetryAfter)
				return a
			}
			took := s.run()
			t.Logf("%v, %d refused, at most %d times", took, s.refused, s.worst)
			assert.Less(t, took, 2*time.Hour+3*time.Minute, "two hours, and 50 s in the third")
			assert.LessOrEqual(t, s.refused, tc.refusals)
			assert.Less(t, s.worst, 5, "refusals of one call")
		})
	}
}

// TestHiddenLimit: headers are believed again as soon as they say that nothing is left.
func TestHiddenLimit(t *testing.T) {
	t.Parallel()
	m := newModel(simulationStart)
	told := func(left int64) Answer {
		return Answer{Told: true, Limit: 100, Remaining: left, Reset: m.now.Add(time.Minute)}
	}
	send := func(a Answer) {
		m.take()
		m.answer(a)
	}
	send(told(50))
	assert.True(t, m.told)
	refusal := told(49)
	refusal.Refused, refusal.RetryAfter = true, time.Second
	send(refusal)
	assert.False(t, m.told)
	m.advance(m.now.Add(time.Second))
	send(told(48))
	assert.False(t, m.told)
	send(told(0))
	assert.True(t, m.told)
	assert.Equal(t, time.Minute, m.next().Sub(m.now))
}

// TestAnHour: whoever wants twice as much as is allowed gets it all, and is not refused where windows are told.
func TestAnHour(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		limit   simulatedLimit
		refused int
	}{
		"100 a minute":  {simulatedLimit{requests: 100, per: time.Minute, headers: true}, 0},
		"1000 an hour":  {simulatedLimit{requests: 1000, per: time.Hour, headers: true}, 0},
		"bucket of 10":  {simulatedLimit{requests: 10, per: time.Second, burst: 10, headers: true}, 180}, // 0.5 %
		"slower bucket": {simulatedLimit{requests: 100, per: time.Minute, burst: 10, headers: true}, 60}, // 1 %
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limit := tc.limit
			s := simulation{
				calls: 1 << 30, server: limit.answer, longest: 2 * time.Hour, stop: time.Hour,
				workers: 50, latency: jitter(1, 10*time.Millisecond, 20*time.Millisecond),
			}
			s.run()
			quota := limit.burst + limit.requests*float64(time.Hour)/float64(limit.per)
			t.Logf("%d of %.0f, %d refused", s.ended, quota, s.refused)
			assert.GreaterOrEqual(t, float64(s.ended), 0.99*quota)
			assert.LessOrEqual(t, s.refused, tc.refused)
			assert.Less(t, s.worst, 3, "refusals of one call")
		})
	}
}
