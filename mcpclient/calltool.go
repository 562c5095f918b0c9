package mcpclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// CallTool calls a tool and decodes its result into an Out: the structured content, or the JSON in a text block,
// without the platform's envelope. Integers beyond 2^53 keep their value in an int64 or a client.ID. Out may also be
// string (the text of all blocks, HTML included, or the data if there is no text), jsontext.Value (the data), [Result]
// (everything) or struct{} (nothing).
//
// args is any value that encodes as a JSON object; nil means no arguments. The options are those of REST calls.
//
// A call is retried after a 429 and if nothing of it was sent. After 408, 500 (once), 502, 503, 504, a lost response or
// a broken stream it is retried only if the server annotates the tool as read-only or idempotent, or with
// [client.AssumeIdempotent]. A call without a deadline gets one, see [WithCallTimeout]. [client.WithTimeout] limits the
// time until the response begins, which with an event stream may be long before its end.
//
// Errors: [*client.ParamError] and [*GuardError] (nothing was sent); [*client.APIError], also for a failed tool, with
// status 200 and the platform's code; [*client.TransportError], [*client.DecodeError] and the others of [client.Call].
func CallTool[Out any](ctx context.Context, s *Session, name string, args any, opts ...client.CallOption) (Out, error) {
	var out Out
	r, err := s.call(ctx, name, args, opts)
	if err == nil {
		err = r.into(&out)
	}
	if err != nil {
		return *new(Out), err
	}
	return out, nil
}

// ToolData returns CallTool[jsontext.Value]. It makes a Session a [client.ToolCaller].
func (s *Session) ToolData(
	ctx context.Context, name string, args any, opts ...client.CallOption,
) (jsontext.Value, error) {
	return CallTool[jsontext.Value](ctx, s, name, args, opts...)
}

var _ client.ToolCaller = (*Session)(nil)

// call calls a tool. A failure of the tool is an error.
func (s *Session) call(ctx context.Context, name string, args any, opts []client.CallOption) (*Result, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	op := s.cfg.op(callOf(name), http.MethodPost, client.EffectOnce)
	arguments, err := encodeArguments(op.ID, name, args)
	if err != nil {
		return nil, err
	}
	ctx, cancel := s.withCallTimeout(ctx)
	defer cancel()
	params := &mcp.CallToolParams{Name: name, Arguments: json.RawMessage(arguments)}
	token, end := s.cfg.trackProgress(ctx, &s.progress, name)
	defer end()
	if token != "" {
		params.SetProgressToken(token)
	}
	op.Effect = s.toolEffect(name)
	call := &callState{opts: opts, own: true}
	err = s.do(ctx, op, call, func(ctx context.Context, library *mcp.ClientSession) error {
		_, err := library.CallTool(ctx, params)
		return err
	})
	if err != nil {
		return nil, err
	}
	op.Effect = s.toolEffect(name) // the tools may have been listed meanwhile
	o := call.outcome()
	r, err := readResult(s.cfg.client, op, o.header, o.result)
	if err != nil && !s.knows(name) { // whether the outcome is unknown depends on the annotations
		_, _ = s.ToolNames(ctx)
		op.Effect = s.toolEffect(name)
		r, err = readResult(s.cfg.client, op, o.header, o.result)
	}
	if err != nil {
		return nil, err
	}
	return r, r.failure()
}

// knows reports whether the server has listed a tool of the name.
func (s *Session) knows(tool string) bool {
	return s.current().rt.knows(tool)
}

// withCallTimeout adds the default deadline if there is none.
func (s *Session) withCallTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.cfg.timeout)
}

func (s *Session) toolEffect(tool string) client.Effect {
	return s.current().rt.toolEffect(tool)
}

// callOf names a tool call in errors, on one short line: models invent names.
func callOf(tool string) string { return wire.Printable(methodCallTool+" "+tool, 128) }

// encodeArguments encodes the arguments of a call. The library would use encoding/json, which does not know the
// optional fields of this module.
func encodeArguments(operation, name string, args any) (jsontext.Value, error) {
	problems := client.ParamError{Operation: "tools/call"}
	if name == "" {
		problems.Add("name", "is required")
		return nil, &problems
	}
	if args == nil {
		return jsontext.Value("{}"), nil
	}
	problems.Operation = operation
	if problem := check.Encodable(args); problem != "" {
		problems.Add("arguments", problem)
		return nil, &problems
	}
	raw, err := jsonv2.Marshal(args)
	value := jsontext.Value(raw)
	switch {
	case err != nil:
		problems.Add("arguments", "cannot be encoded as JSON"+notEncodable(err))
	case value.Kind() == 'n':
		return jsontext.Value("{}"), nil
	case value.Kind() != '{':
		problems.Add("arguments", "must be a JSON object")
	default:
		return value, nil
	}
	return nil, &problems
}

// notEncodable returns where and on which type an encoding failed, without the values that the error may quote.
func notEncodable(err error) string {
	var where *jsonv2.SemanticError
	if !errors.As(err, &where) || where.GoType == nil {
		return ""
	}
	return fmt.Sprintf(": a %s at %q", where.GoType, wire.Printable(string(where.JSONPointer), 64))
}
