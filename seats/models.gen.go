// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package seats

import (
	"time"

	"github.com/interchange-sdk/interchange-go/client"
)

// The known values of AccountMode.
const (
	// AccountModeDemo is for show.
	AccountModeDemo AccountMode = "DEMO"
	// AccountModeStandard is for work.
	AccountModeStandard AccountMode = "STANDARD"
)

// The known values of CustomerRole.
const (
	// CustomerRoleBuyer buys media.
	CustomerRoleBuyer CustomerRole = "BUYER"
	// CustomerRoleSeller sells it.
	CustomerRoleSeller CustomerRole = "SELLER"
)

// The known values of CustomerType.
const (
	// CustomerTypeChild is below another one.
	CustomerTypeChild CustomerType = "CHILD"
	// CustomerTypeParent may have accounts below it.
	CustomerTypeParent CustomerType = "PARENT"
)

// The known values of DemoRecipe.
const (
	// DemoPublisherCTV is a publisher of connected television.
	DemoPublisherCTV DemoRecipe = "sample-publisher-ctv"
	// DemoPublisherDisplay is a publisher of display advertising.
	DemoPublisherDisplay DemoRecipe = "sample-publisher-display"
	// DemoRetailMedia is a retail media network.
	DemoRetailMedia DemoRecipe = "sample-retail-media"
)

// The known values of LivenessReason.
const (
	// LivenessArchived means that it was archived.
	LivenessArchived LivenessReason = "archived"
	// LivenessCatalogEmpty means that it is live with nothing to sell.
	LivenessCatalogEmpty LivenessReason = "catalog_empty_live"
	// LivenessDegradedSource means that a source of inventory is in trouble.
	LivenessDegradedSource LivenessReason = "degraded_source"
	// LivenessHealthy means that all is well.
	LivenessHealthy LivenessReason = "healthy"
	// LivenessPausedAfterLive means that it was paused when it was live.
	LivenessPausedAfterLive LivenessReason = "paused_after_live"
	// LivenessPausedBeforeLive means that it was paused before it was ever live.
	LivenessPausedBeforeLive LivenessReason = "paused_before_live"
	// LivenessRequirementRegressed means that a requirement which was met no longer is.
	LivenessRequirementRegressed LivenessReason = "go_live_requirement_regressed"
	// LivenessSettlementIneligible means that it cannot be paid.
	LivenessSettlementIneligible LivenessReason = "settlement_ineligible"
	// LivenessSetupIncomplete means that steps are left.
	LivenessSetupIncomplete LivenessReason = "setup_incomplete"
	// LivenessTraffickingError means that orders do not get through.
	LivenessTraffickingError LivenessReason = "trafficking_error"
)

// The known values of LivenessState.
const (
	// LivenessAttention is live and wants attention.
	LivenessAttention LivenessState = "live_attention"
	// LivenessCritical is live with a problem.
	LivenessCritical LivenessState = "live_critical"
	// LivenessLive is live.
	LivenessLive LivenessState = "live"
	// LivenessSetup is being set up.
	LivenessSetup LivenessState = "setup"
)

// The known values of Role.
const (
	// RoleAdmin administers the account. Who has it there directly may accept the terms of service.
	RoleAdmin Role = "ADMIN"
	// RoleBasic is a level of members (docs/platform.md#seats-and-accounts).
	RoleBasic Role = "BASIC"
	// RoleMember works in the account; lists show it for every level that does not administer.
	RoleMember Role = "MEMBER"
	// RolePremium is a level of members (docs/platform.md#seats-and-accounts).
	RolePremium Role = "PREMIUM"
	// RoleSuperAdmin stands above RoleAdmin, and may accept the terms of service like it.
	RoleSuperAdmin Role = "SUPER_ADMIN"
)

// The known values of TermsAction.
const (
	// TermsAcceptanceDue asks for acceptance before a deadline.
	TermsAcceptanceDue TermsAction = "acceptance_due"
	// TermsAcceptanceRequired asks for acceptance before the next write.
	TermsAcceptanceRequired TermsAction = "acceptance_required"
	// TermsNotice asks for nothing.
	TermsNotice TermsAction = "notice"
)

