package pace

import "time"

// longestHold limits every hold and window, whatever the server names: the longest window that is documented.
const longestHold = time.Hour

type kind uint8

const (
	kindUnlimited kind = iota // no limit is known
	kindWindow                // a fixed number per period; assumed until the limit proves to be a bucket
	kindBucket                // a refill rate
)

// model estimates the limit of one key and computes when the next attempt may be sent. It has no clock and no lock:
// the caller passes the time, which never runs backwards here.
//
// With headers, a window and a bucket look alike if the bucket refills within the second to which resets are rounded.
// The difference is that a bucket refills before its reset. See window.go and bucket.go for limits with headers, and
// unannounced.go for those without.
type model struct {
	kind kind
	now  time.Time

	inFlight     int       // granted, no response yet
	recent       [2]int    // grants of this second and the one before; the server has counted older ones
	second       time.Time // when this second began
	unattributed int       // responses to come of attempts that were sent before the last refusal was known

	heldUntil   time.Time // nothing is sent before; zero if there is no hold
	lastHoldEnd time.Time

	// If probeLimit is not 0, at most so many attempts are in flight. It grows by one with each response, and doubles
	// if there is none for probeTimeout.
	probeLimit   int
	probing      int
	probeSince   time.Time
	probeTimeout time.Duration

	// secondLimit is set by a refusal while the headers announce remaining quota. Until they announce 0, the headers
	// are ignored.
	secondLimit bool

	window
	bucket
	unannounced
}

// A new key starts with a small burst. The first limit is then not learned from the refusals of a crowd.
const (
	initialProbes   = 16
	initialTimeout  = 200 * time.Millisecond
	recoveryTimeout = 250 * time.Millisecond
)

func newModel(now time.Time) model {
	return model{now: now, second: now, probeLimit: initialProbes, probeSince: now, probeTimeout: initialTimeout}
}

// advance sets the time, unless the clock went backwards.
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
	m.refill()
	if !m.heldUntil.IsZero() && !now.Before(m.heldUntil) {
		m.heldUntil = time.Time{}
		m.probe()
		m.newWindow()
	}
	if m.kind == kindWindow && !m.ends.IsZero() && !now.Before(m.ends) {
		if m.left <= 0 {
			m.probe()
		}
		m.newWindow()
	}
	if m.probeLimit > 0 && m.probing >= m.probeLimit && now.Sub(m.probeSince) >= m.probeTimeout {
		m.probeLimit *= 2
		m.probeSince = now
	}
}

// probe limits the key to one attempt until its response.
func (m *model) probe() {
	m.probeLimit, m.probing, m.probeSince, m.probeTimeout = 1, 0, m.now, recoveryTimeout
}

// next returns when the next attempt may be sent if no response arrives before. It is not after now if that is
// immediately.
func (m *model) next() time.Time {
	at := m.now
	switch {
	case m.heldUntil.After(m.now):
		return m.heldUntil
	case m.kind == kindWindow:
		at = m.nextInWindow()
	case m.kind == kindBucket:
		at = m.nextFromBucket()
	}
	if m.probeLimit > 0 && m.probing >= m.probeLimit {
		at = later(at, m.probeSince.Add(m.probeTimeout))
	}
	return at
}

func (m *model) grant() {
	m.inFlight++
	m.recent[0]++
	m.sinceIdle++
	m.reordering = max(m.reordering, m.uncounted()-1)
	if m.probeLimit > 0 {
		m.probing++
	}
	switch m.kind {
	case kindWindow:
		m.takeFromWindow()
	case kindBucket:
		m.takeFromBucket()
	case kindUnlimited:
	}
	m.grantedAt = m.now
}

// cancel returns a grant that was not used.
func (m *model) cancel() {
	m.end()
	m.recent[0] = max(0, m.recent[0]-1)
	switch m.kind {
	case kindWindow:
		m.left++
	case kindBucket:
		m.credit++
	case kindUnlimited:
	}
}

// noResponse ends an attempt that the server may have counted.
func (m *model) noResponse() {
	m.end()
	m.boundExact = false
}

func (m *model) end() {
	m.inFlight = max(0, m.inFlight-1)
	m.probing = max(0, m.probing-1)
}

