package rotate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

const (
	firstPause = 250 * time.Millisecond
	maxPause   = 2 * time.Second
	// lateWithin limits the wait for a creation whose response was lost and that a list which is known to be up to date
	// does not show. Most likely it was never processed.
	lateWithin = 5 * time.Second
)

// listing is the content of a list.
type listing struct {
	alive    map[client.ID]struct{} // everything that is valid
	own      []View                 // replacements by this run
	others   []View                 // replacements by other runs
	doubtful []client.ID            // new ones whose text the platform does not show
}

// look reads the list once. What this run has ended is left out: a list may lag.
func (r *run[T, C]) look(ctx context.Context) (*listing, error) {
	seen := &listing{alive: make(map[client.ID]struct{})}
	var silent []View
	shows := false
	for one, err := range r.All(ctx) {
		if err != nil {
			return nil, err
		}
		view := r.View(&one)
		if _, gone := r.ended[view.ID]; gone || view.Ended {
			continue
		}
		seen.alive[view.ID] = struct{}{}
		r.shown[view.ID] = struct{}{}
		switch {
		case view.ID == r.plan.OldID:
		case view.Text != "":
			shows = true
			r.classify(seen, view)
		case r.name == "" || view.Name == "" || view.Name == r.name:
			silent = append(silent, view)
		}
	}
	if shows { // then a text that is missing is empty, and a replacement's is not
		return seen, nil
	}
	for _, view := range silent {
		text, err := r.text(ctx, view.ID)
		switch _, known := r.before[view.ID]; {
		case errors.Is(err, client.ErrNotFound):
		case err != nil:
			return nil, err
		case text != "":
			view.Text = text
			r.classify(seen, view)
		case r.before != nil && !known && view.ID != r.failure.NewID:
			seen.doubtful = append(seen.doubtful, view.ID)
		}
	}
	return seen, nil
}

// classify adds a credential with a mark to those of this run or of others.
func (r *run[T, C]) classify(seen *listing, view View) {
	switch mark := markOf(view.Text); {
	case view.ID == r.failure.NewID, mark == "":
	case mark == r.mark:
		seen.own = append(seen.own, view)
	case r.related(mark):
		seen.others = append(seen.others, view)
	}
}

// related reports whether a mark is that of a replacement of the old credential.
func (r *run[T, C]) related(mark string) bool { return strings.HasPrefix(mark, family(r.plan.OldID)) }

// text returns a text that the list does not show.
func (r *run[T, C]) text(ctx context.Context, id client.ID) (string, error) {
	if text, ok := r.texts[id]; ok {
		return text, nil
	}
	whole, err := r.Get(ctx, id)
	if err != nil {
		return "", err
	}
	r.texts[id] = r.View(whole).Text
	return r.texts[id], nil
}

// poll calls check until it reports true or fails. It returns false after it has waited for VerifyWithin.
func (r *run[T, C]) poll(ctx context.Context, check func() (bool, error)) (bool, error) {
	return r.pollFor(ctx, r.plan.VerifyWithin, check)
}

func (r *run[T, C]) pollFor(ctx context.Context, limit time.Duration, check func() (bool, error)) (bool, error) {
	var waited time.Duration
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		done, err := check()
		if done || err != nil || waited >= limit {
			return done, err
		}
		pause = min(pause, limit-waited)
		if err := r.Sleep(ctx, pause); err != nil {
			return false, err
		}
		waited += pause
	}
}

// claim reads the list until it shows the new credential, ends what this run created besides, and returns an error
// unless the new one is the only replacement.
func (r *run[T, C]) claim(ctx context.Context, next *T) error {
	if r.lost > r.found {
		var cancel context.CancelFunc
		ctx, cancel = r.cleanUp(ctx)
		defer cancel()
	}
	own := r.View(next)
	var seen *listing
	listed := false
	done, err := r.poll(ctx, func() (bool, error) {
		var err error
		if seen, err = r.look(ctx); err != nil {
			return false, err
		}
		_, listed = seen.alive[own.ID]
		if !listed {
			return false, nil
		}
		if err := r.endOwn(ctx, seen, own.ID); err != nil {
			return false, err
		}
		for _, other := range seen.others {
			if earlier(other, own) {
				return false, ErrUnfinished
			}
		}
		return len(seen.others) == 0, nil
	})
	switch {
	case done:
		return nil
	case err == nil && !listed:
		err = errUnlisted
	case err == nil:
		err = ErrUnfinished
	}
	r.failure.Unsearched = seen == nil || !listed
	if seen != nil {
		r.report(seen.others)
	}
	return err
}

