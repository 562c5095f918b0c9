package pace_test

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace"
)

var key = pace.Key{Host: "api.test", Credential: "5f2c91e0"}

func numbered(n int) pace.Key { return pace.Key{Host: "api.test", Credential: strconv.Itoa(n)} }

func refusal(after time.Duration) pace.Observation {
	return pace.Observation{At: time.Now(), StatusCode: http.StatusTooManyRequests, RetryAfter: after}
}

func success() pace.Observation { return pace.Observation{At: time.Now(), StatusCode: http.StatusOK} }

// announce returns a success with quota headers.
func announce(limit, remaining int64, reset time.Duration) pace.Observation {
	o := success()
	o.Quota = pace.Quota{Known: true, Limit: limit, Remaining: remaining, Reset: o.At.Add(reset)}
	return o
}

func pass(t *testing.T, l *pace.Limiter, k pace.Key) {
	t.Helper()
	require.NoError(t, l.Wait(t.Context(), k, time.Minute))
}

func stats(l *pace.Limiter, k pace.Key) pace.Stats {
	for other, s := range l.All() {
		if other == k {
			return s
		}
	}
	return pace.Stats{}
}

func TestNewKeySendsSixteenUntilTheFirstResponse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l pace.Limiter
		began := time.Now()
		for range 16 {
			require.NoError(t, l.Wait(t.Context(), key, 0))
		}
		assert.Equal(t, began, time.Now())
		go func() {
			time.Sleep(30 * time.Millisecond)
			l.Observe(key, success())
		}()
		pass(t, &l, key)
		assert.Equal(t, 30*time.Millisecond, time.Since(began))
		for range 1000 {
			pass(t, &l, key)
		}
		assert.Equal(t, 30*time.Millisecond, time.Since(began))
		assert.Equal(t, pace.Stats{Remaining: -1, InFlight: 1016, Granted: 1017}, stats(&l, key))
	})
}

func TestProbesDoubleWithoutResponses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l pace.Limiter
		began := time.Now()
		for range 1000 {
			pass(t, &l, key)
		}
		assert.Equal(t, 6*200*time.Millisecond, time.Since(began), "16, 32, 64, ...")
	})
}

func TestRefusalHoldsUntilRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l pace.Limiter
		began := time.Now()
		pass(t, &l, key)
		l.Observe(key, refusal(30*time.Second))
		assert.Equal(t, began.Add(30*time.Second), stats(&l, key).HeldUntil)
		pass(t, &l, key)
		assert.Equal(t, 30*time.Second, time.Since(began), "exactly Retry-After")
		assert.Zero(t, stats(&l, key).HeldUntil)
		assert.EqualValues(t, 1, stats(&l, key).Refusals)
	})
}

func TestRecoveryKeepsOrderAndRampsUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l pace.Limiter
		pass(t, &l, key)
		l.Observe(key, refusal(10*time.Second))
		var mu sync.Mutex
		var order []int
		passed := func() []int {
			mu.Lock()
			defer mu.Unlock()
			return append([]int(nil), order...)
		}
		for i := range 20 {
			go func() {
				if l.Wait(t.Context(), key, time.Minute) == nil {
					mu.Lock()
					order = append(order, i)
					mu.Unlock()
				}
			}()
			synctest.Wait()
		}
		assert.Equal(t, 20, stats(&l, key).Waiting)
		pass(t, &l, numbered(1)) // other keys are not held

		time.Sleep(10*time.Second - 1)
		synctest.Wait()
		assert.Empty(t, passed())
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		assert.Equal(t, []int{0}, passed(), "one probe")
		// Two more with each response. Those released together may report in any order.
		for want := 3; want <= 20; want = min(want+2, 20) {
			l.Observe(key, success())
			synctest.Wait()
			gone := passed()
			slices.Sort(gone)
			require.Len(t, gone, want)
			require.Equal(t, want-1, gone[want-1], "in order of arrival")
			if want == 20 {
				break
			}
		}
	})
}

func TestLatestHoldCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l pace.Limiter
		began := time.Now()
		for range 5 {
			pass(t, &l, key)
		}
		for _, d := range []time.Duration{30 * time.Second, 5 * time.Second, -time.Hour, 0} {
			l.Observe(key, refusal(d))
		}
		assert.Equal(t, began.Add(30*time.Second), stats(&l, key).HeldUntil)
		go func() { // a refusal during a wait extends it
			time.Sleep(20 * time.Second)
			l.Observe(key, refusal(25*time.Second))
		}()
		pass(t, &l, key)
		assert.Equal(t, 45*time.Second, time.Since(began))
	})
}

func TestWaitFailsAtOnceIfTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l pace.Limiter
		began := time.Now()
		pass(t, &l, key)
		l.Observe(key, refusal(30*time.Second))
		short, cancel := context.WithTimeout(t.Context(), 30*time.Second-1)
		defer cancel()
		var tooLong *pace.WaitError
		require.ErrorAs(t, l.Wait(t.Context(), key, 30*time.Second-1), &tooLong)
		assert.Equal(t, pace.WaitError{RetryAfter: 30 * time.Second}, *tooLong)
		assert.NotErrorIs(t, tooLong, context.DeadlineExceeded)
		require.ErrorAs(t, l.Wait(short, key, time.Hour), &tooLong)
		assert.Equal(t, pace.WaitError{RetryAfter: 30 * time.Second, PastDeadline: true}, *tooLong)
		require.ErrorIs(t, tooLong, context.DeadlineExceeded)
		require.EqualError(t, tooLong, "pace: rate limited for another 30s")
		assert.Equal(t, began, time.Now())

		long, cancelLong := context.WithTimeout(t.Context(), 30*time.Second+1)
		defer cancelLong()
		require.NoError(t, l.Wait(long, key, 30*time.Second), "a wait of exactly the limit")
	})
}

func TestRefusalEndsWaitsThatBecomeTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l pace.Limiter
		began := time.Now()
		pass(t, &l, key)
		pass(t, &l, key)
		l.Observe(key, refusal(10*time.Second))
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				longest := 20 * time.Second
				if i%2 == 0 {
					longest = 2 * time.Minute
				}
				err := l.Wait(t.Context(), key, longest)
				if i%2 == 0 {
					assert.NoError(t, err)
					return
				}
				assert.Equal(t, &pace.WaitError{RetryAfter: time.Minute}, err)
				assert.Equal(t, 5*time.Second, time.Since(began))
			})
		}
		time.Sleep(5 * time.Second)
		l.Observe(key, refusal(time.Minute))
		wg.Wait()
		assert.GreaterOrEqual(t, time.Since(began), 65*time.Second)
	})
}

func TestQueuePositionCountsTowardsTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := pace.New(pace.Known("", 2, 10*time.Second))
		began := time.Now()
		for range 2 {
			pass(t, l, key)
			l.Observe(key, success())
		}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { pass(t, l, key) })
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		err := l.Wait(ctx, key, time.Minute)
		assert.Equal(t, &pace.WaitError{RetryAfter: 20 * time.Second, PastDeadline: true}, err, "two windows")
		assert.Equal(t, began, time.Now())
		wg.Wait()
	})
}

func TestCancelledWaiterLeavesTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l pace.Limiter
		began := time.Now()
		pass(t, &l, key)
		l.Observe(key, refusal(30*time.Second))
		first, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			assert.ErrorIs(t, l.Wait(first, key, time.Minute), context.Canceled)
			assert.Equal(t, 7*time.Second, time.Since(began))
		})
		synctest.Wait()
		wg.Go(func() {
			pass(t, &l, key)
			assert.Equal(t, 30*time.Second, time.Since(began))
		})
		time.Sleep(7 * time.Second)
		cancel()
		wg.Wait()
		assert.Zero(t, stats(&l, key).Waiting)
	})
}

func TestReleaseReturnsUnsentQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l pace.Limiter
		pass(t, &l, key)
		l.Observe(key, announce(10, 1, time.Minute))
		pass(t, &l, key)
		done := make(chan struct{})
		go func() {
			defer close(done)
			pass(t, &l, key)
		}()
		synctest.Wait()
		assert.Equal(t, 1, stats(&l, key).Waiting)
		began := time.Now()
		l.Release(key, false)
		<-done
		assert.Equal(t, began, time.Now())
		l.Release(key, true)
		l.Release(pace.Key{}, true) // unknown
		assert.Zero(t, stats(&l, key).InFlight)
	})
}

func TestHoldsAreBounded(t *testing.T) {
	t.Parallel()
	for name, observation := range map[string]func() pace.Observation{
		"delay of a century": func() pace.Observation { return refusal(100 * 365 * 24 * time.Hour) },
		"response from the future": func() pace.Observation {
			o := refusal(time.Hour)
			o.At = o.At.Add(1000 * time.Hour)
			return o
		},
		"reset in a year":   func() pace.Observation { return announce(10, 0, 365*24*time.Hour) },
		"reset in the past": func() pace.Observation { return announce(10, 0, -time.Hour) },
		"huge limit":        func() pace.Observation { return announce(1<<63-1, 1<<63-1, time.Hour) },
		"negative numbers":  func() pace.Observation { return announce(-5, -7, time.Minute) },
		"nothing left, no reset": func() pace.Observation {
			return pace.Observation{At: time.Now(), Quota: pace.Quota{Known: true}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var l pace.Limiter
				began := time.Now()
				pass(t, &l, key)
				l.Observe(key, observation())
				require.NoError(t, l.Wait(t.Context(), key, 1000*time.Hour))
				assert.LessOrEqual(t, time.Since(began), time.Hour)
			})
		})
	}
}

func TestIdleKeysAreEvicted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l pace.Limiter
		for i := range 100_000 {
			pass(t, &l, numbered(i))
			l.Observe(numbered(i), refusal(time.Second))
			time.Sleep(time.Minute)
		}
		assert.LessOrEqual(t, l.Len(), 1024)
		held := pace.Key{Host: "held.test"}
		pass(t, &l, held)
		l.Observe(held, refusal(time.Hour))
		for i := range 5000 {
			pass(t, &l, numbered(-i))
			l.Observe(numbered(-i), refusal(time.Second))
			time.Sleep(time.Millisecond)
		}
		assert.NotZero(t, stats(&l, held).HeldUntil, "a held key is not evicted")

		for i := range 5000 {
			l.Observe(numbered(-1-i), refusal(time.Hour))
		}
		assert.LessOrEqual(t, l.Len(), 1024, "even if all are held")
	})
}

func TestEvictionKeepsWaitersAndLongHolds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l pace.Limiter
		long, queued := pace.Key{Host: "long.test"}, pace.Key{Host: "queued.test"}
		l.Observe(long, refusal(time.Hour))
		l.Observe(queued, refusal(2*time.Second))
		done := make(chan error)
		go func() { done <- l.Wait(t.Context(), queued, time.Minute) }()
		synctest.Wait()
		for i := range 3000 {
			l.Observe(numbered(i), refusal(time.Minute))
		}
		assert.LessOrEqual(t, l.Len(), 1024)
		assert.NotZero(t, stats(&l, long).HeldUntil)
		assert.Equal(t, 1, stats(&l, queued).Waiting)
		require.NoError(t, <-done)
	})
}

func TestAllCanBeLeftEarly(t *testing.T) {
	t.Parallel()
	var l pace.Limiter
	for i := range 2 {
		pass(t, &l, numbered(i))
	}
	n := 0
	for range l.All() {
		n++
		break
	}
	assert.Equal(t, 1, n)
}
