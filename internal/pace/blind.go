package pace

import "time"

// blind is what is learnt where no header says how much is left: from what was let through between two refusals.
// After a hold as many are sent as were let through before it. Then it is tried, one by one and soon faster, whether
// there is more: in a window there is not, in a bucket there is, at the rate that the next refusal shows.
type blind struct {
	through int       // let through since opened
	opened  time.Time // by the first answer since
	burst   int       // let through before a refusal; 0 unknown
	asked   time.Duration
	counted bool // a refusal ended the count
	seeded  bool // limit and length were given

	gap   time.Duration // between two tries; 0 while nothing is tried
	after int           // answers to await before the next step
	same  int           // how often the count was the same
	skip  int           // for how many windows that is relied on

	trial bool // the limit is taken for a bucket until the next refusal
}

// seed tells the limit beforehand.
func (m *model) seed(limit int64, length time.Duration) {
	m.seeded, m.limit, m.length = true, limit, length
	m.kind, m.burst, m.left = window, int(min(limit, 1<<30)), int(min(limit, 1<<30))
}

// settled tells that a window is waited out without trying for more.
func (m *model) settled() bool { return m.seeded || m.skip > 0 }

func (m *model) nextBlind() time.Time {
	switch {
	case m.settled() && m.ends.After(m.now):
		return m.ends
	case m.settled() && m.ends.IsZero() && m.inflight > 0:
		return m.granted.Add(scoutPatience) // the first answer begins the window
	case m.gap > 0:
		// Never more than ten times as fast as was let through so far, so that few are refused at the end of it.
		gap := m.gap
		if rate := m.rateBeyondBurst(); rate > 0 {
			gap = max(gap, time.Duration(1e8/rate))
		}
		return m.granted.Add(gap)
	}
	return m.now
}

func (m *model) beginProbing() {
	m.gap = max(m.asked/200, time.Millisecond)
	if m.maybeBucket() {
		m.gap = time.Second / 20
	}
	m.after = m.unseen()
}

// unread learns from an answer without a header.
func (m *model) unread(stray bool) {
	m.through++
	if m.opened.IsZero() {
		m.opened = m.now
		if m.kind == window && m.settled() && m.length > 0 {
			m.ends = m.now.Add(m.length)
		}
	}
	switch {
	case !stray:
		m.trial = false
	case m.trial: // let through before the refusal
		m.setRate(m.rateBeyondBurst())
	}
	switch {
	case m.kind != window || m.left > 0 || m.gap == 0:
	case m.after > 0:
		m.after--
	default:
		m.gap = max(m.gap/2, time.Microsecond)
		m.after = m.unseen()
		if m.through > 4*m.burst+64 { // far more than before
			m.kind, m.gap = unlimited, 0
		}
	}
}

// maybeBucket tells whether the delay that was named may be that of a bucket which fills many times in a second.
func (m *model) maybeBucket() bool { return m.asked <= time.Second }

// rateBeyondBurst is how fast more than the burst was let through since the last hold.
func (m *model) rateBeyondBurst() float64 {
	beyond, since := m.through-m.burst, m.now.Sub(m.opened)
	if m.burst == 0 || beyond < 3 || m.opened.IsZero() || since <= 0 {
		return 0
	}
	return float64(beyond) / since.Seconds()
}

func (m *model) looksLikeBucket(explained bool) bool {
	return explained && !m.told && !m.seeded && m.closed.IsZero()
}

// becomeTrial goes on at the rate that was let through; the next refusal, if it comes at once, shows a window.
func (m *model) becomeTrial() {
	m.becomeBucket(m.rateBeyondBurst())
	m.agreed = 0
	m.trial = true
	m.credit = -1
	m.emptyAt, m.emptySum = m.now, m.succeeded
}

// reopenBlind begins to count again.
func (m *model) reopenBlind() {
	if m.counted && m.through > 0 && !m.seeded {
		if m.burst > 0 && m.through-m.burst <= 2 && m.burst-m.through <= 2 {
			m.same++
			m.skip = min(1<<m.same, 16)
			m.length = min(max(m.opens.Sub(m.opened), 0), longestHold)
		} else {
			m.same, m.skip, m.length = 0, 0, 0
		}
		m.burst = m.through
	} else if !m.seeded {
		m.skip = max(0, m.skip-1)
	}
	m.counted, m.through, m.opened, m.gap = false, 0, time.Time{}, 0
	if m.kind = unlimited; m.burst > 0 {
		m.kind, m.left = window, m.burst
		if m.maybeBucket() && !m.settled() {
			m.left /= 2 // it had been filling while that was sent
		}
		if m.left == 0 {
			m.beginProbing()
		}
	}
}

// forget drops what refusals taught.
func (m *model) forget() {
	m.burst, m.through, m.same, m.skip = 0, 0, 0, 0
	m.proven = false
}
