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

// check tells what is wrong with the parameters before anything is sent.
func (p domainBody) check(s check.Sink) {
	check.Required(s, "domain", p.Domain, "")
	check.MaxLength(s, "domain", p.Domain, 253)
}

// check tells what is wrong with the parameters before anything is sent.
func (p BrandingParams) check(s check.Sink) {
	check.MaxLength(s, "companyName", p.CompanyName, 255)
}
