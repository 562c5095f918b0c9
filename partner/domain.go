package partner

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
)

// DomainService manages the domain that the partner's script is served from. The order is: Set, set the DNS records
// of the answer, and Verify until Verified is true (docs/platform.md#partner-api).
type DomainService struct{ client *client.Client }

type domainBody struct {
	Domain string `json:"domain"`
}

// Set sets the domain and returns the records to set for it. It takes [ScopeWrite]. Safe to repeat.
func (s *DomainService) Set(ctx context.Context, domain string, opts ...client.CallOption) (*Domain, error) {
	body := domainBody{domain}
	problems := client.ParamError{Operation: opSetDomain.ID}
	body.check(&problems)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return one[Domain](ctx, s.api(), &opSetDomain, client.Request{Body: body}, opts)
}
