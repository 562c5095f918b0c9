package client_test

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// partnerKey has the documented form, and is recognisable wherever it leaks.
const partnerKey = "pk_live_canary"

var (
	partnerRead  = client.Operation{ID: "readThing", Mount: client.MountPartner, Path: "/things"}
	partnerWrite = client.Operation{ID: "makeThing", Method: http.MethodPost, Mount: client.MountPartner, Path: "/things"}
)

func partnerToken(t testing.TB) client.Token {
	t.Helper()
	key, err := client.ParseOpaqueToken(partnerKey)
	require.NoError(t, err)
	return key
}

// partnerMemory talks to rt as to the Partner API.
func partnerMemory(t testing.TB, rt connRoundTrip, opts ...client.Option) *client.Client {
	t.Helper()
	return connMemory(t, rt, append([]client.Option{
		client.WithEnvironment(client.Bullseye), client.WithProfile(client.ProfilePartner), client.WithToken(partnerToken(t)),
	}, opts...)...)
}

func TestPartnerProfileSaysWhereAndHow(t *testing.T) {
	t.Parallel()
	var seen []*http.Request
	answer := func(r *http.Request) (*http.Response, error) {
		seen = append(seen, r)
		return connAnswer(r, http.StatusOK, `{"thing":{"id":"7"},"id":"8"}`), nil
	}
	c := partnerMemory(t, answer)
	assert.Equal(t, "https://api.app.bullseye.so", c.BaseURL())
	op := partnerRead
	op.Result = "thing"
	thing, err := client.Call[connThing](t.Context(), c, &op, client.Request{})
	require.NoError(t, err)
	assert.Equal(t, "7", thing.ID)
	require.Len(t, seen, 1)
	assert.Equal(t, "https://api.app.bullseye.so/api/v1/partner/things", seen[0].URL.String())
	assert.Equal(t, partnerKey, seen[0].Header.Get("X-Partner-API-Key"))
	assert.Empty(t, seen[0].Header.Values("Authorization"))

	derived, err := partnerMemory(t, answer,
		client.WithEnvironment(client.BaseURL("http://127.0.0.1:1"))).With(client.WithMaxBody(1<<10, 0))
	require.NoError(t, err)
	_, err = client.Call[connThing](t.Context(), derived, &partnerRead, client.Request{})
	require.NoError(t, err)
	assert.Equal(t, "http://127.0.0.1:1/api/v1/partner/things", seen[1].URL.String())
	assert.Equal(t, partnerKey, seen[1].Header.Get("X-Partner-API-Key"), "a derived client speaks the same API")
}

