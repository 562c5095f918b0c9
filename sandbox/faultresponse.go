package sandbox

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// oversize is more than any client should be willing to read.
const oversize int64 = 48 << 20

// faultResponse returns the response that a fault replaces the platform's with; ok is false if its kind has none.
func (f Fault) faultResponse() (rep reply, ok bool) {
	switch f.Kind {
	case FaultStatus:
		status := f.status(http.StatusServiceUnavailable)
		rep = refuse(status, codeOf(status), "This answer was injected")
		if status < 300 {
			rep = plain(status, envelope{})
		}
	case FaultHTML:
		status := f.status(http.StatusBadGateway)
		title := fmt.Sprintf("%d %s", status, http.StatusText(status))
		rep = reply{
			status:      status,
			contentType: "text/html; charset=utf-8",
			body:        []byte("<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>\n"),
		}
	case FaultRedirect:
		rep = reply{status: f.status(http.StatusTemporaryRedirect)}
		rep.set("Location", f.Location)
	case FaultResetBefore, FaultResetAfter, FaultDelay, FaultTruncate, FaultOversize, FaultEmpty:
		return reply{}, false
	default:
		rep = refuse(http.StatusInternalServerError, "INTERNAL_ERROR", "The kind of the injected fault is unknown")
	}
	if f.RetryAfter != "" {
		rep.set("Retry-After", f.RetryAfter)
	}
	if f.Body != "" {
		rep.body = []byte(f.Body)
	}
	if f.ContentType != "" {
		rep.contentType = f.ContentType
	}
	if rep.status == http.StatusNoContent || rep.status == http.StatusNotModified {
		rep.body, rep.contentType = nil, ""
	}
	return rep, true
}

// status is the fault's status if that can be sent.
func (f Fault) status(otherwise int) int {
	if f.Status < 200 || f.Status > 599 {
		return otherwise
	}
	return f.Status
}

// codeOf is the error code that the platform documents for a status.
func codeOf(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "BAD_REQUEST"
	case http.StatusUnauthorized:
		return "UNAUTHORIZED"
	case http.StatusPaymentRequired:
		return "CREDIT_LIMIT_EXCEEDED"
	case http.StatusForbidden:
		return "FORBIDDEN"
	case http.StatusNotFound:
		return "NOT_FOUND"
	case http.StatusConflict:
		return "CONFLICT"
	case http.StatusTooManyRequests:
		return "RATE_LIMITED"
	case http.StatusNotImplemented:
		return "NOT_IMPLEMENTED"
	case http.StatusServiceUnavailable:
		return "SERVICE_UNAVAILABLE"
	default:
		return "INTERNAL_ERROR"
	}
}

// reset ends a connection so that the peer sees a reset, not an orderly end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	// Below TLS, whose Close would say goodbye first.
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	if t, ok := conn.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = conn.Close()
}

// truncate sends half of what the headers promise. A reply without a body is cut after its headers, before the empty
// line that ends them.
func truncate(w http.ResponseWriter, rep reply) {
	if len(rep.body) > 0 {
		w.WriteHeader(rep.status)
		_, _ = w.Write(rep.body[:rep.half()])
		if !rep.streams() {
			return // the server closes a connection on which less was sent than promised
		}
		rc := http.NewResponseController(w)
		_ = rc.Flush()
		if conn, _, err := rc.Hijack(); err == nil {
			_ = conn.Close() // without the chunk that ends the body
		}
		return
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "HTTP/1.1 %d %s\r\n", rep.status, http.StatusText(rep.status))
	_ = w.Header().Write(&head)
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = conn.Write(head.Bytes())
	_ = conn.Close()
}

// flood is an oversized body: as many letters as it takes between a prefix and a suffix that make it well formed.
type flood struct {
	prefix, suffix string
	contentType    string
	size           int64
	zipped         bool
}

// newFlood makes the flood that takes the place of a reply.
func (x *exchange) newFlood(rep reply, fault Fault) flood {
	f := flood{
		prefix:      `{"data":"`,
		suffix:      `","error":null}`,
		contentType: jsonType,
		size:        fault.Size,
		zipped:      strings.Contains(x.r.Header.Get("Accept-Encoding"), "gzip"),
	}
	if f.size <= 0 {
		f.size = oversize
	}
	if x.rpc.method == "" || rep.status >= 300 {
		return f
	}
	// A client of MCP would pass over what does not answer its message.
	f.prefix = `{"jsonrpc":"2.0","id":` + string(encodeJSON(x.rpc.id)) + `,"result":{"content":[{"type":"text","text":"`
	f.suffix = `"}]}}`
	if rep.streams() {
		f.contentType = eventStream
		f.prefix, f.suffix = "event: message\ndata: "+f.prefix, f.suffix+"\n\n"
	}
	return f
}

// pour sends the body until it is complete, the peer is gone or the sandbox stops.
func (f flood) pour(stopping context.Context, w http.ResponseWriter, status int) {
	rc := http.NewResponseController(w)
	// A write that waits for a peer which does not read has to end when the sandbox does.
	release := context.AfterFunc(stopping, func() { _ = rc.SetWriteDeadline(time.Unix(1, 0)) })
	defer release()

	var out io.Writer = w
	if f.zipped {
		w.Header().Set("Content-Encoding", "gzip")
		z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed) // the level is valid
		defer func() { _ = z.Close() }()
		out = z
	}
	w.WriteHeader(status)
	body := bufio.NewWriterSize(out, 64<<10)
	defer func() { _ = body.Flush() }()
	chunk := bytes.Repeat([]byte("x"), 32<<10)
	_, err := body.WriteString(f.prefix)
	for left := f.size; left > 0 && err == nil && stopping.Err() == nil; left -= int64(len(chunk)) {
		_, err = body.Write(chunk[:min(left, int64(len(chunk)))])
	}
	_, _ = body.WriteString(f.suffix)
}
