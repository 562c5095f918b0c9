package m2m_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/m2m"
)

// roundTrip is a transport in memory.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// An API that refuses every token must not turn each call into a token request.
func TestRefusedFreshTokensAreNotReplacedAtOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		minAge time.Duration // 0: the default
		want   int           // token requests in five minutes
	}{
		{0, 10},
		{time.Minute, 5},
		{10 * time.Minute, 1},
	} {
		t.Run(fmt.Sprint(tt.minAge), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e := &endpoint{t: t, respond: granted("3600")}
				s, err := m2m.New(m2m.Config{
					ClientID: clientID, ClientSecret: m2m.NewSecret(clientSecret), Transport: e, MinTokenAge: tt.minAge,
				})
				require.NoError(t, err)
				defer s.Close()
				requests := 0
				c, err := client.New(
					client.WithEnvironment(client.BaseURL("https://platform.test")), client.WithTokenSource(s),
					client.WithTransport(roundTrip(func(*http.Request) (*http.Response, error) {
						requests++
						return reply(401, `{"error":{"code":"UNAUTHORIZED","message":"no"}}`)
					})))
				require.NoError(t, err)
				op := client.Operation{Mount: client.MountShared, Path: "/accounts/current"}
				for began := time.Now(); time.Since(began) < 5*time.Minute; time.Sleep(100 * time.Millisecond) {
					_, err := c.Do(t.Context(), &op, client.Request{})
					require.ErrorIs(t, err, client.ErrUnauthorized)
				}
				assert.InDelta(t, tt.want, e.count(), 1)
				assert.InDelta(t, 3000, requests, 50, "the API is asked by each call")
			})
		})
	}
}

func TestOldRefusedTokenIsReplacedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newGranting(t, "3600")
		wantToken(t, s, 1)
		time.Sleep(30*time.Second - time.Nanosecond)
		s.Invalidate(t.Context(), opaque(t, "token-1"))
		wantToken(t, s, 1)
		time.Sleep(time.Nanosecond)
		s.Invalidate(t.Context(), opaque(t, "token-1"))
		began := time.Now()
		wantToken(t, s, 2)
		assert.Zero(t, time.Since(began))
		assert.Equal(t, 2, e.count())
	})
}

// The minimum age applies to refused tokens only.
func TestShortTokenIsReplacedWhenItEnds(t *testing.T) {
	for _, life := range []string{"5", "1", "0.001", "1e-300"} {
		t.Run(life, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, e := newGranting(t, life)
				for began := time.Now(); time.Since(began) < 10*time.Second; time.Sleep(time.Millisecond) {
					_, err := s.Token(t.Context())
					require.NoError(t, err)
				}
				assert.GreaterOrEqual(t, e.count(), 2)
				assert.LessOrEqual(t, e.count(), 13, "about one request a second at most")
			})
		})
	}
}

func TestFailuresBackOffForMinutes(t *testing.T) {
	t.Parallel()
	outage := func() (*http.Response, error) { return nil, errors.New("connection refused") }
	answer := func(status int, body string) func() (*http.Response, error) {
		return func() (*http.Response, error) { return reply(status, body) }
	}
	for name, tt := range map[string]struct {
		fail     func() (*http.Response, error)
		requests int // of each fetch
		longest  time.Duration
	}{
		"invalid client":      {answer(401, `{"error":"invalid_client"}`), 1, 5 * time.Minute},
		"unauthorized client": {answer(400, `{"error":"unauthorized_client"}`), 1, 5 * time.Minute},
		"invalid scope":       {answer(400, `{"error":"invalid_scope"}`), 1, 5 * time.Minute},
		"not found":           {answer(404, ``), 1, 5 * time.Minute},
		"a page":              {answer(200, `<html>`), 1, 5 * time.Minute},
		"500":                 {answer(500, ``), 4, 5 * time.Minute},
		"503":                 {answer(503, ``), 4, 5 * time.Minute},
		"429":                 {answer(429, ``), 4, 5 * time.Minute},
		"outage":              {outage, 4, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, e := newSource(t, func(int, *http.Request) (*http.Response, error) { return tt.fail() })
				var last time.Time
				var gaps []time.Duration
				for began, seen := time.Now(), 0; time.Since(began) < time.Hour; time.Sleep(250 * time.Millisecond) {
					_, err := s.Token(t.Context())
					require.Error(t, err)
					if e.count() == seen {
						continue
					}
					assert.Equal(t, tt.requests, e.count()-seen)
					if seen > 0 {
						gaps = append(gaps, time.Since(last))
					}
					seen, last = e.count(), time.Now()
				}
				require.Greater(t, len(gaps), 10)
				assert.Less(t, gaps[0], 8*time.Second)
				for _, gap := range gaps[10:] {
					assert.GreaterOrEqual(t, gap, tt.longest*3/4)
					assert.LessOrEqual(t, gap, tt.longest+8*time.Second)
				}
			})
		})
	}
}

func TestSuccessEndsBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newSource(t, func(n int, req *http.Request) (*http.Response, error) {
			if n == 6 {
				return granted("60")(n, req)
			}
			return reply(401, `{"error":"invalid_client"}`)
		})
		for e.count() < 6 {
			_, _ = s.Token(t.Context())
			time.Sleep(time.Second)
		}
		time.Sleep(time.Minute) // the token ends
		_, err := s.Token(t.Context())
		require.Error(t, err)
		time.Sleep(time.Second)
		_, err = s.Token(t.Context())
		require.Error(t, err)
		assert.Equal(t, 8, e.count(), "the hold begins with a second again")
	})
}

func TestLongRetryAfterIsRespected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newSource(t, func(int, *http.Request) (*http.Response, error) {
			return reply(503, ``, "Retry-After", "240, 3")
		})
		_, err := s.Token(t.Context())
		require.Error(t, err)
		time.Sleep(239 * time.Second)
		_, err = s.Token(t.Context())
		require.Error(t, err)
		assert.Equal(t, 1, e.count())
	})
}

func TestSetSecretTakesEffectAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const second = "the second secret"
		var s *m2m.Source
		var e *endpoint
		s, e = newSource(t, func(n int, req *http.Request) (*http.Response, error) {
			if e.forms[n-1].Get("client_secret") != second {
				return reply(401, `{"error":"invalid_client"}`)
			}
			return granted("3600")(n, req)
		})
		for range 100 {
			_, err := s.Token(t.Context())
			require.ErrorIs(t, err, client.ErrUnauthorized)
			time.Sleep(time.Second)
		}
		before := e.count()
		require.NoError(t, s.SetSecret(m2m.NewSecret(second)))
		began := time.Now()
		wantToken(t, s, before+1)
		assert.Zero(t, time.Since(began))

		for _, unusable := range []m2m.Secret{{}, m2m.NewSecret(""), m2m.NewSecret("canary\n")} {
			err := s.SetSecret(unusable)
			require.ErrorContains(t, err, "client secret")
			assert.NotContains(t, err.Error(), "canary")
		}
		wantToken(t, s, before+1)
		require.NoError(t, s.Close())
		require.ErrorIs(t, s.SetSecret(m2m.NewSecret(second)), m2m.ErrClosed)
	})
}

func TestSetSecretDuringFetchRepeatsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newSource(t, func(n int, req *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			if n == 1 {
				return reply(401, `{"error":"invalid_client"}`)
			}
			return granted("3600")(n, req)
		})
		var waiting sync.WaitGroup
		for range 10 {
			waiting.Go(func() {
				token, err := s.Token(t.Context())
				assert.NoError(t, err)
				assert.Equal(t, "token-2", token.Reveal())
			})
		}
		time.Sleep(time.Millisecond)
		require.NoError(t, s.SetSecret(m2m.NewSecret("another")))
		waiting.Wait()
		assert.Equal(t, 2, e.count())
		assert.Equal(t, clientSecret, e.forms[0].Get("client_secret"))
		assert.Equal(t, "another", e.forms[1].Get("client_secret"))

		require.NoError(t, s.SetSecret(m2m.NewSecret("a third")))
		wantToken(t, s, 2) // granted before, and still good
		s.Invalidate(t.Context(), opaque(t, "token-2"))
		wantToken(t, s, 3) // refused, and no longer protected by its age
	})
}

// A crash in a goroutine of the source could not be recovered.
func TestUnusableSourcesReturnErrors(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*m2m.Source{"nil": nil, "zero": new(m2m.Source)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token, err := s.Token(t.Context())
			require.EqualError(t, err, "interchange: m2m: the source must be made with New")
			assert.True(t, token.IsZero())
			require.Error(t, s.SetSecret(m2m.NewSecret("one")))
			s.Invalidate(t.Context(), client.Token{})
			require.NoError(t, s.Close())
			assert.Contains(t, fmt.Sprint(s), "m2m source")
			c, err := client.New(client.WithEnvironment(client.BaseURL("https://platform.test")), client.WithTokenSource(s))
			if err == nil {
				op := client.Operation{Mount: client.MountShared, Path: "/accounts/current"}
				_, err = c.Do(t.Context(), &op, client.Request{})
			}
			require.Error(t, err)
		})
	}
	s, _ := newGranting(t, "3600")
	_, err := s.Token(nil) //nolint:staticcheck // that is the case
	require.EqualError(t, err, "interchange: m2m: the context must not be nil")
	valid := m2m.Config{ClientID: "a", ClientSecret: m2m.NewSecret("b")}
	for text, change := range map[string]func(*m2m.Config){
		"the transport must not be a nil pointer": func(c *m2m.Config) { c.Transport = (*http.Transport)(nil) },
		"MinTokenAge must not be negative":        func(c *m2m.Config) { c.MinTokenAge = -1 },
	} {
		cfg := valid
		change(&cfg)
		_, err := m2m.New(cfg)
		require.ErrorContains(t, err, text)
	}
	assert.Equal(t, "interchange: m2m: no token", new(m2m.Error).Error())
}

func TestBrokenTransportIsReported(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		resp *http.Response
		want string
	}{
		"nothing": {nil, "the transport returned neither a response nor an error"},
		"no body": {&http.Response{StatusCode: http.StatusOK}, "not a JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, e := newSource(t, func(int, *http.Request) (*http.Response, error) { return tt.resp, nil })
			_, err := s.Token(context.Background())
			require.ErrorContains(t, err, tt.want)
			assert.Equal(t, 1, e.count())
		})
	}
}
