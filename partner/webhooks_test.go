package partner_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/partner"
)

func TestBilling(t *testing.T) {
	t.Parallel()
	_, p := startSandbox(t)
	b, err := p.Billing.Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, partner.BillingMonthly, b.BillingPeriod)
	assert.Equal(t, 1, b.BillingDayOfMonth)
	assert.True(t, b.NextBillingDate.After(b.BillingPeriodStart))
	assert.Empty(t, b.StripeCustomerID)
	assert.Equal(t, []partner.PricingTier{
		{Tier: "first", PricePerIdentification: 0.05, MaxUsage: 1000},
		{Tier: "rest", PricePerIdentification: 0.04, MinUsage: 1001},
	}, b.PricingTiers)

	usage, err := p.Billing.Usage(t.Context())
	require.NoError(t, err)
	assert.JSONEq(t, `{"usage":0}`, string(usage))
	cost, err := p.Billing.Calculate(t.Context(), 1500)
	require.NoError(t, err)
	assert.JSONEq(t, `{"usage":1500,"total":70}`, string(cost))
	for _, n := range []int{0, -1} {
		_, err = p.Billing.Calculate(t.Context(), n)
		require.ErrorIs(t, err, client.ErrInvalidParams)
	}
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	srv, p := startSandbox(t)
	secret := key(t, "whsec_canary")
	require.ErrorIs(t, p.Webhooks.Test(t.Context(), partner.WebhookBilling), client.ErrBadRequest, "there is none")
	got, err := p.Webhooks.Update(t.Context(), partner.WebhookBilling, partner.WebhookParams{
		URL: "https://acme.example/billing", Secret: secret, Enabled: client.Set(true),
	})
	require.NoError(t, err)
	assert.Equal(t, partner.Webhook{URL: "https://acme.example/billing", Enabled: true, HasSecret: true}, *got)
	got, err = p.Webhooks.Update(t.Context(), partner.WebhookBilling, partner.WebhookParams{Enabled: client.Set(false)})
	require.NoError(t, err)
	assert.Equal(t, partner.Webhook{URL: "https://acme.example/billing", HasSecret: true}, *got, "the rest stays")
	_, err = p.Webhooks.Update(t.Context(), partner.WebhookIdentification,
		partner.WebhookParams{URL: "https://acme.example/id"})
	require.NoError(t, err)
	both, err := p.Webhooks.Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, partner.Webhooks{Billing: *got, Identification: partner.Webhook{URL: "https://acme.example/id"}},
		*both)
	for _, seen := range srv.Requests() {
		assert.NotContains(t, seen.Body, "whsec_canary")
	}

	for range 25 {
		require.NoError(t, p.Webhooks.Test(t.Context(), partner.WebhookIdentification))
	}
	require.NoError(t, p.Webhooks.Test(t.Context(), partner.WebhookBilling))
	count := func(params partner.ListLogsParams) (n int) {
		for entry, err := range p.Webhooks.ListLogs(params).All(t.Context()) {
			require.NoError(t, err)
			assert.Contains(t, string(entry), `"type"`)
			n++
		}
		return n
	}
	assert.Equal(t, 26, count(partner.ListLogsParams{}))
	assert.Equal(t, 1, count(partner.ListLogsParams{Type: partner.WebhookBilling}))
	assert.Equal(t, 26, count(partner.ListLogsParams{Status: "success", PageSize: 5}))
	assert.Zero(t, count(partner.ListLogsParams{Status: "failed"}))
	assert.Zero(t, count(partner.ListLogsParams{OrganizationID: "org_1"}))
	page, err := p.Webhooks.ListLogs(partner.ListLogsParams{}).Page(t.Context())
	require.NoError(t, err)
	assert.Len(t, page.Items, 20)
	assert.EqualValues(t, 26, page.Total)

	var sizes []int
	for page, err := range p.Webhooks.ListLogs(partner.ListLogsParams{PageToken: page.Next}).Pages(t.Context()) {
		require.NoError(t, err)
		sizes = append(sizes, len(page.Items))
	}
	assert.Equal(t, []int{6}, sizes, "what is behind the first page")

	before := len(srv.Requests())
	require.ErrorIs(t, p.Webhooks.Test(t.Context(), ""), client.ErrInvalidParams)
	_, err = p.Webhooks.Update(t.Context(), "other", partner.WebhookParams{URL: "https://acme.example"})
	require.ErrorIs(t, err, client.ErrInvalidParams)
	_, err = p.Webhooks.Update(t.Context(), partner.WebhookBilling, partner.WebhookParams{})
	require.ErrorIs(t, err, client.ErrInvalidParams)
	_, err = p.Webhooks.ListLogs(partner.ListLogsParams{Type: "other"}).Page(t.Context())
	require.ErrorIs(t, err, client.ErrInvalidParams)
	for _, err := range p.Webhooks.ListLogs(partner.ListLogsParams{Page: -1}).All(t.Context()) {
		require.ErrorIs(t, err, client.ErrInvalidParams)
	}
	for _, err := range p.Webhooks.ListLogs(partner.ListLogsParams{Page: -1}).Pages(t.Context()) {
		require.ErrorIs(t, err, client.ErrInvalidParams)
	}
	assert.Len(t, srv.Requests(), before)
}

// The answer to a change is read under the webhook's name, or bare.
func TestAWebhookIsReadEitherWay(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"billing":{"url":"u","enabled":true,"hasSecret":true}}`,
		`{"url":"u","enabled":true,"hasSecret":true}`,
	} {
		got, err := mocked(t, http.StatusOK, body).Webhooks.Update(t.Context(), partner.WebhookBilling,
			partner.WebhookParams{URL: "u"})
		require.NoError(t, err)
		assert.Equal(t, partner.Webhook{URL: "u", Enabled: true, HasSecret: true}, *got)
	}
}
