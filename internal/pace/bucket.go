package pace

import (
	"math"
	"time"
)

// filling is what is known about a bucket.
type filling struct {
	rate   float64   // requests a second
	credit float64   // what may be sent at once
	filled time.Time // when credit was brought up to date

	granted       time.Time // the last grant
	succeeded     int64     // answers other than refusals
	refusedInARow int       // refusals since the last of them, strays aside
	steady        time.Time // since when there is no sign that the rate is right: it then grows
	level         float64   // how full it is by the last answer, from 0 to 1

	// What the server counts out is what it says is left and what it has let through; that grows at the rate at which
	// the bucket fills, as long as it is not full.
	anchorAt   time.Time
	anchorSum  int64
	anchorLeft int
	anchorFull bool
	lowestAt   time.Time

	// Where a refusal shows it to be empty, what was let through since it was last empty is what it was filled with.
	emptyAt  time.Time
	emptySum int64
	agreed   int // how often such a measurement agreed with the rate
}

// slowest is low enough for 6 an hour, and so high that nobody waits for longer than longestHold.
const slowest = 6 / float64(longestHold/time.Second)

// becomeBucket takes the limit for a bucket that fills at rate.
func (m *model) becomeBucket(rate float64) {
	m.kind = bucket
	m.setRate(rate)
	m.credit, m.filled, m.steady, m.agreed = 0, m.now, m.now, 4
	m.anchorAt, m.emptyAt = time.Time{}, time.Time{}
	m.left, m.ends = 0, time.Time{}
}

func (m *model) setRate(rate float64) {
	if m.rate = min(max(rate, slowest), 1e6); math.IsNaN(rate) {
		m.rate = slowest
	}
}

// unit is the time in which a rate is tried to be exceeded, in seconds: long enough that a refusal which that brings is
// one of many requests.
func (m *model) unit() float64 { return max(1, 100/m.rate) }

// trust is how long a rate is taken to be right before that: the longer, the more often it turned out to be.
func (m *model) trust() float64 { return m.unit() * 0.1 * float64(int(1)<<m.agreed) }

const mostAgreed = 6

// pace is how many requests a second are sent. Without a sign from the server it grows after a while, slowly at first,
// so that a limit that was raised is found.
func (m *model) pace() float64 {
	sure := m.now.Sub(m.steady).Seconds()
	beyond := (sure - m.trust()) / (m.unit() * min(1, 0.1*float64(int(1)<<m.agreed)))
	switch {
	case m.told && beyond > 0:
		return m.rate * grown(beyond)
	case m.told && m.level == 0:
		return m.rate * 0.9
	case m.told: // the fuller the bucket, the more may be drawn
		return m.rate * (0.97 + 0.3*m.level)
	case sure < m.trust()/4:
		return m.rate * 0.97
	}
	return m.rate * grown(beyond)
}

func grown(x float64) float64 {
	if x <= 0 {
		return 1
	}
	return min(2, 1+0.02*x+0.02*x*x*x)
}

// fill adds what has come in since.
func (m *model) fill() {
	if m.kind != bucket {
		return
	}
	passed := min(m.now.Sub(m.filled), longestHold)
	dt := passed.Seconds()
	m.filled = m.now
	if dt > 0.1 && dt > 4/m.rate { // nobody tried the rate in the meantime
		m.steady = m.steady.Add(passed)
	}
	pace := m.pace()
	ceiling := max(1, pace*0.02)
	if !m.told {
		ceiling = max(ceiling, 0.9*float64(m.burst))
	}
	m.credit = max(m.credit, min(m.credit+pace*dt, ceiling))
	if pace >= 1.6*m.rate {
		m.setRate(pace)
		m.steady, m.agreed = m.now, 0
	}
}

func (m *model) nextFromBucket() time.Time {
	return m.now.Add(m.untilCredit(0))
}

// untilCredit is how long it takes until the caller at place in the line has its turn.
func (m *model) untilCredit(place int) time.Duration {
	missing := float64(place+1) - m.credit
	if missing <= 1e-9 {
		return 0
	}
	// Rounded up, so that the credit is there when the time has come.
	return time.Duration(min(missing/m.pace(), longestHold.Seconds())*1e9) + 1
}

func (m *model) takeFromBucket() {
	m.credit--
}

// filledTo learns from what a header says about a bucket.
func (m *model) filledTo(left int) {
	if m.level = float64(left) / float64(m.limit); left >= 2 {
		m.steady = m.now
	}
	unseen := m.unseen()
	m.lowest = min(m.lowest, left)
	left = m.lowest // what came later may be older
	// What is announced is spent at once, but for what the order of the answers may hide.
	m.credit = max(m.credit, float64(left-unseen-m.disorder-1))
	if unseen == 0 || m.now.Sub(m.lowestAt) > time.Second {
		m.lowest, m.lowestAt = math.MaxInt, m.now
		m.afloat, m.disorder = unseen, max(unseen-1, 0)
	}
	sum := m.succeeded + int64(left)
	full := int64(left) >= m.limit-1-int64(unseen)
	dt, gained := m.now.Sub(m.anchorAt), sum-m.anchorSum
	switch {
	case m.anchorAt.IsZero():
	case dt < 50*time.Millisecond || gained < int64(8*(1+m.disorder)) && dt < time.Duration(8*float64(time.Second)/m.rate):
		return
	default:
		measured := float64(gained) / dt.Seconds()
		// A bucket that is full loses what comes in, and one that stays empty gives what is sent: that says nothing
		// about less, or about more.
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

// emptied learns from the refusal of a bucket. The delay that it names is rounded up to a second in which the bucket
// fills many times over: the refused call waits it out, the others go on at the rate.
func (m *model) emptied(stray bool) {
	m.credit = min(m.credit, 0)
	m.anchorAt = time.Time{}
	if stray {
		return
	}
	pace := m.pace()
	m.credit = -1
	m.steady = m.now
	through, since := m.succeeded-m.emptySum, m.now.Sub(m.emptyAt)
	switch {
	case m.refusedInARow > 1:
		m.setRate(0.7 * m.rate)
	case !m.emptyAt.IsZero() && through >= 16 && since > 0:
		measured := float64(through) / since.Seconds()
		if m.agreed = min(m.agreed+1, mostAgreed); math.Abs(measured-m.rate) > 0.1*m.rate {
			m.agreed = 0
		}
		if beyond := pace - measured; beyond > 0.05*measured {
			measured += 0.3 * beyond // it had been full in between, and that was lost
		}
		m.setRate(min(max(measured, 0.5*m.rate), 1.5*m.rate))
	default:
		m.setRate(0.9 * m.rate)
	}
	if m.emptyAt.IsZero() || through >= 64 || since > 10*time.Second {
		m.emptyAt, m.emptySum = m.now, m.succeeded
	}
}

// explains tells whether a delay is no more than the wait for one request, rounded up to a second.
func (m *model) explains(named time.Duration) bool {
	rate := m.rate
	if m.kind != bucket {
		rate = m.rateBeyondBurst()
	}
	return rate > 0 && named.Seconds() <= 1.05+1/rate
}
