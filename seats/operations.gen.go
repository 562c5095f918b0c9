// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package seats

import (
	"github.com/interchange-sdk/interchange-go/client"
)

// The operations of openapi.yaml that this package calls.
var (
	opGetCurrentAccount = client.Operation{
		ID:     "getCurrentAccount",
		Method: "GET",
		Mount:  client.MountShared,
		Path:   "/accounts/current",
		Effect: client.EffectRead,
	}
)
