package pace

import (
	"math"
	"time"
)

// window is the state of a limit that is, or may be, a fixed number of requests per period.
type window struct {
	limit     int64         // per window; 0 if unknown
	length    time.Duration // 0 if unknown
	left      int           // may still be sent in this window
	ends      time.Time     // zero if unknown
	announced bool          // headers announce the values above

	// In a window, the remaining quota plus the attempts that are counted but unanswered falls by one with each
	// response, in whatever order they arrive. A value above bound proves a refill.
	bound         int
	hasBound      bool
	boundExact    bool // bound is the exact value
	refillUnclear bool // the order of the responses hides whether there was a refill
	sinceIdle     int  // grants since nothing was in flight
	reordering    int  // the most of them that were in flight at once, less one
	lowest        int  // the least remaining quota announced since then

	startedAt  time.Time // the first response of this window
	refilledAt time.Time // the last refill that may have started a window

	initialReset time.Duration // until the end, in the first response of this window
	initialLeft  int
	resetFixed   bool      // the reset does not move as quota is spent, so it is not a bucket
	exhaustedAt  time.Time // the response that used it up; zero if some is left

	// Early tries: one attempt is sent before the reset to find out whether the limit is a bucket.
	triedEarly  bool // in this window
	earlyMisses int  // refused tries
	skipEarly   int  // windows without a try
}

// longestEarly limits early tries to windows of which a rounded second is a large part.
const longestEarly = 5 * time.Second

func (m *model) nextInWindow() time.Time {
	if m.left > 0 {
		return m.now
	}
	if !m.announced {
		return m.nextUnannounced()
	}
	if !m.ends.After(m.now) { // without a known end, one at a time
		if m.inFlight == 0 {
			return m.now
		}
		return m.grantedAt.Add(recoveryTimeout)
	}
	mayTry := !m.exhaustedAt.IsZero() && !m.resetFixed && !m.triedEarly && m.skipEarly == 0
	if rest := m.ends.Sub(m.exhaustedAt); mayTry && rest <= longestEarly {
		part := rest / 12
		if m.earlyMisses > 0 {
			part = rest / 2
		}
		return m.exhaustedAt.Add(part)
	}
	return m.ends
}

func (m *model) takeFromWindow() {
	if m.left > 0 {
		if m.left--; m.left == 0 && !m.announced {
			m.explore()
		}
		return
	}
	m.triedEarly = true
}

// observeQuota learns from the headers of a successful response.
func (m *model) observeQuota(o Observation) {
	left := int(min(o.Quota.Remaining, 1<<30))
	if o.Quota.Limit > 0 && o.Quota.Limit != m.limit {
		m.limit = o.Quota.Limit
		if m.kind == kindWindow {
			m.hasBound = false
		}
	}
	if o.Quota.Limit <= 0 {
		m.limit = max(m.limit, int64(left)+1)
	}
	if m.kind == kindBucket {
		m.observeTokens(left)
		return
	}
	m.kind = kindWindow
	until := untilReset(o)
	switch refilled := m.refillAmount(left); {
	case !m.hasBound:
		m.startWindow(left, until)
	case refilled > 0 && m.sinceIdle > 1 && !m.resetFixed:
		// The order of the responses is unclear. Nothing more is sent until all have arrived; then one probe decides.
		m.bound, m.boundExact, m.refillUnclear = max(m.bound, 0), false, true
	case refilled > 0:
		// A window may reset up to a second before the announced end, which is rounded up. It is then full, and does
		// not reset again before its next end.
		renewed := int64(left) >= m.limit-1 || (m.resetFixed && m.ends.Sub(m.now) <= time.Second)
		again := !m.refilledAt.IsZero() && m.now.Sub(m.refilledAt) < m.initialReset*9/10
		if !renewed || again {
			since := later(m.startedAt, m.exhaustedAt)
			m.becomeBucket(float64(refilled) / max(m.now.Sub(since), time.Millisecond).Seconds())
			m.observeTokens(left)
			return
		}
		m.refilledAt = m.now
		m.startWindow(left, until)
	default:
		if left+m.inFlight < m.bound { // other processes use it, too
			m.bound, m.boundExact = left+m.inFlight, false
		}
		spent, firstSpent := m.limit-int64(left), m.limit-int64(m.initialLeft)
		if until >= m.initialReset+2*time.Second && left < m.initialLeft && spent > 0 {
			m.becomeBucket(float64(spent) / until.Seconds()) // the reset moves with the quota spent
			m.observeTokens(left)
			return
		}
		if m.initialReset >= 2*time.Second && until <= m.initialReset && spent >= 2*firstSpent {
			m.resetFixed = true
		}
	}
	m.setEnd(o, until)
	if m.lowest = min(m.lowest, left); m.uncounted() == 0 {
		m.bound, m.boundExact, m.lowest = m.lowest+m.inFlight, true, math.MaxInt
		m.sinceIdle, m.reordering = 0, 0
		if m.refillUnclear {
			m.refillUnclear = false
			m.probe()
		}
	}
	if m.left = m.bound - m.inFlight; !m.boundExact {
		m.left = min(m.left, left-m.uncounted()-m.reordering)
	}
	if m.exhaustedAt = (time.Time{}); m.left <= 0 && m.uncounted() == 0 {
		m.exhaustedAt = m.now
	}
}

