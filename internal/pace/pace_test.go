package pace_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/internal/pace"
)

type gate = pace.Pace[any]

func refusal(after time.Duration) pace.Answer {
	return pace.Answer{At: time.Now(), Refused: true, RetryAfter: after, Remaining: -1}
}

func success() pace.Answer { return pace.Answer{At: time.Now(), Remaining: -1} }

// told is a success whose header says what is left.
func told(limit, left int64, reset time.Duration) pace.Answer {
	return pace.Answer{At: time.Now(), Told: true, Limit: limit, Remaining: left, Reset: time.Now().Add(reset)}
}

func pass(t *testing.T, g *gate, key any) {
	t.Helper()
	_, ok, err := g.Wait(t.Context(), key, time.Minute)
	require.NoError(t, err)
	require.True(t, ok)
}

func stats(g *gate, key any) pace.Stats {
	for k, s := range g.All() {
		if k == key {
			return s
		}
	}
	return pace.Stats{}
}

func TestNobodyIsHeldAtFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		began := time.Now()
		for range 16 {
			wait, ok, err := g.Wait(t.Context(), "key", 0)
			require.NoError(t, err)
			require.True(t, ok)
			require.Zero(t, wait)
		}
		assert.Equal(t, began, time.Now())
		// Those behind them go as soon as one is answered, or after a while if none is.
		go func() {
			time.Sleep(30 * time.Millisecond)
			g.Observe("key", success())
		}()
		pass(t, &g, "key")
		assert.Equal(t, 30*time.Millisecond, time.Since(began))
		for range 1000 {
			pass(t, &g, "key")
		}
		assert.Equal(t, 30*time.Millisecond, time.Since(began))
		assert.Equal(t, pace.Stats{Remaining: -1, InFlight: 1016, Granted: 1017}, stats(&g, "key"))
	})
}

func TestSilenceHoldsNobodyForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		began := time.Now()
		for range 1000 {
			pass(t, &g, "key")
		}
		assert.Equal(t, 6*200*time.Millisecond, time.Since(began), "16, 32, 64, ...")
	})
}

func TestARefusalHoldsUntilTheMoment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		began := time.Now()
		pass(t, &g, "key")
		g.Observe("key", refusal(30*time.Second))
		assert.Equal(t, began.Add(30*time.Second), stats(&g, "key").HeldUntil)
		pass(t, &g, "key")
		assert.Equal(t, 30*time.Second, time.Since(began), "neither sooner nor later")
		assert.Zero(t, stats(&g, "key").HeldUntil)
		assert.EqualValues(t, 1, stats(&g, "key").Refusals)
	})
}

// TestOrderAfterARefusal: those who were held go in the order in which they came: one, and then more with every answer.
func TestOrderAfterARefusal(t *testing.T) {
	t.Parallel()
	type key struct{ host, credential string }
	synctest.Test(t, func(t *testing.T) {
		var g gate
		pass(t, &g, key{"h", "c"})
		g.Observe(key{"h", "c"}, refusal(10*time.Second))
		var mu sync.Mutex
		var order []int
		passed := func() []int {
			mu.Lock()
			defer mu.Unlock()
			return append([]int(nil), order...)
		}
		for i := range 20 {
			go func() {
				if _, ok, _ := g.Wait(t.Context(), key{"h", "c"}, time.Minute); ok {
					mu.Lock()
					order = append(order, i)
					mu.Unlock()
				}
			}()
			synctest.Wait()
		}
		assert.Equal(t, 20, stats(&g, key{"h", "c"}).Waiting)
		pass(t, &g, key{"h", "d"}) // no other key is held
		pass(t, &g, "h")

		time.Sleep(10*time.Second - 1)
		synctest.Wait()
		assert.Empty(t, passed())
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		assert.Equal(t, []int{0}, passed(), "one goes first")
		// Two more with every answer. (Those who go at one moment may report in any order.)
		for want := 3; want <= 20; want = min(want+2, 20) {
			g.Observe(key{"h", "c"}, success())
			synctest.Wait()
			gone := passed()
			slices.Sort(gone)
			require.Len(t, gone, want)
			require.Equal(t, want-1, gone[want-1], "the first ones, and no other")
			if want == 20 {
				break
			}
		}
	})
}

func TestTheLatestMomentCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		began := time.Now()
		for range 5 {
			pass(t, &g, "key")
		}
		for _, d := range []time.Duration{30 * time.Second, 5 * time.Second, -time.Hour, 0} {
			g.Observe("key", refusal(d))
		}
		assert.Equal(t, began.Add(30*time.Second), stats(&g, "key").HeldUntil)
		go func() { // what is learnt during a wait prolongs it
			time.Sleep(20 * time.Second)
			g.Observe("key", refusal(25*time.Second))
		}()
		pass(t, &g, "key")
		assert.Equal(t, 45*time.Second, time.Since(began))
	})
}

func TestNoWaitIsBegunThatIsTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		began := time.Now()
		pass(t, &g, "key")
		g.Observe("key", refusal(30*time.Second))
		short, cancel := context.WithTimeout(t.Context(), 30*time.Second-1)
		defer cancel()
		for name, wait := range map[string]func() (time.Duration, bool, error){
			"limit":    func() (time.Duration, bool, error) { return g.Wait(t.Context(), "key", 30*time.Second-1) },
			"deadline": func() (time.Duration, bool, error) { return g.Wait(short, "key", time.Hour) },
		} {
			d, ok, err := wait()
			require.NoError(t, err, name)
			assert.False(t, ok, name)
			assert.Equal(t, 30*time.Second, d, name)
		}
		assert.Equal(t, began, time.Now(), "no time was lost")

		long, cancelLong := context.WithTimeout(t.Context(), 30*time.Second+1)
		defer cancelLong()
		_, ok, err := g.Wait(long, "key", 30*time.Second)
		require.NoError(t, err)
		assert.True(t, ok, "exactly the limit is waited for")
	})
}

// TestAWaitThatBecomesTooLongEnds: those who wait already, too, are told at once when a refusal holds them for longer
// than they may be.
func TestAWaitThatBecomesTooLongEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		began := time.Now()
		pass(t, &g, "key")
		pass(t, &g, "key")
		g.Observe("key", refusal(10*time.Second))
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				longest := 20 * time.Second
				if i%2 == 0 {
					longest = 2 * time.Minute
				}
				d, ok, err := g.Wait(t.Context(), "key", longest)
				assert.NoError(t, err)
				assert.Equal(t, i%2 == 0, ok)
				if !ok {
					assert.Equal(t, time.Minute, d)
					assert.Equal(t, 5*time.Second, time.Since(began))
				}
			})
		}
		time.Sleep(5 * time.Second)
		g.Observe("key", refusal(time.Minute))
		wg.Wait()
		assert.GreaterOrEqual(t, time.Since(began), 65*time.Second)
	})
}

// TestTheLineBoundsADeadline: whoever would have its turn too late, behind the others, does not wait for it.
func TestTheLineBoundsADeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := gate{Known: func(any) (int64, time.Duration) { return 2, 10 * time.Second }}
		began := time.Now()
		for range 2 {
			pass(t, &g, "key")
			g.Observe("key", success())
		}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { pass(t, &g, "key") })
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		d, ok, err := g.Wait(ctx, "key", time.Minute)
		require.NoError(t, err)
		assert.False(t, ok)
		assert.Equal(t, 20*time.Second, d, "two windows")
		assert.Equal(t, began, time.Now())
		wg.Wait()
	})
}

