package partner_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// methods has one call for each operation of the package, with what it takes.
func methods(org, key client.ID) map[string]struct {
	scope string
	call  func(context.Context, *partner.Service) error
} {
	type method = struct {
		scope string
		call  func(context.Context, *partner.Service) error
	}
	return map[string]method{
		"getPartner": {
			sandbox.PartnerRead,
			func(ctx context.Context, p *partner.Service) error { _, err := p.Me(ctx); return err },
		},
		"updateBranding": {sandbox.PartnerWrite, func(ctx context.Context, p *partner.Service) error {
			_, err := p.UpdateBranding(ctx, partner.BrandingParams{CompanyName: "Acme"})
			return err
		}},
		"getScriptConfig": {
			sandbox.PartnerRead,
			func(ctx context.Context, p *partner.Service) error { _, err := p.ScriptConfig(ctx); return err },
		},
		"setDomain": {sandbox.PartnerWrite, func(ctx context.Context, p *partner.Service) error {
			_, err := p.Domain.Set(ctx, "t.acme.example")
			return err
		}},
		"getDomainVerification": {
			sandbox.PartnerRead,
			func(ctx context.Context, p *partner.Service) error { _, err := p.Domain.Verification(ctx); return err },
		},
		"verifyDomain": {
			sandbox.PartnerWrite,
			func(ctx context.Context, p *partner.Service) error { _, err := p.Domain.Verify(ctx); return err },
		},

		"listApiKeys": {sandbox.PartnerAdmin, func(ctx context.Context, p *partner.Service) error {
			_, err := client.Collect(p.Keys.List().All(ctx))
			return err
		}},
		"createApiKey": {
			sandbox.PartnerAdmin,
			func(ctx context.Context, p *partner.Service) error { _, err := p.Keys.Create(ctx, readKey); return err },
		},
		"revokeApiKey": {
			sandbox.PartnerAdmin,
			func(ctx context.Context, p *partner.Service) error { return p.Keys.Revoke(ctx, key) },
		},

		"listOrganizations": {sandbox.PartnerRead, func(ctx context.Context, p *partner.Service) error {
			_, err := p.Organizations.List(partner.ListOrganizationsParams{}).Page(ctx)
			return err
		}},
		"createOrganization": {sandbox.PartnerWrite, func(ctx context.Context, p *partner.Service) error {
			_, err := p.Organizations.Create(ctx, partner.CreateOrganizationParams{Name: "Acme"})
			return err
		}},
		"getOrganization": {sandbox.PartnerRead, func(ctx context.Context, p *partner.Service) error {
			_, err := p.Organizations.Get(ctx, org)
			return err
		}},
		"updateOrganization": {sandbox.PartnerWrite, func(ctx context.Context, p *partner.Service) error {
			_, err := p.Organizations.Update(ctx, org, partner.UpdateOrganizationParams{Name: "Acme 2"})
			return err
		}},
		"setOrganizationStatus": {sandbox.PartnerWrite, func(ctx context.Context, p *partner.Service) error {
			_, err := p.Organizations.SetStatus(ctx, org, partner.OrganizationSuspended)
			return err
		}},
		"setOrganizationTier": {sandbox.PartnerWrite, func(ctx context.Context, p *partner.Service) error {
			_, err := p.Organizations.SetTier(ctx, org, partner.TierPaid)
			return err
		}},
		"allocateCredits": {sandbox.PartnerWrite, func(ctx context.Context, p *partner.Service) error {
			_, err := p.Organizations.AllocateCredits(ctx, org, partner.CreditParams{Credits: 1})
			return err
		}},
		"deleteOrganization": {
			sandbox.PartnerWrite,
			func(ctx context.Context, p *partner.Service) error { return p.Organizations.Delete(ctx, org) },
		},

		"getBilling": {
			sandbox.PartnerAdmin,
			func(ctx context.Context, p *partner.Service) error { _, err := p.Billing.Get(ctx); return err },
		},
		"getUsage": {
			sandbox.PartnerAdmin,
			func(ctx context.Context, p *partner.Service) error { _, err := p.Billing.Usage(ctx); return err },
		},
		"calculateBilling": {
			sandbox.PartnerAdmin,
			func(ctx context.Context, p *partner.Service) error { _, err := p.Billing.Calculate(ctx, 1); return err },
		},

		"getWebhooks": {
			sandbox.PartnerRead,
			func(ctx context.Context, p *partner.Service) error { _, err := p.Webhooks.Get(ctx); return err },
		},
		"updateIdentificationWebhook": {sandbox.PartnerWrite, func(ctx context.Context, p *partner.Service) error {
			_, err := p.Webhooks.Update(ctx, partner.WebhookIdentification,
				partner.WebhookParams{URL: "https://acme.example/hook"})
			return err
		}},
		"updateBillingWebhook": {sandbox.PartnerWrite, func(ctx context.Context, p *partner.Service) error {
			_, err := p.Webhooks.Update(ctx, partner.WebhookBilling, partner.WebhookParams{URL: "https://acme.example/hook"})
			return err
		}},
		"testWebhook": {sandbox.PartnerWrite, func(ctx context.Context, p *partner.Service) error {
			return p.Webhooks.Test(ctx, partner.WebhookIdentification)
		}},
		"listWebhookLogs": {sandbox.PartnerRead, func(ctx context.Context, p *partner.Service) error {
			_, err := p.Webhooks.ListLogs(partner.ListLogsParams{}).Page(ctx)
			return err
		}},
	}
}

