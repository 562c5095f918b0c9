package sandbox_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const (
	buyer    = "/mcp/v2/buyer"
	legacy   = "2025-11-25"
	modern   = "2026-07-28"
	toolCall = "tools/call"
)

// generations are the two ways of MCP to keep state.
var generations = []string{legacy, modern}

// bearer sets the credential as an MCP host does that has nothing better.
type bearer struct {
	http.RoundTripper
	token string
}

func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	if b.token != "" {
		req = req.Clone(req.Context())
		req.Header.Set("Authorization", "Bearer "+b.token)
	}
	return b.RoundTripper.RoundTrip(req)
}

// dial connects the MCP library's own client, which then asks for the version and no other; empty lets it look for
// one. The transport may be changed before.
func (u user) dial(path, version string, change ...func(*mcp.StreamableClientTransport)) (*mcp.ClientSession, error) {
	u.t.Helper()
	transport := &mcp.StreamableClientTransport{
		Endpoint:             u.srv.URL() + path,
		HTTPClient:           &http.Client{Transport: bearer{u.srv.HTTPClient().Transport, u.token}},
		DisableStandaloneSSE: true,
		MaxRetries:           -1,
	}
	for _, one := range change {
		one(transport)
	}
	library := mcp.NewClient(&mcp.Implementation{Name: "sandbox-test", Version: "1"}, nil)
	return library.Connect(u.t.Context(), transport, &mcp.ClientSessionOptions{ProtocolVersion: version})
}

// peer is somebody connected over MCP.
type peer struct {
	t       testing.TB
	session *mcp.ClientSession
}

func (u user) connect(version string, change ...func(*mcp.StreamableClientTransport)) peer {
	u.t.Helper()
	session, err := u.dial(buyer, version, change...)
	require.NoError(u.t, err)
	u.t.Cleanup(func() { _ = session.Close() })
	return peer{u.t, session}
}

// call calls a tool; the arguments are JSON, or empty.
func (p peer) call(tool, args string) *mcp.CallToolResult {
	p.t.Helper()
	res, err := p.try(tool, args)
	require.NoError(p.t, err)
	return res
}

func (p peer) try(tool, args string) (*mcp.CallToolResult, error) {
	params := &mcp.CallToolParams{Name: tool}
	if args != "" {
		params.Arguments = json.RawMessage(args)
	}
	return p.session.CallTool(p.t.Context(), params)
}

// text is the only text block of a result.
func text(t testing.TB, res *mcp.CallToolResult) string {
	t.Helper()
	require.Len(t, res.Content, 1)
	block, ok := res.Content[0].(*mcp.TextContent)
	require.True(t, ok)
	return block.Text
}

// object calls a tool and reads the JSON in its text block.
func (p peer) object(tool, args string) map[string]any {
	p.t.Helper()
	res := p.call(tool, args)
	require.False(p.t, res.IsError, text(p.t, res))
	var v map[string]any
	require.NoError(p.t, json.Unmarshal([]byte(text(p.t, res)), &v))
	return v
}

// refused calls a tool and checks that it fails as the current platform has its tools fail.
func (p peer) refused(code, tool, args string) map[string]any {
	p.t.Helper()
	res := p.call(tool, args)
	require.True(p.t, res.IsError)
	failure, ok := res.StructuredContent.(map[string]any)
	require.True(p.t, ok)
	require.Equal(p.t, code, failure["code"])
	require.NotEmpty(p.t, failure["message"])
	require.Contains(p.t, text(p.t, res), code)
	return failure
}

func TestMCPGenerationsAndForms(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]sandbox.Option{
		"events": nil, "JSON": {sandbox.WithMCPJSON()}, "resumable": {sandbox.WithMCPResumable()}, "TLS": {sandbox.WithTLS()},
	} {
		srv, admin := startSandbox(t, opts...)
		calls := 0
		for _, version := range append(generations, "", "2025-06-18", "2025-03-26") {
			for _, path := range []string{buyer, "/mcp/v2/storefront", "/mcp/buyer", "/mcp/storefront"} {
				session, err := admin.dial(path, version)
				require.NoError(t, err, name+version+path)
				p := peer{t, session}
				want, sessions := version, 1
				if want == "" {
					want = modern
				}
				if want == modern {
					sessions = 0
				}
				require.Equal(t, want, session.InitializeResult().ProtocolVersion)
				require.Equal(t, "ok", p.object("health", "")["status"])
				calls++
				require.Equal(t, sessions, srv.Sessions())
				require.NoError(t, session.Close())
				require.Zero(t, srv.Sessions(), "a session ends with its DELETE")
			}
		}
		require.Equal(t, calls, srv.ToolRuns("health"))
		require.Empty(t, srv.Violations())
	}
}

