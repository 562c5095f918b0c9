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
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// generations are the two ways of MCP to keep state.
var generations = []string{"2025-11-25", "2026-07-28"}

// startSandbox starts a platform for one test.
func startSandbox(t testing.TB, opts ...sandbox.Option) *sandbox.Server {
	t.Helper()
	srv, err := sandbox.Start(opts...)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, srv.Close()) })
	return srv
}

// connect talks to base and hardly waits between attempts; opts win over that.
func connect(t testing.TB, base, token string, opts ...client.Option) *client.Client {
	t.Helper()
	parsed, err := client.ParseOpaqueToken(token)
	require.NoError(t, err)
	c, err := client.New(append([]client.Option{
		client.WithEnvironment(client.BaseURL(base)),
		client.WithToken(parsed),
		client.WithRetry(client.RetryPolicy{
			MaxAttempts: 3, BaseDelay: time.Microsecond, MaxBackoff: time.Microsecond,
			MaxDelay: time.Second,
		}),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// openSession connects, and hangs up before what it talks to is closed.
func openSession(t testing.TB, c *client.Client, opts ...mcpclient.Option) *mcpclient.Session {
	t.Helper()
	s, err := mcpclient.Connect(t.Context(), c, opts...)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close(context.Background())) })
	return s
}

// openAdminSession is a session of the sandbox's administrator.
func openAdminSession(t testing.TB, srv *sandbox.Server, opts ...mcpclient.Option) *mcpclient.Session {
	t.Helper()
	return openSession(t, connect(t, srv.URL(), srv.AdminToken()), opts...)
}

// connectHost is the bare MCP library on top of a session's transport.
func connectHost(t testing.TB, s *mcpclient.Session) *mcp.ClientSession {
	t.Helper()
	host, err := mcp.NewClient(&mcp.Implementation{Name: "host", Version: "1"}, nil).Connect(t.Context(), s.Transport(),
		nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = host.Close() })
	return host
}

// sentMessages lists the bodies of the requests with an MCP message, as [sandbox.Fault] names it.
func sentMessages(srv *sandbox.Server, rpc string) (bodies []string) {
	for _, req := range srv.Requests() {
		if req.RPC == rpc {
			bodies = append(bodies, req.Body)
		}
	}
	return bodies
}

// lastArguments are those of the last call of a tool.
func lastArguments(t testing.TB, srv *sandbox.Server, tool string) string {
	t.Helper()
	sent := sentMessages(srv, "tools/call "+tool)
	require.NotEmpty(t, sent)
	var message struct {
		Params struct {
			Arguments json.RawMessage `json:"arguments"`
		} `json:"params"`
	}
	require.NoError(t, json.Unmarshal([]byte(sent[len(sent)-1]), &message))
	return string(message.Params.Arguments)
}

// withTool is a tool of the test's own.
func withTool(tool *mcp.Tool, do func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult) sandbox.Option {
	if tool.InputSchema == nil {
		tool.InputSchema = json.RawMessage(`{"type":"object"}`)
	}
	return sandbox.WithMCPTool(tool, func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return do(ctx, req), nil
	})
}

// textResult is the result that is one text block.
func textResult(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}
}

// startScript is a server of the protocol with sessions that says what no library would: it answers each request with
// the member that script gives, such as "result":{…}.
func startScript(t testing.TB, script func(method string, params json.RawMessage) string) (url string) {
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

// startSandboxExample starts a platform for an example, with a client of it.
func startSandboxExample(opts ...sandbox.Option) (srv *sandbox.Server, c *client.Client, stop func()) {
	srv, err := sandbox.Start(opts...)
	if err != nil {
		log.Fatal(err)
	}
	token, err := client.ParseToken(srv.AdminToken())
	if err != nil {
		log.Fatal(err)
	}
	c, err = client.New(client.WithEnvironment(client.BaseURL(srv.URL())), client.WithToken(token))
	if err != nil {
		log.Fatal(err)
	}
	return srv, c, func() {
		c.CloseIdleConnections()
		_ = srv.Close()
	}
}

// connectExample is startSandboxExample with a session.
func connectExample(opts ...sandbox.Option) (s *mcpclient.Session, stop func()) {
	_, c, stopServer := startSandboxExample(opts...)
	s, err := mcpclient.Connect(context.Background(), c)
	if err != nil {
		log.Fatal(err)
	}
	return s, func() {
		_ = s.Close(context.Background())
		stopServer()
	}
}
