package guarantees

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// sessionTap is a transport that records the ids of MCP sessions.
type sessionTap struct {
	*http.Transport

	mu  sync.Mutex
	ids map[string]bool
}

func (s *sessionTap) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.Transport.RoundTrip(req)
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.ids[resp.Header.Get("Mcp-Session-Id")] = true
	}
	return resp, err
}

// mcpCanary prints everything that a program can see of a session.
type mcpCanary struct {
	*recorder
	t     *testing.T
	token string
	tap   *sessionTap
}

// AttemptDone implements client.Hooks.
func (m *mcpCanary) AttemptDone(ctx context.Context, a client.Attempt) {
	m.record(a)
	m.recordContext(ctx)
}

// recordContext records a context by its String method, as reflection would race with its timer.
func (m *mcpCanary) recordContext(ctx context.Context) { fmt.Fprintf(m, "%v %+v %s\n", ctx, ctx, ctx) }

// client returns a client of base whose hooks and logger record everything.
func (m *mcpCanary) client(base string) *client.Client {
	m.t.Helper()
	token, err := client.ParseToken(m.token)
	require.NoError(m.t, err)
	c, err := client.New(
		client.WithEnvironment(client.BaseURL(base)), client.WithToken(token), client.WithTransport(m.tap),
		client.WithHooks(m), client.WithLogger(m.logs[0]), client.WithLimiter(unlimited{}),
		client.WithRetry(client.RetryPolicy{
			MaxAttempts: 2, BaseDelay: time.Microsecond, MaxBackoff: time.Microsecond,
			MaxDelay: time.Second,
		}),
	)
	require.NoError(m.t, err)
	return c
}

// options record everything that a session reports.
func (m *mcpCanary) options(version string) []mcpclient.Option {
	return []mcpclient.Option{
		mcpclient.WithProtocolVersion(version),
		mcpclient.OnProgress(func(ctx context.Context, p mcpclient.Progress) {
			m.record(p)
			m.recordContext(ctx)
		}),
		mcpclient.OnReconnect(func(ctx context.Context, r mcpclient.Reconnection) error {
			m.record(r)
			m.recordContext(ctx)
			m.recordError(m.t, r.Cause)
			return nil
		}),
		mcpclient.WithGuard(mcpclient.GuardFunc(func(ctx context.Context, call *mcpclient.ToolCall) error {
			m.recordContext(ctx)
			m.record(call)
			if call.Tool == "forbidden" {
				return call.Refuse("house rule", "not with "+m.token)
			}
			return nil
		})),
	}
}

// quoting returns tools that quote a credential in every form of a result.
func quoting(token string) []sandbox.Option {
	quoted := fmt.Sprintf(`{"success":false,"code":"%[1]s","errorCode":"%[1]s","message":"no %[1]s","field":"%[1]s",`+
		`"suggestion":"%[1]s",`+
		`"details":{"k":"%[1]s","issues":[{"path":"%[1]s","message":"%[1]s"}]}}`, token)
	text := func(s string) []mcp.Content { return []mcp.Content{&mcp.TextContent{Text: s}} }
	var opts []sandbox.Option
	for name, result := range map[string]*mcp.CallToolResult{
		"structured": {IsError: true, StructuredContent: json.RawMessage(quoted)},
		"intext":     {IsError: true, Content: text(quoted)},
		"plain":      {IsError: true, Content: text("no " + token)},
		"first":      {Content: text(quoted)},
		"unreadable": {Content: text(`{"name":["` + token + `"]}`)},
		"page":       {Content: text("<html>" + token)},
	} {
		opts = append(opts, sandbox.WithMCPTool(&mcp.Tool{Name: name, InputSchema: json.RawMessage(`{"type":"object"}`)},
			func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) { return result, nil }))
	}
	return append(opts, sandbox.WithMCPTool(&mcp.Tool{Name: "progress", InputSchema: json.RawMessage(`{"type":"object"}`)},
		func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			err := req.Session.NotifyProgress(ctx,
				&mcp.ProgressNotificationParams{ProgressToken: req.Params.GetProgressToken(), Progress: 1})
			return &mcp.CallToolResult{Content: text("done")}, err
		}))
}

