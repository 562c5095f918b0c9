package pace

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Key identifies the budget that a request counts against. It is comparable.
type Key struct {
	// Host is the host and port of the server.
	Host string
	// Credential identifies the credential. It is a hash that does not reveal it.
	Credential string
	// Class separates budgets that the server counts separately. See the Class constants of package client.
	Class string
}

// Observation describes the response to an attempt, as far as it matters for rate limits.
type Observation struct {
	// At is the time when the response arrived.
	At time.Time
	// StatusCode is the status of the response. 429 is a refusal.
	StatusCode int
	// RetryAfter is the delay that the server asked for; 0 if none.
	RetryAfter time.Duration
	// Quota is the quota announced by the headers.
	Quota Quota
}

func (o *Observation) refused() bool { return o.StatusCode == http.StatusTooManyRequests }

// Quota is the caller's quota as announced by a response. The zero Quota means that nothing was announced.
type Quota struct {
	// Known reports whether the response announced a quota.
	Known bool
	// Limit is the number of requests per window; 0 if unknown.
	Limit int64
	// Remaining is the number of requests left; -1 if unknown.
	Remaining int64
	// Reset is the end of the window by the local clock; zero if unknown.
	Reset time.Time
}

// Stats describes the state of one key.
type Stats struct {
	// Rate is the long-term rate in requests per second; 0 while no limit is known.
	Rate float64
	// Bucket reports whether the limit is a token bucket rather than a window.
	Bucket bool
	// Announced reports whether headers announce the remaining quota.
	Announced bool
	// Limit is the number of requests that a window or a full bucket allows; 0 if unknown.
	Limit int64
	// Remaining is the number of requests that may be sent now; -1 while no limit is known.
	Remaining int64
	// Reset is the end of the window; zero if unknown.
	Reset time.Time
	// HeldUntil is the time when the current hold after a refusal ends; zero if there is none.
	HeldUntil time.Time
	// Waiting is the number of queued callers. InFlight is the number of attempts without a response yet.
	Waiting, InFlight int
	// Granted is the total number of attempts allowed. Refusals is the total number of 429 responses.
	Granted, Refusals int64
}

// String returns a one-line summary for logs.
func (s Stats) String() string {
	return fmt.Sprintf("rate %.3g/s, %d waiting, %d in flight, %d granted, %d refused",
		s.Rate, s.Waiting, s.InFlight, s.Granted, s.Refusals)
}

// WaitError is returned by [Limiter.Wait] if the wait would be too long. Nothing was sent, so a retry after RetryAfter
// is safe. It matches [context.DeadlineExceeded] if PastDeadline is set.
type WaitError struct {
	// RetryAfter is the least time until the attempt may be sent.
	RetryAfter time.Duration
	// PastDeadline reports whether the context would have ended first.
	PastDeadline bool
}

// Error returns the remaining wait.
func (e *WaitError) Error() string {
	return fmt.Sprintf("pace: rate limited for another %s", e.RetryAfter.Round(time.Millisecond))
}

// Is reports whether target is context.DeadlineExceeded and PastDeadline is set.
func (e *WaitError) Is(target error) bool {
	return e != nil && e.PastDeadline && target == context.DeadlineExceeded
}