func TestMCPResponsesHeaders(t *testing.T) {
	t.Parallel()
	now := newClock()
	limit := sandbox.RateLimit{Requests: 3, Window: time.Minute}
	srv, admin := startSandbox(t, sandbox.WithClock(now.Now), sandbox.WithRateLimit(limit))
	for i := range 4 {
		req := admin.request(http.MethodPost, buyer, initialize)
		req.Header.Set("Accept", "application/json, text/event-stream")
		a := admin.send(req)
		require.Equal(t, srv.Requests()[i].ID, a.header.Get("X-Request-Id"))
		require.Equal(t, srv.Requests()[i].Status, a.status)
		require.Equal(t, now.Now().Format(http.TimeFormat), a.header.Get("Date"))
		require.NotEmpty(t, a.header.Get("RateLimit-Limit"))
		if i == 3 {
			a.refused(http.StatusTooManyRequests, "RATE_LIMITED")
			break
		}
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, "text/event-stream", a.header.Get("Content-Type"))
		require.NotEmpty(t, a.header.Get("Mcp-Session-Id"))
	}
	require.Equal(t, 3, srv.Sessions())
}

const initialize = `{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"protocolVersion":"2025-11-25",` +
	`"capabilities":{},"clientInfo":{"name":"by hand","version":"1"}}}`

func TestMCPVersionsCanBeNarrowed(t *testing.T) {
	t.Parallel()
	failure := func(a response, code float64) map[string]any {
		require.Equal(t, http.StatusBadRequest, a.status)
		e := a.object()["error"].(map[string]any)
		require.Equal(t, code, e["code"])
		return e
	}

	srv, admin := startSandbox(t, sandbox.WithMCPVersions("2025-11-25", "2025-06-18"))
	p := admin.connect("")
	require.Equal(t, legacy, p.session.InitializeResult().ProtocolVersion, "the library falls back")
	require.Equal(t, "server/discover", srv.Requests()[0].RPC)
	require.Equal(t, http.StatusBadRequest, srv.Requests()[0].Status)
	require.Equal(t, "2025-06-18", admin.connect("2025-06-18").session.InitializeResult().ProtocolVersion)
	require.Equal(t, legacy, admin.connect("2025-03-26").session.InitializeResult().ProtocolVersion)
	req := admin.request(http.MethodPost, buyer, `{"jsonrpc":"2.0","id":"a","method":"server/discover"}`)
	req.Header.Set("Mcp-Protocol-Version", modern)
	a := admin.send(req)
	failure(a, -32600)
	require.Equal(t, "a", a.object()["id"])

	srv, admin = startSandbox(t, sandbox.WithMCPVersions(modern))
	require.Equal(t, "ok", admin.connect("").object("health", "")["status"])
	_, err := admin.dial(buyer, legacy)
	require.ErrorContains(t, err, "Unsupported protocol version")
	e := failure(admin.call(http.MethodPost, buyer, initialize), -32022)
	require.Equal(t, map[string]any{"supported": []any{modern}, "requested": legacy}, e["data"])
	require.Equal(t, http.StatusMethodNotAllowed, admin.get(buyer).status)
	require.Zero(t, srv.Sessions())
}

// The library's own client understands a refusal.
func TestMCPWantsACredential(t *testing.T) {
	t.Parallel()
	_, admin := startSandbox(t)
	for _, path := range []string{buyer, "/mcp/buyer", "/mcp/storefront"} {
		for _, version := range append(generations, "") {
			_, err := admin.as("").dial(path, version)
			require.ErrorContains(t, err, "Unauthorized", path)
		}
	}
	key := func(tr *mcp.StreamableClientTransport) {
		tr.HTTPClient = &http.Client{Transport: apiKey{admin.srv.HTTPClient().Transport, admin.token}}
	}
	require.Equal(t, "ok", admin.as("").connect("", key).object("health", "")["status"])
}

type apiKey bearer

func (k apiKey) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("X-Scope3-Api-Key", k.token)
	return k.RoundTripper.RoundTrip(req)
}
