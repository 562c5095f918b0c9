package client_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
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

// limiterFunc is a Limiter whose parts are funcs; those that are nil allow and ignore.
type limiterFunc struct {
	wait    func(context.Context, client.LimitKey) error
	observe func(client.LimitKey, client.Observation)
}

func (l *limiterFunc) Wait(ctx context.Context, key client.LimitKey, _ time.Duration) error {
	if l.wait == nil {
		return nil
	}
	return l.wait(ctx, key)
}

func (l *limiterFunc) Observe(key client.LimitKey, o client.Observation) {
	if l.observe != nil {
		l.observe(key, o)
	}
}

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
		{name: "beyond MaxDelay of a derived client", held: 40 * time.Second, derive: []client.Option{shorter}, held429: true},
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

// TestLimiterCustom: a Limiter of the caller's is asked before every attempt and told of every answer.
func TestLimiterCustom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []string
		var observed []client.Observation
		keys := map[client.LimitKey]int{}
		began := time.Now()
		limiter := &limiterFunc{
			wait: func(_ context.Context, key client.LimitKey) error {
				events = append(events, "wait")
				keys[key]++
				time.Sleep(time.Second)
				return nil
			},
			observe: func(key client.LimitKey, o client.Observation) {
				events = append(events, fmt.Sprint("observe ", o.StatusCode))
				keys[key]++
				observed = append(observed, o)
			},
		}
		attempt := 0
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			attempt++
			events = append(events, fmt.Sprint("attempt ", attempt))
			switch attempt {
			case 1:
				return connAnswer(r, http.StatusTooManyRequests, "", "Retry-After", "4",
					"RateLimit-Limit", "100", "RateLimit-Remaining", "0", "RateLimit-Reset", "4"), nil
			case 2:
				return nil, errors.New("the line is cut")
			default:
				return connAnswer(r, http.StatusOK, connOK,
					"RateLimit-Limit", "100", "RateLimit-Remaining", "99", "RateLimit-Reset", "60"), nil
			}
		}, client.WithLimiter(limiter), client.WithRetry(connPolicy))
		_, err := connDo(t.Context(), c, &connGet)
		require.NoError(t, err)
		assert.Equal(t, []string{
			"wait", "attempt 1", "observe 429",
			"wait", "attempt 2", // without an answer there is nothing to tell
			"wait", "attempt 3", "observe 200",
		}, events)
		require.Len(t, keys, 1)
		at := began.Add(time.Second)
		assert.Equal(t, client.Observation{
			At: at, StatusCode: 429, RetryAfter: 4 * time.Second,
			Quota: client.Quota{Known: true, Limit: 100, Remaining: 0, Reset: at.Add(4 * time.Second)},
		}, observed[0])
		assert.Equal(t, client.Quota{Known: true, Limit: 100, Remaining: 99, Reset: observed[1].At.Add(time.Minute)}, observed[1].Quota)
		assert.Zero(t, observed[1].RetryAfter)
	})
}

// TestLimiterRefuses: what the limiter says is what the caller gets, with the last answer where there was one.
func TestLimiterRefuses(t *testing.T) {
	broken := errors.New("the budget service is down")
	asked := 0
	limiter := &limiterFunc{wait: func(context.Context, client.LimitKey) error {
		if asked++; asked > 1 {
			return broken
		}
		return nil
	}}
	attempts := 0
	c := connMemory(t, func(r *http.Request) (*http.Response, error) {
		attempts++
		return connAnswer(r, http.StatusServiceUnavailable, ""), nil
	}, client.WithLimiter(limiter), client.WithRetry(connPolicy))
	_, err := connDo(t.Context(), c, &connGet)
	require.ErrorIs(t, err, broken)
	require.ErrorIs(t, err, client.ErrServiceUnavailable)
	assert.Equal(t, 1, attempts)

	_, err = connDo(t.Context(), c, &connGet)
	require.ErrorIs(t, err, broken)
	require.NotErrorIs(t, err, client.ErrServiceUnavailable)
	assert.Equal(t, 1, attempts, "the refused call sent nothing")
}

// TestLimiterRotation: a token that is rotated while the limiter holds a call is the one that is sent.
func TestLimiterRotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		token := client.NewTokenVar(connToken(t, authOld))
		limiter := &limiterFunc{wait: func(context.Context, client.LimitKey) error {
			time.Sleep(10 * time.Second)
			return nil
		}}
		var sent string
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			sent = r.Header.Get("Authorization")
			return connAnswer(r, http.StatusOK, connOK), nil
		}, client.WithTokenSource(token), client.WithLimiter(limiter))
		time.AfterFunc(5*time.Second, func() { token.Set(connToken(t, authNew)) })
		_, err := connDo(t.Context(), c, &connGet)
		require.NoError(t, err)
		assert.Equal(t, "Bearer "+authNew, sent)
	})
}

// TestLimiterKey: a key tells hosts and credentials apart and gives nothing of a credential away.
func TestLimiterKey(t *testing.T) {
	var keys []client.LimitKey
	limiter := client.WithLimiter(&limiterFunc{wait: func(_ context.Context, key client.LimitKey) error {
		keys = append(keys, key)
		return nil
	}})
	answer := connRoundTrip(func(r *http.Request) (*http.Response, error) {
		return connAnswer(r, http.StatusOK, connOK), nil
	})
	c := connMemory(t, answer, limiter)
	derive := func(opts ...client.Option) *client.Client {
		derived, err := c.With(opts...)
		require.NoError(t, err)
		return derived
	}
	for _, each := range []*client.Client{
		c, c.ForSeat("seat_2"), derive(client.WithKeyHeader("x-scope3-api-key")), // one credential on one host
		derive(client.WithToken(connToken(t, authNew))),
		derive(client.WithEnvironment(client.At("https://[::1]:2"))),
	} {
		_, err := connDo(t.Context(), each, &connGet)
		require.NoError(t, err)
	}
	assert.Equal(t, keys[0], keys[1])
	assert.Equal(t, keys[0], keys[2])
	assert.NotEqual(t, keys[0], keys[3])
	assert.Equal(t, keys[0].Credential, keys[4].Credential)
	assert.Equal(t, "127.0.0.1:1", keys[0].Host)
	assert.Equal(t, "[::1]:2", keys[4].Host)
	assert.Empty(t, keys[0].Class)

	plain := sha256.Sum256([]byte(connSecret))
	for _, key := range keys {
		text := fmt.Sprintf("%v %+v %#v %q", key, key, key, key)
		for _, leak := range []string{
			connSecret, "TESTID", "NEWID", "secret", base64.StdEncoding.EncodeToString([]byte(connSecret)),
			hex.EncodeToString(plain[:8]), hex.EncodeToString([]byte("secret")),
		} {
			assert.NotContains(t, text, leak)
		}
	}
}
