package client

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/wire"
	"github.com/interchange-sdk/interchange-go/pace"
)

// Request holds the arguments of one call.
type Request struct {
	// Path holds the values of the operation's path template, in order. Empty values, dots and separators are
	// refused with a [*ParamError].
	Path []string
	// Query holds the query parameters.
	Query url.Values
	// Body is sent as JSON, as go-json-experiment writes it; nil sends none. Raw JSON must be a jsontext.Value, which
	// is checked and sent as it is: [jsontext.Value](text). A []byte, string or io.Reader is refused with a
	// [*ParamError].
	Body any
	// Accept names the media types that are wanted. Default application/json.
	Accept string
}

// Response holds the metadata of a response; [WithResponse] fills it.
type Response struct {
	// StatusCode is the status of the last answer; 0 when there was none.
	StatusCode int
	// RequestID is the platform's id of the request (x-request-id).
	RequestID string
	// Header holds the last answer's headers.
	Header http.Header
	// Quota is the quota that the headers announced.
	Quota pace.Quota
	// Attempts counts the attempts made.
	Attempts int
	// Effect is that of the operation, or EffectIdempotent after [AssumeIdempotent].
	Effect Effect
	// Total is the number of items in the whole list; -1 if it is unknown, and for calls that are not lists.
	Total int64

	body func() []byte // out of the reach of what prints values: an answer may hold a secret that is shown once
}

// RawBody is the last answer as received, decompressed; of an error answer, and of one that was refused for its length,
// the first 64 KiB.
func (r *Response) RawBody() []byte {
	if r == nil || r.body == nil {
		return nil
	}
	return r.body()
}

// Call makes one call and reads its answer into a T: the data of an envelope, so T has the shape of what is in it, or
// the body itself, or the field that [Operation.Result] names. Field names must match exactly; tag the fields. A
// response that has none of T's fields is an error. Use struct{} if no result is expected: a 2xx response must then be
// empty or state a success. For endpoints without a typed method, use Call; retries, limits and errors work the same:
//
//	type Readiness struct{ Status string `json:"status"` }
//	op := client.Operation{Mount: client.MountBuyer, Path: "/readiness"}
//	r, err := client.Call[Readiness](ctx, c, &op, client.Request{})
//
// Times, numbers and booleans are also read in other common spellings, such as a time without a zone or a quoted
// number.
//
// Errors: [*ParamError] and [*LimitError] (nothing was sent), [*APIError] (also for an error in a 2xx response),
// [*TransportError], [*RedirectError], [*DecodeError], an error of the token source, or the context's. If the response
// to a write is not the platform's, such as the login page of a network, the error matches [ErrOutcomeUnknown].
//
// If *T has a method CheckAnswer() error, its error becomes a [*DecodeError]; if it has a method AnswerID() ID, that is
// the error's ResourceID. If *T has a method KeepUnread([]string), a field that cannot be read does not fail the call:
// it stays zero, and its path is passed to the method.
func Call[T any](ctx context.Context, c *Client, op *Operation, req Request, opts ...CallOption) (T, error) {
	var out T
	err := c.exchange(ctx, op, req, opts, func(body []byte) error { return read(body, op, &out) })
	if _, nothing := any(out).(struct{}); nothing && deletedBefore(op, req, err) {
		err = nil
	}
	var unread *DecodeError
	if errors.As(err, &unread) && unread.ResourceID == "" {
		if answer, ok := any(&out).(interface{ AnswerID() ID }); ok {
			unread.ResourceID = answer.AnswerID()
		}
	}
	return out, err
}

// read decodes the body of a success into the result of a call.
func read(body []byte, op *Operation, out any) error {
	if body == nil { // a status without a body
		return nil
	}
	var err error
	switch result := out.(type) {
	case *struct{}:
		return wire.Acknowledged(body)
	case interface{ KeepUnread(paths []string) }:
		var unread []string
		unread, err = wire.DecodeSalvaging(body, op.Result, out)
		result.KeepUnread(unread)
	default:
		err = wire.DecodeMember(body, op.Result, out)
	}
	if result, ok := out.(interface{ CheckAnswer() error }); ok && err == nil {
		return result.CheckAnswer()
	}
	return err
}

