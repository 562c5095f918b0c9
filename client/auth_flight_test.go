package client_test

import (
	"context"
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

// TestAuthSingleFlight: a thousand calls meet the end of one token. One refresh, quick or slow, a thousand answers.
// In real time, for a crowd that retries at once in one synctest bubble makes the race detector crash
// (golang/go#78156).
func TestAuthSingleFlight(t *testing.T) {
	const callers = 1_000
	for _, refresh := range []time.Duration{0, 30 * time.Millisecond} {
		t.Run(refresh.String(), func(t *testing.T) {
			var attempts, refused atomic.Int64
			answer := authOnlyNew(&attempts)
			allSent := make(chan struct{})
			source := newAuthRotating(t)
			source.next = func(context.Context) {
				<-time.After(refresh)
				source.Set(connToken(t, authNew))
			}
			c := connMemory(t, func(r *http.Request) (*http.Response, error) {
				if r.Header.Get("Authorization") == "Bearer "+authOld {
					if refused.Add(1) == callers {
						close(allSent)
					}
					<-allSent // nobody is answered before everybody holds the dead token
				}
				return answer(r)
			}, client.WithTokenSource(source))
			var answered atomic.Int64
			var wg sync.WaitGroup
			for range callers {
				wg.Go(func() {
					thing, err := connDo(t.Context(), c, &connPost)
					if assert.NoError(t, err) && thing.ID == "7" {
						answered.Add(1)
					}
				})
			}
			wg.Wait()
			assert.EqualValues(t, callers, answered.Load())
			assert.Equal(t, []client.Token{connToken(t, authOld)}, source.heard())
			assert.EqualValues(t, 2*callers, attempts.Load())
		})
	}
}

// TestAuthSingleFlightInVain: a refresh that brings nothing is not begun by each of the callers in turn, but the
// source hears of it again later.
func TestAuthSingleFlightInVain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var attempts atomic.Int64
		source := newAuthRotating(t)
		source.next = nil
		c := connMemory(t, authOnlyNew(&attempts), client.WithTokenSource(source))
		var wg sync.WaitGroup
		for range 1_000 {
			wg.Go(func() {
				_, err := connDo(t.Context(), c, &connGet)
				assert.ErrorIs(t, err, client.ErrUnauthorized)
			})
		}
		wg.Wait()
		assert.Len(t, source.heard(), 1)
		assert.EqualValues(t, 1_000, attempts.Load())

		time.Sleep(2 * time.Second)
		_, err := connDo(t.Context(), c, &connGet)
		require.ErrorIs(t, err, client.ErrUnauthorized)
		assert.Len(t, source.heard(), 2)
	})
}

// TestAuthSingleFlightLeader: the caller who refreshes gives up. Who waits for it does not fail with it.
func TestAuthSingleFlightLeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var attempts atomic.Int64
		source := newAuthRotating(t)
		source.next = func(ctx context.Context) {
			select {
			case <-time.After(3 * time.Second):
				source.Set(connToken(t, authNew))
			case <-ctx.Done():
			}
		}
		c := connMemory(t, authOnlyNew(&attempts), client.WithTokenSource(source))
		ctx, cancel := context.WithCancel(t.Context())
		leader := make(chan error, 1)
		go func() {
			_, err := connDo(ctx, c, &connGet)
			leader <- err
		}()
		synctest.Wait() // the leader refreshes
		waiting := make(chan error, 1)
		go func() {
			_, err := connDo(t.Context(), c, &connGet)
			waiting <- err
		}()
		synctest.Wait() // and the other waits for it
		cancel()
		err := <-leader
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, client.ErrUnauthorized, "why it waited at all")
		require.NoError(t, <-waiting)
		assert.Len(t, source.heard(), 2)
	})
}

// TestAuthSingleFlightContext: waiting for another's refresh ends with the context.
func TestAuthSingleFlightContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var attempts atomic.Int64
		source := newAuthRotating(t)
		refreshed := make(chan struct{})
		source.next = func(context.Context) {
			<-refreshed
			source.Set(connToken(t, authNew))
		}
		c := connMemory(t, authOnlyNew(&attempts), client.WithTokenSource(source))
		leader := make(chan error, 1)
		go func() {
			_, err := connDo(t.Context(), c, &connGet)
			leader <- err
		}()
		defer func() {
			close(refreshed)
			assert.NoError(t, <-leader)
			assert.Len(t, source.heard(), 1)
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		_, err := connDo(ctx, c, &connGet)
		assert.Equal(t, 5*time.Second, time.Since(began))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, client.ErrUnauthorized)
	})
}