func (m *model) observe(o Observation) {
	m.end()
	late := m.unattributed > 0 // sent before the last refusal was known
	if late {
		m.unattributed--
	}
	if o.At.After(m.now) || o.At.IsZero() {
		o.At = m.now
	}
	if o.refused() {
		m.observeRefusal(o, late)
		return
	}
	m.succeeded++
	m.consecutiveRefusals = 0
	known := o.Quota.Known && o.Quota.Remaining >= 0 && (o.Quota.Remaining == 0 || !m.secondLimit)
	switch {
	case m.probeLimit == 0:
	case m.probeTimeout == initialTimeout || known || m.probeLimit > 64 || (m.kind == kindWindow && m.trustsCount()):
		m.probeLimit = 0
	default:
		m.probeLimit++
		m.probeSince = m.now
	}
	switch {
	case known:
		m.announced, m.secondLimit = true, false
		m.bound--
		m.observeQuota(o)
	case m.announced:
		m.observeUnmetered()
	default:
		m.observeUnannounced(late)
	}
}

// observeUnmetered returns the quota of a request whose response has no header although others have one: it did not
// count.
func (m *model) observeUnmetered() {
	switch m.kind {
	case kindWindow:
		m.left = min(m.left+1, int(min(m.limit, 1<<30)))
	case kindBucket:
		m.credit = min(m.credit+1, float64(m.limit))
	case kindUnlimited:
	}
}

func (m *model) observeRefusal(o Observation, late bool) {
	if !late {
		m.consecutiveRefusals++
	}
	switch {
	case o.Quota.Known && o.Quota.Remaining == 0:
		m.secondLimit = false
	case !late && m.announced && m.kind == kindWindow &&
		(o.Quota.Known && o.Quota.Remaining > 0 || !o.Quota.Known && m.left > 0):
		m.announced, m.secondLimit = false, true
	}
	if o.Quota.Known && m.kind != kindBucket && o.Quota.Remaining >= 0 && !m.secondLimit {
		m.announced = true
		m.observeRefusalQuota(o)
	}
	explained := m.explainedByRounding(o.RetryAfter)
	switch {
	case m.kind == kindBucket && explained && (late || m.consecutiveRefusals <= 2 && !m.bucketTrial):
		m.observeBucketRefusal(late)
	case o.RetryAfter <= 0:
		// The refused call waits for its own backoff.
	case m.kind != kindBucket && !late && m.looksLikeBucket(explained):
		m.startBucketTrial()
	default:
		m.hold(o, late)
	}
	if !late {
		m.unattributed = m.uncounted()
	}
}

// hold holds every waiter for as long as the server asks. Of several refusals, the latest end counts.
func (m *model) hold(o Observation, late bool) {
	until := o.At.Add(min(o.RetryAfter, longestHold))
	if !until.After(m.now) {
		return
	}
	if !late || m.heldUntil.IsZero() {
		m.endCount(o)
	}
	m.heldUntil = later(m.heldUntil, until)
	m.lastHoldEnd = m.heldUntil
	m.left, m.hasBound = 0, false
}

// estimateWait returns the least wait at a position of the queue, 0 being the first, and how much of it the server
// named.
func (m *model) estimateWait(position int) (wait, named time.Duration) {
	switch {
	case m.heldUntil.After(m.now):
		named = m.heldUntil.Sub(m.now)
		wait = named
		if m.kind == kindBucket {
			wait += m.untilCredit(position)
		} else if m.limit > 0 && m.length > 0 {
			wait += time.Duration(int64(position)/m.limit) * m.length
		}
	case m.kind == kindBucket:
		wait = m.untilCredit(position)
	case m.kind == kindWindow && m.left <= position && m.ends.After(m.now) && (m.announced || m.trustsCount()):
		named = m.ends.Sub(m.now)
		wait = named
		if m.limit > 0 && m.length > 0 {
			wait += time.Duration(int64(position-max(m.left, 0))/m.limit) * m.length
		}
	}
	return wait, named
}

// uncounted returns an upper bound of the attempts that the server had not counted when it sent the response that
// arrived now.
func (m *model) uncounted() int { return min(m.inFlight, m.recent[0]+m.recent[1]) }

// idle reports whether the model holds no call, so that the key can be evicted.
func (m *model) idle() bool {
	return m.inFlight == 0 && m.heldUntil.IsZero() && (m.kind != kindWindow || m.left > 0 || m.ends.IsZero())
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
