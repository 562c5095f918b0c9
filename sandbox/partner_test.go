package sandbox_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const partnerPath = "/api/v1/partner"

// partner calls the Partner API with a key.
func (u user) partner(method, path, body, key string) response {
	u.t.Helper()
	req := u.as("").request(method, partnerPath+path, body)
	if key != "" {
		req.Header.Set("X-Partner-API-Key", key)
	}
	return u.send(req)
}

// declined checks that the response is an error as the Partner API has it.
func (a response) declined(status int, code string) map[string]any {
	a.t.Helper()
	require.Equal(a.t, status, a.status, a.text)
	o := a.object()
	assert.Equal(a.t, code, o["code"])
	assert.NotEmpty(a.t, o["message"])
	details, ok := o["details"].(map[string]any)
	require.True(a.t, ok, a.text)
	assert.NotContains(a.t, o, "error")
	return details
}

func TestPartnerTurnsAwayAsDocumented(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	for _, key := range []string{"", "pk_live_unknown", srv.AdminToken()} {
		a := admin.partner(http.MethodGet, "/me", "", key)
		require.Equal(t, http.StatusUnauthorized, a.status)
		assert.JSONEq(t, `{"code":"Unauthorized","message":"Invalid or missing API key","details":{}}`, a.text)
	}
	// A key is for its own header and its own API.
	req := admin.as(srv.PartnerKey()).request(http.MethodGet, partnerPath+"/me", "")
	admin.send(req).declined(http.StatusUnauthorized, "Unauthorized")
	admin.as(srv.PartnerKey()).get(tokensPath).refused(http.StatusUnauthorized, "UNAUTHORIZED")

	root := srv.PartnerKey()
	admin.partner(http.MethodGet, "/nothing", "", root).declined(http.StatusNotFound, "NotFound")
	a := admin.partner(http.MethodPatch, "/me", "", root)
	a.declined(http.StatusMethodNotAllowed, "MethodNotAllowed")
	assert.Equal(t, "GET", a.header.Get("Allow"))
	admin.partner(http.MethodPost, "/api-keys", "{", root).declined(http.StatusBadRequest, "BadRequest")
	admin.partner(http.MethodPost, "/api-keys", "", root).declined(http.StatusBadRequest, "BadRequest")
	details := admin.partner(http.MethodPost, "/api-keys", `{"scopes":["reed"]}`, root).declined(http.StatusBadRequest,
		"BadRequest")
	assert.Len(t, details["issues"], 2)
	admin.partner(http.MethodGet, "/api-keys", "", srv.GrantPartnerKey(sandbox.PartnerRead)).declined(http.StatusForbidden,
		"Forbidden")
	assert.Zero(t, srv.Effects("POST /api/v1/partner/api-keys"))
}

func TestPartnerKeysLiveAndDie(t *testing.T) {
	t.Parallel()
	c := newClock()
	srv, admin := startSandbox(t, sandbox.WithClock(c.Now))
	root := srv.PartnerKey()
	body := `{"name":"n","scopes":["read"],"expiresAt":"` + c.Now().Add(time.Hour).Format(time.RFC3339) + `"}`
	a := admin.partner(http.MethodPost, "/api-keys", body, root)
	require.Equal(t, http.StatusCreated, a.status, a.text)
	plain := a.object()["plainKey"].(string)
	assert.True(t, strings.HasPrefix(plain, "pk_live_"))
	assert.True(t, srv.Authenticates(plain))
	c.advance(time.Hour)
	assert.False(t, srv.Authenticates(plain))
	admin.partner(http.MethodGet, "/me", "", plain).declined(http.StatusUnauthorized, "Unauthorized")
	status := func() any {
		return admin.partner(http.MethodGet, "/api-keys", "", root).object()["apiKeys"].([]any)[0].(map[string]any)["status"]
	}
	assert.Equal(t, "expired", status())
	id := srv.PartnerKeys()[0].ID
	require.Equal(t, http.StatusNoContent, admin.partner(http.MethodDelete, "/api-keys/"+id, "", root).status)
	assert.Equal(t, "revoked", status())
	admin.partner(http.MethodDelete, "/api-keys/"+id, "", root).declined(http.StatusNotFound, "NotFound")
	assert.Empty(t, srv.Violations())

	// What is remembered has no secret, and says whose request it was.
	for _, seen := range srv.Requests() {
		text := seen.Body + strings.Join(seen.Header.Values("X-Partner-API-Key"), "")
		assert.NotContains(t, text, plain[len("pk_live_"):])
		assert.NotContains(t, text, root[len("pk_live_"):])
		assert.Len(t, seen.ClientID, len("pk_live_")+4)
	}
}

func TestPartnerTellsItsLimitAsAUnixTime(t *testing.T) {
	t.Parallel()
	c := newClock()
	srv, admin := startSandbox(t, sandbox.WithClock(c.Now),
		sandbox.WithRateLimit(sandbox.RateLimit{Requests: 2, Window: time.Minute}))
	keys := []string{srv.PartnerKey(), srv.GrantPartnerKey(sandbox.PartnerRead)} // one budget for both
	for i, key := range append(keys, keys[0]) {
		a := admin.partner(http.MethodGet, "/me", "", key)
		assert.Equal(t, strconv.FormatInt(c.Now().Add(time.Minute).Unix(), 10), a.header.Get("X-RateLimit-Reset"))
		assert.Equal(t, "2", a.header.Get("X-RateLimit-Limit"))
		assert.Empty(t, a.header.Values("Retry-After"), "not promised")
		if i < 2 {
			assert.Equal(t, http.StatusOK, a.status)
			assert.Equal(t, strconv.Itoa(1-i), a.header.Get("X-RateLimit-Remaining"))
			continue
		}
		a.declined(http.StatusTooManyRequests, "TooManyRequests")
	}
	require.Equal(t, http.StatusOK, admin.get(tokensPath).status, "the platform's budget is another")
	c.advance(time.Minute)
	assert.Equal(t, http.StatusOK, admin.partner(http.MethodGet, "/me", "", keys[0]).status)
}

func TestPartnerFaultsHaveItsForm(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	srv.Inject(sandbox.Fault{Route: "GET /api/v1/partner/me", Status: http.StatusInternalServerError, Times: 1})
	admin.partner(http.MethodGet, "/me", "", srv.PartnerKey()).declined(http.StatusInternalServerError, "InternalError")
	assert.Empty(t, srv.Violations())
	srv.Inject(sandbox.Fault{Route: "GET /api/v1/partner/nothing"})
	srv.Effects("POST /api/v1/partner/me")
	assert.Len(t, srv.Violations(), 2)
}
