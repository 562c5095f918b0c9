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

// sayOK answers a tools/call.
func sayOK(w http.ResponseWriter, id string) {
	sayJSON(w, `{"jsonrpc":"2.0","id":`+id+`,"result":{"content":[{"type":"text","text":"{\"ok\":true}"}]}}`)
}

// hangUp ends the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// TestAnnotationsAreKeptWhileToolsCannotBeListed: a new session may be another build of the server, so the tools are
// listed again. Where that fails, a tool that was read-only is still repeated, and one that acts is still not.
func TestAnnotationsAreKeptWhileToolsCannotBeListed(t *testing.T) {
	for name, fail := range map[string]func(w http.ResponseWriter, r *http.Request){
		"the list breaks off":   func(w http.ResponseWriter, _ *http.Request) { hangUp(w) },
		"the list never comes":  func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"the list is refused":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"the list is a proxy's": func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<html>") },
		"the list is unavailable": func(w http.ResponseWriter,
			_ *http.Request,
		) {
			w.WriteHeader(http.StatusServiceUnavailable)
		},
	} {
		for _, tool := range []string{toolLook, toolAct} {
			t.Run(name+"/"+tool, func(t *testing.T) {
				p := startPeer(t)
				p.list = func(w http.ResponseWriter, r *http.Request, n int) bool {
					if n > 1 {
						fail(w, r)
					}
					return n > 1
				}
				p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
					switch n {
					case 1: // the session is lost
						w.WriteHeader(http.StatusNotFound)
					case 2:
						hangUp(w)
					default:
						sayOK(w, id)
					}
				}
				s := p.connect()
				names, err := s.ToolNames(t.Context())
				require.NoError(t, err)
				require.Len(t, names, 2)
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				defer cancel()
				out, err := mcpclient.CallTool[okay](ctx, s, tool, nil)
				if tool == toolAct {
					require.ErrorIs(t, err, client.ErrOutcomeUnknown)
					return
				}
				require.NoError(t, err)
				assert.True(t, out.OK)
			})
		}
	}
}

// TestStaleAnnotationsDoNotSatisfyGuards: a guard is asked with the annotations that the server lists now.
func TestStaleAnnotationsDoNotSatisfyGuards(t *testing.T) {
	p := startPeer(t)
	p.list = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		if n > 1 {
			hangUp(w)
		}
		return n > 1
	}
	p.call = func(w http.ResponseWriter, _ *http.Request, id string, n int) {
		switch n {
		case 2:
			w.WriteHeader(http.StatusNotFound)
		case 3:
			hangUp(w)
		default:
			sayOK(w, id)
		}
	}
	s := p.connect(mcpclient.WithGuard(mcpclient.ReadOnly()), mcpclient.TrustReadOnlyHints())
	_, err := s.ToolNames(t.Context())
	require.NoError(t, err)
	for range 2 { // the second one loses its session and its connection
		_, err = mcpclient.CallTool[okay](t.Context(), s, toolLook, nil)
		require.NoError(t, err)
	}
	calls := 0
	for _, method := range p.methods() {
		if method == "tools/call" {
			calls++
		}
	}
	assert.Equal(t, 4, calls)
	_, err = mcpclient.CallTool[okay](t.Context(), s, toolLook, nil)
	require.Error(t, err, "the guard wants the present annotations")
	for _, method := range p.methods() {
		if method == "tools/call" {
			calls--
		}
	}
	assert.Zero(t, calls, "nothing was sent")
}
