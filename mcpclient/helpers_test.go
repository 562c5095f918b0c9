package mcpclient_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
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

// The two generations of the protocol.
const (
	withSessions    = "2025-11-25"
	withoutSessions = "2026-07-28"
)

// soon limits the wait for an immediate event.
const soon = 10 * time.Second

// impatient repeats as the default does, but hardly waits.
var impatient = client.RetryPolicy{
	MaxAttempts: 3, BaseDelay: time.Millisecond, MaxBackoff: 5 * time.Millisecond,
	MaxDelay: 3 * time.Second,
}

// The tools of the tests' own: one that acts, one that only looks, and one that may act twice.
const (
	toolAct  = "act"
	toolLook = "look"
	toolPut  = "put"
)

type okay struct {
	OK bool `json:"ok"`
}

func saysOK(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: `{"ok":true}`}}}, nil
}

// tool is one of a test's own; what the server says of it is in the annotations.
func tool(name string, annotations *mcp.ToolAnnotations, handler mcp.ToolHandler) sandbox.Option {
	if handler == nil {
		handler = saysOK
	}
	t := &mcp.Tool{Name: name, InputSchema: json.RawMessage(`{"type":"object"}`), Annotations: annotations}
	return sandbox.WithMCPTool(t, handler)
}

func threeTools() []sandbox.Option {
	return []sandbox.Option{
		tool(toolAct, nil, nil),
		tool(toolLook, &mcp.ToolAnnotations{ReadOnlyHint: true}, nil),
		tool(toolPut, &mcp.ToolAnnotations{IdempotentHint: true}, nil),
	}
}

// wiretap is a transport that records the ids of sessions.
type wiretap struct {
	*http.Transport

	mu  sync.Mutex
	ids map[string]bool
}

func newWiretap() *wiretap {
	return &wiretap{Transport: client.NewTransport(), ids: make(map[string]bool)}
}

func (w *wiretap) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.Transport.RoundTrip(req)
	if resp != nil {
		if id := resp.Header.Get("Mcp-Session-Id"); id != "" {
			w.mu.Lock()
			w.ids[id] = true
			w.mu.Unlock()
		}
	}
	return resp, err
}

// sessions are the ids that were heard so far.
func (w *wiretap) sessions() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []string
	for id := range w.ids {
		ids = append(ids, id)
	}
	return ids
}

// rig is a sandbox and a client of it.
type rig struct {
	t      testing.TB
	srv    *sandbox.Server
	client *client.Client
	tap    *wiretap
}

func newRig(t testing.TB, srv *sandbox.Server, opts ...client.Option) *rig {
	t.Helper()
	token, err := client.ParseToken(srv.AdminToken())
	require.NoError(t, err)
	r := &rig{t: t, srv: srv, tap: newWiretap()}
	opts = append([]client.Option{
		client.WithEnvironment(client.BaseURL(srv.URL())), client.WithToken(token), client.WithTransport(r.tap),
		client.WithRetry(impatient), client.WithTimeout(soon),
	}, opts...)
	r.client, err = client.New(opts...)
	require.NoError(t, err)
	t.Cleanup(r.client.CloseIdleConnections)
	return r
}

func (r *rig) connect(opts ...mcpclient.Option) *mcpclient.Session {
	r.t.Helper()
	s, err := mcpclient.Connect(r.t.Context(), r.client, opts...)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { closeSession(r.t, s) })
	return s
}

// closeSession closes a session when its test is over, and with it the test's context.
func closeSession(t testing.TB, s *mcpclient.Session) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	assert.NoError(t, s.Close(ctx))
}

// presentable checks that an error can be shown to anybody: one short line without a secret or an address, in every
// form of printing.
func (r *rig) presentable(err error) {
	r.t.Helper()
	token, parseErr := client.ParseToken(r.srv.AdminToken())
	require.NoError(r.t, parseErr)
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
		assert.Less(r.t, len(text), 2<<10)
		assert.NotContains(r.t, text, "\n")
		assert.NotContains(r.t, text, token.RevealSecret())
		assert.NotContains(r.t, text, strings.TrimPrefix(r.srv.URL(), "http://"))
		for _, id := range r.tap.sessions() {
			assert.NotContains(r.t, text, id)
		}
	}
}

// count returns the number of requests of a method and message.
func count(srv *sandbox.Server, method, rpc string) (n int) {
	for _, req := range srv.Requests() {
		if req.Method == method && req.RPC == rpc {
			n++
		}
	}
	return n
}
