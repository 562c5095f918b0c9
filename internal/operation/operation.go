// Package operation is the runtime of generated methods: it validates the arguments of a call, sends it and decodes the
// result.
package operation

import (
	"context"
	"errors"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// Schema holds the rules of an operation's arguments. A nil Schema allows everything.
type Schema struct {
	// Path lists the path parameters in the order of the template.
	Path  []check.Field
	Query []check.Field
	Body  *check.Rule
}

// Call makes one call and returns its result. Errors: a [*client.ParamError] with every problem of the arguments, or
// those of [client.Call].
func Call[T any](
	ctx context.Context, c *client.Client, op *client.Operation, schema *Schema, req client.Request,
	opts []client.CallOption,
) (*T, error) {
	if err := schema.validate(op, &req); err != nil {
		return nil, err
	}
	out, err := client.Call[T](ctx, c, op, req, opts...)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// Send makes a call without a result.
func Send(
	ctx context.Context, c *client.Client, op *client.Operation, schema *Schema, req client.Request,
	opts []client.CallOption,
) error {
	_, err := Call[struct{}](ctx, c, op, schema, req, opts)
	return err
}

// Raw makes a call whose result has no documented shape.
func Raw(
	ctx context.Context, c *client.Client, op *client.Operation, schema *Schema, req client.Request,
	opts []client.CallOption,
) (jsontext.Value, error) {
	out, err := Call[jsontext.Value](ctx, c, op, schema, req, opts)
	if err != nil {
		return nil, err
	}
	return *out, nil
}

// Download makes a call whose result is a file, and returns it as it arrives. The caller must close it. See
// [client.Client.Stream] for errors while it is read.
func Download(
	ctx context.Context, c *client.Client, op *client.Operation, schema *Schema, req client.Request,
	opts []client.CallOption,
) (io.ReadCloser, error) {
	if err := schema.validate(op, &req); err != nil {
		return nil, err
	}
	resp, err := c.Stream(ctx, op, req, opts...)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// validate reports everything that is wrong with the arguments. The body is encoded once: the bytes that are checked
// are those that are sent.
func (s *Schema) validate(op *client.Operation, req *client.Request) error {
	if s == nil {
		return nil
	}
	problems := client.ParamError{Operation: op.ID}
	check.Path(&problems, s.Path, req.Path)
	check.Query(&problems, s.Query, req.Query)
	if s.Body != nil && req.Body != nil {
		encoded, err := json.Marshal(req.Body)
		if err == nil { // the client reports why a body cannot be encoded
			req.Body = jsontext.Value(encoded)
			s.Body.Value(&problems, jsontext.Value(encoded))
		}
	}
	return problems.Err()
}

// RequireID returns an error for the response that has no id of the resource it should show.
func RequireID(id client.ID) error {
	if id == "" {
		return errors.New("the response has no id")
	}
	return nil
}
