package mcpclient_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// progressToken returns the token that a tools/call names.
func progressToken(t *testing.T, r *http.Request) string {
	t.Helper()
	var m struct {
		Params struct {
			Meta struct {
				Token string `json:"progressToken"`
			} `json:"_meta"`
		} `json:"params"`
	}
	body, err := io.ReadAll(r.Body)
	assert.NoError(t, err)
	assert.NoError(t, json.Unmarshal(body, &m))
	return m.Params.Meta.Token
}

// progressEvent is an event about a call.
func progressEvent(token string, done int) string {
	const form = `data: {"jsonrpc":"2.0","method":"notifications/progress",` +
		`"params":{"progressToken":%q,"progress":%d,"message":%q}}`
	return fmt.Sprintf(form, token, done, token) + "\n\n"
}

// reports is a list of reports.
type reports struct {
	mu  sync.Mutex
	all []mcpclient.Progress
}

func (r *reports) add(p mcpclient.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, p)
}

func (r *reports) list() []mcpclient.Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]mcpclient.Progress(nil), r.all...)
}

type callName struct{}

func TestProgressIsReportedPerCall(t *testing.T) {
	t.Parallel()
	const calls, steps = 8, 5
	p := startPeer(t)
	p.call = func(w http.ResponseWriter, r *http.Request, id string, _ int) {
		token := progressToken(t, r)
		for i := range steps {
			say(w, progressEvent(token, i+1))
		}
		say(w, "data: "+fine(id)+"\n\n")
	}
	var all sync.Map // name of the call by its number
	s := p.connect(mcpclient.OnProgress(func(ctx context.Context, p mcpclient.Progress) {
		name, known := all.LoadOrStore(p.Call, ctx.Value(callName{}))
		if known {
			assert.Equal(t, name, ctx.Value(callName{}), "the context is the call's")
		}
	}))
	var running sync.WaitGroup
	for i := range calls {
		running.Go(func() {
			var own reports
			ctx := context.WithValue(t.Context(), callName{}, i)
			_, err := mcpclient.CallTool[okay](mcpclient.WithProgress(ctx, own.add), s, toolAct, nil)
			assert.NoError(t, err)
			seen := own.list()
			if assert.Len(t, seen, steps, "all is reported before the call returns") {
				for n, report := range seen {
					assert.Equal(t, mcpclient.Progress{
						Tool: toolAct, Call: seen[0].Call, Done: float64(n + 1), Message: seen[0].Message,
					}, report)
				}
			}
		})
	}
	running.Wait()
	count := 0
	all.Range(func(any, any) bool { count++; return true })
	assert.Equal(t, calls, count)
}

func TestProgressIsNotReportedAfterTheCall(t *testing.T) {
	t.Parallel()
	p := startPeer(t)
	tokens := make(chan string, 1)
	returned := make(chan struct{})
	p.call = func(w http.ResponseWriter, r *http.Request, id string, _ int) {
		token := progressToken(t, r)
		say(w, progressEvent(token, 1)+"data: "+fine(id)+"\n\n"+progressEvent(token, 2))
		tokens <- token
	}
	p.listen = func(w http.ResponseWriter, r *http.Request, _ int) {
		say(w, ": open\n\n")
		select {
		case <-returned:
			say(w, progressEvent(<-tokens, 3))
			say(w, `data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}`+"\n\n")
		case <-r.Context().Done():
		}
		<-r.Context().Done()
	}
	p.handle = map[string]func(http.ResponseWriter, *http.Request, string){
		"initialize": func(w http.ResponseWriter, _ *http.Request, id string) {
			w.Header().Set("Mcp-Session-Id", p.sessionID)
			sayJSON(w, `{"jsonrpc":"2.0","id":`+id+`,"result":{"protocolVersion":"2025-11-25",`+
				`"capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"peer","version":"1"}}}`)
		},
	}
	var seen reports
	changed := make(chan struct{}, 16)
	s := p.connect(
		mcpclient.OnProgress(func(_ context.Context, p mcpclient.Progress) { seen.add(p) }),
		mcpclient.OnListChanged(func(context.Context, mcpclient.ChangedList) { changed <- struct{}{} }),
	)
	_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
	require.NoError(t, err)
	require.Len(t, seen.list(), 1)
	close(returned)
	<-changed // what the server said before it has been read
	require.Len(t, seen.list(), 1)
}

func TestCallWaitsForARunningProgressReport(t *testing.T) {
	t.Parallel()
	p := startPeer(t)
	p.call = func(w http.ResponseWriter, r *http.Request, _ string, _ int) {
		say(w, progressEvent(progressToken(t, r), 1))
		<-r.Context().Done()
	}
	ctx, cancel := context.WithCancel(t.Context())
	var finished atomic.Bool
	ctx = mcpclient.WithProgress(ctx, func(mcpclient.Progress) {
		cancel()
		for range 10_000 {
			runtime.Gosched()
		}
		finished.Store(true)
	})
	_, err := mcpclient.CallTool[okay](ctx, p.connect(), toolAct, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.True(t, finished.Load())
}

func TestProgressOfOthersIsIgnored(t *testing.T) {
	t.Parallel()
	p := startPeer(t)
	p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) {
		for _, params := range []string{
			`null`, `[]`, `{}`, `{"progressToken":7,"progress":1}`, `{"progressToken":"call-99","progress":1}`,
			`{"progressToken":"call-1","progress":"half"}`, `{"progressToken":"call-1","progress":[]}`,
		} {
			say(w, `data: {"jsonrpc":"2.0","method":"notifications/progress","params":`+params+"}\n\n")
		}
		say(w, "data: "+fine(id)+"\n\n")
	}
	var seen reports
	_, err := mcpclient.CallTool[okay](mcpclient.WithProgress(t.Context(), seen.add), p.connect(), toolAct, nil)
	require.NoError(t, err)
	require.Empty(t, seen.list())
}
