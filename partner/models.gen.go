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

	// The first colour of the branding, as #rrggbb.
	PrimaryColor string `json:"primaryColor,omitzero"`

	// The second colour of the branding, as #rrggbb.
	SecondaryColor string `json:"secondaryColor,omitzero"`
}

// DNSRecord is a record to set where the domain is managed.
type DNSRecord struct {
	// Such as CNAME or TXT.
	Type string `json:"type"`

	// The name of the record.
	Name string `json:"name"`

	// The value to give the record.
	Value string `json:"value"`
}

// Domain is the domain that the partner's script is served from, and what to do to verify it.
type Domain struct {
	// The host name that the script is served from; empty where none is set.
	Domain string `json:"domain,omitzero"`

	// Whether the platform found the records.
	Verified bool `json:"verified,omitzero"`

	// As sent. The shape is not documented; DNSRecords has what is to be set.
	VerificationRecord jsontext.Value `json:"verificationRecord,omitzero"`

	// What the domain has to point at.
	CNAMETarget string `json:"cnameTarget,omitzero"`

	// The DNS records to set, so that the domain can be verified; empty where none are wanted.
	DNSRecords []DNSRecord `json:"dnsRecords,omitzero"`

	// As sent. The shape is not documented.
	Instructions jsontext.Value `json:"instructions,omitzero"`
}

// Partner is the partner that a key belongs to. An answer to a change shows part of it.
type Partner struct {
	// The platform's id of the partner.
	ID client.ID `json:"id"`

	// What the platform calls it.
	Name string `json:"name,omitzero"`

	// The short name of the partner, as it stands in addresses; empty where the platform does not say.
	Slug string `json:"slug,omitzero"`

	// The words are not documented.
	Status string `json:"status,omitzero"`

	// The name that customers of the partner see; empty where the platform does not say.
	CompanyName string `json:"companyName,omitzero"`

	// Where its customers write to.
	SupportEmail string `json:"supportEmail,omitzero"`

	// Empty when there is none.
	LogoURL string `json:"logoUrl,omitzero"`

	// The first colour of the branding, as #rrggbb; empty where the platform does not say.
	PrimaryColor string `json:"primaryColor,omitzero"`

	// The second colour of the branding, as #rrggbb; empty where the platform does not say.
	SecondaryColor string `json:"secondaryColor,omitzero"`

	// The domain that its script is served from.
	ScriptDomain string `json:"scriptDomain,omitzero"`

	// Whether that domain is verified.
	ScriptDomainVerified bool `json:"scriptDomainVerified,omitzero"`

	// An open set: pooled in the API's examples; credit_pool, external and usage_based in the programme's.
	BillingMode string `json:"billingMode,omitzero"`

	// The number of credits that the pool of the partner has had, used ones included; 0 where the platform does not
	// say.
	CreditPoolTotal int64 `json:"creditPoolTotal,omitzero"`

	// The number of credits of the pool that were used; 0 where the platform does not say.
	CreditPoolUsed int64 `json:"creditPoolUsed,omitzero"`

	// The number of credits of the pool that are left; 0 where the platform does not say.
	CreditPoolAvailable int64 `json:"creditPoolAvailable,omitzero"`

	// 0 when no limit is stated.
	MaxOrganizations int64 `json:"maxOrganizations,omitzero"`

	// 0 when no limit is stated.
	MaxIdentificationsPerOrg int64 `json:"maxIdentificationsPerOrg,omitzero"`

	// The address that identifications are reported to; empty where there is none.
	IdentificationWebhookURL string `json:"identificationWebhookUrl,omitzero"`

	// Whether identifications are reported there.
	IdentificationWebhookEnabled bool `json:"identificationWebhookEnabled,omitzero"`

	// The address that billing is reported to; empty where there is none.
	BillingWebhookURL string `json:"billingWebhookUrl,omitzero"`

	// Whether billing is reported there.
	BillingWebhookEnabled bool `json:"billingWebhookEnabled,omitzero"`

	// The time at which the partner was created; zero where the platform does not say.
	CreatedAt time.Time `json:"createdAt,omitzero"`

	// Not explained by the documents.
	IsOwner bool `json:"isOwner,omitzero"`
}

// ScriptConfig is the configuration of the partner's script. It has more than these two members; see
// client.WithResponse for the whole.
type ScriptConfig struct {
	// The name that customers of the partner see; empty where the platform does not say.
	CompanyName string `json:"companyName,omitzero"`

	// The partner's name in addresses.
	Slug string `json:"slug,omitzero"`
}