// refillAmount returns by how much the remaining quota exceeds what the window can have; positive proves a refill.
func (m *model) refillAmount(left int) int {
	// At most so many responses overtook this one. The rest holds in any order.
	overtaken, old := max(m.sinceIdle-1, 0), m.inFlight-m.uncounted()
	return max(-m.bound, left-overtaken-m.bound+old)
}

// observeRefusalQuota learns from the headers of a refusal.
func (m *model) observeRefusalQuota(o Observation) {
	if o.Quota.Limit > 0 {
		m.limit = o.Quota.Limit
	}
	m.kind, m.left, m.hasBound = kindWindow, 0, false
	m.setEnd(o, untilReset(o))
}

// startWindow treats a response as the first of a window.
func (m *model) startWindow(left int, until time.Duration) {
	m.hasBound, m.bound, m.boundExact = true, left+m.inFlight, m.uncounted() == 0
	m.startedAt = m.now
	m.initialReset, m.initialLeft, m.length = until, left, min(until, longestHold)
	m.ends, m.triedEarly = time.Time{}, false
	m.lowest = left
}

// untilReset returns the announced rest of the window, limited to a day.
func untilReset(o Observation) time.Duration {
	return min(max(o.Quota.Reset.Sub(o.At), 0), 24*longestHold)
}

// setEnd keeps the earliest end announced, because ends are rounded up. It ignores ends beyond longestHold.
func (m *model) setEnd(o Observation, until time.Duration) {
	switch {
	case o.Quota.Reset.IsZero() || until > longestHold:
		return
	case until == 0:
		until = time.Second // rounded down
	}
	if at := o.At.Add(until); m.ends.IsZero() || at.Before(m.ends) {
		m.ends = at
	}
}

// newWindow resets the state for a window without a response yet.
func (m *model) newWindow() {
	m.ends, m.exhaustedAt = time.Time{}, time.Time{}
	m.hasBound, m.triedEarly, m.refilledAt = false, false, time.Time{}
	m.skipEarly = max(0, m.skipEarly-1)
	switch {
	case !m.announced:
		m.newUnannounced()
	case m.limit > 0:
		m.kind, m.left = kindWindow, max(1, int(min(m.limit, 1<<30))-m.uncounted())
	default:
		m.kind = kindUnlimited
	}
}

// endCount ends the count of accepted requests at a refusal.
func (m *model) endCount(o Observation) {
	switch {
	case m.kind == kindBucket && !m.bucketTrial:
		m.forgetCounts()
	case m.announced && m.triedEarly:
		m.earlyMisses++
		m.skipEarly = 1<<min(m.earlyMisses, 6) - 1
	}
	m.bucketTrial = false
	m.countEnded, m.lastDelay = true, min(o.RetryAfter, longestHold)
	m.kind = kindWindow
}
