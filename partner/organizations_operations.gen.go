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
	opAllocateCredits = client.Operation{
		ID:     "allocateCredits",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}/credits",
		Effect: client.EffectOnce,
		Level:  client.LevelWrite,
		Result: "allocation",
	}
	opCreateOrganization = client.Operation{
		ID:     "createOrganization",
		Method: "POST",
		Mount:  client.MountPartner,
		Path:   "/organizations",
		Effect: client.EffectOnce,
		Level:  client.LevelWrite,
		Result: "organization",
	}
	opDeleteOrganization = client.Operation{
		ID:     "deleteOrganization",
		Method: "DELETE",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
	}
	opGetOrganization = client.Operation{
		ID:     "getOrganization",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}",
		Effect: client.EffectRead,
		Level:  client.LevelRead,
		Result: "organization",
	}
	opListOrganizations = client.Operation{
		ID:     "listOrganizations",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/organizations",
		Effect: client.EffectRead,
		Level:  client.LevelRead,
		Paging: client.PagingPages,
		Items:  "organizations",
	}
	opSetOrganizationStatus = client.Operation{
		ID:     "setOrganizationStatus",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}/status",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
		Result: "organization",
	}
	opSetOrganizationTier = client.Operation{
		ID:     "setOrganizationTier",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}/tier",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
		Result: "organization",
	}
	opUpdateOrganization = client.Operation{
		ID:     "updateOrganization",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
		Result: "organization",
	}
)

// ruleCreditParams is the schema of a request.
var ruleCreditParams = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "credits", Rule: &check.Rule{Type: check.Number}, Required: true},
}}

// ruleTier is the schema of a request.
var ruleTier = check.Rule{Type: check.String, Enum: []string{"trial", "paid"}}

// ruleBillingPeriod is the schema of a request.
var ruleBillingPeriod = check.Rule{Type: check.String, Enum: []string{"monthly", "quarterly", "annual", "annually"}}

// ruleProductType is the schema of a request.
var ruleProductType = check.Rule{Type: check.String, Enum: []string{"B2B", "B2C"}}

// ruleCreateOrganizationParams is the schema of a request.
var ruleCreateOrganizationParams = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "name", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
	{Name: "initialCredits", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
	{Name: "tier", Rule: &ruleTier},
	{Name: "billingPeriod", Rule: &ruleBillingPeriod},
	{Name: "billingDayOfMonth", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 28}}},
	{Name: "productType", Rule: &ruleProductType},
}}

// ruleOrganizationStatus is the schema of a request.
var ruleOrganizationStatus = check.Rule{Type: check.String, Enum: []string{"active", "canceled", "suspended"}}

// ruleOrganizationStatusParams is the schema of a request.
var ruleOrganizationStatusParams = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "status", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
}}

// ruleOrganizationTierParams is the schema of a request.
var ruleOrganizationTierParams = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "tier", Rule: &ruleTier, Required: true},
}}

// ruleUpdateOrganizationParams is the schema of a request.
var ruleUpdateOrganizationParams = check.Rule{Type: check.Object, MinSize: 1, Fields: []check.Field{
	{Name: "name", Rule: &check.Rule{Type: check.String, MinSize: 1}},
	{Name: "externalId", Rule: &check.Rule{Type: check.String, Nullable: true}},
	{Name: "metadata", Rule: &check.Rule{Type: check.Object, Nullable: true}},
}}

// check reports every field that its schema does not allow.
func (p CreateOrganizationParams) check(r check.Reporter) { ruleCreateOrganizationParams.Value(r, p) }

// check reports every field that its schema does not allow.
func (p statusBody) check(r check.Reporter) { ruleOrganizationStatusParams.Value(r, p) }

// check reports every field that its schema does not allow.
func (p tierBody) check(r check.Reporter) { ruleOrganizationTierParams.Value(r, p) }

