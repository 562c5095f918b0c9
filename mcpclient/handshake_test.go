package mcpclient_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// intercept lets handle respond to the messages of a method.
func (p *peer) intercept(method string, handle func(w http.ResponseWriter, r *http.Request, id string)) {
	if p.handle == nil {
		p.handle = make(map[string]func(http.ResponseWriter, *http.Request, string))
	}
	p.handle[method] = handle
}

// stayQuiet does not answer a request before its client gives up.
func stayQuiet(_ http.ResponseWriter, r *http.Request, _ string) { <-r.Context().Done() }

// closeUnanswered closes the connection without a response.
func closeUnanswered(w http.ResponseWriter, _ *http.Request, _ string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// TestConnectFallsBackToInitialize if the server does not answer what only the newest protocol knows.
func TestConnectFallsBackToInitialize(t *testing.T) {
	t.Parallel()
	for name, discover := range map[string]func(w http.ResponseWriter, r *http.Request, id string){
		"silence": stayQuiet,
		"closed":  closeUnanswered,
		"silent stream": func(w http.ResponseWriter, r *http.Request, id string) {
			say(w, ": hello\n\n")
			stayQuiet(w, r, id)
		},
		"pings only": func(w http.ResponseWriter, r *http.Request, _ string) { pingOnly(w, r) },
		"silent body": func(w http.ResponseWriter, r *http.Request, id string) {
			sayJSON(w, " ")
			flush(w)
			stayQuiet(w, r, id)
		},
		"a page":           func(w http.ResponseWriter, _ *http.Request, _ string) { sayAs(w, "text/html", "<p>hello") },
		"an empty success": func(http.ResponseWriter, *http.Request, string) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startPeer(t)
			p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) { sayJSON(w, fine(id)) }
			p.intercept("server/discover", discover)
			s, err := mcpclient.Connect(t.Context(), p.client(), mcpclient.WithConnectTimeout(3*time.Second))
			require.NoError(t, err)
			t.Cleanup(func() { closeSession(t, s) })
			require.Equal(t, withSessions, s.ProtocolVersion())
			_, err = mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			require.NoError(t, err)
		})
	}
}

func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

// pingOnly sends heartbeats until the client goes away.
func pingOnly(w http.ResponseWriter, r *http.Request) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for r.Context().Err() == nil {
		say(w, ": ping\n\ndata: {\"type\":\"ping\"}\n\n")
		<-tick.C
	}
}

// TestConnectIsLimited although the context has no deadline, whatever the server keeps quiet about.
func TestConnectIsLimited(t *testing.T) {
	t.Parallel()
	for name, initialize := range map[string]func(w http.ResponseWriter, r *http.Request, id string){
		"silence":    stayQuiet,
		"pings only": func(w http.ResponseWriter, r *http.Request, _ string) { pingOnly(w, r) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startPeer(t)
			p.intercept("initialize", initialize)
			_, err := mcpclient.Connect(context.Background(), p.client(), mcpclient.WithConnectTimeout(200*time.Millisecond))
			require.ErrorIs(t, err, context.DeadlineExceeded)
			var failed *client.TransportError
			require.ErrorAs(t, err, &failed)
			require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
			require.NotContains(t, err.Error(), "\n")
		})
	}
	_, err := mcpclient.Connect(t.Context(), startPeer(t).client(), mcpclient.WithConnectTimeout(0))
	require.ErrorContains(t, err, "must be positive")
	_, err = mcpclient.Connect(t.Context(), startPeer(t).client(), mcpclient.WithStreamIdle(-1))
	require.ErrorContains(t, err, "must not be negative")
}

// TestInitializedMayFail: a session works although the server refuses or ignores the notification.
func TestInitializedMayFail(t *testing.T) {
	t.Parallel()
	for name, initialized := range map[string]func(w http.ResponseWriter, r *http.Request, id string){
		"400":       func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(http.StatusBadRequest) },
		"403":       func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(http.StatusForbidden) },
		"404":       func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(http.StatusNotFound) },
		"405":       func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(http.StatusMethodNotAllowed) },
		"500":       func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(http.StatusInternalServerError) },
		"an error":  func(w http.ResponseWriter, _ *http.Request, _ string) { sayJSON(w, `{"error":"no"}`) },
		"a silence": stayQuiet,
		"a hang-up": closeUnanswered,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startPeer(t)
			p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
				if n == 2 {
					w.WriteHeader(http.StatusNotFound) // the new session has the same trouble
					return
				}
				sayJSON(w, fine(id))
			}
			p.intercept("notifications/initialized", initialized)
			s := p.connect(mcpclient.WithConnectTimeout(3 * time.Second))
			for range 2 {
				_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
				require.NoError(t, err)
			}
			require.Equal(t, 2, p.count("initialize"))
		})
	}
}

