// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

import (
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// The operations of openapi.partner.yaml that this package calls.
var (
	opCreateApiKey = client.Operation{
		ID:     "createApiKey",
		Method: "POST",
		Mount:  client.MountPartner,
		Path:   "/api-keys",
		Effect: client.EffectOnce,
		Level:  client.LevelAdmin,
	}
	opListApiKeys = client.Operation{
		ID:     "listApiKeys",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/api-keys",
		Effect: client.EffectRead,
		Level:  client.LevelAdmin,
		Paging: client.PagingNone,
		Items:  "apiKeys",
	}
	opRevokeApiKey = client.Operation{
		ID:     "revokeApiKey",
		Method: "DELETE",
		Mount:  client.MountPartner,
		Path:   "/api-keys/{id}",
		Effect: client.EffectIdempotent,
		Level:  client.LevelAdmin,
	}
)

// check tells what is wrong with the parameters before anything is sent.
func (p CreateKeyParams) check(s check.Sink) {
	check.Required(s, "name", p.Name, "")
	check.EachOf(s, "scopes", p.Scopes, ScopeRead, ScopeWrite, ScopeAdmin)
}
