package mcpclient_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

func TestStreamsAreResumed(t *testing.T) {
	t.Parallel()
	const delay = 30 * time.Millisecond
	p := startPeer(t)
	var cut, back time.Time // in the order of the requests
	p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
		if n > 1 {
			sayJSON(w, fine(id))
			return
		}
		say(w, fmt.Sprintf("retry: %d\nid: first\ndata:\n\n", delay.Milliseconds()))
		say(w, "id: second\ndata: "+halfWay+"\n\n")
		cut = time.Now()
	}
	p.listen = func(w http.ResponseWriter, r *http.Request, n int) {
		assert.Equal(t, p.sessionID, r.Header.Get("Mcp-Session-Id"))
		assert.Equal(t, withSessions, r.Header.Get("Mcp-Protocol-Version"))
		switch n {
		case 1:
			back = time.Now()
			say(w, "id: third\ndata: "+halfWay+"\n\n")
		case 2:
			say(w, "id: fourth\ndata: "+fine("2")+"\n\n")
		}
	}
	s := p.connect()
	got, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
	require.NoError(t, err)
	require.True(t, got.OK)
	require.Equal(t, []string{"second", "third"}, p.resumed())
	require.Equal(t, 1, p.count("tools/call"), "what acts is not called again")
	require.GreaterOrEqual(t, back.Sub(cut), delay)
	_, err = mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
	require.NoError(t, err)
}

// TestStreamsThatMakeNoProgress are given up after a handful of attempts.
func TestStreamsThatMakeNoProgress(t *testing.T) {
	t.Parallel()
	p := startPeer(t)
	p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
		if n > 1 {
			sayJSON(w, fine(id))
			return
		}
		say(w, "retry: 1\nid: only\ndata:\n\n")
	}
	p.listen = func(w http.ResponseWriter, _ *http.Request, _ int) { say(w, ": nothing new\n\n") }
	s := p.connect()
	_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
	var broken *client.TransportError
	require.ErrorAs(t, err, &broken)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	require.Equal(t, 1, p.count("tools/call"))
	require.LessOrEqual(t, len(p.resumed()), 6)
	require.GreaterOrEqual(t, len(p.resumed()), 2)
	_, err = mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
	require.NoError(t, err)
}

// TestStreamsThatCannotBeResumed: the message is sent again if that is safe.
func TestStreamsThatCannotBeResumed(t *testing.T) {
	t.Parallel()
	for _, begin := range []string{
		"", ": ping\n\n", "id: one\ndata:\n\n", "data: " + halfWay + "\n\n",
		`data: {"jsonrpc"`,
	} {
		for _, name := range []string{toolAct, toolLook} {
			t.Run(name+" "+begin, func(t *testing.T) {
				t.Parallel()
				p := startPeer(t)
				p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
					if n > 1 {
						say(w, "data: "+fine(id)+"\n\n")
						return
					}
					say(w, begin)
				}
				p.listen = func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(http.StatusMethodNotAllowed) }
				s := p.connect()
				_, err := mcpclient.CallTool[okay](t.Context(), s, name, nil)
				if name == toolLook {
					require.NoError(t, err)
					require.Equal(t, 2, p.count("tools/call"))
					return
				}
				var broken *client.TransportError
				require.ErrorAs(t, err, &broken)
				require.ErrorIs(t, err, client.ErrOutcomeUnknown)
				require.Equal(t, 1, p.count("tools/call"))
			})
		}
	}
}

// TestRetryOfAServerDoesNotOutlastTheCall: however long the server wants the client to wait.
func TestRetryOfAServerDoesNotOutlastTheCall(t *testing.T) { //nolint:paralleltest // time is measured
	for _, ms := range []string{"9223372036854775807", "9223372036854", "86400000"} {
		p := startPeer(t)
		p.call = func(w http.ResponseWriter, _ *http.Request, _ string, _ int) {
			say(w, "retry: "+ms+"\nid: 1\ndata:\n\n")
		}
		p.listen = func(w http.ResponseWriter, _ *http.Request, _ int) { say(w, "") }
		s := p.connect()
		punctual(t, 100*time.Millisecond, func() {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			_, err := mcpclient.CallTool[okay](ctx, s, toolAct, nil)
			require.ErrorIs(t, err, context.DeadlineExceeded, ms)
			require.ErrorIs(t, err, client.ErrOutcomeUnknown, ms)
		})
		require.Empty(t, p.resumed(), "it is not taken for no delay at all either")
	}
}

// TestStreamsWithoutAnEnd: what follows the answer is not waited for.
func TestStreamsWithoutAnEnd(t *testing.T) { //nolint:paralleltest // time is measured
	p := startPeer(t)
	p.call = func(w http.ResponseWriter, r *http.Request, id string, _ int) {
		say(w, "data: "+fine(id)+"\n\n")
		<-r.Context().Done()
	}
	s := p.connect()
	punctual(t, 0, func() {
		for range 10 {
			_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			require.NoError(t, err)
		}
	})
}
