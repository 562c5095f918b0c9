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

// Scope limits the use of a token. The set is open.
type Scope string

// The scopes of the platform (docs/platform.md#authentication, from the platform's SDK; its OAuth metadata does not
// list them).
const (
	ScopeRead  Scope = "interchange:read"
	ScopeWrite Scope = "interchange:write"
	ScopeAdmin Scope = "interchange:admin"
)

// DefaultTokenURL is the platform's token endpoint for M2M applications (docs/platform.md#authentication).
const DefaultTokenURL = "https://identity.scope3.com/oauth2/token"

// Config configures a [Source].
type Config struct {
	// ClientID is the id of the application. Required.
	ClientID string
	// ClientSecret is the secret of the application, see [NewSecret]. Required.
	ClientSecret Secret
	// Scopes are the requested scopes. Without any, the token endpoint decides (RFC 6749 §3.3); what the platform then
	// grants is not documented.
	Scopes []Scope
	// TokenURL is the token endpoint. It must be https, except on loopback addresses. Default [DefaultTokenURL].
	TokenURL string
	// Transport sends the requests. It must respect the context of a request. Default: like client.NewTransport, but
	// without idle connections.
	Transport http.RoundTripper
	// MinTokenAge is the least age at which a token is replaced because the platform refused it. It does not delay the
	// replacement of a token that ends. Default 30 s.
	MinTokenAge time.Duration

	// transport returns Transport. Dumpers that use reflection cannot look into a func, and so do not find the secret in
	// the buffers of its connections.
	transport func() http.RoundTripper
}

// String returns the client id of the application.
func (c Config) String() string { return "m2m application " + wire.Printable(c.ClientID, 64) }

// Format prints String, whatever the verb.
func (c Config) Format(f fmt.State, verb rune) { wire.Format(f, verb, c.String()) }

// LogValue returns String.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// check returns all problems, without quoting a value. It converts the host of the token URL to lower case.
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

// checkSecret returns why a secret cannot be sent, without quoting it.
func checkSecret(s Secret) string {
	switch text := s.text.Reveal(); {
	case text == "":
		return "the client secret is missing"
	case !visible(text, true):
		return "the client secret has control or non-ASCII characters; was it read from a file with a newline at the end?"
	}
	return ""
}

// isNilPointer reports whether v holds a nil pointer or func, which would crash in the goroutine of a fetch.
func isNilPointer(v any) bool {
	value := reflect.ValueOf(v)
	return (value.Kind() == reflect.Pointer || value.Kind() == reflect.Func) && value.IsNil()
}

// visible reports whether s is visible ASCII, optionally with spaces.
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
		return "", "must not contain a user name or password"
	case u.Fragment != "" || strings.HasSuffix(s, "#"):
		return "", "must not have a fragment"
	case u.Opaque != "" || u.Hostname() == "":
		return "", "must be of the form https://host/path"
	case u.Scheme == "http" && !check.Loopback(u.Hostname()):
		return "", "must be https, except on loopback addresses"
	case u.Scheme != "https" && u.Scheme != "http":
		return "", "must begin with https://"
	}
	if u.Host, problem = check.Host(u); problem != "" {
		return "", problem
	}
	return u.String(), ""
}

// Secret is the secret of an OAuth client, such as an M2M application. It is comparable. Printing and encoding never
// show it.
type Secret struct{ text secret.Text }

// NewSecret returns a Secret with the given text. [New] checks it.
func NewSecret(s string) Secret { return Secret{secret.New(s)} }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.text.IsZero() }

// Reveal returns the text of the secret.
func (s Secret) Reveal() string { return s.text.Reveal() }

// String reports whether there is a secret, without any part of it.
func (s Secret) String() string {
	if s.IsZero() {
		return "(no secret)"
	}
	return "(secret)"
}

// Format prints String, whatever the verb.
func (s Secret) Format(f fmt.State, verb rune) { wire.Format(f, verb, s.String()) }

// GoString returns String.
func (s Secret) GoString() string { return s.String() }

// LogValue returns String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns String, so that encoding never shows the secret.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
