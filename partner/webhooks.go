package partner

import (
	"context"
	"iter"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// WebhookService manages where the platform reports to (docs/platform.md#partner-api).
type WebhookService struct{ client *client.Client }

// WebhookParams says what to change in a webhook. Zero fields are not sent; that they stay as they are is assumed.
type WebhookParams struct {
	// URL is where to report.
	URL string
	// Secret signs the deliveries; package webhooks verifies them. It is a [client.OpaqueToken], so that it is not
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
func (s *WebhookService) Update(ctx context.Context, webhook WebhookType, p WebhookParams, opts ...client.CallOption) (*Webhook, error) {
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

// ListLogs returns one page of what was sent to the webhooks: 20 entries unless PageSize says otherwise, as sent,
// because their shape is not documented. The path is assumed. It takes [ScopeRead]. Safe to repeat.
func (s *WebhookService) ListLogs(ctx context.Context, p ListLogsParams, opts ...client.CallOption) (*client.Page[jsontext.Value], error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	return client.List[jsontext.Value](ctx, s.api(), &opListWebhookLogs, client.Request{Query: p.query()}, p.PageToken, opts...)
}

// Logs walks what was sent to the webhooks, see [WebhookService.ListLogs]. The sequence may be ranged more than once,
// and each time begins anew. An error is its last value.
func (s *WebhookService) Logs(ctx context.Context, p ListLogsParams, opts ...client.CallOption) iter.Seq2[jsontext.Value, error] {
	if err := p.validate(); err != nil {
		return func(yield func(jsontext.Value, error) bool) { yield(nil, err) }
	}
	return client.All[jsontext.Value](ctx, s.api(), &opListWebhookLogs, client.Request{Query: p.query()}, p.PageToken, opts...)
}

// LogPages walks what was sent to the webhooks page by page, for a job that may be killed: when a page is done with,
// store its Next, and begin the next run with it as PageToken, with the same parameters. It takes [ScopeRead].
func (s *WebhookService) LogPages(ctx context.Context, p ListLogsParams, opts ...client.CallOption) iter.Seq2[*client.Page[jsontext.Value], error] {
	if err := p.validate(); err != nil {
		return func(yield func(*client.Page[jsontext.Value], error) bool) { yield(nil, err) }
	}
	return client.Pages[jsontext.Value](ctx, s.api(), &opListWebhookLogs, client.Request{Query: p.query()}, p.PageToken, opts...)
}

func (p ListLogsParams) validate() error {
	problems := client.ParamError{Operation: opListWebhookLogs.ID}
	p.check(&problems)
	return problems.Err()
}