type named struct {
	Name string `json:"name"`
}

// Credentials and session ids appear only in tool output that the program requests.
func TestNoSecretOfMCPIsEverPrinted(t *testing.T) {
	m := &mcpCanary{
		recorder: newRecorder(), t: t,
		tap: &sessionTap{Transport: client.NewTransport(), ids: make(map[string]bool)},
	}
	t.Cleanup(m.tap.CloseIdleConnections)
	const quoted = "scope3_ak_CANARY_sk_live_quotedByTheToolItself"
	srv, err := sandbox.Start(quoting(quoted)...)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, srv.Close()) })
	m.token = srv.AdminToken()

	for _, version := range []string{"2025-11-25", "2026-07-28"} {
		m.recordSession(srv, version)
	}
	m.recordHostileServers()

	delete(m.tap.ids, "")
	delete(m.tap.ids, m.token) // of a hostile server
	ids := slices.Collect(maps.Keys(m.tap.ids))
	require.GreaterOrEqual(t, len(ids), 3, "sessions were opened and lost")
	m.requireNoLeak(t, 1_000_000, append(ids, m.token, quoted)...)
}

// recordSession uses a session in every way, including failures and reconnection.
func (m *mcpCanary) recordSession(srv *sandbox.Server, version string) {
	t, ctx := m.t, context.Background()
	c := m.client(srv.URL())
	s, err := mcpclient.Connect(ctx, c, m.options(version)...)
	require.NoError(t, err)
	transport, err := mcpclient.NewTransport(c, m.options(version)...)
	require.NoError(t, err)
	m.record(s)
	m.record(transport)
	m.record(s.Transport())
	m.record(s.ServerInfo())

	r, err := mcpclient.CallTool[mcpclient.Result](ctx, s, "health", nil)
	require.NoError(t, err)
	m.record(r)
	m.record(&r)
	_, err = mcpclient.CallTool[string](ctx, s, "progress", nil)
	require.NoError(t, err)
	definitions, err := s.ToolDefinitions(ctx)
	require.NoError(t, err)
	m.record(definitions)

	for _, tool := range []string{
		"forbidden", "structured", "intext", "plain", "first", "unreadable", "page",
		"no such tool",
	} {
		_, err := mcpclient.CallTool[named](ctx, s, tool, nil)
		m.recordError(t, err)
		if tool != "unreadable" && tool != "page" { // their output is for the model
			m.record(s.Dispatch(ctx, tool, nil))
		}
	}
	m.record(s.Dispatch(ctx, "health", []byte(m.token)))
	_, err = mcpclient.CallAPI[named](ctx, s, m.token, mcpclient.Request{})
	m.recordError(t, err)
	m.recordFaults(srv, s)

	if srv.DropSessions() > 0 {
		_, err = s.Health(ctx)
		require.NoError(t, err)
		// Inject first: the listening stream may notice the lost session before the call does.
		refusal := srv.Inject(sandbox.Fault{RPC: "initialize", Status: 403})
		srv.DropSessions()
		_, err = s.Health(ctx)
		m.recordError(t, err)
		refusal.Remove()
		_, err = s.Health(ctx)
		require.NoError(t, err)
	}
	m.record(s)
	require.NoError(t, s.Close(ctx))
	_, err = s.Health(ctx)
	m.recordError(t, err)
}

// recordFaults records the failures of calls over real sockets.
func (m *mcpCanary) recordFaults(srv *sandbox.Server, s *mcpclient.Session) {
	ctx := context.Background()
	for _, fault := range failures(m.token) {
		if fault.Status == http.StatusNotFound {
			continue // it only ends the session, which is opened again
		}
		fault.RPC = "tools/call api_call"
		srv.Inject(fault)
		_, err := mcpclient.CallAPI[named](ctx, s, "create_service_token", mcpclient.Request{Body: named{"canary"}})
		m.recordError(m.t, err)
		m.record(s.Dispatch(ctx, "api_call", []byte(`{"operation":"create_service_token"}`)))
		srv.ClearFaults()
	}
	ended, cancel := context.WithCancelCause(ctx)
	cancel(errors.New("the caller has left"))
	_, err := s.Health(ended)
	m.recordError(m.t, err)
	_, err = mcpclient.Connect(ended, m.client(srv.URL()))
	m.recordError(m.t, err)
}

