package pace

import (
	"math"
	"time"
)

// bucket is the state of a token bucket.
type bucket struct {
	rate     float64   // estimated refill rate per second
	credit   float64   // may be sent now
	creditAt time.Time // when credit was last updated

	grantedAt           time.Time // the last grant
	succeeded           int64     // responses other than refusals
	consecutiveRefusals int       // without those that are unattributed
	steadySince         time.Time // the last confirmation of the rate, which grows without one
	level               float64   // of the last response, from 0 (empty) to 1 (full)

	// With headers, the announced tokens plus the accepted requests grow at the refill rate while the bucket is not
	// full. The anchor is the start of a measurement.
	anchorAt   time.Time
	anchorSum  int64
	anchorLeft int
	anchorFull bool
	lowestAt   time.Time

	// Without headers, a refusal shows an empty bucket. The requests accepted since it was last empty were refilled.
	emptyAt    time.Time
	emptySum   int64
	agreements int // consecutive measurements that agree with the rate
}

// minRate permits limits of 6 per hour, and is high enough that no wait exceeds longestHold.
const minRate = 6 / float64(longestHold/time.Second)

// becomeBucket treats the limit as a bucket that refills at rate.
func (m *model) becomeBucket(rate float64) {
	m.kind = kindBucket
	m.setRate(rate)
	m.credit, m.creditAt, m.steadySince, m.agreements = 0, m.now, m.now, 4
	m.anchorAt, m.emptyAt = time.Time{}, time.Time{}
	m.left, m.ends = 0, time.Time{}
}

func (m *model) setRate(rate float64) {
	if m.rate = min(max(rate, minRate), 1e6); math.IsNaN(rate) {
		m.rate = minRate
	}
}

// trialTime returns over how many seconds a higher rate is tried: long enough that the refusal it may cause is one of
// many requests.
func (m *model) trialTime() float64 { return max(1, 100/m.rate) }

// trustTime returns for how many seconds a rate is kept before that. It doubles with each agreeing measurement.
func (m *model) trustTime() float64 { return m.trialTime() * 0.1 * float64(int(1)<<m.agreements) }

const maxAgreements = 6

// sendRate returns the requests sent per second. Without a confirmation it grows, slowly at first, so that a raised
// limit is found.
func (m *model) sendRate() float64 {
	sure := m.now.Sub(m.steadySince).Seconds()
	beyond := (sure - m.trustTime()) / (m.trialTime() * min(1, 0.1*float64(int(1)<<m.agreements)))
	switch {
	case m.announced && beyond > 0:
		return m.rate * growth(beyond)
	case m.announced && m.level == 0:
		return m.rate * 0.9
	case m.announced: // a fuller bucket allows more
		return m.rate * (0.97 + 0.3*m.level)
	case sure < m.trustTime()/4:
		return m.rate * 0.97
	}
	return m.rate * growth(beyond)
}

func growth(x float64) float64 {
	if x <= 0 {
		return 1
	}
	return min(2, 1+0.02*x+0.02*x*x*x)
}

// refill adds the credit gained since the last call.
func (m *model) refill() {
	if m.kind != kindBucket {
		return
	}
	passed := min(m.now.Sub(m.creditAt), longestHold)
	dt := passed.Seconds()
	m.creditAt = m.now
	if dt > 0.1 && dt > 4/m.rate { // the rate was not used meanwhile
		m.steadySince = m.steadySince.Add(passed)
	}
	pace := m.sendRate()
	ceiling := max(1, pace*0.02)
	if !m.announced {
		ceiling = max(ceiling, 0.9*float64(m.burst))
	}
	m.credit = max(m.credit, min(m.credit+pace*dt, ceiling))
	if pace >= 1.6*m.rate {
		m.setRate(pace)
		m.steadySince, m.agreements = m.now, 0
	}
}

func (m *model) nextFromBucket() time.Time {
	return m.now.Add(m.untilCredit(0))
}

// untilCredit returns the wait at a position of the queue.
func (m *model) untilCredit(position int) time.Duration {
	missing := float64(position+1) - m.credit
	if missing <= 1e-9 {
		return 0
	}
	// Rounded up, so that the credit suffices when the timer fires.
	return time.Duration(min(missing/m.sendRate(), longestHold.Seconds())*1e9) + 1
}

func (m *model) takeFromBucket() {
	m.credit--
}

// observeTokens learns from the headers of a bucket.
func (m *model) observeTokens(left int) {
	if m.level = float64(left) / float64(m.limit); left >= 2 {
		m.steadySince = m.now
	}
	unseen := m.uncounted()
	m.lowest = min(m.lowest, left)
	left = m.lowest // a later response may be older
	// Announced tokens are used at once, less those that reordered responses may hide.
	m.credit = max(m.credit, float64(left-unseen-m.reordering-1))
	if unseen == 0 || m.now.Sub(m.lowestAt) > time.Second {
		m.lowest, m.lowestAt = math.MaxInt, m.now
		m.sinceIdle, m.reordering = unseen, max(unseen-1, 0)
	}
	sum := m.succeeded + int64(left)
	full := int64(left) >= m.limit-1-int64(unseen)
	dt, gained := m.now.Sub(m.anchorAt), sum-m.anchorSum
	switch {
	case m.anchorAt.IsZero():
	case dt < 50*time.Millisecond,
		gained < int64(8*(1+m.reordering)) && dt < time.Duration(8*float64(time.Second)/m.rate):
		return
	default:
		measured := float64(gained) / dt.Seconds()
		// A full bucket discards tokens, and one that stays empty accepts what is sent. A low measurement then proves
		// nothing.
		falling := left > 0 || m.anchorLeft > left+2
		switch lost := full || m.anchorFull; {
		case lost && measured > m.rate:
			m.setRate(measured)
		case !lost && (falling || measured > m.rate):
			m.setRate(m.rate + 0.5*(measured-m.rate))
		}
	}
	m.anchorAt, m.anchorSum, m.anchorLeft, m.anchorFull = m.now, sum, left, full
}

// observeBucketRefusal learns from a refusal by a bucket. Its delay is rounded up to a second, in which the bucket may
// refill many times: the refused call waits it out, the others continue at the rate.
func (m *model) observeBucketRefusal(late bool) {
	m.credit = min(m.credit, 0)
	m.anchorAt = time.Time{}
	if late {
		return
	}
	pace := m.sendRate()
	m.credit = -1
	m.steadySince = m.now
	through, since := m.succeeded-m.emptySum, m.now.Sub(m.emptyAt)
	switch {
	case m.consecutiveRefusals > 1:
		m.setRate(0.7 * m.rate)
	case !m.emptyAt.IsZero() && through >= 16 && since > 0:
		measured := float64(through) / since.Seconds()
		if m.agreements = min(m.agreements+1, maxAgreements); math.Abs(measured-m.rate) > 0.1*m.rate {
			m.agreements = 0
		}
		if beyond := pace - measured; beyond > 0.05*measured {
			measured += 0.3 * beyond // it was full in between and discarded tokens
		}
		m.setRate(min(max(measured, 0.5*m.rate), 1.5*m.rate))
	default:
		m.setRate(0.9 * m.rate)
	}
	if m.emptyAt.IsZero() || through >= 64 || since > 10*time.Second {
		m.emptyAt, m.emptySum = m.now, m.succeeded
	}
}

// explainedByRounding reports whether a delay is at most the wait for one request, rounded up to a second.
func (m *model) explainedByRounding(named time.Duration) bool {
	rate := m.rate
	if m.kind != kindBucket {
		rate = m.rateBeyondBurst()
	}
	return rate > 0 && named.Seconds() <= 1.05+1/rate
}
