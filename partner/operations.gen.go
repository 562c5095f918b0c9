// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

import (
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
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
var ruleBrandingParams = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "companyName", Rule: &check.Rule{Type: check.String, MinSize: 1, MaxSize: 255}},
	{Name: "logoUrl", Rule: &check.Rule{Type: check.String, Nullable: true}},
	{Name: "primaryColor", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^#[0-9A-Fa-f]{6}$`, Message: "must be a color such as #1a2b3c"}}},
	{Name: "secondaryColor", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^#[0-9A-Fa-f]{6}$`, Message: "must be a color such as #1a2b3c"}}},
}}

// check reports every field that its schema does not allow.
func (p domainBody) check(r check.Reporter) { ruleDomainParams.Value(r, p) }

// check reports every field that its schema does not allow.
func (p BrandingParams) check(r check.Reporter) { ruleBrandingParams.Value(r, p) }
