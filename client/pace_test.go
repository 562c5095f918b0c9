package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// TestPaceKnownLimit: a limit that is told beforehand is kept without a refusal, of its class only.
func TestPaceKnownLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var sent []time.Duration
		limiter := client.NewLimiter(
			client.KnownLimit(client.ClassExports, 3, time.Hour), client.KnownLimit(client.ClassREST, 0, 0), nil)
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			sent = append(sent, time.Since(began))
			return connAnswer(r, http.StatusOK, connOK), nil
		}, client.WithLimiter(limiter), client.WithRetry(client.RetryPolicy{MaxDelay: time.Hour}))
		export := connGet
		export.Class = client.ClassExports
		for range 7 {
			_, err := connDo(t.Context(), c, &export)
			require.NoError(t, err)
		}
		assert.Equal(t, []time.Duration{0, 0, 0, time.Hour, time.Hour, time.Hour, 2 * time.Hour}, sent)
		for range 10 {
			_, err := connDo(t.Context(), c, &connGet)
			require.NoError(t, err)
		}
		assert.Equal(t, 2*time.Hour, time.Since(began), "another class is not held")

		_, err := connDo(t.Context(), c, &export)
		require.NoError(t, err)
		_, err = connDo(t.Context(), c, &export)
		require.NoError(t, err)
		_, err = connDo(t.Context(), c, &export, client.WithRetry(client.RetryPolicy{MaxDelay: time.Minute}))
		var held *client.LimitError
		require.ErrorAs(t, err, &held)
		assert.Equal(t, time.Hour, held.RetryAfter)
	})
}

// TestPaceAnnounced: what headers say is left is spent at once, and then the window is waited out: not one refusal.
func TestPaceAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		sent := 0
		limiter := client.NewLimiter()
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			window := int(time.Since(began) / time.Minute)
			sent++
			left := 10*(window+1) - sent
			if left < 0 {
				return connAnswer(r, http.StatusTooManyRequests, ""), errors.New("the limit was exceeded")
			}
			reset := time.Minute - time.Since(began)%time.Minute
			return connAnswer(r, http.StatusOK, connOK, "RateLimit-Limit", "10",
				"RateLimit-Remaining", fmt.Sprint(left), "RateLimit-Reset", fmt.Sprint(reset.Seconds())), nil
		}, client.WithLimiter(limiter))
		for range 10 {
			_, err := connDo(t.Context(), c, &connGet)
			require.NoError(t, err)
		}
		assert.Zero(t, time.Since(began))
		for _, s := range limiter.All() {
			assert.Equal(t, client.PaceStats{
				Rate: 10 / 60.0, Announced: true, Limit: 10, Remaining: 0, Reset: began.Add(time.Minute), Granted: 10,
			}, s)
			assert.Equal(t, "rate 0.167/s, 0 waiting, 0 in flight, 10 granted, 0 refused", s.String())
		}
		for range 20 {
			_, err := connDo(t.Context(), c, &connGet)
			require.NoError(t, err)
		}
		assert.Equal(t, 2*time.Minute, time.Since(began))
	})
}

// TestPaceAllStops: a loop over it may be left.
func TestPaceAllStops(t *testing.T) {
	limiter := client.NewLimiter()
	for _, host := range []string{"a", "b"} {
		require.NoError(t, limiter.Wait(t.Context(), client.LimitKey{Host: host}, 0))
	}
	n := 0
	for range limiter.All() {
		n++
		break
	}
	assert.Equal(t, 1, n)
}

// releaser counts what is under way.
type releaser struct {
	limiterFunc

	flying   atomic.Int64
	released []bool
}

func (r *releaser) Release(_ client.LimitKey, sent bool) {
	r.flying.Add(-1)
	r.released = append(r.released, sent)
}

// TestLimiterReleased: every attempt that was allowed is observed or released, whatever becomes of it.
func TestLimiterReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r releaser
		r.observe = func(client.LimitKey, client.Observation) { r.flying.Add(-1) }
		attempts := 0
		c := connMemory(t, func(req *http.Request) (*http.Response, error) {
			r.flying.Add(1)
			switch attempts++; attempts {
			case 1:
				return nil, errors.New("the line is cut")
			case 2:
				return connAnswer(req, http.StatusServiceUnavailable, ""), nil
			}
			return connAnswer(req, http.StatusOK, connOK), nil
		}, client.WithLimiter(&r), client.WithRetry(connPolicy))
		_, err := connDo(t.Context(), c, &connGet)
		require.NoError(t, err)
		assert.Equal(t, 3, attempts)
		assert.Zero(t, r.flying.Load())
		assert.Equal(t, []bool{true}, r.released)
	})
}

// TestPaceReleases: attempts without an answer do not count as under way for ever.
func TestPaceReleases(t *testing.T) {
	limiter := client.NewLimiter()
	c := connMemory(t, func(*http.Request) (*http.Response, error) {
		return nil, errors.New("the line is cut")
	}, client.WithLimiter(limiter), client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	for range 100 {
		_, err := connDo(t.Context(), c, &connGet)
		require.Error(t, err)
	}
	for _, s := range limiter.All() {
		assert.EqualValues(t, 100, s.Granted)
		assert.Zero(t, s.InFlight)
	}
}
