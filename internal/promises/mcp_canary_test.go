package promises

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
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// sessionTap is a transport that remembers the ids of MCP sessions, which nobody else shows.
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

// leaks tells in which form the sink has a secret of any form.
func (s *sink) leaks(secret string) string { return s.holds("_sk_live_" + secret) }

// mcpCanary is a program that prints whatever it gets to see of a session.
type mcpCanary struct {
	*sink
	t     *testing.T
	token string
	tap   *sessionTap
}

// AttemptDone makes it the Hooks.
func (m *mcpCanary) AttemptDone(ctx context.Context, a client.Attempt) {
	m.take(a)
	m.takeContext(ctx)
}

// takeContext prints a context in the one way that is safe while it lives.
func (m *mcpCanary) takeContext(ctx context.Context) { fmt.Fprintf(m, "%v %+v %s\n", ctx, ctx, ctx) }

// client talks to base as carefully as a program that is out to print as much as it can.
func (m *mcpCanary) client(base string) *client.Client {
	m.t.Helper()
	token, err := client.ParseToken(m.token)
	require.NoError(m.t, err)
	c, err := client.New(
		client.WithEnvironment(client.At(base)), client.WithToken(token), client.WithTransport(m.tap),
		client.WithHooks(m), client.WithLogger(m.logs[0]), client.WithLimiter(open{}),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 2, BaseDelay: time.Microsecond, MaxBackoff: time.Microsecond, MaxDelay: time.Second}),
	)
	require.NoError(m.t, err)
	return c
}

// options let the program see everything.
func (m *mcpCanary) options(version string) []mcpclient.Option {
	return []mcpclient.Option{
		mcpclient.WithProtocolVersion(version),
		mcpclient.OnProgress(func(ctx context.Context, p mcpclient.Progress) {
			m.take(p)
			m.takeContext(ctx)
		}),
		mcpclient.OnReconnect(func(ctx context.Context, r mcpclient.Reconnection) error {
			m.take(r)
			m.takeContext(ctx)
			m.takeError(m.t, r.Cause)
			return nil
		}),
		mcpclient.WithGuard(mcpclient.GuardFunc(func(ctx context.Context, call *mcpclient.ToolCall) error {
			m.takeContext(ctx)
			m.take(call)
			if call.Tool == "forbidden" {
				return call.Refuse("house rule", "not with "+m.token)
			}
			return nil
		})),
	}
}

// quoting are tools that say what they were sent as a credential, each in its way.
func quoting(token string) []sandbox.Option {
	quoted := fmt.Sprintf(`{"success":false,"code":"%[1]s","errorCode":"%[1]s","message":"no %[1]s","field":"%[1]s","suggestion":"%[1]s",`+
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
			err := req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: req.Params.GetProgressToken(), Progress: 1})
			return &mcp.CallToolResult{Content: text("done")}, err
		}))
}

type named struct {
	Name string `json:"name"`
}

// Neither a credential nor the id of a session is in anything that a program can print of MCP, unless it asks for what
// a tool has said.
func TestNoSecretOfMCPIsEverPrinted(t *testing.T) {
	m := &mcpCanary{sink: newSink(), t: t, tap: &sessionTap{Transport: client.NewTransport(), ids: make(map[string]bool)}}
	t.Cleanup(m.tap.CloseIdleConnections)
	const quoted = "scope3_ak_CANARY_sk_live_quotedByTheToolItself"
	srv := sandboxtest.Start(t, quoting(quoted)...)
	m.token = srv.AdminToken()

	for _, version := range []string{"2025-11-25", "2026-07-28"} {
		m.takeSession(srv, version)
	}
	m.takeHostilePeers()

	secrets := []string{m.token, quoted}
	for _, secret := range secrets {
		assert.Empty(t, m.holds(secret), m.where(secret))
	}
	delete(m.tap.ids, "")
	delete(m.tap.ids, m.token) // of a hostile peer
	ids := slices.Collect(maps.Keys(m.tap.ids))
	require.GreaterOrEqual(t, len(ids), 3, "sessions were opened and lost")
	for _, id := range ids {
		assert.Empty(t, m.leaks(id), m.where("_sk_live_"+id))
	}
	require.Greater(t, m.text.Len(), 1_000_000, "the sink did not take what it should have")
	fmt.Fprint(m, ids[0])
	assert.NotEmpty(t, m.leaks(ids[0]), "this test would not notice")
}

