package mcpclient_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// TestFormsOfEvents: all that the standard allows a stream to look like.
func TestFormsOfEvents(t *testing.T) {
	t.Parallel()
	inLines := func(id string) string { return strings.ReplaceAll(fine(id), ",", ",\ndata: ") }
	for name, form := range map[string]func(id string) string{
		"CRLF":                 func(id string) string { return "event: message\r\ndata: " + fine(id) + "\r\n\r\n" },
		"BOM":                  func(id string) string { return "\xef\xbb\xbfdata: " + fine(id) + "\n\n" },
		"lines":                func(id string) string { return "data: " + inLines(id) + "\n\n" },
		"lines with CRLF":      func(id string) string { return strings.ReplaceAll("data: "+inLines(id)+"\n\n", "\n", "\r\n") },
		"comments":             func(id string) string { return ": one\n\n:\n:two\ndata: " + fine(id) + "\n: three\n\n" },
		"no space":             func(id string) string { return "data:" + fine(id) + "\n\n" },
		"no empty line":        func(id string) string { return "data: " + fine(id) + "\n" },
		"no line end":          func(id string) string { return "data: " + fine(id) },
		"fields to come":       func(id string) string { return "colour: red\nwhatever\ndata: " + fine(id) + "\n\n" },
		"other events":         func(id string) string { return "event: ping\ndata: {}\n\ndata: " + fine(id) + "\n\n" },
		"an id with NUL":       func(id string) string { return "id: a\x00b\ndata: " + fine(id) + "\n\n" },
		"a retry that is none": func(id string) string { return "retry: -1\nretry: soon\ndata: " + fine(id) + "\n\n" },
		"an id as a float":     func(id string) string { return "data: " + fine(id+".0") + "\n\n" },
		"messages before it":   func(id string) string { return "data: " + halfWay + "\n\ndata: " + fine(id) + "\n\n" },
		"an answer to another": func(id string) string { return "data: " + fine("999") + "\n\ndata: " + fine(id) + "\n\n" },
		"an answer of no id": func(id string) string {
			return "data: {\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{}}\n\ndata: " + fine(id) + "\n\n"
		},
		"invalid UTF-8": func(id string) string {
			return "data: " + strings.Replace(fine(id), `"text",`, "\"text\",\"x\":\"\xff\xfe\",", 1) + "\n\n"
		},
		"garbage of its own": func(id string) string {
			return "data: {\"jsonrpc\":\"2.0\",\"id\":[],\"method\":\"ping\"}\n\ndata: " + fine(id) + "\n\n"
		},
		"an id of another kind": func(id string) string { return "data: " + fine(`"`+id+`"`) + "\n\ndata: " + fine(id) + "\n\n" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t)
			p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) { say(w, form(id)) }
			p.bothWays(t, func(t *testing.T, err error) {
				t.Helper()
				require.NoError(t, err)
			})
		})
	}
}

// bothWays calls a tool in a session of this package and in one of the bare library on its transport, each twice: none of
// the calls may cost the session.
func (p *peer) bothWays(t *testing.T, check func(t *testing.T, err error)) {
	t.Helper()
	s := p.connect()
	host, err := mcp.NewClient(&mcp.Implementation{Name: "host"}, nil).Connect(t.Context(), s.Transport(),
		&mcp.ClientSessionOptions{ProtocolVersion: withSessions})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, host.Close()) })
	for range 2 {
		_, err = mcpclient.CallTool[mcpclient.Result](t.Context(), s, toolAct, nil)
		check(t, err)
		_, err = host.CallTool(t.Context(), &mcp.CallToolParams{Name: toolAct})
		check(t, err)
	}
	require.NoError(t, s.Ping(t.Context()))
	require.NoError(t, host.Ping(t.Context(), nil))
	require.Equal(t, 2, p.count("initialize"))
	require.Equal(t, 4, p.count("tools/call"), "what acts is not called again")
}

