package m2m

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/secret"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Scope describes what a token may be used for. The set is open.
type Scope string

// The scopes of the platform (docs/platform.md#authentication, from the platform's SDK; its OAuth metadata does not
// list them).
const (
	ScopeRead  Scope = "interchange:read"
	ScopeWrite Scope = "interchange:write"
	ScopeAdmin Scope = "interchange:admin"
)

// DefaultTokenURL is where the platform gives tokens to M2M applications (docs/platform.md#authentication).
const DefaultTokenURL = "https://identity.scope3.com/oauth2/token"

// Config says who asks, for what, and where.
type Config struct {
	// ClientID is the id of the application. Required.
	ClientID string
	// ClientSecret is its secret, see [NewSecret]. Required.
	ClientSecret Secret
	// Scopes are what the token is asked for; none leaves it to the token endpoint (RFC 6749 §3.3; what the platform
	// then grants is not documented).
	Scopes []Scope
	// TokenURL is the token endpoint, by default [DefaultTokenURL]. It must be https; plain http is for loopback
	// addresses.
	TokenURL string
	// Transport sends the requests; by default one as client.NewTransport makes, that keeps no connection open.
	// It must obey the context of a request.
	Transport http.RoundTripper
	// MinTokenAge is the age a token must have before it is replaced because the platform refused it. Default 30 s. It
	// does not delay the replacement of a token that ends.
	MinTokenAge time.Duration
}

// String names the application.
func (c Config) String() string { return "m2m application " + wire.Printable(c.ClientID, 64) }

// Format shows String, whatever the verb.
func (c Config) Format(f fmt.State, verb rune) { wire.Format(f, verb, c.String()) }

// LogValue shows String.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// check returns everything that is wrong, without repeating any of it. It puts the host of the token URL in lower case.
func (c *Config) check() error {
	var errs []error
	fail := func(text string) { errs = append(errs, errors.New("interchange: m2m: "+text)) }
	switch {
	case c.ClientID == "":
		fail("the client id is missing")
	case !visible(c.ClientID, true):
		fail("the client id has control or non-ASCII characters")
	}
	if reason := checkSecret(c.ClientSecret); reason != "" {
		fail(reason)
	}
	if isNilPointer(c.Transport) {
		fail("the transport must not be a nil pointer or func")
	}
	if c.MinTokenAge < 0 {
		fail("MinTokenAge must not be negative")
	}
	for i, scope := range c.Scopes {
		if scope == "" || !visible(string(scope), false) || strings.ContainsAny(string(scope), `"\`) {
			fail(fmt.Sprintf("scope %d is empty or has characters that a scope cannot have", i+1))
		}
	}
	if c.TokenURL != "" {
		normal, problem := normalizeURL(c.TokenURL)
		if problem != "" {
			fail("the token URL " + problem)
		}
		c.TokenURL = normal
	}
	return errors.Join(errs...)
}

// checkSecret returns why a secret cannot be sent, without repeating it.
func checkSecret(s Secret) string {
	switch text := s.text.Reveal(); {
	case text == "":
		return "the client secret is missing"
	case !visible(text, true):
		return "the client secret has control or non-ASCII characters; was it read from a file with a newline at the end?"
	}
	return ""
}

// isNilPointer reports whether an interface holds a nil pointer or func, which would crash in the goroutine of a fetch.
func isNilPointer(v any) bool {
	value := reflect.ValueOf(v)
	return (value.Kind() == reflect.Pointer || value.Kind() == reflect.Func) && value.IsNil()
}

// visible reports whether s is visible ASCII, with spaces or without.
func visible(s string, spaces bool) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || (c == ' ' && !spaces) {
			return false
		}
	}
	return true
}

// normalizeURL returns a URL with its host in lower case, or why it cannot be used.
func normalizeURL(s string) (normal, problem string) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "", "cannot be parsed"
	case u.User != nil:
		return "", "must not hold a user name or password"
	case u.Fragment != "" || strings.HasSuffix(s, "#"):
		return "", "must not have a fragment"
	case u.Opaque != "" || u.Hostname() == "":
		return "", "must be of the form https://host/path"
	case u.Scheme == "http" && !check.Loopback(u.Hostname()):
		return "", "must be https: plain http is for loopback addresses"
	case u.Scheme != "https" && u.Scheme != "http":
		return "", "must begin with https://"
	}
	if u.Host, problem = check.Host(u); problem != "" {
		return "", problem
	}
	return u.String(), ""
}

// Secret is the secret of an OAuth client, such as an M2M application. It is comparable, and the zero Secret is none.
// No way of printing or encoding shows it.
type Secret struct{ text secret.Text }

// NewSecret takes a secret as it was shown when the application was made. It is checked by [New].
func NewSecret(s string) Secret { return Secret{secret.New(s)} }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.text.IsZero() }

// Reveal returns the secret, for what has to send it. It is the one way to see it.
func (s Secret) Reveal() string { return s.text.Reveal() }

// String reports whether there is a secret, and nothing of it.
func (s Secret) String() string {
	if s.IsZero() {
		return "(no secret)"
	}
	return "(secret)"
}

// Format shows String, whatever the verb.
func (s Secret) Format(f fmt.State, verb rune) { wire.Format(f, verb, s.String()) }

// GoString shows String.
func (s Secret) GoString() string { return s.String() }

// LogValue shows String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText writes String: a secret never leaves by being encoded.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
