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

func shown(id client.ID) error {
	if id == "" {
		return errors.New("it shows no id")
	}
	return nil
}

// one makes a call whose answer is a T.
func one[T any](ctx context.Context, c *client.Client, op *client.Operation, req client.Request,
	opts []client.CallOption,
) (*T, error) {
	got, err := client.Call[T](ctx, c, op, req, opts...)
	if err != nil {
		return nil, err
	}
	return &got, nil
}
