package partner_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

const (
	createRoute = "POST /api/v1/partner/api-keys"
	revokeRoute = "DELETE /api/v1/partner/api-keys/{id}"
	listRoute   = "GET /api/v1/partner/api-keys"
)

var readKey = partner.CreateKeyParams{Name: "Nightly report", Scopes: partner.Scopes{partner.ScopeRead}}

func TestKeyLifecycle(t *testing.T) {
	t.Parallel()
	srv, p := startSandbox(t)
	params := readKey
	params.ExpiresAt = time.Now().Add(time.Hour).In(time.FixedZone("elsewhere", 3600)).Truncate(time.Second)
	var answer client.Response
	created, err := p.Keys.Create(t.Context(), params, client.WithResponse(&answer))
	require.NoError(t, err)
	assert.Equal(t, params.Name, created.Name)
	assert.Equal(t, params.Scopes, created.Scopes)
	assert.True(t, params.ExpiresAt.Equal(created.ExpiresAt))
	plain := created.PlainKey.Reveal()
	assert.Contains(t, string(answer.RawBody()), plain)
	assert.NotEmpty(t, created.KeyPrefix)
	assert.Equal(t, created.KeyPrefix, plain[:len(created.KeyPrefix)])
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v %s", created, *created, created, created.PlainKey), plain)
	assert.Regexp(t, `"expiresAt":"[^"+]*Z"`, srv.Requests()[0].Body)

	me, err := partner.New(srv.ConnectPartner(plain)).Me(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, me.ID)

	keys, err := client.Collect(p.Keys.List().All(t.Context()))
	require.NoError(t, err)
	require.Len(t, keys, 1)
	assert.False(t, keys[0].LastUsedAt.IsZero())
	keys[0].LastUsedAt = time.Time{}
	assert.Equal(t, created.Key, keys[0])

	require.NoError(t, p.Keys.Revoke(t.Context(), created.ID))
	assert.False(t, srv.Authenticates(plain))
	_, err = partner.New(srv.ConnectPartner(plain)).Me(t.Context())
	require.ErrorIs(t, err, client.ErrUnauthorized)
	require.ErrorIs(t, p.Keys.Revoke(t.Context(), created.ID), client.ErrNotFound)
	assert.Equal(t, 1, srv.Effects(revokeRoute))
}

// No scopes are full access, so that they cannot be left out by oversight.
func TestFullAccessMustBeSaid(t *testing.T) {
	t.Parallel()
	srv, p := startSandbox(t)
	for name, bad := range map[string]partner.CreateKeyParams{
		"no scopes":     {Name: "x"},
		"empty scopes":  {Name: "x", Scopes: partner.Scopes{}},
		"both":          {Name: "x", Scopes: readKey.Scopes, FullAccess: true},
		"unknown scope": {Name: "x", Scopes: partner.Scopes{"reed"}},
		"empty scope":   {Name: "x", Scopes: partner.Scopes{""}},
		"no name":       {Scopes: readKey.Scopes},
	} {
		_, err := p.Keys.Create(t.Context(), bad)
		require.ErrorIs(t, err, client.ErrInvalidParams, name)
	}
	assert.Empty(t, srv.Requests())

	created, err := p.Keys.Create(t.Context(), partner.CreateKeyParams{Name: "x", FullAccess: true})
	require.NoError(t, err)
	assert.True(t, created.Scopes.FullAccess())
	assert.NotContains(t, srv.Requests()[0].Body, "ullAccess", "it is not a member of the wire")
	_, err = client.Collect(partner.New(srv.ConnectPartner(created.PlainKey.Reveal())).Keys.List().All(t.Context()))
	require.NoError(t, err)
}

func TestScopes(t *testing.T) {
	t.Parallel()
	all := []partner.Scope{partner.ScopeRead, partner.ScopeWrite, partner.ScopeAdmin}
	for _, tt := range []struct {
		has  partner.Scopes
		want [3]bool
	}{
		{nil, [3]bool{true, true, true}},
		{partner.Scopes{}, [3]bool{true, true, true}},
		{partner.Scopes{partner.ScopeRead}, [3]bool{true, false, false}},
		{partner.Scopes{partner.ScopeWrite}, [3]bool{true, true, false}},
		{partner.Scopes{partner.ScopeAdmin}, [3]bool{true, true, true}},
		{partner.Scopes{partner.ScopeRead, partner.ScopeWrite}, [3]bool{true, true, false}},
		{partner.Scopes{"export"}, [3]bool{}},
	} {
		for i, scope := range all {
			assert.Equal(t, tt.want[i], tt.has.Allow(scope), "%v, %s", tt.has, scope)
		}
		assert.Equal(t, len(tt.has) == 0, tt.has.FullAccess())
	}
	assert.True(t, partner.Scopes{"export"}.Allow("export"))
	assert.True(t, partner.Scopes{partner.ScopeAdmin}.Allow("export"))
	assert.False(t, partner.Scopes{partner.ScopeWrite}.Allow("export"))
}

