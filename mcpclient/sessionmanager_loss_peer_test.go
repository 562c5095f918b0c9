package mcpclient_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// refusal is a response by which a server may report a lost session.
type refusal struct {
	status int
	body   string // %s is the id of the request
	stream bool
}

func (r refusal) send(w http.ResponseWriter, id string) {
	body := strings.ReplaceAll(r.body, "%s", id)
	switch {
	case r.stream:
		w.Header().Set("Content-Type", typeEvents)
		body = "data: " + body + "\n\n"
	case strings.HasPrefix(body, "{"):
		w.Header().Set("Content-Type", typeJSON)
	}
	w.WriteHeader(r.status)
	_, _ = io.WriteString(w, body)
}

func rpcError(code int, message string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%%s,"error":{"code":%d,"message":%q}}`, code, message)
}

// TestLostSessionIsReplacedOnce, however the server reports the loss: the call succeeds in one new session.
func TestLostSessionIsReplacedOnce(t *testing.T) {
	t.Parallel()
	for _, r := range []refusal{
		{status: 400, body: "Bad Request: No valid session ID provided"},
		{status: 400, body: `{"error":"Unknown session"}`},
		{
			status: 400,
			body:   `{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: Server not initialized"}}`,
		},
		{status: 404},
		{status: 404, body: "Session not found"},
		{status: 404, body: `{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}`},
		{status: 409},
		{status: 409, body: "Session expired"},
		{status: 410},
		{status: 422},
		{status: 422, body: "Unexpected message, expect initialize request"},
		{status: 401, body: "Session not found"},
		{status: 500, body: "Session 5f0c not found"},
		{status: 200, body: rpcError(-32001, "Session not found")},
		{status: 200, body: rpcError(-32600, "Invalid session")},
		{status: 200, body: rpcError(-32602, "Session expired")},
		{status: 200, body: rpcError(-32002, "Server not initialized")},
		{status: 200, body: `{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}`},
		{status: 200, body: "[" + rpcError(-32001, "Session not found") + "]"},
		{status: 200, body: rpcError(-32001, "Session not found"), stream: true},
		{status: 200, body: `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"No valid session"}}`, stream: true},
	} {
		t.Run(fmt.Sprintf("%d %s", r.status, r.body), func(t *testing.T) {
			t.Parallel()
			for _, inStream := range []bool{false, true} {
				p := startPeer(t)
				var lost atomic.Int64
				p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
					if n == 1 {
						lost.Add(1)
						r.send(w, id)
						return
					}
					if inStream {
						say(w, "data: "+fine(id)+"\n\n")
						return
					}
					sayJSON(w, fine(id))
				}
				var told atomic.Int64
				s := p.connect(mcpclient.OnReconnect(func(_ context.Context, re mcpclient.Reconnection) error {
					told.Add(1)
					assert.Error(t, re.Cause)
					return nil
				}))
				got, err := mcpclient.CallTool[okay](t.Context(), s, toolLook, nil)
				require.NoError(t, err)
				assert.True(t, got.OK)
				if r.status != http.StatusInternalServerError { // which the client repeats by itself, once
					assert.Equal(t, 2, p.count("initialize"))
					assert.EqualValues(t, 1, told.Load())
				}
				_, err = mcpclient.CallTool[okay](t.Context(), s, toolLook, nil)
				require.NoError(t, err)
			}
		})
	}
}

// TestLostSessionOfACallThatActs: the loss is known before any work is done, so that what acts is called again, too.
func TestLostSessionOfACallThatActs(t *testing.T) {
	t.Parallel()
	for _, r := range []refusal{
		{status: 500, body: "Session 5f0c not found"},
		{status: 400, body: "Missing session ID"},
		{status: 200, body: rpcError(-32001, "Session not found")},
	} {
		p := startPeer(t)
		p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
			if n == 1 {
				r.send(w, id)
				return
			}
			sayJSON(w, fine(id))
		}
		s := p.connect()
		_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
		require.NoError(t, err, r)
		assert.Equal(t, 2, p.count("initialize"))
		assert.Equal(t, 2, p.count("tools/call"))
	}
}

