package sandbox

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// HeaderStyle selects the headers that announce a rate limit.
type HeaderStyle int

// The styles. Except where they say otherwise a 429 has the usual error body, with the code RATE_LIMITED, and a
// Retry-After in whole seconds, rounded up.
const (
	HeadersRateLimit HeaderStyle = iota // RateLimit-Limit, -Remaining and -Reset (seconds to go), on every response
	// RateLimit: limit=…, remaining=…, reset=… and RateLimit-Policy, on every response
	HeadersCombined
	HeadersEpoch      // X-RateLimit-Limit, -Remaining and -Reset (Unix time), on every response
	HeadersRetryAfter // Retry-After on a 429 and nothing else
	HeadersNone       // nothing at all, not even on a 429
	BodyResetTime     // no header; a 429 has the first generation's body, with resetTime
)

// RateLimit limits the requests of each credential. Requests over the limit get 429 and do not count.
type RateLimit struct {
	// Requests is the number allowed in a Window, which starts with the first request.
	Requests int
	Window   time.Duration
	// Burst, when it is not zero, makes this a token bucket: Burst requests at once, refilled at the rate of Requests
	// in a Window.
	Burst int
	// Headers selects the headers. The default is HeadersRateLimit.
	Headers HeaderStyle
}

func (l *RateLimit) check() error {
	var errs []error
	if l.Requests <= 0 || l.Window <= 0 || l.Burst < 0 {
		errs = append(errs, errors.New("sandbox: a rate limit needs positive Requests and Window, and a Burst not below 0"))
	}
	if l.Headers < HeadersRateLimit || l.Headers > BodyResetTime {
		errs = append(errs, fmt.Errorf("sandbox: header style %d is unknown", l.Headers))
	}
	return errors.Join(errs...)
}

// SetRateLimit changes the limit while the sandbox runs. What the credentials have spent of the window, or taken from
// the bucket, they have spent of the new one too; the zero RateLimit lifts the limit.
func (s *Server) SetRateLimit(limit RateLimit) error {
	if limit == (RateLimit{}) {
		s.limiter.set(nil)
		return nil
	}
	if err := limit.check(); err != nil {
		return err
	}
	s.limiter.set(&limit)
	return nil
}

// limiter keeps the budgets of all credentials.
type limiter struct {
	mu      sync.Mutex
	limit   *RateLimit         // nil for no limit
	budgets map[string]*budget // by client id
}

type budget struct {
	since time.Time // start of the window, or when the bucket was last filled
	spent float64   // requests in the window, or missing from the bucket
}

// quota is the state of a budget after a request.
type quota struct {
	by        RateLimit
	allowed   bool
	limit     int
	remaining int
	reset     time.Duration // until the budget is whole again
	retry     time.Duration // until the next request is allowed
}

func newLimiter(limit *RateLimit) *limiter {
	return &limiter{limit: limit, budgets: make(map[string]*budget)}
}

func (l *limiter) set(limit *RateLimit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit = limit
}

// take spends one request of a credential's budget if there is one left; false where there is no limit.
func (l *limiter) take(clientID string, now time.Time) (quota, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit == nil {
		return quota{}, false
	}
	b := l.budgets[clientID]
	if b == nil {
		b = &budget{since: now}
		l.budgets[clientID] = b
	}
	if l.limit.Burst > 0 {
		return l.fromBucket(b, now), true
	}
	return l.fromWindow(b, now), true
}

func (l *limiter) fromWindow(b *budget, now time.Time) quota {
	if now.Sub(b.since) >= l.limit.Window {
		b.since, b.spent = now, 0
	}
	q := quota{by: *l.limit, limit: l.limit.Requests, allowed: int(b.spent) < l.limit.Requests}
	if b.spent == 0 {
		b.since = now
	}
	if q.allowed {
		b.spent++
	}
	q.remaining = max(0, l.limit.Requests-int(b.spent)) // a limit that was lowered may be overspent
	q.reset = b.since.Add(l.limit.Window).Sub(now)
	q.retry = q.reset
	return q
}

func (l *limiter) fromBucket(b *budget, now time.Time) quota {
	each := float64(l.limit.Window) / float64(l.limit.Requests) // time to earn one request
	if passed := now.Sub(b.since); passed > 0 {
		b.spent = max(0, b.spent-float64(passed)/each)
		b.since = now
	}
	burst := float64(l.limit.Burst)
	// The tolerance absorbs rounding, so that waiting exactly as long as told is enough.
	const tolerance = 1e-6
	q := quota{by: *l.limit, limit: l.limit.Burst, allowed: b.spent+1 <= burst+tolerance}
	if q.allowed {
		b.spent++
	}
	q.remaining = max(0, int(math.Floor(burst-b.spent+tolerance)))
	q.reset = time.Duration(b.spent * each)
	q.retry = time.Duration(max(0, b.spent+1-burst) * each)
	return q
}

// tell sets the quota headers of a response.
func (q *quota) tell(now time.Time, rep *reply) {
	switch q.by.Headers {
	case HeadersRateLimit:
		rep.set("RateLimit-Limit", strconv.Itoa(q.limit))
		rep.set("RateLimit-Remaining", strconv.Itoa(q.remaining))
		rep.set("RateLimit-Reset", seconds(q.reset))
	case HeadersCombined:
		rep.set("RateLimit", fmt.Sprintf("limit=%d, remaining=%d, reset=%s", q.limit, q.remaining, seconds(q.reset)))
		rep.set("RateLimit-Policy", fmt.Sprintf("%d;w=%s", q.by.Requests, seconds(q.by.Window)))
	case HeadersEpoch:
		rep.set("X-RateLimit-Limit", strconv.Itoa(q.limit))
		rep.set("X-RateLimit-Remaining", strconv.Itoa(q.remaining))
		rep.set("X-RateLimit-Reset", strconv.FormatInt(ceilSecond(now.Add(q.reset)).Unix(), 10))
	case HeadersRetryAfter, HeadersNone, BodyResetTime:
	}
}

// over is the response to a request over the limit.
func (q *quota) over(now time.Time) reply {
	if q.by.Headers == BodyResetTime {
		rep := plain(http.StatusTooManyRequests, struct {
			Error     string `json:"error"`
			Code      string `json:"code"`
			ResetTime string `json:"resetTime"`
		}{"Rate limit exceeded", "RATE_LIMIT_EXCEEDED", stamp(now.Add(q.retry))})
		rep.unchecked = true
		return rep
	}
	rep := refuse(http.StatusTooManyRequests, "RATE_LIMITED", "Too many requests")
	if q.by.Headers != HeadersNone {
		rep.set("Retry-After", seconds(q.retry))
	}
	return rep
}

// seconds rounds up: a client that waits this long never comes too early.
func seconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

func ceilSecond(t time.Time) time.Time {
	if whole := t.Truncate(time.Second); !whole.Equal(t) {
		return whole.Add(time.Second)
	}
	return t
}
