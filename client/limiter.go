package client

import (
	"context"
	"errors"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Limiter decides when an attempt may be sent. One is shared by a Client and all that are derived from it; give the
// same one to several clients, or one that is backed by a shared store, to share a budget
// (docs/platform.md#rate-limits: limits are counted by IP and by account, so more keys do not mean more quota).
//
// The default is a [Pace].
type Limiter interface {
	// Wait returns nil when one attempt may be sent. A wait that would outlast ctx, or take longer than the policy of
	// the call allows ([RetryPolicy.MaxDelay]), should not be begun: return at once, with a [*LimitError] or anything
	// else. The attempt is then not sent and the caller gets the error.
	Wait(ctx context.Context, key LimitKey, longest time.Duration) error
	// Observe is told what the platform answered to an attempt. It must not block. An attempt to which no answer came
	// is not told; a Limiter that counts those under way is a [Releaser] too.
	Observe(key LimitKey, o Observation)
}

// Releaser is a [Limiter] that is told when an attempt it allowed ended without an answer. One that wraps another
// should pass it on.
type Releaser interface {
	// Release ends an attempt. sent tells whether the platform may have seen it; where not, it costs nothing.
	Release(key LimitKey, sent bool)
}

// LimitKey names what a limit is counted by. It is comparable.
type LimitKey struct {
	// Host is the platform's host and port.
	Host string
	// Credential stands for the credential; it is a hash, from which the credential cannot be had.
	Credential string
	// Class separates budgets that the platform counts apart: that of [Operation.Class].
	Class string
}

// The classes of the limits that the platform documents (docs/platform.md#rate-limits).
const (
	ClassREST    = ""
	ClassMCP     = "mcp"
	ClassExports = "exports" // large reports
	ClassAuth    = "auth"    // what is below /auth
)

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

// Quota is the caller's limit as an answer describes it (docs/platform.md#rate-limits). The zero Quota says nothing.
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
