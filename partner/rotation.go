package partner

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/rotation"
)

// RotateKeyParams holds the parameters of the replacement of a key. Its name is that of the old one.
type RotateKeyParams struct {
	// Scopes are those of the new key. Default: those of the old one. An old key without scopes has full access; then
	// either Scopes or FullAccess is required, so that full access is never passed on by oversight.
	Scopes Scopes
	// FullAccess creates a key without scopes.
	FullAccess bool
	// ExpiresIn is the new key's lifetime. Default: that of the old one.
	ExpiresIn time.Duration
}

const (
	maxName       = 255       // assumed: no limit is documented
	statusRevoked = "revoked" // assumed
)

// RotationDriver returns the calls that replace a key, for [rotation.Rotate] and its steps. The mark of a rotation ends
// the new key's name. A rotation that is resumed or finished checks the new key against the same Scopes and FullAccess.
func (s *KeyService) RotationDriver(p RotateKeyParams) *rotation.Driver[Key, CreatedKey] {
	return &rotation.Driver[Key, CreatedKey]{
		Kind:    "API key",
		Get:     s.get,
		List:    func(ctx context.Context) iter.Seq2[Key, error] { return s.List().All(ctx) },
		End:     func(ctx context.Context, id client.ID) error { return s.Revoke(ctx, id) },
		MaxText: maxName,
		NewFactory: func(old *Key, problems *client.ParamError) rotation.Factory[CreatedKey] {
			create := p.replacement(old, problems)
			return rotation.Factory[CreatedKey]{Create: func(ctx context.Context, name string) (*CreatedKey, error) {
				marked := create
				marked.Name = name
				return s.Create(ctx, marked)
			}}
		},
		Summary: func(k *Key) rotation.Summary {
			return rotation.Summary{
				ID: k.ID, Text: k.Name, Ended: strings.EqualFold(k.Status, statusRevoked), Created: k.CreatedAt,
			}
		},
		Record:     func(c *CreatedKey) *Key { return &c.Key },
		Check:      p.check,
		CheckReach: p.checkReach,
	}
}

func (p RotateKeyParams) check(problems *client.ParamError) {
	if p.ExpiresIn < 0 {
		problems.Add("ExpiresIn", "must not be negative")
	}
	if p.FullAccess || len(p.Scopes) > 0 {
		checkScopes(problems, p.Scopes, p.FullAccess)
	}
}

// scopes returns those of the new key.
func (p RotateKeyParams) scopes(old *Key) Scopes {
	if p.FullAccess || len(p.Scopes) > 0 {
		return p.Scopes
	}
	return old.Scopes
}

// checkReach refuses a replacement that may do other things than it should. A response without scopes means full
// access.
func (p RotateKeyParams) checkReach(old, next *Key) error {
	if want := p.scopes(old); !next.Scopes.same(want) {
		return fmt.Errorf("its scopes are %v, those wanted are %v", next.Scopes, want)
	}
	return nil
}

// replacement returns the parameters of a key like the old one, without its name.
func (p RotateKeyParams) replacement(old *Key, problems *client.ParamError) CreateKeyParams {
	create := CreateKeyParams{Scopes: p.scopes(old), FullAccess: p.FullAccess}
	if create.Scopes.FullAccess() && !p.FullAccess {
		problems.Add("Scopes", "is required, or FullAccess: the old key names no scopes, which is full access")
	}
	lifetime := p.ExpiresIn
	if lifetime == 0 && !old.ExpiresAt.IsZero() {
		if old.CreatedAt.IsZero() {
			problems.Add("ExpiresIn", "is required: the platform does not show the old key's lifetime")
		}
		lifetime = max(old.ExpiresAt.Sub(old.CreatedAt), time.Minute)
	}
	if lifetime > 0 {
		create.ExpiresAt = time.Now().Add(lifetime).Truncate(time.Second)
	}
	return create
}