// TestQuietStreamsEnd if they belong to a call, and not if they carry what the server says by itself.
func TestQuietStreamsEnd(t *testing.T) {
	t.Parallel()
	for name, quiet := range map[string]func(w http.ResponseWriter, r *http.Request){
		"silence": func(w http.ResponseWriter, r *http.Request) {
			say(w, ": hello\n\n")
			<-r.Context().Done()
		},
		"pings": pingOnly,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startPeer(t)
			p.call = func(w http.ResponseWriter, r *http.Request, id string, n int) {
				if n > 1 {
					say(w, "data: "+fine(id)+"\n\n")
					return
				}
				quiet(w, r)
			}
			told := make(chan struct{})
			p.listen = func(w http.ResponseWriter, r *http.Request, _ int) {
				say(w, ": hello\n\n")
				select { // until long after the limit
				case <-told:
				case <-r.Context().Done():
					return
				}
				say(w, "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n")
				<-r.Context().Done()
			}
			heard := make(chan struct{}, 1)
			s := p.connect(mcpclient.WithStreamIdle(50*time.Millisecond),
				mcpclient.OnListChanged(func(context.Context, mcpclient.ChangedList) { heard <- struct{}{} }))
			_, err := mcpclient.CallTool[okay](context.Background(), s, toolAct, nil)
			require.ErrorIs(t, err, client.ErrOutcomeUnknown)
			require.ErrorContains(t, err, "no message")
			_, err = mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			require.NoError(t, err)
			close(told)
			select {
			case <-heard:
			case <-time.After(soon):
				t.Fatal("the server's own stream was ended")
			}
			require.Len(t, p.resumed(), 1)
		})
	}
}

// defects collects what the hooks are told.
type defects struct {
	client.Hooks
	found chan client.Defect
}

func (d defects) AttemptDone(context.Context, client.Attempt)         {}
func (d defects) DefectFound(_ context.Context, defect client.Defect) { d.found <- defect }

// TestMalformedInitializeConnects: one malformed member costs that member.
func TestMalformedInitializeConnects(t *testing.T) {
	t.Parallel()
	const info = `"protocolVersion":"2025-11-25","serverInfo":{"name":"peer","version":"1"}`
	const about = `"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":`
	for members, field := range map[string]string{
		info + `,"capabilities":[]`:                                              "capabilities",
		info + `,"capabilities":{"tools":[]}`:                                    "capabilities.tools",
		info + `,"capabilities":{"tools":true}`:                                  "capabilities.tools",
		info + `,"capabilities":{"experimental":[],"tools":{}}`:                  "capabilities.experimental",
		info + `,"capabilities":{},"_meta":[]`:                                   "_meta",
		info + `,"capabilities":{},"instructions":["a","b"]`:                     "instructions",
		about + `{"name":"peer","version":1.5}`:                                  "serverInfo.version",
		about + `{"name":"p","icons":"https://x/"}`:                              "serverInfo.icons",
		`"protocolVersion":20251125,"capabilities":{},"serverInfo":{"name":"p"}`: "protocolVersion",
		about + `"peer"`: "serverInfo",
	} {
		for _, inStream := range []bool{false, true} {
			p := startPeer(t)
			p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) { sayJSON(w, fine(id)) }
			p.intercept("initialize", func(w http.ResponseWriter, _ *http.Request, id string) {
				body := result(id, "{"+members+"}")
				if inStream {
					say(w, "data: "+body+"\n\n")
					return
				}
				sayJSON(w, body)
			})
			d := defects{found: make(chan client.Defect, 10)}
			s, err := mcpclient.Connect(t.Context(), p.client(client.WithHooks(d)), mcpclient.WithProtocolVersion(withSessions))
			require.NoError(t, err, members)
			_, err = mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			require.NoError(t, err, members)
			closeSession(t, s)
			close(d.found)
			assert.Equal(t, client.Defect{Operation: "initialize", Field: field}, <-d.found)
			assert.Empty(t, d.found, members)
		}
	}
}

