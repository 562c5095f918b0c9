package client_test

import (
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// stormServer answers status to everything while it is not 0, and well otherwise; it counts what it is sent.
type stormServer struct {
	status   atomic.Int64
	attempts atomic.Int64
}

func (s *stormServer) roundTrip(r *http.Request) (*http.Response, error) {
	s.attempts.Add(1)
	if status := int(s.status.Load()); status != 0 {
		return connAnswer(r, status, ""), nil
	}
	return connAnswer(r, http.StatusOK, connOK), nil
}

// calls makes n calls, 100 at a time, and returns how many attempts they took and how many failed.
func (s *stormServer) calls(t *testing.T, n int, clients ...*client.Client) (attempts, failed int64) {
	before := s.attempts.Load()
	var failures atomic.Int64
	var wg sync.WaitGroup
	for i := range 100 {
		c := clients[i%len(clients)]
		wg.Go(func() {
			for range n / 100 {
				if _, err := connDo(t.Context(), c, &connGet); err != nil {
					failures.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return s.attempts.Load() - before, failures.Load()
}

// What a full quota of 500 pays for: a retry after a failure costs 14, one after a 429 costs 5.
const (
	stormRetries   = 35
	stormThrottled = 100
)

// stormPolicy has the default attempts and next to no delay. Real time, for a crowd that retries at once in one
// synctest bubble makes the race detector crash (golang/go#78156).
var stormPolicy = client.WithRetry(client.RetryPolicy{BaseDelay: 1, MaxBackoff: 1})

// TestStorm: a platform that fails every call is not sent a multiple of its load. Retries come back with its
// recovery, and not before.
func TestStorm(t *testing.T) {
	for _, tc := range []struct {
		status, retries int
	}{
		{http.StatusServiceUnavailable, stormRetries},
		{http.StatusInternalServerError, stormRetries},
		{http.StatusTooManyRequests, stormThrottled},
	} {
		t.Run(strconv.Itoa(tc.status), func(t *testing.T) {
			var server stormServer
			c := connMemory(t, server.roundTrip, stormPolicy)
			seat := c.ForSeat("seat_2") // a derived client has no quota of its own
			server.status.Store(int64(tc.status))
			attempts, failed := server.calls(t, 10_000, c, seat)
			assert.EqualValues(t, 10_000, failed)
			assert.EqualValues(t, 10_000+tc.retries, attempts, "%d", tc.status)

			attempts, _ = server.calls(t, 1_000, c, seat)
			assert.EqualValues(t, 1_000, attempts, "the quota does not refill by itself")

			server.status.Store(0)
			attempts, failed = server.calls(t, 1_000, c, seat)
			assert.Zero(t, failed, "nothing fails after the recovery")
			assert.EqualValues(t, 1_000, attempts)

			server.status.Store(int64(tc.status))
			attempts, _ = server.calls(t, 1_000, c, seat)
			assert.EqualValues(t, 1_000+tc.retries, attempts, "the quota is full again, and no fuller")
		})
	}
}

// TestStormRefill: each call that succeeds at once earns one unit; what a successful call spent on its retries
// comes back at once.
func TestStormRefill(t *testing.T) {
	t.Run("of a call that needs none", func(t *testing.T) {
		var server stormServer
		c := connMemory(t, server.roundTrip, stormPolicy)
		server.status.Store(http.StatusBadGateway)
		server.calls(t, 1_000, c) // leaves 500 - 35·14 = 10
		server.status.Store(0)
		server.calls(t, 100, c)
		server.status.Store(http.StatusBadGateway)
		attempts, _ := server.calls(t, 1_000, c)
		assert.EqualValues(t, 1_000+(10+100)/14, attempts)
	})
	t.Run("of a call whose retry helped", func(t *testing.T) {
		var n atomic.Int64
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			if n.Add(1)%2 == 1 {
				return connAnswer(r, http.StatusBadGateway, ""), nil
			}
			return connAnswer(r, http.StatusOK, connOK), nil
		}, stormPolicy)
		for range 1_000 {
			_, err := connDo(t.Context(), c, &connGet)
			require.NoError(t, err, "retries that help do not use the quota up")
		}
	})
}

// TestStormOutsideQuota: what does not strain the platform, or shows that it is well, costs nothing.
func TestStormOutsideQuota(t *testing.T) {
	for name, second := range map[string]struct {
		status int
		header []string
	}{
		"a wait that it asked for": {http.StatusTooManyRequests, []string{"Retry-After", "30"}},
		"a refusal of the call":    {http.StatusNotFound, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				first := http.StatusBadGateway
				if second.header != nil {
					first = second.status
				}
				c := connMemory(t, func(r *http.Request) (*http.Response, error) {
					if attempts++; attempts%2 == 1 {
						return connAnswer(r, first, "", second.header...), nil
					}
					return connAnswer(r, second.status, "", second.header...), nil
				}, client.WithRetry(client.RetryPolicy{MaxAttempts: 2}))
				const calls = 500
				for range calls {
					_, err := connDo(t.Context(), c, &connGet)
					require.Error(t, err)
					time.Sleep(time.Minute) // past every wait
				}
				assert.Equal(t, 2*calls, attempts)
			})
		})
	}
}

// TestStormSeparate: a client with a transport of its own has a quota of its own.
func TestStormSeparate(t *testing.T) {
	var server stormServer
	server.status.Store(http.StatusBadGateway)
	c := connMemory(t, server.roundTrip, stormPolicy)
	other, err := c.With(client.WithTransport(connRoundTrip(server.roundTrip)))
	require.NoError(t, err)
	server.calls(t, 1_000, c)
	attempts, _ := server.calls(t, 1_000, other)
	assert.EqualValues(t, 1_000+stormRetries, attempts)
}
