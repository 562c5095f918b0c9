package client

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/secret"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Token is a credential. It is comparable, and the zero Token is none.
//
// A Token is safe to print: every verb of fmt, slog, JSON, text encoding and errors shows scope3_<clientId>_…
// and so do reflecting dumpers such as testify's diffs. Only [Token.Reveal] and [Token.RevealSecret] give more.
type Token struct {
	text      secret.Text
	clientID  string // shown
	anonymous bool
}

// Anonymous is the Token that stands for sending no credential at all: for the operations that are public, and for a
// [TokenSource] that has none to give yet. The zero Token, by contrast, is a mistake that is reported.
func Anonymous() Token { return Token{anonymous: true} }

// ErrInvalidToken is matched by the errors of the token parsers, which say what is wrong and never repeat the input.
var ErrInvalidToken = errors.New("interchange: invalid token")

// TokenError says why a text is not a token, without repeating it. It matches [ErrInvalidToken].
type TokenError struct{ Reason string }

// Error gives the reason.
func (e *TokenError) Error() string { return "interchange: invalid token: " + e.Reason }

// Is matches ErrInvalidToken.
func (e *TokenError) Is(target error) bool { return target == ErrInvalidToken }

const (
	tokenPrefix    = "scope3_"
	serviceTokenID = "ak_"
	maxTokenLength = 8 << 10
)

// ParseToken reads a token of the documented form scope3_<clientId>_<secret> (docs/platform.md#authentication,
// #hosts, #service-tokens).
//
// The parts of the newest form contain underscores themselves, so the border is a convention: an id that begins with
// ak_ ends at the next underscore, any other at the first one (which covers the 32-character ids of the first
// platform). Where the client id is known, [ParseTokenWithClientID] is exact; what has no such form, as the access
// tokens of OAuth and the keys of the Partner API, goes through [ParseOpaqueToken]. The token as a whole is never
// altered, so a border guessed wrong changes only what is shown.
func ParseToken(full string) (Token, error) {
	if err := checkToken(full); err != nil {
		return Token{}, err
	}
	rest, ok := strings.CutPrefix(full, tokenPrefix)
	if !ok {
		return Token{}, &TokenError{"it does not begin with " + tokenPrefix +
			"; for OAuth access tokens and keys of the Partner API use ParseOpaqueToken"}
	}
	body, isServiceToken := strings.CutPrefix(rest, serviceTokenID)
	id, secretPart, ok := strings.Cut(body, "_")
	if !ok || id == "" || secretPart == "" {
		return Token{}, &TokenError{"it is not of the form scope3_<clientId>_<secret>"}
	}
	if isServiceToken {
		id = serviceTokenID + id
	}
	return newToken(full, id), nil
}

// ParseTokenWithClientID reads a token whose client id is known, such as the accessClientId that comes with a
// new service token; the border is then exact, whatever underscores there are.
func ParseTokenWithClientID(full, clientID string) (Token, error) {
	if err := checkToken(full); err != nil {
		return Token{}, err
	}
	if clientID == "" {
		return Token{}, &TokenError{"the client id is empty"}
	}
	secretPart, ok := strings.CutPrefix(full, tokenPrefix+clientID+"_")
	if !ok || secretPart == "" {
		return Token{}, &TokenError{"it does not belong to the client id"}
	}
	return newToken(full, clientID), nil
}

// ParseOpaqueToken takes a credential without the scope3_ form, such as an OAuth or M2M access token or a key of the
// Partner API. It has no client id.
func ParseOpaqueToken(full string) (Token, error) {
	if err := checkToken(full); err != nil {
		return Token{}, err
	}
	return newToken(full, ""), nil
}

func newToken(full, clientID string) Token {
	return Token{text: secret.New(full), clientID: strings.Clone(clientID)}
}

// checkToken allows what can stand in a header: visible ASCII.
func checkToken(s string) error {
	switch {
	case s == "":
		return &TokenError{"it is empty"}
	case len(s) > maxTokenLength:
		return &TokenError{fmt.Sprintf("it is longer than %d bytes", maxTokenLength)}
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\r' || c == '\n':
			return &TokenError{"it contains a line break; was it read from a file with a newline at the end?"}
		case c == ' ' || c == '\t':
			return &TokenError{"it contains white space"}
		case c < '!' || c == 0x7f:
			return &TokenError{"it contains a control character"}
		case c > 0x7f:
			return &TokenError{"it contains a character outside ASCII; was it copied from where it is shown shortened?"}
		}
	}
	return nil
}

// ClientID is the public half, safe to log; empty for an opaque token.
func (t Token) ClientID() string { return t.clientID }

// IsZero reports whether there is no token.
func (t Token) IsZero() bool { return t == Token{} }

// Reveal returns the whole token, to be stored in a secret manager. It is the one way to see it.
func (t Token) Reveal() string { return t.text.Reveal() }

// RevealSecret returns the secret half alone; of an opaque token that is all of it.
func (t Token) RevealSecret() string {
	full := t.Reveal()
	if t.clientID == "" {
		return full
	}
	return full[len(tokenPrefix)+len(t.clientID)+len("_"):]
}

// String shows the client id and nothing of the secret.
//
//go:noinline
func (t Token) String() string {
	switch {
	case t.IsZero():
		return "(no token)"
	case t.anonymous:
		return "(anonymous)"
	case t.clientID == "":
		return "(opaque token)"
	default:
		return tokenPrefix + t.clientID + "_…"
	}
}

// Format shows String, whatever the verb.
func (t Token) Format(f fmt.State, verb rune) { wire.Format(f, verb, t.String()) }

// GoString shows String.
func (t Token) GoString() string { return t.String() }

// LogValue shows String.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText writes String: a token never leaves by being encoded.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }
