package partner

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// WebhookService manages where the platform reports to (docs/platform.md#partner-api).
type WebhookService struct{ client *client.Client }

// WebhookParams says what to change in a webhook. Zero fields are not sent; that they stay as they are is assumed.
type WebhookParams struct {
	// URL is where to report.
	URL string
	// Secret signs the deliveries; package webhooks verifies them. It is a [client.ParseOpaqueToken], so that it is not
	// printed.
	Secret client.Token
	// Enabled says whether to report: client.Set(true).
	Enabled client.Field[bool]
}

type webhookBody struct {
	URL     string             `json:"url,omitzero"`
	Secret  string             `json:"secret,omitzero"`
	Enabled client.Field[bool] `json:"enabled,omitzero"`
}

type testBody struct {
	Type WebhookType `json:"type"`
}

// Update changes one of the webhooks. It takes [ScopeWrite]. Safe to repeat.
func (s *WebhookService) Update(ctx context.Context, webhook WebhookType, p WebhookParams,
	opts ...client.CallOption,
) (*Webhook, error) {
	op := &opUpdateIdentificationWebhook
	if webhook == WebhookBilling {
		op = &opUpdateBillingWebhook
	}
	problems := client.ParamError{Operation: op.ID}
	testBody{webhook}.check(&problems)
	if p == (WebhookParams{}) {
		problems.Add("body", "changes nothing: set a field")
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	body := webhookBody{URL: p.URL, Secret: p.Secret.Reveal(), Enabled: p.Enabled}
	return one[Webhook](ctx, s.api(), op, client.Request{Body: body}, opts)
}

// Test has the platform send a test event; its method and path are assumed. It takes [ScopeWrite]. It is not repeated
// unless it surely was not processed.
func (s *WebhookService) Test(ctx context.Context, webhook WebhookType, opts ...client.CallOption) error {
	body := testBody{webhook}
	problems := client.ParamError{Operation: opTestWebhook.ID}
	body.check(&problems)
	if err := problems.Err(); err != nil {
		return err
	}
	_, err := client.Call[struct{}](ctx, s.api(), &opTestWebhook, client.Request{Body: body}, opts...)
	return err
}

// ListLogs lists the deliveries to the webhooks, as raw JSON because their shape is not documented. The path is
// assumed. It requires [ScopeRead].
func (s *WebhookService) ListLogs(p ListLogsParams, opts ...client.CallOption) client.List[jsontext.Value] {
	if err := p.validate(); err != nil {
		return client.InvalidList[jsontext.Value](err)
	}
	return client.NewList[jsontext.Value](s.api(), &opListWebhookLogs, client.Request{Query: p.query()}, p.PageToken,
		opts...)
}

func (p ListLogsParams) validate() error {
	problems := client.ParamError{Operation: opListWebhookLogs.ID}
	p.check(&problems)
	return problems.Err()
}
