package guarantees

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// rpc is a request as an MCP server reads it.
type rpc struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params struct {
		Cursor string `json:"cursor"`
	} `json:"params"`
}

// mcpServer is an MCP endpoint that behaves well until the method is called.
func mcpServer(method string, serve func(w http.ResponseWriter, r *http.Request, call rpc)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && method == "GET" {
			serve(w, r, rpc{})
			return
		}
		if r.Method != http.MethodPost {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		var call rpc
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &call)
		switch {
		case call.Method == method:
			serve(w, r, call)
		case call.ID == nil:
			w.WriteHeader(http.StatusAccepted)
		case call.Method == "initialize":
			respond(w, call,
				`{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"bomb","version":"1"}}`)
		case call.Method == "tools/list":
			respond(w, call, `{"tools":[{"name":"get","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]}`)
		default:
			respond(w, call, `{}`)
		}
	}
}

func respond(w http.ResponseWriter, call rpc, result string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%s}`, call.ID, result)
}

// result sends a text of n bytes as the result of the call, as JSON or as an event.
func result(n int, events bool, b text) func(http.ResponseWriter, *http.Request, rpc) {
	return func(w http.ResponseWriter, r *http.Request, call rpc) {
		head, tail := fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":`, call.ID), `}`
		if events {
			head, tail = "data: "+head, tail+"\n\n"
		}
		message := text{head + b.head, b.unit, b.tail + tail}
		if events {
			w.Header().Set("Content-Type", "text/event-stream")
			message.writeTo(w, n)
			return
		}
		sends(200, n, message)(w, r)
	}
}

// withSession connects and makes a call. The bytes of the handshake do not count.
func withSession(call func(context.Context, *mcpclient.Session) error,
	opts ...mcpclient.Option,
) func(context.Context, *peer) error {
	return func(ctx context.Context, p *peer) error {
		p.transport.paused.Store(true)
		opts := append([]mcpclient.Option{mcpclient.WithProtocolVersion(mcpclient.ProtocolSessions)}, opts...)
		session, err := mcpclient.Connect(ctx, p.client, opts...)
		if err != nil {
			return err
		}
		defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
		p.transport.paused.Store(false)
		return call(ctx, session)
	}
}

func tool[T any](ctx context.Context, s *mcpclient.Session) error {
	_, err := mcpclient.CallTool[T](ctx, s, "get", nil)
	return err
}

func dispatch(ctx context.Context, s *mcpclient.Session) error {
	return s.Dispatch(ctx, "get", nil).Err
}

func definitions(ctx context.Context, s *mcpclient.Session) error {
	_, err := s.ToolDefinitions(ctx)
	return err
}

func toolNames(ctx context.Context, s *mcpclient.Session) error {
	_, err := s.ToolNames(ctx)
	return err
}

func connect(opts ...mcpclient.Option) func(context.Context, *peer) error {
	return func(ctx context.Context, p *peer) error {
		session, err := mcpclient.Connect(ctx, p.client, opts...)
		if err == nil {
			_ = session.Close(context.WithoutCancel(ctx))
		}
		return err
	}
}

// messageSize is below the limit of an event, so that the message is read.
const messageSize = size - 200<<10

