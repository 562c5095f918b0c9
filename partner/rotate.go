package partner

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/rotate"
)

// Rotate replaces a key without a moment in which no valid one is deployed: it creates a key of the same scopes, has it
// deployed, waits for the confirmation, and only then revokes the old one (seed 003: "Create new keys and revoke old
// ones"). It returns the new key. The guarantees are those of servicetokens' Rotate, by the same code.
//
// If deploying fails or panics, the new key is revoked and the old one stays. If the confirmation never comes, both stay
// valid. Every failure after the arguments were checked is a [*RotationError] that names the keys; a rotation that had
// deployed is resumed through [KeyRotation.NewID]. A replacement that turns out to have other scopes is not deployed.
//
// A creation whose answer was lost leaves a key that nobody holds. To find exactly that one, the new key's name ends in a
// mark such as [rotation 9f3c…] (the next rotation replaces the mark): a key has no other text. The key that carries it is
// revoked and another one created; keys that were there before are never touched.
//
// A Service whose own key is rotated goes on to work when Deploy sets it, see [client.TokenVar].
func (s *KeyService) Rotate(ctx context.Context, oldID client.ID, r KeyRotation) (*Key, error) {
	plan := rotate.Plan[CreatedKey]{OldID: oldID, NewID: r.NewID, Deploy: r.Deploy, Confirm: r.Confirm, ConfirmEvery: r.ConfirmEvery}
	problems := client.ParamError{Operation: rotateOperation}
	plan.Check(&problems, words().One)
	if r.ExpiresIn < 0 {
		problems.Add("ExpiresIn", "must not be negative")
	}
	if r.FullAccess || len(r.Scopes) > 0 {
		checkScopes(&problems, r.Scopes, r.FullAccess)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	next, err := s.kind(&r).Run(ctx, &plan)
	var failure *rotate.Failure
	if errors.As(err, &failure) {
		return nil, newRotationError(failure)
	}
	return next, err
}

const (
	rotateOperation = "rotateApiKey"
	maxName         = 255 // assumed: no limit is documented
)

// kind is what the rotation of a key consists of.
func (s *KeyService) kind(r *KeyRotation) *rotate.Kind[Key, CreatedKey] {
	return &rotate.Kind[Key, CreatedKey]{
		Words: words(),
		Get:   s.get,
		All: func(ctx context.Context) iter.Seq2[Key, error] {
			return func(yield func(Key, error) bool) {
				keys, err := s.List(ctx)
				if err != nil {
					yield(Key{}, err)
					return
				}
				for _, key := range keys {
					if !yield(key, nil) {
						return
					}
				}
			}
		},
		End: func(ctx context.Context, id client.ID) error { return s.Revoke(ctx, id) },
		Like: func(old *Key) (rotate.Maker[CreatedKey], error) {
			p, err := r.params(old)
			return rotate.Maker[CreatedKey]{Create: func(ctx context.Context, mark string) (*CreatedKey, error) {
				marked := p
				marked.Name = rotate.Marked(p.Name, mark, maxName)
				created, err := s.Create(ctx, marked)
				if err == nil && created.ID == "" { // it could not be revoked again
					err = client.NewDecodeError(&opCreateApiKey, http.StatusCreated, nil, nil, shown(""))
				}
				return created, err
			}}, err
		},
		View: func(k *Key) rotate.View {
			return rotate.View{ID: k.ID, Text: k.Name, Ended: strings.EqualFold(k.Status, statusRevoked)}
		},
		Record:    func(c *CreatedKey) *Key { return &c.Key },
		SameReach: r.sameReach,
		Sleep:     s.sleep,
	}
}

// statusRevoked is assumed.
const statusRevoked = "revoked"

// wanted are the scopes of the new key.
func (r *KeyRotation) wanted(old *Key) Scopes {
	if r.FullAccess || len(r.Scopes) > 0 {
		return r.Scopes
	}
	return old.Scopes
}

// sameReach refuses a replacement that may do other things than it should. One whose answer shows no scopes may do
// everything.
func (r *KeyRotation) sameReach(old, next *Key) error {
	if want := r.wanted(old); !next.Scopes.same(want) {
		return fmt.Errorf("its scopes are %v, those wanted are %v", next.Scopes, want)
	}
	return nil
}

// params describes a key like the old one.
func (r *KeyRotation) params(old *Key) (CreateKeyParams, error) {
	p := CreateKeyParams{Name: old.Name, Scopes: r.wanted(old), FullAccess: r.FullAccess}
	problems := client.ParamError{Operation: rotateOperation}
	if p.Scopes.FullAccess() && !r.FullAccess {
		problems.Add("Scopes", "is required, or FullAccess: the old key names no scopes, which is full access")
	}
	lifetime := r.ExpiresIn
	if lifetime == 0 && !old.ExpiresAt.IsZero() {
		if old.CreatedAt.IsZero() {
			problems.Add("ExpiresIn", "is required: the platform does not show the old key's lifetime")
		}
		lifetime = max(old.ExpiresAt.Sub(old.CreatedAt), time.Minute)
	}
	if lifetime > 0 {
		p.ExpiresAt = time.Now().Add(lifetime).Truncate(time.Second)
	}
	return p, problems.Err()
}
