package servicetokens

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/rotate"
)

// Rotate replaces a token without a moment in which no valid one is deployed: it creates a token of the same scope,
// role and name, has it deployed, waits for the confirmation, and only then archives the old one (seed 004, step 3).
// It returns the new token.
//
// If deploying fails or panics, the new token is archived and the old one stays. If the confirmation never comes,
// both stay valid. Every failure after the arguments were checked is a [*RotationError] that names the tokens; a
// rotation that had deployed is resumed through [Rotation.NewID]. A replacement that turns out to reach another seat than
// the old token, or to have another role, is not deployed.
//
// A creation whose answer was lost leaves a token whose secret nobody holds. To find exactly that one, among
// tokens that others create at the same time, the new token's description ends in a mark such as [rotation 9f3c…]
// (the next rotation replaces the mark). The token that carries it is archived and another one created; tokens that
// were there before are never touched.
//
// A Service whose own credential is rotated goes on to work when Deploy sets it, see [client.TokenVar].
func (s *Service) Rotate(ctx context.Context, oldID client.ID, r Rotation) (*ServiceToken, error) {
	plan := rotate.Plan[Created]{OldID: oldID, NewID: r.NewID, Deploy: r.Deploy, Confirm: r.Confirm, ConfirmEvery: r.ConfirmEvery}
	problems := client.ParamError{Operation: rotateOperation}
	plan.Check(&problems, words().One)
	if r.NewID == "" {
		CreateParams{ExpiresInDays: r.ExpiresInDays, SeatType: r.SeatType}.check(&problems)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	next, err := s.kind(&r).Run(ctx, &plan)
	var failure *rotate.Failure
	if errors.As(err, &failure) {
		return nil, newRotationError(failure)
	}
	return next, err
}

const (
	rotateOperation = "rotateServiceToken"
	maxDescription  = 1000
)

// kind is what the rotation of a service token consists of.
func (s *Service) kind(r *Rotation) *rotate.Kind[ServiceToken, Created] {
	return &rotate.Kind[ServiceToken, Created]{
		Words: words(),
		Get:   func(ctx context.Context, id client.ID) (*ServiceToken, error) { return s.Get(ctx, id) },
		All:   func(ctx context.Context) iter.Seq2[ServiceToken, error] { return s.All(ctx, ListParams{}) },
		End:   func(ctx context.Context, id client.ID) error { return s.Archive(ctx, id) },
		Like: func(old *ServiceToken) (rotate.Maker[Created], error) {
			p, err := r.params(old)
			return rotate.Maker[Created]{Name: p.Name, Create: func(ctx context.Context, mark string) (*Created, error) {
				marked := p
				marked.Description = rotate.Marked(p.Description, mark, maxDescription)
				created, err := s.Create(ctx, marked)
				if err == nil && created.ID == "" { // it could not be archived again
					err = client.NewDecodeError(&opCreateServiceToken, http.StatusCreated, nil, nil, errNoID)
				}
				return created, err
			}}, err
		},
		View: func(t *ServiceToken) rotate.View {
			return rotate.View{ID: t.ID, Name: t.Name, Text: t.Description, Ended: !t.ArchivedAt.IsZero()}
		},
		Record:    func(c *Created) *ServiceToken { return &c.ServiceToken },
		SameReach: sameReach,
		Sleep:     s.sleep,
	}
}

// sameReach refuses a replacement that may do other things than the token it replaces: a seat's name that belongs to
// another seat, or an id mistyped. What the platform does not show is not compared.
func sameReach(old, next *ServiceToken) error {
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

// params describes a token like the old one.
func (r *Rotation) params(old *ServiceToken) (CreateParams, error) {
	p := CreateParams{Name: old.Name, Description: old.Description, ExpiresInDays: r.ExpiresInDays}
	problems := client.ParamError{Operation: rotateOperation}
	if p.ExpiresInDays == 0 {
		days, known := lifetime(old)
		if !known {
			problems.Add("ExpiresInDays", "is required: the platform does not show the old token's lifetime")
		}
		p.ExpiresInDays = days
	}
	switch {
	// The scope is documented to be shown by lists only; a seat or a role tells it as well.
	case old.Scope == ScopeSeat, old.Scope == "" && (old.SeatID != "" || old.Role != ""):
		p.Scope, p.Role, p.SeatName, p.SeatType = ScopeSeat, old.Role, r.SeatName, r.SeatType
	case old.Scope == ScopeCustomer, old.Scope == "":
		p.SeatName, p.SeatType = r.SeatName, r.SeatType // refused by checkScope
	default:
		problems.Add("id", "is of a token whose scope this package does not know")
	}
	p.checkScope(&problems)
	return p, problems.Err()
}

// lifetime is that of a token, in days as the platform counts them; 0 for one that does not expire.
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