// Do makes one call and returns its answer as it came, whatever its shape. See [Call] for the typed form, and for
// the errors; the answer is returned with them where there was one. A 404 to a DELETE is always an error here.
func (c *Client) Do(ctx context.Context, op *Operation, req Request, opts ...CallOption) (*Response, error) {
	answer := new(Response)
	err := c.exchange(ctx, op, req, append(slices.Clip(opts), WithResponse(answer)), nil)
	return answer, err
}

// exchange is one call: arguments checked, sent, repeated where that is safe, and the answer handed to decode.
func (c *Client) exchange(ctx context.Context, op *Operation, req Request, opts []CallOption,
	decode func([]byte) error,
) error {
	k, err := c.begin(ctx, op, opts)
	if err != nil {
		return err
	}
	defer k.release()
	if err = k.prepare(req); err == nil {
		err = k.send()
	}
	if err == nil && decode != nil {
		body := k.body
		if k.status == http.StatusNoContent || k.status == http.StatusResetContent {
			body = nil
		}
		if cause := decode(body); cause != nil {
			err = k.decodeFailure(cause)
		}
	}
	k.fill()
	return err
}

// deletedBefore reports whether a DELETE that returns nothing failed only because an earlier attempt of the same call
// had deleted the resource. The path must end with the id of the resource and there must be no body: otherwise a 404
// can mean that something else is missing. A 404 that is not the platform's, such as a gateway's page, proves nothing.
func deletedBefore(op *Operation, req Request, err error) bool {
	var refusal *APIError
	return errors.As(err, &refusal) && op.method() == http.MethodDelete && op.endsWithID() && req.Body == nil &&
		refusal.effect == EffectIdempotent && refusal.outcomeUncertain && refusal.StatusCode == http.StatusNotFound &&
		emptyOrJSON(refusal.RawBody())
}

func emptyOrJSON(body []byte) bool {
	body = bytes.TrimSpace(body)
	lenient := jsontext.AllowInvalidUTF8(true)
	return len(body) == 0 || jsontext.Value(body).IsValid(lenient, jsontext.AllowDuplicateNames(true))
}

// decodeFailure returns the error for a response with a success status that cannot be used.
func (k *call) decodeFailure(cause error) error {
	if failure, ok := cause.(*wire.Failure); ok { //nolint:errorlint // made by wire, never wrapped
		return k.apiError(failure.Body)
	}
	if k.effect != EffectRead && k.provesNothing(cause) {
		k.outcomeUncertain = true
		return k.transportError(cause)
	}
	e := NewDecodeError(k.op, k.status, k.header, k.body, k.cred.hideError(cause))
	e.WriteSucceeded = k.effect != EffectRead
	return e
}

// provesNothing reports whether a response may come from somewhere else than the platform, so that it is unknown
// whether the platform has received the request.
func (k *call) provesNothing(cause error) bool {
	var foreign *wire.NotPlatformError
	unreadable := errors.Is(cause, wire.ErrEmpty) || errors.Is(cause, wire.ErrMalformed)
	return errors.As(cause, &foreign) || (unreadable && !isJSON(mediaType(k.header)))
}

// kept is a copy of what a body begins with.
func kept(body []byte, limit int) func() []byte {
	clone := slices.Clone(body[:min(len(body), limit)])
	return func() []byte { return clone }
}

// takeBody returns the body for use after the call. A small one is in a buffer that is used again, so it is copied.
func (k *call) takeBody() []byte {
	if cap(k.body) <= maxPooledBuffer || len(k.body) < cap(k.body)/4 {
		return slices.Clone(k.body)
	}
	k.bodyTaken = true
	return k.body
}

func (k *call) fill() {
	if len(k.cfg.responses) == 0 {
		return
	}
	var body func() []byte
	if k.status < 200 || k.status > 299 {
		body = kept(k.body, maxKeptBody)
	} else {
		whole := k.takeBody()
		body = func() []byte { return whole }
	}
	filled := Response{
		StatusCode: k.status,
		RequestID:  requestID(k.header),
		Header:     k.header,
		Quota:      wire.ReadQuota(k.header, k.answered),
		Attempts:   k.attempts,
		Effect:     k.effect,
		Total:      -1,
		body:       body,
	}
	for _, r := range k.cfg.responses {
		*r = filled
	}
}
