// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package client

// The operations of openapi.yaml that this package calls.
var (
	opGetHealth = Operation{
		ID:     "getHealth",
		Method: "GET",
		Mount:  MountRoot,
		Path:   "/health",
		Effect: EffectRead,
	}
)
