package mcpclient

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// callError returns the error of a call. It never contains the text of a library error, because the library's decoder
// quotes the response.
func (c *config) callError(ctx context.Context, op *client.Operation, call *callState, err error) error {
	o := call.outcome()
	if !o.sent {
		op.Effect = client.EffectRead
	}
	if errors.Is(o.err, ErrClosed) {
		if !errors.Is(o.err, client.ErrOutcomeUnknown) {
			op.Effect = client.EffectRead
		}
		return c.client.NewTransportError(op, ErrClosed)
	}
	switch {
	case o.err != nil:
		return o.err
	case ctx.Err() != nil:
		return c.client.NewTransportError(op, contextError(ctx))
	}
	if own := ownError(err); own != nil {
		return own
	}
	if o.raw == nil {
		return c.client.NewTransportError(op, libraryError(op, err))
	}
	m, readErr := readMessage(o.raw)
	switch {
	case readErr == nil && m.failed != nil:
		return c.client.NewAPIError(op, http.StatusOK, nil, o.raw)
	case readErr == nil && !supported(m.result):
		return unprovenError(c.client, op, http.StatusOK, nil, o.raw, errVersion)
	}
	return unprovenError(c.client, op, http.StatusOK, nil, o.raw, errUndecodable)
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

// libraryError replaces an error of the library. It matches mcp.ErrConnectionClosed, on which programs repeat a call,
// only if the call has no effect.
func libraryError(op *client.Operation, err error) error {
	if op.Effect == client.EffectRead && errors.Is(err, mcp.ErrConnectionClosed) {
		return mcp.ErrConnectionClosed
	}
	return errLibrary
}

// contextError returns a context's error, with its cause if that differs.
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

// optionErrors joins errors on one line.
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

// CodeTransport is the JSON-RPC code of an error response that this package sends to a host when an event stream broke
// before the response. The error's data is a [FailureData].
const CodeTransport = -32097

// FailureData is the data of an error with [CodeTransport].
type FailureData struct {
	// HTTPStatus is the status of the response, if there was one.
	HTTPStatus int `json:"httpStatus,omitzero"`
	// Code is the platform's own code.
	Code string `json:"code,omitzero"`
	// RetryAfterSeconds is the delay that the platform asks for.
	RetryAfterSeconds float64 `json:"retryAfterSeconds,omitzero"`
	// RequestID is the platform's id of the request.
	RequestID string `json:"requestId,omitzero"`
	// OutcomeUnknown reports whether the call may have taken effect.
	OutcomeUnknown bool `json:"outcomeUnknown,omitzero"`
}

// errorObject returns an error in the form of JSON-RPC.
func errorObject(err error) jsontext.Value {
	data := FailureData{OutcomeUnknown: errors.Is(err, client.ErrOutcomeUnknown)}
	var api *client.APIError
	if errors.As(err, &api) {
		data.HTTPStatus, data.Code, data.RequestID = api.StatusCode, api.Code, api.RequestID
		data.RetryAfterSeconds = api.RetryAfter.Seconds()
	}
	raw, marshalErr := json.Marshal(struct {
		Code    int         `json:"code"`
		Message string      `json:"message"`
		Data    FailureData `json:"data"`
	}{CodeTransport, wire.Printable(err.Error(), 1<<10), data})
	if marshalErr != nil { // impossible: Printable returns valid UTF-8
		return jsontext.Value(`{"code":-32097,"message":"the call failed"}`)
	}
	return raw
}

// withAttempts returns an error with the attempts of all requests.
func withAttempts(err error, attempts int) error {
	switch e := err.(type) { //nolint:errorlint // a wrapped error keeps its count
	case *client.APIError:
		if e.Attempts < attempts {
			n := *e
			n.Attempts = attempts
			return &n
		}
	case *client.TransportError:
		if e.Attempts < attempts {
			n := *e
			n.Attempts = attempts
			return &n
		}
	}
	return err
}

// unprovenError returns the error of a success status without a proper result. It does not prove that a tool ran,
// because proxies send such responses, too: the outcome is unknown unless the operation changes nothing.
func unprovenError(
	c *client.Client, op *client.Operation, status int, header http.Header, body []byte, reason error,
) error {
	read := *op
	read.Effect = client.EffectRead
	err := client.NewDecodeError(&read, status, header, body, reason)
	if op.Effect == client.EffectRead {
		return err
	}
	return c.NewTransportError(op, err)
}

func (x *exchange) unprovenError(status int, header http.Header, body []byte, reason error) error {
	return unprovenError(x.rt.client, x.operation(), status, header, body, reason)
}
