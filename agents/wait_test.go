package agents_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

const sourcePath = "/api/v2/storefront/inventory-sources/premium-video"

func pending(more string) answer {
	return answer{status: 200, body: `{"data":{"id":"src_1","sourceId":"premium-video","status":"PENDING",` +
		`"authenticationType":"OAUTH","authConfigured":false` + more + `},"error":null}`}
}

var (
	configured = answer{
		status: 200,
		body:   `{"data":{"sourceId":"premium-video","status":"ACTIVE","authConfigured":true},"error":null}`,
	}
	consenting = pending(`,"oauth":{"authorizationUrl":"https://consent.example/?x=1","agentId":"a","agentName":"n"}`)
)

func TestWaitGrowsAndIsVaried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := make([]answer, 12)
		for i := range answers {
			answers[i] = pending("")
		}
		p, service := against(t, append(answers, configured)...)
		var pauses []time.Duration
		service.SetSleep(func(_ context.Context, d time.Duration) error {
			pauses = append(pauses, d)
			time.Sleep(d)
			return nil
		})
		source, err := service.WaitUntilConfigured(t.Context(), "premium-video", agents.Wait{})
		require.NoError(t, err)
		assert.True(t, source.AuthConfigured)
		assert.Len(t, p.sent, 13)
		require.Len(t, pauses, 12)
		interval, varied := 2*time.Second, false
		for i, pause := range pauses {
			varied = varied || pause != interval
			assert.GreaterOrEqual(t, pause, interval-interval/4, i)
			assert.LessOrEqual(t, pause, interval+interval/4, i)
			interval = min(interval+interval/2, 30*time.Second)
		}
		assert.Equal(t, 30*time.Second, interval, "the longest interval is reached")
		assert.True(t, varied)
	})
}

// An interval that is longer than the default of the longest is the longest.
func TestALongWait(t *testing.T) {
	t.Parallel()
	_, service := against(t, pending(""), pending(""), pending(""), configured)
	service.SetSleep(func(_ context.Context, d time.Duration) error {
		assert.GreaterOrEqual(t, d, 45*time.Second)
		assert.LessOrEqual(t, d, 75*time.Second)
		return nil
	})
	_, err := service.WaitUntilConfigured(t.Context(), "premium-video", agents.Wait{Interval: time.Minute})
	require.NoError(t, err)
}

// held is a limiter that holds the first call for too long.
type held struct {
	open
	calls atomic.Int32
}

func (h *held) Wait(context.Context, pace.Key, time.Duration) error {
	if h.calls.Add(1) == 1 {
		return &pace.WaitError{RetryAfter: time.Hour}
	}
	return nil
}

// A look that the limiter holds back is a look that failed, and may pass.
func TestAWaitThatIsHeldBack(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder((&peer{answers: []answer{configured}}).do)
	token, err := client.ParseToken("scope3_ak_TEST_sk_live_0123456789abcdef")
	require.NoError(t, err)
	limiter := new(held)
	c, err := client.New(client.WithToken(token), client.WithTransport(mock), client.WithLimiter(limiter))
	require.NoError(t, err)
	service := agents.New(c)
	service.SetSleep(func(context.Context, time.Duration) error { return nil })
	_, err = service.WaitUntilConfigured(t.Context(), "premium-video", agents.Wait{})
	require.NoError(t, err)
	assert.Equal(t, int32(2), limiter.calls.Load())
}

func TestWaitEnds(t *testing.T) {
	broken := answer{err: errors.New("connection reset")}
	down := answer{status: 503, body: `{"data":null,"error":{"code":"SERVICE_UNAVAILABLE","message":"deploy"}}`}
	slow := answer{status: 503, header: http.Header{"Retry-After": {"300"}}}
	for name, tt := range map[string]struct {
		answers []answer
		limit   time.Duration
		looks   int
		check   func(t *testing.T, waited time.Duration, err error)
	}{
		"at once": {[]answer{configured}, time.Hour, 1, func(t *testing.T, waited time.Duration, err error) {
			require.NoError(t, err)
			assert.Zero(t, waited)
		}},
		"without authentication": {
			[]answer{{
				status: 200,
				body:   `{"data":{"sourceId":"premium-video","status":"ACTIVE","authenticationType":"NO_AUTH"}}`,
			}},
			time.Hour, 1, func(t *testing.T, _ time.Duration, err error) { require.NoError(t, err) },
		},
		"with the context": {[]answer{consenting}, time.Minute, 9, func(t *testing.T, waited time.Duration, err error) {
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.ErrorContains(t, err, "a person has to consent")
			requireWithout(t, "consent.example", err)
			var w *agents.WaitError
			require.ErrorAs(t, err, &w)
			assert.Equal(t, "premium-video", w.SourceID)
			assert.Equal(t, "https://consent.example/?x=1", w.AuthorizationURL)
			assert.Equal(t, time.Minute, waited)
		}},
		"when disabled": {
			[]answer{consenting, {status: 200, body: `{"data":{"sourceId":"premium-video","status":"DISABLED"}}`}},
			time.Hour, 2, func(t *testing.T, _ time.Duration, err error) {
				require.ErrorIs(t, err, agents.ErrSourceDisabled)
				assert.NotContains(t, err.Error(), "consent.example")
			},
		},
		"when gone": {
			[]answer{consenting, {status: 404, body: `{"data":null,"error":{"code":"NOT_FOUND","message":"no"}}`}},
			time.Hour, 2, func(t *testing.T, _ time.Duration, err error) { require.ErrorIs(t, err, client.ErrNotFound) },
		},
		"after failures that pass": {
			[]answer{down, broken, down, broken, configured},
			time.Hour, 5,
			func(t *testing.T, _ time.Duration, err error) {
				require.NoError(t, err)
			},
		},
		"after failures that do not": {
			[]answer{consenting, down},
			time.Hour, 6,
			func(t *testing.T, _ time.Duration, err error) {
				require.ErrorIs(t, err, client.ErrServiceUnavailable)
				assert.ErrorContains(t, err, "a person has to consent")
				requireWithout(t, "consent.example", err)
			},
		},
		"not after failures in between": {
			[]answer{down, down, down, down, consenting, down, down, down, down, configured},
			time.Hour, 10,
			func(t *testing.T, _ time.Duration, err error) { require.NoError(t, err) },
		},
		"in a failure": {[]answer{down}, 3 * time.Second, 2, func(t *testing.T, _ time.Duration, err error) {
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.ErrorIs(t, err, client.ErrServiceUnavailable)
		}},
		"and obeys Retry-After": {
			[]answer{slow, configured},
			time.Hour, 2,
			func(t *testing.T, waited time.Duration, err error) {
				require.NoError(t, err)
				assert.Equal(t, 300*time.Second, waited)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, service := against(t, tt.answers...)
				ctx, cancel := context.WithTimeout(t.Context(), tt.limit)
				defer cancel()
				began := time.Now()
				_, err := service.WaitUntilConfigured(ctx, "premium-video", agents.Wait{})
				tt.check(t, time.Since(began), err)
				if name != "with the context" { // how many there are is a matter of chance
					assert.Len(t, p.sent, tt.looks)
				}
				assert.Equal(t, "GET "+sourcePath, p.sent[0])
			})
		})
	}
}

