package rotate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// recreations is how often a creation with a lost response is started.
const recreations = 3

// Begin creates the replacement and makes sure that it is the only one.
func (k *Kind[T, C]) Begin(ctx context.Context, plan *Plan[C]) (*C, State, error) {
	r := k.newRun(plan)
	created, err := r.begin(ctx)
	if err != nil {
		return nil, State{}, err
	}
	if created == nil { // deployed by an earlier run
		return nil, State{}, r.stop(Create, ErrUnfinished)
	}
	return created, State{OldID: plan.OldID, NewID: r.failure.NewID}, nil
}

// Finish ends the old credential, if the replacement is valid and the only one.
func (k *Kind[T, C]) Finish(ctx context.Context, plan *Plan[C]) (*T, error) {
	r := k.newRun(plan)
	if err := r.loadOld(ctx); err != nil {
		return nil, r.stop(End, err)
	}
	next, err := r.replacement(ctx)
	if err == nil {
		err = r.finish(ctx)
	}
	if err != nil {
		return nil, r.stop(End, err)
	}
	return next, nil
}

// Abandon ends the replacement. It refuses if the old credential is not valid or the other is not its replacement.
func (k *Kind[T, C]) Abandon(ctx context.Context, plan *Plan[C]) error {
	r := k.newRun(plan)
	if err := r.abandon(ctx); err != nil {
		return r.stop(Abandon, err)
	}
	return nil
}

func (r *run[T, C]) abandon(ctx context.Context) error {
	old, err := r.Get(ctx, r.plan.OldID)
	if err == nil && r.View(old).Ended {
		err = r.Words.HasEnded
	}
	if err != nil {
		return fmt.Errorf("%s %s must be valid: %w", r.Words.One, r.plan.OldID, wire.Bare(err))
	}
	r.old = old
	next, err := r.await(ctx, r.plan.NewID)
	if err != nil {
		return err
	}
	view := r.View(next)
	r.name, r.mark = view.Name, markOf(view.Text)
	if view.Text != "" && !r.related(r.mark) {
		return fmt.Errorf("%s %s is not a replacement of %s", r.Words.One, view.ID, r.plan.OldID)
	}
	if !view.Ended {
		if err := r.end(ctx, view.ID); err != nil {
			return err
		}
	}
	r.failure.NewEnded = true
	seen, err := r.look(ctx)
	if err != nil {
		r.failure.Unsearched = true
		return err
	}
	return r.endOwn(ctx, seen, view.ID)
}

// begin creates the replacement, or returns nil with plan.NewID set to one that an earlier run deployed. Its error is
// a Failure, or that of Like.
func (r *run[T, C]) begin(ctx context.Context) (*C, error) {
	r.failure.Unsearched = true // an earlier run may have left something
	old, err := r.Get(ctx, r.plan.OldID)
	if err == nil && r.View(old).Ended {
		err = r.Words.HasEnded
	}
	if err != nil {
		if errors.Is(err, client.ErrNotFound) || errors.Is(err, r.Words.HasEnded) {
			err = r.nameSuccessor(ctx, err)
		}
		return nil, r.stop(Create, err)
	}
	r.old = old
	maker, err := r.Like(old)
	if err != nil {
		return nil, err
	}
	r.name = maker.Name
	seen, err := r.look(ctx)
	if err != nil {
		return nil, r.stop(Create, err)
	}
	r.before = seen.alive
	r.failure.Unsearched = false
	if len(seen.others) > 0 {
		if done, err := r.resolve(ctx, seen.others); done || err != nil {
			return nil, err
		}
	}
	created, err := r.create(ctx, maker)
	if err != nil {
		return nil, r.stop(Create, err)
	}
	r.failure.NewID = r.View(r.Record(created)).ID
	if err := r.admit(ctx, r.Record(created)); err != nil {
		return nil, r.stop(Create, r.undo(ctx, r.failure.NewID, err))
	}
	return created, nil
}

