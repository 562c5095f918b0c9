package servicetokens

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
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
	if err := r.check(oldID); err != nil {
		return nil, err
	}
	run := rotation{Service: s, Rotation: r, failure: RotationError{OldID: oldID, NewID: r.NewID}}
	old, err := s.Get(ctx, oldID)
	if r.NewID != "" && errors.Is(err, client.ErrNotFound) {
		old, err = nil, nil // archived by the run that is being resumed, on a platform that hides it then
	}
	if err != nil {
		return nil, run.stop(run.begins(), err)
	}
	var next *ServiceToken
	if r.NewID == "" {
		next, err = run.replace(ctx, old)
	} else {
		next, err = run.resume(ctx, old)
	}
	if err != nil {
		return nil, err
	}
	if err := run.confirm(ctx); err != nil {
		return nil, run.stop(StageConfirm, err)
	}
	if err := run.sweep(ctx, next); err != nil {
		return nil, run.stop(StageArchive, err)
	}
	if old == nil || !old.ArchivedAt.IsZero() {
		return next, nil
	}
	if err := s.Archive(ctx, oldID); err != nil {
		return nil, run.stop(StageArchive, err)
	}
	return next, nil
}

const rotateOperation = "rotateServiceToken"

func (r *Rotation) check(oldID client.ID) error {
	problems := client.ParamError{Operation: rotateOperation}
	if oldID == "" {
		problems.Add("id", "is empty")
	}
	if r.NewID != "" && r.NewID == oldID {
		problems.Add("NewID", "is the token to be replaced")
	}
	if r.Deploy == nil && r.NewID == "" {
		problems.Add("Deploy", "is required")
	}
	if r.Confirm == nil {
		problems.Add("Confirm", "is required")
	}
	if r.ConfirmEvery < 0 {
		problems.Add("ConfirmEvery", "must not be negative")
	}
	if r.NewID == "" {
		CreateParams{ExpiresInDays: r.ExpiresInDays, SeatType: r.SeatType}.check(&problems)
	}
	return problems.Err()
}

const (
	defaultConfirmEvery = 5 * time.Second
	cleanUpTimeout      = 30 * time.Second
)

// rotation is one run of Rotate.
type rotation struct {
	*Service
	Rotation
	failure RotationError
	before  map[client.ID]struct{} // the tokens there were; nil when resuming
	lost    bool                   // the answer to a creation was lost
}

// begins is the stage that a run begins with.
func (r *rotation) begins() RotationStage {
	if r.NewID != "" {
		return StageConfirm
	}
	return StageCreate
}

// stop makes the error for a stage; nil stays nil.
func (r *rotation) stop(stage RotationStage, err error) error {
	if err == nil {
		return nil
	}
	e := r.failure
	e.Stage, e.err = stage, err
	return &e
}

// replace creates and deploys the new token.
func (r *rotation) replace(ctx context.Context, old *ServiceToken) (*ServiceToken, error) {
	if !old.ArchivedAt.IsZero() {
		return nil, r.stop(StageCreate, ErrArchived)
	}
	params, err := r.params(old)
	if err != nil {
		return nil, err
	}
	next, err := r.create(ctx, params)
	if err != nil {
		return nil, r.stop(StageCreate, err)
	}
	r.failure.NewID = next.ID
	if err := sameReach(old, &next.ServiceToken); err != nil {
		return nil, r.stop(StageCreate, r.undo(ctx, next.ID, err))
	}
	deployed := false
	defer func() {
		if !deployed { // Deploy panicked
			_ = r.discard(ctx, next.ID)
		}
	}()
	err = r.Deploy(ctx, next)
	deployed = true
	if err != nil {
		return nil, r.stop(StageDeploy, r.undo(ctx, next.ID, err))
	}
	return &next.ServiceToken, nil
}

// resume finds the token that an earlier run deployed.
func (r *rotation) resume(ctx context.Context, old *ServiceToken) (*ServiceToken, error) {
	next, err := r.Get(ctx, r.NewID)
	unfit := errors.Is(err, client.ErrNotFound)
	if err == nil {
		if !next.ArchivedAt.IsZero() {
			err = ErrArchived
		} else if old != nil {
			err = sameReach(old, next)
		}
		unfit = err != nil
	}
	if err == nil {
		return next, nil
	}
	if unfit {
		r.failure.NewID = "" // it is no replacement
	}
	return nil, r.stop(StageConfirm, fmt.Errorf("token %s cannot be resumed with: %w", r.NewID, err))
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

// undo archives the replacement because of err, and adds what goes wrong with that.
func (r *rotation) undo(ctx context.Context, id client.ID, err error) error {
	if cleanUp := r.discard(ctx, id); cleanUp != nil {
		return fmt.Errorf("%w; archiving the replacement: %w", err, cleanUp)
	}
	r.failure.NewArchived = true
	return err
}

// discard archives a token that this rotation created, also when the context of the rotation has ended.
func (r *rotation) discard(ctx context.Context, id client.ID) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
	defer cancel()
	return r.Archive(ctx, id)
}

// confirm asks until the answer is yes.
func (r *rotation) confirm(ctx context.Context) error {
	every := r.ConfirmEvery
	if every == 0 {
		every = defaultConfirmEvery
	}
	for {
		done, err := r.Confirm(ctx)
		if done || err != nil {
			return err
		}
		if err := r.sleep(ctx, every); err != nil {
			return err
		}
	}
}

// params describes a token like the old one.
func (r *rotation) params(old *ServiceToken) (CreateParams, error) {
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
