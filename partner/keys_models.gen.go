// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

import (
	"time"

	"github.com/interchange-sdk/interchange-go/client"
)

// The known values of Scope.
const (
	// ScopeAdmin does everything, managing keys and billing included.
	ScopeAdmin Scope = "admin"
	// ScopeRead only reads.
	ScopeRead Scope = "read"
	// ScopeWrite reads, creates and changes.
	ScopeWrite Scope = "write"
)

// Key is a key of the Partner API, without its secret.
type Key struct {
	// The id to revoke it by.
	ID client.ID `json:"id"`

	// The name of the key, for people; empty where the platform does not say.
	Name string `json:"name,omitzero"`

	// What the key begins with, safe to log.
	KeyPrefix string `json:"keyPrefix,omitzero"`

	// What it may do. An empty list is full access.
	Scopes Scopes `json:"scopes,omitzero"`

	// The words are not documented: active and revoked are assumed.
	Status string `json:"status,omitzero"`

	// When it stops to work; zero means never.
	ExpiresAt time.Time `json:"expiresAt,omitzero"`

	// When it was last used; zero if never. The answer to a creation leaves it out.
	LastUsedAt time.Time `json:"lastUsedAt,omitzero"`

	// The time at which the key was created; zero where the platform does not say.
	CreatedAt time.Time `json:"createdAt,omitzero"`
}

// Scope is a permission of a key. The set is open.
type Scope string
