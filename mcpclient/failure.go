package mcpclient

import (
	"errors"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// CodeTransport is the JSON-RPC code of an error that this package puts in place of a response that never came. A host
// with our transport sees it when an event stream broke; the error's data is a [FailureData].
const CodeTransport = -32097

// FailureData is the data of such an error.
type FailureData struct {
	// HTTPStatus is the status of the response, if there was one.
	HTTPStatus int `json:"httpStatus,omitzero"`
	// Code is the platform's own code.
	Code string `json:"code,omitzero"`
	// RetryAfterSeconds is how long the platform asks to wait.
	RetryAfterSeconds float64 `json:"retryAfterSeconds,omitzero"`
	// RequestID is the platform's id of the request.
	RequestID string `json:"requestId,omitzero"`
	// OutcomeUnknown reports whether the call may have taken effect.
	OutcomeUnknown bool `json:"outcomeUnknown,omitzero"`
}

// errorObject is an error as JSON-RPC has it.
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
	if marshalErr != nil { // cannot be: Printable makes valid UTF-8
		return jsontext.Value(`{"code":-32097,"message":"the call failed"}`)
	}
	return raw
}

// counted puts the attempts of all requests into the error of the last one.
func counted(err error, attempts int) error {
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

// unproven is the error of a success status without a proper result. It does not prove that a tool ran: a proxy sends
// such responses, too. So the outcome is unknown, unless the operation is known to change nothing.
func unproven(
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

func (x *exchange) unproven(status int, header http.Header, body []byte, reason error) error {
	return unproven(x.wire.client, x.operation(), status, header, body, reason)
}
