package seats

import (
	"context"
	"errors"

	"github.com/interchange-sdk/interchange-go/client"
)

// Service calls the account endpoints. It is safe for concurrent use.
type Service struct{ client *client.Client }

// New returns a Service that calls through c.
func New(c *client.Client) *Service { return &Service{client: c} }

// Current returns the account that the credential acts on; it is also the simplest way to test a credential
// (facts §G). Safe to repeat. Errors: [client.ErrUnauthorized] for a credential that is unknown, expired or archived.
func (s *Service) Current(ctx context.Context, opts ...client.CallOption) (*Account, error) {
	got, err := client.Call[answer](ctx, s.client, &opGetCurrentAccount, client.Request{}, opts...)
	if err != nil {
		return nil, err
	}
	return &got.Account, nil
}

// answer is an account as sent. One without an id is something else.
type answer struct{ Account }

func (a *answer) CheckAnswer() error {
	if a.ID == "" {
		return errors.New("it shows no id")
	}
	return nil
}
