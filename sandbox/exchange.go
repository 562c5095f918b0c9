package sandbox

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync/atomic"
)

// maxUpload is the largest request body that is read.
const maxUpload = 8 << 20

// exchange is one request and its response.
type exchange struct {
	s        *Server
	listener *listener
	r        *http.Request
	w        http.ResponseWriter
	id       string
	path     string // as sent, not decoded
	rec      *Request
	match    match

	alias   string // where an unversioned path leads; empty for the others
	request request
	message []byte // the body of an MCP request
	rpc     rpc
}

// serve takes a request through its stations: record and check it, let a fault have it or the platform answer it,
// send the reply.
func (s *Server) serve(l *listener, w http.ResponseWriter, r *http.Request) {
	defer l.handlers.leave()
	if !l.handlers.enter() {
		reset(w)
		return
	}
	if s.cfg.page != nil && (r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, "/_/")) {
		s.cfg.page.ServeHTTP(w, r)
		return
	}
	x := s.receive(l, w, r)
	x.inspect()

	fault, hit := s.faults.draw(r.Method, x.path, r.Header.Get("X-Scope3-Seat-Id"), x.rpc)
	if hit {
		s.recorder.update(x.rec, func(req *Request) { req.Fault = fault.Kind })
		if !l.pause(fault.Delay) || fault.Kind == FaultResetBefore {
			reset(w)
			return
		}
		if rep, ok := fault.faultResponse(); ok {
			if isPartner(x.path) && fault.Body == "" {
				rep = partnerRefusal(rep)
			}
			x.send(rep)
			return
		}
	}
	rep := x.respond()
	if rep.mcp != noMCP {
		x.relay(rep, fault)
		return
	}
	if op := x.match.op; op != nil {
		s.recorder.violate(x.rec, "response", s.checkReply(op, rep))
	}
	x.deliver(rep, fault)
}

// receive starts the exchange and its record.
func (s *Server) receive(l *listener, w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{s: s, listener: l, r: r, w: w, id: s.ids.next(), path: r.URL.EscapedPath()}
	x.rec = &Request{
		Time:   s.cfg.now(),
		ID:     x.id,
		Method: r.Method,
		Path:   redact(r.URL.Path),
		Query:  safeQuery(r.URL.Query()),
		Header: safeHeader(r.Header),
		SeatID: redact(r.Header.Get("X-Scope3-Seat-Id")),
	}
	if isPartner(x.path) {
		x.rec.ClientID = s.partner.prefixOf(r.Header)
	} else {
		caller, _ := s.platform.authenticate(presented(r.Header), x.rec.Time)
		x.rec.ClientID = caller.clientID
	}
	s.recorder.add(x.rec)
	return x
}

// inspect finds the operation and checks the request against the contract, before authentication.
func (x *exchange) inspect() {
	data, err := io.ReadAll(http.MaxBytesReader(x.w, x.r.Body, maxUpload))
	isJSON := jsonRequest(x.r.Header)
	if isJSON && len(data) > 0 {
		text := safeBody(data)
		x.s.recorder.update(x.rec, func(req *Request) { req.Body = text })
	}

	var aliased bool
	if x.alias, aliased = pinned(x.r.URL); aliased {
		return
	}
	if isMCP(x.path) {
		x.inspectMCP(data, err)
		return
	}
	if isDownload(x.path) {
		x.inspectDownload()
		return
	}
	x.match = x.s.contractOf(x.path).find(x.r.Method, x.path)
	op := x.match.op
	if op == nil {
		x.s.recorder.violate(x.rec, "request", []issue{{Message: "no such operation"}})
		return
	}
	x.s.recorder.update(x.rec, func(req *Request) { req.Route = op.route })
	x.request = request{op: op, seat: x.r.Header.Get("X-Scope3-Seat-Id"), vars: x.match.vars}
	x.request.params, x.request.issues = op.checkParams(x.match.vars, x.r.URL.Query())
	if op.body != nil {
		x.readBody(op, data, err, isJSON)
	}
	x.s.recorder.violate(x.rec, "request", append(op.undeclared(x.r.URL.Query()), x.request.issues...))
	if x.request.refusal != nil && x.request.refusal.status != http.StatusRequestEntityTooLarge {
		x.s.recorder.violate(x.rec, "request", []issue{{Message: "the body cannot be read as JSON"}})
	}
}

func (x *exchange) readBody(op *operation, data []byte, err error, isJSON bool) {
	var tooLarge *http.MaxBytesError
	var refusal reply
	switch {
	case errors.As(err, &tooLarge):
		refusal = bodyTooLarge()
	case err != nil:
		refusal = badRequest("The body ended too early")
	case len(data) == 0:
		refusal = bodyRequired()
	case !isJSON:
		refusal = refuse(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "The body must be "+jsonType)
	default:
		value, err := decodeJSON(data)
		if err != nil {
			refusal = badRequest("The body is not valid JSON")
			break
		}
		x.request.setBody(value)
		return
	}
	x.request.refusal = &refusal
}

// jsonRequest reports whether the headers announce plain JSON.
func jsonRequest(h http.Header) bool {
	if enc := h.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return false
	}
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && media == jsonType
}

// deliver sends the platform's reply, or what a fault leaves of it.
func (x *exchange) deliver(rep reply, fault Fault) {
	switch fault.Kind {
	case FaultResetAfter:
		reset(x.w)
	case FaultTruncate:
		x.head(rep)
		rep.writeHead(x.w.Header(), len(rep.body))
		if rep.streams() {
			x.w.Header().Del("Content-Length")
		}
		truncate(x.w, rep)
	case FaultOversize:
		if rep.status == http.StatusNoContent {
			rep.status = http.StatusOK
		}
		rep.status = fault.status(rep.status)
		x.head(rep)
		f := x.newFlood(rep, fault)
		rep.contentType = f.contentType
		rep.writeHead(x.w.Header(), 0)
		x.w.Header().Del("Content-Length")
		f.pour(x.listener.stopping, x.w, rep.status)
	case FaultEmpty:
		rep.status, rep.body, rep.contentType = fault.status(http.StatusOK), nil, jsonType
		x.send(rep)
	default:
		x.send(rep)
	}
}

// head sets the headers of every response and records the status, before any byte is sent: who has the response finds
// the record complete.
func (x *exchange) head(rep reply) {
	h := x.w.Header()
	h.Set("X-Request-Id", x.id)
	h.Set("Date", x.s.cfg.now().Format(http.TimeFormat))
	x.s.recorder.update(x.rec, func(req *Request) { req.Status = rep.status })
}

func (x *exchange) send(rep reply) {
	x.head(rep)
	rep.writeHead(x.w.Header(), len(rep.body))
	x.w.WriteHeader(rep.status)
	_, _ = x.w.Write(rep.body)
	// Close ends connections once their handlers are done; nothing may be left in a buffer then.
	_ = http.NewResponseController(x.w).Flush()
}

// requestIDs are unique within a sandbox, and almost surely between sandboxes.
type requestIDs struct {
	prefix string
	n      *atomic.Uint64
}

func newRequestIDs() requestIDs {
	b := make([]byte, 4)
	_, _ = rand.Read(b) // never fails
	return requestIDs{prefix: "req_" + hex.EncodeToString(b), n: new(atomic.Uint64)}
}

func (r requestIDs) next() string {
	return fmt.Sprintf("%s%08x", r.prefix, r.n.Add(1))
}
