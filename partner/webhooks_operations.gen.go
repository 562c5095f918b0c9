// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

import (
	"context"
	"net/url"
	"strconv"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/operation"
)

// The operations of openapi.partner.yaml that this package calls.
var (
	opGetWebhooks = client.Operation{
		ID:     "getWebhooks",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/webhooks",
		Effect: client.EffectRead,
		Level:  client.LevelRead,
	}
	opListWebhookLogs = client.Operation{
		ID:     "listWebhookLogs",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/webhooks/logs",
		Effect: client.EffectRead,
		Level:  client.LevelRead,
		Paging: client.PagingPages,
		Items:  "logs",
	}
	opTestWebhook = client.Operation{
		ID:     "testWebhook",
		Method: "POST",
		Mount:  client.MountPartner,
		Path:   "/webhooks/test",
		Effect: client.EffectOnce,
		Level:  client.LevelWrite,
	}
	opUpdateBillingWebhook = client.Operation{
		ID:     "updateBillingWebhook",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/webhooks/billing",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
		Result: "billing",
	}
	opUpdateIdentificationWebhook = client.Operation{
		ID:     "updateIdentificationWebhook",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/webhooks/identification",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
		Result: "identification",
	}
)

// ruleWebhookType is the schema of a request.
var ruleWebhookType = check.Rule{Type: check.String, Enum: []string{"identification", "billing"}}

// ruleWebhookTestParams is the schema of a request.
var ruleWebhookTestParams = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "type", Rule: &ruleWebhookType, Required: true},
}}

// check reports every field that its schema does not allow.
func (p testBody) check(r check.Reporter) { ruleWebhookTestParams.Value(r, p) }

// ListLogsParams narrows listWebhookLogs. Zero fields are not sent.
type ListLogsParams struct {
	// Only those of this webhook.
	Type WebhookType
	// Only those that ended so; the words are not documented.
	Status string
	// Only those about this organization.
	OrganizationID client.ID
	// The page, counted from 1: the platform's default is 1.
	Page int
	// Items a page; the largest size is not documented: the platform's default is 20.
	PageSize int
	// PageToken continues from Page.Next of an earlier page; Page is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
func (p ListLogsParams) query() url.Values {
	v := url.Values{}
	if p.Type != "" {
		v.Set("type", string(p.Type))
	}
	if p.Status != "" {
		v.Set("status", p.Status)
	}
	if p.OrganizationID != "" {
		v.Set("organizationId", string(p.OrganizationID))
	}
	if p.Page != 0 {
		v.Set("page", strconv.Itoa(p.Page))
	}
	if p.PageSize != 0 {
		v.Set("pageSize", strconv.Itoa(p.PageSize))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// queryListWebhookLogs holds the schemas of the parameters of listWebhookLogs.
var queryListWebhookLogs = []check.Field{
	{Name: "type", Rule: &ruleWebhookType},
	{Name: "page", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}}},
	{Name: "pageSize", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}}},
}

// check reports every parameter that its schema does not allow.
func (p ListLogsParams) check(r check.Reporter) { check.Query(r, queryListWebhookLogs, p.query()) }

// Get returns both webhooks, without their secrets. Requires [client.LevelRead]. Safe to retry.
func (s *WebhookService) Get(ctx context.Context, opts ...client.CallOption) (*Webhooks, error) {
	return operation.Call[Webhooks](ctx, s.api(), &opGetWebhooks, nil, client.Request{}, opts)
}
