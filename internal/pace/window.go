package pace

import (
	"math"
	"time"
)

// windowed is what is known about a window, or about what may be one.
type windowed struct {
	limit  int64         // what a window allows; 0 unknown
	length time.Duration // how long one lasts; 0 unknown
	left   int           // what may still be sent in this one
	ends   time.Time     // when it ends; zero unknown
	told   bool          // headers say all this

	// In a window, what is left and what is counted but not yet answered is together one less with each answer, in
	// whatever order they come. Where that turns out to be more than bound, there was a refill.
	bound    int
	bounded  bool
	exact    bool // bound is not only a bound
	doubtful bool // there was a refill, or not
	afloat   int  // grants since nothing was under way
	disorder int  // how many of them were under way at once, besides one
	lowest   int  // the least that was told since then

	began    time.Time // the first answer of this window
	refilled time.Time // the last refill that may have been the beginning of a window

	first      time.Duration // until the end, in the first answer of this window
	firstLeft  int
	proven     bool      // its end stays where it is while it is spent: it is no bucket
	empty      time.Time // when the last of it was answered; zero while something is left
	probed     bool      // one was sent nevertheless, to find out
	misses     int       // how often in vain
	skipProbes int       // in how many windows it is not tried again
}

// A whole second to which a reset is rounded is worth a try only where it is a good part of the window.
const longestProbed = 5 * time.Second

func (m *model) nextInWindow() time.Time {
	if m.left > 0 {
		return m.now
	}
	if !m.told {
		return m.nextBlind()
	}
	if !m.ends.After(m.now) { // no end is known: one by one
		if m.inflight == 0 {
			return m.now
		}
		return m.granted.Add(scoutPatience)
	}
	if rest := m.ends.Sub(m.empty); !m.empty.IsZero() && !m.proven && !m.probed && m.skipProbes == 0 && rest <= longestProbed {
		part := rest / 12
		if m.misses > 0 {
			part = rest / 2
		}
		return m.empty.Add(part)
	}
	return m.ends
}

func (m *model) takeFromWindow() {
	if m.left > 0 {
		if m.left--; m.left == 0 && !m.told {
			m.beginProbing()
		}
		return
	}
	m.probed = true
}

// read learns from what a header says.
func (m *model) read(a Answer) {
	left := int(min(a.Remaining, 1<<30))
	if a.Limit > 0 && a.Limit != m.limit {
		m.limit = a.Limit
		if m.kind == window {
			m.bounded = false
		}
	}
	if a.Limit <= 0 {
		m.limit = max(m.limit, int64(left)+1)
	}
	if m.kind == bucket {
		m.filledTo(left)
		return
	}
	m.kind = window
	until := untilReset(a)
	switch refilled := m.refilledBy(left); {
	case !m.bounded:
		m.beginWindow(left, until)
	case refilled > 0 && m.afloat > 1 && !m.proven:
		// Which answer is the newest is not clear, so nothing more is sent until all are there; then one will tell.
		m.bound, m.exact, m.doubtful = max(m.bound, 0), false, true
	case refilled > 0:
		// A window may have begun anew, up to a second before the end that was told, for that is rounded up. But then it
		// is full, and does not do so again before its next end.
		renewed := int64(left) >= m.limit-1 || (m.proven && m.ends.Sub(m.now) <= time.Second)
		again := !m.refilled.IsZero() && m.now.Sub(m.refilled) < m.first*9/10
		if !renewed || again {
			since := later(m.began, m.empty)
			m.becomeBucket(float64(refilled) / max(m.now.Sub(since), time.Millisecond).Seconds())
			m.filledTo(left)
			return
		}
		m.refilled = m.now
		m.beginWindow(left, until)
	default:
		if left+m.inflight < m.bound { // others spend of it too
			m.bound, m.exact = left+m.inflight, false
		}
		spent, firstSpent := m.limit-int64(left), m.limit-int64(m.firstLeft)
		if until >= m.first+2*time.Second && left < m.firstLeft && spent > 0 {
			m.becomeBucket(float64(spent) / until.Seconds()) // the more is missing, the longer it takes
			m.filledTo(left)
			return
		}
		if m.first >= 2*time.Second && until <= m.first && spent >= 2*firstSpent {
			m.proven = true
		}
	}
	m.setEnd(a, until)
	if m.lowest = min(m.lowest, left); m.unseen() == 0 {
		m.bound, m.exact, m.lowest = m.lowest+m.inflight, true, math.MaxInt
		m.afloat, m.disorder = 0, 0
		if m.doubtful {
			m.doubtful = false
			m.scout()
		}
	}
	if m.left = m.bound - m.inflight; !m.exact {
		m.left = min(m.left, left-m.unseen()-m.disorder)
	}
	if m.empty = (time.Time{}); m.left <= 0 && m.unseen() == 0 {
		m.empty = m.now
	}
}

// refilledBy is how much more is left than a window could have, if so.
func (m *model) refilledBy(left int) int {
	// So many answers at most have overtaken this one; and that there were so many is certain in any order.
	overtaken, old := max(m.afloat-1, 0), m.inflight-m.unseen()
	return max(-m.bound, left-overtaken-m.bound+old)
}

// readEnd learns from the header of a refusal.
func (m *model) readEnd(a Answer) {
	if a.Limit > 0 {
		m.limit = a.Limit
	}
	m.kind, m.left, m.bounded = window, 0, false
	m.setEnd(a, untilReset(a))
}

// beginWindow takes an answer for the first of a window.
func (m *model) beginWindow(left int, until time.Duration) {
	m.bounded, m.bound, m.exact = true, left+m.inflight, m.unseen() == 0
	m.began = m.now
	m.first, m.firstLeft, m.length = until, left, min(until, longestHold)
	m.ends, m.probed = time.Time{}, false
	m.lowest = left
}

// untilReset is how long an answer says the window still lasts; what is beyond all measure is cut.
func untilReset(a Answer) time.Duration {
	return min(max(a.Reset.Sub(a.At), 0), 24*longestHold)
}

// setEnd believes the earliest end that is told, for ends are rounded up, and none that is absurd.
func (m *model) setEnd(a Answer, until time.Duration) {
	switch {
	case a.Reset.IsZero() || until > longestHold:
		return
	case until == 0:
		until = time.Second // rounded down
	}
	if at := a.At.Add(until); m.ends.IsZero() || at.Before(m.ends) {
		m.ends = at
	}
}

// reopen begins a window of which nothing has been seen yet.
func (m *model) reopen() {
	m.ends, m.empty = time.Time{}, time.Time{}
	m.bounded, m.probed, m.refilled = false, false, time.Time{}
	m.skipProbes = max(0, m.skipProbes-1)
	switch {
	case !m.told:
		m.reopenBlind()
	case m.limit > 0:
		m.kind, m.left = window, max(1, int(min(m.limit, 1<<30))-m.unseen())
	default:
		m.kind = unlimited
	}
}

// countedOut notes what a refusal says about what was let through before it.
func (m *model) countedOut(a Answer) {
	switch {
	case m.kind == bucket && !m.trial:
		m.forget()
	case m.told && m.probed:
		m.misses++
		m.skipProbes = 1<<min(m.misses, 6) - 1
	}
	m.trial = false
	m.counted, m.asked = true, min(a.RetryAfter, longestHold)
	m.kind = window
}
