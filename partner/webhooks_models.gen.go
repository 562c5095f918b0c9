// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

// The known values of WebhookType.
const (
	// WebhookBilling reports billing.
	WebhookBilling WebhookType = "billing"
	// WebhookIdentification reports identifications.
	WebhookIdentification WebhookType = "identification"
)

// Webhook is where the platform reports to.
type Webhook struct {
	// Empty when there is none.
	URL string `json:"url,omitzero"`

	// Whether the platform reports to it.
	Enabled bool `json:"enabled,omitzero"`

	// Whether what it sends is signed.
	HasSecret bool `json:"hasSecret,omitzero"`
}

// WebhookType is the subject of a webhook. The set is open.
type WebhookType string

// Webhooks are the partner's two webhooks.
type Webhooks struct {
	// The webhook that reports identifications; zero where there is none.
	Identification Webhook `json:"identification,omitzero"`

	// The webhook that reports billing; zero where there is none.
	Billing Webhook `json:"billing,omitzero"`
}
