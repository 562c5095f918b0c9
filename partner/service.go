package partner

import (
	"context"
	"errors"

	"github.com/interchange-sdk/interchange-go/client"
)

// Service calls the Partner API. It is safe for concurrent use.
type Service struct {
	Keys          *KeyService
	Organizations *OrganizationService
	Billing       *BillingService
	Webhooks      *WebhookService
	Domain        *DomainService

	client *client.Client
}

// New returns a Service that calls through c, which must have [client.ProfilePartner].
func New(c *client.Client) *Service {
	return &Service{
		Keys:          &KeyService{c},
		Organizations: &OrganizationService{c},
		Billing:       &BillingService{c},
		Webhooks:      &WebhookService{c},
		Domain:        &DomainService{c},
		client:        c,
	}
}

// Me returns the partner that the key belongs to; it is also the simplest way to test a key
// (docs/platform.md#partner-api). It takes [ScopeRead]. Safe to repeat.
func (s *Service) Me(ctx context.Context, opts ...client.CallOption) (*Partner, error) {
	return s.partner(ctx, &opGetPartner, nil, opts)
}

// UpdateBranding changes how the partner looks to its customers. The answer shows part of the partner. It takes
// [ScopeWrite]. Safe to repeat.
func (s *Service) UpdateBranding(ctx context.Context, p BrandingParams, opts ...client.CallOption) (*Partner, error) {
	problems := client.ParamError{Operation: opUpdateBranding.ID}
	p.check(&problems)
	if p == (BrandingParams{}) {
		problems.Add("body", "changes nothing: set a field")
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return s.partner(ctx, &opUpdateBranding, p, opts)
}

// ScriptConfig returns what the partner's script is configured with. Of its members only two are known;
// [client.WithResponse] has the whole. It takes [ScopeRead]. Safe to repeat.
func (s *Service) ScriptConfig(ctx context.Context, opts ...client.CallOption) (*ScriptConfig, error) {
	return one[ScriptConfig](ctx, s.api(), &opGetScriptConfig, client.Request{}, opts)
}

func (s *Service) partner(ctx context.Context, op *client.Operation, body any, opts []client.CallOption) (*Partner, error) {
	got, err := client.Call[partnerAnswer](ctx, s.api(), op, client.Request{Body: body}, opts...)
	if err != nil {
		return nil, err
	}
	return &got.Partner, nil
}

// partnerAnswer is a partner as sent. One without an id is something else.
type partnerAnswer struct{ Partner }

func (a *partnerAnswer) CheckAnswer() error { return shown(a.ID) }

func shown(id client.ID) error {
	if id == "" {
		return errors.New("it shows no id")
	}
	return nil
}

// one makes a call whose answer is a T.
func one[T any](ctx context.Context, c *client.Client, op *client.Operation, req client.Request, opts []client.CallOption) (*T, error) {
	got, err := client.Call[T](ctx, c, op, req, opts...)
	if err != nil {
		return nil, err
	}
	return &got, nil
}

// remove makes a call after which something is gone.
func remove(ctx context.Context, c *client.Client, op *client.Operation, id client.ID, opts []client.CallOption) error {
	_, err := client.Call[struct{}](ctx, c, op, on(id, nil), opts...)
	return err
}
