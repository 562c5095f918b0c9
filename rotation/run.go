package rotation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/retry"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

const (
	defaultConfirmEvery = 5 * time.Second
	defaultVerifyWithin = 30 * time.Second
	// cleanUpTimeout limits the requests of a clean-up, on top of its waits.
	cleanUpTimeout = 30 * time.Second
)

// run is one run of a rotation.
type run[T, C any] struct {
	Driver[T, C]
	plan    Plan[C]
	oldID   client.ID
	failure Error                  // of the run, should it stop now
	old     *T                     // nil if it has ended on a platform that hides it then
	name    string                 // the name that replacements have; empty if they differ
	mark    string                 // the mark of this run
	before  map[client.ID]struct{} // what was listed before the creation; nil when resuming
	shown   map[client.ID]struct{} // what a list has shown
	ended   map[client.ID]struct{} // what this run has ended: a list may still show it
	texts   map[client.ID]string   // texts that lists do not show
	lost    int                    // creations whose response was lost
	found   int                    // those of them that were found and ended
}

// required selects the arguments that a step uses, besides the driver and the id of the old credential.
type required struct{ newID, params, deploy, confirm bool }

// newRun returns a run, or an error that lists all problems of the arguments.
func newRun[T, C any](d *Driver[T, C], state State, plan Plan[C], uses required) (*run[T, C], error) {
	problems := d.problems(state.OldID)
	switch {
	case uses.newID && state.NewID == "":
		problems.Add("newId", "is required")
	case uses.newID && state.NewID == state.OldID:
		problems.Add("newId", "is the credential to be replaced")
	}
	if uses.confirm && plan.Confirm == nil {
		problems.Add("Confirm", "is required")
	}
	if uses.confirm && plan.ConfirmEvery < 0 {
		problems.Add("ConfirmEvery", "must not be negative")
	}
	if uses.deploy && plan.Deploy == nil {
		problems.Add("Deploy", "is required")
	}
	if uses.params && d != nil && d.Check != nil {
		d.Check(problems)
	}
	if plan.VerifyWithin < 0 {
		problems.Add("VerifyWithin", "must not be negative")
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	r := &run[T, C]{
		Driver: *d, plan: plan, oldID: state.OldID,
		failure: Error{Kind: d.Kind, OldID: state.OldID, NewID: state.NewID, Mark: family(state.OldID)},
		shown:   make(map[client.ID]struct{}),
		ended:   make(map[client.ID]struct{}),
		texts:   make(map[client.ID]string),
	}
	if r.Sleep == nil {
		r.Sleep = retry.Wait
	}
	if r.CheckReach == nil {
		r.CheckReach = func(_, _ *T) error { return nil }
	}
	r.plan.VerifyWithin = cmp.Or(r.plan.VerifyWithin, defaultVerifyWithin)
	return r, nil
}

// stop returns the error for a stage.
func (r *run[T, C]) stop(stage Stage, err error) error {
	e := r.failure
	e.Stage, e.Err = stage, err
	return &e
}

// replace creates and deploys the new credential, or resumes with one that an earlier run deployed.
func (r *run[T, C]) replace(ctx context.Context) (*T, error) {
	created, err := r.begin(ctx)
	if err != nil {
		return nil, err
	}
	if created == nil {
		return r.resume(ctx)
	}
	next := r.Record(created)
	_, err = protect("Deploy", func() (bool, error) { return true, r.plan.Deploy(ctx, created) })
	var panicked *PanicError
	switch {
	case err == nil:
		return next, nil
	case errors.Is(err, ErrNotDeployed) && !errors.As(err, &panicked):
		return nil, r.stop(StageDeploy, r.undo(ctx, r.failure.NewID, err))
	default: // the secret may have been stored, although the response of the store was lost
		return nil, r.stop(StageDeploy, err)
	}
}

// resume checks the credential that an earlier run deployed.
func (r *run[T, C]) resume(ctx context.Context) (*T, error) {
	next, err := r.replacement(ctx)
	if err == nil && r.plan.Deployed != nil {
		var deployed bool
		if deployed, err = r.deployed(ctx, r.failure.NewID); err == nil && !deployed {
			err = ErrNotDeployed
		}
	}
	if err != nil {
		return nil, r.stop(StageConfirm, err)
	}
	return next, nil
}

// replacement returns the new credential if it is valid and may do what it should.
func (r *run[T, C]) replacement(ctx context.Context) (*T, error) {
	if r.old == nil {
		old, err := r.Get(ctx, r.oldID)
		switch {
		case err == nil:
			r.old = old
		case !errors.Is(err, client.ErrNotFound): // otherwise it has ended where that hides it; finish reads the list
			return nil, err
		}
	}
	id := r.failure.NewID
	next, err := r.await(ctx, id)
	unfit := errors.Is(err, client.ErrNotFound)
	if err == nil {
		if r.Summary(next).Ended {
			err = ErrEnded
		} else if r.old != nil {
			err = r.CheckReach(r.old, next)
		}
		unfit = err != nil
	}
	if unfit {
		r.failure.NewID = ""
	}
	if err != nil {
		return nil, fmt.Errorf("cannot resume with %s: %w", id, wire.Bare(err))
	}
	summary := r.Summary(next)
	r.name, r.mark = summary.Name, markOf(summary.Text)
	r.failure.Mark = cmp.Or(r.mark, r.failure.Mark)
	return next, nil
}

// await returns a credential that a list may not show yet.
func (r *run[T, C]) await(ctx context.Context, id client.ID) (one *T, err error) {
	var missing error
	_, err = r.poll(ctx, func() (bool, error) {
		one, missing = r.Get(ctx, id)
		if errors.Is(missing, client.ErrNotFound) {
			return false, nil
		}
		return true, missing
	})
	return one, cmp.Or(err, missing)
}

// complete waits for the confirmation and ends the old credential.
func (r *run[T, C]) complete(ctx context.Context, next *T) (*T, error) {
	if err := r.confirm(ctx); err != nil {
		return nil, r.stop(StageConfirm, err)
	}
	if err := r.finish(ctx); err != nil {
		return nil, r.stop(StageEnd, err)
	}
	return next, nil
}

// confirm calls Confirm until it reports true.
func (r *run[T, C]) confirm(ctx context.Context) error {
	for {
		done, err := protect("Confirm", func() (bool, error) { return r.plan.Confirm(ctx) })
		if done || err != nil {
			return err
		}
		if err := r.Sleep(ctx, cmp.Or(r.plan.ConfirmEvery, defaultConfirmEvery)); err != nil {
			return err
		}
	}
}

// deployed calls Deployed.
func (r *run[T, C]) deployed(ctx context.Context, id client.ID) (bool, error) {
	return protect("Deployed", func() (bool, error) { return r.plan.Deployed(ctx, id) })
}

// undo ends the replacement because of err, and adds the error of doing so.
func (r *run[T, C]) undo(ctx context.Context, id client.ID, err error) error {
	ctx, cancel := r.cleanUp(ctx)
	defer cancel()
	if endErr := r.end(ctx, id); endErr != nil {
		return fmt.Errorf("%w; cannot end the replacement: %w", err, wire.Bare(endErr))
	}
	r.failure.NewEnded = true
	return err
}

// cleanUp returns a context that outlives the caller's: what this run created must not stay.
func (r *run[T, C]) cleanUp(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout+r.plan.VerifyWithin)
}

// protect calls a function of the caller and returns a panic as an error.
func protect(name string, f func() (bool, error)) (done bool, err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if value := recover(); value != nil { // nil after runtime.Goexit
			err = &PanicError{Func: name, Value: value, Stack: debug.Stack()}
		}
	}()
	done, err = f()
	returned = true
	return done, err
}