func TestKeysThatDoNotWork(t *testing.T) {
	t.Parallel()
	now := time.Now()
	srv, p := startSandbox(t, sandbox.WithClock(func() time.Time { return now }))
	params := readKey
	params.ExpiresAt = now.Add(-time.Hour)
	expired, err := p.Keys.Create(t.Context(), params)
	require.NoError(t, err)
	for _, plain := range []string{expired.PlainKey.Reveal(), "pk_live_unknown", srv.AdminToken()[len("scope3_"):]} {
		_, err := partner.New(srv.ConnectPartner(plain)).Me(t.Context())
		require.ErrorIs(t, err, client.ErrUnauthorized)
		var refusal *client.APIError
		require.ErrorAs(t, err, &refusal)
		assert.Equal(t, "Unauthorized", refusal.Code)
		assert.Equal(t, "Invalid or missing API key", refusal.Message)
		assert.Equal(t, "{}", string(refusal.Details))
	}
	_, err = partner.New(srv.ConnectPartner("unused", client.WithToken(client.Anonymous()))).Me(t.Context())
	require.ErrorIs(t, err, client.ErrUnauthorized)
}

func TestLostKeysAreReportedNotRepeated(t *testing.T) {
	t.Parallel()
	srv, p := startSandbox(t)
	srv.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter, Times: 1})
	_, err := p.Keys.Create(t.Context(), readKey)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Equal(t, 1, srv.Effects(createRoute))

	id := client.ID(active(srv)[0])
	srv.Inject(sandbox.Fault{Route: revokeRoute, Kind: sandbox.FaultResetAfter, Times: 1})
	require.NoError(t, p.Keys.Revoke(t.Context(), id), "a 404 after a lost answer is the proof")
}

func TestCreatedKeyThatCannotBeUsedIsNamed(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"apiKey":{"id":"key_7"}}`,
		`{"plainKey":null,"apiKey":{"id":"key_7"}}`,
		`{"apiKey":{"id":"key_7"},"plainKey":""}`,
		`{"apiKey":{"id":"key_7"},"plainKey":"hidden key"}`,
		`{"apiKey":{"id":"key_7"},"plainKey":"hidden\nkey"}`,
		`{"plainKey":{"key":"hidden"},"apiKey":{"id":"key_7"}}`,
		`{"plainKey":["hidden"],"apiKey":{"id":"key_7"}}`,
	} {
		_, err := mocked(t, http.StatusCreated, body).Keys.Create(t.Context(), readKey)
		var unread *client.DecodeError
		require.ErrorAs(t, err, &unread, body)
		assert.Equal(t, client.ID("key_7"), unread.ResourceID, body)
		assert.True(t, client.MayHaveApplied(err))
		require.ErrorIs(t, err, client.ErrInvalidToken)
		require.ErrorContains(t, err, "plainKey: ")
		require.ErrorContains(t, err, "(id key_7)")
		assert.NotContains(t, err.Error(), "hidden")
	}
	_, err := client.Collect(mocked(t, http.StatusOK,
		`{"apiKeys":[{"id":"key_1"}],"total":2}`).Keys.List().All(t.Context()))
	require.ErrorIs(t, err, client.ErrPaging, "half a list of keys is none")
	_, err = client.Collect(mocked(t, http.StatusOK, `{"apiKeys":[{"name":"x"}]}`).Keys.List().All(t.Context()))
	require.ErrorContains(t, err, "item 0: it shows no id")
}

// A key without an id is returned too: its secret is shown once.
func TestMissingIDDoesNotLoseTheKey(t *testing.T) {
	t.Parallel()
	for fields, unread := range map[string]string{
		``: "apiKey.id", `"apiKey":null,`: "apiKey.id", `"apiKey":{},`: "apiKey.id", `"apiKey":{"id":{}},`: "apiKey.id",
		`"apiKey":"7",`: "apiKey", `"apiKey":["7"],`: "apiKey",
	} {
		body := `{` + fields + `"plainKey":"abcdefghijklmnop"}`
		created, err := mocked(t, http.StatusCreated, body).Keys.Create(t.Context(), readKey)
		require.NoError(t, err, fields)
		assert.Equal(t, "abcdefghijklmnop", created.PlainKey.Reveal())
		assert.Equal(t, []string{unread}, created.Unread, fields)
	}
}
