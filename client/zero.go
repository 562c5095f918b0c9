package client

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/interchange-sdk/interchange-go/pace"
)

const madeByNew = "must be made with client.New"

var errNotMade = errors.New("interchange: the Client " + madeByNew)

// check returns a *ParamError for a call that cannot even be described.
func (c *Client) check(ctx context.Context, op *Operation) error {
	switch {
	case op == nil:
		return &ParamError{Operation: "call", Issues: []Issue{{"operation", "must not be nil"}}}
	case c.in() == nil:
		return &ParamError{Operation: op.name(), Issues: []Issue{{"client", madeByNew}}}
	case ctx == nil:
		return &ParamError{Operation: op.name(), Issues: []Issue{{"context", "must not be nil"}}}
	}
	return nil
}

// notMade is the transport and the limiter of a zero Client.
type notMade struct{}

// RoundTrip returns an error.
func (notMade) RoundTrip(*http.Request) (*http.Response, error) { return nil, errNotMade }

// Wait returns an error.
func (notMade) Wait(context.Context, pace.Key, time.Duration) error { return errNotMade }

// Observe does nothing.
func (notMade) Observe(pace.Key, pace.Observation) {}

// Release does nothing.
func (notMade) Release(pace.Key, bool) {}

// isNil reports whether an interface is nil or holds a nil pointer or func, whose methods would crash. A nil slice or
// map may be a working value.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Pointer, reflect.Func:
		return value.IsNil()
	}
	return false
}

// known returns the operation, or one without a name for nil.
func (op *Operation) known() *Operation {
	if op == nil {
		return new(Operation)
	}
	return op
}