// A key of each scope is let in where its scope reaches, and refused with ErrForbidden, without an effect, everywhere
// else.
func TestScopesAreEnforced(t *testing.T) {
	t.Parallel()
	ranks := map[string]int{sandbox.PartnerRead: 1, sandbox.PartnerWrite: 2, sandbox.PartnerAdmin: 3}
	for _, has := range []string{sandbox.PartnerRead, sandbox.PartnerWrite, sandbox.PartnerAdmin, ""} {
		t.Run("scope "+has, func(t *testing.T) {
			t.Parallel()
			srv, root := startSandbox(t)
			for _, op := range partner.Operations() { // on things of its own, so that no order matters
				org, err := root.Organizations.Create(t.Context(), partner.CreateOrganizationParams{Name: "Acme"})
				require.NoError(t, err)
				key, err := root.Keys.Create(t.Context(), readKey)
				require.NoError(t, err)
				_, err = root.Domain.Set(t.Context(), "t.acme.example")
				require.NoError(t, err)
				_, err = root.Webhooks.Update(t.Context(), partner.WebhookIdentification,
					partner.WebhookParams{URL: "https://acme.example"})
				require.NoError(t, err)

				method, ok := methods(org.ID, key.ID)[op.ID]
				require.True(t, ok, "no method for %s", op.ID)
				var scopes []string
				if has != "" {
					scopes = []string{has}
				}
				route := op.Method + " " + string(op.Mount) + op.Path
				before := srv.Effects(route)
				err = method.call(t.Context(), partner.New(srv.ConnectPartner(srv.GrantPartnerKey(scopes...))))
				if has == "" || ranks[has] >= ranks[method.scope] {
					require.NoError(t, err, "%s with %q", op.ID, has)
					assert.Equal(t, before+1, srv.Effects(route), op.ID)
					continue
				}
				require.ErrorIs(t, err, client.ErrForbidden, "%s with %q", op.ID, has)
				assert.ErrorContains(t, err, "it needs "+method.scope+" access")
				assert.Equal(t, before, srv.Effects(route), op.ID)
			}
		})
	}
}

// After a lost answer everything is repeated but what may act twice.
func TestOnlySomeCallsAreNotRepeated(t *testing.T) {
	t.Parallel()
	srv, p := startSandbox(t)
	_, err := p.Domain.Set(t.Context(), "t.acme.example")
	require.NoError(t, err)
	_, err = p.Webhooks.Update(t.Context(), partner.WebhookIdentification,
		partner.WebhookParams{URL: "https://acme.example"})
	require.NoError(t, err)
	once := []string{"createApiKey", "createOrganization", "allocateCredits", "testWebhook"}
	for _, op := range partner.Operations() {
		org, err := p.Organizations.Create(t.Context(), partner.CreateOrganizationParams{Name: "Acme"})
		require.NoError(t, err)
		key, err := p.Keys.Create(t.Context(), readKey)
		require.NoError(t, err)
		route := op.Method + " " + string(op.Mount) + op.Path
		before := srv.Effects(route)
		srv.Inject(sandbox.Fault{Route: route, Kind: sandbox.FaultResetAfter, Times: 1})
		err = methods(org.ID, key.ID)[op.ID].call(t.Context(), p)
		if slices.Contains(once, op.ID) {
			require.ErrorIs(t, err, client.ErrOutcomeUnknown, op.ID)
			assert.Equal(t, before+1, srv.Effects(route), op.ID)
			continue
		}
		require.NoError(t, err, op.ID)
	}
}

// What the package takes for a write is one for which a read key does not do.
func TestEveryWriteTakesMoreThanRead(t *testing.T) {
	t.Parallel()
	all := methods("org", "key")
	require.Len(t, partner.Operations(), len(all))
	for _, op := range partner.Operations() {
		if op.Effect != client.EffectRead {
			assert.NotEqual(t, sandbox.PartnerRead, all[op.ID].scope, op.ID)
		}
	}
}
