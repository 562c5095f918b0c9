package client_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
)

// limiterFunc is a Limiter whose parts are funcs; those that are nil allow and ignore.
type limiterFunc struct {
	wait    func(context.Context, pace.Key) error
	observe func(pace.Key, pace.Observation)
	release func(sent bool)
	longest []time.Duration // what Wait was allowed
}

func (l *limiterFunc) Wait(ctx context.Context, key pace.Key, longest time.Duration) error {
	l.longest = append(l.longest, longest)
	if l.wait == nil {
		return nil
	}
	return l.wait(ctx, key)
}

func (l *limiterFunc) Observe(key pace.Key, o pace.Observation) {
	if l.observe != nil {
		l.observe(key, o)
	}
}

func (l *limiterFunc) Release(_ pace.Key, sent bool) {
	if l.release != nil {
		l.release(sent)
	}
}

// TestLimiterCustom: a Limiter of the caller's is asked before every attempt and told of every answer.
func TestLimiterCustom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []string
		var observed []pace.Observation
		keys := map[pace.Key]int{}
		began := time.Now()
		limiter := &limiterFunc{
			wait: func(_ context.Context, key pace.Key) error {
				events = append(events, "wait")
				keys[key]++
				time.Sleep(time.Second)
				return nil
			},
			observe: func(key pace.Key, o pace.Observation) {
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
		assert.Equal(t, pace.Observation{
			At: at, StatusCode: 429, RetryAfter: 4 * time.Second,
			Quota: pace.Quota{Known: true, Limit: 100, Remaining: 0, Reset: at.Add(4 * time.Second)},
		}, observed[0])
		assert.Equal(t, pace.Quota{Known: true, Limit: 100, Remaining: 99, Reset: observed[1].At.Add(time.Minute)},
			observed[1].Quota)
		assert.Zero(t, observed[1].RetryAfter)
	})
}

// TestLimiterLongest: a Limiter is told how long the policy lets it hold the call: that of the call, of the client,
// or the default.
func TestLimiterLongest(t *testing.T) {
	limiter := new(limiterFunc)
	up := func(d time.Duration) client.SharedOption { return client.WithRetry(client.RetryPolicy{MaxDelay: d}) }
	c := connMemory(t, func(r *http.Request) (*http.Response, error) {
		return connAnswer(r, http.StatusOK, connOK), nil
	}, client.WithLimiter(limiter))
	derived, err := c.With(up(time.Hour))
	require.NoError(t, err)
	for _, call := range []func() (connThing, error){
		func() (connThing, error) { return connDo(t.Context(), c, &connGet) },
		func() (connThing, error) { return connDo(t.Context(), c, &connGet, up(time.Second)) },
		func() (connThing, error) { return connDo(t.Context(), derived, &connGet) },
		func() (connThing, error) { return connDo(t.Context(), derived, &connGet, up(0)) },
	} {
		_, err := call()
		require.NoError(t, err)
	}
	assert.Equal(t, []time.Duration{time.Minute, time.Second, time.Hour, time.Minute}, limiter.longest)
}

// TestLimiterShared: two clients that are not related share a budget by sharing a Limiter, and only then.
func TestLimiterShared(t *testing.T) {
	for _, shared := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			server := newLimiterServer()
			server.open["Bearer "+connSecret] = began.Add(20 * time.Second)
			limiter := pace.New()
			one := connMemory(t, server.roundTrip, client.WithLimiter(limiter))
			if !shared {
				limiter = pace.New()
			}
			other := connMemory(t, server.roundTrip, client.WithLimiter(limiter))
			_, err := connDo(t.Context(), one, &connGet, client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
			require.ErrorIs(t, err, client.ErrRateLimited)
			_, err = connDo(t.Context(), other, &connGet)
			require.NoError(t, err)
			refusals := 1
			if !shared {
				refusals = 2
			}
			assert.Len(t, server.sent["Bearer "+connSecret], refusals+1)
		})
	}
}

// TestLimiterRefuses: the caller gets the error of the limiter, with the last answer where there was one.
func TestLimiterRefuses(t *testing.T) {
	broken := errors.New("the budget service is down")
	asked := 0
	limiter := &limiterFunc{wait: func(context.Context, pace.Key) error {
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
		limiter := &limiterFunc{wait: func(context.Context, pace.Key) error {
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

// TestLimiterKey: keys differ between hosts and between credentials, and reveal nothing of a credential.
func TestLimiterKey(t *testing.T) {
	var keys []pace.Key
	limiter := client.WithLimiter(&limiterFunc{wait: func(_ context.Context, key pace.Key) error {
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
		derive(client.WithEnvironment(client.BaseURL("https://[::1]:2"))),
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
