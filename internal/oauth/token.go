package oauth

import (
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

const (
	// MaxLifetime caps the lifetime of a token.
	MaxLifetime = 365 * 24 * time.Hour
	// MinTokenAge is the age that a token must have before it is replaced because the platform refused it: a platform that
	// refuses every token then causes two token requests a minute.
	MinTokenAge = 30 * time.Second
)

// Token is a successful token response (RFC 6749 §5.1).
type Token struct {
	AccessToken  string
	RefreshToken string
	// Scopes are the granted scopes; nil if the response does not list them.
	Scopes []string
	// Lifetime is zero if the response does not state one, and negative for a token that has already expired.
	Lifetime time.Duration
}

// ReadToken returns the token of a response. If there is none, it returns the reason, which quotes nothing of the
// response.
func ReadToken(o Object) (Token, string) {
	if o.Failed() {
		return Token{}, "the response is an error"
	}
	if !bearer(o) {
		return Token{}, "the token is not a bearer token"
	}
	t := Token{
		AccessToken:  o.String("access_token"),
		RefreshToken: o.String("refresh_token"),
		Scopes:       o.List("scope"),
		Lifetime:     lifetime(o.Text("expires_in")),
	}
	if t.AccessToken == "" {
		return Token{}, "the response has no access_token"
	}
	return t, ""
}

// bearer reports whether the type of the token is bearer or not stated. A token of another type, such as DPoP, must
// not be sent as a bearer token.
func bearer(o Object) bool {
	v, stated := o["token_type"]
	if !stated || v.Kind() == 'n' {
		return true
	}
	return v.Kind() == '"' && Bearer(o.String("token_type"))
}

// Bearer reports whether a token type is bearer or empty.
func Bearer(kind string) bool { return kind == "" || strings.EqualFold(kind, "Bearer") }

// lifetime parses seconds. Some servers send them as a string or with a fraction.
func lifetime(s string) time.Duration {
	seconds, ok := wire.ParseDecimal(s)
	switch {
	case !ok:
		return 0
	case seconds >= MaxLifetime.Seconds():
		return MaxLifetime
	case seconds <= -MaxLifetime.Seconds():
		return -MaxLifetime
	case seconds > 0:
		return max(time.Duration(seconds*float64(time.Second)), 1)
	}
	return time.Duration(seconds * float64(time.Second))
}
