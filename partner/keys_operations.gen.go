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

// ruleKeyScope is the schema of a request.
var ruleKeyScope = check.Rule{Type: check.String, Enum: []string{"read", "write", "admin"}}

// ruleCreateKeyParams is the schema of a request.
var ruleCreateKeyParams = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "name", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
	{Name: "scopes", Rule: &check.Rule{Type: check.Array, Items: &ruleKeyScope}},
	{Name: "expiresAt", Rule: &check.Rule{Type: check.String, Format: check.FormatTime}},
}}

// check reports every field that its schema does not allow.
func (p CreateKeyParams) check(r check.Reporter) { ruleCreateKeyParams.Value(r, p) }

// Revoke ends a key, which stops authenticating at once. Its method and path are assumed. Requires
// [client.LevelAdmin]. Safe to retry.
func (s *KeyService) Revoke(ctx context.Context, id client.ID, opts ...client.CallOption) error {
	return operation.Send(ctx, s.api(), &opRevokeApiKey, nil, client.Request{Path: []string{string(id)}}, opts)
}
