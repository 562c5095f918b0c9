package servicetokens

import (
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

// CreateParams holds the parameters of [Service.Create]. Zero fields are not sent.
type CreateParams struct {
	// Name is for people; at most 255 characters. Required.
	Name string `json:"name,omitzero"`

	// Description says what the token is for; at most 1000 characters.
	Description string `json:"description,omitzero"`

	// ExpiresInDays is the lifetime in days, 1 to 365. Required, unless NeverExpires is set.
	ExpiresInDays int `json:"expiresInDays,omitzero"`

	// NeverExpires creates a token without an expiry, which the platform does if ExpiresInDays is left out. Only a
	// customer-wide token may have none.
	NeverExpires bool `json:"-"`

	// Scope sets the seats the token may act on. Default [ScopeCustomer]: every seat of the customer, without a role. That
	// such a token cannot manage service tokens, and may do everything else, is assumed.
	Scope Scope `json:"scope,omitzero"`

	// SeatName is the name of the seat. Required with [ScopeSeat].
	SeatName string `json:"seatName,omitzero"`

	// SeatType distinguishes seats of the same name.
	SeatType SeatType `json:"seatType,omitzero"`

	// Role sets the permissions of the token. Required with [ScopeSeat].
	Role Role `json:"role,omitzero"`
}

// checkLimits checks what the platform does not require: a token without a name or an end must not be an oversight.
func (p CreateParams) checkLimits(s check.Reporter) {
	if strings.TrimSpace(p.Name) == "" {
		s.Add("name", "is required")
	}
	switch {
	case p.NeverExpires && p.ExpiresInDays != 0:
		s.Add("expiresInDays", "must be 0 with NeverExpires")
	case p.NeverExpires && p.Scope == ScopeSeat:
		s.Add("neverExpires", "must be false with scope SEAT: set ExpiresInDays")
	case !p.NeverExpires && p.ExpiresInDays == 0 && p.Scope != ScopeSeat:
		s.Add("expiresInDays", "is required: set it, or NeverExpires for a token without an expiry")
	}
}
