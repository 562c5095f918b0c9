package mcpclient_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// swappable is a server of the library's own, another of which can take its place.
type swappable struct {
	t       *testing.T
	http    *httptest.Server
	handler atomic.Pointer[http.Handler]
	server  atomic.Pointer[mcp.Server]
}

func startSwappable(t *testing.T, generation string) (s *swappable, swap func()) {
	t.Helper()
	s = &swappable{t: t}
	s.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
		r *http.Request,
	) {
		(*s.handler.Load()).ServeHTTP(w, r)
	}))
	end := func(server *mcp.Server) {
		if server == nil {
			return
		}
		for one := range server.Sessions() {
			_ = one.Close()
		}
		s.http.CloseClientConnections()
	}
	swap = func() {
		server := mcp.NewServer(&mcp.Implementation{Name: "lists"}, &mcp.ServerOptions{
			Capabilities: &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{ListChanged: true}},
		})
		var h http.Handler = mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server },
			&mcp.StreamableHTTPOptions{Stateless: generation == withoutSessions})
		s.handler.Store(&h)
		end(s.server.Swap(server))
	}
	swap()
	t.Cleanup(func() {
		end(s.server.Load())
		s.http.Close()
	})
	return s, swap
}

// TestListChanges are told while nothing is called, also by the server that takes the place of another.
func TestListChanges(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		t.Run(generation, func(t *testing.T) {
			t.Parallel()
			server, swap := startSwappable(t, generation)
			token, err := client.ParseOpaqueToken("canary-token")
			require.NoError(t, err)
			c, err := client.New(client.WithEnvironment(client.BaseURL(server.http.URL)), client.WithToken(token),
				client.WithRetry(impatient))
			require.NoError(t, err)
			t.Cleanup(c.CloseIdleConnections)
			var told atomic.Int64
			s, err := mcpclient.Connect(t.Context(), c, mcpclient.WithProtocolVersion(generation),
				mcpclient.OnListChanged(func(_ context.Context, list mcpclient.ChangedList) {
					if list == mcpclient.ChangedTools {
						told.Add(1)
					}
				}))
			require.NoError(t, err)
			t.Cleanup(func() { closeSession(t, s) })
			added := 0
			changes := func() {
				t.Helper()
				before := told.Load()
				require.Eventually(t, func() bool {
					added++
					server.server.Load().AddTool(&mcp.Tool{
						Name:        fmt.Sprint("t", added),
						InputSchema: json.RawMessage(`{"type":"object"}`),
					}, saysOK)
					return told.Load() > before
				}, soon, 20*time.Millisecond)
			}
			changes()
			for range 2 {
				swap()
				changes()
			}
			_, err = mcpclient.CallTool[okay](t.Context(), s, fmt.Sprint("t", added), nil)
			require.NoError(t, err)
		})
	}
}

// TestProgressAndElicitation: what a tool says and asks while it runs reaches the program, and the answer reaches the
// tool.
func TestProgressAndElicitation(t *testing.T) {
	t.Parallel()
	ask := &mcp.ElicitParams{
		Message:         "Spend it?",
		RequestedSchema: json.RawMessage(`{"type":"object","properties":{"yes":{"type":"boolean"}}}`),
	}
	report := func(ctx context.Context, req *mcp.CallToolRequest) error {
		return req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{
			ProgressToken: req.Params.GetProgressToken(), Progress: 1, Total: 2, Message: "half way",
		})
	}
	asking := map[string]mcp.ToolHandler{
		withSessions: func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			if err := report(ctx, req); err != nil {
				return nil, err
			}
			said, err := req.Session.Elicit(ctx, ask)
			if err != nil {
				return nil, err
			}
			return answered(said.Action), nil
		},
		withoutSessions: func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			if said, ok := req.Params.InputResponses["spend"].(*mcp.ElicitResult); ok {
				return answered(said.Action), nil
			}
			if err := report(ctx, req); err != nil {
				return nil, err
			}
			return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{"spend": ask}, RequestState: "half"}, nil
		},
	}
	for _, generation := range []string{withSessions, withoutSessions} {
		t.Run(generation, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, startSandbox(t, tool(toolAct, nil, asking[generation])))
			var progress []mcpclient.Progress
			var asked []string
			var mu sync.Mutex
			s := r.connect(mcpclient.WithProtocolVersion(generation),
				mcpclient.OnProgress(func(_ context.Context, p mcpclient.Progress) {
					mu.Lock()
					defer mu.Unlock()
					progress = append(progress, p)
				}),
				mcpclient.OnElicitation(func(_ context.Context, req *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
					mu.Lock()
					defer mu.Unlock()
					asked = append(asked, req.Params.Message)
					return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"yes": true}}, nil
				}))
			got, err := mcpclient.CallTool[string](t.Context(), s, toolAct, nil)
			require.NoError(t, err)
			require.Equal(t, "accept", got)
			mu.Lock()
			defer mu.Unlock()
			require.Equal(t, []string{"Spend it?"}, asked)
			require.Equal(t, []mcpclient.Progress{{Tool: toolAct, Call: 1, Done: 1, Total: 2, Message: "half way"}}, progress)
		})
	}
}

func answered(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}
}
