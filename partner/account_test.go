package partner_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/partner"
)

func TestMe(t *testing.T) {
	t.Parallel()
	_, p := startSandbox(t)
	me, err := p.Me(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, me.ID)
	assert.Equal(t, "Sandbox Inc.", me.CompanyName)
	assert.Equal(t, "pooled", me.BillingMode)
	assert.EqualValues(t, 10_000, me.CreditPoolAvailable)
	assert.Zero(t, me.MaxOrganizations, "null")
	assert.True(t, me.IsOwner)
	assert.False(t, me.CreatedAt.IsZero())
}

func TestUpdateBranding(t *testing.T) {
	t.Parallel()
	srv, p := startSandbox(t)
	got, err := p.UpdateBranding(t.Context(), partner.BrandingParams{
		CompanyName: "Acme", PrimaryColor: "#A0b1c2", LogoURL: client.Set("https://acme.example/logo.svg"),
	})
	require.NoError(t, err)
	assert.Equal(t, "#A0b1c2", got.PrimaryColor)
	assert.Equal(t, "https://acme.example/logo.svg", got.LogoURL)
	_, err = p.UpdateBranding(t.Context(), partner.BrandingParams{LogoURL: client.Null[string]()})
	require.NoError(t, err)
	me, err := p.Me(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "Acme", me.CompanyName)
	assert.Empty(t, me.LogoURL)

	before := len(srv.Requests())
	for _, bad := range []partner.BrandingParams{
		{},
		{PrimaryColor: "red"},
		{PrimaryColor: "a0b1c2d"},
		{SecondaryColor: "#12345g"},
		{SecondaryColor: "#1234"},
		{SecondaryColor: "##12345"},
		{CompanyName: strings.Repeat("a", 256)},
	} {
		_, err := p.UpdateBranding(t.Context(), bad)
		require.ErrorIs(t, err, client.ErrInvalidParams, "%+v", bad)
	}
	assert.Len(t, srv.Requests(), before)
}

func TestScriptConfig(t *testing.T) {
	t.Parallel()
	_, p := startSandbox(t)
	var whole client.Response
	config, err := p.ScriptConfig(t.Context(), client.WithResponse(&whole))
	require.NoError(t, err)
	assert.Equal(t, partner.ScriptConfig{CompanyName: "Sandbox Inc.", Slug: "sandbox"}, *config)
	assert.Contains(t, string(whole.RawBody()), `"slug"`)
}

func TestDomain(t *testing.T) {
	t.Parallel()
	srv, p := startSandbox(t)
	_, err := p.Domain.Verification(t.Context())
	require.ErrorIs(t, err, client.ErrNotFound)
	_, err = p.Domain.Set(t.Context(), "")
	require.ErrorIs(t, err, client.ErrInvalidParams)

	set, err := p.Domain.Set(t.Context(), "t.acme.example")
	require.NoError(t, err)
	assert.Equal(t, "t.acme.example", set.Domain)
	assert.NotEmpty(t, set.CNAMETarget)
	require.Len(t, set.DNSRecords, 2)
	assert.Equal(t, partner.DNSRecord{Type: "CNAME", Name: "t.acme.example", Value: set.CNAMETarget}, set.DNSRecords[0])

	checked, err := p.Domain.Verify(t.Context())
	require.NoError(t, err)
	assert.False(t, checked.Verified, "the records are not set")
	srv.PublishPartnerDNS()
	checked, err = p.Domain.Verify(t.Context())
	require.NoError(t, err)
	assert.True(t, checked.Verified)
	got, err := p.Domain.Verification(t.Context())
	require.NoError(t, err)
	assert.Equal(t, checked, got)
}

// mocked is a Service whose every answer is the given one.
func mocked(t *testing.T, status int, body string) *partner.Service {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewStringResponder(status, body))
	c, err := client.New(client.WithProfile(client.ProfilePartner), client.WithToken(key(t, "pk_live_mocked")),
		client.WithTransport(mock), client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	require.NoError(t, err)
	return partner.New(c)
}

// Where the documents do not say whether an answer stands under a name, both are read.
func TestAnswersWithAndWithoutTheirName(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"organization":{"id":7,"name":"Acme"}}`, `{"id":"7","name":"Acme"}`,
		`{"data":{"organization":{"id":"7","name":"Acme"}},"error":null}`,
	} {
		o, err := mocked(t, http.StatusOK, body).Organizations.Get(t.Context(), "7")
		require.NoError(t, err)
		assert.Equal(t, partner.Organization{ID: "7", Name: "Acme"}, *o)
	}
	for _, body := range []string{`{"billing":{"billingMode":"pooled"}}`, `{"billingMode":"pooled"}`} {
		b, err := mocked(t, http.StatusOK, body).Billing.Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "pooled", b.BillingMode)
	}
	for _, body := range []string{
		`{"domain":"t.example.com","verified":true}`,
		`{"domain":{"domain":"t.example.com","verified":true}}`,
	} {
		d, err := mocked(t, http.StatusOK, body).Domain.Verification(t.Context())
		require.NoError(t, err)
		assert.Equal(t, partner.Domain{Domain: "t.example.com", Verified: true}, *d)
	}
}

// What cannot be the answer is not taken for one.
func TestAnswersWithoutAnID(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `{"partner":{}}`, `{"organization":{"name":"x"}}`, `{"success":true}`, `[]`, ``,
		`<html>`,
	} {
		p := mocked(t, http.StatusOK, body)
		var unread *client.DecodeError
		_, err := p.Me(t.Context())
		require.ErrorAs(t, err, &unread, body)
		_, err = p.Organizations.Get(t.Context(), "7")
		require.ErrorAs(t, err, &unread, body)
		_, err = p.Keys.Create(t.Context(), partner.CreateKeyParams{Name: "x", Scopes: partner.Scopes{partner.ScopeRead}})
		if !client.MayHaveApplied(err) {
			t.Fatalf("%s: %v", body, err)
		}
	}
}

func TestAPlatformClientIsRefused(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	token, err := client.ParseOpaqueToken("a-token")
	require.NoError(t, err)
	c, err := client.New(client.WithToken(token), client.WithTransport(mock))
	require.NoError(t, err)
	_, err = partner.New(c).Me(t.Context())
	require.ErrorIs(t, err, client.ErrInvalidParams)
	require.ErrorContains(t, err, "client.New(client.WithProfile(client.ProfilePartner))")
	assert.Zero(t, mock.GetTotalCallCount())
}

// What has no method, because the documents show no path, is reached like the rest.
func TestOperationsOfOnesOwn(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, "https://api.app.bullseye.so/api/v1/partner/organizations/org_1/visitors",
		func(r *http.Request) (*http.Response, error) {
			assert.Equal(t, "pk_live_mocked", r.Header.Get("X-Partner-API-Key"))
			return httpmock.NewStringResponse(http.StatusOK, `{"visitors":[{"id":"1"}],"total":1,"page":1,"pageSize":20}`), nil
		})
	c, err := client.New(client.WithProfile(client.ProfilePartner), client.WithToken(key(t, "pk_live_mocked")),
		client.WithTransport(mock))
	require.NoError(t, err)
	op := client.Operation{
		Mount: client.MountPartner, Path: "/organizations/{id}/visitors", Paging: client.PagingPages,
		Items: "visitors",
	}
	found := 0
	for visitor, err := range client.NewList[map[string]any](c, &op, client.Request{Path: []string{"org_1"}},
		"").All(t.Context()) {
		require.NoError(t, err)
		assert.Equal(t, "1", visitor["id"])
		found++
	}
	assert.Equal(t, 1, found)
}
