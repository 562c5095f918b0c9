package rotation

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
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
	own      []Summary              // replacements by this run
	others   []Summary              // replacements by other runs
	doubtful []client.ID            // new ones whose text the platform does not show
}

// look reads the list once. What this run has ended is left out: a list may lag.
func (r *run[T, C]) look(ctx context.Context) (*listing, error) {
	seen := &listing{alive: make(map[client.ID]struct{})}
	var silent []Summary
	shows := false
	for one, err := range r.List(ctx) {
		if err != nil {
			return nil, err
		}
		summary := r.Summary(&one)
		if _, gone := r.ended[summary.ID]; gone || summary.Ended {
			continue
		}
		seen.alive[summary.ID] = struct{}{}
		r.shown[summary.ID] = struct{}{}
		switch {
		case summary.ID == r.oldID:
		case summary.Text != "":
			shows = true
			r.classify(seen, summary)
		case r.name == "" || summary.Name == "" || summary.Name == r.name:
			silent = append(silent, summary)
		}
	}
	if shows { // then a text that is missing is empty, and a replacement's is not
		return seen, nil
	}
	for _, summary := range silent {
		text, err := r.text(ctx, summary.ID)
		switch _, known := r.before[summary.ID]; {
		case errors.Is(err, client.ErrNotFound):
		case err != nil:
			return nil, err
		case text != "":
			summary.Text = text
			r.classify(seen, summary)
		case r.before != nil && !known && summary.ID != r.failure.NewID:
			seen.doubtful = append(seen.doubtful, summary.ID)
		}
	}
	return seen, nil
}

// classify adds a credential with a mark to those of this run or of others.
func (r *run[T, C]) classify(seen *listing, summary Summary) {
	switch mark := markOf(summary.Text); {
	case summary.ID == r.failure.NewID, mark == "":
	case mark == r.mark:
		seen.own = append(seen.own, summary)
	case r.related(mark):
		seen.others = append(seen.others, summary)
	}
}

// related reports whether a mark is that of a replacement of the old credential.
func (r *run[T, C]) related(mark string) bool { return strings.HasPrefix(mark, family(r.oldID)) }

// text returns a text that the list does not show.
func (r *run[T, C]) text(ctx context.Context, id client.ID) (string, error) {
	if text, ok := r.texts[id]; ok {
		return text, nil
	}
	whole, err := r.Get(ctx, id)
	if err != nil {
		return "", err
	}
	r.texts[id] = r.Summary(whole).Text
	return r.texts[id], nil
}

// poll calls pollFor with VerifyWithin.
func (r *run[T, C]) poll(ctx context.Context, check func() (bool, error)) (bool, error) {
	return r.pollFor(ctx, r.plan.VerifyWithin, check)
}

// pollFor calls check until it reports true or fails, or returns false after it has waited for limit.
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
	own := r.Summary(next)
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
		if err := r.endOwn(ctx, seen); err != nil {
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
		r.failure.add(seen.others)
	}
	return err
}

// earlier orders replacements by their creation. The order need not be right: a run that finds another and takes
// itself for the earlier one still waits until the other is gone.
func earlier(a, b Summary) bool {
	return cmp.Or(
		a.Created.Compare(b.Created),
		cmp.Compare(len(a.ID), len(b.ID)), // numbers in order
		cmp.Compare(a.ID, b.ID),
	) < 0
}
