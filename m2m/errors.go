package m2m

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/netfailure"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Error says why the token endpoint gave no token. It matches client.ErrUnauthorized where the application or its
// secret were refused, and client.ErrRateLimited for a 429.
//
// Its text is one line: of the answer it has status and code, and no more; it has no URL and no secret.
type Error struct {
	// StatusCode is the HTTP status; 0 when no answer came. It can be 200, for an answer without a usable token.
	StatusCode int
	// Code is the OAuth error code, such as "invalid_client" (RFC 6749 §5.2); the set is open. Empty when the answer
	// had none.
	Code string
	// RetryAfter is the time the endpoint asked to wait; 0 when it did not.
	RetryAfter time.Duration
	// Attempts counts the requests made.
	Attempts int

	reason string
	final  bool
	cause  error
}

// Error is one line, safe to log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("interchange: m2m: no token")
	if e.StatusCode != 0 {
		b.WriteString(": ")
		b.WriteString(strconv.Itoa(e.StatusCode))
	}
	switch {
	case e.Code != "":
		b.WriteString(" " + wire.Printable(e.Code, maxCode))
	case e.StatusCode/100 != 2 && http.StatusText(e.StatusCode) != "":
		b.WriteString(" " + strings.ToLower(http.StatusText(e.StatusCode)))
	}
	if e.reason != "" {
		b.WriteString(": " + e.reason)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; retry after %s", e.RetryAfter)
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, "; %d attempts", e.Attempts)
	}
	return b.String()
}

// Is matches client.ErrUnauthorized and client.ErrRateLimited.
func (e *Error) Is(target error) bool {
	if e == nil {
		return false
	}
	switch target {
	case client.ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized || e.Code == "invalid_client" || e.Code == "unauthorized_client"
	case client.ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests
	}
	return false
}

// As fills a *client.APIError with StatusCode, Code and RetryAfter if the error matches client.ErrRateLimited: callers
// who asked errors.Is read its RetryAfter next.
func (e *Error) As(target any) bool {
	out, ok := target.(**client.APIError)
	if !ok || !e.Is(client.ErrRateLimited) {
		return false
	}
	*out = &client.APIError{
		Operation: "m2m", StatusCode: e.StatusCode, Code: e.Code, Message: "no token", RetryAfter: e.RetryAfter,
	}
	return true
}

// RetryDelay returns RetryAfter, and 0 for a nil *Error. See [client.RetryAfter].
func (e *Error) RetryDelay() time.Duration {
	if e == nil {
		return 0
	}
	return e.RetryAfter
}

// Unwrap gives the cause of a failure without an answer: client.ErrAttemptTimeout, [ErrClosed], or that of the
// transport.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.cause
}

// Format shows Error, whatever the verb.
func (e *Error) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// passing reports the failures that may pass by themselves.
func (e *Error) passing() bool {
	switch e.StatusCode {
	case 0:
		return !e.final
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	default:
		return e.StatusCode >= http.StatusInternalServerError && e.StatusCode != http.StatusNotImplemented
	}
}

// brokenOff returns the Error of a request without a complete response.
func (c *Config) brokenOff(req *http.Request, watch *netfailure.Watch, err error) *Error {
	if ctx := req.Context(); ctx.Err() != nil {
		// The end of a time limit of this package must not look like the end of the caller's own.
		err = context.Cause(ctx)
	}
	err = netfailure.Describe(err, "the token endpoint", watch, netfailure.ProxyOf(revealed(c.Transport), req))
	failed := &Error{cause: err, reason: causeText(err)}
	var described *netfailure.Error
	if errors.As(err, &described) {
		failed.final = described.Final
		if !described.ByProxy {
			failed.reason += " (" + origin(req.URL) + ")"
		}
	}
	return failed
}

// origin returns scheme://host:port.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// causeText says what went wrong from the kinds of errors that are known; others may quote what was sent.
func causeText(err error) string {
	var (
		described *netfailure.Error
		op        *net.OpError
		dns       *net.DNSError
		errn      syscall.Errno
	)
	switch {
	case errors.Is(err, ErrClosed):
		return "the source is closed"
	case errors.Is(err, client.ErrAttemptTimeout):
		return client.ErrAttemptTimeout.Error()
	case errors.As(err, &described):
		return described.Text
	case errors.As(err, &dns):
		return "the host name of the token endpoint cannot be resolved"
	case errors.As(err, &errn) && errors.As(err, &op) && op.Op == "dial":
		return "cannot connect to the token endpoint: " + errn.Error()
	case errors.As(err, &op) && op.Op == "dial":
		return "cannot connect to the token endpoint"
	case errors.As(err, &errn):
		return "the connection to the token endpoint broke: " + errn.Error()
	default:
		return "no answer from the token endpoint"
	}
}
