package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// tool is a tool of the sandbox's own.
type tool struct {
	name        string
	description string
	input       string // a JSON Schema, in what it has in common with OpenAPI 3.0
	readOnly    bool
	repeatable  bool   // the second of two equal calls changes nothing
	suggestion  string // for those whose arguments are not valid
	do          func(*Server, *toolCall) result

	schema *openapi3.Schema
}

// toolCall is an authorized call of a tool.
type toolCall struct {
	caller holder
	header http.Header // of the HTTP request
	scope  string      // what customer_switch keeps its choice by
	args   map[string]any
}

// result is the result of a tool: JSON, plain text or an error.
type result struct {
	body    []byte
	text    string
	failure *toolError
}

// toolError is a failure in structuredContent.
type toolError struct {
	Code       string `json:"code"`
	Message    string `json:"message"`
	Field      string `json:"field,omitempty"`
	Suggestion string `json:"suggestion,omitempty"`
	Details    any    `json:"details,omitempty"`
}

func jsonResult(v any) result { return result{body: encodeJSON(v)} }

func failed(code, message string) result {
	return result{failure: &toolError{Code: code, Message: message}}
}

// noArguments is the schema of a tool that takes none.
const noArguments = `{"type": "object", "additionalProperties": false}`

// ownTools lists the tools that the options ask for, with their schemas read.
func (c *config) ownTools() ([]tool, error) {
	all := append(platformTools(), c.mcp.gateway.tool())
	if c.mcp.first {
		all = append(all, firstTools()...)
		all = append(all, firstAgentTools()...)
	}
	for i := range all {
		all[i].schema = &openapi3.Schema{}
		if err := json.Unmarshal([]byte(all[i].input), all[i].schema); err != nil {
			return nil, fmt.Errorf("sandbox: the schema of the tool %s: %w", all[i].name, err)
		}
	}
	return all, nil
}

// addTools puts all tools on a server.
func (s *Server) addTools(h *host, server *mcp.Server) {
	no := false
	for _, t := range s.tools {
		server.AddTool(&mcp.Tool{
			Name:        t.name,
			Description: t.description,
			InputSchema: json.RawMessage(t.input),
			Annotations: &mcp.ToolAnnotations{
				ReadOnlyHint:   t.readOnly,
				IdempotentHint: t.readOnly || t.repeatable,
				OpenWorldHint:  &no,
			},
		}, s.counted(h, t.name, s.runner(t)))
	}
	for _, t := range s.cfg.mcp.tools {
		server.AddTool(t.tool, s.counted(h, t.tool.Name, t.handler))
	}
}

// counted counts the runs of a handler, and has its context end with the host: the library's own outlives a session.
func (s *Server) counted(h *host, name string, handler mcp.ToolHandler) mcp.ToolHandler {
	return func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		s.runs.add(name)
		ctx, cancel := until(ctx, h.work)
		defer cancel()
		return handler(ctx, req)
	}
}

// runner makes the library's handler of a tool.
func (s *Server) runner(t tool) mcp.ToolHandler {
	return func(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		c := &toolCall{}
		if req.Extra != nil {
			c.header = req.Extra.Header
		}
		var works bool
		// The credential may have stopped working since the request came in.
		if c.caller, works = s.platform.authenticate(presented(c.header), s.cfg.now()); !works {
			return s.say(failed("UNAUTHORIZED", "A valid credential is required")), nil
		}
		c.scope = scopeOf(req.Session.ID(), c.caller)
		args, found := t.read(req.Params.Arguments)
		if len(found) > 0 {
			r := invalidCall(found)
			r.failure.Suggestion = t.suggestion
			return s.say(r), nil
		}
		c.args = args
		return s.say(t.do(s, c)), nil
	}
}

// read reads the arguments and compares them with the schema.
func (t tool) read(sent json.RawMessage) (map[string]any, []issue) {
	if len(sent) == 0 || string(sent) == "null" {
		sent = json.RawMessage("{}")
	}
	value, err := decodeJSON(sent)
	if err != nil {
		return nil, []issue{{Message: "the arguments are not JSON"}}
	}
	args, _ := value.(map[string]any)
	return args, checkSent(t.schema, value, "")
}

// invalidCall is the result for invalid arguments.
func invalidCall(found []issue) result {
	r := failed("VALIDATION_ERROR", "The arguments are not valid")
	r.failure.Field = found[0].Path
	r.failure.Details = errorDetails{Issues: found}
	return r
}

// say puts a result into the form that the options ask for.
func (s *Server) say(r result) *mcp.CallToolResult {
	res := &mcp.CallToolResult{}
	text := r.text
	switch {
	case r.failure != nil && s.cfg.mcp.first:
		text = string(firstFailure(r.failure))
	case r.failure != nil:
		res.IsError = true
		res.StructuredContent = r.failure
		text = r.failure.Code + ": " + r.failure.Message
	case r.body != nil:
		text = string(r.body)
		if s.cfg.mcp.structured {
			res.StructuredContent = json.RawMessage(r.body)
		}
	}
	res.Content = []mcp.Content{&mcp.TextContent{Text: text}}
	return res
}

// ToolRuns returns how often a tool ran, including tools of the caller, whether or not the response arrived: it shows
// whether a call ran twice.
func (s *Server) ToolRuns(name string) int {
	s.runs.mu.Lock()
	defer s.runs.mu.Unlock()
	return s.runs.n[name]
}

type runCount struct {
	mu sync.Mutex
	n  map[string]int
}

func (r *runCount) add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n == nil {
		r.n = make(map[string]int)
	}
	r.n[name]++
}
