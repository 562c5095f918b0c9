// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/interchange-sdk/interchange-go/client"
)

// BrandingParams says what to change. Zero fields are not sent and stay as they are.
type BrandingParams struct {
	// At most 255 characters. One of the two documents calls it required, the other optional.
	CompanyName string `json:"companyName,omitzero"`

	// Null takes the logo away.
	LogoURL client.Field[string] `json:"logoUrl,omitzero"`

	// A colour as #rrggbb.
	PrimaryColor string `json:"primaryColor,omitzero"`

	// A colour as #rrggbb.
	SecondaryColor string `json:"secondaryColor,omitzero"`
}

// DNSRecord is a record to set where the domain is managed.
type DNSRecord struct {
	// Such as CNAME or TXT.
	Type string `json:"type"`

	// The name of the record.
	Name string `json:"name"`

	// Its value.
	Value string `json:"value"`
}

// Domain is the domain that the partner's script is served from, and what to do to verify it.
type Domain struct {
	// The host name.
	Domain string `json:"domain,omitzero"`

	// Whether the platform found the records.
	Verified bool `json:"verified,omitzero"`

	// As sent. The shape is not documented; DNSRecords has what is to be set.
	VerificationRecord jsontext.Value `json:"verificationRecord,omitzero"`

	// What the domain has to point at.
	CNAMETarget string `json:"cnameTarget,omitzero"`

	// The records to set.
	DNSRecords []DNSRecord `json:"dnsRecords,omitzero"`

	// As sent. The shape is not documented.
	Instructions jsontext.Value `json:"instructions,omitzero"`
}

// Partner is the partner that a key belongs to. An answer to a change shows part of it.
type Partner struct {
	// The partner's id.
	ID client.ID `json:"id"`

	// What the platform calls it.
	Name string `json:"name,omitzero"`

	// Its name in addresses.
	Slug string `json:"slug,omitzero"`

	// The words are not documented.
	Status string `json:"status,omitzero"`

	// What its customers see.
	CompanyName string `json:"companyName,omitzero"`

	// Where its customers write to.
	SupportEmail string `json:"supportEmail,omitzero"`

	// Empty when there is none.
	LogoURL string `json:"logoUrl,omitzero"`

	// A colour as #rrggbb.
	PrimaryColor string `json:"primaryColor,omitzero"`

	// A colour as #rrggbb.
	SecondaryColor string `json:"secondaryColor,omitzero"`

	// The domain that its script is served from.
	ScriptDomain string `json:"scriptDomain,omitzero"`

	// Whether that domain is verified.
	ScriptDomainVerified bool `json:"scriptDomainVerified,omitzero"`

	// An open set: pooled in the API's examples; credit_pool, external and usage_based in the programme's.
	BillingMode string `json:"billingMode,omitzero"`

	// Credits in the pool.
	CreditPoolTotal int64 `json:"creditPoolTotal,omitzero"`

	// Those that were used.
	CreditPoolUsed int64 `json:"creditPoolUsed,omitzero"`

	// Those that are left.
	CreditPoolAvailable int64 `json:"creditPoolAvailable,omitzero"`

	// 0 when no limit is stated.
	MaxOrganizations int64 `json:"maxOrganizations,omitzero"`

	// 0 when no limit is stated.
	MaxIdentificationsPerOrg int64 `json:"maxIdentificationsPerOrg,omitzero"`

	// Where identifications are reported.
	IdentificationWebhookURL string `json:"identificationWebhookUrl,omitzero"`

	// Whether they are.
	IdentificationWebhookEnabled bool `json:"identificationWebhookEnabled,omitzero"`

	// Where billing is reported.
	BillingWebhookURL string `json:"billingWebhookUrl,omitzero"`

	// Whether it is.
	BillingWebhookEnabled bool `json:"billingWebhookEnabled,omitzero"`

	// When it was created.
	CreatedAt time.Time `json:"createdAt,omitzero"`

	// Not explained by the documents.
	IsOwner bool `json:"isOwner,omitzero"`
}

// ScriptConfig is what the partner's script is configured with. It has more than these two members; see
// client.WithResponse for the whole.
type ScriptConfig struct {
	// What customers see.
	CompanyName string `json:"companyName,omitzero"`

	// The partner's name in addresses.
	Slug string `json:"slug,omitzero"`
}
