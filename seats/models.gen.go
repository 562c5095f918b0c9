// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package seats

import (
	"github.com/interchange-sdk/interchange-go/client"
)

// The known values of Role.
const (
	// RoleAdmin administers the account, and may accept the terms of service for it.
	RoleAdmin Role = "ADMIN"
	// RoleMember works in the account.
	RoleMember Role = "MEMBER"
	// RoleSuperAdmin stands above RoleAdmin; the platform does not document by what.
	RoleSuperAdmin Role = "SUPER_ADMIN"
)

// Account is a customer of the platform, as the calling credential sees it.
type Account struct {
	// The customer id.
	ID client.ID `json:"id"`

	// The company behind the account.
	Company string `json:"company"`

	// The name of the account.
	Name string `json:"name"`

	// The caller's role in it.
	Role Role `json:"role,omitzero"`

	// The domain claimed by the account, if any.
	CustomerDomain string `json:"customerDomain,omitzero"`

	// What the account may spend, where the platform says so.
	Standing AccountStanding `json:"standing,omitzero"`
}

// AccountStanding tells what an account may spend.
type AccountStanding struct {
	// The limit in whole units of the currency; absent or null reads as 0, which means that none is stated.
	CreditLimit int64 `json:"creditLimit,omitzero"`

	// ISO 4217 code.
	Currency string `json:"currency"`
}

// Role is what a caller may do in an account. The set is open.
type Role string
