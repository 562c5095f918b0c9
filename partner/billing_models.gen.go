// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

import (
	"time"

	"github.com/interchange-sdk/interchange-go/client"
)

// Billing is how the partner is billed.
type Billing struct {
	// The partner.
	PartnerID client.ID `json:"partnerId,omitzero"`

	// An open set, see Partner.
	BillingMode string `json:"billingMode,omitzero"`

	// How often.
	BillingPeriod BillingPeriod `json:"billingPeriod,omitzero"`

	// 0 when none is stated.
	BillingDayOfMonth int `json:"billingDayOfMonth,omitzero"`

	// When the period began.
	BillingPeriodStart time.Time `json:"billingPeriodStart,omitzero"`

	// When it ends.
	NextBillingDate time.Time `json:"nextBillingDate,omitzero"`

	// The partner's id with the payment processor.
	StripeCustomerID string `json:"stripeCustomerId,omitzero"`

	// What an identification costs.
	PricingTiers []PricingTier `json:"pricingTiers,omitzero"`

	// Credits in the pool.
	CreditPoolTotal int64 `json:"creditPoolTotal,omitzero"`

	// Those that were used.
	CreditPoolUsed int64 `json:"creditPoolUsed,omitzero"`

	// Those that are left.
	CreditPoolAvailable int64 `json:"creditPoolAvailable,omitzero"`
}

// PricingTier is what an identification costs at some level of usage.
type PricingTier struct {
	// Its name or number.
	Tier client.ID `json:"tier,omitzero"`

	// In the currency of the contract.
	PricePerIdentification float64 `json:"pricePerIdentification,omitzero"`

	// From how many on.
	MinUsage int64 `json:"minUsage,omitzero"`

	// Up to how many; 0 when there is no end.
	MaxUsage int64 `json:"maxUsage,omitzero"`
}