// TestACancelledWaiterGivesItsPlaceBack: the next one goes instead, at the same moment.
func TestACancelledWaiterGivesItsPlaceBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		began := time.Now()
		pass(t, &g, "key")
		g.Observe("key", refusal(30*time.Second))
		first, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			_, ok, err := g.Wait(first, "key", time.Minute)
			assert.ErrorIs(t, err, context.Canceled)
			assert.False(t, ok)
			assert.Equal(t, 7*time.Second, time.Since(began))
		})
		synctest.Wait()
		wg.Go(func() {
			pass(t, &g, "key")
			assert.Equal(t, 30*time.Second, time.Since(began))
		})
		time.Sleep(7 * time.Second)
		cancel()
		wg.Wait()
		assert.Zero(t, stats(&g, "key").Waiting)
	})
}

// TestWhatWasNotSentIsGivenBack: a grant that was not used is the next one's.
func TestWhatWasNotSentIsGivenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		pass(t, &g, "key")
		g.Observe("key", told(10, 1, time.Minute))
		pass(t, &g, "key")
		done := make(chan struct{})
		go func() {
			defer close(done)
			pass(t, &g, "key")
		}()
		synctest.Wait()
		assert.Equal(t, 1, stats(&g, "key").Waiting)
		began := time.Now()
		g.Release("key", false)
		<-done
		assert.Equal(t, began, time.Now())
		g.Release("key", true)
		g.Release("nobody", true)
		assert.Zero(t, stats(&g, "key").InFlight)
	})
}

func TestHoldsAreBounded(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]func() pace.Answer{
		"a delay of a century": func() pace.Answer { return refusal(100 * 365 * 24 * time.Hour) },
		"an answer from the future": func() pace.Answer {
			a := refusal(time.Hour)
			a.At = a.At.Add(1000 * time.Hour)
			return a
		},
		"a reset in a year":   func() pace.Answer { return told(10, 0, 365*24*time.Hour) },
		"a reset in the past": func() pace.Answer { return told(10, 0, -time.Hour) },
		"a huge limit":        func() pace.Answer { return told(1<<63-1, 1<<63-1, time.Hour) },
		"negative numbers":    func() pace.Answer { return told(-5, -7, time.Minute) },
		"nothing left, and no end": func() pace.Answer {
			return pace.Answer{At: time.Now(), Told: true, Remaining: 0}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var g gate
				began := time.Now()
				pass(t, &g, "key")
				g.Observe("key", a())
				_, ok, err := g.Wait(t.Context(), "key", 1000*time.Hour)
				require.NoError(t, err)
				assert.True(t, ok)
				assert.LessOrEqual(t, time.Since(began), time.Hour)
			})
		})
	}
}

func TestKeysAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		for i := range 100_000 {
			pass(t, &g, i)
			g.Observe(i, refusal(time.Second))
			time.Sleep(time.Minute)
		}
		assert.LessOrEqual(t, g.Len(), 1024)
		pass(t, &g, "held")
		g.Observe("held", refusal(time.Hour))
		for i := range 5000 {
			pass(t, &g, -i)
			g.Observe(-i, refusal(time.Second))
			time.Sleep(time.Millisecond)
		}
		assert.NotZero(t, stats(&g, "held").HeldUntil, "a key that is held is not forgotten")

		for i := range 5000 {
			g.Observe(-1-i, refusal(time.Hour))
		}
		assert.LessOrEqual(t, g.Len(), 1024, "not even by holds")
	})
}

// What is dropped where there are too many is what would hold its callers for the shortest time, and never a line.
func TestKeysThatMatterAreKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gate
		g.Observe("long", refusal(time.Hour))
		g.Observe("with a line", refusal(2*time.Second))
		done := make(chan error)
		go func() {
			_, _, err := g.Wait(t.Context(), "with a line", time.Minute)
			done <- err
		}()
		synctest.Wait()
		for i := range 3000 {
			g.Observe(i, refusal(time.Minute))
		}
		assert.LessOrEqual(t, g.Len(), 1024)
		assert.NotZero(t, stats(&g, "long").HeldUntil)
		assert.Equal(t, 1, stats(&g, "with a line").Waiting)
		require.NoError(t, <-done)
	})
}
