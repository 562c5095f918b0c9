package partner_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestOrganizationLifecycle(t *testing.T) {
	t.Parallel()
	srv, p := startSandbox(t)
	created, err := p.Organizations.Create(t.Context(), partner.CreateOrganizationParams{
		Name: "Acme", ExternalID: "crm-7", OwnerUserID: "user_1", InitialCredits: 600, Tier: partner.TierPaid,
		BillingPeriod: partner.BillingMonthly, BillingDayOfMonth: 28, ProductType: partner.ProductB2B,
		Metadata: map[string]any{"plan": "gold", "data": map[string]any{"seats": 3.0}},
	})
	require.NoError(t, err)
	assert.Equal(t, partner.OrganizationActive, created.Status)
	assert.Equal(t, "600", string(created.Credits))
	assert.Equal(t, map[string]any{"plan": "gold", "data": map[string]any{"seats": 3.0}}, created.Metadata)

	got, err := p.Organizations.Get(t.Context(), created.ID)
	require.NoError(t, err)
	assert.Equal(t, created, got)

	got, err = p.Organizations.Update(t.Context(), created.ID, partner.UpdateOrganizationParams{
		Name: "Acme Inc.", ExternalID: client.Null[string](), Metadata: client.Set(map[string]any{}),
	})
	require.NoError(t, err)
	assert.Equal(t, "Acme Inc.", got.Name)
	assert.Empty(t, got.ExternalID)
	assert.Empty(t, got.Metadata)

	got, err = p.Organizations.SetStatus(t.Context(), created.ID, partner.OrganizationSuspended)
	require.NoError(t, err)
	assert.Equal(t, partner.OrganizationSuspended, got.Status)
	_, err = p.Organizations.SetStatus(t.Context(), created.ID, "disabled")
	require.ErrorIs(t, err, client.ErrBadRequest, "the words are not documented, so every one is sent")
	got, err = p.Organizations.SetTier(t.Context(), created.ID, partner.TierTrial)
	require.NoError(t, err)
	assert.Equal(t, partner.TierTrial, got.Tier)

	require.NoError(t, p.Organizations.Delete(t.Context(), created.ID))
	_, err = p.Organizations.Get(t.Context(), created.ID)
	require.ErrorIs(t, err, client.ErrNotFound)
	require.ErrorIs(t, p.Organizations.Delete(t.Context(), created.ID), client.ErrNotFound)

	other, err := p.Organizations.Create(t.Context(), partner.CreateOrganizationParams{Name: "Globex"})
	require.NoError(t, err)
	assert.Equal(t, partner.TierTrial, other.Tier, "the default")
	srv.Inject(sandbox.Fault{
		Route: "DELETE /api/v1/partner/organizations/{organizationId}", Kind: sandbox.FaultResetAfter,
		Times: 1,
	})
	require.NoError(t, p.Organizations.Delete(t.Context(), other.ID), "a 404 after a lost answer is the proof")
}

func TestOrganizationsAreCheckedFirst(t *testing.T) {
	t.Parallel()
	srv, p := startSandbox(t)
	for _, bad := range []partner.CreateOrganizationParams{
		{},
		{Name: "x", InitialCredits: 501},
		{Name: "x", InitialCredits: 501, Tier: partner.TierTrial},
		{Name: "x", InitialCredits: -1},
		{Name: "x", Tier: "gold"},
		{Name: "x", BillingPeriod: "weekly"},
		{Name: "x", BillingDayOfMonth: 29},
		{Name: "x", ProductType: "B2X"},
	} {
		_, err := p.Organizations.Create(t.Context(), bad)
		require.ErrorIs(t, err, client.ErrInvalidParams, "%+v", bad)
	}
	_, err := p.Organizations.Update(t.Context(), "org_1", partner.UpdateOrganizationParams{})
	require.ErrorIs(t, err, client.ErrInvalidParams)
	_, err = p.Organizations.SetStatus(t.Context(), "org_1", "")
	require.ErrorIs(t, err, client.ErrInvalidParams)
	_, err = p.Organizations.SetTier(t.Context(), "org_1", "gold")
	require.ErrorIs(t, err, client.ErrInvalidParams)
	_, err = p.Organizations.Get(t.Context(), "../keys")
	require.ErrorIs(t, err, client.ErrInvalidParams)
	_, err = p.Organizations.List(partner.ListOrganizationsParams{Status: "gone"}).Page(t.Context())
	require.ErrorIs(t, err, client.ErrInvalidParams)
	for _, err := range p.Organizations.List(partner.ListOrganizationsParams{PageSize: -1}).All(t.Context()) {
		require.ErrorIs(t, err, client.ErrInvalidParams)
	}
	assert.Empty(t, srv.Requests())
}

