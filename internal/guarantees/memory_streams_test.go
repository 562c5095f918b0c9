package guarantees

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// streamBombs are event streams. Streams without a response to the call end with the context.
func streamBombs() []bomb {
	events := func(begin, unit string) func(http.ResponseWriter, *http.Request, rpc) {
		return func(w http.ResponseWriter, _ *http.Request, _ rpc) {
			w.Header().Set("Content-Type", "text/event-stream")
			text{begin, unit, ""}.writeTo(w, endless)
		}
	}
	long := strings.Repeat("x", 1<<20)
	var all []bomb
	for _, s := range []struct {
		name, begin, unit string
		endless           bool
	}{
		{"endless line", "data: ", "x", false},
		{"endless field name", "", "x", false},
		{"endless comment", ":", "x", false},
		{"comments", "", ": keep alive\n\n", true},
		{"comments without blank lines", "", ": keep alive\n", false},
		{"unknown fields", "", "x: y\n", false},
		{"blank lines", "", "\n", true},
		{"carriage returns", "", "\r\n", true},
		{"lines of one event", "", "data: x\n", false},
		{"empty lines of one event", "", "data\n", false},
		{"ids of one event", "", "id: %d\n", false},
		{"ids", "", "id: %d\n\n", true},
		{"long ids", "", "id: %d" + long + "\n\n", true},
		{"names", "", "event: %d\n\n", true},
		{"delays", "", "retry: %d\n\n", true},
		{"other events", "", "event: ping\ndata: x\n\n", true},
		{
			"notifications", "",
			`data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}` + "\n\n", true,
		},
		{
			"progress", "",
			`data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"get#1","progress":%d}}` +
				"\n\n", true,
		},
		{
			"long notifications", "",
			`data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"` + long + `"}}` + "\n\n",
			true,
		},
		{"list changes", "", `data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}` + "\n\n", true},
		{"pings", "", `data: {"jsonrpc":"2.0","id":%d,"method":"ping"}` + "\n\n", true},
		{"unknown requests", "", `data: {"jsonrpc":"2.0","id":%d,"method":"x"}` + "\n\n", true},
		{"responses to other calls", "", `data: {"jsonrpc":"2.0","id":1%d,"result":{}}` + "\n\n", true},
	} {
		all = append(all,
			bomb{
				name: "stream/" + s.name, serve: mcpServer("tools/call", events(s.begin, s.unit)),
				call: withSession(tool[node]), endless: s.endless,
			},
			bomb{name: "own stream/" + s.name, serve: mcpServer("GET", events(s.begin, s.unit)), call: withSession(untilEnd,
				mcpclient.OnListChanged(func(context.Context, mcpclient.ChangedList) {})), endless: true},
		)
	}
	return append(all,
		bomb{name: "stream/closes with a new id each time", serve: func(w http.ResponseWriter, r *http.Request) {
			once := func(w http.ResponseWriter, _ *http.Request, _ rpc) {
				w.Header().Set("Content-Type", "text/event-stream")
				_, _ = fmt.Fprintf(w, "retry: 0\nid: %p\ndata: \n\n", r)
			}
			if r.Method == http.MethodGet {
				once(w, r, rpc{})
				return
			}
			mcpServer("tools/call", once)(w, r)
		}, call: withSession(tool[node]), silent: true},
		bomb{name: "stream/silent", serve: mcpServer("tools/call", func(w http.ResponseWriter, r *http.Request, _ rpc) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = fmt.Fprint(w, ": \n\n")
			w.(http.Flusher).Flush()
			waits(w, r)
		}), call: withSession(tool[node]), silent: true},
	)
}

// untilEnd waits for the end of the context.
func untilEnd(ctx context.Context, _ *mcpclient.Session) error {
	<-ctx.Done()
	return ctx.Err()
}
