package pace

import "time"

// Answer is what one answer says about the limit.
type Answer struct {
	// At is when it came.
	At time.Time
	// Refused tells that the limit was reached, RetryAfter how long the server asks to wait; 0 when it does not say.
	Refused    bool
	RetryAfter time.Duration
	// Told tells whether it says how much is left; Limit is 0 and Reset zero where they are not said.
	Told             bool
	Limit, Remaining int64
	Reset            time.Time
}

// longestHold is after how long the server is asked again, whatever it said: the longest window that is documented.
const longestHold = time.Hour

// kind is what the limit has turned out to be.
type kind uint8

const (
	unlimited kind = iota // nothing is known that would hold a call
	window                // so many until an instant; what has not been found to be a bucket is taken for one
	bucket                // a rate
)

// model is what is known about the limit of one key, and decides when the next attempt may be sent. It does not look
// at the clock and does not lock: time is given, and never runs backwards.
//
// A window is spent as fast as the callers want and then waited out. A bucket is spent as far as the server says it is
// filled, and otherwise drawn from at the rate at which it fills. In headers the two look alike where the bucket is
// full again within the second to which resets are rounded; the difference is that a bucket fills before its reset.
// See window.go and bucket.go for what is learnt from headers, and blind.go for what is learnt where there are none.
type model struct {
	kind kind
	now  time.Time // as far as time has come

	inflight int       // granted and not yet answered
	recent   [2]int    // grants of this second and of the one before: what is older has surely been counted by the server
	second   time.Time // when this second began
	strays   int       // answers to come of attempts that were sent before the last refusal was known

	closed time.Time // nothing is sent before; zero when open
	opens  time.Time // when that last ended, or will

	// While flight is not 0, so many attempts at most are on their way: a few to find out, and then more with every
	// answer. Where answers keep away for patience, twice as many.
	flight   int
	aloft    int
	flightAt time.Time
	patience time.Duration

	// A limit refused while the headers, which tell another, say that something is left. Until they say that nothing is,
	// it is learnt as if there were none.
	hidden bool

	windowed
	filling
	blind
}

// At first some are sent at once, without knowing. That is as many as a small burst, so that it is not the refusals
// of a crowd from which the first limit is learnt.
const (
	firstFlight   = 16
	firstPatience = 200 * time.Millisecond
	scoutPatience = 250 * time.Millisecond
)

func newModel(now time.Time) model {
	return model{now: now, second: now, flight: firstFlight, flightAt: now, patience: firstPatience}
}

// advance brings the model to now. A clock that went backwards stands still.
func (m *model) advance(now time.Time) {
	if now.Before(m.now) {
		return
	}
	if m.now = now; now.Sub(m.second) >= time.Second {
		m.recent[1] = m.recent[0]
		if now.Sub(m.second) >= 2*time.Second {
			m.recent[1] = 0
		}
		m.recent[0], m.second = 0, now
	}
	m.fill()
	if !m.closed.IsZero() && !now.Before(m.closed) {
		m.closed = time.Time{}
		m.scout()
		m.reopen()
	}
	if m.kind == window && !m.ends.IsZero() && !now.Before(m.ends) {
		if m.left <= 0 {
			m.scout()
		}
		m.reopen()
	}
	if m.flight > 0 && m.aloft >= m.flight && now.Sub(m.flightAt) >= m.patience {
		m.flight *= 2
		m.flightAt = now
	}
}

// scout lets one attempt go first, and the others on its answer.
func (m *model) scout() {
	m.flight, m.aloft, m.flightAt, m.patience = 1, 0, m.now, scoutPatience
}

// next is when the next attempt may be sent, if no answer comes before: not after now when it may be at once.
func (m *model) next() time.Time {
	at := m.now
	switch {
	case m.closed.After(m.now):
		return m.closed
	case m.kind == window:
		at = m.nextInWindow()
	case m.kind == bucket:
		at = m.nextFromBucket()
	}
	if m.flight > 0 && m.aloft >= m.flight {
		at = later(at, m.flightAt.Add(m.patience))
	}
	return at
}

// take grants one attempt.
func (m *model) take() {
	m.inflight++
	m.recent[0]++
	m.afloat++
	m.disorder = max(m.disorder, m.unseen()-1)
	if m.flight > 0 {
		m.aloft++
	}
	switch m.kind {
	case window:
		m.takeFromWindow()
	case bucket:
		m.takeFromBucket()
	case unlimited:
	}
	m.granted = m.now
}

