package partner

import (
	"context"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/retry"
)

// api returns the client, or nil for a nil service: calls then return an error.
func (s *Service) api() *client.Client {
	if s == nil {
		return nil
	}
	return s.client
}

func (s *KeyService) api() *client.Client {
	if s == nil {
		return nil
	}
	return s.client
}

func (s *OrganizationService) api() *client.Client {
	if s == nil {
		return nil
	}
	return s.client
}

func (s *BillingService) api() *client.Client {
	if s == nil {
		return nil
	}
	return s.client
}

func (s *WebhookService) api() *client.Client {
	if s == nil {
		return nil
	}
	return s.client
}

func (s *DomainService) api() *client.Client {
	if s == nil {
		return nil
	}
	return s.client
}

// wait waits as the service does; a nil or zero one, as all do.
func (s *KeyService) wait(ctx context.Context, d time.Duration) error {
	if s == nil || s.sleep == nil {
		return retry.Wait(ctx, d)
	}
	return s.sleep(ctx, d)
}
