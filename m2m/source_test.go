package m2m_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/m2m"
)

func TestTokenRequestIsAsDocumented(t *testing.T) {
	t.Parallel()
	s, e := newSource(t, func(_ int, req *http.Request) (*http.Response, error) {
		assert.Equal(t, http.MethodPost, req.Method)
		assert.Equal(t, m2m.DefaultTokenURL, req.URL.String())
		assert.Equal(t, "application/json", req.Header.Get("Accept"))
		assert.Equal(t, "application/x-www-form-urlencoded", req.Header.Get("Content-Type"))
		assert.Equal(t, "interchange-go/"+client.Version, req.Header.Get("User-Agent"))
		assert.Empty(t, req.Header.Get("Authorization"))
		return reply(200, `{"access_token":"scope3_app_secret","token_type":"bearer","expires_in":"3600",
			"scope":"interchange:read"}`)
	})
	token, err := s.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "app", token.ClientID(), "the scope3_ form is recognised")
	assert.Equal(t, map[string][]string{
		"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {clientSecret},
		"scope": {"interchange:read interchange:write"},
	}, map[string][]string(e.forms[0]))
}

func TestLenientTokenResponsesAreAccepted(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"access_token":"good"}`,
		"\ufeff" + `{"access_token":"good"}`,
		`{"access_token":"good","token_type":null}`,
		`{"access_token":"good","token_type":""}`,
		`{"access_token":"good","token_type":"BEARER"}`,
		`{"error":null,"access_token":"good","expires_in":"60.5"}`,
		`{"error":{},"access_token":"good","expires_in":[]}`,
	} {
		s, _ := newSource(t, func(int, *http.Request) (*http.Response, error) { return reply(200, body) })
		token, err := s.Token(t.Context())
		require.NoError(t, err, body)
		assert.Equal(t, "good", token.Reveal(), body)
	}
}

func TestConfigIsCheckedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := m2m.New(m2m.Config{Scopes: []m2m.Scope{"a b"}, TokenURL: "http://identity.example/?token=canary"})
	require.Error(t, err)
	for _, want := range []string{"client id", "client secret", "scope 1", "must be https"} {
		assert.ErrorContains(t, err, want)
	}
	assert.NotContains(t, err.Error(), "canary")
	for _, tt := range []struct {
		url string
		ok  bool
	}{
		{"", true},
		{"https://identity.example/oauth2/token", true},
		{"http://127.0.0.1:8080/token", true},
		{"http://[::1]/token", true},
		{"http://localhost/token", true},
		{"http://localhost.example/token", false},
		{"http://10.0.0.1/token", false},
		{"https://user@identity.example/token", false},
		{"https://identity.example/token#x", false},
		{"ftp://identity.example/token", false},
		{"//identity.example/token", false},
		{"identity.example", false},
		{"https://", false},
		{"https://a\x00b/", false},
	} {
		_, err := m2m.New(m2m.Config{ClientID: "a", ClientSecret: m2m.NewSecret("b"), TokenURL: tt.url})
		assert.Equal(t, tt.ok, err == nil, "%q: %v", tt.url, err)
	}
	_, err = m2m.New(m2m.Config{ClientID: "a", ClientSecret: m2m.NewSecret("canary\n")})
	require.ErrorContains(t, err, "newline")
	assert.NotContains(t, err.Error(), "canary")
}

func TestTokenIsReplacedBeforeItEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		life    string
		lasts   time.Duration // until it is replaced
		expires time.Duration
	}{
		{"3600", 59 * time.Minute, time.Hour},
		{"60", 48 * time.Second, time.Minute},
		{"1.5", 1200 * time.Millisecond, 1500 * time.Millisecond},
		{"null", 4 * time.Minute, 5 * time.Minute},
		{"0", 4 * time.Minute, 5 * time.Minute},
		{"-5", 4 * time.Minute, 5 * time.Minute},
		{`"3600"`, 59 * time.Minute, time.Hour},
		{"1e300", 365*24*time.Hour - time.Minute, 365 * 24 * time.Hour},
	} {
		t.Run(tt.life, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, e := newGranting(t, tt.life)
				wantToken(t, s, 1)
				time.Sleep(tt.lasts - time.Millisecond)
				wantToken(t, s, 1)
				synctest.Wait()
				assert.Equal(t, 1, e.count())

				time.Sleep(2 * time.Millisecond)
				wantToken(t, s, 1) // replaced in the background
				synctest.Wait()
				assert.Equal(t, 2, e.count())
				wantToken(t, s, 2)

				time.Sleep(tt.expires + time.Millisecond)
				wantToken(t, s, 3) // ended meanwhile
			})
		})
	}
}

func TestFailedRefreshKeepsTheTokenAndBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newSource(t, func(n int, req *http.Request) (*http.Response, error) {
			if n == 1 {
				return granted("3600")(n, req)
			}
			return reply(400, `{"error":"invalid_scope"}`)
		})
		wantToken(t, s, 1)
		time.Sleep(59 * time.Minute)
		for range 59 {
			wantToken(t, s, 1)
			time.Sleep(time.Second)
		}
		assert.InDelta(t, 6, e.count()-1, 1, "every five seconds, then less often")
		time.Sleep(time.Second + time.Millisecond)
		_, err := s.Token(t.Context())
		var failed *m2m.Error
		require.ErrorAs(t, err, &failed)
		assert.Equal(t, "invalid_scope", failed.Code)
	})
}

func TestConcurrentCallersShareOneFetch(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	s, e := newSource(t, func(n int, req *http.Request) (*http.Response, error) {
		<-release
		return granted("3600")(n, req)
	})
	var wg sync.WaitGroup
	for i := range 1_000 {
		wg.Go(func() {
			if i == 500 {
				close(release)
			}
			token, err := s.Token(t.Context())
			assert.NoError(t, err)
			assert.Equal(t, "token-1", token.Reveal())
		})
	}
	wg.Wait()
	assert.Equal(t, 1, e.count())
}

func TestConcurrentCallersShareOneFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newSource(t, func(n int, req *http.Request) (*http.Response, error) {
			if n == 1 {
				return reply(401, `{"error":"invalid_client"}`)
			}
			return granted("3600")(n, req)
		})
		var wg sync.WaitGroup
		for i := range 1_000 {
			wg.Go(func() {
				time.Sleep(time.Duration(i) * 999 * time.Microsecond)
				_, err := s.Token(t.Context())
				assert.ErrorIs(t, err, client.ErrUnauthorized)
			})
		}
		wg.Wait()
		assert.Equal(t, 1, e.count())
		time.Sleep(3 * time.Millisecond)
		wantToken(t, s, 2)
	})
}

func TestFetchContinuesWhenItsCallerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newSource(t, func(n int, req *http.Request) (*http.Response, error) {
			select {
			case <-time.After(5 * time.Second):
				return granted("3600")(n, req)
			case <-req.Context().Done():
				return nil, req.Context().Err()
			}
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		first := make(chan error, 1)
		go func() {
			_, err := s.Token(ctx)
			first <- err
		}()
		synctest.Wait()
		began := time.Now()
		wantToken(t, s, 1)
		assert.Equal(t, 5*time.Second, time.Since(began))
		require.ErrorIs(t, <-first, context.DeadlineExceeded)
		assert.Equal(t, 1, e.count())

		time.Sleep(30 * time.Second)
		s.Invalidate(t.Context(), opaque(t, "token-1"))
		_, err := s.Token(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		synctest.Wait()
		assert.Equal(t, 1, e.count(), "who has given up begins nothing")
	})
}

func TestInvalidateDiscardsOnlyTheGivenToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newGranting(t, "3600")
		s.Invalidate(t.Context(), client.Token{})
		wantToken(t, s, 1)
		time.Sleep(time.Minute)
		s.Invalidate(t.Context(), opaque(t, "another"))
		wantToken(t, s, 1)
		s.Invalidate(t.Context(), opaque(t, "token-1"))
		wantToken(t, s, 2)
		time.Sleep(time.Minute)
		s.Invalidate(t.Context(), opaque(t, "token-1"))
		wantToken(t, s, 2)
		assert.Equal(t, 2, e.count())
	})
}

func TestTemporaryFailuresAreRetried(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken, with https://identity.example/?q=canary")
	for name, tt := range map[string]struct {
		fail func() (*http.Response, error)
		wait time.Duration // at least
	}{
		"429":         {func() (*http.Response, error) { return reply(429, ``, "Retry-After", "7") }, 7 * time.Second},
		"503":         {func() (*http.Response, error) { return reply(503, `<html>`, "Retry-After", "3") }, 3 * time.Second},
		"500":         {func() (*http.Response, error) { return reply(500, `{"error":"server_error"}`) }, 0},
		"connection":  {func() (*http.Response, error) { return nil, broken }, 0},
		"half a body": {func() (*http.Response, error) { return halfBody(broken) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, e := newSource(t, func(n int, req *http.Request) (*http.Response, error) {
					if n <= 2 {
						return tt.fail()
					}
					return granted("3600")(n, req)
				})
				began := time.Now()
				wantToken(t, s, 3)
				assert.GreaterOrEqual(t, time.Since(began), 2*tt.wait)
				assert.LessOrEqual(t, time.Since(began), 2*tt.wait+2*time.Second)
				assert.Equal(t, 3, e.count())
			})
			synctest.Test(t, func(t *testing.T) {
				s, e := newSource(t, func(int, *http.Request) (*http.Response, error) { return tt.fail() })
				began := time.Now()
				_, err := s.Token(t.Context())
				var failed *m2m.Error
				require.ErrorAs(t, err, &failed)
				assert.LessOrEqual(t, time.Since(began), 30*time.Second)
				assert.Equal(t, 4, e.count())
				assert.NotContains(t, err.Error(), "canary")
				assert.NotContains(t, err.Error(), "\n")
				if failed.StatusCode == 0 {
					assert.ErrorIs(t, err, broken)
				}
			})
		})
	}
}

type brokenBody struct{ err error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }
func (brokenBody) Close() error               { return nil }

func halfBody(err error) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: brokenBody{err}}, nil
}

// A timeout of the source must not look like one of the caller.
func TestHangingEndpointTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newSource(t, func(_ int, req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		began := time.Now()
		_, err := s.Token(t.Context())
		require.ErrorIs(t, err, client.ErrAttemptTimeout)
		require.NotErrorIs(t, err, context.DeadlineExceeded)
		assert.LessOrEqual(t, time.Since(began), 30*time.Second)
		assert.GreaterOrEqual(t, time.Since(began), 20*time.Second)
		assert.LessOrEqual(t, e.count(), 3)
	})
}

func TestRetryAfterBeyondTheFetchEndsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newSource(t, func(int, *http.Request) (*http.Response, error) { return reply(429, ``, "Retry-After", "45") })
		for range 45 {
			_, err := s.Token(t.Context())
			var failed *m2m.Error
			require.ErrorAs(t, err, &failed)
			require.ErrorIs(t, err, client.ErrRateLimited)
			assert.Equal(t, 45*time.Second, failed.RetryAfter)
			assert.Equal(t, 1, e.count())
			time.Sleep(time.Second)
		}
		_, err := s.Token(t.Context())
		require.Error(t, err)
		assert.Equal(t, 2, e.count())
	})
}

func TestPermanentFailuresAreNotRetried(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2<<20)
	for name, tt := range map[string]struct {
		status       int
		body         string
		code, text   string
		unauthorized bool
	}{
		"invalid client": {
			401, `{"error":"invalid_client","error_description":"canary"}`, "invalid_client", "401 invalid_client", true,
		},
		"unauthorized client": {
			400, `{"error":"unauthorized_client"}`, "unauthorized_client", "400 unauthorized_client", true,
		},
		"invalid scope":       {400, `{"error":"invalid_scope"}`, "invalid_scope", "400 invalid_scope", false},
		"no code":             {401, `canary`, "", "401 unauthorized", true},
		"a sentence":          {400, `{"error":"Canary is wrong"}`, "", "400 bad request", false},
		"the secret quoted":   {400, `{"error":"` + clientSecret + `"}`, "", "400 bad request", false},
		"an object":           {400, `{"error":{"code":"canary"}}`, "", "400 bad request", false},
		"an error in a 200":   {200, `{"error":"invalid_client"}`, "invalid_client", "200 invalid_client", true},
		"redirect":            {307, ``, "", "307 temporary redirect: redirects are not followed", false},
		"page":                {200, `<html>canary</html>`, "", "not a JSON object", false},
		"empty":               {200, ``, "", "not a JSON object", false},
		"no token":            {200, `{"expires_in":3600}`, "", "no access_token", false},
		"token of a kind":     {200, `{"access_token":"canary","token_type":"DPoP"}`, "", "not a bearer token", false},
		"type that is 5":      {200, `{"access_token":"canary","token_type":5}`, "", "not a bearer token", false},
		"type that is a list": {200, `{"access_token":"canary","token_type":["Bearer"]}`, "", "not a bearer token", false},
		"error object in 200": {
			200, `{"access_token":"canary","error":{"code":"canary"}}`, "", "the response is an error", false,
		},
		"two byte orders":    {200, "\ufeff\ufeff" + `{"access_token":"canary"}`, "", "not a JSON object", false},
		"token with a break": {200, `{"access_token":"canary\r\nX: y"}`, "", "characters that a header cannot have", false},
		"two tokens":         {200, `{"access_token":"a","access_token":"b"}`, "", "not a JSON object", false},
		"endless":            {200, long, "", "larger than 1 MiB", false},
		"endless failure":    {404, long, "", "404", false},
		"not implemented":    {501, ``, "", "501", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, e := newSource(t, func(int, *http.Request) (*http.Response, error) {
				return reply(tt.status, tt.body, "Location", "https://elsewhere.example/?q=canary")
			})
			_, err := s.Token(t.Context())
			var failed *m2m.Error
			require.ErrorAs(t, err, &failed)
			assert.Equal(t, tt.status, failed.StatusCode)
			assert.Equal(t, tt.code, failed.Code)
			assert.Equal(t, tt.unauthorized, errors.Is(err, client.ErrUnauthorized))
			assert.Equal(t, 1, failed.Attempts)
			assert.Equal(t, 1, e.count())
			assert.ErrorContains(t, err, tt.text)
			assert.NotContains(t, err.Error(), "anary")
			assert.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestCloseCancelsTheFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := newSource(t, func(_ int, req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		waiting := make(chan error, 1)
		go func() {
			_, err := s.Token(context.Background())
			waiting <- err
		}()
		synctest.Wait()
		began := time.Now()
		require.NoError(t, s.Close())
		require.ErrorIs(t, <-waiting, m2m.ErrClosed)
		assert.Zero(t, time.Since(began))
		_, err := s.Token(t.Context())
		require.ErrorIs(t, err, m2m.ErrClosed)
		require.NoError(t, s.Close())
		assert.Equal(t, 1, e.count())
	})
}
