package mcpclient

import (
	"context"
	"net/http"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// record is what a call of this package and the carrier tell each other past the library; it travels in the context. The
// messages of other hosts have one that nobody reads.
type record struct {
	opts []client.CallOption
	own  bool // the call reads its answer here, and the library need not

	mu      sync.Mutex
	sent    bool           // something may have reached the server
	err     error          // why the call failed
	raw     []byte         // the server's answer
	done    jsontext.Value // the result in it
	header  http.Header    // of the answer
	settled bool           // the library was not given it
}

type recordKey struct{ *carrier }

// recordOf finds the record of a call. What the library sends beside the call, in the same context, has its own.
func (w *carrier) recordOf(ctx context.Context, m *message) *record {
	if rec, ok := ctx.Value(recordKey{w}).(*record); ok && m.isCall() {
		return rec
	}
	return new(record)
}

func (r *record) setErr(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}

func (r *record) outcome() (raw []byte, err error, sent bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.raw, r.err, r.sent
}

func (r *record) settle() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settled = true
}

// isSettled tells whether the call has its answer, whatever the library says.
func (r *record) isSettled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.settled
}

func (r *record) answer() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.raw
}

func (r *record) result() (jsontext.Value, http.Header) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done, r.header
}
