package partner

import "github.com/interchange-sdk/interchange-go/client"

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
