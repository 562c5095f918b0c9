package servicetokens

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/interchange-sdk/interchange-go/client"
)

const (
	maxDescription = 1000
	// lookups is how often a token whose creation may still be under way is looked for.
	lookups = 3
	// recreations is how often a creation with a lost answer is begun again.
	recreations = 3
)

// create creates a token and leaves no other behind: one whose answer was lost is found, archived and created again.
func (r *rotation) create(ctx context.Context, p CreateParams) (*Created, error) {
	r.failure.Mark = newMark()
	p.Description = marked(p.Description, r.failure.Mark)
	var err error
	if r.before, err = r.ids(ctx); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		next, err := r.Create(ctx, p)
		if err == nil || !mayExist(err) {
			return next, err
		}
		r.lost = true
		// Also when the context has ended: what was created must not stay.
		cleanUp, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
		searchErr := r.archiveStrays(cleanUp, search{name: p.Name, known: r.before, lookups: lookups})
		cancel()
		if searchErr != nil {
			return nil, fmt.Errorf("%w; looking for what it made: %w", err, searchErr)
		}
		if ctx.Err() != nil || try == recreations {
			return nil, err
		}
	}
}

// mayExist tells whether a failed creation may have left a token.
func mayExist(err error) bool {
	var unread *client.DecodeError
	return errors.Is(err, client.ErrOutcomeUnknown) || errors.As(err, &unread) || errors.Is(err, client.ErrInvalidToken)
}

// sweep archives what a creation with a lost answer made after it was last looked for: there are gateways that give
// up long before what is behind them does.
func (r *rotation) sweep(ctx context.Context, next *ServiceToken) error {
	if r.failure.Mark == "" {
		r.failure.Mark = markOf(next.Description)
	}
	if r.failure.Mark == "" || (!r.lost && r.NewID == "") {
		return nil
	}
	known := map[client.ID]struct{}{next.ID: {}, r.failure.OldID: {}}
	maps.Copy(known, r.before)
	return r.archiveStrays(ctx, search{name: next.Name, known: known, lookups: 1})
}

// ids are the tokens there are.
func (r *rotation) ids(ctx context.Context) (map[client.ID]struct{}, error) {
	ids := make(map[client.ID]struct{})
	for token, err := range r.All(ctx, ListParams{}) {
		if err != nil {
			return nil, err
		}
		ids[token.ID] = struct{}{}
	}
	return ids, nil
}

// search says where strays are looked for: among the tokens of a name, other than those known, so many times.
type search struct {
	name    string
	known   map[client.ID]struct{}
	lookups int
}

// archiveStrays finds the tokens that bear the mark of this rotation and archives them. Those of which it cannot be
// told, or that cannot be archived, are noted in the failure.
func (r *rotation) archiveStrays(ctx context.Context, where search) error {
	for lookup := 1; ; lookup++ {
		found, doubtful, err := r.lookUp(ctx, where)
		if err != nil {
			r.failure.Unsearched, r.failure.Strays = true, slices.Concat(found, doubtful)
			return err
		}
		for i, id := range found {
			if err := r.Archive(ctx, id); err != nil && !errors.Is(err, client.ErrNotFound) {
				r.failure.Strays = found[i:]
				return fmt.Errorf("archiving %s: %w", id, err)
			}
		}
		switch {
		case len(found) > 0:
			return nil
		case lookup == where.lookups && len(doubtful) > 0:
			r.failure.Strays = doubtful
			return errors.New("the platform does not show which of the new tokens this rotation made")
		case lookup == where.lookups:
			return nil
		}
		// The request may be still at work behind a gateway that gave up.
		if err := r.sleep(ctx, time.Duration(lookup)*500*time.Millisecond); err != nil {
			r.failure.Unsearched = true
			return err
		}
	}
}

// lookUp lists the tokens that bear the mark, and those that may.
func (r *rotation) lookUp(ctx context.Context, where search) (found, doubtful []client.ID, err error) {
	for token, err := range r.All(ctx, ListParams{}) {
		if err != nil {
			return found, doubtful, err
		}
		_, known := where.known[token.ID]
		if known || (token.Name != "" && token.Name != where.name) {
			continue
		}
		description, err := r.description(ctx, token)
		switch {
		case errors.Is(err, client.ErrNotFound):
		case err != nil:
			return found, append(doubtful, token.ID), err
		case strings.HasSuffix(description, r.failure.Mark):
			found = append(found, token.ID)
		case description == "" && r.lost:
			doubtful = append(doubtful, token.ID)
		}
	}
	return found, doubtful, nil
}

// description is a token's description. The list is documented to leave things out, so a token that shows none is
// asked for by itself.
func (r *rotation) description(ctx context.Context, token ServiceToken) (string, error) {
	if token.Description != "" {
		return token.Description, nil
	}
	whole, err := r.Get(ctx, token.ID)
	if err != nil {
		return "", err
	}
	return whole.Description, nil
}

const (
	markBegins = "[rotation "
	markBytes  = 8
	markLength = len(markBegins) + 2*markBytes + len("]")
)

func newMark() string {
	var b [markBytes]byte
	rand.Read(b[:]) // never fails: the runtime ends the program first
	return markBegins + hex.EncodeToString(b[:]) + "]"
}

// markOf is the mark that a description ends in, if it does.
func markOf(description string) string {
	at := strings.LastIndex(description, markBegins)
	if at < 0 || len(description)-at != markLength || !strings.HasSuffix(description, "]") {
		return ""
	}
	return description[at:]
}

// marked ends a description in mark, in the place of an earlier one.
func marked(description, mark string) string {
	description = strings.TrimSpace(strings.TrimSuffix(description, markOf(description)))
	for utf8.RuneCountInString(description)+1+len(mark) > maxDescription {
		_, size := utf8.DecodeLastRuneInString(description)
		description = description[:len(description)-size]
	}
	return strings.TrimSpace(description + " " + mark)
}