// TestMalformedToolIsLeftOut, the others are listed, and the defect is reported once.
func TestMalformedToolIsLeftOut(t *testing.T) {
	t.Parallel()
	const good = `{"name":"look","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}`
	broken := func(member string) string { return `{"name":"bad","inputSchema":{"type":"object"},` + member + `}` }
	for _, tt := range []struct {
		page  string
		names []string
		field string
	}{
		{`"tools":[` + broken(`"annotations":"x"`) + `,` + good + `]`, []string{"look"}, "annotations"},
		{`"tools":[` + broken(`"description":7`) + `,` + good + `]`, []string{"look"}, "description"},
		{`"tools":[` + broken(`"title":{}`) + `,` + good + `]`, []string{"look"}, "title"},
		{`"tools":[` + broken(`"_meta":7`) + `,` + good + `]`, []string{"look"}, "_meta"},
		{`"tools":[` + broken(`"icons":"x"`) + `,` + good + `]`, []string{"look"}, "icons"},
		{
			`"tools":[` + broken(`"annotations":{"readOnlyHint":"yes"}`) + `,` + good + `]`,
			[]string{"bad", "look"},
			"annotations.readOnlyHint",
		},
		{`"tools":[` + broken(`"annotations":[]`) + `,` + good + `]`, []string{"bad", "look"}, "annotations"},
		{`"tools":[` + good + `],"ttlMs":"soon"`, []string{"look"}, "ttlMs"},
		{`"tools":{}`, nil, "tools"},
	} {
		p := startPeer(t)
		p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
			if n == 1 {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			sayJSON(w, fine(id))
		}
		p.intercept("tools/list", func(w http.ResponseWriter, _ *http.Request, id string) {
			sayJSON(w, result(id,
				"{"+tt.page+"}"))
		})
		d := defects{found: make(chan client.Defect, 10)}
		s, err := mcpclient.Connect(t.Context(), p.client(client.WithHooks(d)), mcpclient.WithProtocolVersion(withSessions))
		require.NoError(t, err)
		for range 2 {
			names, err := s.ToolNames(t.Context())
			require.NoError(t, err, tt.page)
			assert.Equal(t, tt.names, names, tt.page)
		}
		found := <-d.found
		assert.Equal(t, tt.field, found.Field)
		assert.Equal(t, "tools/list", found.Operation)
		assert.Empty(t, d.found, "reported once")
		_, err = mcpclient.CallTool[okay](t.Context(), s, "bad", nil)
		require.ErrorIs(t, err, client.ErrOutcomeUnknown, "a hint of the wrong type allows nothing: %s", tt.page)
		closeSession(t, s)
	}
}

// TestMalformedListsOfOtherKinds are read as far as they can be, by this package and by other hosts.
func TestMalformedListsOfOtherKinds(t *testing.T) {
	t.Parallel()
	p := startPeer(t)
	p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) {
		sayJSON(w, result(id,
			`{"content":[{"type":"image","data":7,"mimeType":"a/b"},{"type":"text","text":"ok","annotations":"x"}],"_meta":[]}`))
	}
	for method, value := range map[string]string{
		"resources/list":           `{"resources":[{"uri":"a:1","name":"n","size":"x"},{"uri":"a:2","name":"n"}]}`,
		"resources/templates/list": `{"resourceTemplates":[{"uriTemplate":"a:{b}","name":"n"},7]}`,
		"prompts/list":             `{"prompts":[{"name":"p","title":7},{"name":"q"}]}`,
		"prompts/get":              `{"messages":[{"role":"user","content":["a","b"]}]}`,
		"resources/read":           `{"contents":{"uri":"a:1","text":7}}`,
		"ping":                     `[]`,
	} {
		p.intercept(method, func(w http.ResponseWriter, _ *http.Request, id string) { sayJSON(w, result(id, value)) })
	}
	p.intercept("initialize", func(w http.ResponseWriter, _ *http.Request, id string) {
		sayJSON(w, result(id,
			`{"protocolVersion":"2025-11-25","capabilities":{"resources":{},"prompts":true},"serverInfo":{"name":"peer"}}`))
	})
	s := p.connect()
	host, err := mcp.NewClient(&mcp.Implementation{Name: "host"}, nil).Connect(t.Context(), s.Transport(),
		&mcp.ClientSessionOptions{ProtocolVersion: withSessions})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, host.Close()) })
	require.NoError(t, host.Ping(t.Context(), nil))
	var uris, prompts []string
	for r, err := range s.Resources(t.Context()) {
		require.NoError(t, err)
		uris = append(uris, r.URI)
	}
	assert.Equal(t, []string{"a:2"}, uris)
	for one, err := range s.Prompts(t.Context()) {
		require.NoError(t, err)
		prompts = append(prompts, one.Name)
	}
	assert.Equal(t, []string{"q"}, prompts)
	templates, err := host.ListResourceTemplates(t.Context(), nil)
	require.NoError(t, err)
	assert.Len(t, templates.ResourceTemplates, 1)
	filled, err := s.GetPrompt(t.Context(), "q", nil)
	require.NoError(t, err)
	assert.Len(t, filled.Messages, 2)
	read, err := s.ReadResource(t.Context(), "a:1")
	require.NoError(t, err)
	require.Len(t, read.Contents, 1)
	assert.Equal(t, "7", read.Contents[0].Text)
	called, err := host.CallTool(t.Context(), &mcp.CallToolParams{Name: toolAct})
	require.NoError(t, err)
	assert.Len(t, called.Content, 2)
	text, err := mcpclient.CallTool[string](t.Context(), s, toolAct, nil)
	require.NoError(t, err)
	assert.Equal(t, "ok", text)
}
