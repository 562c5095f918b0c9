package servicetokens

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/rotate"
)

// Rotate replaces a token so that at every moment a valid one is deployed. It creates a token of the same scope, role
// and name, calls Deploy, calls Confirm until it reports true, and only then archives the old token. It returns the new
// one.
//
// Every failure after the arguments were checked is a [*RotationError] that names the tokens that exist. After an error
// or a panic in Deploy both tokens stay valid, because the secret may have been stored all the same. The new one is
// archived only if the error matches [ErrNotDeployed]. While the confirmation does not come, both stay valid. Resume
// with [Rotation.NewID]. A replacement that reaches another seat or has another role is archived and not deployed.
//
// The new token's description ends in a mark such as [rotation 9f3c…], derived from the id of the old token; the next
// rotation replaces it. A run that follows an interrupted one finds the token that the other left. Without
// [Rotation.Deployed] it cannot know whether that token is deployed: it fails with [ErrUnfinished], names the token and
// changes nothing. If two rotations of the same token run at once, one of them fails with ErrUnfinished and archives
// what it created.
//
// After a creation whose response was lost, Rotate creates another token and reads the list until that one appears.
// Then it archives what the first creation made. It waits for at most [Rotation.VerifyWithin] and reports what it could
// not verify. Tokens without the mark are never touched.
//
// If the old token is archived already, the error matches [ErrArchived] and NewID names its replacement, if there is
// one.
//
// A Service that rotates its own credential keeps working if Deploy sets the new one, see [client.TokenVar].
//
// [Service.BeginRotation], [Service.FinishRotation] and [Service.AbandonRotation] are the individual steps.
func (s *Service) Rotate(ctx context.Context, oldID client.ID, r Rotation) (*ServiceToken, error) {
	plan := r.plan(RotationState{OldID: oldID, NewID: r.NewID})
	problems := client.ParamError{Operation: rotateOperation}
	plan.Check(&problems, words().One)
	if r.NewID == "" {
		r.check(&problems)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	next, err := s.kind(&r).Run(ctx, &plan)
	return next, rotationError(err)
}

// BeginRotation creates the replacement of a token and makes sure that no other exists. Deploy, Confirm and NewID of r
// are not used. Store the secret of the new token and the state, deploy the token, and call [Service.FinishRotation]
// once every consumer uses it, or [Service.AbandonRotation]. Its errors are those of [Service.Rotate]: the state of a
// rotation that was interrupted before it was stored is that of the error, see [RotationError.State].
func (s *Service) BeginRotation(ctx context.Context, oldID client.ID, r Rotation) (*Created, RotationState, error) {
	plan := r.plan(RotationState{OldID: oldID})
	problems := client.ParamError{Operation: rotateOperation}
	plan.CheckStep(&problems)
	r.check(&problems)
	if err := problems.Err(); err != nil {
		return nil, RotationState{}, err
	}
	created, state, err := s.kind(&r).Begin(ctx, &plan)
	return created, state, rotationError(err)
}

// FinishRotation archives the old token and returns the new one. Call it when every consumer uses the new token. It
// fails and archives nothing if the new token is not valid, reaches less or more than the old one, or is not the only
// replacement. Safe to repeat. Only VerifyWithin of r is used.
func (s *Service) FinishRotation(ctx context.Context, state RotationState, r Rotation) (*ServiceToken, error) {
	plan := r.plan(state)
	problems := client.ParamError{Operation: rotateOperation}
	plan.CheckState(&problems, words().One)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	next, err := s.kind(&r).Finish(ctx, &plan)
	return next, rotationError(err)
}

// AbandonRotation archives the new token and keeps the old one. It fails if the old token is not valid or the other is
// not its replacement. Safe to repeat.
func (s *Service) AbandonRotation(ctx context.Context, state RotationState) error {
	var r Rotation
	plan := r.plan(state)
	problems := client.ParamError{Operation: rotateOperation}
	plan.CheckState(&problems, words().One)
	if err := problems.Err(); err != nil {
		return err
	}
	return rotationError(s.kind(&r).Abandon(ctx, &plan))
}

func (r *Rotation) plan(state RotationState) rotate.Plan[Created] {
	return rotate.Plan[Created]{
		OldID: state.OldID, NewID: state.NewID,
		Deploy: r.Deploy, Deployed: r.Deployed,
		Confirm: r.Confirm, ConfirmEvery: r.ConfirmEvery, VerifyWithin: r.VerifyWithin,
	}
}

func (r *Rotation) check(s check.Sink) {
	CreateParams{ExpiresInDays: r.ExpiresInDays, SeatType: r.SeatType}.check(s)
}

const (
	rotateOperation = "rotateServiceToken"
	maxDescription  = 1000
	maxTake         = 100 // a list that changes between two pages may skip a token
)

// kind returns the calls that the rotation of a service token consists of.
func (s *Service) kind(r *Rotation) *rotate.Kind[ServiceToken, Created] {
	return &rotate.Kind[ServiceToken, Created]{
		Words: words(),
		Get:   func(ctx context.Context, id client.ID) (*ServiceToken, error) { return s.Get(ctx, id) },
		All:   func(ctx context.Context) iter.Seq2[ServiceToken, error] { return s.All(ctx, ListParams{Take: maxTake}) },
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
			return rotate.View{
				ID: t.ID, Name: t.Name, Text: t.Description, Ended: !t.ArchivedAt.IsZero(), Created: t.CreatedAt,
			}
		},
		Record:    func(c *Created) *ServiceToken { return &c.ServiceToken },
		SameReach: sameReach,
		Sleep:     s.wait,
	}
}

// sameReach refuses a replacement that may do other things than the token it replaces: the name of another seat, or a
// mistyped id. Fields that the platform does not show are not compared.
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

// params returns the parameters of a token like the old one.
func (r *Rotation) params(old *ServiceToken) (CreateParams, error) {
	p := CreateParams{Name: cmp.Or(old.Name, "replacement of "+string(old.ID)), Description: old.Description, ExpiresInDays: r.ExpiresInDays}
	problems := client.ParamError{Operation: rotateOperation}
	if p.ExpiresInDays == 0 {
		days, known := lifetime(old)
		if !known {
			problems.Add("ExpiresInDays", "is required: the platform does not show the old token's lifetime")
		}
		p.ExpiresInDays = days
	}
	switch {
	// The scope is documented to be shown by lists only; a seat or a role implies it.
	case old.Scope == ScopeSeat, old.Scope == "" && (old.SeatID != "" || old.Role != ""):
		p.Scope, p.Role, p.SeatName, p.SeatType = ScopeSeat, old.Role, r.SeatName, r.SeatType
	case old.Scope == ScopeCustomer, old.Scope == "":
		p.SeatName, p.SeatType = r.SeatName, r.SeatType // refused by checkScope
	default:
		problems.Add("id", "is of a token whose scope this package does not know")
	}
	p.NeverExpires = p.ExpiresInDays == 0 && p.Scope != ScopeSeat
	p.checkScope(&problems)
	return p, problems.Err()
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
