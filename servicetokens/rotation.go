package servicetokens

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/rotation"
)

// RotateParams holds the parameters of the replacement of a token. Its name, description, scope and role are those of
// the old one.
type RotateParams struct {
	// SeatName is the name of the old token's seat. Required for a seat-scoped token: the platform shows seats by id
	// and requires their names. SeatType distinguishes seats of the same name.
	SeatName string
	SeatType SeatType
	// ExpiresInDays is the new token's lifetime. Default: that of the old one.
	ExpiresInDays int
}

const (
	maxDescription = 1000
	maxTake        = 100 // a list that changes between two pages may skip a token
)

// RotationDriver returns the calls that replace a service token, for [rotation.Rotate] and its steps. The mark of a
// rotation ends the new token's description.
func (s *Service) RotationDriver(p RotateParams) *rotation.Driver[ServiceToken, Created] {
	return &rotation.Driver[ServiceToken, Created]{
		Kind: "service token",
		Get:  func(ctx context.Context, id client.ID) (*ServiceToken, error) { return s.Get(ctx, id) },
		List: func(ctx context.Context) iter.Seq2[ServiceToken, error] {
			return s.List(ListParams{PageSize: maxTake}).All(ctx)
		},
		End:     func(ctx context.Context, id client.ID) error { return s.Archive(ctx, id) },
		MaxText: maxDescription,
		NewFactory: func(old *ServiceToken, problems *client.ParamError) rotation.Factory[Created] {
			create := p.replacement(old, problems)
			return rotation.Factory[Created]{
				Name: create.Name,
				Create: func(ctx context.Context, description string) (*Created, error) {
					marked := create
					marked.Description = description
					return s.Create(ctx, marked)
				},
			}
		},
		Summary: func(t *ServiceToken) rotation.Summary {
			return rotation.Summary{
				ID: t.ID, Name: t.Name, Text: t.Description, Ended: !t.ArchivedAt.IsZero(), Created: t.CreatedAt,
			}
		},
		Record: func(c *Created) *ServiceToken { return &c.ServiceToken },
		Check: func(problems *client.ParamError) {
			CreateParams{ExpiresInDays: p.ExpiresInDays, SeatType: p.SeatType}.check(problems)
		},
		CheckReach: checkReach,
	}
}

// checkReach refuses a replacement that may do other things than the token it replaces: the name of another seat, or a
// mistyped id. Fields that the platform does not show are not compared.
func checkReach(old, next *ServiceToken) error {
	for _, field := range []struct{ name, old, next string }{
		{"scope", string(old.Scope), string(next.Scope)},
		{"seat", string(old.SeatID), string(next.SeatID)},
		{"role", string(old.Role), string(next.Role)},
	} {
		if field.old != "" && field.next != "" && field.old != field.next {
			return fmt.Errorf("its %s is %s, that of the old token is %s", field.name, field.next, field.old)
		}
	}
	return nil
}

// replacement returns the parameters of a token like the old one, without its description.
func (p RotateParams) replacement(old *ServiceToken, problems *client.ParamError) CreateParams {
	create := CreateParams{
		Name:          cmp.Or(old.Name, "replacement of "+string(old.ID)),
		ExpiresInDays: p.ExpiresInDays,
		SeatName:      p.SeatName, SeatType: p.SeatType,
	}
	if create.ExpiresInDays == 0 {
		days, known := lifetime(old)
		if !known {
			problems.Add("ExpiresInDays", "is required: the platform does not show the old token's lifetime")
		}
		create.ExpiresInDays = days
	}
	switch {
	// The scope is documented to be shown by lists only; a seat or a role implies it.
	case old.Scope == ScopeSeat, old.Scope == "" && (old.SeatID != "" || old.Role != ""):
		create.Scope, create.Role = ScopeSeat, old.Role
	case old.Scope != ScopeCustomer && old.Scope != "":
		problems.Add("id", "is of a token whose scope this package does not know")
	}
	create.NeverExpires = create.ExpiresInDays == 0 && create.Scope != ScopeSeat
	create.checkScope(problems)
	return create
}

// lifetime returns the lifetime of a token in the platform's days; 0 for one that does not expire.
func lifetime(t *ServiceToken) (days int, known bool) {
	if t.ExpiresAt.IsZero() {
		return 0, true
	}
	if t.CreatedAt.IsZero() {
		return 0, false
	}
	const day = 24 * time.Hour
	days = int((t.ExpiresAt.Sub(t.CreatedAt) + day/2) / day) // expiries are cut to midnight
	return min(max(days, 1), 365), true
}
