package oauth

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"golang.org/x/oauth2"

	"github.com/interchange-sdk/interchange-go/client"
	oauthjson "github.com/interchange-sdk/interchange-go/internal/oauth"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Error is the reason why there is no token. It matches client.ErrUnauthorized if the person, or the authorization
// server, refused.
//
// Its text is one line without URLs. Of a server's response it has the code and, if the error came through the person's
// browser, the description.
type Error struct {
	// StatusCode is the HTTP status of the authorization server's response; 0 if the error did not come in a response.
	StatusCode int
	// Code is the OAuth error code, such as "access_denied" (RFC 6749 §4.1.2.1 and §5.2); the set is open. Empty if
	// there is none.
	Code string
	// Description is for people. It is set if the error came by redirect, and is one printable line.
	Description string

	step   string // that failed
	reason string
	cause  error
}

const (
	maxCode        = 64
	maxDescription = 200
)

// Error returns one line that is safe to log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("interchange: OAuth")
	if e.step != "" {
		b.WriteString(": " + e.step)
	}
	if e.reason != "" {
		b.WriteString(": " + e.reason)
	}
	if e.StatusCode != 0 {
		b.WriteString(": " + strconv.Itoa(e.StatusCode))
	}
	if e.Code != "" {
		b.WriteString(": " + wire.Printable(e.Code, maxCode))
	}
	if e.Description != "" {
		b.WriteString(" (" + wire.Printable(e.Description, maxDescription) + ")")
	}
	return b.String()
}

// Is matches client.ErrUnauthorized.
func (e *Error) Is(target error) bool {
	if e == nil || target != client.ErrUnauthorized || e.StatusCode >= http.StatusInternalServerError {
		return false
	}
	switch e.Code {
	case "access_denied", "invalid_client", "unauthorized_client", "invalid_grant":
		return true
	}
	return false
}

// Unwrap returns the cause: the error of OpenBrowser, of Await, of the transport, or of the context. It is nil for a
// response of the authorization server.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.cause
}

// Format prints Error for every verb.
func (e *Error) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// hostError is an error of OpenBrowser or Await. It belongs to the caller and is kept unchanged.
type hostError struct{ err error }

func (e *hostError) Error() string { return "the person could not be asked" }

// cleanError converts an error to an Error. Texts and types of the library quote URLs, headers and bodies,
// one of them with a client secret, so a text is only recognised and never passed on.
func cleanError(step string, err error) error {
	var (
		own          *Error
		host         *hostError
		refused      *oauth2.RetrieveError
		registration *oauthex.ClientRegistrationError
		network      *url.Error
		dial         *net.OpError
	)
	clean := &Error{step: step}
	switch {
	case errors.As(err, &own):
		*clean = *own
		if clean.step == "" {
			clean.step = step
		}
	case errors.As(err, &host):
		clean.cause, clean.reason = host.err, host.Error()
	case errors.As(err, &refused):
		clean.Code, clean.reason = oauthjson.Code(refused.ErrorCode), "the token endpoint refused"
		if refused.Response != nil {
			clean.StatusCode = refused.Response.StatusCode
		}
	case errors.As(err, &registration):
		clean.Code, clean.reason = oauthjson.Code(registration.ErrorCode), "the client could not be registered"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		clean.cause, clean.reason = withoutRequestURL(err), "the authorization server did not answer in time"
	case errors.As(err, &network):
		clean.cause, clean.reason = withoutRequestURL(err), "the authorization server could not be asked"
		if errors.As(err, &dial) && dial.Op == "dial" {
			clean.reason = "cannot connect to the authorization server"
		}
	default:
		clean.reason = recognised(err.Error())
	}
	return clean
}

func withoutRequestURL(err error) error {
	var network *url.Error
	for errors.As(err, &network) {
		err = network.Err
	}
	return err
}

// recognised translates the library's texts.
func recognised(text string) string {
	for _, known := range [...][2]string{
		{"state mismatch", "the redirect does not belong to this attempt"},
		{"does not implement PKCE", "the authorization server does not support PKCE"},
		{"no authorization servers specified", "the platform names no authorization server"},
		{"no configured client registration methods", "the authorization server takes neither this client nor registrations"},
		{"iss parameter support", "the redirect names an issuer unannounced, or does not name one announced"},
		{"authorization response issuer", "the redirect comes from another authorization server"},
		{"does not match issuer URL", "the authorization server says it is another"},
		{"failed to register client", "the client could not be registered"},
		{"token exchange failed", "the token endpoint's response cannot be read"},
		{"cannot parse json", "the token endpoint's response cannot be read"},
		{"authorization server metadata", "the authorization server's metadata cannot be read"},
	} {
		if strings.Contains(text, known[0]) {
			return known[1]
		}
	}
	return "the authorization failed"
}
