package pace_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/internal/pace"
)

func TestGateIsOpenAtFirst(t *testing.T) {
	t.Parallel()
	var g pace.Gate
	wait, ok, err := g.Wait(t.Context(), "key", 0)
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Zero(t, wait)
	assert.Zero(t, g.OpensAt("key"))
}

func TestGateHoldsUntilTheMoment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g pace.Gate
		start := time.Now()
		g.Close("key", start.Add(30*time.Second))
		assert.Equal(t, start.Add(30*time.Second), g.OpensAt("key"))
		_, ok, err := g.Wait(t.Context(), "key", time.Minute)
		require.NoError(t, err)
		assert.True(t, ok)
		assert.Equal(t, 30*time.Second, time.Since(start), "neither sooner nor later")
		assert.Zero(t, g.OpensAt("key"), "no longer held")
		_, ok, _ = g.Wait(t.Context(), "key", 0)
		assert.True(t, ok)
		assert.Equal(t, 30*time.Second, time.Since(start))
	})
}

func TestGateHoldsEveryCallOfAKeyAndNoOther(t *testing.T) {
	t.Parallel()
	type key struct{ host, credential string }
	synctest.Test(t, func(t *testing.T) {
		var g pace.Gate
		g.Close(key{"h", "c"}, time.Now().Add(10*time.Second))
		var passed atomic.Int64
		for range 1000 {
			go func() {
				if _, ok, _ := g.Wait(t.Context(), key{"h", "c"}, time.Minute); ok {
					passed.Add(1)
				}
			}()
		}
		_, ok, _ := g.Wait(t.Context(), key{"h", "d"}, 0)
		assert.True(t, ok)
		_, ok, _ = g.Wait(t.Context(), "h", 0)
		assert.True(t, ok)
		time.Sleep(10*time.Second - 1)
		synctest.Wait()
		assert.Zero(t, passed.Load())
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		assert.EqualValues(t, 1000, passed.Load())
	})
}

func TestGateNeverOpensEarlierThanTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g pace.Gate
		start := time.Now()
		g.Close("key", start.Add(30*time.Second))
		g.Close("key", start.Add(5*time.Second))
		g.Close("key", start.Add(-time.Hour))
		g.Close("key", time.Time{})
		assert.Equal(t, start.Add(30*time.Second), g.OpensAt("key"))

		// What is learnt during a wait prolongs it.
		go func() {
			time.Sleep(20 * time.Second)
			g.Close("key", start.Add(45*time.Second))
		}()
		_, ok, err := g.Wait(t.Context(), "key", time.Minute)
		require.NoError(t, err)
		assert.True(t, ok)
		assert.Equal(t, 45*time.Second, time.Since(start))
	})
}

func TestGateBeginsNoWaitThatIsTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g pace.Gate
		start := time.Now()
		g.Close("key", start.Add(30*time.Second))
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
		assert.Equal(t, start, time.Now(), "no time was lost")

		long, cancelLong := context.WithTimeout(t.Context(), 30*time.Second+1)
		defer cancelLong()
		_, ok, err := g.Wait(long, "key", 30*time.Second)
		require.NoError(t, err)
		assert.True(t, ok, "exactly the limit is waited for")
	})
}

func TestGateWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g pace.Gate
		start := time.Now()
		g.Close("key", start.Add(30*time.Second))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(7*time.Second, cancel)
		_, ok, err := g.Wait(ctx, "key", time.Minute)
		require.ErrorIs(t, err, context.Canceled)
		assert.False(t, ok)
		assert.Equal(t, 7*time.Second, time.Since(start))
	})
}

func TestGateForgetsKeysThatAreOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g pace.Gate
		for i := range 100_000 {
			g.Close(i, time.Now().Add(time.Second))
			time.Sleep(time.Minute)
		}
		assert.LessOrEqual(t, g.Len(), 1024)
		g.Close("held", time.Now().Add(time.Hour))
		for i := range 5000 {
			g.Close(-i, time.Now().Add(time.Second))
			time.Sleep(time.Millisecond)
		}
		assert.NotZero(t, g.OpensAt("held"), "a key that is held is not forgotten")
	})
}
