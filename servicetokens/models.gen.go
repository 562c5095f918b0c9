// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package servicetokens

import (
	"time"

	"github.com/interchange-sdk/interchange-go/client"
)

// The known values of Role.
const (
	// RoleAdmin also manages service tokens.
	RoleAdmin Role = "ADMIN"
	// RoleRead only reads, and cannot move spend.
	RoleRead Role = "READ"
	// RoleReadWrite reads and changes.
	RoleReadWrite Role = "READ_WRITE"
)

// The known values of Scope.
const (
	// ScopeCustomer acts across every seat of the customer.
	ScopeCustomer Scope = "CUSTOMER"
	// ScopeSeat is limited to one seat.
	ScopeSeat Scope = "SEAT"
)

// The known values of SeatType.
const (
	// SeatTypeActivation is the seat of a partner.
	SeatTypeActivation SeatType = "ACTIVATION"
	// SeatTypeBuyer is the seat of an advertiser.
	SeatTypeBuyer SeatType = "BUYER"
)

// Role is the role of a seat-scoped service token. The set is open.
type Role string

// Scope is the scope of a service token. The set is open.
type Scope string

// SeatType distinguishes seats that share a name. The set is open.
type SeatType string

// ServiceToken is a long-lived machine credential, without its secret. Only the answer to a creation is
// documented; the other fields follow the platform's earlier generation and are zero when it does not send
// them.
type ServiceToken struct {
	// The id to get, update and archive it by.
	ID client.ID `json:"id"`

	// The customer it belongs to.
	CustomerID client.ID `json:"customerId,omitzero"`

	// The organization it belongs to; not documented for the current platform.
	OrganizationID client.ID `json:"organizationId,omitzero"`

	// The seat it is limited to; empty for a customer-scoped token.
	SeatID client.ID `json:"seatId,omitzero"`

	// The user it is bound to; empty for a service token.
	UserID client.ID `json:"userId,omitzero"`

	// The id of the user who created the token; empty where the platform does not say.
	CreatedByUserID client.ID `json:"createdByUserId,omitzero"`

	// The name that its creator gave the token; empty where there is none.
	Name string `json:"name,omitzero"`

	// What its creator says it is for; empty where there is nothing.
	Description string `json:"description,omitzero"`

	// The public half of the credential, safe to log.
	AccessClientID string `json:"accessClientId"`

	// What it may act on; lists show it, the documented creation answer does not.
	Scope Scope `json:"scope,omitzero"`

	// What it may do; empty for a customer-scoped token.
	Role Role `json:"role,omitzero"`

	// When it stops authenticating; zero means never.
	ExpiresAt time.Time `json:"expiresAt,omitzero"`

	// The time at which the token was created.
	CreatedAt time.Time `json:"createdAt,omitzero"`

	// When it was last changed.
	UpdatedAt time.Time `json:"updatedAt,omitzero"`

	// When it was archived; zero while it is not.
	ArchivedAt time.Time `json:"archivedAt,omitzero"`
}

// UpdateParams says what to change. Zero fields are not sent and stay as they are.
type UpdateParams struct {
	// The new name; at most 255 characters.
	Name client.Field[string] `json:"name,omitzero"`

	// The new description; at most 1000 characters.
	Description client.Field[string] `json:"description,omitzero"`

	// The lifetime in days, 1 to 365. The platform only ever extends an expiry; it does not say
	// whether the days count from now or from the creation.
	ExpiresInDays int `json:"expiresInDays,omitzero"`
}
