// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

import (
	"context"
	"net/url"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/operation"
)

// The operations of openapi.partner.yaml that this package calls.
var (
	opCalculateBilling = client.Operation{
		ID:     "calculateBilling",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/billing/calculate",
		Effect: client.EffectRead,
		Level:  client.LevelAdmin,
	}
	opGetBilling = client.Operation{
		ID:     "getBilling",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/billing",
		Effect: client.EffectRead,
		Level:  client.LevelAdmin,
		Result: "billing",
	}
	opGetUsage = client.Operation{
		ID:     "getUsage",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/billing/usage",
		Effect: client.EffectRead,
		Level:  client.LevelAdmin,
	}
)

// calculateParams narrows calculateBilling. Zero fields are not sent.
type calculateParams struct {
	// The number of identifications to calculate the price of.
	Usage int
}

// query returns the query string, or nil without parameters.
func (p calculateParams) query() url.Values {
	v := url.Values{}
	if p.Usage != 0 {
		v.Set("usage", strconv.Itoa(p.Usage))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// queryCalculateBilling holds the schemas of the parameters of calculateBilling.
var queryCalculateBilling = []check.Field{
	{Name: "usage", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}}, Required: true},
}

// check reports every parameter that its schema does not allow.
func (p calculateParams) check(r check.Reporter) { check.Numbers(r, queryCalculateBilling, p.query()) }

// Get returns how the partner is billed. Requires [client.LevelAdmin]. Safe to retry.
func (s *BillingService) Get(ctx context.Context, opts ...client.CallOption) (*Billing, error) {
	return operation.Call[Billing](ctx, s.api(), &opGetBilling, nil, client.Request{}, opts)
}

// Usage returns the usage of the billing period as sent, because its shape is not documented. The path is
// assumed. Requires [client.LevelAdmin]. Safe to retry.
func (s *BillingService) Usage(ctx context.Context, opts ...client.CallOption) (jsontext.Value, error) {
	return operation.Raw(ctx, s.api(), &opGetUsage, nil, client.Request{}, opts)
}
