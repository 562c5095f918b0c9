package sandbox

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"strings"
)

const eventStream = "text/event-stream"

// relay lets the library answer: straight to the caller, or onto a page if a fault wants the reply. The given reply
// has the headers that go with the response.
func (x *exchange) relay(told reply, fault Fault) {
	h := x.s.enter()
	defer h.inside.leave()
	handler := h.endpoints[x.path].sessions
	if told.mcp == withoutSessions {
		handler = h.endpoints[x.path].single
	}
	switch fault.Kind {
	case FaultResetAfter, FaultTruncate, FaultOversize, FaultEmpty:
		x.deliver(x.onPage(h, handler, told), fault)
	default:
		x.live(h, handler, told)
	}
}

// listens reports whether the request opens a stream without an end.
func (x *exchange) listens() bool {
	return x.r.Method == http.MethodGet || x.rpc.method == "subscriptions/listen"
}

// until is a context that also ends with another one.
func until(ctx, end context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(end, cancel)
	return ctx, func() {
		release()
		cancel()
	}
}

// httpRequest is the request as the library gets it, with the body that has been read already.
func (x *exchange) httpRequest(ctx context.Context) *http.Request {
	r := x.r.WithContext(ctx)
	r.Body = io.NopCloser(bytes.NewReader(x.message))
	return r
}

// live streams the response.
func (x *exchange) live(h *host, handler http.Handler, told reply) {
	ctx, end := x.r.Context(), h.work
	switch {
	case x.listens():
		end = h.streams
	case told.mcp == withoutSessions:
		// The library gives up a call whose caller has left before it began. With sessions it must know of that, or
		// the caller could not come back for the rest of the stream.
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := until(ctx, end)
	defer cancel()
	w := &liveWriter{ResponseWriter: x.w, x: x, told: told}
	handler.ServeHTTP(w, x.httpRequest(ctx))
	if w.status == 0 || h.work.Err() != nil {
		// A session that ends under a request leaves the library without a response, which net/http would make an
		// empty success of. And what was cut must not look complete.
		reset(x.w)
		return
	}
	w.FlushError() //nolint:errcheck,gosec // as in send
}

// onPage lets the request have its effect, whether or not the caller stays, and keeps the response. A stream without an
// end counts as answered once it is open.
func (x *exchange) onPage(h *host, handler http.Handler, told reply) reply {
	ctx, cancel := until(context.WithoutCancel(x.r.Context()), h.work)
	defer cancel()
	p := &page{header: make(http.Header)}
	if x.listens() {
		p.flushed = cancel
	}
	handler.ServeHTTP(p, x.httpRequest(ctx))

	rep := told
	rep.status, rep.body = p.status, p.body.Bytes()
	if rep.status == 0 {
		rep.status = http.StatusOK
	}
	rep.header = maps.Clone(told.header)
	for name := range p.header {
		rep.set(name, p.header.Get(name))
	}
	rep.contentType = p.header.Get("Content-Type")
	return rep
}

// liveWriter puts the headers of the sandbox to those of the library, and the status on record.
type liveWriter struct {
	http.ResponseWriter
	x      *exchange
	told   reply
	status int
}

// WriteHeader implements [http.ResponseWriter].
func (w *liveWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
		w.told.status = status
		w.x.head(w.told)
		maps.Copy(w.Header(), w.told.header)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [io.Writer].
func (w *liveWriter) Write(data []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(data)
}

// FlushError implements the interface of [http.ResponseController].
func (w *liveWriter) FlushError() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// page is a buffered response.
type page struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	flushed func() // may be nil
}

// Header implements [http.ResponseWriter].
func (p *page) Header() http.Header { return p.header }

// WriteHeader implements [http.ResponseWriter].
func (p *page) WriteHeader(status int) {
	if p.status == 0 {
		p.status = status
	}
}

// Write implements [io.Writer].
func (p *page) Write(data []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	return p.body.Write(data)
}

// FlushError implements the interface of [http.ResponseController].
func (p *page) FlushError() error {
	if p.flushed != nil {
		p.flushed()
	}
	return nil
}

// streams reports whether the body is an event stream.
func (r *reply) streams() bool {
	return strings.HasPrefix(r.contentType, eventStream)
}

// half returns the length of a truncated body. Of a stream that is all events but the last, and half of that:
// who resumes it has something to resume from.
func (r *reply) half() int {
	if !r.streams() {
		return len(r.body) / 2
	}
	end := bytes.TrimRight(r.body, "\n")
	last := bytes.LastIndex(end, []byte("\n\n"))
	if last < 0 {
		return len(end) / 2
	}
	start := last + len("\n\n")
	return start + (len(end)-start)/2
}
