package mcpclient_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
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

// stageGenerations are the two ways of MCP to keep state.
var stageGenerations = []string{"2025-11-25", "2026-07-28"}

// stageClient talks to base and hardly waits between attempts; opts win over that.
func stageClient(t testing.TB, base, token string, opts ...client.Option) *client.Client {
	t.Helper()
	parsed, err := client.OpaqueToken(token)
	require.NoError(t, err)
	c, err := client.New(append([]client.Option{
		client.WithEnvironment(client.At(base)),
		client.WithToken(parsed),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 3, BaseDelay: time.Microsecond, MaxBackoff: time.Microsecond, MaxDelay: time.Second}),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// stageSession connects, and hangs up before what it talks to is closed.
func stageSession(t testing.TB, c *client.Client, opts ...mcpclient.Option) *mcpclient.Session {
	t.Helper()
	s, err := mcpclient.Connect(t.Context(), c, opts...)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close(context.Background())) })
	return s
}

// stageAdmin is a session of the sandbox's administrator.
func stageAdmin(t testing.TB, srv *sandboxtest.Sandbox, opts ...mcpclient.Option) *mcpclient.Session {
	t.Helper()
	return stageSession(t, stageClient(t, srv.URL(), srv.AdminToken()), opts...)
}

// stageHost is the bare MCP library on top of a session's transport.
func stageHost(t testing.TB, s *mcpclient.Session) *mcp.ClientSession {
	t.Helper()
	host, err := mcp.NewClient(&mcp.Implementation{Name: "host", Version: "1"}, nil).Connect(t.Context(), s.Transport(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = host.Close() })
	return host
}

// stageSent lists the bodies of the requests with an MCP message, as [sandbox.Fault] names it.
func stageSent(srv *sandboxtest.Sandbox, rpc string) (bodies []string) {
	for _, req := range srv.Requests() {
		if req.RPC == rpc {
			bodies = append(bodies, req.Body)
		}
	}
	return bodies
}

// stageArguments are those of the last call of a tool.
func stageArguments(t testing.TB, srv *sandboxtest.Sandbox, tool string) string {
	t.Helper()
	sent := stageSent(srv, "tools/call "+tool)
	require.NotEmpty(t, sent)
	var message struct {
		Params struct {
			Arguments json.RawMessage `json:"arguments"`
		} `json:"params"`
	}
	require.NoError(t, json.Unmarshal([]byte(sent[len(sent)-1]), &message))
	return string(message.Params.Arguments)
}

// stageTool is a tool of the test's own.
func stageTool(tool *mcp.Tool, do func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult) sandbox.Option {
	if tool.InputSchema == nil {
		tool.InputSchema = json.RawMessage(`{"type":"object"}`)
	}
	return sandbox.WithMCPTool(tool, func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return do(ctx, req), nil
	})
}

// stageText is the result that is one text block.
func stageText(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}
}

// stageScript is a server of the protocol with sessions that says what no library would: it answers each request with
// the member that script gives, such as "result":{…}.
func stageScript(t testing.TB, script func(method string, params json.RawMessage) string) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			Params json.RawMessage `json:"params"`
		}
		if json.NewDecoder(r.Body).Decode(&m) != nil || m.ID == nil {
			w.WriteHeader(http.StatusAccepted)
			return
		}
		answer := ""
		switch m.Method {
		case "server/discover":
			answer = `"error":{"code":-32601,"message":"Method not found"}`
		case "initialize":
			answer = `"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"resources":{},"prompts":{}},` +
				`"serverInfo":{"name":"script","version":"1"}}`
		default:
			answer = script(m.Method, m.Params)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,%s}`, m.ID, answer)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// runSession starts a sandbox for an example and connects to it.
func runSession(opts ...sandbox.Option) (s *mcpclient.Session, stop func()) {
	srv := sandboxtest.Run(opts...)
	s, err := mcpclient.Connect(context.Background(), srv.Client)
	if err != nil {
		log.Fatal(err)
	}
	return s, func() {
		_ = s.Close(context.Background())
		_ = srv.Close()
	}
}
