package mcpclient

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
)

// ToolDefinition describes a tool in the form of OpenAI's functions. For Anthropic, rename parameters to input_schema,
// for Gemini to parametersJsonSchema.
type ToolDefinition struct {
	// Name is the tool's name in the characters that model APIs allow: A–Z, a–z, 0–9, _ and -, at most 64.
	// [Session.Dispatch] resolves it.
	Name string `json:"name"`
	// Description is for the model.
	Description string `json:"description"`
	// Parameters is the JSON Schema of the arguments, an object.
	Parameters jsontext.Value `json:"parameters"`
}

// ToolDefinitions lists the server's tools for a model, at most 2,000. Errors: those of [Session.Tools].
func (s *Session) ToolDefinitions(ctx context.Context) ([]ToolDefinition, error) {
	tools, err := s.modelTools(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]ToolDefinition, 0, len(tools))
	for _, tool := range tools {
		if ctx.Err() != nil {
			return nil, s.listEnded(ctx)
		}
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

// modelTool is a tool with its name for models.
type modelTool struct {
	*mcp.Tool
	modelName string
}

// modelTools lists the tools with their names for models. If two names become equal, the later one gets a number. A
// tool that is listed twice counts once.
func (s *Session) modelTools(ctx context.Context) ([]modelTool, error) {
	var tools []modelTool
	listed := make(map[string]bool)
	names := newModelNames()
	for tool, err := range s.Tools(ctx) {
		switch {
		case err != nil:
			return nil, err
		case ctx.Err() != nil:
			return nil, s.listEnded(ctx)
		case tool.Name == "" || listed[tool.Name]:
			continue
		}
		listed[tool.Name] = true
		if modelName(tool.Name) == tool.Name {
			names.taken[tool.Name] = true
		}
		tools = append(tools, modelTool{Tool: tool})
	}
	for i := range tools {
		if ctx.Err() != nil {
			return nil, s.listEnded(ctx)
		}
		name := modelName(tools[i].Name)
		if name != tools[i].Name {
			name = names.claim(name)
		}
		tools[i].modelName = name
	}
	return tools, nil
}

func (s *Session) listEnded(ctx context.Context) error {
	return s.cfg.client.NewTransportError(s.cfg.op(methodListTools, http.MethodPost, client.EffectRead), contextError(ctx))
}

const longestModelName = 64

// modelNames hands out names that differ.
type modelNames struct {
	taken map[string]bool
	last  map[string]int // the last number by the beginning of names, so that no number is tried twice
}

func newModelNames() modelNames {
	return modelNames{taken: make(map[string]bool), last: make(map[string]int)}
}

// claim returns the name, or the first free one with a number after it.
func (m *modelNames) claim(name string) string {
	const longestSuffix = len("_12345")
	candidate, prefix := name, name[:min(len(name), longestModelName-longestSuffix)]
	for m.taken[candidate] {
		m.last[prefix] = max(m.last[prefix], 1) + 1
		suffix := "_" + strconv.Itoa(m.last[prefix])
		candidate = name[:min(len(name), longestModelName-len(suffix))] + suffix
	}
	m.taken[candidate] = true
	return candidate
}

// modelName returns a name in the characters that model APIs allow.
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
