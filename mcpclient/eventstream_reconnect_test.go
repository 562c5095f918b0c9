package mcpclient_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

func TestStreamsWithoutProgressFail(t *testing.T) {
	t.Parallel()
	for name, event := range map[string]func(n int) string{
		"a new id each time": func(n int) string { return fmt.Sprintf("retry: 0\nid: %d\ndata:\n\n", n) },
		"an id without data": func(n int) string { return fmt.Sprintf("id: %d\n\n", n) },
		"events of a kind":   func(n int) string { return fmt.Sprintf("event: tick\nid: %d\ndata: {}\n\n", n) },
		"pings": func(n int) string {
			return fmt.Sprintf("id: %d\ndata: {\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"ping\"}\n\n", n, n)
		},
		"answers to others":   func(n int) string { return fmt.Sprintf("id: %d\ndata: %s\n\n", n, fine("\"other\"")) },
		"nothing after an id": func(int) string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startPeer(t)
			p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
				if n > 1 {
					sayJSON(w, fine(id))
					return
				}
				say(w, "retry: 0\nid: first\ndata:\n\n")
			}
			p.listen = func(w http.ResponseWriter, _ *http.Request, n int) { say(w, event(n)) }
			s := p.connect()
			_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			require.ErrorIs(t, err, client.ErrOutcomeUnknown)
			requireNotRepeatable(t, err)
			require.Len(t, p.resumed(), 5)
			require.Equal(t, 1, p.count("tools/call"))
			_, err = mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			require.NoError(t, err, "the session works on")
		})
	}
}

func TestStreamsWithProgressAreResumed(t *testing.T) {
	t.Parallel()
	p := startPeer(t)
	const breaks = 8 // more than are allowed without progress
	p.call = func(w http.ResponseWriter, _ *http.Request, _ string, _ int) {
		say(w, "retry: 0\nid: first\ndata:\n\n")
	}
	p.listen = func(w http.ResponseWriter, _ *http.Request, n int) {
		data := halfWay
		if n > breaks {
			data = fine("2")
		}
		say(w, fmt.Sprintf("id: %d\ndata: %s\n\n", n, data))
	}
	got, err := mcpclient.CallTool[okay](t.Context(), p.connect(), toolAct, nil)
	require.NoError(t, err)
	require.True(t, got.OK)
	require.Len(t, p.resumed(), breaks+1)
}

func TestCallIsNotSentAgainForever(t *testing.T) {
	t.Parallel()
	p := startPeer(t)
	p.call = func(w http.ResponseWriter, _ *http.Request, _ string, _ int) {
		say(w, "retry: 0\ndata: "+halfWay+"\n\n")
	}
	_, err := mcpclient.CallTool[okay](t.Context(), p.connect(), toolLook, nil)
	require.Error(t, err)
	require.LessOrEqual(t, p.count("tools/call"), 6)
	require.GreaterOrEqual(t, p.count("tools/call"), 2)
}
