// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package agents

import (
	"github.com/interchange-sdk/interchange-go/client"
)

// The known values of AccountStatus.
const (
	// AccountActive is an account that can be used.
	AccountActive AccountStatus = "active"
	// AccountClosed is an account that has ended.
	AccountClosed AccountStatus = "closed"
	// AccountPaymentRequired waits for a payment.
	AccountPaymentRequired AccountStatus = "payment_required"
	// AccountPendingApproval waits for the seller.
	AccountPendingApproval AccountStatus = "pending_approval"
	// AccountSuspended is an account that is blocked.
	AccountSuspended AccountStatus = "suspended"
	// AccountUnreachable could not be asked for.
	AccountUnreachable AccountStatus = "unreachable"
)

// AccountStatus is the state of an account with a source. The set is open.
type AccountStatus string

// AvailableAccount is an account with a source that can be linked.
type AvailableAccount struct {
	// The id of the account with the source, which LinkAccount takes.
	AccountID client.ID `json:"accountId"`

	// The credential that reaches it.
	CredentialID client.ID `json:"credentialId,omitzero"`

	// The name of the account, for people; empty where the platform does not say.
	Name string `json:"name,omitzero"`

	// Whose it is, in the words of the source.
	Advertiser string `json:"advertiser,omitzero"`

	// Who is billed in its place.
	BillingProxy string `json:"billingProxy,omitzero"`

	// The house that it belongs to.
	House string `json:"house,omitzero"`

	// The way in which the account is billed, in the words of the source; empty where the platform does not say.
	Billing string `json:"billing,omitzero"`

	// The sources it is with.
	Sources []SourceRef `json:"sources"`

	// The state of the account, such as whether it is in use.
	Status AccountStatus `json:"status"`
}

// Credential is a credential of the buyer with sources of storefronts. It never holds the secret.
type Credential struct {
	// The id of the credential.
	ID client.ID `json:"id"`

	// What the source calls the account.
	AccountIdentifier string `json:"accountIdentifier"`

	// What kind of account it is. The set is not documented.
	AccountType string `json:"accountType"`

	// The state of it. The set is not documented.
	Status string `json:"status"`

	// Who registered it, as sent; empty where the platform does not say.
	RegisteredBy string `json:"registeredBy"`

	// The time of the registration.
	CreatedAt client.Timestamp `json:"createdAt"`

	// The time of the last change.
	UpdatedAt client.Timestamp `json:"updatedAt"`

	// The sources it works with.
	Sources []SourceRef `json:"sources"`
}

// CredentialParams says what the buyer authenticates to a source with.
type CredentialParams struct {
	// What the source calls the account; at most 255 characters.
	AccountIdentifier string `json:"accountIdentifier"`

	// The credential. Leave it out, or say NoAuth, where the source wants none, and say OAuth where a
	// person is to consent.
	Auth Auth `json:"-"`

	// Whether the account is the marketplace's; for administrators.
	MarketplaceAccount bool `json:"marketplaceAccount,omitzero"`
}

// LinkParams says which account to link to an advertiser.
type LinkParams struct {
	// The storefront: a number.
	StorefrontID client.ID `json:"storefrontId"`

	// The id of the inventory source, as its registration chose it.
	SourceID string `json:"sourceId"`

	// The account, as AvailableAccounts shows it.
	AccountID client.ID `json:"accountId"`

	// The credential that reaches it, where several do.
	CredentialID client.ID `json:"credentialId,omitzero"`

	// How it is to be billed, where that can be chosen.
	BillingType string `json:"billingType,omitzero"`
}

// LinkedAccount is an account with a source that is linked to an advertiser. Lists leave out who is behind it
// and how it is billed.
type LinkedAccount struct {
	// The id of the link; unlinking takes it.
	LinkID client.ID `json:"linkId"`

	// The id of the account with the source, which LinkAccount takes.
	AccountID client.ID `json:"accountId"`

	// The credential that reaches it.
	CredentialID client.ID `json:"credentialId,omitzero"`

	// The name of the account, for people; empty where the platform does not say.
	Name string `json:"name,omitzero"`

	// Whose it is, in the words of the source.
	Advertiser string `json:"advertiser,omitzero"`

	// Who is billed in its place.
	BillingProxy string `json:"billingProxy,omitzero"`

	// The house that it belongs to.
	House string `json:"house,omitzero"`

	// The way in which the account is billed, in the words of the source; empty where the platform does not say.
	Billing string `json:"billing,omitzero"`

	// The sources it is with.
	Sources []SourceRef `json:"sources"`

	// The advertiser it is linked to.
	AdvertiserID client.ID `json:"advertiserId"`

	// The state of the account, such as whether it is in use.
	Status AccountStatus `json:"status"`

	// The time at which the account was linked.
	CreatedAt client.Timestamp `json:"createdAt"`

	// The time of the last change of the link.
	UpdatedAt client.Timestamp `json:"updatedAt"`
}

// RegisteredCredential is the answer to the registration of a credential.
type RegisteredCredential struct {
	// The id of the credential.
	ID client.ID `json:"id"`

	// What the source calls the account.
	AccountIdentifier string `json:"accountIdentifier"`

	// The state of it. The set is not documented.
	Status string `json:"status"`

	// Who registered it, as sent; empty where the platform does not say.
	RegisteredBy string `json:"registeredBy"`

	// The time of the registration.
	CreatedAt client.Timestamp `json:"createdAt"`

	// Where a person has to consent; zero when nobody has to.
	OAuth SourceConsent `json:"oauth,omitzero"`
}

// SourceConsent describes the consent that a person must give before a credential can be used by OAuth.
type SourceConsent struct {
	// The page where the person signs in and consents.
	AuthorizationURL string `json:"authorizationUrl"`

	// The storefront it is about.
	StorefrontID client.ID `json:"storefrontId"`

	// The source it is about.
	SourceID string `json:"sourceId"`

	// The name of the source, for people.
	SourceName string `json:"sourceName"`
}

// SourceRef names a source of a storefront.
type SourceRef struct {
	// The id of the storefront.
	StorefrontID client.ID `json:"storefrontId"`

	// The name of the storefront, for people.
	StorefrontName string `json:"storefrontName"`

	// The id of the inventory source, as its registration chose it.
	SourceID string `json:"sourceId"`

	// The name of the source, for people.
	SourceName string `json:"sourceName"`
}

// Unlinked is the answer to an unlinking.
type Unlinked struct {
	// Whether the link has ended.
	Unlinked bool `json:"unlinked"`
}
