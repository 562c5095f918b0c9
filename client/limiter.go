package client

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/pace"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Limiter decides when an attempt may be sent. One is shared by a Client and all that are derived from it; give
// the same one to several clients, or one that is backed by a shared store, to share a budget (facts §D: limits
// are counted by IP and by account, so more keys do not mean more quota).
//
// The default holds all calls of a credential after a 429 until the moment the platform named.
type Limiter interface {
	// Wait returns nil when one attempt may be sent. A wait that would outlast ctx, or take longer than the policy of
	// the call allows ([RetryPolicy.MaxDelay]), should not be begun: return at once, with a [*LimitError] or anything else.
	// The attempt is then not sent and the caller gets the error.
	Wait(ctx context.Context, key LimitKey, longest time.Duration) error
	// Observe is told what the platform answered to an attempt. It must not block.
	Observe(key LimitKey, o Observation)
}

// LimitKey names what a limit is counted by. It is comparable.
type LimitKey struct {
	// Host is the platform's host and port.
	Host string
	// Credential stands for the credential; it is a hash, from which the credential cannot be had.
	Credential string
	// Class separates budgets that the platform counts apart; empty for REST.
	Class string
}

// Observation is what one answer says about the limit.
type Observation struct {
	// At is when the answer came.
	At time.Time
	// StatusCode is the answer's status; 429 is a refusal.
	StatusCode int
	// RetryAfter is how long the platform asks to wait; 0 when it does not.
	RetryAfter time.Duration
	// Quota is what the headers say.
	Quota Quota
}

// Quota is the caller's limit as an answer describes it (facts §D). The zero Quota says nothing.
type Quota struct {
	// Known tells whether the answer said anything.
	Known bool
	// Limit is the number of requests a window allows; 0 when not said.
	Limit int64
	// Remaining is how many are left; -1 when not said.
	Remaining int64
	// Reset is when the window ends, by the local clock; zero when not said.
	Reset time.Time
}

func publicQuota(q wire.Quota) Quota {
	return Quota{Known: q.Known, Limit: q.Limit, Remaining: q.Remaining, Reset: q.Reset}
}

// NewLimiter returns a Limiter like the one that a Client has by default: to share among Clients that are not derived
// from each other.
func NewLimiter() Limiter { return new(gateLimiter) }

// longestHold is after how long the platform is asked again, whatever it said: the longest window it documents.
const longestHold = time.Hour

// gateLimiter is the default Limiter.
type gateLimiter struct{ gate pace.Gate }

// Wait holds until the gate opens.
func (l *gateLimiter) Wait(ctx context.Context, key LimitKey, longest time.Duration) error {
	wait, ok, err := l.gate.Wait(ctx, key, longest)
	switch {
	case ok:
		return nil
	case err != nil:
		return err
	}
	deadline, has := ctx.Deadline()
	return &LimitError{RetryAfter: wait, PastDeadline: has && time.Until(deadline) < wait}
}

// Observe closes the gate on a refusal that says for how long. One that does not is left to the backoff of the
// call that got it.
func (l *gateLimiter) Observe(key LimitKey, o Observation) {
	if o.StatusCode == http.StatusTooManyRequests && o.RetryAfter > 0 {
		l.gate.Close(key, o.At.Add(min(o.RetryAfter, longestHold)))
	}
}

// asLimitError names the operation in the error of a Limiter.
func asLimitError(err error, operation string) error {
	var limited *LimitError
	if errors.As(err, &limited) && limited.Operation == "" {
		named := *limited
		named.Operation = operation
		return &named
	}
	return err
}
