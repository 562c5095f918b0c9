package buyer

import (
	"fmt"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/secret"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// PushNotificationConfig is where the platform reports the end of a sync. The zero value asks for no report;
// [Tasks.WaitForTask] polls instead.
type PushNotificationConfig struct {
	// URL is the address to call: https, or http on a loopback address. Required with any other field.
	URL string
	// OperationID is the caller's own id, which notifications repeat: at most 255 letters, digits, or any of "_.:-".
	OperationID string
	// Token is a secret that notifications repeat: 16 to 4096 characters.
	Token PushSecret
	// Schemes are the ways in which the platform may authenticate with Credentials; both or none are set.
	Schemes []PushScheme
	// Credentials is a secret of at least 32 characters.
	Credentials PushSecret
}

// PushScheme is the authentication scheme of a notification.
type PushScheme string

// The known values of PushScheme.
const (
	// PushSchemeBearer sends the credentials as a bearer token.
	PushSchemeBearer PushScheme = "Bearer"
	// PushSchemeHMACSHA256 signs the body with the credentials.
	PushSchemeHMACSHA256 PushScheme = "HMAC-SHA256"
)

// PushSecret is a secret that the platform uses in its notifications. Nothing prints it.
type PushSecret struct {
	text secret.Text
	set  bool
}

// NewPushSecret returns a PushSecret with the text. An empty text is set too, so that a call refuses it.
func NewPushSecret(text string) PushSecret { return PushSecret{text: secret.New(text), set: true} }

// Reveal returns the text.
func (s PushSecret) Reveal() string { return s.text.Reveal() }

// IsZero reports whether the secret was never set.
func (s PushSecret) IsZero() bool { return !s.set }

// String returns a placeholder.
func (s PushSecret) String() string {
	if s.text.IsZero() {
		return "(no secret)"
	}
	return "(secret)"
}

// Format writes String, whatever the verb.
func (s PushSecret) Format(f fmt.State, verb rune) { wire.Format(f, verb, s.String()) }

// GoString returns String.
func (s PushSecret) GoString() string { return s.String() }

// LogValue returns String.
func (s PushSecret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns String.
func (s PushSecret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (c *PushNotificationConfig) isZero() bool {
	return c.URL == "" && c.OperationID == "" && len(c.Schemes) == 0 && c.Token.IsZero() && c.Credentials.IsZero()
}

// Lengths of the fields of a PushNotificationConfig.
const (
	maxOperationID     = 255
	minPushToken       = 16
	maxPushToken       = 4096
	minPushCredentials = 32
)

// check validates a configuration that is not zero.
func (c *PushNotificationConfig) check(s check.Reporter, path string) {
	if c.isZero() {
		return
	}
	check.Required(s, path+".url", c.URL, "")
	check.URL(s, path+".url", c.URL)
	check.MaxLength(s, path+".operation_id", c.OperationID, maxOperationID)
	if strings.ContainsFunc(c.OperationID, notInOperationID) {
		s.Add(path+".operation_id", `must have only letters, digits and "_.:-"`)
	}
	token, credentials := c.Token.Reveal(), c.Credentials.Reveal()
	if n := utf8.RuneCountInString(token); !c.Token.IsZero() && (n < minPushToken || n > maxPushToken) {
		s.Add(path+".token", fmt.Sprintf("must have between %d and %d characters", minPushToken, maxPushToken))
	}
	if !utf8.ValidString(token) {
		s.Add(path+".token", "must be UTF-8")
	}
	check.EachOf(s, path+".authentication.schemes", c.Schemes, PushSchemeBearer, PushSchemeHMACSHA256)
	switch {
	case c.Credentials.IsZero() && len(c.Schemes) > 0:
		s.Add(path+".authentication.credentials", "is required with schemes")
	case c.Credentials.IsZero():
	case len(c.Schemes) == 0:
		s.Add(path+".authentication.schemes", "is required with credentials")
	case utf8.RuneCountInString(credentials) < minPushCredentials:
		s.Add(path+".authentication.credentials", fmt.Sprintf("must have at least %d characters", minPushCredentials))
	case !utf8.ValidString(credentials):
		s.Add(path+".authentication.credentials", "must be UTF-8")
	}
}

func notInOperationID(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("_.:-", r):
		return false
	default:
		return true
	}
}

// pushConfig is a PushNotificationConfig as sent.
type pushConfig struct {
	URL            string    `json:"url"`
	OperationID    string    `json:"operation_id,omitzero"`
	Token          string    `json:"token,omitzero"`
	Authentication *pushAuth `json:"authentication,omitzero"`
}

type pushAuth struct {
	Schemes     []PushScheme `json:"schemes"`
	Credentials string       `json:"credentials"`
}

// wire returns what is sent; nil for the zero value.
func (c *PushNotificationConfig) wire() *pushConfig {
	if c.isZero() {
		return nil
	}
	sent := &pushConfig{URL: c.URL, OperationID: c.OperationID, Token: c.Token.Reveal()}
	if len(c.Schemes) > 0 {
		sent.Authentication = &pushAuth{Schemes: c.Schemes, Credentials: c.Credentials.Reveal()}
	}
	return sent
}
