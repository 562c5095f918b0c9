package partner

import (
	"context"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
)

// SetSleep replaces the waits between two questions.
func (s *KeyService) SetSleep(f func(context.Context, time.Duration) error) { s.sleep = f }

// Operations are the rows of all tables of this package.
func Operations() []client.Operation {
	return []client.Operation{
		opGetPartner, opUpdateBranding, opGetScriptConfig, opSetDomain, opGetDomainVerification, opVerifyDomain,
		opListApiKeys, opCreateApiKey, opRevokeApiKey,
		opListOrganizations, opCreateOrganization, opGetOrganization, opUpdateOrganization, opDeleteOrganization,
		opSetOrganizationStatus, opSetOrganizationTier, opAllocateCredits,
		opGetBilling, opGetUsage, opCalculateBilling,
		opGetWebhooks, opUpdateIdentificationWebhook, opUpdateBillingWebhook, opTestWebhook, opListWebhookLogs,
	}
}
