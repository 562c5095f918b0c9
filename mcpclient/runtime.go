package mcpclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// ToolDefinition is a tool as model APIs want it described: as it stands for OpenAI's functions; for Anthropic rename
// parameters to input_schema, for Gemini to parametersJsonSchema.
type ToolDefinition struct {
	// Name is the tool's name in the letters that model APIs allow: A–Z, a–z, 0–9, _ and -, at most 64. [Session.Dispatch]
	// knows which tool it means.
	Name string `json:"name"`
	// Description is for the model.
	Description string `json:"description"`
	// Parameters is the JSON Schema of the arguments, an object.
	Parameters jsontext.Value `json:"parameters"`
}

// ToolDefinitions describes the server's tools for a model.
func (s *Session) ToolDefinitions(ctx context.Context) ([]ToolDefinition, error) {
	tools, err := s.modelTools(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]ToolDefinition, 0, len(tools))
	for _, tool := range tools {
		schema, err := json.Marshal(tool.InputSchema, json.Deterministic(true))
		if err != nil || jsontext.Value(schema).Kind() != '{' {
			schema = []byte(`{"type":"object"}`)
		}
		description := tool.Description
		if description == "" {
			description = tool.Title
		}
		all = append(all, ToolDefinition{Name: tool.modelName, Description: description, Parameters: schema})
	}
	return all, nil
}

// modelTool is a tool with the name that a model knows it by.
type modelTool struct {
	*mcp.Tool
	modelName string
}

// modelTools lists the tools by the names that a model gets. Names that need no change stay; where two become the same,
// the later ones are numbered, in the server's order.
func (s *Session) modelTools(ctx context.Context) ([]modelTool, error) {
	var tools []modelTool
	taken := make(map[string]bool)
	for tool, err := range s.Tools(ctx) {
		if err != nil {
			return nil, err
		}
		if name := modelName(tool.Name); name == tool.Name {
			if taken[name] { // a list that names a tool twice
				continue
			}
			taken[name] = true
		}
		tools = append(tools, modelTool{Tool: tool})
	}
	for i := range tools {
		name := modelName(tools[i].Name)
		if name != tools[i].Name {
			for n := 2; taken[name]; n++ {
				suffix := fmt.Sprintf("_%d", n)
				name = modelName(tools[i].Name)
				name = name[:min(len(name), longestModelName-len(suffix))] + suffix
			}
			taken[name] = true
		}
		tools[i].modelName = name
	}
	return tools, nil
}

const longestModelName = 64

// modelName is a tool's name in the letters that model APIs allow.
func modelName(name string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_', r == '-':
			return r
		}
		return '_'
	}, name)
	return clean[:min(len(clean), longestModelName)]
}

// ToolOutput is what came of a model's tool call.
type ToolOutput struct {
	// Text is what to show the model: the tool's answer, or, in words that a model can act on, what went wrong. Tokens in
	// an answer are masked: what a model reads is kept in places where no secret belongs. [ToolOutput.Result] has them.
	Text string
	// IsError tells whether it went wrong; model APIs want to know.
	IsError bool
	// Err is why, for the program; nil when it went well.
	Err error

	result func() Result // out of the reach of what prints values
}

// Result is the tool's whole answer, for the program; the zero Result where there is none.
func (o ToolOutput) Result() Result {
	if o.result == nil {
		return Result{}
	}
	return o.result()
}

// Dispatch runs a tool call that a model made: name as [Session.ToolDefinitions] gave it, rawArgs the arguments as the
// model wrote them. It does not fail; what goes wrong is in the output, for the model and for the program.
func (s *Session) Dispatch(ctx context.Context, name string, rawArgs []byte, opts ...client.CallOption) ToolOutput {
	if err := s.usable(ctx); err != nil {
		return failed(err)
	}
	args, problem := modelArguments(rawArgs)
	if problem != "" {
		problems := &client.ParamError{Operation: callOf(name)}
		problems.Add("arguments", problem)
		return refusal("The arguments are wrong: they "+problem+". Call the tool again with a JSON object that fits its schema.", problems)
	}
	tool, known, err := s.resolve(ctx, name)
	if err != nil {
		return failed(err)
	}
	if tool == "" {
		problems := &client.ParamError{Operation: callOf(name)}
		problems.Add("name", "is not a tool of the server")
		return refusal(fmt.Sprintf("There is no tool %q. The tools are: %s.", wire.Printable(name, 64), strings.Join(known, ", ")), problems)
	}
	r, err := s.call(ctx, tool, args, opts)
	if err != nil {
		return failed(err)
	}
	return ToolOutput{Text: wire.MaskTokens(r.words()), result: func() Result { return *r }}
}