func TestOrganizationLists(t *testing.T) {
	t.Parallel()
	srv, p := startSandbox(t)
	var ids []client.ID
	for i := range 45 {
		o, err := p.Organizations.Create(t.Context(), partner.CreateOrganizationParams{
			Name: fmt.Sprintf("Acme %d", i), ExternalID: fmt.Sprintf("crm-%d", i),
		})
		require.NoError(t, err)
		ids = append(ids, o.ID)
	}
	_, err := p.Organizations.SetStatus(t.Context(), ids[4], partner.OrganizationCanceled)
	require.NoError(t, err)
	walk := func(params partner.ListOrganizationsParams) (found []client.ID) {
		for o, err := range p.Organizations.List(params).All(t.Context()) {
			require.NoError(t, err)
			found = append(found, o.ID)
		}
		return found
	}
	srv.ResetRequests()
	assert.Equal(t, ids, walk(partner.ListOrganizationsParams{}))
	assert.Len(t, srv.Requests(), 3, "pages of the platform's size")
	assert.Equal(t, ids, walk(partner.ListOrganizationsParams{PageSize: 15}), "the last page is full")
	assert.Equal(t, ids, walk(partner.ListOrganizationsParams{PageSize: 100}))
	assert.Equal(t, []client.ID{ids[4]}, walk(partner.ListOrganizationsParams{Status: partner.OrganizationCanceled}))
	assert.Equal(t, []client.ID{ids[7]}, walk(partner.ListOrganizationsParams{ExternalID: "crm-7"}))
	assert.Equal(t, ids[40:], walk(partner.ListOrganizationsParams{Search: "ACME 4", PageSize: 2})[1:])
	assert.Equal(t, ids[40:], walk(partner.ListOrganizationsParams{Page: 3}))

	page, err := p.Organizations.List(partner.ListOrganizationsParams{PageSize: 30}).Page(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 45, page.Total)
	page, err = p.Organizations.List(partner.ListOrganizationsParams{PageSize: 30, PageToken: page.Next}).Page(t.Context())
	require.NoError(t, err)
	assert.Len(t, page.Items, 15)
	assert.Empty(t, page.Next)

	var resumed []client.ID
	var stored client.PageToken
	for run := range 2 { // the first is killed after a page
		for page, err := range p.Organizations.List(partner.ListOrganizationsParams{PageToken: stored}).Pages(t.Context()) {
			require.NoError(t, err)
			for _, o := range page.Items {
				resumed = append(resumed, o.ID)
			}
			if stored = page.Next; run == 0 {
				break
			}
		}
	}
	assert.Equal(t, ids, resumed)
	for _, err := range p.Organizations.List(partner.ListOrganizationsParams{PageSize: -1}).Pages(t.Context()) {
		require.ErrorIs(t, err, client.ErrInvalidParams)
	}
}

func TestCredits(t *testing.T) {
	t.Parallel()
	srv, p := startSandbox(t)
	org, err := p.Organizations.Create(t.Context(), partner.CreateOrganizationParams{Name: "Acme"})
	require.NoError(t, err)
	allocation, err := p.Organizations.AllocateCredits(t.Context(), org.ID,
		partner.CreditParams{Credits: 9000, Notes: "first"})
	require.NoError(t, err)
	assert.EqualValues(t, 9000, allocation.CreditsAvailable)
	assert.Equal(t, org.ID, allocation.OrganizationID)
	me, err := p.Me(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 1000, me.CreditPoolAvailable)

	_, err = p.Organizations.AllocateCredits(t.Context(), org.ID, partner.CreditParams{Credits: 10_001})
	require.ErrorIs(t, err, client.ErrUnprocessable, "the pool is short")
	_, err = p.Organizations.Create(t.Context(),
		partner.CreateOrganizationParams{Name: "x", Tier: partner.TierPaid, InitialCredits: 1001})
	require.ErrorIs(t, err, client.ErrUnprocessable)
	_, err = p.Organizations.AllocateCredits(t.Context(), org.ID, partner.CreditParams{Credits: -1})
	require.ErrorIs(t, err, client.ErrBadRequest, "for the platform to judge: where credits are added it takes some back")

	allocation, err = p.Organizations.AllocateCredits(t.Context(), org.ID, partner.CreditParams{})
	require.NoError(t, err, "zero is sent")
	assert.Zero(t, allocation.CreditsAllocated)

	// Whether it sets or adds is not known, so it is not repeated.
	const route = "PUT /api/v1/partner/organizations/{organizationId}/credits"
	before := srv.Effects(route)
	srv.Inject(sandbox.Fault{Route: route, Kind: sandbox.FaultResetAfter, Times: 1})
	_, err = p.Organizations.AllocateCredits(t.Context(), org.ID, partner.CreditParams{Credits: 5})
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Equal(t, before+1, srv.Effects(route))
}
