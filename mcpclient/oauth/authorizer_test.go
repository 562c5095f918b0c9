package oauth

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/auth/extauth"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	a := newAuthorizer(t, Config{OpenBrowser: browse})
	token, err := a.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, client.Anonymous(), token)

	status, err := f.send(t.Context(), a, "")
	require.NoError(t, err)
	assert.Equal(t, 200, status)
	asked := f.consents[0]
	assert.Equal(t, f.srv.URL+"/mcp", asked.Get("resource"))
	assert.ElementsMatch(t, []string{"read", "offline_access"}, strings.Fields(asked.Get("scope")))

	// More scopes, on the same port, without losing those there are.
	status, err = f.send(t.Context(), a, "?want=write")
	require.NoError(t, err)
	assert.Equal(t, 200, status)
	again := f.consents[1]
	assert.Equal(t, asked.Get("redirect_uri"), again.Get("redirect_uri"))
	assert.ElementsMatch(t, []string{"read", "write", "offline_access"}, strings.Fields(again.Get("scope")))

	// A 403 of another kind asks no person.
	status, err = f.send(t.Context(), a, "?deny=1")
	require.NoError(t, err)
	assert.Equal(t, 403, status)
	consents, _ := f.counts()
	assert.Equal(t, 2, consents)
}

func TestAsksOnceForACrowd(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	a := newAuthorizer(t, Config{OpenBrowser: browse})
	for round := range 3 { // first without a token, then twice with one that is refused
		var wg sync.WaitGroup
		var refused sync.WaitGroup
		refused.Add(16)
		for range 16 {
			wg.Go(func() {
				token, resp, err := f.call(t.Context(), a, "")
				refused.Done()
				if !assert.NoError(t, err) {
					return
				}
				refused.Wait() // nobody asks before everybody was refused
				changed, err := a.Authorize(t.Context(), token, resp)
				assert.NoError(t, err)
				assert.True(t, changed)
				status, err := f.send(t.Context(), a, "")
				assert.NoError(t, err)
				assert.Equal(t, 200, status)
			})
		}
		wg.Wait()
		consents, _ := f.counts()
		assert.Equal(t, round+1, consents)
		f.revoke(true)
	}
}

// A caller that was refused without a token, and comes when there is one, must not lead to another consent.
func TestLateRefusal(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	a := newAuthorizer(t, Config{OpenBrowser: browse})
	_, late, err := f.call(t.Context(), a, "")
	require.NoError(t, err)
	_, err = f.send(t.Context(), a, "")
	require.NoError(t, err)
	changed, err := a.Authorize(t.Context(), client.Anonymous(), late)
	require.NoError(t, err)
	assert.True(t, changed)
	consents, _ := f.counts()
	assert.Equal(t, 1, consents)
}

// The platform's metadata has one resource for all its endpoints.
func TestResource(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	refused := func(a *Authorizer, origin string) (bool, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, origin+"/mcp/v2/buyer", http.NoBody)
		require.NoError(t, err)
		return a.Authorize(t.Context(), client.Anonymous(), &http.Response{
			Request: req, StatusCode: http.StatusUnauthorized, Header: http.Header{}, Body: http.NoBody,
		})
	}
	a := newAuthorizer(t, Config{OpenBrowser: browse, Resource: f.srv.URL + "/mcp"})
	changed, err := refused(a, f.srv.URL)
	require.NoError(t, err)
	assert.True(t, changed)
	assert.Equal(t, f.srv.URL+"/mcp", f.consents[0].Get("resource"))
	_, err = refused(a, "https://elsewhere.example")
	require.ErrorContains(t, err, "another origin")
}

