package partner

import "github.com/interchange-sdk/interchange-go/client"

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