// The known values of TermsChange.
const (
	// TermsChangeMajor is a large change.
	TermsChangeMajor TermsChange = "MAJOR"
	// TermsChangeMinor is a small change.
	TermsChangeMinor TermsChange = "MINOR"
	// TermsChangePatch is a correction.
	TermsChangePatch TermsChange = "PATCH"
)

// Account is a customer of the platform, as the calling credential sees it. What an answer does not show is
// zero: lists show the id, the names and the role, and user information the type too.
type Account struct {
	// The platform's id of the customer that the account is.
	ID client.ID `json:"id"`

	// The company behind the account.
	Company string `json:"company"`

	// The name of the account.
	Name string `json:"name"`

	// The caller's role in it, its own or one that it has from a parent.
	Role Role `json:"role,omitzero"`

	// Whether it is in use; shown of the current account in user information.
	Active bool `json:"active,omitzero"`

	// The side of the market it is on; shown of the current account in user information.
	CustomerRole CustomerRole `json:"customerRole,omitzero"`

	// Whether it has accounts below it, or is one; shown in user information.
	CustomerType CustomerType `json:"customerType,omitzero"`

	// The domain claimed by the account, if any; shown of the current account.
	CustomerDomain string `json:"customerDomain,omitzero"`

	// What the account may spend; shown of the current account, where the platform says so.
	Standing AccountStanding `json:"standing,omitzero"`
}

// AccountDomain is the domain that an account claims.
type AccountDomain struct {
	// The platform's id of the customer.
	ID client.ID `json:"id"`

	// The domain; empty where there is none.
	CustomerDomain string `json:"customerDomain"`

	// Whether the platform has approved it.
	CustomerDomainApproved bool `json:"customerDomainApproved"`
}

// AccountMode distinguishes live accounts from demo accounts. The set is open.
type AccountMode string

// AccountStanding is the spending status of an account.
type AccountStanding struct {
	// The limit, a whole number; of what unit of the currency is not documented. 0 also where none is stated.
	CreditLimit int64 `json:"creditLimit,omitzero"`

	// The ISO 4217 code of the currency, such as USD.
	Currency string `json:"currency"`
}

// ChildParams says what account to create below the current one. Zero fields are not sent.
type ChildParams struct {
	// What people call it; 1 to 255 characters. Required.
	Name string `json:"name"`

	// The side of the market it is on. Required.
	CustomerRole CustomerRole `json:"customerRole"`

	// A name for the parent, at most 255 characters: for an account that becomes one, as far as the documents tell.
	ParentName string `json:"parentName,omitzero"`

	// Its domain, a host name of at most 255 characters.
	CustomerDomain string `json:"customerDomain,omitzero"`

	// The currency it counts in, an ISO 4217 code.
	DefaultCurrency string `json:"defaultCurrency,omitzero"`

	// The currencies it pays in, at most 25 ISO 4217 codes.
	PaymentCurrencies []string `json:"paymentCurrencies,omitzero"`

	// Whether it is for show; the platform takes none as AccountModeStandard.
	AccountMode AccountMode `json:"accountMode,omitzero"`

	// What a demo account is filled with, at most 3.
	DemoRecipeIDs []DemoRecipe `json:"demoRecipeIds,omitzero"`
}

// CustomerRole is the side of the market that an account is on. The set is open.
type CustomerRole string

// CustomerType is the place of an account among others. The set is open.
type CustomerType string

// DemoRecipe is something that a demo account can be filled with. The set is open.
type DemoRecipe string

// DomainParams says which domain an account claims.
type DomainParams struct {
	// The domain, a host name of at most 255 characters. Required.
	CustomerDomain string `json:"customerDomain"`
}

