// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/operation"
)

// The operations of openapi.partner.yaml that this package calls.
var (
	opGetDomainVerification = client.Operation{
		ID:     "getDomainVerification",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/domain/verification",
		Effect: client.EffectRead,
		Level:  client.LevelRead,
		Result: "domain",
	}
	opGetPartner = client.Operation{
		ID:     "getPartner",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/me",
		Effect: client.EffectRead,
		Level:  client.LevelRead,
		Result: "partner",
	}
	opGetScriptConfig = client.Operation{
		ID:     "getScriptConfig",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/script-config",
		Effect: client.EffectRead,
		Level:  client.LevelRead,
		Result: "scriptConfig",
	}
	opSetDomain = client.Operation{
		ID:     "setDomain",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/domain",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
		Result: "domain",
	}
	opUpdateBranding = client.Operation{
		ID:     "updateBranding",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/branding",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
		Result: "partner",
	}
	opVerifyDomain = client.Operation{
		ID:     "verifyDomain",
		Method: "POST",
		Mount:  client.MountPartner,
		Path:   "/domain/verify",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
		Result: "domain",
	}
)

// ruleDomainParams is the schema of a request.
var ruleDomainParams = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "domain", Rule: &check.Rule{Type: check.String, MinSize: 1, MaxSize: 253}, Required: true},
}}

// ruleBrandingParams is the schema of a request.
var ruleBrandingParams = check.Rule{Type: check.Object, MinSize: 1, Fields: []check.Field{
	{Name: "companyName", Rule: &check.Rule{Type: check.String, MinSize: 1, MaxSize: 255}},
	{Name: "logoUrl", Rule: &check.Rule{Type: check.String, Nullable: true}},
	{Name: "primaryColor", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^#[0-9A-Fa-f]{6}$`, Message: "must be a color such as #1a2b3c"}}},
	{Name: "secondaryColor", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^#[0-9A-Fa-f]{6}$`, Message: "must be a color such as #1a2b3c"}}},
}}

// check reports every field that its schema does not allow.
func (p domainBody) check(r check.Reporter) { ruleDomainParams.Value(r, p) }

// partnerWithID is the response that must have an id.
type partnerWithID struct{ Partner }

func (r *partnerWithID) CheckAnswer() error { return operation.RequireID(r.ID) }

// Verification returns the state of the domain and the DNS records to set. Requires [client.LevelRead]. Safe to
// retry.
func (s *DomainService) Verification(ctx context.Context, opts ...client.CallOption) (*Domain, error) {
	return operation.Call[Domain](ctx, s.api(), &opGetDomainVerification, nil, client.Request{}, opts)
}

// Me returns the partner that the key belongs to. It is the simplest way to test a key. Requires
// [client.LevelRead]. Safe to retry.
func (s *Service) Me(ctx context.Context, opts ...client.CallOption) (*Partner, error) {
	got, err := operation.Call[partnerWithID](ctx, s.api(), &opGetPartner, nil, client.Request{}, opts)
	if err != nil {
		return nil, err
	}
	return &got.Partner, nil
}

// ScriptConfig returns the configuration of the partner's script. Only two fields are known;
// [client.WithResponse] has the whole. Requires [client.LevelRead]. Safe to retry.
func (s *Service) ScriptConfig(ctx context.Context, opts ...client.CallOption) (*ScriptConfig, error) {
	return operation.Call[ScriptConfig](ctx, s.api(), &opGetScriptConfig, nil, client.Request{}, opts)
}

// schemaUpdateBranding holds the schemas of the arguments of UpdateBranding.
var schemaUpdateBranding = operation.Schema{
	Body: &ruleBrandingParams,
}

// UpdateBranding changes how the partner looks to its customers. The response shows part of the partner.
// Requires [client.LevelWrite]. Safe to retry.
func (s *Service) UpdateBranding(ctx context.Context, p BrandingParams, opts ...client.CallOption) (*Partner, error) {
	got, err := operation.Call[partnerWithID](ctx, s.api(), &opUpdateBranding, &schemaUpdateBranding, client.Request{Body: p}, opts)
	if err != nil {
		return nil, err
	}
	return &got.Partner, nil
}

// Verify has the platform look for the DNS records, and returns what it found. Requires [client.LevelWrite].
// Safe to retry.
func (s *DomainService) Verify(ctx context.Context, opts ...client.CallOption) (*Domain, error) {
	return operation.Call[Domain](ctx, s.api(), &opVerifyDomain, nil, client.Request{}, opts)
}
