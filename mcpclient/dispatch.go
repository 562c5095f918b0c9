package mcpclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// ToolOutput is the output of a tool call that a model made.
type ToolOutput struct {
	// Text is for the model and never empty: the tool's result, or an explanation of the failure. Tokens are masked,
	// because conversations are stored; [ToolOutput.Result] has them.
	Text string
	// IsError reports a failure, for the flag of model APIs.
	IsError bool
	// Err is the failure, for the program; nil after a success.
	Err error

	result func() Result // hidden from reflection, which printing uses
}

// Result returns the whole result, for the program; the zero Result if there is none.
func (o ToolOutput) Result() Result {
	if o.result == nil {
		return Result{}
	}
	return o.result()
}

// Dispatch runs a tool call that a model made: name is one of [Session.ToolDefinitions], rawArgs are the arguments as
// the model wrote them. The output describes failures, for the model and for the program.
func (s *Session) Dispatch(ctx context.Context, name string, rawArgs []byte, opts ...client.CallOption) ToolOutput {
	if err := s.ready(ctx); err != nil {
		return failed(err)
	}
	args, problem := modelArguments(rawArgs)
	if problem != "" {
		problems := &client.ParamError{Operation: callOf(name)}
		problems.Add("arguments", problem)
		return refusal("The arguments are wrong: they "+problem+
			". Call the tool again with a JSON object that fits its schema.", problems)
	}
	tool, known, err := s.resolve(ctx, name)
	if err != nil {
		return failed(err)
	}
	if tool == "" {
		problems := &client.ParamError{Operation: callOf(name)}
		problems.Add("name", "is not a tool of the server")
		return refusal(noSuchTool(name, known), problems)
	}
	r, err := s.call(ctx, tool, args, opts)
	if err != nil {
		return failed(err)
	}
	return ToolOutput{Text: wire.MaskTokens(r.modelText()), result: func() Result { return *r }}
}

// modelArguments parses the arguments that a model wrote, or returns their problem. Models omit empty arguments.
func modelArguments(raw []byte) (args jsontext.Value, problem string) {
	args = bytes.TrimSpace(raw)
	if len(args) == 0 || string(args) == "null" {
		return jsontext.Value("{}"), ""
	}
	dec := jsontext.NewDecoder(bytes.NewReader(args))
	_, err := dec.ReadValue()
	if err == nil && dec.InputOffset() < int64(len(args)) {
		return nil, fmt.Sprintf("must end at byte %d, where the JSON value ends", dec.InputOffset())
	}
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return nil, "must not have a name twice"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, "must be complete JSON, and end too early"
	case errors.As(err, &syntax):
		return nil, fmt.Sprintf("must be valid JSON, and are not at byte %d", syntax.ByteOffset)
	case err != nil:
		return nil, "must be valid JSON"
	case args.Kind() != '{':
		return nil, "must be a JSON object"
	}
	return args, ""
}

// resolve returns the tool for the name that a model uses, or the names that it may use.
func (s *Session) resolve(ctx context.Context, name string) (tool string, known []string, err error) {
	if s.knows(name) {
		return name, nil, nil
	}
	tools, err := s.modelTools(ctx)
	if err != nil {
		return "", nil, err
	}
	for _, t := range tools {
		if t.Name == name || (tool == "" && t.modelName == name) {
			tool = t.Name
		}
		known = append(known, t.modelName)
	}
	slices.Sort(known)
	return tool, known, nil
}

// maxNames bounds the names in the text about an unknown tool, in bytes.
const maxNames = 1 << 10

func noSuchTool(name string, known []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "There is no tool %q.", wire.Printable(name, 64))
	if len(known) == 0 {
		b.WriteString(" The server has none.")
		return b.String()
	}
	b.WriteString(" The tools are: ")
	for i, one := range known {
		if b.Len()+len(one) > maxNames {
			fmt.Fprintf(&b, " and %d more", len(known)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(one)
	}
	b.WriteByte('.')
	return b.String()
}

func failed(err error) ToolOutput { return refusal(modelErrorText(err), err) }

func refusal(text string, err error) ToolOutput {
	return ToolOutput{Text: text, IsError: true, Err: err}
}