// putBack takes a grant back that was not used.
func (m *model) putBack() {
	m.ended()
	m.recent[0] = max(0, m.recent[0]-1)
	switch m.kind {
	case window:
		m.left++
	case bucket:
		m.credit++
	case unlimited:
	}
}

// lost ends an attempt to which no answer came. The server may have counted it.
func (m *model) lost() {
	m.ended()
	m.exact = false
}

func (m *model) ended() {
	m.inflight = max(0, m.inflight-1)
	m.aloft = max(0, m.aloft-1)
}

// answer learns from an answer.
func (m *model) answer(a Answer) {
	m.ended()
	stray := m.strays > 0
	if stray {
		m.strays--
	}
	if a.At.After(m.now) || a.At.IsZero() {
		a.At = m.now
	}
	if a.Refused {
		m.refused(a, stray)
		return
	}
	m.succeeded++
	m.refusedInARow = 0
	known := a.Told && a.Remaining >= 0 && (a.Remaining == 0 || !m.hidden)
	switch {
	case m.flight == 0:
	case m.patience == firstPatience || known || m.flight > 64 || (m.kind == window && m.settled()):
		m.flight = 0
	default:
		m.flight++
		m.flightAt = m.now
	}
	switch {
	case known:
		m.told, m.hidden = true, false
		m.bound--
		m.read(a)
	case m.told:
		m.uncounted()
	default:
		m.unread(stray)
	}
}

// uncounted takes an answer without a header, where others have one, for that of something that is not limited.
func (m *model) uncounted() {
	switch m.kind {
	case window:
		m.left = min(m.left+1, int(min(m.limit, 1<<30)))
	case bucket:
		m.credit = min(m.credit+1, float64(m.limit))
	case unlimited:
	}
}

// refused learns from a refusal.
func (m *model) refused(a Answer, stray bool) {
	if !stray {
		m.refusedInARow++
	}
	switch {
	case a.Told && a.Remaining == 0:
		m.hidden = false
	case !stray && m.told && m.kind == window && (a.Told && a.Remaining > 0 || !a.Told && m.left > 0):
		m.told, m.hidden = false, true
	}
	if a.Told && m.kind != bucket && a.Remaining >= 0 && !m.hidden {
		m.told = true
		m.readEnd(a)
	}
	explained := m.explains(a.RetryAfter)
	switch {
	case m.kind == bucket && explained && (stray || m.refusedInARow <= 2 && !m.trial):
		m.emptied(stray)
	case a.RetryAfter <= 0:
		// How long is left to the backoff of the call that got it.
	case m.kind != bucket && !stray && m.looksLikeBucket(explained):
		m.becomeTrial()
	default:
		m.close(a, stray)
	}
	if !stray {
		m.strays = m.unseen()
	}
}

// close holds everything as long as the server asks. Of several refusals the latest moment counts.
func (m *model) close(a Answer, stray bool) {
	until := a.At.Add(min(a.RetryAfter, longestHold))
	if !until.After(m.now) {
		return
	}
	if !stray || m.closed.IsZero() {
		m.countedOut(a)
	}
	m.closed = later(m.closed, until)
	m.opens = m.closed
	m.left, m.bounded = 0, false
}

// expect is how long the caller at place in the line, 0 the first, waits at least; and how much of that the server has
// named.
func (m *model) expect(place int) (wait, named time.Duration) {
	switch {
	case m.closed.After(m.now):
		named = m.closed.Sub(m.now)
		wait = named
		if m.kind == bucket {
			wait += m.untilCredit(place)
		} else if m.limit > 0 && m.length > 0 {
			wait += time.Duration(int64(place)/m.limit) * m.length
		}
	case m.kind == bucket:
		wait = m.untilCredit(place)
	case m.kind == window && m.left <= place && m.ends.After(m.now) && (m.told || m.settled()):
		named = m.ends.Sub(m.now)
		wait = named
		if m.limit > 0 && m.length > 0 {
			wait += time.Duration(int64(place-max(m.left, 0))/m.limit) * m.length
		}
	}
	return wait, named
}

// unseen bounds how many attempts the server may not have counted when it wrote the answer that came now.
func (m *model) unseen() int { return min(m.inflight, m.recent[0]+m.recent[1]) }

// idle tells that forgetting the model loses nothing that would hold a call.
func (m *model) idle() bool {
	return m.inflight == 0 && m.closed.IsZero() && (m.kind != window || m.left > 0 || m.ends.IsZero())
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
