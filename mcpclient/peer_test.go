package mcpclient_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// peer is a server of the protocol with sessions that is made by hand, for what no library would send.
type peer struct {
	t         *testing.T
	http      *httptest.Server
	sessionID string
	// call answers tools/call: id is the JSON of the message's id, n counts from 1.
	call func(w http.ResponseWriter, r *http.Request, id string, n int)
	// list answers tools/list, and reports whether it did; n counts from 1.
	list func(w http.ResponseWriter, r *http.Request, n int) bool
	// listen answers GET.
	listen func(w http.ResponseWriter, r *http.Request, n int)

	// handle responds to messages by method, in place of the peer.
	handle map[string]func(w http.ResponseWriter, r *http.Request, id string)

	mu   sync.Mutex
	seen []string
	gets []string // what they named as the last event
}

func startPeer(t *testing.T) *peer {
	t.Helper()
	p := &peer{t: t, sessionID: "session-of-the-peer"}
	p.http = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(func() {
		p.http.CloseClientConnections()
		p.http.Close()
	})
	return p
}

func (p *peer) serve(w http.ResponseWriter, r *http.Request) {
	var m struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
	}
	if r.Method == http.MethodPost {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(body, &m)
		}
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	p.mu.Lock()
	p.seen = append(p.seen, m.Method)
	calls, lists := 0, 0
	for _, method := range p.seen {
		switch method {
		case "tools/call":
			calls++
		case "tools/list":
			lists++
		}
	}
	if r.Method == http.MethodGet {
		p.gets = append(p.gets, r.Header.Get("Last-Event-Id"))
	}
	gets := len(p.gets)
	p.mu.Unlock()
	switch handle := p.handle[m.Method]; {
	case handle != nil:
		handle(w, r, string(m.ID))
	case r.Method == http.MethodGet && p.listen != nil:
		p.listen(w, r, gets)
	case r.Method == http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case m.Method == "initialize":
		if p.sessionID != "" {
			w.Header().Set("Mcp-Session-Id", p.sessionID)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}}`+
			`,"serverInfo":{"name":"peer","version":"1"}}}`, m.ID)
	case m.Method == "tools/list" && p.list != nil && p.list(w, r, lists):
	case m.Method == "tools/list":
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{"tools":[`+
			`{"name":"act","inputSchema":{"type":"object"}},`+
			`{"name":"look","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]}}`, m.ID)
	case m.Method == "tools/call":
		p.call(w, r, string(m.ID), calls)
	case m.ID != nil:
		sayJSON(w, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{}}`, m.ID))
	default:
		w.WriteHeader(http.StatusAccepted)
	}
}

// methods are those of the messages that came, in order; a request without one is empty.
func (p *peer) methods() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.seen...)
}

func (p *peer) client(opts ...client.Option) *client.Client {
	p.t.Helper()
	token, err := client.ParseOpaqueToken("canary-token")
	require.NoError(p.t, err)
	c, err := client.New(append([]client.Option{
		client.WithEnvironment(client.BaseURL(p.http.URL)), client.WithToken(token), client.WithRetry(impatient),
	}, opts...)...)
	require.NoError(p.t, err)
	p.t.Cleanup(c.CloseIdleConnections)
	return c
}

func (p *peer) connect(opts ...mcpclient.Option) *mcpclient.Session {
	p.t.Helper()
	s, err := mcpclient.Connect(p.t.Context(), p.client(),
		append([]mcpclient.Option{mcpclient.WithProtocolVersion(withSessions)}, opts...)...)
	require.NoError(p.t, err)
	p.t.Cleanup(func() { closeSession(p.t, s) })
	return s
}

// say sends a part of an event stream, at once.
func say(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, text)
	_ = http.NewResponseController(w).Flush()
}

// sayJSON answers with JSON.
func sayJSON(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, text)
}

// fine is the answer that a call wants.
func fine(id string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"result":{"content":[{"type":"text","text":"{\"ok\":true}"}]}}`
}

const halfWay = `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}`

func (p *peer) count(method string) (n int) {
	for _, one := range p.methods() {
		if one == method {
			n++
		}
	}
	return n
}

// resumed are the events after which the streams that were opened again went on.
func (p *peer) resumed() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.gets...)
}
