package partner

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// BillingService reads the partner's billing. Every method requires [ScopeAdmin] and is safe to repeat
// (docs/platform.md#partner-api).
type BillingService struct{ client *client.Client }

// Calculate returns what a number of identifications would cost, as sent: the shape is not documented. Its method and
// path are assumed.
func (s *BillingService) Calculate(ctx context.Context, usage int, opts ...client.CallOption) (jsontext.Value, error) {
	p := calculateParams{Usage: usage}
	problems := client.ParamError{Operation: opCalculateBilling.ID}
	p.check(&problems)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return client.Call[jsontext.Value](ctx, s.api(), &opCalculateBilling, client.Request{Query: p.query()}, opts...)
}
