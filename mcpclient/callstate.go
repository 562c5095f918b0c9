package mcpclient

import (
	"context"
	"net/http"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// callState is what a call of this package and the round tripper tell each other past the library; it travels in the context. The
// messages of other hosts have one that nobody reads.
type callState struct {
	opts []client.CallOption
	own  bool // the call reads its answer here, and the library need not

	mu       sync.Mutex
	sent     bool           // something may have reached the server
	err      error          // why the call failed
	raw      []byte         // the server's answer
	done     jsontext.Value // the result in it
	header   http.Header    // of the answer
	complete bool           // the library was not given it
}

type callStateKey struct{ *roundTripper }

// callStateOf finds the record of a call. What the library sends beside the call, in the same context, has its own.
func (rt *roundTripper) callStateOf(ctx context.Context, m *message) *callState {
	if call, ok := ctx.Value(callStateKey{rt}).(*callState); ok && m.isCall() {
		return call
	}
	return new(callState)
}

func (r *callState) setErr(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}

func (r *callState) outcome() (raw []byte, err error, sent bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.raw, r.err, r.sent
}

func (r *callState) markComplete() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.complete = true
}

// isComplete tells whether the call has its answer, whatever the library says.
func (r *callState) isComplete() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.complete
}

func (r *callState) response() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.raw
}

func (r *callState) result() (jsontext.Value, http.Header) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done, r.header
}
