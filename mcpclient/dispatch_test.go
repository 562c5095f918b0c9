package mcpclient_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func says(text string) func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult {
	return func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult { return stageText(text) }
}

func TestToolDefinitions(t *testing.T) {
	t.Parallel()
	const schema = `{"$schema":"https://json-schema.org/draft/2020-12/schema","$defs":{"money":{"type":"object",` +
		`"properties":{"amount":{"type":"number","minimum":0.5},"currency":{"enum":["USD","EUR"]}},"required":["amount"]}},` +
		`"type":"object","additionalProperties":false,"properties":{"budget":{"$ref":"#/$defs/money"},` +
		`"tags":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"null"}]},"maxItems":9}},"required":["budget"]}`
	long := strings.Repeat("long_", 20)
	srv := sandboxtest.Start(t, sandbox.WithFirstPlatformTools(),
		stageTool(&mcp.Tool{Name: "plan.create", Title: "Creates a plan", InputSchema: json.RawMessage(schema)}, says("planned")),
		stageTool(&mcp.Tool{Name: long}, says("long")),
		// To a model these two would be one. The name that needs no change is the tool's that has it.
		stageTool(&mcp.Tool{Name: "a.b", Description: "dotted"}, says("dotted")),
		stageTool(&mcp.Tool{Name: "a_b", Description: "plain"}, says("plain")),
	)
	s := stageAdmin(t, srv)
	definitions, err := s.ToolDefinitions(t.Context())
	require.NoError(t, err)
	byName := make(map[string]mcpclient.ToolDefinition)
	for _, d := range definitions {
		assert.Regexp(t, regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`), d.Name)
		assert.NotContains(t, byName, d.Name)
		byName[d.Name] = d
		raw, err := json.Marshal(d)
		require.NoError(t, err)
		var members map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(raw, &members))
		assert.Len(t, members, 3)
		for _, name := range []string{"name", "description", "parameters"} {
			assert.Contains(t, members, name)
		}
		assert.Equal(t, byte('{'), members["parameters"][0])
	}
	assert.JSONEq(t, schema, string(byName["plan_create"].Parameters))
	assert.Equal(t, "Creates a plan", byName["plan_create"].Description)
	assert.Equal(t, "plain", byName["a_b"].Description)
	again, err := s.ToolDefinitions(t.Context())
	require.NoError(t, err)
	assert.Equal(t, definitions, again, "models cache what is the same every time")

	fresh := stageAdmin(t, srv) // one that has not listed its tools
	for name, want := range map[string]string{
		"signals_get-partner-seats": `"success":true`, "plan_create": "planned", long[:64]: "long", "a_b": "plain", "health": "ok",
	} {
		for _, session := range []*mcpclient.Session{s, fresh} {
			args := `{}`
			if name == "plan_create" {
				args = `{"budget":{"amount":1}}`
			}
			out := session.Dispatch(t.Context(), name, []byte(args))
			require.NoError(t, out.Err, name)
			assert.Contains(t, out.Text, want)
		}
	}
	assert.Equal(t, 2, srv.ToolRuns("signals/get-partner-seats"))
}

// forAModel checks that a text is of use to a model and tells it nothing that is not its business.
func forAModel(t *testing.T, srv *sandboxtest.Sandbox, out mcpclient.ToolOutput) {
	t.Helper()
	assert.NotEmpty(t, out.Text)
	assert.Equal(t, out.Err != nil, out.IsError)
	host, _ := strings.CutPrefix(srv.URL(), "http://")
	for _, hidden := range []string{
		"interchange:", "client.", "mcpclient.", "context.", "*", "%!", "http://", host, "/mcp", "tools/call", "POST", "sk_live", srv.AdminToken(),
		"goroutine", "json:", "dial tcp", "EOF",
	} {
		assert.NotContains(t, out.Text, hidden)
	}
	assert.Less(t, len(out.Text), 2<<10)
}

func TestDispatch(t *testing.T) {
	t.Parallel()
	failing := func(code, message string) func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult {
		return func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult {
			return &mcp.CallToolResult{IsError: true, StructuredContent: map[string]any{
				"code": code, "message": message, "field": "budget", "suggestion": "Use a positive number",
				"details": map[string]any{"availableCustomers": []int{7, 8}},
			}}
		}
	}
	tools := []sandbox.Option{
		stageTool(&mcp.Tool{Name: "structured"}, func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult {
			return &mcp.CallToolResult{StructuredContent: json.RawMessage(`{"id":9007199254740993}`)}
		}),
		stageTool(&mcp.Tool{Name: "page"}, says("<html>report</html>")),
		stageTool(&mcp.Tool{Name: "invalid"}, failing("VALIDATION_ERROR", "The budget is negative")),
		stageTool(&mcp.Tool{Name: "quotes"}, failing("X", "your key scope3_ak_X_sk_live_secret is old")),
		stageTool(&mcp.Tool{Name: "mute"}, func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult {
			return &mcp.CallToolResult{IsError: true}
		}),
		stageTool(&mcp.Tool{Name: "act"}, says("acted")),
	}
	guard := mcpclient.WithGuard(mcpclient.GuardFunc(func(_ context.Context, call *mcpclient.ToolCall) error {
		switch call.Tool {
		case "accept_tos":
			return call.Refuse("house rule", "only a person accepts terms")
		case "customer_switch":
			return errors.New("client.Thing: the desk at http://desk is closed")
		}
		return nil
	}))
	for _, tt := range []struct {
		name, tool, args string
		fault            *sandbox.Fault
		text             []string
		is               error
	}{
		{name: "text", tool: "ask_about_capability", args: `{"question":"?"}`, text: []string{"This is a sandbox"}},
		{name: "no arguments", tool: "health", args: " ", text: []string{`"status":"ok"`}},
		{name: "structured only", tool: "structured", args: `{}`, text: []string{`{"id":9007199254740993}`}},
		{name: "HTML", tool: "page", args: `{}`, text: []string{"<html>report</html>"}},
		{
			name: "tool error", tool: "invalid", args: `{}`, is: client.ErrValidation,
			text: []string{"VALIDATION_ERROR: The budget is negative", "field budget", "Suggestion: Use a positive number", "7 8"},
		},
		{name: "issues", tool: "ask_about_capability", args: `{"q":1}`, is: client.ErrValidation, text: []string{"- question: ", "VALIDATION_ERROR"}},
		{name: "quoted secret", tool: "quotes", args: `{}`, text: []string{"X: your key"}},
		{name: "mute failure", tool: "mute", args: `{}`, text: []string{"failed"}},
		{name: "unknown tool", tool: "helth", args: `{}`, is: client.ErrInvalidParams, text: []string{`"helth"`, "accept_tos, act, api_call", "health"}},
		{name: "cut JSON", tool: "health", args: `{"a":`, is: client.ErrInvalidParams, text: []string{"end too early"}},
		{name: "bad JSON", tool: "health", args: `{"a"=1}`, is: client.ErrInvalidParams, text: []string{"not at byte 4"}},
		{name: "two objects", tool: "health", args: `{} {}`, is: client.ErrInvalidParams, text: []string{"must end at byte 2"}},
		{name: "a name twice", tool: "health", args: `{"a":1,"a":2}`, is: client.ErrInvalidParams, text: []string{"a name twice"}},
		{name: "null", tool: "health", args: `null`, text: []string{`"status":"ok"`}},
		{name: "a list", tool: "health", args: `[]`, is: client.ErrInvalidParams, text: []string{"must be a JSON object"}},
		{name: "refused", tool: "accept_tos", args: `{}`, is: mcpclient.ErrRefused, text: []string{"Not allowed: only a person accepts terms."}},
		{name: "a guard's own error", tool: "customer_switch", args: `{}`, text: []string{"could not be made"}},
		{
			name: "rate limit", tool: "act", args: `{}`, is: client.ErrRateLimited, fault: &sandbox.Fault{Status: 429, RetryAfter: "90"},
			text: []string{"rate limit", "90 seconds"},
		},
		{name: "forbidden", tool: "act", args: `{}`, is: client.ErrForbidden, fault: &sandbox.Fault{Status: 403}, text: []string{"FORBIDDEN"}},
		{
			name: "a proxy's page", tool: "act", args: `{}`, is: client.ErrOutcomeUnknown, fault: &sandbox.Fault{Kind: sandbox.FaultHTML},
			text: []string{"502", "look before"},
		},
		{
			name: "lost answer", tool: "act", args: `{}`, is: client.ErrOutcomeUnknown, fault: &sandbox.Fault{Kind: sandbox.FaultResetAfter},
			text: []string{"not known", "look before"},
		},
		{name: "empty answer", tool: "act", args: `{}`, fault: &sandbox.Fault{Kind: sandbox.FaultEmpty}, text: []string{"cannot be read"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := sandboxtest.Start(t, tools...)
			s := stageAdmin(t, srv, guard)
			if tt.fault != nil {
				tt.fault.RPC = "tools/call"
				srv.Inject(*tt.fault)
			}
			out := s.Dispatch(t.Context(), tt.tool, []byte(tt.args))
			forAModel(t, srv, out)
			for _, part := range tt.text {
				assert.Contains(t, out.Text, part)
			}
			if tt.is != nil {
				require.ErrorIs(t, out.Err, tt.is)
			}
		})
	}
}

func TestDispatchWithoutAPlatform(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t, stageTool(&mcp.Tool{Name: "wait"}, func(ctx context.Context, _ *mcp.CallToolRequest) *mcp.CallToolResult {
		<-ctx.Done()
		return stageText("")
	}))
	s := stageAdmin(t, srv)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	out := s.Dispatch(ctx, "wait", nil)
	forAModel(t, srv, out)
	require.ErrorIs(t, out.Err, context.Canceled)
	assert.Contains(t, out.Text, "cancelled")
	assert.Zero(t, srv.ToolRuns("wait"))

	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	out = s.Dispatch(ctx, "wait", nil)
	forAModel(t, srv, out)
	require.ErrorIs(t, out.Err, context.DeadlineExceeded)
	assert.Contains(t, out.Text, "too long")

	down := stageAdmin(t, srv)
	srv.Inject(sandbox.Fault{RPC: "tools/list", Kind: sandbox.FaultResetBefore})
	out = down.Dispatch(t.Context(), "health", nil)
	forAModel(t, srv, out)
	var broken *client.TransportError
	require.ErrorAs(t, out.Err, &broken)
	assert.Contains(t, out.Text, "cannot be reached")

	require.NoError(t, down.Close(context.Background()))
	out = down.Dispatch(t.Context(), "health", nil)
	forAModel(t, srv, out)
	require.ErrorIs(t, out.Err, mcpclient.ErrClosed)
	assert.Contains(t, out.Text, "closed")
}

// A model sees no more of a credential than a log does, even one that only this client knows.
func TestDispatchMasksSecrets(t *testing.T) {
	t.Parallel()
	url := stageScript(t, func(method string, _ json.RawMessage) string {
		if method == "tools/list" {
			return `"result":{"tools":[{"name":"leak","inputSchema":{"type":"object"}}]}`
		}
		return isError("", `{"code":"X","message":"key `+opaqueSecret+`","suggestion":"not `+opaqueSecret+`","field":"`+opaqueSecret+`"}`)
	})
	s := stageSession(t, stageClient(t, url, opaqueSecret))
	out := s.Dispatch(t.Context(), "leak", nil)
	require.Error(t, out.Err)
	assert.Contains(t, out.Text, "X: key")
	assert.NotContains(t, out.Text, "OPAQUE")
	assert.NotContains(t, out.Err.Error(), "OPAQUE")
}

func TestDispatchBoundsTheNamesOfTools(t *testing.T) {
	t.Parallel()
	var list strings.Builder
	for i := range 12_000 {
		fmt.Fprintf(&list, `,{"name":"tool.%05d","inputSchema":{"type":"object"}}`, i)
	}
	url := stageScript(t, func(string, json.RawMessage) string { return `"result":{"tools":[` + list.String()[1:] + `]}` })
	s := stageSession(t, stageClient(t, url, opaqueSecret))
	out := s.Dispatch(t.Context(), "helth", nil)
	require.ErrorIs(t, out.Err, client.ErrInvalidParams)
	assert.Contains(t, out.Text, "tool_00000, tool_00001")
	assert.Regexp(t, `and \d+ more\.$`, out.Text)
	assert.Less(t, len(out.Text), 2<<10)

	out = s.Dispatch(t.Context(), strings.Repeat("canary", 1000), nil)
	assert.Less(t, len(out.Text), 2<<10)
}

func TestToolDefinitionsOfManyCollidingNames(t *testing.T) {
	t.Parallel()
	const tools = 12_000
	var list strings.Builder
	for i := range tools {
		fmt.Fprintf(&list, `,{"name":"%s%05d","inputSchema":{"type":"object"}}`, strings.Repeat("n", 64), i)
	}
	url := stageScript(t, func(string, json.RawMessage) string { return `"result":{"tools":[` + list.String()[1:] + `]}` })
	s := stageSession(t, stageClient(t, url, opaqueSecret))
	definitions, err := s.ToolDefinitions(t.Context())
	require.NoError(t, err)
	names := make(map[string]bool)
	for _, d := range definitions {
		names[d.Name] = true
	}
	assert.Len(t, names, tools)
}

func TestToolDefinitionsEndWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	url := stageScript(t, func(string, json.RawMessage) string {
		cancel()
		return `"result":{"tools":[{"name":"a","inputSchema":{"type":"object"}}]}`
	})
	s := stageSession(t, stageClient(t, url, opaqueSecret))
	_, err := s.ToolDefinitions(ctx)
	require.ErrorIs(t, err, context.Canceled)
}
