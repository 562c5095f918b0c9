package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// limiterServer refuses what it is sent before open, per credential, and keeps when it was sent what.
type limiterServer struct {
	mu   sync.Mutex
	open map[string]time.Time
	sent map[string][]time.Time
}

func newLimiterServer() *limiterServer {
	return &limiterServer{open: map[string]time.Time{}, sent: map[string][]time.Time{}}
}

func (s *limiterServer) roundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	credential := r.Header.Get("Authorization")
	s.sent[credential] = append(s.sent[credential], time.Now())
	if wait := time.Until(s.open[credential]); wait > 0 {
		return connAnswer(r, http.StatusTooManyRequests, "", "Retry-After", fmt.Sprint(wait.Seconds())), nil
	}
	return connAnswer(r, http.StatusOK, connOK), nil
}

// TestLimiterHoldsAll: after one 429 no goroutine sends anything with that credential before the moment the
// platform named, those of derived clients included. Other credentials go on.
func TestLimiterHoldsAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		server := newLimiterServer()
		server.open["Bearer "+connSecret] = began.Add(20 * time.Second)
		c := connMemory(t, server.roundTrip)
		seat := c.ForSeat("seat_2")
		derived, err := c.With(client.WithHeader("X-Job", "7"))
		require.NoError(t, err)
		other, err := c.With(client.WithToken(connToken(t, authNew)))
		require.NoError(t, err)

		first := make(chan error, 1)
		go func() {
			_, err := connDo(t.Context(), c, &connGet)
			first <- err
		}()
		synctest.Wait() // its 429 came
		var wg sync.WaitGroup
		for i := range 300 {
			wg.Go(func() {
				_, err := connDo(t.Context(), []*client.Client{c, seat, derived}[i%3], &connPost)
				assert.NoError(t, err)
				assert.Equal(t, 20*time.Second, time.Since(began))
			})
		}
		for range 10 {
			_, err := connDo(t.Context(), other, &connPost)
			require.NoError(t, err)
		}
		assert.Zero(t, time.Since(began), "another credential is not held")
		wg.Wait()
		require.NoError(t, <-first)
		sent := server.sent["Bearer "+connSecret]
		require.Len(t, sent, 302, "one refusal, then one attempt each")
		for _, at := range sent[1:] {
			assert.Equal(t, 20*time.Second, at.Sub(began))
		}
	})
}

// TestLimiterHoldsLonger: of several refusals the latest moment counts, whichever came last.
func TestLimiterHoldsLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		delays := []string{"10", "30", "5"}
		var attempts atomic.Int64
		turns := make(chan int)
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			if attempts.Add(1) > 3 {
				return connAnswer(r, http.StatusOK, connOK), nil
			}
			return connAnswer(r, http.StatusTooManyRequests, "", "Retry-After", delays[<-turns]), nil
		})
		var wg sync.WaitGroup
		call := func() {
			_, err := connDo(t.Context(), c, &connGet)
			assert.NoError(t, err)
			assert.Equal(t, 30*time.Second, time.Since(began))
		}
		for range 3 {
			wg.Go(call)
		}
		synctest.Wait() // all three are under way
		for i := range 3 {
			turns <- i
			synctest.Wait()
		}
		for range 10 {
			wg.Go(call)
		}
		wg.Wait()
		assert.EqualValues(t, 3+3+10, attempts.Load())
	})
}

// TestLimitErrorAtOnce: a wait that would outlast the context or MaxDelay is not begun; the error says how long it
// would have been, and that nothing was sent.
func TestLimitErrorAtOnce(t *testing.T) {
	shorter := client.WithRetry(client.RetryPolicy{MaxDelay: 30 * time.Second})
	longer := client.WithRetry(client.RetryPolicy{MaxDelay: 2 * time.Hour})
	for _, tc := range []struct {
		name     string
		held     time.Duration
		deadline time.Duration
		derive   []client.Option
		call     []client.CallOption
		held429  bool // LimitError expected
		expired  bool // matches DeadlineExceeded
	}{
		{name: "within both", held: 40 * time.Second, deadline: 50 * time.Second},
		{name: "beyond the context", held: 40 * time.Second, deadline: 39 * time.Second, held429: true, expired: true},
		{name: "beyond MaxDelay", held: 61 * time.Second, held429: true},
		{name: "beyond MaxDelay, not the context", held: 61 * time.Second, deadline: time.Hour, held429: true},
		{
			name: "beyond MaxDelay of a derived client", held: 40 * time.Second, derive: []client.Option{shorter},
			held429: true,
		},
		{name: "beyond MaxDelay of the call", held: 40 * time.Second, call: []client.CallOption{shorter}, held429: true},
		{name: "within MaxDelay of a derived client", held: time.Hour, derive: []client.Option{longer}},
		{name: "within MaxDelay of the call", held: time.Hour, call: []client.CallOption{longer}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				server := newLimiterServer()
				server.open["Bearer "+connSecret] = began.Add(tc.held)
				c := connMemory(t, server.roundTrip)
				_, err := connDo(t.Context(), c, &connGet, client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
				require.ErrorIs(t, err, client.ErrRateLimited)

				ctx := t.Context()
				if tc.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tc.deadline)
					defer cancel()
				}
				derived, err := c.With(tc.derive...)
				require.NoError(t, err)
				var answer client.Response
				_, err = connDo(ctx, derived, &connPost, append(tc.call, client.WithResponse(&answer))...)
				if !tc.held429 {
					require.NoError(t, err)
					assert.Equal(t, tc.held, time.Since(began))
					return
				}
				assert.Zero(t, time.Since(began))
				var held *client.LimitError
				require.ErrorAs(t, err, &held)
				require.ErrorIs(t, err, client.ErrRateLimited)
				require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
				assert.Equal(t, tc.expired, errors.Is(err, context.DeadlineExceeded))
				assert.Equal(t, tc.held, held.RetryAfter)
				assert.Equal(t, "makeThing", held.Operation)
				assert.Contains(t, err.Error(), "makeThing")
				assert.Zero(t, answer.Attempts)
				assert.Len(t, server.sent["Bearer "+connSecret], 1)
			})
		})
	}
}

// TestLimiterLongHold: a platform that names a day is asked again after an hour, the longest window it documents.
func TestLimiterLongHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			if attempts++; attempts == 1 {
				return connAnswer(r, http.StatusTooManyRequests, "", "Retry-After", "86400"), nil
			}
			return connAnswer(r, http.StatusOK, connOK), nil
		})
		_, err := connDo(t.Context(), c, &connGet)
		var api *client.APIError
		require.ErrorAs(t, err, &api)
		assert.Equal(t, 24*time.Hour, api.RetryAfter, "the caller is told all of it")

		time.Sleep(time.Hour - time.Second)
		_, err = connDo(t.Context(), c, &connGet, client.WithRetry(client.RetryPolicy{MaxDelay: time.Millisecond}))
		var held *client.LimitError
		require.ErrorAs(t, err, &held)
		time.Sleep(time.Second)
		_, err = connDo(t.Context(), c, &connGet)
		require.NoError(t, err)
	})
}