// admit returns an error if the replacement must not be deployed.
func (r *run[T, C]) admit(ctx context.Context, next *T) error {
	if err := r.SameReach(r.old, next); err != nil {
		if r.lost > r.found {
			err = r.accountForLost(ctx, err)
		}
		return err
	}
	return r.claim(ctx, next)
}

// nameSuccessor names the replacement of a credential that has ended: a run may have been killed right after its last
// step.
func (r *run[T, C]) nameSuccessor(ctx context.Context, reason error) error {
	seen, err := r.look(ctx)
	if err != nil {
		return fmt.Errorf("%w; cannot look for its replacement: %w", reason, wire.Bare(err))
	}
	r.failure.Unsearched = false
	r.report(seen.others)
	return reason
}

// report puts replacements that other runs made into the failure.
func (r *run[T, C]) report(others []View) {
	if len(others) == 1 && r.failure.NewID == "" {
		r.failure.NewID = others[0].ID
		return
	}
	for _, other := range others {
		if !slices.Contains(r.failure.Strays, other.ID) {
			r.failure.Strays = append(r.failure.Strays, other.ID)
		}
	}
}

// resolve decides what happens to replacements that earlier runs left. It changes nothing unless Deployed is known for
// each of them and true for at most one.
func (r *run[T, C]) resolve(ctx context.Context, others []View) (resumed bool, err error) {
	unfinished := func(err error) error {
		r.report(others)
		return r.stop(Create, err)
	}
	if r.plan.Deployed == nil {
		const fix = "set NewID if its replacement is deployed, abandon it if not"
		return false, unfinished(fmt.Errorf("%w: "+fix, ErrUnfinished))
	}
	var deployed, unused []client.ID
	for _, other := range others {
		yes, err := r.deployed(ctx, other.ID)
		switch {
		case err != nil:
			err = fmt.Errorf("%w; cannot find out whether %s is deployed: %w", ErrUnfinished, other.ID, err)
			return false, unfinished(err)
		case yes:
			deployed = append(deployed, other.ID)
		default:
			unused = append(unused, other.ID)
		}
	}
	if len(deployed) > 1 {
		return false, unfinished(ErrUnfinished)
	}
	for i, id := range unused {
		if err := r.end(ctx, id); err != nil {
			others = slices.DeleteFunc(others, func(v View) bool { return slices.Contains(unused[:i], v.ID) })
			err = fmt.Errorf("%w; cannot %s %s: %w", ErrUnfinished, r.Words.Ending, id, wire.Bare(err))
			return false, unfinished(err)
		}
	}
	if len(deployed) == 0 {
		return false, nil
	}
	r.plan.NewID, r.failure.NewID = deployed[0], deployed[0]
	return true, nil
}

// create creates a credential. What a creation with a lost response made is ended here if the list shows it already,
// and otherwise by claim.
func (r *run[T, C]) create(ctx context.Context, maker Maker[C]) (*C, error) {
	r.mark = newMark(r.plan.OldID)
	r.failure.Mark = r.mark
	for try := 1; ; try++ {
		created, err := maker.Create(ctx, r.mark)
		if err == nil {
			return created, nil
		}
		var searchErr error
		if client.MayHaveApplied(err) {
			r.lost++
			searchErr = r.endLost(ctx)
		}
		if searchErr == nil && client.MayHaveApplied(err) && ctx.Err() == nil && try < recreations {
			continue
		}
		if searchErr != nil {
			r.failure.Unsearched = r.outstanding()
			return nil, fmt.Errorf("%w; cannot find out what it made: %w", err, wire.Bare(searchErr))
		}
		if r.lost > r.found {
			return nil, r.accountForLost(ctx, err)
		}
		return nil, err
	}
}

// endLost reads the list once and ends what it shows of this run.
func (r *run[T, C]) endLost(ctx context.Context) error {
	ctx, cancel := r.cleanUp(ctx)
	defer cancel()
	seen, err := r.look(ctx)
	if err != nil {
		return err
	}
	return r.endOwn(ctx, seen, r.failure.NewID)
}
