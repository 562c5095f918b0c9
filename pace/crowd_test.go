package pace_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/pace"
)

// TestEveryCallerIsServedOrFails runs a thousand callers of a few keys. Some give up, some get no response, some are
// refused. A key that is held for an hour does not delay the others.
func TestEveryCallerIsServedOrFails(t *testing.T) {
	for seed := range uint64(5) {
		synctest.Test(t, func(t *testing.T) {
			var l pace.Limiter
			hour := pace.Key{Host: "held.test"}
			pass(t, &l, hour)
			l.Observe(hour, refusal(time.Hour))
			held := make(chan time.Time, 1)
			go func() {
				assert.NoError(t, l.Wait(context.Background(), hour, 2*time.Hour))
				l.Release(hour, false)
				held <- time.Now()
			}()

			began := time.Now()
			var granted, gaveUp atomic.Int64
			var all sync.WaitGroup
			for i := range 1000 {
				random := rand.New(rand.NewPCG(seed, uint64(i)))
				all.Go(func() {
					time.Sleep(time.Duration(random.Int64N(int64(5 * time.Second))))
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					if random.IntN(4) == 0 {
						time.AfterFunc(time.Duration(random.Int64N(int64(10*time.Second))), cancel)
					}
					key := numbered(i % 3)
					if err := l.Wait(ctx, key, time.Minute); err != nil {
						assert.ErrorIs(t, err, context.Canceled)
						gaveUp.Add(1)
						return
					}
					granted.Add(1)
					time.Sleep(time.Duration(random.Int64N(int64(300 * time.Millisecond))))
					switch n := random.IntN(20); {
					case n == 0:
						l.Release(key, true)
					case n == 1:
						l.Release(key, false)
					case n == 2:
						l.Observe(key, refusal(2*time.Second))
					default:
						l.Observe(key, pace.Observation{At: time.Now(), Quota: pace.Quota{Known: n < 5, Limit: 50, Remaining: -1}})
					}
				})
			}
			all.Wait()
			assert.EqualValues(t, 1000, granted.Load()+gaveUp.Load())
			assert.Positive(t, gaveUp.Load())
			assert.Less(t, time.Since(began), 10*time.Minute)
			for key, s := range l.All() {
				if key != hour {
					assert.Zero(t, s.Waiting)
					assert.Zero(t, s.InFlight)
				}
			}
			assert.Equal(t, time.Hour, (<-held).Sub(began))
		})
	}
}