func TestRenewal(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	a := f.signIn(t)

	// Refused before its time: the refresh token is tried before the person is asked.
	f.revoke(false)
	status, err := f.send(t.Context(), a, "")
	require.NoError(t, err)
	assert.Equal(t, 200, status)
	consents, renewals := f.counts()
	assert.Equal(t, []int{1, 1}, []int{consents, renewals})

	// Refused again at once: the person is asked.
	f.revoke(false)
	f.set(func() { f.life = -1 }) // ended as it comes
	token, resp, err := f.call(t.Context(), a, "")
	require.NoError(t, err)
	changed, err := a.Authorize(t.Context(), token, resp)
	require.NoError(t, err)
	assert.True(t, changed)
	consents, before := f.counts()
	assert.Equal(t, 2, consents)

	// Ended: one renewal for all, which a caller can leave.
	release, reached := make(chan struct{}), make(chan struct{})
	f.set(func() {
		f.life = 3600
		f.onToken = func(http.ResponseWriter, *http.Request) bool {
			close(reached) // a second renewal would panic here
			<-release
			return false
		}
	})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			token, err := a.Token(t.Context())
			assert.NoError(t, err)
			assert.NotEqual(t, client.Anonymous(), token)
		})
	}
	<-reached
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = a.Token(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	close(release)
	wg.Wait()
	_, renewals = f.counts()
	assert.Equal(t, 1, renewals-before)
}

func TestRenewalThatIsRefused(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	f.life = -1
	a := f.signIn(t)
	f.revoke(true)
	token, err := a.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, client.Anonymous(), token, "invalid_grant")
	_, before := f.counts()
	_, err = a.Token(t.Context())
	require.NoError(t, err)
	_, after := f.counts()
	assert.Equal(t, before, after, "what is worth nothing is not tried again")

	status, err := f.send(t.Context(), a, "")
	require.NoError(t, err)
	assert.Equal(t, 200, status)

	f.set(func() {
		f.onToken = func(w http.ResponseWriter, _ *http.Request) bool {
			http.Error(w, canarySecret, http.StatusInternalServerError)
			return true
		}
	})
	_, err = a.Token(t.Context())
	var failed *Error
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, 500, failed.StatusCode)
	assert.NotContains(t, err.Error(), "canary")
}

func TestWithoutRefreshToken(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	f.life, f.noRefresh = 1, true
	a := newAuthorizer(t, Config{OpenBrowser: browse, NoRefreshToken: true})
	_, resp, err := f.call(t.Context(), a, "")
	require.NoError(t, err)
	_, err = a.Authorize(t.Context(), client.Anonymous(), resp)
	require.NoError(t, err)
	assert.Equal(t, "read", f.consents[0].Get("scope"), "no offline_access")
	token, err := a.Token(t.Context())
	require.NoError(t, err)
	assert.NotEqual(t, client.Anonymous(), token, "short as its life is, it can be used")
	require.Eventually(t, func() bool {
		token, err := a.Token(t.Context())
		return assert.NoError(t, err) && token == client.Anonymous()
	}, 5*time.Second, 10*time.Millisecond, "ended")
}

// The consent goes on for who waits, and ends with the last one.
func TestCallersThatLeave(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	opened, ended := make(chan struct{}, 8), make(chan struct{}, 8)
	go1 := make(chan struct{})
	a := newAuthorizer(t, Config{OpenBrowser: func(ctx context.Context, u string) error {
		opened <- struct{}{}
		select {
		case <-go1:
			return browse(ctx, u)
		case <-ctx.Done():
			ended <- struct{}{}
			return ctx.Err()
		}
	}})
	refused, resp, err := f.call(t.Context(), a, "")
	require.NoError(t, err)
	wait := func(ctx context.Context) <-chan error {
		left := make(chan error, 1)
		go func() {
			_, err := a.Authorize(ctx, refused, resp)
			left <- err
		}()
		return left
	}
	ctx, cancel := context.WithCancel(t.Context())
	first := wait(ctx)
	<-opened
	second := wait(t.Context())
	token, err := a.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, client.Anonymous(), token, "does not wait for a person")
	require.Eventually(t, func() bool { return a.waiting() == 2 }, 5*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-first, context.Canceled)
	assert.Empty(t, ended)

	ctx, cancel = context.WithCancel(t.Context())
	third := wait(ctx)
	require.Eventually(t, func() bool { return a.waiting() == 2 }, 5*time.Second, time.Millisecond)
	close(go1)
	require.NoError(t, <-second)
	require.NoError(t, <-third)
	cancel()
	assert.Empty(t, ended)
	consents, _ := f.counts()
	assert.Equal(t, 1, consents)

	// Now all callers leave.
	go1 = make(chan struct{})
	f.revoke(true)
	refused, resp, err = f.call(t.Context(), a, "")
	require.NoError(t, err)
	ctx, cancel = context.WithCancel(t.Context())
	last := wait(ctx)
	<-opened
	cancel()
	require.ErrorIs(t, <-last, context.Canceled)
	<-ended
	close(go1)
	require.NoError(t, <-wait(t.Context()), "on the same port")
}