// takeSession goes through the life of a session, with all that can happen in it.
func (m *mcpCanary) takeSession(srv *sandboxtest.Sandbox, version string) {
	t, ctx := m.t, context.Background()
	c := m.client(srv.URL())
	s, err := mcpclient.Connect(ctx, c, m.options(version)...)
	require.NoError(t, err)
	transport, err := mcpclient.NewTransport(c, m.options(version)...)
	require.NoError(t, err)
	m.take(s)
	m.take(transport)
	m.take(s.Transport())
	m.take(s.ServerInfo())

	r, err := mcpclient.CallTool[mcpclient.Result](ctx, s, "health", nil)
	require.NoError(t, err)
	m.take(r)
	m.take(&r)
	_, err = mcpclient.CallTool[string](ctx, s, "progress", nil)
	require.NoError(t, err)
	definitions, err := s.ToolDefinitions(ctx)
	require.NoError(t, err)
	m.take(definitions)

	for _, tool := range []string{"forbidden", "structured", "intext", "plain", "first", "unreadable", "page", "no such tool"} {
		_, err := mcpclient.CallTool[named](ctx, s, tool, nil)
		m.takeError(t, err)
		if tool != "unreadable" && tool != "page" { // what a tool has to say to a model is said
			m.take(s.Dispatch(ctx, tool, nil))
		}
	}
	m.take(s.Dispatch(ctx, "health", []byte(m.token)))
	_, err = mcpclient.CallAPI[named](ctx, s, m.token, mcpclient.Request{})
	m.takeError(t, err)
	m.takeFaults(srv, s)

	if srv.DropSessions() > 0 {
		_, err = s.Health(ctx)
		require.NoError(t, err)
		// First the fault: the stream that only listens may notice a lost session before the call does.
		refusal := srv.Inject(sandbox.Fault{RPC: "initialize", Status: 403})
		srv.DropSessions()
		_, err = s.Health(ctx)
		m.takeError(t, err)
		refusal.Remove()
		_, err = s.Health(ctx)
		require.NoError(t, err)
	}
	m.take(s)
	require.NoError(t, s.Close(ctx))
	_, err = s.Health(ctx)
	m.takeError(t, err)
}

// takeFaults goes through the failures of a call over real sockets.
func (m *mcpCanary) takeFaults(srv *sandboxtest.Sandbox, s *mcpclient.Session) {
	ctx := context.Background()
	for _, fault := range []sandbox.Fault{
		{Status: 400},
		{Status: 401},
		{Status: 403},
		{Status: 500},
		{Status: 503},
		{Status: 429, RetryAfter: "3600"},
		{Kind: sandbox.FaultHTML, Status: 502},
		{Kind: sandbox.FaultResetBefore},
		{Kind: sandbox.FaultResetAfter},
		{Kind: sandbox.FaultTruncate},
		{Kind: sandbox.FaultEmpty},
		{Kind: sandbox.FaultRedirect, Status: 302, Location: "https://elsewhere.example/?token=" + m.token},
		{Kind: sandbox.FaultRedirect, Status: 308, Location: "http://%zz" + m.token},
	} {
		fault.RPC = "tools/call api_call"
		srv.Inject(fault)
		_, err := mcpclient.CallAPI[named](ctx, s, "create_service_token", mcpclient.Request{Body: named{"canary"}})
		m.takeError(m.t, err)
		m.take(s.Dispatch(ctx, "api_call", []byte(`{"operation":"create_service_token"}`)))
		srv.ClearFaults()
	}
	ended, cancel := context.WithCancelCause(ctx)
	cancel(errors.New("the caller has left"))
	_, err := s.Health(ended)
	m.takeError(m.t, err)
	_, err = mcpclient.Connect(ended, m.client(srv.URL()))
	m.takeError(m.t, err)
}

// takeHostilePeers connects to servers that send the credential back, in every place of an answer.
func (m *mcpCanary) takeHostilePeers() {
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
		contentType, status, body := types[i%len(types)], statuses[i/len(types)%len(statuses)], bodies[i/len(types)/len(statuses)]
		m.takeHostilePeer(contentType, status, fmt.Sprintf(body, m.token))
	})
}

func (m *mcpCanary) takeHostilePeer(contentType string, status int, body string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range map[string]string{
			"Content-Type": contentType, "Mcp-Session-Id": m.token, "X-Request-Id": m.token, "Www-Authenticate": `Bearer realm="` + m.token + `"`,
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
	m.take(err)
	m.tap.CloseIdleConnections()
}

// What is sent to a tool and what it says are the program's business: neither logs nor hooks nor errors repeat it.
func TestLogsHoldNoDataOfTools(t *testing.T) {
	const canary = "CANARYdata_of_a_customer"
	quiet := newSink()
	srv := sandboxtest.Start(t, sandbox.WithMCPTool(
		&mcp.Tool{Name: "tell", InputSchema: json.RawMessage(`{"type":"object"}`)},
		func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: `{"name":["` + canary + `"]}`}}}, nil
		},
	))
	token, err := client.ParseToken(srv.AdminToken())
	require.NoError(t, err)
	c, err := client.New(client.WithEnvironment(client.At(srv.URL())), client.WithToken(token), client.WithHooks(&mcpCanary{sink: quiet}),
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
	quiet.takeError(t, err)
	quiet.take(s.Dispatch(t.Context(), "tell", []byte(`["`+canary+`"]`)))
	_, err = mcpclient.CallTool[named](t.Context(), s, "tell", []string{canary})
	quiet.takeError(t, err)
	for _, fault := range []sandbox.Fault{
		{Status: 400},
		{Status: 503},
		{Kind: sandbox.FaultTruncate},
		{Kind: sandbox.FaultResetAfter},
	} {
		fault.RPC, fault.Times = "tools/call", 1
		srv.Inject(fault)
		_, err = mcpclient.CallTool[named](t.Context(), s, "tell", named{canary})
		quiet.takeError(t, err)
	}
	assert.NotContains(t, quiet.text.String(), canary)
	assert.Contains(t, quiet.text.String(), "tools/call", "the calls were logged")
}
