package client

import (
	"context"
	"errors"
	"time"

	"github.com/interchange-sdk/interchange-go/pace"
)

// Limiter decides when an attempt may be sent. A Client and all clients derived from it share one. To share a budget
// among other clients, pass the same Limiter to each, or one that is backed by a shared store such as
// [github.com/interchange-sdk/interchange-go/pace/redispace]. The platform counts by IP and by account
// (docs/platform.md#rate-limits), so more keys do not mean more quota.
//
// The default is a [pace.Limiter]. All methods must be safe for concurrent use.
type Limiter interface {
	// Wait returns nil when one attempt may be sent. If the wait would outlast ctx, or the server named a delay longer
	// than longest ([RetryPolicy.MaxDelay]), it should return a [*pace.WaitError] at once. The attempt is then not sent,
	// and the caller gets a [*LimitError], or any other error of Wait.
	Wait(ctx context.Context, key pace.Key, longest time.Duration) error
	// Observe receives the response to an attempt. It must not block.
	Observe(key pace.Key, o pace.Observation)
	// Release ends an attempt that got no response. sent reports whether the platform may have counted it. Each
	// attempt that Wait allowed is followed by one call of Observe or Release.
	Release(key pace.Key, sent bool)
}

// The values of [pace.Key.Class] for the limits that the platform documents (docs/platform.md#rate-limits).
const (
	ClassREST    = ""
	ClassMCP     = "mcp"
	ClassExports = "exports" // large reports
	ClassAuth    = "auth"    // paths below /auth
)

// asLimitError converts the error of a Limiter to a LimitError that names the operation.
func asLimitError(err error, operation string) error {
	var wait *pace.WaitError
	if errors.As(err, &wait) && wait != nil {
		return &LimitError{Operation: operation, RetryAfter: wait.RetryAfter, PastDeadline: wait.PastDeadline}
	}
	return err
}
