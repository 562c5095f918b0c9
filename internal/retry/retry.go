// Package retry holds the arithmetic of retries: how long to wait, and how many retries a struggling server is
// sent at all.
package retry

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// Backoff is the delay before attempt n+1, after n attempts: a random part of min(limit, base·2ⁿ⁻¹).
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

// Poll is the time between the nth look at something that takes its time and the next: first, half as much again with
// each look, at most longest, and up to a quarter more or less, so that those who began together do not go on together.
func Poll(n int, first, longest time.Duration) time.Duration {
	step := first
	for i := 1; i < n && step < longest; i++ {
		step += step / 2
	}
	step = min(step, longest)
	return step - step/4 + Backoff(1, step/2, step/2)
}

// Wait lets time pass, or returns the context's error.
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

// The prices of a Quota.
const (
	CostFailure  = 14 // a retry after a failure
	CostThrottle = 5  // a retry that the server announced it would take
	refund       = 1  // what a call that succeeds at once puts back
)

// Quota limits the retries of all calls together, so that a server in trouble is not sent a multiple of its
// load. Retries draw from it; a call that succeeds in the end returns what its retries took.
type Quota struct {
	mu    sync.Mutex
	left  int
	limit int
}

// NewQuota returns a full quota.
func NewQuota(limit int) *Quota { return &Quota{left: limit, limit: limit} }

// Take draws cost and tells whether it was there.
func (q *Quota) Take(cost int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.left < cost {
		return false
	}
	q.left -= cost
	return true
}

// Allows reports whether cost could be drawn now.
func (q *Quota) Allows(cost int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.left >= cost
}

// Succeeded returns what the retries of a call took, and a little for a call that needed none.
func (q *Quota) Succeeded(taken int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if taken == 0 {
		taken = refund
	}
	q.left = min(q.left+taken, q.limit)
}