// The credential of one API never reaches the other.
func TestProfilesDoNotShareCredentials(t *testing.T) {
	unreachable := func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent to %s", r.URL)
		return connAnswer(r, http.StatusOK, connOK), nil
	}
	scope3 := connMemory(t, unreachable)
	_, err := scope3.With(client.WithProfile(client.ProfilePartner))
	require.ErrorContains(t, err, "WithProfile is for New")
	_, err = partnerMemory(t, unreachable).With(client.WithProfile(client.ProfileInterchange))
	require.ErrorContains(t, err, "WithProfile is for New")

	c := partnerMemory(t, unreachable, client.WithToken(connToken(t, connSecret)))
	_, err = connDo(t.Context(), c, &partnerRead)
	require.ErrorIs(t, err, client.ErrInvalidToken)
	assert.ErrorContains(t, err, "a token with the prefix scope3_ is not for the Partner API")
	_, err = connDo(t.Context(), connMemory(t, unreachable, client.WithToken(partnerToken(t))), &connGet)
	require.ErrorIs(t, err, client.ErrInvalidToken)
	assert.ErrorContains(t, err, "is not for the Interchange platform")
	assert.NotContains(t, err.Error(), partnerKey)

	organizations, err := client.ParseOpaqueToken("bsk_live_canary") // an API of its own on the partners' host
	require.NoError(t, err)
	for op, c := range map[*client.Operation]*client.Client{
		&partnerRead: partnerMemory(t, unreachable),
		&connGet:     connMemory(t, unreachable),
	} {
		c, err := c.With(client.WithToken(organizations))
		require.NoError(t, err)
		_, err = connDo(t.Context(), c, op)
		require.ErrorIs(t, err, client.ErrInvalidToken)
		assert.ErrorContains(t, err, "a token with the prefix bsk_live_ is not for ")
		assert.NotContains(t, err.Error(), "canary")
	}

	for _, source := range []client.TokenSource{
		client.EnvToken("PARTNER_TEST_KEY"),
		client.NewTokenVar(connToken(t, connSecret)),
	} {
		t.Setenv("PARTNER_TEST_KEY", connSecret)
		_, err = connDo(t.Context(), partnerMemory(t, unreachable, client.WithTokenSource(source)), &partnerRead)
		require.ErrorIs(t, err, client.ErrInvalidToken)
	}

	t.Setenv(client.EnvAPIKey, "an-opaque-token")
	for _, opts := range [][]client.Option{
		{client.WithProfile(client.ProfilePartner), client.FromEnv()},
		{client.FromEnv(), client.WithProfile(client.ProfilePartner)},
		{client.WithTokenSource(client.EnvToken(client.EnvAPIKey)), client.WithProfile(client.ProfilePartner)},
		// it may name the place, too
		{client.WithProfile(client.ProfilePartner), client.FromEnv(), client.WithToken(partnerToken(t))},
	} {
		_, err = client.New(opts...)
		require.ErrorContains(t, err, "FromEnv is for the Interchange platform")
	}
}

func TestProfilesRefuseEachOthersOperations(t *testing.T) {
	t.Parallel()
	sent := 0
	answer := func(r *http.Request) (*http.Response, error) {
		sent++
		return connAnswer(r, http.StatusOK, connOK), nil
	}
	partner, interchange := partnerMemory(t, answer), connMemory(t, answer)
	for _, mount := range []client.Mount{
		client.MountShared, client.MountBuyer, client.MountStorefront, client.MountMCPBuyer, client.MountMCPStorefront,
	} {
		_, err := connDo(t.Context(), partner, &client.Operation{Mount: mount, Path: "/things"})
		require.ErrorIs(t, err, client.ErrInvalidParams)
		assert.ErrorContains(t, err,
			"is one of the Interchange platform: make the Client with client.New without WithProfile")
	}
	_, err := connDo(t.Context(), interchange, &partnerRead)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	assert.ErrorContains(t, err,
		"is one of the Partner API: make the Client with client.New(client.WithProfile(client.ProfilePartner))")
	_, err = connDo(t.Context(), partner, &partnerRead, client.WithSeat("seat_1"))
	require.ErrorIs(t, err, client.ErrInvalidParams)
	_, err = connDo(t.Context(), partner.ForSeat("seat_1"), &partnerRead)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	require.Zero(t, sent)

	for _, c := range []*client.Client{partner, interchange} { // whatever is not known to be another's
		_, err := connDo(t.Context(), c, &client.Operation{Mount: "/api/v9", Path: "/things"})
		require.NoError(t, err)
	}
}

func TestPartnerProfileRefusesOptionsOfTheOther(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		opt  client.Option
		want string
	}{
		{client.Unversioned(), "has no unversioned paths"},
		{client.WithSeat("seat_1"), "has no seats"},
		{client.WithProfile(7), "unknown profile"},
		{client.WithEnvironment(client.BaseURL("http://api.app.bullseye.so")), "must be https"},
		{client.WithEnvironment(client.Production), "api.interchange.io is not a host of the Partner API"},
		{client.WithEnvironment(client.BaseURL("https://API.Agentic.Scope3.com:443/")), "is not a host of the Partner API"},
		{client.WithEnvironment(client.Staging), "is not a host of the Partner API"},
		{client.WithEnvironment(client.StagingLegacy), "is not a host of the Partner API"},
		{client.WithHeader("X-Partner-API-Key", partnerKey), "set by this package itself"},
	} {
		_, err := client.New(client.WithProfile(client.ProfilePartner), client.WithToken(partnerToken(t)), tt.opt)
		require.ErrorContains(t, err, tt.want)
		assert.NotContains(t, err.Error(), partnerKey)
	}
}

