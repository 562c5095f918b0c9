// Package retry computes the delays of retries and limits their number.
package retry

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// Backoff returns the delay before attempt n+1: a random part of min(limit, base·2ⁿ⁻¹).
func Backoff(n int, base, limit time.Duration) time.Duration {
	ceiling := min(base, limit)
	if ceiling <= 0 {
		return 0
	}
	for range n - 1 {
		if ceiling > limit/2 { // doubling could overflow
			ceiling = limit
			break
		}
		ceiling *= 2
	}
	return time.Duration(rand.Uint64N(uint64(ceiling) + 1)) //nolint:gosec // jitter, not a secret
}

// Poll returns the delay after the nth poll. It starts at first and grows by half with each poll, up to longest. A
// jitter of a quarter spreads pollers that started together.
func Poll(n int, first, longest time.Duration) time.Duration {
	step := first
	for i := 1; i < n && step < longest; i++ {
		step += step / 2
	}
	step = min(step, longest)
	return step - step/4 + Backoff(1, step/2, step/2)
}

// Wait waits, or returns the context's error.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// The costs that a Quota is charged.
const (
	CostFailure  = 14 // a retry after a failure
	CostThrottle = 5  // a retry at a time that the server named
	refund       = 1  // returned by a call that succeeds without a retry
)

// Quota limits the retries of all calls together, so that an outage does not become a retry storm. Retries draw from
// it; a call that succeeds in the end returns the cost of its retries.
type Quota struct {
	mu    sync.Mutex
	left  int
	limit int
}

// NewQuota returns a full quota.
func NewQuota(limit int) *Quota { return &Quota{left: limit, limit: limit} }

// Take draws cost and reports whether enough was left.
func (q *Quota) Take(cost int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.left < cost {
		return false
	}
	q.left -= cost
	return true
}

// Allows reports whether enough is left to draw cost.
func (q *Quota) Allows(cost int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.left >= cost
}

// Succeeded returns the cost of the retries of a call, or a small refund if it needed none.
func (q *Quota) Succeeded(taken int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if taken == 0 {
		taken = refund
	}
	q.left = min(q.left+taken, q.limit)
}