func mcpBombs() []bomb {
	results := []struct {
		name string
		text text
	}{
		{"text", text{`{"content":[{"type":"text","text":"`, `x`, `"}]}`}},
		{"JSON in text", text{`{"content":[{"type":"text","text":"{\"id\":[`, `{},`, `{}]}"}]}`}},
		{"members in text", text{`{"content":[{"type":"text","text":"{\"id\":1`, `,\"%d\":0`, `}"}]}`}},
		{"structured", text{`{"structuredContent":{"id":"`, `x`, `"},"content":[]}`}},
		{"structured children", text{`{"structuredContent":{"children":[`, `{},`, `{}]}}`}},
		{"structured members", text{`{"structuredContent":{`, `"%d":0,`, `"":0}}`}},
		{"image", text{`{"content":[{"type":"image","mimeType":"image/png","data":"`, `AAAA`, `"}]}`}},
		{"resource", text{`{"content":[{"type":"resource","resource":{"blob":"`, `AAAA`, `"}}]}`}},
		{"blocks", text{`{"content":[`, `{},`, `{}]}`}},
		{"text blocks", text{`{"content":[`, `{"type":"text","text":"x"},`, `{}]}`}},
		{"escapes", text{`{"content":[{"type":"text","text":"`, `\u00e9`, `"}]}`}},
		{"deep", text{`{"structuredContent":`, `[`, ``}},
		{"error of a tool", text{`{"isError":true,"content":[{"type":"text","text":"`, `x`, `"}]}`}},
		{"issues of a tool", text{`{"isError":true,"structuredContent":{"error":{"details":{"issues":[`, `{},`, `{}]}}}}`}},
		{"requests for input", text{`{"inputRequests":{`, `"%d":{},`, `"":{}}}`}},
		{"members", text{`{`, `"%d":0,`, `"":0}`}},
		{"spaces", text{`{"content":[]`, ` `, `}`}},
	}
	var all []bomb
	for _, events := range []bool{false, true} {
		form := "JSON"
		if events {
			form = "events"
		}
		for _, r := range results {
			serve := mcpServer("tools/call", result(messageSize, events, r.text))
			all = append(all,
				newBomb("tool/"+form+"/"+r.name, serve, withSession(tool[node])),
				newBomb("tool as result/"+form+"/"+r.name, serve, withSession(tool[mcpclient.Result])),
			)
			if !events {
				all = append(all,
					newBomb("tool as text/"+r.name, serve, withSession(tool[string])),
					newBomb("tool as JSON/"+r.name, serve, withSession(tool[jsontext.Value])),
					newBomb("tool for a model/"+r.name, serve, withSession(dispatch)),
				)
			}
		}
		long := strings.Repeat("x", 64)
		for name, list := range map[string]text{
			"many tools": {
				`{"tools":[`, `{"name":"tool%d","inputSchema":{"type":"object"}},`,
				`{"name":"x","inputSchema":{"type":"object"}}]}`,
			},
			"100,000 tools": {
				`{"tools":[`,
				`{"name":"tool%d","description":"` + long + long + `","inputSchema":{"type":"object"}},`,
				`{"name":"x","inputSchema":{"type":"object"}}]}`,
			},
			"empty tools": {`{"tools":[`, `{},`, `{}]}`},
			"null tools":  {`{"tools":[`, `null,`, `null]}`},
			"names that collide": {
				`{"tools":[`, `{"name":"` + long + `.%d","inputSchema":{"type":"object"}},`,
				`{"name":"x","inputSchema":{"type":"object"}}]}`,
			},
			"long name": {`{"tools":[{"inputSchema":{"type":"object"},"name":"`, `x`, `"}]}`},
			"schema": {
				`{"tools":[{"name":"x","inputSchema":{"type":"object","properties":{`, `"%d":{},`,
				`"":{}}}}]}`,
			},
			"deep schema":      {`{"tools":[{"name":"x","inputSchema":{"a":`, `{"a":`, ``},
			"list in a schema": {`{"tools":[{"name":"x","inputSchema":{"type":"object","a":[`, `[],`, `[]]}}]}`},
			"long cursor":      {`{"tools":[],"nextCursor":"`, `x`, `"}`},
		} {
			serve := mcpServer("tools/list", result(messageSize, events, list))
			all = append(all, newBomb("tools/"+form+"/"+name, serve, withSession(definitions)))
			if !events {
				all = append(all,
					newBomb("tool names/"+name, serve, withSession(toolNames)),
					newBomb("unknown tool/"+name, serve, withSession(func(ctx context.Context, s *mcpclient.Session) error {
						return s.Dispatch(ctx, "y", nil).Err
					})),
				)
			}
		}
		for name, hello := range map[string]text{
			"instructions": {`{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"a","version":"1"},` +
				`"instructions":"`, `x`, `"}`},
			"capabilities": {`{"protocolVersion":"2025-11-25","serverInfo":{"name":"a","version":"1"},` +
				`"capabilities":{"experimental":{`, `"%d":{},`, `"":{}}}}`},
			"members": {
				`{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"a","version":"1"}`, `,"%d":{}`,
				`}`,
			},
			"version": {`{"capabilities":{},"serverInfo":{"name":"a","version":"1"},"protocolVersion":"`, `1`, `"}`},
			"deep":    {`{"protocolVersion":`, `[`, ``},
		} {
			for _, method := range []string{"initialize", "server/discover"} {
				var opts []mcpclient.Option
				if method == "initialize" {
					opts = append(opts, mcpclient.WithProtocolVersion(mcpclient.ProtocolSessions))
				}
				all = append(all,
					newBomb(method+"/"+form+"/"+name, mcpServer(method, result(messageSize, events, hello)), connect(opts...)))
			}
		}
		all = append(all,
			newBomb("endless pages of tools/"+form, mcpServer("tools/list", pages(events, 1)), withSession(definitions)),
			newBomb("endless pages of a thousand tools/"+form, mcpServer("tools/list", pages(events, 1000)),
				withSession(definitions)),
			newBomb("endless pages of names/"+form, mcpServer("tools/list", pages(events, 1000)), withSession(toolNames)),
			newBomb("endless pages of unknown tools/"+form, mcpServer("tools/list", pages(events, 1000)),
				withSession(tool[string])),
			newBomb("endless result/"+form, mcpServer("tools/call", result(endless, events, results[0].text)),
				withSession(tool[node])),
		)
	}
	return append(all,
		newBomb("tool/gzip", mcpServer("tools/call", func(w http.ResponseWriter, r *http.Request, _ rpc) {
			zipped("gzip", "application/json", 1)(w, r)
		}), withSession(tool[node])),
		newBomb("tool/error", mcpServer("tools/call", func(w http.ResponseWriter, r *http.Request, _ rpc) {
			sends(400, size, text{`{"jsonrpc":"2.0","error":{"code":1,"message":"`, "x", `"}}`})(w, r)
		}), withSession(tool[node])),
		newBomb("tool/error of JSON-RPC", mcpServer("tools/call", func(w http.ResponseWriter, r *http.Request, call rpc) {
			sends(200, messageSize,
				text{fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":1,"message":"`, call.ID), "x", `"}}`})(w, r)
		}), withSession(tool[node])),
		newBomb("tool/data of an error", mcpServer("tools/call", func(w http.ResponseWriter, r *http.Request, call rpc) {
			head := fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":1,"message":"m","data":[`, call.ID)
			sends(200, messageSize, text{head, "{},", `{}]}}`})(w, r)
		}), withSession(tool[node])),
		newBomb("session id", mcpServer("initialize", func(w http.ResponseWriter, _ *http.Request, call rpc) {
			w.Header().Set("Mcp-Session-Id", strings.Repeat("x", 1000<<10))
			respond(w, call, `{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"a","version":"1"}}`)
		}), connect(mcpclient.WithProtocolVersion(mcpclient.ProtocolSessions))),
	)
}

// pages sends an endless list of tools with new names and cursors.
func pages(events bool, tools int) func(http.ResponseWriter, *http.Request, rpc) {
	return func(w http.ResponseWriter, r *http.Request, call rpc) {
		var list strings.Builder
		for i := range tools {
			fmt.Fprintf(&list, `{"name":"tool%s-%d","inputSchema":{"type":"object"}},`, call.Params.Cursor, i)
		}
		page := fmt.Sprintf(`{"nextCursor":"%s","tools":[%s]}`, nextCursor(call.Params.Cursor),
			strings.TrimSuffix(list.String(), ","))
		result(0, events, text{page, "", ""})(w, r, call)
	}
}

func nextCursor(cursor string) string {
	var n int
	_, _ = fmt.Sscan(cursor, &n)
	return fmt.Sprint(n + 1)
}