// modelArguments reads what a model wrote, or says what it must do. Models leave out what is empty.
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

// resolve finds the tool that a model means.
func (s *Session) resolve(ctx context.Context, name string) (tool string, known []string, err error) {
	s.mu.Lock()
	w := s.link.wire
	s.mu.Unlock()
	if w.knows(name) {
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

func failed(err error) ToolOutput { return refusal(forModel(err), err) }

func refusal(text string, err error) ToolOutput {
	return ToolOutput{Text: text, IsError: true, Err: err}
}

// forModel says what went wrong in words that help a model go on, and nothing that it has no use for.
func forModel(err error) string {
	var (
		api     *client.APIError
		guard   *GuardError
		params  *client.ParamError
		limited *client.LimitError
		decode  *client.DecodeError
		broken  *client.TransportError
	)
	unknown := ""
	if errors.Is(err, client.ErrOutcomeUnknown) {
		unknown = " It is not known whether the call took effect: look before you call again."
	}
	switch {
	case errors.As(err, &guard):
		return "Not allowed: " + wire.Printable(guard.Reason, 512) + "."
	case errors.As(err, &params):
		var b strings.Builder
		b.WriteString("The arguments are wrong:")
		for _, issue := range params.Issues {
			fmt.Fprintf(&b, " %s %s.", issue.Path, issue.Message)
		}
		return b.String()
	case errors.As(err, &limited):
		return fmt.Sprintf("The rate limit is reached. Try again in %s.", seconds(limited.RetryAfter.Seconds()))
	case errors.As(err, &api):
		return apiForModel(api) + unknown
	case errors.As(err, &decode) && decode.WriteSucceeded:
		return "The tool ran, but its answer cannot be read. Do not call it again."
	case errors.As(err, &decode):
		return "The answer of the tool cannot be read." + unknown
	case errors.Is(err, context.Canceled):
		return "The call was cancelled." + unknown
	case errors.Is(err, context.DeadlineExceeded):
		return "The call took too long." + unknown
	case errors.Is(err, ErrClosed):
		return "The connection to the platform is closed."
	case unknown != "":
		return "The connection broke before the answer came." + unknown
	case errors.As(err, &broken):
		return "The platform cannot be reached at the moment."
	}
	return "The call could not be made." // what a guard, a hook or a token source says is for the program
}

func apiForModel(e *client.APIError) string {
	var b strings.Builder
	switch message := wire.Printable(e.Message, 1<<10); {
	case e.StatusCode == http.StatusTooManyRequests:
		b.WriteString("The rate limit is reached.")
	case e.StatusCode >= http.StatusInternalServerError:
		fmt.Fprintf(&b, "The platform has a problem of its own (%d).", e.StatusCode)
	case e.Code != "" && !strings.HasPrefix(e.Code, "-") && message != "" && message != e.Code: // JSON-RPC's are numbers
		fmt.Fprintf(&b, "%s: %s", wire.Printable(e.Code, 64), message)
	case message != "":
		b.WriteString(message)
	case e.StatusCode < http.StatusBadRequest: // an error in a success
		b.WriteString("The tool failed and did not say why.")
	default:
		fmt.Fprintf(&b, "The platform refused the call (%d %s).", e.StatusCode, strings.ToLower(http.StatusText(e.StatusCode)))
	}
	if e.Field != "" && len(e.Issues) == 0 {
		fmt.Fprintf(&b, " (field %s)", wire.Printable(e.Field, 64))
	}
	for i, issue := range e.Issues {
		if i == 8 {
			break
		}
		b.WriteString("\n- ")
		if issue.Path != "" {
			b.WriteString(wire.Printable(issue.Path, 64) + ": ")
		}
		b.WriteString(wire.Printable(issue.Message, 256))
	}
	if e.Suggestion != "" {
		b.WriteString("\nSuggestion: " + wire.Printable(e.Suggestion, 512))
	}
	if ids := AvailableCustomers(e); len(ids) > 0 {
		fmt.Fprintf(&b, "\nChoose a customer first: %v", ids)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, " Try again in %s.", seconds(e.RetryAfter.Seconds()))
	}
	return b.String()
}

func seconds(s float64) string { return fmt.Sprintf("%.0f seconds", max(s, 1)) }
