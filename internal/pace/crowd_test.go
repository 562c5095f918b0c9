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

	"github.com/interchange-sdk/interchange-go/internal/pace"
)

// A thousand callers of a few keys, of whom some give up and some get no answer, and a server that refuses now and then:
// each has its turn or its error, and nothing is left behind. A key that is held for an hour holds no other.
func TestACrowd(t *testing.T) {
	for seed := range uint64(5) {
		synctest.Test(t, func(t *testing.T) {
			var p pace.Pace[int]
			_, ok, _ := p.Wait(t.Context(), -1, time.Minute)
			assert.True(t, ok)
			p.Observe(-1, pace.Answer{At: time.Now(), Refused: true, RetryAfter: time.Hour, Remaining: -1})
			held := make(chan time.Time, 1)
			go func() {
				_, _, err := p.Wait(context.Background(), -1, 2*time.Hour)
				assert.NoError(t, err)
				p.Release(-1, false)
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
					key := i % 3
					switch _, ok, err := p.Wait(ctx, key, time.Minute); {
					case err != nil:
						assert.ErrorIs(t, err, context.Canceled)
						gaveUp.Add(1)
						return
					case !ok:
						assert.Fail(t, "sent away")
						return
					}
					granted.Add(1)
					time.Sleep(time.Duration(random.Int64N(int64(300 * time.Millisecond))))
					switch n := random.IntN(20); {
					case n == 0:
						p.Release(key, true)
					case n == 1:
						p.Release(key, false)
					case n == 2:
						p.Observe(key, pace.Answer{At: time.Now(), Refused: true, RetryAfter: 2 * time.Second, Remaining: -1})
					default:
						p.Observe(key, pace.Answer{At: time.Now(), Remaining: -1, Told: n < 5, Limit: 50})
					}
				})
			}
			all.Wait()
			assert.EqualValues(t, 1000, granted.Load()+gaveUp.Load())
			assert.Positive(t, gaveUp.Load())
			assert.Less(t, time.Since(began), 10*time.Minute)
			for key, s := range p.All() {
				if key >= 0 {
					assert.Zero(t, s.Waiting)
					assert.Zero(t, s.InFlight)
				}
			}
			assert.Equal(t, time.Hour, (<-held).Sub(began))
		})
	}
}
