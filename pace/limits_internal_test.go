package pace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestTwoLimitsAreLearned applies a limit per second and one per hour, of which the headers announce both, one or none.
// Refusals by the other one must not exhaust the retries of a call.
func TestTwoLimitsAreLearned(t *testing.T) {
	t.Parallel()
	second := simulatedLimit{requests: 10, per: time.Second, burst: 5, headers: true}
	hour := simulatedLimit{requests: 1000, per: time.Hour, headers: true}
	for name, tc := range map[string]struct {
		announce func(second, hour Quota) Quota
		refusals int
	}{
		"the tighter": {func(second, hour Quota) Quota {
			if hour.Remaining < second.Remaining {
				return hour
			}
			return second
		}, 60},
		"per second": {func(second, _ Quota) Quota { return second }, 60},
		"per hour":   {func(_, hour Quota) Quota { return hour }, 350},
		"none":       {func(Quota, Quota) Quota { return Quota{} }, 300},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			second, hour := second, hour
			s := simulation{
				workers: 16, calls: 2500, longest: 2 * time.Hour,
				latency: jitter(1, 10*time.Millisecond, 20*time.Millisecond),
			}
			s.server = func(now time.Time) Observation {
				ofSecond, before := second.respond(now), hour
				ofHour := hour.respond(now)
				if ofSecond.refused() && !ofHour.refused() {
					hour = before // a refused request does not count
					ofHour.Quota.Remaining++
				}
				o := ofHour
				if ofSecond.refused() {
					o = ofSecond
				}
				o.RetryAfter = max(ofSecond.RetryAfter, ofHour.RetryAfter)
				o.Quota = tc.announce(ofSecond.Quota, ofHour.Quota)
				return o
			}
			took := s.run()
			t.Logf("%v, %d refused, at most %d times", took, s.refused, s.worst)
			assert.Less(t, took, 2*time.Hour+3*time.Minute, "two hours, and 50 s in the third")
			assert.LessOrEqual(t, s.refused, tc.refusals)
			assert.Less(t, s.worst, 5, "refusals of one call")
		})
	}
}

func TestHeadersAreIgnoredAfterSecondLimitRefuses(t *testing.T) {
	t.Parallel()
	m := newModel(simulationStart)
	announce := func(remaining int64) Observation {
		return Observation{Quota: Quota{Known: true, Limit: 100, Remaining: remaining, Reset: m.now.Add(time.Minute)}}
	}
	send := func(o Observation) {
		m.grant()
		m.observe(o)
	}
	send(announce(50))
	assert.True(t, m.announced)
	refusal := refused429(time.Second)
	refusal.Quota = announce(49).Quota
	send(refusal)
	assert.False(t, m.announced)
	m.advance(m.now.Add(time.Second))
	send(announce(48))
	assert.False(t, m.announced)
	send(announce(0))
	assert.True(t, m.announced, "headers are used again once they announce 0")
	assert.Equal(t, time.Minute, m.next().Sub(m.now))
}

// TestOverloadUsesTheQuota requests twice what is allowed for an hour.
func TestOverloadUsesTheQuota(t *testing.T) {
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
				calls: 1 << 30, server: limit.respond, longest: 2 * time.Hour, stop: time.Hour,
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
