package mcpclient_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// forgetful is a server of the protocol with sessions that notes what each of them was told.
type forgetful struct {
	*peer
	mu      sync.Mutex
	session int                 // the number of the present session
	lost    bool                // it is gone
	told    map[string][]string // the messages by the session's id
	refuse  map[string]string   // the error member of the responses to a URI
}

func startForgetful(t *testing.T) *forgetful {
	t.Helper()
	f := &forgetful{peer: startPeer(t), told: make(map[string][]string), refuse: make(map[string]string)}
	f.call = func(w http.ResponseWriter, r *http.Request, id string, _ int) { f.note(w, r, id, fine(id)) }
	f.handle = map[string]func(http.ResponseWriter, *http.Request, string){"initialize": f.begin}
	for _, method := range []string{"resources/subscribe", "resources/unsubscribe", "logging/setLevel"} {
		f.handle[method] = func(w http.ResponseWriter, r *http.Request, id string) {
			f.note(w, r, id, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{}}`, id))
		}
	}
	return f
}

func (f *forgetful) begin(w http.ResponseWriter, _ *http.Request, id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.session++
	f.lost = false
	w.Header().Set("Mcp-Session-Id", fmt.Sprint("s", f.session))
	sayJSON(w, `{"jsonrpc":"2.0","id":`+id+`,"result":{"protocolVersion":"2025-11-25",`+
		`"serverInfo":{"name":"f","version":"1"},"capabilities":{"tools":{},"logging":{},"resources":{"subscribe":true}}}}`)
}

// note answers a message and remembers it, unless the session is lost.
func (f *forgetful) note(w http.ResponseWriter, r *http.Request, id, answer string) {
	var m struct {
		Method string `json:"method"`
		Params struct {
			URI   string `json:"uri"`
			Level string `json:"level"`
			Name  string `json:"name"`
		} `json:"params"`
	}
	body, err := io.ReadAll(r.Body)
	assert.NoError(f.t, err)
	assert.NoError(f.t, json.Unmarshal(body, &m))
	f.mu.Lock()
	defer f.mu.Unlock()
	session := r.Header.Get("Mcp-Session-Id")
	if f.lost || session != fmt.Sprint("s", f.session) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	about := m.Params.URI + m.Params.Level + m.Params.Name
	f.told[session] = append(f.told[session], m.Method+" "+about)
	if refusal := f.refuse[about]; refusal != "" {
		answer = fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":%s}`, id, refusal)
	}
	sayJSON(w, answer)
}

func (f *forgetful) lose() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lost = true
}

func (f *forgetful) messages(session string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.told[session])
}

func TestSubscriptionsAndLogLevelAreRestored(t *testing.T) {
	t.Parallel()
	f := startForgetful(t)
	host := connectHost(t, f.connect())
	ctx := t.Context()
	first := fmt.Sprint("s", f.session)
	for _, uri := range []string{"file:///b", "file:///a", "file:///gone", "file:///unsubscribed"} {
		require.NoError(t, host.Subscribe(ctx, &mcp.SubscribeParams{URI: uri}))
	}
	require.NoError(t, host.Unsubscribe(ctx, &mcp.UnsubscribeParams{URI: "file:///unsubscribed"}))
	//nolint:staticcheck // hosts use it until it is gone
	require.NoError(t, host.SetLoggingLevel(ctx, &mcp.SetLoggingLevelParams{Level: "debug"}))
	//nolint:staticcheck // hosts use it until it is gone
	require.NoError(t, host.SetLoggingLevel(ctx, &mcp.SetLoggingLevelParams{Level: "warning"}))
	require.Len(t, f.messages(first), 7)

	f.refuse["file:///gone"] = `{"code":-32002,"message":"not found"}`
	f.refuse["file:///never"] = `{"code":-32002,"message":"not found"}`
	require.Error(t, host.Subscribe(ctx, &mcp.SubscribeParams{URI: "file:///never"}))
	for range 2 {
		f.lose()
		_, err := host.CallTool(ctx, &mcp.CallToolParams{Name: toolAct})
		require.NoError(t, err)
		require.Equal(t, []string{
			"logging/setLevel warning", "resources/subscribe file:///a", "resources/subscribe file:///b",
			"resources/subscribe file:///gone", "tools/call act",
		}, f.messages(fmt.Sprint("s", f.session)))
	}
	f.lose()
	require.NoError(t, host.Unsubscribe(ctx, &mcp.UnsubscribeParams{URI: "file:///a"}))
	f.lose()
	_, err := host.CallTool(ctx, &mcp.CallToolParams{Name: toolAct})
	require.NoError(t, err)
	require.NotContains(t, f.messages(fmt.Sprint("s", f.session)), "resources/subscribe file:///a")
}