// earlier orders replacements by their creation. The order need not be right: a run that finds another and takes
// itself for the earlier one still waits until the other is gone.
func earlier(a, b View) bool {
	return cmp.Or(
		a.Created.Compare(b.Created),
		cmp.Compare(len(a.ID), len(b.ID)), // numbers in order
		cmp.Compare(a.ID, b.ID),
	) < 0
}

// accountForLost looks for creations whose response was lost, after a failure, until all are found or the limit is
// reached.
func (r *run[T, C]) accountForLost(ctx context.Context, reason error) error {
	ctx, cancel := r.cleanUp(ctx)
	defer cancel()
	done, err := r.poll(ctx, func() (bool, error) {
		seen, err := r.look(ctx)
		if err == nil {
			err = r.endOwn(ctx, seen, r.failure.NewID)
		}
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

// endOwn ends what this run created besides the credential to keep: the secrets are unknown to everyone. It returns an
// error if the platform does not show which those are.
func (r *run[T, C]) endOwn(ctx context.Context, seen *listing, keep client.ID) error {
	for i, stray := range seen.own {
		if stray.ID == keep {
			continue
		}
		if err := r.end(ctx, stray.ID); err != nil {
			for _, left := range seen.own[i:] {
				r.failure.Strays = append(r.failure.Strays, left.ID)
			}
			return fmt.Errorf("cannot %s %s: %w", r.Words.Ending, stray.ID, wire.Bare(err))
		}
		r.found++
	}
	if len(seen.doubtful) > 0 {
		r.failure.Strays = append(r.failure.Strays, seen.doubtful...)
		return fmt.Errorf("the platform does not show which of the new %ss this rotation made", r.Words.One)
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

// loadOld finds the old credential of a rotation that is resumed.
func (r *run[T, C]) loadOld(ctx context.Context) error {
	old, err := r.Get(ctx, r.plan.OldID)
	if errors.Is(err, client.ErrNotFound) {
		return nil // ended by the run that is resumed, on a platform that hides it then; finish checks this
	}
	r.old = old
	return err
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

// replacement returns the new credential if it is valid and reaches what the old one does.
func (r *run[T, C]) replacement(ctx context.Context) (*T, error) {
	next, err := r.await(ctx, r.plan.NewID)
	unfit := errors.Is(err, client.ErrNotFound)
	if err == nil {
		if r.View(next).Ended {
			err = r.Words.HasEnded
		} else if r.old != nil {
			err = r.SameReach(r.old, next)
		}
		unfit = err != nil
	}
	if err == nil {
		view := r.View(next)
		r.name = view.Name
		if r.mark = markOf(view.Text); r.mark != "" {
			r.failure.Mark = r.mark
		}
		return next, nil
	}
	if unfit {
		r.failure.NewID = ""
	}
	return nil, fmt.Errorf("cannot resume with %s %s: %w", r.Words.One, r.plan.NewID, wire.Bare(err))
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
		return len(seen.others) == 0, r.endOwn(ctx, seen, id)
	})
	switch {
	case err != nil:
		r.failure.Unsearched = seen == nil || r.outstanding()
		return err
	case !alive:
		return fmt.Errorf("the list does not show %s %s", r.Words.One, id)
	case !done:
		r.report(seen.others)
		return ErrUnfinished
	}
	if err := r.endLate(ctx); err != nil {
		return err
	}
	_, listed := seen.alive[r.plan.OldID]
	if listed || (r.old != nil && !r.View(r.old).Ended) {
		if err := r.end(ctx, r.plan.OldID); err != nil {
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
