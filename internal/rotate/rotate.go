// Package rotate replaces one machine credential by another, without a moment in which no valid one is deployed. All kinds
// of credentials are rotated by it.
package rotate

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Kind is a kind of credential, and how it is managed. T is the record of one, C one that was just created, with its
// secret.
type Kind[T, C any] struct {
	Words Words

	Get func(context.Context, client.ID) (*T, error)
	All func(context.Context) iter.Seq2[T, error]
	// End makes a credential stop to work; one that has ended may be ended again.
	End func(context.Context, client.ID) error
	// Like tells how to create one like an old one. Its error is returned as it is: nothing was sent.
	Like func(old *T) (Maker[C], error)
	// View is what a rotation looks at.
	View func(*T) View
	// Record is the record of a new one.
	Record func(*C) *T
	// SameReach refuses a replacement that may do other things than the credential it replaces.
	SameReach func(old, next *T) error

	Sleep func(context.Context, time.Duration) error
}

// Maker creates credentials that are alike.
type Maker[C any] struct {
	// Name is what all of them are called; empty where that differs.
	Name string
	// Create creates one whose text ends in a mark.
	Create func(ctx context.Context, mark string) (*C, error)
}

// View is what a rotation looks at in a credential.
type View struct {
	ID    client.ID
	Name  string // empty if it is not shown, or if it is the text
	Text  string // what ends in the mark; empty if it is not shown
	Ended bool
}

// Plan is one rotation.
type Plan[C any] struct {
	OldID, NewID client.ID
	Deploy       func(context.Context, *C) error
	Confirm      func(context.Context) (bool, error)
	ConfirmEvery time.Duration
}

// Check tells what is missing in a plan.
func (p *Plan[C]) Check(s check.Sink, one string) {
	if p.OldID == "" {
		s.Add("id", "is required")
	}
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

const (
	defaultConfirmEvery = 5 * time.Second
	cleanUpTimeout      = 30 * time.Second
)

// Run carries a plan out, from the first step or, with a NewID, from the confirmation. Its error is a [*Failure], or that
// of Like.
func (k *Kind[T, C]) Run(ctx context.Context, plan *Plan[C]) (*T, error) {
	r := run[T, C]{Kind: k, plan: plan, failure: Failure{OldID: plan.OldID, NewID: plan.NewID}}
	old, err := k.Get(ctx, plan.OldID)
	if plan.NewID != "" && errors.Is(err, client.ErrNotFound) {
		old, err = nil, nil // ended by the run that is being resumed, on a platform that hides it then
	}
	if err != nil {
		return nil, r.stop(r.begins(), err)
	}
	var next *T
	if plan.NewID == "" {
		next, err = r.replace(ctx, old)
	} else {
		next, err = r.resume(ctx, old)
	}
	if err != nil {
		return nil, err
	}
	if err := r.confirm(ctx); err != nil {
		return nil, r.stop(Confirm, err)
	}
	if err := r.sweep(ctx, next); err != nil {
		return nil, r.stop(End, err)
	}
	if old == nil || k.View(old).Ended {
		return next, nil
	}
	if err := k.End(ctx, plan.OldID); err != nil {
		return nil, r.stop(End, err)
	}
	return next, nil
}

// run is one run of a plan.
type run[T, C any] struct {
	*Kind[T, C]
	plan    *Plan[C]
	failure Failure
	before  map[client.ID]struct{} // the credentials there were; nil when resuming
	lost    bool                   // the answer to a creation was lost
}

// begins is the stage that a run begins with.
func (r *run[T, C]) begins() Stage {
	if r.plan.NewID != "" {
		return Confirm
	}
	return Create
}

// stop makes the error for a stage.
func (r *run[T, C]) stop(stage Stage, err error) error {
	e := r.failure
	e.Stage, e.Err = stage, err
	return &e
}

// replace creates and deploys the new credential.
func (r *run[T, C]) replace(ctx context.Context, old *T) (*T, error) {
	if r.View(old).Ended {
		return nil, r.stop(Create, r.Words.HasEnded)
	}
	maker, err := r.Like(old)
	if err != nil {
		return nil, err
	}
	created, err := r.create(ctx, maker)
	if err != nil {
		return nil, r.stop(Create, err)
	}
	next := r.Record(created)
	id := r.View(next).ID
	r.failure.NewID = id
	if err := r.SameReach(old, next); err != nil {
		return nil, r.stop(Create, r.undo(ctx, id, err))
	}
	deployed := false
	defer func() {
		if !deployed { // Deploy panicked
			_ = r.discard(ctx, id)
		}
	}()
	err = r.plan.Deploy(ctx, created)
	deployed = true
	if err != nil {
		return nil, r.stop(Deploy, r.undo(ctx, id, err))
	}
	return next, nil
}

// resume finds the credential that an earlier run deployed.
func (r *run[T, C]) resume(ctx context.Context, old *T) (*T, error) {
	next, err := r.Get(ctx, r.plan.NewID)
	unfit := errors.Is(err, client.ErrNotFound)
	if err == nil {
		if r.View(next).Ended {
			err = r.Words.HasEnded
		} else if old != nil {
			err = r.SameReach(old, next)
		}
		unfit = err != nil
	}
	if err == nil {
		return next, nil
	}
	if unfit {
		r.failure.NewID = "" // it is no replacement
	}
	return nil, r.stop(Confirm, fmt.Errorf("%s %s cannot be resumed with: %w", r.Words.One, r.plan.NewID, wire.Bare(err)))
}

// undo ends the replacement because of err, and adds what goes wrong with that.
func (r *run[T, C]) undo(ctx context.Context, id client.ID, err error) error {
	if cleanUp := r.discard(ctx, id); cleanUp != nil {
		return fmt.Errorf("%w; %s the replacement: %w", err, r.Words.Ending, wire.Bare(cleanUp))
	}
	r.failure.NewEnded = true
	return err
}

// discard ends a credential that this run created, also when the context of the run has ended.
func (r *run[T, C]) discard(ctx context.Context, id client.ID) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
	defer cancel()
	return r.End(ctx, id)
}

// confirm asks until the answer is yes.
func (r *run[T, C]) confirm(ctx context.Context) error {
	every := r.plan.ConfirmEvery
	if every == 0 {
		every = defaultConfirmEvery
	}
	for {
		done, err := r.plan.Confirm(ctx)
		if done || err != nil {
			return err
		}
		if err := r.Sleep(ctx, every); err != nil {
			return err
		}
	}
}