// Nor does one platform's credential go to the place of the other, whatever its form.
func TestThePlatformsProfileRefusesThePlaceOfTheOther(t *testing.T) {
	t.Parallel()
	opaque, err := client.ParseOpaqueToken("an-opaque-token")
	require.NoError(t, err)
	for _, place := range []client.Environment{client.Bullseye, client.BaseURL("https://api.app.bullseye.so/proxied")} {
		_, err := client.New(client.WithToken(opaque), client.WithEnvironment(place))
		require.ErrorContains(t, err, "api.app.bullseye.so is not a host of the Interchange platform")
	}
	_, err = connMemory(t, nil).With(client.WithEnvironment(client.Bullseye))
	require.ErrorContains(t, err, "is not a host of the Interchange platform")
	for _, place := range []client.Environment{
		client.Production, client.ProductionLegacy, client.Staging,
		client.StagingLegacy,
	} {
		_, err := client.New(client.WithToken(opaque), client.WithEnvironment(place))
		require.NoError(t, err)
	}
}

// The Partner API's errors stand without an envelope, and meet the same sentinels.
func TestPartnerErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status   int
		body     string
		sentinel error
	}{
		{400, `{"code":"BadRequest","message":"m","details":{"field":"name"}}`, client.ErrBadRequest},
		{401, `{"code":"Unauthorized","message":"Invalid or missing API key","details":{}}`, client.ErrUnauthorized},
		{403, `{"message":"m"}`, client.ErrForbidden},
		{404, `{"code":"NotFound","message":"m","details":{}}`, client.ErrNotFound},
		{422, `{"code":"X","message":"m","details":{}}`, client.ErrUnprocessable},
		{429, ``, client.ErrRateLimited},
		{500, `{"code":"InternalError","message":"m","details":{}}`, client.ErrInternal},
		{200, `{"error":{"code":"NotFound","message":"m"}}`, client.ErrNotFound},
	} {
		c := partnerMemory(t, func(r *http.Request) (*http.Response, error) {
			return connAnswer(r, tt.status, tt.body), nil
		}, client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
		_, err := connDo(t.Context(), c, &partnerRead)
		require.ErrorIs(t, err, tt.sentinel)
		var failure *client.APIError
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, tt.status, failure.StatusCode)
		assert.Equal(t, "/api/v1/partner/things", failure.Route)
		if tt.status == http.StatusBadRequest {
			assert.JSONEq(t, `{"field":"name"}`, string(failure.Details))
		}
	}
}

// A refusal without Retry-After holds all callers until the quota's reset, in whichever unit that is told, by the
// server's clock.
func TestResetsInEitherUnitPace(t *testing.T) {
	for _, skew := range []time.Duration{0, time.Hour, -time.Hour} {
		for name, reset := range map[string]func(time.Time) string{
			"seconds":      func(time.Time) string { return "20" },
			"Unix time":    func(at time.Time) string { return strconv.FormatInt(at.Add(20*time.Second).Unix(), 10) },
			"milliseconds": func(at time.Time) string { return strconv.FormatInt(at.Add(20*time.Second).UnixMilli(), 10) },
		} {
			t.Run(name+" "+skew.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					began := time.Now()
					var sent []time.Duration
					c := partnerMemory(t, func(r *http.Request) (*http.Response, error) {
						sent = append(sent, time.Since(began))
						if len(sent) > 1 {
							return connAnswer(r, http.StatusOK, connOK), nil
						}
						server := time.Now().Add(skew)
						return connAnswer(r, http.StatusTooManyRequests, "", "Date", server.UTC().Format(http.TimeFormat),
							"X-RateLimit-Limit", "1000", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset(server)), nil
					})
					var answer client.Response
					_, err := connDo(t.Context(), c, &partnerWrite, client.WithResponse(&answer))
					require.NoError(t, err)
					assert.Equal(t, []time.Duration{0, 20 * time.Second}, sent)
				})
			})
		}
	}
}
