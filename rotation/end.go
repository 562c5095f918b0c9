package rotation

import (
	"context"
	"errors"
	"fmt"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// abandon ends the replacement and everything else that its run created.
func (r *run[T, C]) abandon(ctx context.Context) error {
	if _, err := r.valid(ctx, r.oldID); err != nil {
		return fmt.Errorf("%s must be valid: %w", r.oldID, wire.Bare(err))
	}
	next, err := r.await(ctx, r.failure.NewID)
	if err != nil {
		return err
	}
	summary := r.Summary(next)
	r.name, r.mark = summary.Name, markOf(summary.Text)
	if summary.Text != "" && !r.related(r.mark) {
		return fmt.Errorf("%s is not a replacement of %s", summary.ID, r.oldID)
	}
	if !summary.Ended {
		if err := r.end(ctx, summary.ID); err != nil {
			return err
		}
	}
	r.failure.NewEnded = true
	seen, err := r.look(ctx)
	if err != nil {
		r.failure.Unsearched = true
		return err
	}
	return r.endOwn(ctx, seen)
}

// finish ends the old credential, unless the replacement is not valid or not the only one.
func (r *run[T, C]) finish(ctx context.Context) error {
	id := r.failure.NewID
	var seen *listing
	alive := false
	done, err := r.poll(ctx, func() (bool, error) {
		var err error
		if seen, err = r.look(ctx); err != nil {
			return false, err
		}
		if _, alive = seen.alive[id]; !alive {
			return false, nil
		}
		return len(seen.others) == 0, r.endOwn(ctx, seen)
	})
	switch {
	case err != nil:
		r.failure.Unsearched = seen == nil || r.outstanding()
		return err
	case !alive:
		return fmt.Errorf("the list does not show %s", id)
	case !done:
		r.failure.add(seen.others)
		return ErrUnfinished
	}
	if err := r.endLate(ctx); err != nil {
		return err
	}
	_, listed := seen.alive[r.oldID]
	if listed || (r.old != nil && !r.Summary(r.old).Ended) {
		if err := r.end(ctx, r.oldID); err != nil {
			return err
		}
	}
	if r.lost > r.found {
		return r.unaccounted(r.endLost(ctx))
	}
	return nil
}

// endLate looks once more for creations with a lost response, after the list has reflected a later write: a gateway may
// give up long before the request behind it takes effect.
func (r *run[T, C]) endLate(ctx context.Context) error {
	if r.found >= r.lost {
		return nil
	}
	_, err := r.pollFor(ctx, min(lateWithin, r.plan.VerifyWithin), func() (bool, error) {
		err := r.endLost(ctx)
		return r.found >= r.lost, err
	})
	return r.unaccounted(err)
}

// unaccounted adds to an error that creations with a lost response may have made something.
func (r *run[T, C]) unaccounted(err error) error {
	if err == nil {
		return nil
	}
	r.failure.Unsearched = r.outstanding()
	return fmt.Errorf("cannot find out what a creation made whose response was lost: %w", wire.Bare(err))
}

// accountForLost looks for creations whose response was lost, after a failure, until all are found or the limit is
// reached.
func (r *run[T, C]) accountForLost(ctx context.Context, reason error) error {
	ctx, cancel := r.cleanUp(ctx)
	defer cancel()
	done, err := r.poll(ctx, func() (bool, error) {
		err := r.endStrays(ctx)
		return r.found >= r.lost, err
	})
	if done && err == nil {
		return reason
	}
	r.failure.Unsearched = r.outstanding()
	if err == nil {
		return fmt.Errorf("%w; the list does not show after %s what it made", reason, r.plan.VerifyWithin)
	}
	return fmt.Errorf("%w; cannot find out what it made: %w", reason, wire.Bare(err))
}

// outstanding reports whether a creation with a lost response may have made something that the failure does not name.
func (r *run[T, C]) outstanding() bool { return r.lost > r.found+len(r.failure.Strays) }

// endLost is endStrays, also after the context of the caller has ended.
func (r *run[T, C]) endLost(ctx context.Context) error {
	ctx, cancel := r.cleanUp(ctx)
	defer cancel()
	return r.endStrays(ctx)
}

// endStrays reads the list once and calls endOwn.
func (r *run[T, C]) endStrays(ctx context.Context) error {
	seen, err := r.look(ctx)
	if err != nil {
		return err
	}
	return r.endOwn(ctx, seen)
}

// endOwn ends what this run created besides the replacement: nothing has those secrets. It returns an error if the
// platform does not show which credentials those are.
func (r *run[T, C]) endOwn(ctx context.Context, seen *listing) error {
	for i, stray := range seen.own {
		if stray.ID == r.failure.NewID {
			continue
		}
		if err := r.end(ctx, stray.ID); err != nil {
			for _, left := range seen.own[i:] {
				r.failure.Strays = append(r.failure.Strays, left.ID)
			}
			return fmt.Errorf("cannot end %s: %w", stray.ID, wire.Bare(err))
		}
		r.found++
	}
	if len(seen.doubtful) > 0 {
		r.failure.Strays = append(r.failure.Strays, seen.doubtful...)
		return errors.New("the platform does not show which of the new credentials this rotation made")
	}
	return nil
}

// end ends a credential. A response that proves nothing is followed by a look at the list: a 404 may come from a proxy,
// and a lost response from a request that was processed. A credential that no list has shown yet may be missing because
// the list lags, so its absence proves something only together with a 404.
func (r *run[T, C]) end(ctx context.Context, id client.ID) error {
	var reason error
	done, err := r.poll(ctx, func() (bool, error) {
		reason = r.End(ctx, id)
		if reason == nil {
			return true, nil
		}
		if !client.MayHaveApplied(reason) && !errors.Is(reason, client.ErrNotFound) {
			return false, reason
		}
		seen, err := r.look(ctx)
		if err != nil {
			return false, reason
		}
		_, alive := seen.alive[id]
		_, shown := r.shown[id]
		return !alive && (shown || errors.Is(reason, client.ErrNotFound)), nil
	})
	switch {
	case done:
		r.ended[id] = struct{}{}
		return nil
	case err != nil:
		return err
	default:
		return reason
	}
}
