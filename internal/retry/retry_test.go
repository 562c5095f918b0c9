package retry_test

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/internal/retry"
)

// The jitter is full: every delay from nothing to the ceiling is as likely as any other.
func TestBackoffShape(t *testing.T) {
	t.Parallel()
	const (
		base    = 100 * time.Millisecond
		limit   = 10 * time.Second
		samples = 100_000
	)
	for n := 1; n <= 10; n++ {
		t.Run(fmt.Sprintf("after attempt %d", n), func(t *testing.T) {
			t.Parallel()
			ceiling := min(base<<(n-1), limit)
			var sum float64
			var quarters [4]int
			for range samples {
				d := retry.Backoff(n, base, limit)
				if d < 0 || d > ceiling {
					t.Fatalf("%s is outside of 0 to %s", d, ceiling)
				}
				sum += float64(d)
				quarters[min(int(4*d/ceiling), 3)]++
			}
			assert.InEpsilon(t, float64(ceiling)/2, sum/samples, 0.02)
			for i, got := range quarters {
				assert.InEpsilon(t, samples/4, got, 0.04, "quarter %d", i)
			}
		})
	}
}

func TestBackoffAtTheEdges(t *testing.T) {
	t.Parallel()
	const longest = time.Duration(math.MaxInt64)
	for _, tt := range []struct {
		n           int
		base, limit time.Duration
		ceiling     time.Duration
	}{
		{0, time.Second, time.Minute, time.Second},
		{-5, time.Second, time.Minute, time.Second},
		{1, time.Minute, time.Second, time.Second},
		{3, 3, 10, 10},
		{100, time.Second, time.Minute, time.Minute},
		{math.MaxInt, time.Second, time.Minute, time.Minute},
		{5, 0, time.Minute, 0},
		{math.MaxInt, 0, time.Minute, 0},
		{5, -time.Second, time.Minute, 0},
		{1, time.Second, 0, 0},
		{200, time.Millisecond, longest, longest},
		{2, longest, longest, longest},
		{2, longest/2 + 1, longest, longest},
		{63, 1, longest, 1 << 62},
	} {
		var highest time.Duration
		for range 200 {
			d := retry.Backoff(tt.n, tt.base, tt.limit)
			if d < 0 || d > tt.ceiling {
				t.Fatalf("%+v: %d", tt, d)
			}
			highest = max(highest, d)
		}
		// Of 200 samples one is in the upper half, but once in 10⁶⁰ runs.
		assert.GreaterOrEqual(t, highest, tt.ceiling/2, "%+v", tt)
	}
}

func TestQuotaArithmetic(t *testing.T) {
	t.Parallel()
	q := retry.NewQuota(30)
	assert.True(t, q.Take(retry.CostFailure))
	assert.True(t, q.Take(retry.CostFailure))
	assert.False(t, q.Take(retry.CostFailure), "2 are left")
	assert.False(t, q.Take(retry.CostThrottle), "2 are left")
	assert.True(t, q.Take(2), "a refusal takes nothing")
	assert.False(t, q.Take(1))
	assert.True(t, q.Take(0))

	q.Succeeded(0)
	assert.True(t, q.Take(1), "a call without retries puts one back")
	assert.False(t, q.Take(1))

	q.Succeeded(retry.CostFailure)
	assert.False(t, q.Take(retry.CostFailure+1), "a call that succeeds in the end puts back what it took, no more")
	assert.True(t, q.Take(retry.CostFailure))

	for range 100 {
		q.Succeeded(retry.CostFailure)
	}
	assert.True(t, q.Take(30))
	assert.False(t, q.Take(1), "never more than the limit")
}

// A dead server is sent 500/14 retries, however many calls are made.
func TestQuotaBoundsAStorm(t *testing.T) {
	t.Parallel()
	q := retry.NewQuota(500)
	retries := 0
	for range 10_000 {
		for range 5 {
			if !q.Take(retry.CostFailure) {
				break
			}
			retries++
		}
	}
	assert.LessOrEqual(t, retries, 36)
	for range 500 {
		q.Succeeded(0)
	}
	assert.True(t, q.Take(500), "500 successes refill it")
}

func TestQuotaIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	q := retry.NewQuota(1000)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 1000 {
				if q.Take(retry.CostThrottle) {
					q.Succeeded(retry.CostThrottle)
				}
			}
		})
	}
	wg.Wait()
	assert.True(t, q.Take(1000), "all that was taken is back")
	assert.False(t, q.Take(1))
}
