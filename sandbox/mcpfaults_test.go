package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const createCall = `{"operation":"create_service_token","body":{"name":"once"}}`

// rpc sends a message by hand, in a session.
func (u user) rpc(session, message string) *http.Request {
	u.t.Helper()
	req := u.request(http.MethodPost, buyer, message)
	req.Header.Set("Accept", "application/json, text/event-stream")
	req.Header.Set("Mcp-Session-Id", session)
	req.Header.Set("Mcp-Protocol-Version", legacy)
	return req
}

const healthCall = `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"health","arguments":{}}}`

func TestRPCFaultsHitWhatTheyName(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	once := func(route, rpc string) *sandbox.Injection {
		return srv.Inject(sandbox.Fault{Route: route, RPC: rpc, Times: 1})
	}
	none, tool := once("", "tools/call nothing"), once("", "tools/call health")
	list, discover := once("POST "+buyer, "tools/list"), once("", "server/discover")

	admin.create(`{}`)
	p := admin.connect("")
	require.Equal(t, legacy, p.session.InitializeResult().ProtocolVersion, "the library takes a 503 for an older server")
	require.Equal(t, 1, discover.Fired())
	p.object("help", "")
	require.Zero(t, tool.Seen())
	_, err := p.try("health", "")
	require.Error(t, err)
	p.object("health", "")
	require.Equal(t, 2, tool.Seen())
	_, err = p.session.ListTools(t.Context(), nil)
	require.Error(t, err)
	require.Equal(t, 1, list.Fired())
	require.Zero(t, none.Seen())
	require.Equal(t, 1, srv.ToolRuns("health"))
	require.Empty(t, srv.Violations())

	all := srv.Inject(sandbox.Fault{RPC: toolCall, Kind: sandbox.FaultDelay, Delay: time.Millisecond})
	p.object("help", "")
	require.Equal(t, http.StatusOK, admin.get("/health").status)
	require.Equal(t, 1, all.Seen())
	handshake := srv.Inject(sandbox.Fault{RPC: "initialize", Kind: sandbox.FaultHTML})
	_, err = admin.dial(buyer, legacy)
	require.ErrorContains(t, err, "Bad Gateway")
	require.Equal(t, 1, handshake.Fired())

	srv.Inject(sandbox.Fault{Route: tokensPath, RPC: toolCall})
	srv.Inject(sandbox.Fault{Route: "/mcp/v2/seller"})
	require.Len(t, srv.Violations(), 2, "such faults would never be met")
}

// The work is done, the reply is lost: a caller that repeats the call runs it twice, as seen here.
func TestMCPResetAfterHasItsEffectOnce(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]sandbox.Option{nil, {sandbox.WithMCPJSON()}} {
		for _, version := range generations {
			srv, admin := startSandbox(t, opts...)
			for i, kind := range []sandbox.FaultKind{
				sandbox.FaultResetAfter, sandbox.FaultTruncate, sandbox.FaultEmpty, sandbox.FaultOversize,
			} {
				p := admin.connect(version)
				fault := srv.Inject(sandbox.Fault{
					RPC: "tools/call api_call", Kind: kind, Status: http.StatusBadGateway, Size: 1 << 10, Times: 1,
				})
				_, err := p.try("api_call", createCall)
				require.Error(t, err, kind)
				require.Equal(t, 1, fault.Fired())
				require.Equal(t, i+1, srv.Effects(create), kind)
				require.Equal(t, i+1, srv.ToolRuns("api_call"), kind)
			}
			p := admin.connect(version)
			srv.Inject(sandbox.Fault{RPC: toolCall, Kind: sandbox.FaultResetBefore, Times: 1})
			_, err := p.try("api_call", createCall)
			require.Error(t, err)
			require.Len(t, srv.Tokens(), 4, "this one never got there")
		}
	}
}

func TestMCPRepliesAreCutInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]sandbox.Option{nil, {sandbox.WithMCPJSON()}, {sandbox.WithMCPResumable()}} {
		srv, admin := startSandbox(t, opts...)
		session := admin.connect(legacy).session.ID()
		whole := admin.send(admin.rpc(session, healthCall))
		require.Equal(t, http.StatusOK, whole.status)

		srv.Inject(sandbox.Fault{RPC: toolCall, Kind: sandbox.FaultTruncate, Times: 1})
		resp, err := srv.HTTPClient().Do(admin.rpc(session, healthCall))
		require.NoError(t, err)
		part, err := io.ReadAll(resp.Body)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
		require.NotEmpty(t, resp.Header.Get("X-Request-Id"))
		require.Contains(t, string(part), `"jsonrpc"`)
		require.NotContains(t, string(part), `"timestamp"`)
		require.Equal(t, whole.header.Get("Content-Type"), resp.Header.Get("Content-Type"))
	}
}

// What a cut stream had of ids is enough to have the rest replayed.
func TestCutStreamsCanBeResumed(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithMCPResumable())
	p := admin.connect(legacy, func(tr *mcp.StreamableClientTransport) { tr.MaxRetries = 0 })
	srv.Inject(sandbox.Fault{RPC: toolCall, Kind: sandbox.FaultTruncate, Times: 1})
	p.object("api_call", createCall)
	require.Equal(t, 1, srv.ToolRuns("api_call"))
	require.Len(t, srv.Tokens(), 1)
	last := srv.Requests()[len(srv.Requests())-1]
	require.Equal(t, http.MethodGet, last.Method)
	require.NotEmpty(t, last.Header.Get("Last-Event-Id"))
}

