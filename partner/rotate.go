package partner

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/rotate"
)

// Rotate replaces a key so that at every moment a valid one is deployed. It creates a key of the same scopes and name,
// calls Deploy, calls Confirm until it reports true, and only then revokes the old key. It returns the new one.
//
// Every failure after the arguments were checked is a [*RotationError] that names the keys that exist. After an error
// or a panic in Deploy both keys stay valid, because the secret may have been stored all the same. The new one is
// revoked only if the error matches [ErrNotDeployed]. While the confirmation does not come, both stay valid. Resume
// with [KeyRotation.NewID]. A replacement with other scopes is revoked and not deployed.
//
// The new key's name ends in a mark such as [rotation 9f3c…], derived from the id of the old key; the next
// rotation replaces it. A run that follows an interrupted one finds the key that the other left. Without
// [KeyRotation.Deployed] it cannot know whether that key is deployed: it fails with [ErrUnfinished], names the key and
// changes nothing. If two rotations of the same key run at once, one of them fails with ErrUnfinished and revokes
// what it created.
//
// After a creation whose response was lost, Rotate creates another key and reads the list until that one appears. Then
// it revokes what the first creation made. It waits for at most [KeyRotation.VerifyWithin] and reports what it could
// not verify. Keys without the mark are never touched.
//
// If the old key is revoked already, the error matches [ErrRevoked] and NewID names its replacement, if there is one.
//
// A Service that rotates its own credential keeps working if Deploy sets the new one, see [client.TokenVar].
//
// [KeyService.BeginRotation], [KeyService.FinishRotation] and [KeyService.AbandonRotation] are the individual steps.
func (s *KeyService) Rotate(ctx context.Context, oldID client.ID, r KeyRotation) (*Key, error) {
	plan := r.plan(RotationState{OldID: oldID, NewID: r.NewID})
	problems := client.ParamError{Operation: rotateOperation}
	plan.Check(&problems, words().One)
	if r.NewID == "" {
		r.check(&problems)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	next, err := s.kind(&r).Run(ctx, &plan)
	return next, rotationError(err)
}

// BeginRotation creates the replacement of a key and makes sure that no other exists. Deploy, Confirm and NewID of r
// are not used. Store the secret of the new key and the state, deploy the key, and call [KeyService.FinishRotation]
// once every consumer uses it, or [KeyService.AbandonRotation]. Its errors are those of [KeyService.Rotate]: the state
// of a rotation that was interrupted before it was stored is that of the error, see [RotationError.State].
func (s *KeyService) BeginRotation(
	ctx context.Context, oldID client.ID, r KeyRotation,
) (*CreatedKey, RotationState, error) {
	plan := r.plan(RotationState{OldID: oldID})
	problems := client.ParamError{Operation: rotateOperation}
	plan.CheckStep(&problems)
	r.check(&problems)
	if err := problems.Err(); err != nil {
		return nil, RotationState{}, err
	}
	created, state, err := s.kind(&r).Begin(ctx, &plan)
	return created, state, rotationError(err)
}

// FinishRotation revokes the old key and returns the new one. Call it when every consumer uses the new key. It
// fails and revokes nothing if the new key is not valid, has other scopes than it should, or is not the only
// replacement. Safe to repeat. Of r, VerifyWithin, Scopes and FullAccess are used.
func (s *KeyService) FinishRotation(ctx context.Context, state RotationState, r KeyRotation) (*Key, error) {
	plan := r.plan(state)
	problems := client.ParamError{Operation: rotateOperation}
	plan.CheckState(&problems, words().One)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	next, err := s.kind(&r).Finish(ctx, &plan)
	return next, rotationError(err)
}

// AbandonRotation revokes the new key and keeps the old one. It fails if the old key is not valid or the other is
// not its replacement. Safe to repeat.
func (s *KeyService) AbandonRotation(ctx context.Context, state RotationState) error {
	var r KeyRotation
	plan := r.plan(state)
	problems := client.ParamError{Operation: rotateOperation}
	plan.CheckState(&problems, words().One)
	if err := problems.Err(); err != nil {
		return err
	}
	return rotationError(s.kind(&r).Abandon(ctx, &plan))
}

func (r *KeyRotation) plan(state RotationState) rotate.Plan[CreatedKey] {
	return rotate.Plan[CreatedKey]{
		OldID: state.OldID, NewID: state.NewID,
		Deploy: r.Deploy, Deployed: r.Deployed,
		Confirm: r.Confirm, ConfirmEvery: r.ConfirmEvery, VerifyWithin: r.VerifyWithin,
	}
}

func (r *KeyRotation) check(s check.Sink) {
	if r.ExpiresIn < 0 {
		s.Add("ExpiresIn", "must not be negative")
	}
	if r.FullAccess || len(r.Scopes) > 0 {
		checkScopes(s, r.Scopes, r.FullAccess)
	}
}

const (
	rotateOperation = "rotateApiKey"
	maxName         = 255 // assumed: no limit is documented
)

// kind returns the calls that the rotation of a key consists of.
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
			return rotate.View{
				ID: k.ID, Text: k.Name, Ended: strings.EqualFold(k.Status, statusRevoked), Created: k.CreatedAt,
			}
		},
		Record:    func(c *CreatedKey) *Key { return &c.Key },
		SameReach: r.sameReach,
		Sleep:     s.wait,
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
