package pace

import "time"

// unannounced is the state of a limit without headers, learned from the requests accepted between two refusals.
// After a hold, as many are sent as were accepted before it. Then more are tried, one by one and faster with each
// response. A window refuses them. A bucket accepts them, at the rate that the next refusal shows.
type unannounced struct {
	accepted    int           // since the last hold
	openedAt    time.Time     // the first response since then
	burst       int           // accepted before a refusal; 0 if unknown
	lastDelay   time.Duration // of the last refusal
	countEnded  bool          // by a refusal
	presetLimit bool          // limit and length were given by Known

	exploreGap   time.Duration // between two tries beyond the burst; 0 while there are none
	exploreAfter int           // responses to await before the gap shrinks

	sameCounts     int // consecutive equal counts
	trustedWindows int // for how many windows the count is relied on

	bucketTrial bool // the limit is treated as a bucket until the next refusal
}

func (m *model) preset(limit int64, length time.Duration) {
	m.presetLimit, m.limit, m.length = true, limit, length
	m.kind, m.burst, m.left = kindWindow, int(min(limit, 1<<30)), int(min(limit, 1<<30))
}

// trustsCount reports whether a window is waited out without trying for more.
func (m *model) trustsCount() bool { return m.presetLimit || m.trustedWindows > 0 }

func (m *model) nextUnannounced() time.Time {
	switch {
	case m.trustsCount() && m.ends.After(m.now):
		return m.ends
	case m.trustsCount() && m.ends.IsZero() && m.inFlight > 0:
		return m.grantedAt.Add(recoveryTimeout) // the first response starts the window
	case m.exploreGap > 0:
		// At most ten times the accepted rate, so that few are refused at the end.
		gap := m.exploreGap
		if rate := m.rateBeyondBurst(); rate > 0 {
			gap = max(gap, time.Duration(1e8/rate))
		}
		return m.grantedAt.Add(gap)
	}
	return m.now
}

func (m *model) explore() {
	m.exploreGap = max(m.lastDelay/200, time.Millisecond)
	if m.mayBeBucket() {
		m.exploreGap = time.Second / 20
	}
	m.exploreAfter = m.uncounted()
}

// observeUnannounced learns from a successful response without headers.
func (m *model) observeUnannounced(late bool) {
	m.accepted++
	if m.openedAt.IsZero() {
		m.openedAt = m.now
		if m.kind == kindWindow && m.trustsCount() && m.length > 0 {
			m.ends = m.now.Add(m.length)
		}
	}
	switch {
	case !late:
		m.bucketTrial = false
	case m.bucketTrial: // accepted before the refusal
		m.setRate(m.rateBeyondBurst())
	}
	switch {
	case m.kind != kindWindow || m.left > 0 || m.exploreGap == 0:
	case m.exploreAfter > 0:
		m.exploreAfter--
	default:
		m.exploreGap = max(m.exploreGap/2, time.Microsecond)
		m.exploreAfter = m.uncounted()
		if m.accepted > 4*m.burst+64 { // far more than before the last refusal
			m.kind, m.exploreGap = kindUnlimited, 0
		}
	}
}

// mayBeBucket reports whether the last delay may be that of a bucket that refills many times per second.
func (m *model) mayBeBucket() bool { return m.lastDelay <= time.Second }

// rateBeyondBurst returns the rate at which requests beyond the burst were accepted since the last hold; 0 if unknown.
func (m *model) rateBeyondBurst() float64 {
	beyond, since := m.accepted-m.burst, m.now.Sub(m.openedAt)
	if m.burst == 0 || beyond < 3 || m.openedAt.IsZero() || since <= 0 {
		return 0
	}
	return float64(beyond) / since.Seconds()
}

func (m *model) looksLikeBucket(explained bool) bool {
	return explained && !m.announced && !m.presetLimit && m.heldUntil.IsZero()
}

// startBucketTrial continues at the accepted rate. If the next attempt is refused, the limit is a window.
func (m *model) startBucketTrial() {
	m.becomeBucket(m.rateBeyondBurst())
	m.agreements = 0
	m.bucketTrial = true
	m.credit = -1
	m.emptyAt, m.emptySum = m.now, m.succeeded
}

// newUnannounced starts a new count.
func (m *model) newUnannounced() {
	if m.countEnded && m.accepted > 0 && !m.presetLimit {
		if m.burst > 0 && m.accepted-m.burst <= 2 && m.burst-m.accepted <= 2 {
			m.sameCounts++
			m.trustedWindows = min(1<<m.sameCounts, 16)
			m.length = min(max(m.lastHoldEnd.Sub(m.openedAt), 0), longestHold)
		} else {
			m.sameCounts, m.trustedWindows, m.length = 0, 0, 0
		}
		m.burst = m.accepted
	} else if !m.presetLimit {
		m.trustedWindows = max(0, m.trustedWindows-1)
	}
	m.countEnded, m.accepted, m.openedAt, m.exploreGap = false, 0, time.Time{}, 0
	if m.kind = kindUnlimited; m.burst > 0 {
		m.kind, m.left = kindWindow, m.burst
		if m.mayBeBucket() && !m.trustsCount() {
			m.left /= 2 // a bucket refilled while that was sent
		}
		if m.left == 0 {
			m.explore()
		}
	}
}

// forgetCounts discards what refusals taught.
func (m *model) forgetCounts() {
	m.burst, m.accepted, m.sameCounts, m.trustedWindows = 0, 0, 0, 0
	m.resetFixed = false
}
