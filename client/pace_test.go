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
	"github.com/interchange-sdk/interchange-go/pace"
)

func TestKnownLimitIsKeptPerClass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var sent []time.Duration
		limiter := pace.New(
			pace.Known(client.ClassExports, 3, time.Hour), pace.Known(client.ClassREST, 0, 0), nil)
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

func TestAnnouncedQuotaIsUsedWithoutRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		sent := 0
		limiter := pace.New()
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
			assert.Equal(t, pace.Stats{
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

func TestEveryAttemptIsObservedOrReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inFlight atomic.Int64
		var released []bool
		limiter := &limiterFunc{
			observe: func(pace.Key, pace.Observation) { inFlight.Add(-1) },
			release: func(sent bool) {
				inFlight.Add(-1)
				released = append(released, sent)
			},
		}
		attempts := 0
		c := connMemory(t, func(req *http.Request) (*http.Response, error) {
			inFlight.Add(1)
			switch attempts++; attempts {
			case 1:
				return nil, errors.New("the line is cut")
			case 2:
				return connAnswer(req, http.StatusServiceUnavailable, ""), nil
			}
			return connAnswer(req, http.StatusOK, connOK), nil
		}, client.WithLimiter(limiter), client.WithRetry(connPolicy))
		_, err := connDo(t.Context(), c, &connGet)
		require.NoError(t, err)
		assert.Equal(t, 3, attempts)
		assert.Zero(t, inFlight.Load())
		assert.Equal(t, []bool{true}, released)
	})
}

func TestFailedAttemptsAreNotInFlight(t *testing.T) {
	limiter := pace.New()
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
