package mcpclient_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

const initializeMessage = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",` +
	`"capabilities":{},"clientInfo":{"name":"plain","version":"1"}}}`

// plainHost speaks MCP with nothing but an http.Client.
type plainHost struct {
	t        *testing.T
	http     *http.Client
	endpoint string
}

func newPlainHost(t *testing.T, srv *sandbox.Server, opts ...mcpclient.Option) *plainHost {
	t.Helper()
	c := connect(t, srv.URL(), srv.AdminToken())
	rt, err := mcpclient.NewRoundTripper(c, opts...)
	require.NoError(t, err)
	return &plainHost{t, &http.Client{Transport: rt}, c.BaseURL() + string(client.MountMCPBuyer)}
}

// do sends a request and returns the header and the first JSON-RPC message of the response.
func (h *plainHost) do(method, url, body string) (http.Header, string, error) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, url, strings.NewReader(body))
	require.NoError(h.t, err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := h.http.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(h.t, err)
	text := string(raw)
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		_, text, _ = strings.Cut(text, "data: ")
		text, _, _ = strings.Cut(text, "\n")
	}
	assert.Same(h.t, req, resp.Request)
	return resp.Header, text, nil
}

func (h *plainHost) post(body string) (http.Header, string, error) {
	return h.do(http.MethodPost, h.endpoint, body)
}

func TestRoundTripperForPlainHosts(t *testing.T) {
	t.Parallel()
	srv := startSandbox(t)
	h := newPlainHost(t, srv)
	header, text, err := h.post(initializeMessage)
	require.NoError(t, err)
	assert.Equal(t, "session", header.Get("Mcp-Session-Id"), "the real id stays inside")
	assert.Contains(t, text, `"serverInfo"`)
	_, _, err = h.post(`{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	require.NoError(t, err)

	// A read is retried, and a lost session is opened again.
	defer srv.Inject(sandbox.Fault{RPC: "tools/list", Status: 503, Times: 1}).Remove()
	_, text, err = h.post(`{"jsonrpc":"2.0","id":2,"method":"tools/list"}`)
	require.NoError(t, err)
	var list struct {
		ID     int
		Result struct{ Tools []struct{ Name string } }
	}
	require.NoError(t, json.Unmarshal([]byte(text), &list))
	assert.Equal(t, 2, list.ID)
	assert.NotEmpty(t, list.Result.Tools)
	assert.Equal(t, 1, srv.DropSessions())
	_, text, err = h.post(`{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"health","arguments":{}}}`)
	require.NoError(t, err)
	assert.Contains(t, text, `"result"`)

	// An HTTP failure is an error, with all that a REST call would report.
	defer srv.Inject(sandbox.Fault{RPC: "tools/call health", Status: 403, Times: 1}).Remove()
	_, _, err = h.post(`{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"health","arguments":{}}}`)
	var api *client.APIError
	require.ErrorAs(t, err, &api)
	require.ErrorIs(t, err, client.ErrForbidden)

	_, _, err = h.do(http.MethodDelete, h.endpoint, "")
	require.NoError(t, err)
	_, _, err = h.post(`{"jsonrpc":"2.0","id":5,"method":"tools/list"}`)
	require.ErrorIs(t, err, mcpclient.ErrClosed)
}

func TestRoundTripperSendsNothingElsewhere(t *testing.T) {
	t.Parallel()
	srv := startSandbox(t)
	h := newPlainHost(t, srv, mcpclient.WithGuard(mcpclient.ReadOnly()))
	for _, url := range []string{
		"https://other.example" + string(client.MountMCPBuyer), srv.URL() + "/mcp/other", h.endpoint + "?x=1",
	} {
		_, _, err := h.do(http.MethodPost, url, initializeMessage)
		require.ErrorContains(t, err, "not for the MCP endpoint", url)
	}
	_, _, err := h.do(http.MethodPut, h.endpoint, initializeMessage)
	require.ErrorContains(t, err, "must be POST, GET or DELETE")
	_, _, err = h.post(`[` + initializeMessage + `]`)
	require.ErrorContains(t, err, "not a JSON-RPC message")
	_, _, err = h.post(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"accept_tos"}}`)
	require.ErrorIs(t, err, mcpclient.ErrRefused)
	assert.Empty(t, srv.Requests())
	_, err = mcpclient.NewRoundTripper(nil)
	require.ErrorContains(t, err, "needs a client")
}
