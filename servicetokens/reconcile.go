package servicetokens

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
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
	mark := newMark()
	p.Description = marked(p.Description, mark)
	before, err := r.ids(ctx)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		next, err := r.Create(ctx, p)
		if err == nil || !mayExist(err) {
			return next, err
		}
		// Also when the context has ended: what was created must not stay.
		cleanUp, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTimeout)
		strays, cleanUpErr := r.archiveStray(cleanUp, p, mark, before)
		cancel()
		if cleanUpErr != nil {
			r.failure.Strays = strays
			return nil, errors.Join(err, cleanUpErr)
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

// archiveStray finds the token that a creation with a lost answer made, if it made one, and archives it. It returns
// the tokens that may be it where that cannot be told or done.
func (r *rotation) archiveStray(ctx context.Context, p CreateParams, mark string, before map[client.ID]struct{}) ([]client.ID, error) {
	for lookup := 1; ; lookup++ {
		var doubtful []client.ID
		for token, err := range r.All(ctx, ListParams{}) {
			if err != nil {
				return doubtful, err
			}
			if _, old := before[token.ID]; old || token.Name != p.Name {
				continue
			}
			description, err := r.description(ctx, token)
			switch {
			case err != nil:
				return append(doubtful, token.ID), err
			case strings.HasSuffix(description, mark):
				if err := r.Archive(ctx, token.ID); err != nil {
					return []client.ID{token.ID}, err
				}
				return nil, nil
			case description == "":
				doubtful = append(doubtful, token.ID)
			}
		}
		if lookup < lookups {
			// The request may be still at work behind a gateway that gave up.
			if err := r.sleep(ctx, time.Duration(lookup)*500*time.Millisecond); err != nil {
				return doubtful, err
			}
			continue
		}
		if len(doubtful) > 0 {
			return doubtful, errors.New("the platform does not show which of the new tokens the lost creation made")
		}
		return nil, nil
	}
}

// description is a token's description. The list is documented to leave things out, so a token that shows none is
// asked for by itself.
func (r *rotation) description(ctx context.Context, token ServiceToken) (string, error) {
	if token.Description != "" {
		return token.Description, nil
	}
	whole, err := r.Get(ctx, token.ID)
	switch {
	case errors.Is(err, client.ErrNotFound):
		return "(gone)", nil
	case err != nil:
		return "", err
	}
	return whole.Description, nil
}

const markBegins = "[rotation "

func newMark() string {
	var b [8]byte
	rand.Read(b[:]) // never fails: the runtime ends the program first
	return markBegins + hex.EncodeToString(b[:]) + "]"
}

// marked ends a description in mark, in the place of an earlier one.
func marked(description, mark string) string {
	if at := strings.LastIndex(description, markBegins); at >= 0 && len(description)-at == len(mark) {
		description = strings.TrimSpace(description[:at])
	}
	for utf8.RuneCountInString(description)+1+len(mark) > maxDescription {
		_, size := utf8.DecodeLastRuneInString(description)
		description = description[:len(description)-size]
	}
	return strings.TrimSpace(description + " " + mark)
}
