// Package rotate replaces one machine credential by another, without a moment in which no valid one is deployed. All
// kinds of credentials are rotated by it.
//
// # What survives an interruption
//
// A run may be killed between any two instructions, and two runs may work on the same credential. The only state that
// both can rely on is the platform's list. So every replacement carries a mark that begins with a hash of the old
// credential's id, and each run reads the list twice before it deploys:
//
//   - Before it creates: a marked credential was left by a run that was interrupted, or is being deployed right now.
//     Without [Plan.Deployed] nobody can know which, so the run reports it and changes nothing.
//   - After it created: the run reads the list until its own creation appears. From then on the list contains every
//     earlier creation too. A run that finds an earlier one ends its own and fails. A run that finds a later one waits
//     until it is gone. A run that finds none goes on. Two runs can therefore never both go on.
//
// The list is read once more before the old credential ends, for creations that took effect late.
package rotate

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Kind is a kind of credential and the calls that manage it. T is the record of a credential, C that of a new one with
// its secret.
type Kind[T, C any] struct {
	Words Words

	Get func(context.Context, client.ID) (*T, error)
	All func(context.Context) iter.Seq2[T, error]
	// End revokes a credential.
	End func(context.Context, client.ID) error
	// Like returns a Maker of credentials like an old one. Its error is returned as it is: nothing was sent.
	Like func(old *T) (Maker[C], error)
	// View returns the parts that a rotation reads.
	View func(*T) View
	// Record returns the record of a new credential.
	Record func(*C) *T
	// SameReach refuses a replacement that may do other things than the credential it replaces.
	SameReach func(old, next *T) error

	Sleep func(context.Context, time.Duration) error
}

// Maker creates credentials that are alike.
type Maker[C any] struct {
	// Name is the name of all of them; empty if the names differ.
	Name string
	// Create creates one whose text ends in a mark.
	Create func(ctx context.Context, mark string) (*C, error)
}

// View is the part of a credential that a rotation reads.
type View struct {
	ID      client.ID
	Name    string // empty if it is not shown, or if it is the text
	Text    string // the text with the mark; empty if it is not shown
	Ended   bool
	Created time.Time // zero if it is not shown
}

// Plan is one rotation.
type Plan[C any] struct {
	OldID, NewID client.ID
	Deploy       func(context.Context, *C) error
	Deployed     func(context.Context, client.ID) (bool, error)
	Confirm      func(context.Context) (bool, error)
	ConfirmEvery time.Duration
	VerifyWithin time.Duration
}

// Check reports what is missing for a whole rotation.
func (p *Plan[C]) Check(s check.Sink, one string) {
	p.CheckStep(s)
	if p.NewID != "" && p.NewID == p.OldID {
		s.Add("NewID", "is the "+one+" to be replaced")
	}
	if p.Deploy == nil && p.NewID == "" {
		s.Add("Deploy", "is required")
	}
	if p.Confirm == nil {
		s.Add("Confirm", "is required")
	}
	if p.ConfirmEvery < 0 {
		s.Add("ConfirmEvery", "must not be negative")
	}
}

// CheckStep reports what is missing for every step.
func (p *Plan[C]) CheckStep(s check.Sink) {
	if p.OldID == "" {
		s.Add("id", "is required")
	}
	if p.VerifyWithin < 0 {
		s.Add("VerifyWithin", "must not be negative")
	}
}

// CheckState reports what is missing for a step after the first.
func (p *Plan[C]) CheckState(s check.Sink, one string) {
	p.CheckStep(s)
	switch p.NewID {
	case "":
		s.Add("newId", "is required")
	case p.OldID:
		s.Add("newId", "is the "+one+" to be replaced")
	}
}

const (
	defaultConfirmEvery = 5 * time.Second
	defaultVerifyWithin = 30 * time.Second
	// cleanUpTimeout limits the requests of a clean-up, on top of its waits.
	cleanUpTimeout = 30 * time.Second
)

