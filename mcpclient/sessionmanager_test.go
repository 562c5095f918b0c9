package mcpclient_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// A host cannot slip a call past the guard by making it look like the next round of one.
func TestPretendedRoundIsGuarded(t *testing.T) {
	t.Parallel()
	srv := startSandbox(t)
	s := openAdminSession(t, srv, mcpclient.WithGuard(mcpclient.ReadOnly()))
	host := connectHost(t, s)
	_, err := host.CallTool(t.Context(), &mcp.CallToolParams{Name: "accept_tos", RequestState: "made up"})
	require.ErrorIs(t, err, mcpclient.ErrRefused)
	assert.Zero(t, srv.ToolRuns("accept_tos"))
}

// What a renewal runs into is not what the call has done: that was refused for want of a session.
func TestRenewalThatFails(t *testing.T) {
	t.Parallel()
	srv := startSandbox(t)
	s := openAdminSession(t, srv, mcpclient.WithProtocolVersion(mcpclient.ProtocolSessions))
	srv.DropSessions()
	fault := srv.Inject(sandbox.Fault{RPC: "initialize", Kind: sandbox.FaultResetAfter})
	_, err := mcpclient.CallTool[string](t.Context(), s, "accept_tos", nil)
	require.Error(t, err)
	require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
	fault.Remove()
	_, err = mcpclient.CallTool[string](t.Context(), s, "accept_tos", nil)
	require.NoError(t, err)
	assert.Equal(t, 1, srv.ToolRuns("accept_tos"))
}

// A hook that calls another session does so in that session, not in the one that is being made.
func TestHookCallsAnotherSession(t *testing.T) {
	t.Parallel()
	one, other := startSandbox(t), startSandbox(t)
	elsewhere := openAdminSession(t, other, mcpclient.WithProtocolVersion(mcpclient.ProtocolSessions))
	s := openAdminSession(t, one, mcpclient.WithProtocolVersion(mcpclient.ProtocolSessions),
		mcpclient.OnReconnect(func(ctx context.Context, _ mcpclient.Reconnection) error {
			_, err := elsewhere.Health(ctx)
			return err
		}))
	one.DropSessions()
	_, err := s.Health(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, other.Sessions())
	assert.Equal(t, 1, other.ToolRuns("health"))
}

// A server with sessions that has no stream of its own says so with 404, and loses no session over that.
func TestMissingStreamIsNoLostSession(t *testing.T) {
	t.Parallel()
	var opened, asked atomic.Int64
	gone := make(chan struct{}, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var m struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
		}
		_ = json.Unmarshal(body, &m)
		switch {
		case r.Method == http.MethodGet:
			asked.Add(1)
			w.WriteHeader(http.StatusNotFound)
			gone <- struct{}{}
		case m.Method == "initialize":
			opened.Add(1)
			w.Header().Set("Mcp-Session-Id", "one")
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":`+string(m.ID)+
				`,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}}`)
		case m.Method == "server/discover": // with a code that JSON-RPC does not have
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":`+string(m.ID)+`,"error":{"code":"METHOD_NOT_FOUND","message`+
				`":"no"}}`)
		case strings.HasPrefix(m.Method, "tools/"):
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":`+string(m.ID)+`,"result":{"content":[]}}`)
		default:
			w.WriteHeader(http.StatusAccepted)
		}
	}))
	t.Cleanup(srv.Close)
	token, err := client.ParseOpaqueToken("opaque-credential")
	require.NoError(t, err)
	c, err := client.New(client.WithEnvironment(client.BaseURL(srv.URL)), client.WithToken(token))
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	s, err := mcpclient.Connect(t.Context(), c, mcpclient.OnListChanged(func(context.Context, mcpclient.ChangedList) {}))
	require.NoError(t, err)
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		t.Fatal("the stream was not asked for")
	}
	_, err = mcpclient.CallTool[struct{}](t.Context(), s, "any", nil)
	require.NoError(t, err)
	require.NoError(t, s.Close(t.Context()))
	assert.EqualValues(t, 1, opened.Load())
	assert.EqualValues(t, 1, asked.Load())
}

// The subscription of the stateless protocol comes about though its first request fails.
func TestSubscriptionOutlivesItsFirstFailure(t *testing.T) {
	t.Parallel()
	srv := startSandbox(t)
	fault := srv.Inject(sandbox.Fault{RPC: "subscriptions/listen", Status: 503, Times: 1})
	c := connect(t, srv.URL(), srv.AdminToken(), client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	s := openSession(t, c, mcpclient.OnListChanged(func(context.Context, mcpclient.ChangedList) {}))
	require.Equal(t, mcpclient.ProtocolStateless, s.ProtocolVersion())
	require.Eventually(t, func() bool { return fault.Fired() == 1 && fault.Seen() >= 2 }, 5*time.Second,
		5*time.Millisecond)
}

// Another host gets the session's own set-up, the version of the protocol included.
func TestTransportKeepsTheProtocolVersion(t *testing.T) {
	t.Parallel()
	s := openAdminSession(t, startSandbox(t), mcpclient.WithProtocolVersion(mcpclient.ProtocolSessions))
	assert.Equal(t, mcpclient.ProtocolSessions, connectHost(t, s).InitializeResult().ProtocolVersion)
}

// A customer that cannot be switched to again does not lock the session: it can be switched to another, and until then
// no call acts for the wrong one.
func TestStateThatCannotBeRestored(t *testing.T) {
	t.Parallel()
	srv := startSandbox(t, sandbox.WithCustomers(1001, 1002))
	s := openAdminSession(t, srv, mcpclient.WithProtocolVersion(mcpclient.ProtocolSessions))
	require.NoError(t, s.SwitchCustomer(t.Context(), 1002))
	srv.DropSessions()
	for _, fault := range []sandbox.Fault{{Times: 1}, {After: 1, Times: 1}} { // both times that it is to be restored
		fault.RPC, fault.Status = "tools/call customer_switch", http.StatusForbidden
		srv.Inject(fault)
	}
	_, err := s.CurrentUser(t.Context())
	require.ErrorIs(t, err, client.ErrForbidden)
	require.NoError(t, s.SwitchCustomer(t.Context(), 1001))
	user, err := s.CurrentUser(t.Context())
	require.NoError(t, err)
	assert.Equal(t, client.ID("1001"), user.Customer.ID)
	assert.Equal(t, 1, srv.Sessions(), "those that came to nothing were ended")
}

// A call without a deadline has one all the same, whatever the server does.
func TestCallsWithoutADeadline(t *testing.T) {
	t.Parallel()
	srv := startSandbox(t)
	s := openAdminSession(t, srv, mcpclient.WithCallTimeout(50*time.Millisecond))
	srv.Inject(sandbox.Fault{RPC: "tools/list", Kind: sandbox.FaultDelay, Delay: time.Minute})
	_, err := s.ToolDefinitions(context.Background())
	require.ErrorIs(t, err, context.DeadlineExceeded)
}
