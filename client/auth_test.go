package client_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

const (
	authOld = "scope3_ak_OLDID_secret"
	authNew = "scope3_ak_NEWID_secret"
)

// authSource is a source whose parts are funcs.
type authSource struct {
	token      func(context.Context) (client.Token, error)
	invalidate func(context.Context, client.Token)
}

func (s *authSource) Token(ctx context.Context) (client.Token, error) { return s.token(ctx) }

func (s *authSource) Invalidate(ctx context.Context, refused client.Token) {
	s.invalidate(ctx, refused)
}

// authRotating gives the old token until it is told that it was refused; told counts and keeps what it heard.
type authRotating struct {
	client.TokenVar

	mu   sync.Mutex
	told []client.Token
	next func(context.Context) // gets the new token; nil leaves the old one
}

func (s *authRotating) Invalidate(ctx context.Context, refused client.Token) {
	s.mu.Lock()
	s.told = append(s.told, refused)
	s.mu.Unlock()
	if s.next != nil {
		s.next(ctx)
	}
}

func (s *authRotating) heard() []client.Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]client.Token(nil), s.told...)
}

func newAuthRotating(t testing.TB) *authRotating {
	s := new(authRotating)
	s.Set(connToken(t, authOld))
	s.next = func(context.Context) { s.Set(connToken(t, authNew)) }
	return s
}

// authOnlyNew is a platform that knows the new token alone.
func authOnlyNew(attempts *atomic.Int64) connRoundTrip {
	return func(r *http.Request) (*http.Response, error) {
		attempts.Add(1)
		if r.Header.Get("Authorization") == "Bearer "+authNew {
			return connAnswer(r, http.StatusOK, connOK), nil
		}
		return connAnswer(r, http.StatusUnauthorized, `{"error":{"code":"UNAUTHORIZED","message":"no"}}`), nil
	}
}

// TestAuthAskedPerAttempt: a token that changes between attempts is used by the next one.
func TestAuthAskedPerAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		texts := []string{"scope3_ak_A_secret", "scope3_ak_B_secret", "scope3_ak_C_secret"}
		asked := 0
		source := &authSource{token: func(context.Context) (client.Token, error) {
			asked++
			return connToken(t, texts[asked-1]), nil
		}}
		var sent []http.Header // as they were given to the transport, which may still be reading one
		c := connMemory(t, func(r *http.Request) (*http.Response, error) {
			sent = append(sent, r.Header)
			if len(sent) < 3 {
				return connAnswer(r, http.StatusServiceUnavailable, ""), nil
			}
			return connAnswer(r, http.StatusOK, connOK), nil
		}, client.WithTokenSource(source))
		_, err := connDo(t.Context(), c, &connGet)
		require.NoError(t, err)
		assert.Equal(t, 3, asked)
		require.Len(t, sent, 3)
		for i, header := range sent {
			assert.Equal(t, "Bearer "+texts[i], header.Get("Authorization"))
		}
	})
}

// TestAuthReplaced: a refused token is named to the source, and the call, a POST as well, is repeated once with
// the other one. MaxAttempts is about failures; it is not used up here.
func TestAuthReplaced(t *testing.T) {
	for _, op := range []*client.Operation{&connGet, &connPut, &connPost} {
		t.Run(op.ID, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var attempts atomic.Int64
				source := newAuthRotating(t)
				c := connMemory(t, authOnlyNew(&attempts), client.WithTokenSource(source))
				began := time.Now()
				_, err := connDo(t.Context(), c, op)
				require.NoError(t, err)
				assert.Zero(t, time.Since(began), "there is nothing to wait for")
				assert.EqualValues(t, 2, attempts.Load())
				assert.Equal(t, []client.Token{connToken(t, authOld)}, source.heard())

				token, err := c.Token(t.Context())
				require.NoError(t, err)
				assert.Equal(t, connToken(t, authNew), token)
			})
		})
	}
}

