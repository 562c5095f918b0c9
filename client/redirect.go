package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// RedirectError says that the platform answered with a redirect that is not followed. The request went to the
// configured origin only: neither the credential nor the body was sent elsewhere. It matches [ErrRedirect].
//
// Followed are 307 and 308 to the same scheme, host and port, at most five in a row, with method, body and
// credential: the unversioned paths respond so (docs/platform.md#hosts).
type RedirectError struct {
	// Operation names the operation.
	Operation string
	// From and To are the origins, as scheme://host:port. To is empty when the target cannot be read.
	From, To string
	// StatusCode is the redirect's status.
	StatusCode int
	// Reason says why it is not followed.
	Reason string
	// OutcomeUnknown reports whether the call is a write that may have taken effect: 301, 302 and 303 often follow one.
	OutcomeUnknown bool
}

// ErrRedirect is matched by every [RedirectError].
var ErrRedirect = errors.New("interchange: redirect not followed")

// Error names both origins; it has no path and no query.
func (e *RedirectError) Error() string {
	to := ""
	if e.To != "" {
		to = " to " + wire.Printable(e.To, 256)
	}
	text := fmt.Sprintf("interchange: %sredirect (%d) from %s%s not followed: %s",
		prefixed(e.Operation), e.StatusCode, wire.Printable(e.From, 256), to, e.Reason)
	if e.OutcomeUnknown {
		text += unknownOutcome
	}
	return text
}

// Is matches ErrRedirect, and ErrOutcomeUnknown where that is so.
func (e *RedirectError) Is(target error) bool {
	return e != nil && (target == ErrRedirect || (target == ErrOutcomeUnknown && e.OutcomeUnknown))
}

const maxRedirects = 5

// checkRedirect is the only rule by which this package follows redirects. It sees the next request before
// anything of it is sent.
func checkRedirect(next *http.Request, via []*http.Request) error {
	first := via[0]
	e := &RedirectError{From: origin(first.URL), To: origin(next.URL)}
	if next.Response != nil {
		e.StatusCode = next.Response.StatusCode
	}
	switch {
	case e.StatusCode != http.StatusTemporaryRedirect && e.StatusCode != http.StatusPermanentRedirect:
		e.Reason = "only 307 and 308 keep method and body"
	case !sameOrigin(first.URL, next.URL):
		e.Reason = "it leaves the origin"
	case next.URL.User != nil:
		e.Reason = "its target holds a user name"
	case len(via) > maxRedirects:
		e.Reason = fmt.Sprintf("more than %d in a row", maxRedirects)
	default:
		// net/http drops the credential when the host differs in the case of its letters alone.
		if credential, ok := first.Header["Authorization"]; ok {
			next.Header["Authorization"] = credential
		}
		return nil
	}
	return e
}

// redirectFailure finds the refusal in what net/http returned, if it is one. A Location that cannot be parsed is
// refused by net/http itself, with a text that quotes it and without the response, whose status is passed here; a
// redirect without a Location comes as an answer.
func redirectFailure(err error, status int, from *url.URL) *RedirectError {
	var refused *RedirectError
	switch {
	case errors.As(err, &refused):
		return refused
	case err != nil && status/100 == 3:
		return &RedirectError{From: origin(from), StatusCode: status, Reason: "its target cannot be read"}
	case err == nil && isRedirect(status):
		return &RedirectError{From: origin(from), StatusCode: status, Reason: "it names no target"}
	}
	return nil
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}
