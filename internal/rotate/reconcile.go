package rotate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

const (
	// lookups is how often a credential whose creation may still be under way is looked for.
	lookups = 3
	// recreations is how often a creation with a lost answer is begun again.
	recreations = 3
)

// create creates a credential and leaves no other behind: one whose answer was lost is found, ended and created again.
func (r *run[T, C]) create(ctx context.Context, maker Maker[C]) (*C, error) {
	r.failure.Mark = newMark()
	var err error
	if r.before, err = r.ids(ctx); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		next, err := maker.Create(ctx, r.failure.Mark)
		if err == nil || !client.MayHaveApplied(err) {
			return next, err
		}
		r.lost = true
		// Also when the context has ended: what was created must not stay.
		cleanUp, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
		searchErr := r.endStrays(cleanUp, search{name: maker.Name, known: r.before, lookups: lookups})
		cancel()
		if searchErr != nil {
			return nil, fmt.Errorf("%w; looking for what it made: %w", err, wire.Bare(searchErr))
		}
		if ctx.Err() != nil || try == recreations {
			return nil, err
		}
	}
}

// sweep ends what a creation with a lost answer made after it was last looked for: there are gateways that give up long
// before what is behind them does.
func (r *run[T, C]) sweep(ctx context.Context, next *T) error {
	view := r.View(next)
	if r.failure.Mark == "" {
		r.failure.Mark = markOf(view.Text)
	}
	if r.failure.Mark == "" || (!r.lost && r.plan.NewID == "") {
		return nil
	}
	known := map[client.ID]struct{}{view.ID: {}, r.failure.OldID: {}}
	maps.Copy(known, r.before)
	return r.endStrays(ctx, search{name: view.Name, known: known, lookups: 1})
}

// ids are the credentials there are.
func (r *run[T, C]) ids(ctx context.Context) (map[client.ID]struct{}, error) {
	ids := make(map[client.ID]struct{})
	for one, err := range r.All(ctx) {
		if err != nil {
			return nil, err
		}
		ids[r.View(&one).ID] = struct{}{}
	}
	return ids, nil
}

// search says where strays are looked for: among the credentials of a name, other than those known, so many times.
type search struct {
	name    string
	known   map[client.ID]struct{}
	lookups int
}

// endStrays finds the credentials that bear the mark of this run and ends them. Those of which it cannot be told, or that
// cannot be ended, are noted in the failure.
func (r *run[T, C]) endStrays(ctx context.Context, where search) error {
	for lookup := 1; ; lookup++ {
		found, doubtful, err := r.lookUp(ctx, where)
		if err != nil {
			r.failure.Unsearched, r.failure.Strays = true, slices.Concat(found, doubtful)
			return err
		}
		missing := false // one that the list shows and that cannot be ended; the next list tells whether it is gone
		for i, id := range found {
			err := r.End(ctx, id)
			if err != nil && (lookup > where.lookups || !errors.Is(err, client.ErrNotFound)) {
				r.failure.Strays = found[i:]
				return fmt.Errorf("%s %s: %w", r.Words.Ending, id, wire.Bare(err))
			}
			missing = missing || err != nil
		}
		switch {
		case missing:
		case len(found) > 0:
			return nil
		case lookup >= where.lookups && len(doubtful) > 0:
			r.failure.Strays = doubtful
			return fmt.Errorf("the platform does not show which of the new %ss this rotation made", r.Words.One)
		case lookup >= where.lookups:
			return nil
		}
		// The request may be still at work behind a gateway that gave up.
		if err := r.Sleep(ctx, time.Duration(lookup)*500*time.Millisecond); err != nil {
			r.failure.Unsearched = true
			return err
		}
	}
}

// lookUp lists the credentials that bear the mark, and those that may.
func (r *run[T, C]) lookUp(ctx context.Context, where search) (found, doubtful []client.ID, err error) {
	for one, err := range r.All(ctx) {
		if err != nil {
			return found, doubtful, err
		}
		view := r.View(&one)
		_, known := where.known[view.ID]
		if known || view.Ended || (view.Name != "" && view.Name != where.name) {
			continue
		}
		text, err := r.text(ctx, view)
		switch {
		case errors.Is(err, client.ErrNotFound):
		case err != nil:
			return found, append(doubtful, view.ID), err
		case strings.HasSuffix(text, r.failure.Mark):
			found = append(found, view.ID)
		case text == "" && r.lost:
			doubtful = append(doubtful, view.ID)
		}
	}
	return found, doubtful, nil
}

// text is what may end in a mark. Lists are documented to leave things out, so a credential that shows none is asked for
// by itself.
func (r *run[T, C]) text(ctx context.Context, view View) (string, error) {
	if view.Text != "" {
		return view.Text, nil
	}
	whole, err := r.Get(ctx, view.ID)
	if err != nil {
		return "", err
	}
	return r.View(whole).Text, nil
}
