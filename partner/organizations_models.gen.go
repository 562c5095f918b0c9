// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/interchange-sdk/interchange-go/client"
)

// The known values of BillingPeriod.
const (
	// BillingAnnual is the API's word.
	BillingAnnual BillingPeriod = "annual"
	// BillingAnnually is the programme's word.
	BillingAnnually BillingPeriod = "annually"
	// BillingMonthly is a word of both documents.
	BillingMonthly BillingPeriod = "monthly"
	// BillingQuarterly is a word of the programme's document.
	BillingQuarterly BillingPeriod = "quarterly"
)

// The known values of OrganizationStatus.
const (
	// OrganizationActive is at work.
	OrganizationActive OrganizationStatus = "active"
	// OrganizationCanceled has ended.
	OrganizationCanceled OrganizationStatus = "canceled"
	// OrganizationSuspended is stopped for a while.
	OrganizationSuspended OrganizationStatus = "suspended"
)

// The known values of ProductType.
const (
	// ProductB2B identifies businesses.
	ProductB2B ProductType = "B2B"
	// ProductB2C identifies consumers.
	ProductB2C ProductType = "B2C"
)

// The known values of Tier.
const (
	// TierPaid is paid for.
	TierPaid Tier = "paid"
	// TierTrial is for trying; it has at most 500 credits.
	TierTrial Tier = "trial"
)

// BillingPeriod is the billing interval of an organization. The documents disagree about the words, so both
// sets are here. The set is open.
type BillingPeriod string

// CreateOrganizationParams says what organization to create. Zero fields are not sent.
type CreateOrganizationParams struct {
	// What people call it. Required.
	Name string `json:"name"`

	// The partner's own id of it.
	ExternalID string `json:"externalId,omitzero"`

	// The user who owns it.
	OwnerUserID client.ID `json:"ownerUserId,omitzero"`

	// Credits from the partner's pool: at most 500 with TierTrial.
	InitialCredits int `json:"initialCredits,omitzero"`

	// What to keep with it.
	Metadata map[string]any `json:"metadata,omitzero"`

	// The platform takes none as TierTrial.
	Tier Tier `json:"tier,omitzero"`

	// How often it is billed.
	BillingPeriod BillingPeriod `json:"billingPeriod,omitzero"`

	// The day of the month on which it is billed, 1 to 28.
	BillingDayOfMonth int `json:"billingDayOfMonth,omitzero"`

	// Whether it identifies businesses or consumers.
	ProductType ProductType `json:"productType,omitzero"`
}

// CreditAllocation is an allocation of credits to an organization.
type CreditAllocation struct {
	// The id of the allocation.
	ID client.ID `json:"id,omitzero"`

	// The id of the partner that gave the credits.
	PartnerID client.ID `json:"partnerId,omitzero"`

	// The id of the organization that got them.
	OrganizationID client.ID `json:"organizationId,omitzero"`

	// The number of credits that were given.
	CreditsAllocated int64 `json:"creditsAllocated,omitzero"`

	// The number of those that were used.
	CreditsUsed int64 `json:"creditsUsed,omitzero"`

	// The number of those that are left.
	CreditsAvailable int64 `json:"creditsAvailable,omitzero"`

	// The time at which they were given; zero where the platform does not say.
	AllocatedAt time.Time `json:"allocatedAt,omitzero"`
}

// CreditParams says how many credits an organization is given.
type CreditParams struct {
	// Sent also when it is 0. Whether it sets or adds is not documented.
	Credits int `json:"credits"`

	// Why the credits are given, for people.
	Notes string `json:"notes,omitzero"`
}

// Organization is one of the partner's customers.
type Organization struct {
	// The platform's id of the organization.
	ID client.ID `json:"id"`

	// The name of the organization, for people; empty where the platform does not say.
	Name string `json:"name,omitzero"`

	// The partner's own id of it.
	ExternalID string `json:"externalId,omitzero"`

	// The state of the organization, such as whether it is at work; empty where the platform does not say.
	Status OrganizationStatus `json:"status,omitzero"`

	// Whether the organization is on trial or paid for; empty where the platform does not say.
	Tier Tier `json:"tier,omitzero"`

	// As sent. Whether it is a number or an object is not documented.
	Credits jsontext.Value `json:"credits,omitzero"`

	// What the partner keeps with it.
	Metadata map[string]any `json:"metadata,omitzero"`

	// The time at which the organization was created; zero where the platform does not say.
	CreatedAt time.Time `json:"createdAt,omitzero"`
}

// OrganizationStatus is the state of an organization. The set is open.
type OrganizationStatus string

// ProductType is whom an organization identifies. The set is open.
type ProductType string

// Tier is the paid tier of an organization. The set is open.
type Tier string

// UpdateOrganizationParams says what to change. Zero fields are not sent. The documents say that all members
// are optional and not which there are; these are those of a creation that are no start value.
type UpdateOrganizationParams struct {
	// The new name of the organization, for people.
	Name string `json:"name,omitzero"`

	// The partner's own id of it.
	ExternalID client.Field[string] `json:"externalId,omitzero"`

	// What to keep with it. Whether it replaces or adds to what there is is not documented.
	Metadata client.Field[map[string]any] `json:"metadata,omitzero"`
}