func (a *Authorizer) waiting() int {
	f := a.hidden()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.consent == nil {
		return 0
	}
	return f.consent.waiting
}

func TestAwait(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	const redirect = "http://127.0.0.1:1/host"
	await := func(ctx context.Context, u string) (auth.AuthorizationResult, error) {
		req := httptest.NewRequestWithContext(ctx, http.MethodGet, u, http.NoBody)
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err != nil {
			return auth.AuthorizationResult{}, err
		}
		defer resp.Body.Close()
		back, err := resp.Location()
		if err != nil {
			return auth.AuthorizationResult{}, err
		}
		q := back.Query()
		return auth.AuthorizationResult{Code: q.Get("code"), State: q.Get("state"), Iss: q.Get("iss")}, nil
	}
	a := newAuthorizer(t, Config{RedirectURL: redirect, Await: await})
	status, err := f.send(t.Context(), a, "")
	require.NoError(t, err)
	assert.Equal(t, 200, status)

	forged := func(context.Context, string) (auth.AuthorizationResult, error) {
		return auth.AuthorizationResult{Code: "x", State: "forged"}, nil
	}
	a = newAuthorizer(t, Config{RedirectURL: redirect, Await: forged})
	_, err = f.send(t.Context(), a, "")
	require.EqualError(t, err, "interchange: OAuth: no consent: the redirect does not belong to this attempt")
}

// A handler of the library that is not safe for concurrent use.
func TestHandlerOfTheLibrary(t *testing.T) {
	t.Parallel()
	f := startFakeServer(t)
	var asked atomic.Int32
	f.onToken = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Form.Get("grant_type") != "client_credentials" {
			return false
		}
		access := fmt.Sprintf("m2m-%d", asked.Add(1))
		f.set(func() { f.access[access] = "read" })
		f.json(w, 200, map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": f.life})
		return true
	}
	h, err := extauth.NewClientCredentialsHandler(&extauth.ClientCredentialsHandlerConfig{
		Credentials: &oauthex.ClientCredentials{
			ClientID: "app", ClientSecretAuth: &oauthex.ClientSecretAuth{ClientSecret: canarySecret},
		},
		HTTPClient: newHTTPClient(&http.Transport{DisableKeepAlives: true}),
	})
	require.NoError(t, err)
	a, err := FromHandler(h)
	require.NoError(t, err)
	a.hidden().minAge = 0
	for range 3 {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				status, err := f.send(t.Context(), a, "")
				assert.NoError(t, err)
				assert.Equal(t, 200, status)
			})
		}
		wg.Wait()
		f.revoke(true)
	}
	assert.EqualValues(t, 3, asked.Load())

	// When the token ends, the handler is asked for another, although its own token source is of no use any more.
	f.set(func() { f.life = 1 })
	status, err := f.send(t.Context(), a, "")
	require.NoError(t, err)
	assert.Equal(t, 200, status)
	require.Eventually(t, func() bool {
		token, err := a.Token(t.Context())
		return assert.NoError(t, err) && token == client.Anonymous()
	}, 5*time.Second, 10*time.Millisecond)
	status, err = f.send(t.Context(), a, "")
	require.NoError(t, err)
	assert.Equal(t, 200, status)
}