func TestFaultsOnListeningStreams(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	session := admin.connect(legacy).session.ID()
	get := func(kind sandbox.FaultKind) (*http.Response, error) {
		fault := srv.Inject(sandbox.Fault{Route: "GET " + buyer, Kind: kind, Times: 1})
		defer fault.Remove()
		req := admin.request(http.MethodGet, buyer, "")
		req.Header.Set("Accept", "text/event-stream")
		req.Header.Set("Mcp-Session-Id", session)
		return srv.HTTPClient().Do(req)
	}
	resp, err := get(sandbox.FaultTruncate)
	require.NoError(t, err)
	_, err = io.ReadAll(resp.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NoError(t, resp.Body.Close())
	resp, err = get(sandbox.FaultHTML)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusBadGateway, resp.StatusCode)
	require.NoError(t, admin.listen(session).Body.Close())
}

func TestOversizedMCPReplies(t *testing.T) {
	t.Parallel()
	for _, version := range generations {
		srv, admin := startSandbox(t)
		p := admin.connect(version)
		flood := sandbox.Fault{RPC: toolCall, Kind: sandbox.FaultOversize, Size: 3 << 20, Times: 1}
		srv.Inject(flood)
		require.Len(t, text(t, p.call("health", "")), 3<<20, "well-formed to the end")

		flood.Status, flood.Size = http.StatusServiceUnavailable, 200<<20
		srv.Inject(flood)
		_, err := p.try("health", "")
		var failure *jsonrpc.Error
		require.ErrorAs(t, err, &failure)
		require.Equal(t, 2, srv.ToolRuns("health"))
	}

	srv, admin := startSandbox(t)
	srv.Inject(sandbox.Fault{Route: "/health", Kind: sandbox.FaultOversize, Size: 100, Status: http.StatusBadGateway})
	a := admin.get("/health")
	require.Equal(t, http.StatusBadGateway, a.status)
	require.Len(t, a.object()["data"], 100)
}

func TestMCPRedirectsAndDelays(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	session := admin.connect(legacy).session.ID()
	srv.Inject(sandbox.Fault{
		RPC: toolCall, Kind: sandbox.FaultRedirect, Location: "https://elsewhere.example/mcp",
		Times: 1,
	})
	a := admin.send(admin.rpc(session, healthCall))
	require.Equal(t, http.StatusTemporaryRedirect, a.status)
	require.Zero(t, srv.ToolRuns("health"))

	srv.Inject(sandbox.Fault{RPC: toolCall, Kind: sandbox.FaultDelay, Delay: 30 * time.Millisecond, Times: 1})
	begun := time.Now()
	require.Equal(t, http.StatusOK, admin.send(admin.rpc(session, healthCall)).status)
	require.GreaterOrEqual(t, time.Since(begun), 30*time.Millisecond)
	last := srv.Requests()[len(srv.Requests())-1]
	require.Equal(t, sandbox.FaultDelay, last.Fault)
	require.Equal(t, "tools/call health", last.RPC)
}

// The work that a fault holds back is done even if nobody waits for it any longer, as over REST.
func TestDelayedCallsRunForCallersWhoLeft(t *testing.T) {
	t.Parallel()
	for _, version := range generations {
		srv, admin := startSandbox(t)
		p := admin.connect(version)
		delay := srv.Inject(sandbox.Fault{RPC: toolCall, Kind: sandbox.FaultDelay, Delay: 100 * time.Millisecond, Times: 1})
		ctx, leave := context.WithCancel(t.Context())
		var calling sync.WaitGroup
		calling.Go(func() {
			args := json.RawMessage(createCall)
			_, err := p.session.CallTool(ctx, &mcp.CallToolParams{Name: "api_call", Arguments: args})
			if err == nil {
				t.Error("an answer although the caller left")
			}
		})
		require.Eventually(t, func() bool { return delay.Fired() == 1 }, soon, time.Millisecond)
		leave()
		calling.Wait()
		require.Eventually(t, func() bool { return srv.Effects(create) == 1 }, soon, time.Millisecond)
	}
}

// Events reach the caller while the tool is still running.
func TestMCPStreamsAreLive(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	tool := &mcp.Tool{Name: "progress", InputSchema: json.RawMessage(`{"type":"object"}`)}
	report := func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		err := req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: "p", Progress: 1})
		<-release
		return &mcp.CallToolResult{}, err
	}
	_, admin := startSandbox(t, sandbox.WithMCPTool(tool, report))
	session := admin.connect(legacy).session.ID()
	message := strings.Replace(healthCall, `"health"`, `"progress"`, 1)
	resp, err := admin.srv.HTTPClient().Do(admin.rpc(session, message))
	require.NoError(t, err)
	defer resp.Body.Close()
	first := make([]byte, 512)
	n, err := resp.Body.Read(first)
	require.NoError(t, err)
	require.Contains(t, string(first[:n]), "notifications/progress")
	close(release)
	rest, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Contains(t, string(rest), `"id":9`)
}