// TestOwnErrorsOfToolsKeepTheSession although they have the status or the code of a lost session.
func TestOwnErrorsOfToolsKeepTheSession(t *testing.T) {
	t.Parallel()
	for _, r := range []refusal{
		{status: 400, body: `{"message":"budget must be positive"}`},
		{status: 404, body: `{"error":{"code":"NOT_FOUND","message":"Campaign 12 not found"}}`},
		{status: 404, body: rpcError(-32602, "Unknown tool: act")},
		{status: 409, body: `{"error":{"code":"CONFLICT","message":"A campaign of this name exists"}}`},
		{status: 422, body: `{"message":"budget must be positive"}`},
		{status: 401, body: "Your session has expired, please log in"},
		{status: 403, body: "Forbidden"},
		{status: 500, body: "Internal Server Error"},
		{status: 200, body: rpcError(-32602, "Invalid arguments: session_date is required")},
		{status: 200, body: rpcError(-32602, "Unknown tool: act")},
		{status: 200, body: rpcError(-32002, "Resource not found")},
		{status: 200, body: rpcError(-32001, "Request timed out")},
		{status: 200, body: rpcError(-32600, "Invalid Request"), stream: true},
	} {
		p := startPeer(t)
		p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) { r.send(w, id) }
		s := p.connect()
		_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
		var api *client.APIError
		require.ErrorAs(t, err, &api, r)
		assert.Equal(t, r.status, api.StatusCode)
		assert.Equal(t, 1, p.count("initialize"), r)
	}
}

// TestSessionLostAgainFails ends in an error after one new session, and repeating the call opens no more of them than
// the server asks for.
func TestSessionLostAgainFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		refusal
		sessions int // after three calls
		lost     bool
	}{
		{refusal{status: 404}, 2, false},
		{refusal{status: 409, body: "Conflict"}, 2, false},
		{refusal{status: 404, body: "Session not found"}, 4, true},
		{refusal{status: 200, body: rpcError(-32001, "Session not found")}, 4, true},
		{refusal{status: 200, body: rpcError(-32001, "Session not found"), stream: true}, 4, true},
	} {
		p := startPeer(t)
		p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) { tt.send(w, id) }
		s := p.connect()
		for n := range 3 {
			_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			require.Error(t, err)
			require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
			assert.Equal(t, tt.lost, errors.Is(err, mcpclient.ErrSessionLost), "%v", err)
			if n == 0 {
				assert.Equal(t, 2, p.count("initialize"), tt)
			}
		}
		assert.Equal(t, tt.sessions, p.count("initialize"), tt)
		require.NoError(t, s.Ping(t.Context()))
	}
}

// TestRefusedPongOpensNoSession: a response to the server's ping has no meaning in another session.
func TestRefusedPongOpensNoSession(t *testing.T) {
	t.Parallel()
	const pings = 3
	p := startPeer(t)
	var refused atomic.Int64
	answered := make(chan struct{}, pings)
	p.http.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			if strings.Contains(string(body), `"pong`) {
				refused.Add(1)
				w.WriteHeader(http.StatusNotFound)
				answered <- struct{}{}
				return
			}
		}
		p.serve(w, r)
	})
	p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) {
		for n := range pings {
			say(w, fmt.Sprintf("data: {\"jsonrpc\":\"2.0\",\"id\":\"pong%d\",\"method\":\"ping\"}\n\n", n))
			select {
			case <-answered:
			case <-time.After(soon):
				t.Error("the ping was not answered")
			}
		}
		say(w, "data: "+fine(id)+"\n\n")
	}
	s := p.connect()
	host, err := mcp.NewClient(&mcp.Implementation{Name: "host"}, nil).Connect(t.Context(), s.Transport(),
		&mcp.ClientSessionOptions{ProtocolVersion: withSessions})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, host.Close()) })
	_, err = host.CallTool(t.Context(), &mcp.CallToolParams{Name: toolAct})
	require.NoError(t, err)
	assert.EqualValues(t, pings, refused.Load())
	assert.Equal(t, 2, p.count("initialize"), "one each for the session and the host")
	require.NoError(t, host.Ping(t.Context(), nil))
}
