package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/interchange-sdk/interchange-go/pace"
)

// TokenSource gives the token for one attempt. It is asked on every attempt, so that a rotated token takes effect
// without a restart, and from many goroutines at once: it should answer from memory. A source that can do
// something about a token the platform refused is a [TokenInvalidator] too.
type TokenSource interface {
	Token(ctx context.Context) (Token, error)
}

// TokenInvalidator is a [TokenSource] that is told when the platform answered 401 to its token, so that it can
// fetch another. It is told once for all callers that hold the same token, and at most once a second about one
// that it keeps giving. The call is then repeated once, if the source yields a different token.
type TokenInvalidator interface {
	Invalidate(ctx context.Context, refused Token)
}

// ErrNoToken says that there is no credential to send.
var ErrNoToken = errors.New("interchange: no token")

// StaticToken always gives t.
func StaticToken(t Token) TokenSource { return staticToken{t} }

type staticToken struct{ token Token }

func (s staticToken) Token(context.Context) (Token, error) {
	if s.token.IsZero() {
		return Token{}, ErrNoToken
	}
	return s.token, nil
}

// Format shows the token as it shows itself.
func (s staticToken) Format(f fmt.State, verb rune) { s.token.Format(f, verb) }

// EnvToken reads the token from an environment variable, each time it is asked. A value in which scope3_ does not
// occur is taken as it is, see [ParseOpaqueToken]; one that is a scope3_ token damaged is refused.
func EnvToken(name string) TokenSource { return envToken(name) }

type envToken string

func (name envToken) Token(context.Context) (Token, error) { return name.read() }

func (name envToken) read() (Token, error) {
	value := os.Getenv(string(name))
	if value == "" {
		return Token{}, fmt.Errorf("%w: the environment variable %s is not set", ErrNoToken, string(name))
	}
	t, err := ParseToken(value)
	if err != nil && !strings.Contains(strings.ToLower(value), tokenPrefix) {
		t, err = ParseOpaqueToken(value)
	}
	if err != nil {
		return Token{}, fmt.Errorf("%s: %w", string(name), err)
	}
	return t, nil
}

// TokenVar is a [TokenSource] whose token can be changed while calls are under way: the calls that begin, and the
// attempts that are repeated, after Set use the new one. The zero TokenVar holds none. It must not be copied.
type TokenVar struct{ token atomic.Pointer[Token] }

// NewTokenVar returns a TokenVar that holds t.
func NewTokenVar(t Token) *TokenVar {
	v := new(TokenVar)
	v.Set(t)
	return v
}

// Set changes the token.
func (v *TokenVar) Set(t Token) { v.token.Store(&t) }

// Token gives the token last set, or [ErrNoToken].
func (v *TokenVar) Token(context.Context) (Token, error) {
	if v == nil {
		return Token{}, ErrNoToken
	}
	if t := v.token.Load(); t != nil && !t.IsZero() {
		return *t, nil
	}
	return Token{}, ErrNoToken
}

// credentials turns the tokens of a source into what an attempt needs, and makes sure that a refused token is
// replaced once, however many calls held it.
type credentials struct {
	source TokenSource
	host   string
	scheme string   // what stands before the token in its header
	api    *apiSpec // whose tokens these are

	current atomic.Pointer[credential]

	// replacing is held while a refused token is replaced; a channel, so that waiting obeys the context.
	replacing     chan struct{}
	invalidated   Token
	invalidatedAt time.Time
}

// credential is one token made ready. The header value is behind a func because dumpers that reflect do not
// look there.
type credential struct {
	token  Token
	header func() []string
	mask   func(string) string // hides the token in a text
	key    pace.Key
}

// reinvalidateAfter is the time after which a source is notified again about a token that it keeps returning.
const reinvalidateAfter = time.Second

func newCredentials(source TokenSource, scheme, host string, api *apiSpec) *credentials {
	return &credentials{source: source, scheme: scheme, host: host, api: api, replacing: make(chan struct{}, 1)}
}

func (c *credentials) get(ctx context.Context) (*credential, error) {
	token, err := c.source.Token(ctx)
	if err != nil {
		return nil, err
	}
	if token.IsZero() {
		return nil, ErrNoToken
	}
	if current := c.current.Load(); current != nil && current.token == token {
		return current, nil
	}
	if err := c.api.checkCredential(token); err != nil {
		return nil, err
	}
	var value []string
	if !token.anonymous {
		value = []string{c.scheme + token.Reveal()}
	}
	sum := sha256.Sum256([]byte("interchange-go limit key\x00" + token.Reveal()))
	made := &credential{
		token:  token,
		header: func() []string { return value },
		mask:   masker(token),
		key:    pace.Key{Host: c.host, Credential: hex.EncodeToString(sum[:8])},
	}
	c.current.Store(made)
	return made, nil
}

// replace notifies the source of a refused token, and reports whether the source now returns another.
func (c *credentials) replace(ctx context.Context, refused Token) (bool, error) {
	select {
	case c.replacing <- struct{}{}:
		defer func() { <-c.replacing }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	token, err := c.source.Token(ctx)
	if err != nil || token != refused {
		return err == nil, err
	}
	source, ok := c.source.(TokenInvalidator)
	if !ok || (c.invalidated == refused && time.Since(c.invalidatedAt) < reinvalidateAfter) {
		return false, nil
	}
	source.Invalidate(ctx, refused)
	token, err = c.source.Token(ctx)
	switch {
	case err == nil && token != refused:
		return true, nil
	case ctx.Err() != nil: // this caller gave up; the next one may tell the source again
		return false, ctx.Err()
	}
	c.invalidated, c.invalidatedAt = refused, time.Now()
	return false, err
}
