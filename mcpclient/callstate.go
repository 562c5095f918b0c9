package mcpclient

import (
	"context"
	"net/http"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// callState is shared by a call of this package and the round tripper, past the library: it travels in the context. The
// messages of other hosts have one that only the round tripper uses.
type callState struct {
	opts []client.CallOption
	own  bool // the call reads its response here, and the library need not

	mu    sync.Mutex
	state outcome
}

// outcome holds the progress and the response of a call.
type outcome struct {
	sent     bool           // the server may have received something
	complete bool           // the call has its response, whatever the library returns
	err      error          // why the call failed
	raw      []byte         // the response
	result   jsontext.Value // in raw
	header   http.Header    // of the response
}

type callStateKey struct{ *roundTripper }

// callStateOf returns the state of a call. Messages that the library sends beside the call, in the same context, get
// their own.
func (rt *roundTripper) callStateOf(ctx context.Context, m *message) *callState {
	if call, ok := ctx.Value(callStateKey{rt}).(*callState); ok && m.isCall() {
		return call
	}
	return new(callState)
}

func (c *callState) outcome() outcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

func (c *callState) update(change func(*outcome)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.state)
}
