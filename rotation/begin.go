package rotation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// recreations limits how often a creation with a lost response is started.
const recreations = 3

// begin creates the replacement and makes sure that it is the only one. It returns nil with failure.NewID set if an
// earlier run deployed one. Its error is an Error, or that of the factory.
func (r *run[T, C]) begin(ctx context.Context) (*C, error) {
	r.failure.Unsearched = true // an earlier run may have left something
	old, err := r.valid(ctx, r.oldID)
	if err != nil {
		if errors.Is(err, client.ErrNotFound) || errors.Is(err, ErrEnded) {
			err = r.nameSuccessor(ctx, err)
		}
		return nil, r.stop(StageCreate, err)
	}
	r.old = old
	problems := r.problems(r.oldID)
	factory := r.NewFactory(old, problems)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	r.name = factory.Name
	seen, err := r.look(ctx)
	if err != nil {
		return nil, r.stop(StageCreate, err)
	}
	r.before = seen.alive
	r.failure.Unsearched = false
	if len(seen.others) > 0 {
		if done, err := r.resolve(ctx, seen.others); done || err != nil {
			return nil, err
		}
	}
	created, err := r.create(ctx, factory)
	if err != nil {
		return nil, r.stop(StageCreate, err)
	}
	r.failure.NewID = r.Summary(r.Record(created)).ID
	if err := r.admit(ctx, r.Record(created)); err != nil {
		return nil, r.stop(StageCreate, r.undo(ctx, r.failure.NewID, err))
	}
	return created, nil
}

// valid returns a credential that has not ended.
func (r *run[T, C]) valid(ctx context.Context, id client.ID) (*T, error) {
	one, err := r.Get(ctx, id)
	if err == nil && r.Summary(one).Ended {
		err = ErrEnded
	}
	return one, err
}

// admit returns an error if the replacement must not be deployed.
func (r *run[T, C]) admit(ctx context.Context, next *T) error {
	if err := r.CheckReach(r.old, next); err != nil {
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
	r.failure.add(seen.others)
	return reason
}

// resolve decides what happens to replacements that earlier runs left. It changes nothing unless Deployed is known for
// each of them and true for at most one.
func (r *run[T, C]) resolve(ctx context.Context, others []Summary) (resumed bool, err error) {
	unfinished := func(err error) error {
		r.failure.add(others)
		return r.stop(StageCreate, err)
	}
	if r.plan.Deployed == nil {
		const fix = "resume it if its replacement is deployed, abandon it if not"
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
			others = slices.DeleteFunc(others, func(v Summary) bool { return slices.Contains(unused[:i], v.ID) })
			err = fmt.Errorf("%w; cannot end %s: %w", ErrUnfinished, id, wire.Bare(err))
			return false, unfinished(err)
		}
	}
	if len(deployed) == 0 {
		return false, nil
	}
	r.failure.NewID = deployed[0]
	return true, nil
}

// create creates a credential. What a creation with a lost response made is ended here if the list shows it already,
// and otherwise by claim.
func (r *run[T, C]) create(ctx context.Context, factory Factory[C]) (*C, error) {
	r.mark = newMark(r.oldID)
	r.failure.Mark = r.mark
	text := withMark(r.Summary(r.old).Text, r.mark, r.MaxText)
	for try := 1; ; try++ {
		created, err := factory.Create(ctx, text)
		if err == nil && r.Summary(r.Record(created)).ID == "" { // it could not be ended again
			err = errNoID
		}
		if err == nil {
			return created, nil
		}
		var searchErr error
		lost := errors.Is(err, errNoID) || client.MayHaveApplied(err)
		if lost {
			r.lost++
			searchErr = r.endLost(ctx)
		}
		if searchErr == nil && lost && ctx.Err() == nil && try < recreations {
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
