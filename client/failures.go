package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/netfailure"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// TransportError reports that no usable response came: the connection could not be made, broke, or took too long.
// Unwrap returns the cause, context errors included. If a write may have been processed, the error matches
// [ErrOutcomeUnknown], and matches neither io.EOF nor io.ErrUnexpectedEOF nor io.ErrClosedPipe: programs that repeat
// calls on these must not repeat such a write.
type TransportError struct {
	// Operation names the operation, Method and Route are its method and its template with the mount.
	Operation, Method, Route string
	// Origin is where the call went, as scheme://host:port.
	Origin string
	// Proxy is the proxy that could not be reached or refused the connection, as scheme://host:port. It is empty if the
	// failure is not a proxy's, or if the address is unknown.
	Proxy string
	// Attempts counts the attempts made.
	Attempts int
	// OutcomeUnknown reports whether the call is a write that may have taken effect.
	OutcomeUnknown bool

	cause error
}

// NewTransportError says that no usable answer came to a call that this package has not made itself, such as that of an
// MCP tool whose event stream broke. The outcome of a write is unknown.
func (c *Client) NewTransportError(op *Operation, cause error) *TransportError {
	cause = c.lastCredential().hideError(describeUnwatched(cause))
	op = op.known()
	return &TransportError{
		Operation: op.name(), Method: op.method(), Route: op.route(), Origin: c.origin(), Attempts: 1,
		OutcomeUnknown: op.effect() != EffectRead,
		cause:          cause,
		Proxy:          proxyOf(cause),
	}
}

const unknownOutcome = "; it is unknown whether the write took effect"

// Error is one line, safe to log: it has no path or query beyond the template, and names the origin only where that
// could not be connected to.
func (e *TransportError) Error() string {
	text := "interchange: " + describe(e.Operation, e.Method, e.Route) + causeText(e.cause)
	if e.Origin != "" && neverConnected(e.cause) {
		text += " (" + wire.Printable(e.Origin, 256) + ")"
	}
	if e.OutcomeUnknown {
		text += unknownOutcome
	}
	if e.Attempts > 1 {
		text += fmt.Sprintf("; %d attempts", e.Attempts)
	}
	return text
}

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error {
	switch {
	case e == nil:
		return nil
	case e.OutcomeUnknown:
		return severEndOfStream(e.cause)
	}
	return e.cause
}

// Timeout reports whether the attempt or the caller's context took too long, as [net.Error] does.
func (e *TransportError) Timeout() bool {
	if e == nil {
		return false
	}
	return errors.Is(e.cause, ErrAttemptTimeout) || errors.Is(e.cause, context.DeadlineExceeded) ||
		errors.Is(e.cause, os.ErrDeadlineExceeded)
}

// Is matches ErrOutcomeUnknown.
func (e *TransportError) Is(target error) bool {
	return target == ErrOutcomeUnknown && e != nil && e.OutcomeUnknown
}