// TestAnswersThatAreNone: what a server says instead of an answer is the failure of the call, in a stream and without.
func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(id string) string{
		"no JSON":                 func(string) string { return `{not json` },
		"text":                    func(string) string { return `It works!` },
		"an empty batch":          func(string) string { return "[]" },
		"a batch for another":     func(string) string { return "[" + fine("999") + "]" },
		"two ids":                 func(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"id":` + id + `,"result":{}}` },
		"two results":             func(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"result":{},"result":{}}` },
		"no version":              func(id string) string { return `{"id":` + id + `,"result":{}}` },
		"nothing":                 func(id string) string { return `{"jsonrpc":"2.0","id":` + id + `}` },
		"an error that is text":   func(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"error":"no"}` },
		"a result that is text":   func(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"result":"yes"}` },
		"a code that is text":     func(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"error":{"code":"E","message":"m"}}` },
		"a code beyond 64 bits":   func(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"error":{"code":1e99,"message":"m"}}` },
		"a message that is none":  func(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"error":{"code":1,"message":[]}}` },
		"an error without an id":  func(string) string { return `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}` },
		"an error that is empty":  func(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"error":{}}` },
		"an answer without an id": func(string) string { return `{"jsonrpc":"2.0","id":null,"result":{}}` },
		"an answer to another":    func(string) string { return fine("999") },
		"a request of its own":    func(string) string { return `{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}` },
		"content that is no list": func(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"result":{"content":7}}` },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, inStream := range []bool{true, false} {
				p := newPeer(t)
				p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) {
					if inStream {
						say(w, "data: "+answer(id)+"\n\n")
						return
					}
					sayJSON(w, answer(id))
				}
				p.bothWays(t, func(t *testing.T, err error) {
					t.Helper()
					require.Error(t, err)
					require.Less(t, len(err.Error()), 2<<10)
				})
			}
		})
	}
}

// TestEventsThatAreTooLarge fail, and the session goes on.
func TestEventsThatAreTooLarge(t *testing.T) {
	t.Parallel()
	const limit = 64 << 10
	for _, inStream := range []bool{true, false} {
		p := newPeer(t)
		long := 0
		p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
			before, after, _ := strings.Cut(fine(id), `"}]`)
			frame := len("data: \n\n")
			if !inStream {
				frame = 0
			}
			text := before + strings.Repeat(" ", limit-frame-len(before)-len(`"}]`)-len(after)+long) + `"}]` + after
			if inStream {
				say(w, "data: "+text+"\n\n")
				return
			}
			sayJSON(w, text)
		}
		s := p.connect(mcpclient.WithMaxEvent(limit))
		_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
		require.NoError(t, err, "just as long as it may be")
		long = 1
		_, err = mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
		want := client.ErrBodyTooLarge
		if inStream {
			want = mcpclient.ErrEventTooLarge
		}
		require.ErrorIs(t, err, want)
		long = 16 << 20
		_, err = mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
		require.ErrorIs(t, err, want)
		long = -1
		_, err = mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
		require.NoError(t, err)
	}
}

// TestBrokenStreamsForOtherHosts: where the host has begun to read a stream, it is told of its end in the words of the
// protocol, and keeps its session.
func TestBrokenStreamsForOtherHosts(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
		if n%2 == 0 {
			say(w, "data: "+fine(id)+"\n\n")
			return
		}
		say(w, "data: "+halfWay+"\n\n")
	}
	s := p.connect()
	host, err := mcp.NewClient(&mcp.Implementation{Name: "host"}, nil).Connect(t.Context(), s.Transport(),
		&mcp.ClientSessionOptions{ProtocolVersion: withSessions})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, host.Close()) })
	_, err = host.CallTool(t.Context(), &mcp.CallToolParams{Name: toolAct})
	var told *jsonrpc.Error
	require.ErrorAs(t, err, &told)
	require.EqualValues(t, mcpclient.CodeTransport, told.Code)
	var data mcpclient.FailureData
	require.NoError(t, json.Unmarshal(told.Data, &data))
	require.Equal(t, mcpclient.FailureData{OutcomeUnknown: true}, data)
	_, err = host.CallTool(t.Context(), &mcp.CallToolParams{Name: toolAct})
	require.NoError(t, err)
	require.Equal(t, 2, p.count("initialize"))

	_, err = mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
	var broken *client.TransportError
	require.ErrorAs(t, err, &broken)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
}

// TestGarbageOnTheServersOwnStream costs what it says, and neither the stream nor the session.
func TestGarbageOnTheServersOwnStream(t *testing.T) {
	t.Parallel()
	p := newPeer(t)
	p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) { sayJSON(w, fine(id)) }
	garbage := []string{
		`{`, `[]`, `7`, `{"jsonrpc":"2.0","id":{},"method":"ping"}`, fine("1"), `{"jsonrpc":"2.0","id":null,"error":{"code":"E"}}`,
		`{"jsonrpc":"2.0","method":"notifications/unheard-of"}`, `{"jsonrpc":"2.0","method":"notifications/progress","params":[]}`,
	}
	told := make(chan mcpclient.ChangedList, 1)
	p.listen = func(w http.ResponseWriter, r *http.Request, n int) {
		say(w, "retry: 1\n\n")
		switch n {
		case 1:
			for _, one := range garbage {
				say(w, strings.Repeat("data: "+one+"\n\n", 7))
			}
			return
		case 2:
			say(w, "data: "+strings.Repeat("x", 70<<10)+"\n\n")
			return
		}
		say(w, "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n")
		<-r.Context().Done()
	}
	s := p.connect(mcpclient.WithMaxEvent(64<<10),
		mcpclient.OnListChanged(func(_ context.Context, list mcpclient.ChangedList) { told <- list }))
	select {
	case list := <-told:
		require.Equal(t, mcpclient.ChangedTools, list)
	case <-time.After(soon):
		t.Fatal("the stream was given up")
	}
	_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
	require.NoError(t, err)
	require.Equal(t, 1, p.count("initialize"))
}

// TestResumableStreamsOfThePlatform: a numbered stream that is cut costs nothing, not even a second run of what acts.
func TestResumableStreamsOfThePlatform(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandboxtest.Start(t, append(threeTools(), sandbox.WithMCPResumable())...))
	s := r.connect(mcpclient.WithProtocolVersion(withSessions))
	cut := r.srv.Inject(sandbox.Fault{RPC: "tools/call", Kind: sandbox.FaultTruncate, Times: 1})
	callers[0].works(t, r, s)
	require.Equal(t, 1, cut.Fired())
	requests := r.srv.Requests()
	last := requests[len(requests)-1]
	require.Equal(t, http.MethodGet, last.Method)
	require.NotEmpty(t, last.Header.Get("Last-Event-Id"))
}