func TestAPersonConsents(t *testing.T) {
	srv, c := startSandbox(t)
	service := agents.New(c)
	registered, err := service.Register(t.Context(), withAuth(agents.OAuth(agents.OAuthParams{})))
	require.NoError(t, err)
	assert.Equal(t, agents.StatusPending, registered.Status)
	assert.False(t, registered.AuthConfigured)
	require.NotEmpty(t, registered.OAuth.AuthorizationURL)

	_, err = service.UpdateSource(t.Context(), "premium-video", agents.UpdateParams{Status: agents.StatusActive})
	require.ErrorIs(t, err, client.ErrInvalidState)

	looks := 0
	service.SetSleep(func(context.Context, time.Duration) error {
		if looks++; looks == 3 {
			return srv.CompleteOAuth(registered.SourceID)
		}
		return nil
	})
	source, err := service.WaitUntilConfigured(t.Context(), registered.SourceID, agents.Wait{})
	require.NoError(t, err)
	assert.True(t, source.AuthConfigured)
	assert.Equal(t, agents.StatusActive, source.Status)
	assert.Empty(t, source.OAuth)
	assert.Equal(t, 3, looks)
	require.Error(t, srv.CompleteOAuth(registered.SourceID), "nobody waits any more")

	// A second consent leaves the one in use alone, until it is given.
	consent, err := service.Authorize(t.Context(), source.AgentID,
		agents.AuthorizeParams{RedirectURI: "https://app.example/done"})
	require.NoError(t, err)
	assert.NotEqual(t, registered.OAuth.AuthorizationURL, consent.AuthorizationURL)
	assert.Equal(t, source.AgentID, consent.AgentID)
	require.NoError(t, srv.CompleteOAuth(string(consent.AgentID)))
	consent, err = service.AuthorizeAccount(t.Context(), source.AgentID,
		agents.AuthorizeAccountParams{AccountIdentifier: "acme"})
	require.NoError(t, err)
	assert.NotEmpty(t, consent.AuthorizationURL)
}

// Of two who are asked for the same, the one who only begins a flow may be asked again.
func TestAuthorizeIsRepeated(t *testing.T) {
	srv, c := startSandbox(t)
	service := agents.New(c)
	registered, err := service.Register(t.Context(), withAuth(agents.OAuth(agents.OAuthParams{})))
	require.NoError(t, err)
	srv.Inject(sandbox.Fault{
		Route: "POST /api/v2/storefront/agents/{agentId}/oauth/authorize",
		Kind:  sandbox.FaultResetAfter, Times: 1,
	})
	_, err = service.Authorize(t.Context(), registered.AgentID, agents.AuthorizeParams{})
	require.NoError(t, err)
	srv.Inject(sandbox.Fault{
		Route: "POST /api/v2/storefront/agents/{agentId}/capabilities/refresh", Status: 503,
		Times: 1,
	})
	caps, err := service.RefreshCapabilities(t.Context(), registered.AgentID)
	require.NoError(t, err)
	assert.Contains(t, caps.Tools, "get_products")
}

// requireWithout fails if any form of printing or encoding shows a text.
func requireWithout(t *testing.T, text string, err error) {
	t.Helper()
	var shown strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		fmt.Fprintf(&shown, verb, err)
	}
	encoded, encodeErr := json.Marshal(err)
	require.NoError(t, encodeErr)
	shown.Write(encoded)
	encoded, encodeErr = xml.Marshal(err)
	require.NoError(t, encodeErr)
	shown.Write(encoded)
	slog.New(slog.NewJSONHandler(&shown, nil)).Info("failed", "err", err)
	assert.NotContains(t, shown.String(), text)
}
