package partner

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/secret"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// KeyService manages the keys of the Partner API. All of it takes [ScopeAdmin].
type KeyService struct{ client *client.Client }

// Scopes are the permissions of a key. An empty list means full access, not none. A response that leaves the list
// out reads as full access too.
type Scopes []Scope

// FullAccess reports whether the key may do everything because it names no scope.
func (s Scopes) FullAccess() bool { return len(s) == 0 }

// Allow reports whether a key with these scopes may do what takes scope: [ScopeAdmin] includes [ScopeWrite], which
// includes [ScopeRead].
func (s Scopes) Allow(scope Scope) bool {
	if s.FullAccess() {
		return true
	}
	ranks := [...]Scope{ScopeRead, ScopeWrite, ScopeAdmin}
	wanted := slices.Index(ranks[:], scope)
	return slices.ContainsFunc(s, func(has Scope) bool {
		return has == scope || has == ScopeAdmin || wanted >= 0 && slices.Index(ranks[:], has) > wanted
	})
}

// same reports whether two keys may do the same.
func (s Scopes) same(other Scopes) bool {
	in := func(all Scopes) func(Scope) bool { return func(one Scope) bool { return !slices.Contains(all, one) } }
	return !slices.ContainsFunc(s, in(other)) && !slices.ContainsFunc(other, in(s))
}

// CreateKeyParams says what key to create.
type CreateKeyParams struct {
	// Name is the display name. Required.
	Name string `json:"name"`
	// Scopes are its permissions. An empty list would grant full access, so it requires FullAccess.
	Scopes Scopes `json:"scopes,omitzero"`
	// FullAccess says that a key without scopes is meant. Prefer ScopeAdmin, which can do the same and says so.
	FullAccess bool `json:"-"`
	// ExpiresAt is the time at which it stops working; zero means never.
	ExpiresAt time.Time `json:"expiresAt,omitzero"`
}

// checkScopes rejects full access that was not requested with FullAccess.
func checkScopes(s check.Reporter, scopes Scopes, full bool) {
	switch {
	case scopes.FullAccess() && !full:
		s.Add("scopes", "is empty, which is full access: name scopes, or set FullAccess")
	case full && !scopes.FullAccess():
		s.Add("scopes", "limits the key, and FullAccess does not: choose one")
	}
	for _, scope := range scopes {
		if scope == "" {
			s.Add("scopes", "has an empty entry")
		}
		check.OneOf(s, "scopes", scope, ScopeRead, ScopeWrite, ScopeAdmin)
	}
}

// CreatedKey is a new key, together with its secret. Encoded as JSON it holds the secret no more than when it is
// printed.
type CreatedKey struct {
	Key
	// PlainKey is the credential, an opaque token. It is shown this once: store it now, through PlainKey.Reveal.
	PlainKey client.Token
	// Unread names fields of the response that cannot be read and are zero here, or an id that is missing. They do not
	// make the creation fail, because the secret would be lost.
	Unread []string `json:"-"`
}

// createdAnswer is the answer to a creation as sent.
type createdAnswer struct {
	APIKey   Key            `json:"apiKey"`
	PlainKey jsontext.Value `json:"plainKey"`

	unread []string
}

// KeepUnread receives the fields that cannot be read.
func (a *createdAnswer) KeepUnread(paths []string) { a.unread = paths }

// CheckAnswer requires the secret only: it must not be lost because the response has no id.
func (a *createdAnswer) CheckAnswer() error {
	if a.APIKey.ID == "" && !slices.Contains(a.unread, "apiKey.id") && !slices.Contains(a.unread, "apiKey") {
		a.unread = append(a.unread, "apiKey.id")
	}
	_, err := a.key()
	return err
}

// AnswerID names the key in the error if the secret cannot be used.
func (a *createdAnswer) AnswerID() client.ID { return a.APIKey.ID }

// key returns the secret. It is decoded here, so that one of another type cannot hide the id.
func (a *createdAnswer) key() (client.Token, error) {
	text, problem := secret.Field(a.PlainKey)
	key, err := client.ParseOpaqueToken(text)
	if problem != "" {
		err = &client.TokenError{Reason: problem}
	}
	if err != nil {
		return client.Token{}, fmt.Errorf("plainKey: %w", wire.Bare(err))
	}
	return key, nil
}

// Create creates a key and returns it with its secret, which is shown this once (docs/platform.md#partner-api).
//
// All that is wrong with p is reported at once as a [*client.ParamError]; so is a key that would have full access
// without saying so. A creation is never repeated unless it surely was not processed. If its answer was lost the
// error matches [client.ErrOutcomeUnknown]: a key may exist that nobody holds; look for it with List and revoke it
// before creating again, or let [rotation.Rotate] do both. For a [*client.DecodeError] it does exist, without a
// usable secret: revoke its ResourceID.
func (s *KeyService) Create(ctx context.Context, p CreateKeyParams, opts ...client.CallOption) (*CreatedKey, error) {
	problems := client.ParamError{Operation: opCreateApiKey.ID}
	p.check(&problems)
	checkScopes(&problems, p.Scopes, p.FullAccess)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	if !p.ExpiresAt.IsZero() {
		p.ExpiresAt = p.ExpiresAt.UTC() // an offset is ISO 8601 too, and not everybody reads it
	}
	got, err := client.Call[createdAnswer](ctx, s.api(), &opCreateApiKey, client.Request{Body: p}, opts...)
	if err != nil {
		return nil, err
	}
	key, err := got.key()
	if err != nil {
		return nil, err // checked by Call
	}
	return &CreatedKey{Key: got.APIKey, PlainKey: key, Unread: got.unread}, nil
}

// List lists the keys, without their secrets, in one page. Whether revoked keys are among them is not documented; check
// their Status. A key without an id is an error, because a rotation must not overlook it.
func (s *KeyService) List(opts ...client.CallOption) client.List[Key] {
	keys := client.NewList[Key](s.api(), &opListApiKeys, client.Request{}, "", opts...)
	return client.CheckItems(keys, func(key *Key) error { return shown(key.ID) })
}

// get finds a key in the list: the API shows none alone.
func (s *KeyService) get(ctx context.Context, id client.ID) (*Key, error) {
	for key, err := range s.List().All(ctx) {
		if err != nil {
			return nil, err
		}
		if key.ID == id {
			return &key, nil
		}
	}
	return nil, fmt.Errorf("%w: key %s is not in the list", client.ErrNotFound, printable(id))
}

func printable(id client.ID) string { return wire.Printable(string(id), 64) }