// Liveness reports whether the storefront of an account is live.
type Liveness struct {
	// How far the storefront is on its way to being live.
	State LivenessState `json:"state"`

	// Why the storefront is in this state, for programs.
	ReasonCode LivenessReason `json:"reasonCode"`

	// Why the storefront is in this state, in words for people.
	Reason string `json:"reason"`

	// The steps of the set-up that are left; 0 also where that is not said.
	RemainingSteps int64 `json:"remainingSteps"`

	// Where in the web interface to act, if there is something to do.
	ActionPath string `json:"actionPath"`
}

// LivenessReason is why a storefront is in its state. The set is open.
type LivenessReason string

// LivenessState is the state of a storefront on its way to being live. The set is open.
type LivenessState string

// Membership is the rule for joining an account.
type Membership struct {
	// The platform's id of the customer.
	CustomerID client.ID `json:"customerId"`

	// Whether people of the account's domain join it by themselves.
	AllowDomainAutoJoin bool `json:"allowDomainAutoJoin"`
}

// MembershipParams says who may join an account.
type MembershipParams struct {
	// Whether people of the account's domain join it by themselves. False is sent too.
	AllowDomainAutoJoin bool `json:"allowDomainAutoJoin"`
}

// Person is a user of the platform.
type Person struct {
	// The id of the user.
	ID client.ID `json:"id"`

	// The e-mail address of the person.
	Email string `json:"email,omitzero"`

	// The first name of the person; empty where the platform does not know it.
	FirstName string `json:"firstName,omitzero"`

	// The last name of the person; empty where the platform does not know it.
	LastName string `json:"lastName,omitzero"`

	// What the user may do.
	Role Role `json:"role,omitzero"`
}

// Role is the role of a caller in an account. The set is open.
type Role string

// TermsAction is the action that an update of the terms requires. The set is open.
type TermsAction string

// TermsChange is the extent of a change of the terms. The set is open.
type TermsChange string

// TermsUpdate describes a change of the terms of service.
type TermsUpdate struct {
	// What is to be done.
	Action TermsAction `json:"action"`

	// How much the terms have changed since the version that was accepted.
	ChangeLevel TermsChange `json:"changeLevel"`

	// The version accepted; empty where none was.
	AcceptedVersion string `json:"acceptedVersion"`

	// The version of the terms that is to be accepted.
	TargetVersion string `json:"targetVersion"`

	// Until when; zero where there is no deadline.
	Deadline time.Time `json:"deadline"`

	// The address of the page with the text of the terms.
	TermsURL string `json:"termsUrl"`

	// Where the changes are, if that is told.
	ChangesURL string `json:"changesUrl"`
}

// UserInfo describes the user of a credential, the account it acts on, and what blocks it from the platform.
// Documented are showTosBox and canAcceptTos (docs/platform.md#terms-of-service), and for the answer to a
// creation of a child the rest (docs/platform.md#seats-and-accounts); what another answer does not show is
// zero. The names of the earlier vintage, such as showPsaBox, are read too.
type UserInfo struct {
	// The person; zero for a service token.
	User Person `json:"user,omitzero"`

	// The account that is acted on. After a creation, the documents do not say which of the two.
	Customer Account `json:"customer,omitzero"`

	// The accounts that are within reach.
	Customers []Account `json:"customers,omitzero"`

	// Whether terms of service wait for their acceptance.
	ShowTermsBox bool `json:"showTosBox"`

	// Whether the caller may accept them: a direct ADMIN or SUPER_ADMIN of the account.
	CanAcceptTerms bool `json:"canAcceptTos"`

	// What is new in the terms; zero while nothing is.
	TermsUpdate TermsUpdate `json:"tosUpdate,omitzero"`

	// Whether the account waits for the contract of its organization, which is for the parent to conclude.
	OrganizationContractMissing bool `json:"organizationContractMissing,omitzero"`

	// Whether the account has a contract.
	HasContract bool `json:"hasContract,omitzero"`

	// The version of the terms that is current.
	LatestTermsVersion string `json:"latestTosVersion,omitzero"`

	// Whether the account became a parent by the creation of its first child; shown after a creation.
	ConvertedFromStandalone bool `json:"convertedFromStandalone,omitzero"`
}