// recordHostileServers connects to servers that send the credential back, everywhere in a response.
func (m *mcpCanary) recordHostileServers() {
	const events = "text/event-stream"
	types := []string{"application/json", "text/html", events}
	statuses := []int{200, 400, 401, 404, 500}
	bodies := []string{
		"%s", `{"%s":`, `<html><title>%s</title>`, "id: %s\nevent: %[1]s\ndata: %[1]s\n\n",
		`{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"%s","data":"%[1]s"}}`,
		`{"jsonrpc":"2.0","id":1,"result":"%s"}`, `{"error":"%s","message":"%[1]s"}`,
		"data: {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32603,\"message\":\"%s\"}}\n\n",
	}
	n := len(types) * len(statuses) * len(bodies)
	inParallel(n, func(i int) {
		body := bodies[i/len(types)/len(statuses)]
		m.recordHostileServer(types[i%len(types)], statuses[i/len(types)%len(statuses)], fmt.Sprintf(body, m.token))
	})
}

func (m *mcpCanary) recordHostileServer(contentType string, status int, body string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range map[string]string{
			"Content-Type": contentType, "Mcp-Session-Id": m.token, "X-Request-Id": m.token,
			"Www-Authenticate": `Bearer realm="` + m.token + `"`,
		} {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err := mcpclient.Connect(ctx, m.client(server.URL), m.options("2025-11-25")...)
	if !assert.Error(m.t, err) {
		return
	}
	fmt.Fprintln(m, err)
	m.record(err)
	m.tap.CloseIdleConnections()
}

// Logs, hooks and errors contain neither the arguments nor the output of a tool.
func TestLogsHoldNoDataOfTools(t *testing.T) {
	const canary = "CANARYdata_of_a_customer"
	quiet := newRecorder()
	srv, err := sandbox.Start(sandbox.WithMCPTool(
		&mcp.Tool{Name: "tell", InputSchema: json.RawMessage(`{"type":"object"}`)},
		func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: `{"name":["` + canary + `"]}`}}}, nil
		},
	))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, srv.Close()) })
	token, err := client.ParseToken(srv.AdminToken())
	require.NoError(t, err)
	c, err := client.New(client.WithEnvironment(client.BaseURL(srv.URL())), client.WithToken(token),
		client.WithHooks(&mcpCanary{recorder: quiet}),
		client.WithLogger(quiet.logs[0]), client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)

	s, err := mcpclient.Connect(t.Context(), c)
	require.NoError(t, err)
	defer s.Close(t.Context())
	text, err := mcpclient.CallTool[string](t.Context(), s, "tell", named{canary})
	require.NoError(t, err)
	require.Contains(t, text, canary)
	_, err = mcpclient.CallTool[named](t.Context(), s, "tell", named{canary})
	quiet.recordError(t, err)
	quiet.record(s.Dispatch(t.Context(), "tell", []byte(`["`+canary+`"]`)))
	_, err = mcpclient.CallTool[named](t.Context(), s, "tell", []string{canary})
	quiet.recordError(t, err)
	for _, fault := range []sandbox.Fault{
		{Status: 400},
		{Status: 503},
		{Kind: sandbox.FaultTruncate},
		{Kind: sandbox.FaultResetAfter},
	} {
		fault.RPC, fault.Times = "tools/call", 1
		srv.Inject(fault)
		_, err = mcpclient.CallTool[named](t.Context(), s, "tell", named{canary})
		quiet.recordError(t, err)
	}
	assert.NotContains(t, quiet.text.String(), canary)
	assert.Contains(t, quiet.text.String(), "tools/call", "the calls were logged")
}