// ListOrganizationsParams narrows listOrganizations. Zero fields are not sent.
type ListOrganizationsParams struct {
	// Only those in this state.
	Status OrganizationStatus
	// Only those that match this text; the platform does not say in what.
	Search string
	// Only the one with this id of the partner's own.
	ExternalID string
	// The page, counted from 1: the platform's default is 1.
	Page int
	// Items a page; the largest size is not documented: the platform's default is 20.
	PageSize int
	// PageToken continues from Page.Next of an earlier page; Page is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
func (p ListOrganizationsParams) query() url.Values {
	v := url.Values{}
	if p.Status != "" {
		v.Set("status", string(p.Status))
	}
	if p.Search != "" {
		v.Set("search", p.Search)
	}
	if p.ExternalID != "" {
		v.Set("externalId", p.ExternalID)
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

// queryListOrganizations holds the schemas of the parameters of listOrganizations.
var queryListOrganizations = []check.Field{
	{Name: "status", Rule: &ruleOrganizationStatus},
	{Name: "page", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}}},
	{Name: "pageSize", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}}},
}

// check reports every parameter that its schema does not allow.
func (p ListOrganizationsParams) check(r check.Reporter) {
	check.Query(r, queryListOrganizations, p.query())
}

// organizationWithID is the response that must have an id.
type organizationWithID struct{ Organization }

func (r *organizationWithID) CheckAnswer() error { return operation.RequireID(r.ID) }

// schemaAllocateCredits holds the schemas of the arguments of AllocateCredits.
var schemaAllocateCredits = operation.Schema{
	Body: &ruleCreditParams,
}

// AllocateCredits gives an organization credits from the partner's pool. If the pool is short, the error
// matches [client.ErrUnprocessable]. Whether the number replaces or adds to what was allocated is not
// documented. If it is known to replace, pass [client.AssumeIdempotent]. Requires [client.LevelWrite].
//
// It is retried only if the platform surely has not processed it. If the response was lost, the error matches
// [client.ErrOutcomeUnknown].
func (s *OrganizationService) AllocateCredits(ctx context.Context, organizationID client.ID, p CreditParams, opts ...client.CallOption) (*CreditAllocation, error) {
	return operation.Call[CreditAllocation](ctx, s.api(), &opAllocateCredits, &schemaAllocateCredits, client.Request{Path: []string{string(organizationID)}, Body: p}, opts)
}

// Delete soft-deletes an organization. Requires [client.LevelWrite]. Safe to retry.
func (s *OrganizationService) Delete(ctx context.Context, organizationID client.ID, opts ...client.CallOption) error {
	return operation.Send(ctx, s.api(), &opDeleteOrganization, nil, client.Request{Path: []string{string(organizationID)}}, opts)
}

// Get returns one organization. Requires [client.LevelRead]. Safe to retry.
func (s *OrganizationService) Get(ctx context.Context, organizationID client.ID, opts ...client.CallOption) (*Organization, error) {
	got, err := operation.Call[organizationWithID](ctx, s.api(), &opGetOrganization, nil, client.Request{Path: []string{string(organizationID)}}, opts)
	if err != nil {
		return nil, err
	}
	return &got.Organization, nil
}

// schemaUpdateOrganization holds the schemas of the arguments of Update.
var schemaUpdateOrganization = operation.Schema{
	Body: &ruleUpdateOrganizationParams,
}

// Update changes an organization. That this is a PUT is assumed. Requires [client.LevelWrite]. Safe to retry.
func (s *OrganizationService) Update(ctx context.Context, organizationID client.ID, p UpdateOrganizationParams, opts ...client.CallOption) (*Organization, error) {
	got, err := operation.Call[organizationWithID](ctx, s.api(), &opUpdateOrganization, &schemaUpdateOrganization, client.Request{Path: []string{string(organizationID)}, Body: p}, opts)
	if err != nil {
		return nil, err
	}
	return &got.Organization, nil
}
