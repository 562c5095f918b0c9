package mcpclient

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// explain returns the error of a call for users of this package. The text of a library error is never part of it: the
// library's decoder quotes the response.
func (c *config) explain(ctx context.Context, op *client.Operation, rec *record, err error) error {
	raw, noted, sent := rec.outcome()
	if !sent {
		op.Effect = client.EffectRead
	}
	if errors.Is(noted, ErrClosed) {
		if !errors.Is(noted, client.ErrOutcomeUnknown) {
			op.Effect = client.EffectRead
		}
		return c.client.NewTransportError(op, ErrClosed)
	}
	switch {
	case noted != nil:
		return noted
	case ctx.Err() != nil:
		return c.client.NewTransportError(op, contextError(ctx))
	}
	if own := ownError(err); own != nil {
		return own
	}
	if raw == nil {
		return c.client.NewTransportError(op, libraryError(op, err))
	}
	m, readErr := readMessage(raw)
	switch {
	case readErr == nil && m.failed != nil:
		return c.client.NewAPIError(op, http.StatusOK, nil, raw)
	case readErr == nil && !supported(m.result):
		return unproven(c.client, op, http.StatusOK, nil, raw, errVersion)
	}
	return unproven(c.client, op, http.StatusOK, nil, raw, errUndecodable)
}

var (
	errVersion     = errors.New("the server speaks a version of MCP that is not supported")
	errUndecodable = errors.New("it is not a valid result of the method")
	errLibrary     = errors.New("the MCP library could not make the call")
)

// supported reports whether the version in the result of initialize, if it is one, is known to the library.
func supported(result []byte) bool {
	version := textOf(member(result, "protocolVersion"))
	return version == "" || slices.Contains(mcp.SupportedProtocolVersions(), version)
}

// ownError returns the error of this module in a chain, or nil.
func ownError(err error) error {
	var (
		api       *client.APIError
		transport *client.TransportError
		decode    *client.DecodeError
		limit     *client.LimitError
		redirect  *client.RedirectError
	)
	switch {
	case errors.As(err, &api):
		return api
	case errors.As(err, &transport):
		return transport
	case errors.As(err, &decode):
		return decode
	case errors.As(err, &limit):
		return limit
	case errors.As(err, &redirect):
		return redirect
	}
	return nil
}

// libraryError replaces an error of the library. Programs repeat a call when the connection was closed, so the result
// only matches that error if the call has no effect.
func libraryError(op *client.Operation, err error) error {
	if op.Effect == client.EffectRead && errors.Is(err, mcp.ErrConnectionClosed) {
		return mcp.ErrConnectionClosed
	}
	return errLibrary
}

// contextError returns a context's error, with its cause if that says more.
func contextError(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(ctx.Err(), cause) {
		return &endedError{ctx.Err(), cause}
	}
	return ctx.Err()
}

// endedError is a context's error and its cause, on one line.
type endedError struct{ ended, cause error }

func (e *endedError) Error() string { return e.ended.Error() + ": " + wire.Bare(e.cause).Error() }

// Unwrap returns both.
func (e *endedError) Unwrap() []error { return []error{e.ended, e.cause} }

// optionErrors are all that is wrong with the options, on one line.
type optionErrors []error

func (e optionErrors) Error() string {
	texts := make([]string, len(e))
	for i, err := range e {
		texts[i] = strings.NewReplacer("interchange: ", "", "\n", "; ").Replace(err.Error())
	}
	return "interchange: " + strings.Join(texts, "; ")
}

// Unwrap returns each error.
func (e optionErrors) Unwrap() []error { return e }

// indigestible is the error of a response that the library cannot decode, such as one that is nested too deep.
func (x *exchange) indigestible(status int, header http.Header, m *message) error {
	if m.failed != nil {
		return x.wire.client.NewAPIError(x.operation(), status, header, m.raw)
	}
	return x.unproven(status, header, m.raw, errUndecodable)
}

// digestible reports whether the library can decode a response. It need not decode the result of a tool that this
// package has called.
func (x *exchange) digestible(m *message) bool {
	own := x.rec.own && x.msg.method == methodCallTool && m.failed == nil && !asksBack(m.result)
	return own || digestible(m)
}
