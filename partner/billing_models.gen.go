// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

import (
	"time"

	"github.com/interchange-sdk/interchange-go/client"
)

// Billing is the billing configuration of the partner.
type Billing struct {
	// The id of the partner.
	PartnerID client.ID `json:"partnerId,omitzero"`

	// An open set, see Partner.
	BillingMode string `json:"billingMode,omitzero"`

	// How often the partner is billed; empty where the platform does not say.
	BillingPeriod BillingPeriod `json:"billingPeriod,omitzero"`

	// 0 when none is stated.
	BillingDayOfMonth int `json:"billingDayOfMonth,omitzero"`

	// The beginning of the current billing period; zero where the platform does not say.
	BillingPeriodStart time.Time `json:"billingPeriodStart,omitzero"`

	// The end of the current billing period; zero where the platform does not say.
	NextBillingDate time.Time `json:"nextBillingDate,omitzero"`

	// The partner's id with the payment processor.
	StripeCustomerID string `json:"stripeCustomerId,omitzero"`

	// What an identification costs, by how many there are; empty where the platform names no price.
	PricingTiers []PricingTier `json:"pricingTiers,omitzero"`

	// The number of credits that the pool of the partner has had, used ones included; 0 where the platform does not
	// say.
	CreditPoolTotal int64 `json:"creditPoolTotal,omitzero"`

	// The number of credits of the pool that were used; 0 where the platform does not say.
	CreditPoolUsed int64 `json:"creditPoolUsed,omitzero"`

	// The number of credits of the pool that are left; 0 where the platform does not say.
	CreditPoolAvailable int64 `json:"creditPoolAvailable,omitzero"`
}

// PricingTier is the price of an identification at a level of usage.
type PricingTier struct {
	// The name or number of the tier.
	Tier client.ID `json:"tier,omitzero"`

	// In the currency of the contract.
	PricePerIdentification float64 `json:"pricePerIdentification,omitzero"`

	// The number of identifications from which on the tier applies; 0 where the platform does not say.
	MinUsage int64 `json:"minUsage,omitzero"`

	// Up to how many; 0 when there is no end.
	MaxUsage int64 `json:"maxUsage,omitzero"`
}
