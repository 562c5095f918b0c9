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

// Error reports why no token was granted. It matches client.ErrUnauthorized if the application or its secret was
// refused, and client.ErrRateLimited for a 429.
//
// Its text is one line. It contains the status and code of the response, and no URL and no secret.
type Error struct {
	// StatusCode is the HTTP status; 0 without a response, and 200 for a response without a usable token.
	StatusCode int
	// Code is the OAuth error code, such as "invalid_client" (RFC 6749 §5.2); empty if there is none. The set is open.
	Code string
	// RetryAfter is the delay that the endpoint asked for; 0 if none.
	RetryAfter time.Duration
	// Attempts is the number of requests sent.
	Attempts int

	reason string
	final  bool
	cause  error
}

// Error returns one line that is safe to log.
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

// Is reports whether target is client.ErrUnauthorized or client.ErrRateLimited, and e matches it.
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

// As sets a *client.APIError with StatusCode, Code and RetryAfter if the error matches client.ErrRateLimited.
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

// RetryDelay returns RetryAfter, or 0 for a nil *Error. See [client.RetryAfter].
func (e *Error) RetryDelay() time.Duration {
	if e == nil {
		return 0
	}
	return e.RetryAfter
}

// Unwrap returns the cause of a failure without a response: client.ErrAttemptTimeout, [ErrClosed], or the error of the
// transport.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.cause
}

// Format prints Error, whatever the verb.
func (e *Error) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// temporary reports whether a retry may succeed.
func (e *Error) temporary() bool {
	switch e.StatusCode {
	case 0:
		return !e.final
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	default:
		return e.StatusCode >= http.StatusInternalServerError && e.StatusCode != http.StatusNotImplemented
	}
}

// transportError returns the Error of a request without a complete response.
func (c *Config) transportError(req *http.Request, watch *netfailure.Watch, err error) *Error {
	if ctx := req.Context(); ctx.Err() != nil {
		// A timeout of this package must not look like that of the caller.
		err = context.Cause(ctx)
	}
	err = netfailure.Describe(err, "the token endpoint", watch, netfailure.ProxyOf(c.transport(), req))
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

// causeText describes the known kinds of errors. Others may quote the request.
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
		return "no response from the token endpoint"
	}
}
