package client

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/pace"
)

// Pace is the default [Limiter]: it learns the limits of the platform from the answers and sends as fast as they
// allow, in the order in which the callers came. It keeps the keys apart: hosts, credentials and classes.
//
// Of a key it knows nothing it holds nobody back, but lets sixteen attempts go first, and the others as soon as one of
// them is answered. Then:
//   - Where headers tell how much is left, that is spent at once and never exceeded. A window that is used up is waited
//     for; a bucket, which fills all the time, is drawn from at the rate at which it is seen to fill.
//   - A 429 with Retry-After holds all callers of the key until that moment. Then they go one by one, and faster with
//     every answer. Where no header tells the limit it is learnt from what was let through between refusals.
//   - Retry-After is in whole seconds, in which a bucket may fill many times. Where the limit has turned out to be a
//     bucket, and the delay is no longer than that rounding explains, only the refused call waits it out; the others go
//     on at the rate learnt. Without headers, a bucket is where more is let through after a hold than before it, one by
//     one; if the next attempt is refused nevertheless, all are held.
//   - A 429 while the headers say that something is left is by a limit that they do not tell. It is learnt as if there were
//     none, until they say that nothing is left.
//   - A limit that is lowered or raised is noticed: at once from headers, within seconds from refusals.
//
// What the platform names is waited for up to [RetryPolicy.MaxDelay], and at most an hour before it is asked again. The
// place in the line is not part of that: it is limited by the context, and a call whose turn would surely come too late
// is not begun. A Pace has no goroutine of its own. The zero Pace is ready to use; it must not be copied.
type Pace struct {
	pace  pace.Pace[LimitKey]
	known map[string]knownLimit
}

type knownLimit struct {
	requests int64
	per      time.Duration
}

// PaceOption configures [NewLimiter].
type PaceOption func(*Pace)

// KnownLimit tells beforehand that each credential has so many requests of a class in a window, which begins with the
// first of them. Nothing is then spent on finding out; what the platform says in headers counts more. Values that are
// not positive are ignored. The limits that the platform documents (docs/platform.md#rate-limits):
//
//	client.KnownLimit(client.ClassREST, 100, time.Minute)  // current, by IP
//	client.KnownLimit(client.ClassREST, 1000, time.Hour)   // first platform
//	client.KnownLimit(client.ClassMCP, 500, time.Hour)     // first platform
//	client.KnownLimit(client.ClassExports, 50, time.Hour)  // first platform
//	client.KnownLimit(client.ClassAuth, 40, 15*time.Minute) // current, by IP
func KnownLimit(class string, requests int, per time.Duration) PaceOption {
	return func(p *Pace) {
		if p.known == nil {
			p.known = make(map[string]knownLimit)
			p.pace.Known = p.knownFor
		}
		p.known[class] = knownLimit{int64(requests), per}
	}
}

// NewLimiter returns a Pace like the one that a Client has by default: to share among Clients that are not derived from
// each other, to tell it limits, or to look at it.
func NewLimiter(opts ...PaceOption) *Pace {
	p := new(Pace)
	for _, opt := range opts {
		if opt != nil {
			opt(p)
		}
	}
	return p
}

func (p *Pace) knownFor(key LimitKey) (int64, time.Duration) {
	known := p.known[key.Class]
	return known.requests, known.per
}

// Wait returns nil when one attempt may be sent. Errors: [*LimitError] where the wait would be too long, with the time,
// and that of ctx.
func (p *Pace) Wait(ctx context.Context, key LimitKey, longest time.Duration) error {
	wait, ok, err := p.pace.Wait(ctx, key, longest)
	switch {
	case ok:
		return nil
	case err != nil:
		return err
	}
	deadline, has := ctx.Deadline()
	return &LimitError{RetryAfter: wait, PastDeadline: has && time.Until(deadline) < wait}
}

// Observe learns from an answer.
func (p *Pace) Observe(key LimitKey, o Observation) {
	p.pace.Observe(key, pace.Answer{
		At: o.At, Refused: o.StatusCode == http.StatusTooManyRequests, RetryAfter: o.RetryAfter,
		Told: o.Quota.Known, Limit: o.Quota.Limit, Remaining: o.Quota.Remaining, Reset: o.Quota.Reset,
	})
}

// Release ends an attempt without an answer.
func (p *Pace) Release(key LimitKey, sent bool) {
	p.pace.Release(key, sent)
}

// All gives what is known of each key, at this moment.
func (p *Pace) All() iter.Seq2[LimitKey, PaceStats] {
	return func(yield func(LimitKey, PaceStats) bool) {
		for key, s := range p.pace.All() {
			stats := PaceStats{
				Rate: s.Rate, Limit: s.Limit, Remaining: s.Remaining, Reset: s.Resets, HeldUntil: s.HeldUntil,
				Waiting: s.Waiting, InFlight: s.InFlight, Granted: s.Granted, Refusals: s.Refusals,
				Announced: s.Announced, Bucket: s.Bucket,
			}
			if !yield(key, stats) {
				return
			}
		}
	}
}

// PaceStats is what a [Pace] knows of one key.
type PaceStats struct {
	// Rate is how many requests a second are sent in the long run; 0 while no limit is known.
	Rate float64
	// Bucket tells that the limit fills all the time, rather than in windows.
	Bucket bool
	// Announced tells that headers say how much is left.
	Announced bool
	// Limit is the number of requests a window or a full bucket allows; 0 unknown. Remaining is how many may be sent at
	// once; -1 while no limit is known. Reset is when the window ends; zero unknown.
	Limit, Remaining int64
	Reset            time.Time
	// HeldUntil is the moment until which a refusal holds all callers; zero when none does.
	HeldUntil time.Time
	// Waiting counts the callers in line, InFlight the attempts that are not answered yet.
	Waiting, InFlight int
	// Granted counts the attempts allowed, Refusals the 429s.
	Granted, Refusals int64
}

// String is one line, for logs.
func (s PaceStats) String() string {
	return fmt.Sprintf("rate %.3g/s, %d waiting, %d in flight, %d granted, %d refused", s.Rate, s.Waiting, s.InFlight, s.Granted, s.Refusals)
}