// Format shows Error, whatever the verb.
func (e *TransportError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// DecodeError is returned when a response with a success status cannot be used. A write succeeded nevertheless: do not
// repeat it. [MayHaveApplied] returns true for it. Its text never quotes the response.
type DecodeError struct {
	// Operation names the operation, Method and Route are its method and its template with the mount.
	Operation, Method, Route string
	// StatusCode is the success status, RequestID the platform's id of the request.
	StatusCode int
	RequestID  string
	// WriteSucceeded reports whether the call is a write. It succeeded although its response cannot be used.
	WriteSucceeded bool
	// ResourceID is the id of the created resource, where the response shows it.
	ResourceID ID

	cause error
	body  func() []byte
}

// NewDecodeError says that a success which did not come as the answer to a [Call] cannot be used: one of [Client.Do] or
// [Client.Stream] that the caller reads, or the result of an MCP tool.
func NewDecodeError(op *Operation, status int, header http.Header, body []byte, cause error) *DecodeError {
	op = op.known()
	return &DecodeError{
		Operation: op.name(), Method: op.method(), Route: op.route(),
		StatusCode: status, RequestID: requestID(header),
		WriteSucceeded: op.effect() != EffectRead,
		cause:          cause,
		body:           kept(body, maxKeptBody),
	}
}

// Error is one line, safe to log.
func (e *DecodeError) Error() string {
	text := "interchange: " + describe(e.Operation, e.Method, e.Route)
	if e.WriteSucceeded {
		text += "the write took effect, but its response cannot be used: "
	} else {
		text += "the response cannot be used: "
	}
	text += causeText(e.cause)
	if e.ResourceID != "" {
		text += " (id " + wire.Printable(string(e.ResourceID), 64) + ")"
	}
	return text
}

// Unwrap returns the cause. If the write took effect, io.EOF and its like are not matched, as with [TransportError].
func (e *DecodeError) Unwrap() error {
	switch {
	case e == nil:
		return nil
	case e.WriteSucceeded:
		return severEndOfStream(e.cause)
	}
	return e.cause
}

// RawBody returns the response, cut at 64 KiB. It may hold a secret that was shown once.
func (e *DecodeError) RawBody() []byte {
	if e == nil || e.body == nil {
		return nil
	}
	return e.body()
}

// Format shows Error, whatever the verb.
func (e *DecodeError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// ErrBodyTooLarge says that an answer was longer than the limit set with [WithMaxBody], after decompression.
var ErrBodyTooLarge = errors.New("the answer is larger than the limit")

// LimitError says that a call was not sent, because the limiter holds calls for longer than the context or the
// limit of [RetryPolicy.MaxDelay] allow. Nothing happened; it matches [ErrRateLimited], and
// context.DeadlineExceeded where the context would have ended first.
type LimitError struct {
	// Operation names the operation that was not sent.
	Operation string
	// RetryAfter is the remaining wait.
	RetryAfter time.Duration
	// PastDeadline reports whether the context would have ended first.
	PastDeadline bool
}

// Error returns the remaining wait on one line.
func (e *LimitError) Error() string {
	return fmt.Sprintf("interchange: %snot sent: rate limited for another %s", prefixed(e.Operation),
		e.RetryAfter.Round(time.Millisecond))
}

// As fills an *APIError with the status and code of ErrRateLimited and with RetryAfter.
func (e *LimitError) As(target any) bool {
	return e != nil && asAPIError(target, &APIError{
		Operation: e.Operation, StatusCode: http.StatusTooManyRequests, Code: "RATE_LIMITED",
		Message: "not sent", RetryAfter: e.RetryAfter,
	})
}

// RetryDelay returns RetryAfter, and 0 for a nil *LimitError. See the function [RetryAfter].
func (e *LimitError) RetryDelay() time.Duration {
	if e == nil {
		return 0
	}
	return e.RetryAfter
}

// Is matches ErrRateLimited, and context.DeadlineExceeded when that is why.
func (e *LimitError) Is(target error) bool {
	return e != nil && (target == ErrRateLimited || (e.PastDeadline && target == context.DeadlineExceeded))
}

func prefixed(operation string) string {
	if operation == "" {
		return ""
	}
	return operation + ": "
}

// interruptedError is a context that ended, or a limiter or token source that failed, before a call was repeated. It
// matches that error and everything the last attempt's error matches.
type interruptedError struct {
	operation string
	ended     error
	last      error
}

func (e *interruptedError) Error() string {
	return prefix + prefixed(e.operation) + causeText(e.ended) + " while waiting to repeat the call; the last attempt: " +
		strings.ReplaceAll(e.last.Error(), prefix, "")
}

func (e *interruptedError) Unwrap() []error {
	if errors.Is(e.last, ErrOutcomeUnknown) {
		return []error{severEndOfStream(e.ended), e.last}
	}
	return []error{e.ended, e.last}
}

// neverConnected reports whether err is about the server rather than the call, so that its text names the origin.
func neverConnected(err error) bool {
	var (
		described *netfailure.Error
		op        *net.OpError
		dns       *net.DNSError
	)
	if errors.As(err, &described) {
		return !described.ByProxy
	}
	return errors.As(err, &dns) || (errors.As(err, &op) && op.Op == "dial")
}

// prefix begins the text of an error of this module, once.
const prefix = "interchange: "

// causeText says what went wrong without addresses, from the kinds of errors that are known.
func causeText(err error) string {
	var (
		described *netfailure.Error
		stalled   *stalledError
		op        *net.OpError
		dns       *net.DNSError
		errn      syscall.Errno
		protocol  textproto.ProtocolError
	)
	var unread *DecodeError
	switch {
	case err == nil:
		return "unknown cause"
	case errors.As(err, &unread):
		return causeText(unread.cause)
	case errors.Is(err, context.Canceled):
		return context.Canceled.Error()
	case errors.As(err, &stalled):
		return stalled.Error()
	case errors.Is(err, ErrAttemptTimeout):
		return ErrAttemptTimeout.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded.Error()
	case errors.As(err, &described):
		return described.Text
	case errors.As(err, &dns):
		return "the host name cannot be resolved"
	case errors.As(err, &op) && op.Op == "dial":
		if errors.As(err, &errn) {
			return "cannot connect: " + errn.Error()
		}
		return "cannot connect"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "timed out"
	case errors.As(err, &errn):
		return "the connection broke: " + errn.Error()
	case errors.As(err, &protocol), strings.Contains(err.Error(), "malformed HTTP"):
		return "the answer is not valid HTTP" // net/http quotes it
	case errors.Is(err, net.ErrClosed):
		return "the connection was closed"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection ended before the answer did"
	default:
		return wire.Printable(strings.ReplaceAll(err.Error(), prefix, ""), 256)
	}
}