// Run carries out a whole rotation. With a NewID it begins with the confirmation. Its error is a [*Failure], or that
// of Like.
func (k *Kind[T, C]) Run(ctx context.Context, plan *Plan[C]) (*T, error) {
	r := k.newRun(plan)
	var (
		next *T
		err  error
	)
	if plan.NewID == "" {
		next, err = r.replace(ctx)
	} else {
		next, err = r.resume(ctx)
	}
	if err != nil {
		return nil, err
	}
	if err := r.confirm(ctx); err != nil {
		return nil, r.stop(Confirm, err)
	}
	if err := r.finish(ctx); err != nil {
		return nil, r.stop(End, err)
	}
	return next, nil
}

// run is one run of a plan.
type run[T, C any] struct {
	*Kind[T, C]
	plan    Plan[C]
	failure Failure
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

func (k *Kind[T, C]) newRun(plan *Plan[C]) *run[T, C] {
	r := &run[T, C]{
		Kind: k, plan: *plan,
		failure: Failure{OldID: plan.OldID, NewID: plan.NewID, Mark: family(plan.OldID)},
		shown:   make(map[client.ID]struct{}),
		ended:   make(map[client.ID]struct{}),
		texts:   make(map[client.ID]string),
	}
	if r.plan.VerifyWithin == 0 {
		r.plan.VerifyWithin = defaultVerifyWithin
	}
	return r
}

// stop makes the error for a stage.
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
	err = protect("Deploy", func() error { return r.plan.Deploy(ctx, created) })
	var panicked *PanicError
	switch {
	case err == nil:
		return next, nil
	case errors.Is(err, ErrNotDeployed) && !errors.As(err, &panicked):
		return nil, r.stop(Deploy, r.undo(ctx, r.failure.NewID, err))
	default: // the secret may have been stored, although the response of the store was lost
		return nil, r.stop(Deploy, err)
	}
}

// resume checks the credential that an earlier run deployed.
func (r *run[T, C]) resume(ctx context.Context) (*T, error) {
	if err := r.loadOld(ctx); err != nil {
		return nil, r.stop(Confirm, err)
	}
	next, err := r.replacement(ctx)
	if err != nil {
		return nil, r.stop(Confirm, err)
	}
	if r.plan.Deployed == nil {
		return next, nil
	}
	deployed, err := r.deployed(ctx, r.plan.NewID)
	if err == nil && !deployed {
		err = ErrNotDeployed
	}
	if err != nil {
		return nil, r.stop(Confirm, err)
	}
	return next, nil
}

// confirm calls Confirm until it reports true.
func (r *run[T, C]) confirm(ctx context.Context) error {
	every := r.plan.ConfirmEvery
	if every == 0 {
		every = defaultConfirmEvery
	}
	for {
		done := false
		err := protect("Confirm", func() (err error) {
			done, err = r.plan.Confirm(ctx)
			return err
		})
		if done || err != nil {
			return err
		}
		if err := r.Sleep(ctx, every); err != nil {
			return err
		}
	}
}

// deployed calls Deployed.
func (r *run[T, C]) deployed(ctx context.Context, id client.ID) (yes bool, err error) {
	err = protect("Deployed", func() (err error) {
		yes, err = r.plan.Deployed(ctx, id)
		return err
	})
	return yes, err
}

// undo ends the replacement because of err, and adds the error of doing so.
func (r *run[T, C]) undo(ctx context.Context, id client.ID, err error) error {
	ctx, cancel := r.cleanUp(ctx)
	defer cancel()
	if endErr := r.end(ctx, id); endErr != nil {
		return fmt.Errorf("%w; cannot %s the replacement: %w", err, r.Words.Ending, wire.Bare(endErr))
	}
	r.failure.NewEnded = true
	return err
}

// cleanUp returns a context that outlives the caller's: what this run created must not stay.
func (r *run[T, C]) cleanUp(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout+r.plan.VerifyWithin)
}

// protect calls a function of the caller and returns a panic as an error.
func protect(name string, f func() error) (err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if value := recover(); value != nil { // nil after runtime.Goexit
			err = &PanicError{Func: name, Value: value, Stack: debug.Stack()}
		}
	}()
	err = f()
	returned = true
	return err
}
