package agents

import (
	"context"
	"errors"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/retry"
)

// Service calls the agent endpoints of the current platform. It is safe for concurrent use.
type Service struct {
	client *client.Client
	sleep  func(context.Context, time.Duration) error
}

// New returns a Service that calls through c.
func New(c *client.Client) *Service { return &Service{client: c, sleep: retry.Wait} }

// api returns the client, or nil for a nil service: calls then return an error.
func (s *Service) api() *client.Client {
	if s == nil {
		return nil
	}
	return s.client
}

// wait waits as the service does; a nil or zero one, as all do.
func (s *Service) wait(ctx context.Context, d time.Duration) error {
	if s == nil || s.sleep == nil {
		return retry.Wait(ctx, d)
	}
	return s.sleep(ctx, d)
}

// sourceAnswer is a source as sent. One without an id is something else.
type sourceAnswer struct{ Source }

func (a *sourceAnswer) CheckAnswer() error {
	if a.SourceID == "" {
		return errors.New("it shows no sourceId")
	}
	return nil
}

// consentAnswer is where a person has to go. Without an address it is of no use.
type consentAnswer struct{ Consent }

func (a *consentAnswer) CheckAnswer() error {
	if a.AuthorizationURL == "" {
		return errors.New("it shows no authorizationUrl")
	}
	return nil
}

// source makes a call that is answered with a source.
func (s *Service) source(ctx context.Context, op *client.Operation, req client.Request,
	opts []client.CallOption,
) (*Source, error) {
	got, err := client.Call[sourceAnswer](ctx, s.api(), op, req, opts...)
	if err != nil {
		return nil, err
	}
	return &got.Source, nil
}
