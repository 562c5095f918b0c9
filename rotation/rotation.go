package rotation

import (
	"context"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
)

// Plan sets how a rotation deploys and confirms the new credential. C is the type of a new credential with its secret:
// servicetokens.Created or partner.CreatedKey.
type Plan[C any] struct {
	// Deploy hands the new credential to everything that holds the old one: it stores the secret in the secret manager
	// and starts the roll-out. Store the id with it, for Deployed and Resume. [Rotate] requires it.
	//
	// An error does not prove that the secret was not stored, so the new credential stays valid. Return an error that
	// matches [ErrNotDeployed] to have it ended.
	Deploy func(ctx context.Context, next *C) error
	// Deployed reports whether the credential with an id is stored or used anywhere. With it, a run that finds the
	// replacement of an interrupted one resumes with it or ends it; without it, the run fails with [ErrUnfinished]. It
	// must return false only if no other process may still deploy that credential.
	Deployed func(ctx context.Context, id client.ID) (bool, error)
	// Confirm reports whether every consumer uses the new credential. It is called until it returns true or fails, or
	// the context ends. [Rotate] and [Resume] require it: ending a credential that something still uses cuts it off.
	Confirm func(ctx context.Context) (bool, error)
	// ConfirmEvery is the wait between two calls of Confirm. Default 5 s.
	ConfirmEvery time.Duration
	// VerifyWithin limits the waits for the list to reflect a write, each of them. Default 30 s.
	VerifyWithin time.Duration
}

// State identifies a rotation between its steps. It contains ids only, may be stored as JSON and printed, and may be
// built from two ids. The secret of the new credential is not part of it: the platform shows it once, and the caller
// must store it.
type State struct {
	OldID client.ID `json:"oldId"`
	NewID client.ID `json:"newId"`
}

// Rotate replaces a credential. It creates one that may do the same, calls Deploy, calls Confirm until it reports true,
// and only then ends the old one. It returns the new one.
//
// After an error or a panic in Deploy both credentials stay valid, because the secret may have been stored all the
// same. The new one is ended only if the error matches [ErrNotDeployed]. Without a confirmation both stay valid too:
// continue with [Resume]. A replacement that may do other things than it should is ended and not deployed.
//
// If another rotation of the same credential was interrupted, Plan.Deployed decides what happens. If two run at once,
// one of them fails with [ErrUnfinished] and ends what it created. If the old credential has ended already, the error
// matches [ErrEnded] and NewID names its replacement, if there is one.
//
// A client that rotates its own credential keeps working if Deploy sets the new one, see [client.TokenVar].
func Rotate[T, C any](ctx context.Context, d *Driver[T, C], oldID client.ID, plan Plan[C]) (*T, error) {
	r, err := newRun(d, State{OldID: oldID}, plan, required{params: true, deploy: true, confirm: true})
	if err != nil {
		return nil, err
	}
	next, err := r.replace(ctx)
	if err != nil {
		return nil, err
	}
	return r.complete(ctx, next)
}

// Resume continues a rotation whose replacement is deployed: it calls Confirm until it reports true and then ends the
// old credential. Nothing is created or deployed. [Error.State] returns the state of an interrupted rotation. Use a
// driver with the same parameters as before. Safe to repeat.
func Resume[T, C any](ctx context.Context, d *Driver[T, C], state State, plan Plan[C]) (*T, error) {
	r, err := newRun(d, state, plan, required{newID: true, confirm: true})
	if err != nil {
		return nil, err
	}
	next, err := r.resume(ctx)
	if err != nil {
		return nil, err
	}
	return r.complete(ctx, next)
}

// Begin creates the replacement and makes sure that no other exists. Store the secret and the state, deploy the secret,
// and call [Finish] once every consumer uses it, or [Abandon]. Its errors are those of [Rotate]: if a rotation was
// interrupted before its state was stored, [Error.State] returns it. Of the plan, Deployed and VerifyWithin are used.
func Begin[T, C any](ctx context.Context, d *Driver[T, C], oldID client.ID, plan Plan[C]) (*C, State, error) {
	r, err := newRun(d, State{OldID: oldID}, plan, required{params: true})
	if err != nil {
		return nil, State{}, err
	}
	created, err := r.begin(ctx)
	if err != nil {
		return nil, State{}, err
	}
	if created == nil { // deployed by an earlier run
		return nil, State{}, r.stop(StageCreate, ErrUnfinished)
	}
	return created, r.failure.State(), nil
}

// Finish ends the old credential and returns the new one. Call it when every consumer uses the new one, with a driver
// with the same parameters as before. It fails and ends nothing if the new credential is not valid, may do other things
// than it should, or is not the only replacement. Of the plan, VerifyWithin is used. Safe to repeat.
func Finish[T, C any](ctx context.Context, d *Driver[T, C], state State, plan Plan[C]) (*T, error) {
	r, err := newRun(d, state, plan, required{newID: true})
	if err != nil {
		return nil, err
	}
	next, err := r.replacement(ctx)
	if err == nil {
		err = r.finish(ctx)
	}
	if err != nil {
		return nil, r.stop(StageEnd, err)
	}
	return next, nil
}

// Abandon ends the new credential and keeps the old one. It fails if the old one is not valid or the other is not its
// replacement. Of the plan, VerifyWithin is used. Safe to repeat.
func Abandon[T, C any](ctx context.Context, d *Driver[T, C], state State, plan Plan[C]) error {
	r, err := newRun(d, state, plan, required{newID: true})
	if err != nil {
		return err
	}
	if err := r.abandon(ctx); err != nil {
		return r.stop(StageAbandon, err)
	}
	return nil
}