// TestAuthNotReplaced: without another token there is no other attempt.
func TestAuthNotReplaced(t *testing.T) {
	refuse := func(attempts *atomic.Int64) connRoundTrip {
		return func(r *http.Request) (*http.Response, error) {
			attempts.Add(1)
			return connAnswer(r, http.StatusUnauthorized, ""), nil
		}
	}
	t.Run("static token", func(t *testing.T) {
		var attempts atomic.Int64
		_, err := connDo(t.Context(), connMemory(t, refuse(&attempts)), &connGet)
		require.ErrorIs(t, err, client.ErrUnauthorized)
		assert.EqualValues(t, 1, attempts.Load())
	})
	t.Run("source with the same token", func(t *testing.T) {
		var attempts atomic.Int64
		source := newAuthRotating(t)
		source.next = nil
		_, err := connDo(t.Context(), connMemory(t, refuse(&attempts), client.WithTokenSource(source)), &connGet)
		require.ErrorIs(t, err, client.ErrUnauthorized)
		assert.EqualValues(t, 1, attempts.Load())
		assert.Len(t, source.heard(), 1)
	})
	t.Run("the other token is refused too", func(t *testing.T) {
		var attempts atomic.Int64
		source := newAuthRotating(t)
		_, err := connDo(t.Context(), connMemory(t, refuse(&attempts), client.WithTokenSource(source)), &connGet)
		var api *client.APIError
		require.ErrorAs(t, err, &api)
		require.ErrorIs(t, err, client.ErrUnauthorized)
		assert.Equal(t, 2, api.Attempts)
		assert.EqualValues(t, 2, attempts.Load())
		assert.Equal(t, []client.Token{connToken(t, authOld)}, source.heard())
	})
	t.Run("403 is not about the token", func(t *testing.T) {
		var attempts atomic.Int64
		source := newAuthRotating(t)
		_, err := connDo(t.Context(), connMemory(t, func(r *http.Request) (*http.Response, error) {
			attempts.Add(1)
			return connAnswer(r, http.StatusForbidden, ""), nil
		}, client.WithTokenSource(source)), &connGet)
		require.ErrorIs(t, err, client.ErrForbidden)
		assert.EqualValues(t, 1, attempts.Load())
		assert.Empty(t, source.heard())
	})
}

// TestAuthSourceFails: what the source says reaches the caller, with the last answer where there was one.
func TestAuthSourceFails(t *testing.T) {
	vault := errors.New("the vault is sealed")
	failAfter := func(n int) *authSource {
		asked := 0
		return &authSource{
			token: func(context.Context) (client.Token, error) {
				if asked++; asked > n {
					return client.Token{}, vault
				}
				return connToken(t, authOld), nil
			},
			invalidate: func(context.Context, client.Token) {},
		}
	}
	for _, tc := range []struct {
		name     string
		source   *authSource
		status   int
		attempts int64
		last     error
	}{
		{"at once", failAfter(0), 0, 0, nil},
		{"before the second attempt", failAfter(1), http.StatusServiceUnavailable, 1, client.ErrServiceUnavailable},
		{"asked about the refused token", failAfter(1), http.StatusUnauthorized, 1, client.ErrUnauthorized},
		{"told about the refused token", failAfter(2), http.StatusUnauthorized, 1, client.ErrUnauthorized},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var attempts atomic.Int64
				var answer client.Response
				c := connMemory(t, func(r *http.Request) (*http.Response, error) {
					attempts.Add(1)
					return connAnswer(r, tc.status, ""), nil
				}, client.WithTokenSource(tc.source))
				_, err := connDo(t.Context(), c, &connGet, client.WithResponse(&answer))
				require.ErrorIs(t, err, vault)
				assert.Contains(t, err.Error(), vault.Error())
				assert.Equal(t, tc.attempts, attempts.Load())
				assert.Equal(t, tc.status, answer.StatusCode)
				if tc.last != nil {
					require.ErrorIs(t, err, tc.last)
				}
			})
		})
	}
	t.Run("no token", func(t *testing.T) {
		c := connMemory(t, func(*http.Request) (*http.Response, error) {
			t.Error("sent without a credential")
			return nil, vault
		}, client.WithTokenSource(new(client.TokenVar)))
		_, err := connDo(t.Context(), c, &connGet)
		require.ErrorIs(t, err, client.ErrNoToken)
		_, err = c.Token(t.Context())
		require.ErrorIs(t, err, client.ErrNoToken)
	})
	t.Run("a zero token", func(t *testing.T) {
		source := &authSource{token: func(context.Context) (client.Token, error) { return client.Token{}, nil }}
		_, err := connDo(t.Context(), connMemory(t, nil, client.WithTokenSource(source)), &connGet)
		require.ErrorIs(t, err, client.ErrNoToken)
	})
}

// TestAuthRotationUnderLoad: TokenVar.Set while calls run. Those that were under way with the old token get their
// answer too.
func TestAuthRotationUnderLoad(t *testing.T) {
	var current atomic.Value // the text that the platform takes
	current.Store(authOld)
	token := client.NewTokenVar(connToken(t, authOld))
	c := connMemory(t, func(r *http.Request) (*http.Response, error) {
		runtime.Gosched()
		if r.Header.Get("Authorization") != "Bearer "+current.Load().(string) {
			return connAnswer(r, http.StatusUnauthorized, ""), nil
		}
		return connAnswer(r, http.StatusOK, connOK), nil
	}, client.WithTokenSource(token))
	var calls atomic.Int64
	halfway := make(chan struct{})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 100 {
				if calls.Add(1) == 2_500 {
					close(halfway)
				}
				_, err := connDo(t.Context(), c, &connPost)
				assert.NoError(t, err)
			}
		})
	}
	<-halfway
	token.Set(connToken(t, authNew))
	current.Store(authNew)
	wg.Wait()
}
