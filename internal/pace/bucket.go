package pace

import "time"

// filling is what is known about a bucket.
type filling struct {
	rate   float64   // requests a second
	credit float64   // what may be sent at once
	filled time.Time // when credit was brought up to date

	granted       time.Time // the last grant
	succeeded     int64     // answers other than refusals
	refusedInARow int       // refusals since the last of them, strays aside
	steady        time.Time // since when there is no sign that the rate is right: it then grows
	level0        bool      // the server said last that nothing is left

	// What the server counts out is what it says is left and what it has let through; that grows at the rate at which
	// the bucket fills, as long as it is not full.
	anchorAt   time.Time
	anchorSum  int64
	anchorLeft int

	// Where a refusal shows it to be empty, what was let through since it was last empty is what it was filled with.
	emptyAt  time.Time
	emptySum int64
}

const slowest = 1 / float64(longestHold/time.Second)

// becomeBucket takes the limit for a bucket that fills at rate.
func (m *model) becomeBucket(rate float64) {
	m.kind = bucket
	m.setRate(rate)
	m.credit, m.filled, m.steady = 0, m.now, m.now
	m.anchorAt, m.emptyAt = time.Time{}, time.Time{}
	m.left, m.ends = 0, time.Time{}
}

func (m *model) setRate(rate float64) {
	m.rate = min(max(rate, slowest), 1e6)
}

// growth is the time in which a rate is taken to be right before it is tried to be exceeded: long enough that a
// refusal which that brings is one of very many requests.
func (m *model) growth() float64 { return max(1, 100/m.rate) }

// pace is how many requests a second are sent. Without a sign from the server it grows, slowly at first, so that a
// limit that was raised is found.
func (m *model) pace() float64 {
	x := m.now.Sub(m.steady).Seconds() / m.growth()
	if m.told {
		switch {
		case x > 2:
			return m.rate * grown(x-2)
		case m.level0:
			return m.rate * 0.9
		}
		return m.rate * 0.98
	}
	if x < 0.25 {
		return m.rate * 0.97
	}
	return m.rate * grown(x)
}

func grown(x float64) float64 { return min(2, 1+0.02*x+0.02*x*x*x) }

// fill adds what has come in since.
func (m *model) fill() {
	if m.kind != bucket {
		return
	}
	dt := min(m.now.Sub(m.filled), longestHold).Seconds()
	m.filled = m.now
	pace := m.pace()
	ceiling := max(1, pace*0.02)
	if !m.told {
		ceiling = max(ceiling, 0.9*float64(m.burst))
	}
	m.credit = max(m.credit, min(m.credit+pace*dt, ceiling))
	if pace >= 1.6*m.rate {
		m.setRate(pace)
		m.steady = m.now
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
	if m.now.Sub(m.granted).Seconds() > m.growth() { // nobody tried the rate in the meantime
		m.steady = m.now
	}
	m.credit--
}

// level learns from what a header says about a bucket.
func (m *model) level(left int) {
	if m.level0 = left == 0; left >= 2 {
		m.steady = m.now
	}
	unseen := m.unseen()
	if unseen == 0 {
		m.disorder = 0
	}
	m.credit = max(m.credit, float64(left-unseen-m.disorder-1)) // announced, so spent at once
	sum := m.succeeded + int64(left)
	full := int64(left) >= m.limit-1-int64(unseen)
	if full || m.anchorAt.IsZero() {
		m.anchor(sum, left)
		return
	}
	dt, gained := m.now.Sub(m.anchorAt), sum-m.anchorSum
	if dt < 50*time.Millisecond || gained < int64(8*(1+unseen)) && dt < time.Duration(8*float64(time.Second)/m.rate) {
		return
	}
	measured := float64(gained) / dt.Seconds()
	// A bucket that stays empty gives what is sent: that says nothing about more.
	if measured > m.rate || left > 0 || m.anchorLeft > left+2 {
		m.setRate(m.rate + 0.5*(measured-m.rate))
	}
	m.anchor(sum, left)
}

func (m *model) anchor(sum int64, left int) {
	m.anchorAt, m.anchorSum, m.anchorLeft = m.now, sum, left
}

// emptied learns from the refusal of a bucket. The delay that it names is rounded up to a second in which the bucket
// fills many times over: the refused call waits it out, the others go on at the rate.
func (m *model) emptied(stray bool) {
	m.credit = min(m.credit, 0)
	m.anchorAt = time.Time{}
	if stray {
		return
	}
	m.credit = -1
	m.steady = m.now
	through, since := m.succeeded-m.emptySum, m.now.Sub(m.emptyAt)
	switch {
	case m.refusedInARow > 1:
		m.setRate(0.7 * m.rate)
	case !m.emptyAt.IsZero() && through >= 16 && since > 0:
		m.setRate(min(max(float64(through)/since.Seconds(), 0.5*m.rate), 1.5*m.rate))
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
