package mcpclient

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// heldBody is a body that is in memory.
type heldBody struct {
	data []byte
	bytes.Reader
}

func newHeldBody(data []byte) *heldBody {
	b := &heldBody{data: data}
	b.Reset(data)
	return b
}

// Close does nothing.
func (*heldBody) Close() error { return nil }

// received prepares a successful response. A body that is no event stream is read, because it may report a lost
// session. Some servers mix up the content types, so the body decides; [eventReader] reads JSON that comes as an event
// stream.
func (x *exchange) received(ctx context.Context, resp *http.Response) error {
	if x.msg.method == methodInitialize {
		if err := x.openSession(ctx, resp); err != nil {
			return err
		}
	}
	if !x.msg.isCall() || isEventStream(resp.Header) {
		return nil
	}
	if !isHeld(resp.Header) && sniffEvents(resp) {
		return nil
	}
	defer resp.Body.Close()
	data, err := wholeBody(resp.Body, int64(x.rt.cfg.maxEvent))
	if err != nil {
		return err
	}
	resp.Body = newHeldBody(data)
	if looksLikeEvents(data) {
		resp.Header.Set("Content-Type", typeEvents)
	}
	return nil
}

// isHeld reports whether package client has read the body, as it does for JSON and for bodies without a type.
func isHeld(h http.Header) bool {
	media := mediaType(h)
	return media == "" || media == typeJSON || strings.HasSuffix(media, "+json")
}

// sniffEvents reports whether a body of another type begins like an event stream. It waits for the first bytes only.
func sniffEvents(resp *http.Response) bool {
	const enough = len("retry:")
	body := bufio.NewReaderSize(resp.Body, 64)
	var head []byte
	for n := enough; n <= body.Size(); n++ {
		var err error
		if head, err = body.Peek(n); err != nil || looksLikeEvents(head) || len(wire.TrimJSON(head)) >= enough {
			break
		}
	}
	found := looksLikeEvents(head)
	resp.Body = struct {
		io.Reader
		io.Closer
	}{body, resp.Body}
	if found {
		resp.Header.Set("Content-Type", typeEvents)
	}
	return found
}

// looksLikeEvents reports whether a body begins like an event stream.
func looksLikeEvents(body []byte) bool {
	body = wire.TrimJSON(body)
	for _, field := range []string{"data:", "event:", "id:", "retry:", ":"} {
		if len(body) >= len(field) && string(body[:len(field)]) == field {
			return true
		}
	}
	return false
}

// readResponse returns the response in a body that is no event stream.
func (x *exchange) readResponse(ctx context.Context, resp *http.Response) ([]byte, error) {
	held, ok := resp.Body.(*heldBody)
	if !ok { // the message is not a call
		return nil, x.unreadable(ctx, resp.StatusCode, resp.Header, nil, errNotResponse)
	}
	body := held.data
	if len(body) > x.rt.cfg.maxEvent {
		err := client.NewDecodeError(x.operation(), resp.StatusCode, resp.Header, body, client.ErrBodyTooLarge)
		return nil, x.withOutcome(err)
	}
	m, ok := x.responseIn(body)
	if !ok {
		reason := errNotResponse
		if contentType := resp.Header.Get("Content-Type"); strings.HasPrefix(contentType, "text/html") {
			reason = errHTML
		} else if len(body) == 0 {
			reason = errEmpty
		}
		return nil, x.unreadable(ctx, resp.StatusCode, resp.Header, body, reason)
	}
	m, err := x.accept(ctx, m, resp.StatusCode, resp.Header)
	if err != nil {
		return nil, err
	}
	x.responded(&m)
	return m.raw, nil
}

// accept brings the response to the message into a form that the library decodes. It returns an error for one that has
// no such form: the library's own error would quote the response.
func (x *exchange) accept(ctx context.Context, m message, status int, header http.Header) (message, error) {
	if err := x.checkCost(&m); err != nil {
		return m, err
	}
	m, ok := x.normalizeResponse(ctx, m)
	m, err := x.prepareForHost(ctx, m)
	switch {
	case err != nil:
		return m, err
	case ok && (x.readsResult(&m) || decodable(&m)):
		return m, nil
	case m.failed != nil:
		return m, x.rt.client.NewAPIError(x.operation(), status, header, m.raw)
	}
	return m, x.unprovenError(status, header, m.raw, errUndecodable)
}

// decodable reports whether the library can read a message: it ends its session over one that it cannot. Of a result,
// only the depth matters.
func decodable(m *message) bool {
	const shallow = 500
	if m.method == "" && m.failed == nil && depthOf(m.raw) < shallow {
		return true
	}
	_, err := jsonrpc.DecodeMessage(m.raw)
	return err == nil
}

// readsResult reports whether this package reads the response by itself, past the library: the result of a tool that it
// has called.
func (x *exchange) readsResult(m *message) bool {
	return x.call.own && x.msg.method == methodCallTool && m.failed == nil && !needsInput(m.result)
}

// responseIn finds the response to the message in a body, which may be a batch.
func (x *exchange) responseIn(body []byte) (answer message, ok bool) {
	all, err := readMessages(body)
	if err != nil {
		return message{}, false
	}
	for _, m := range all {
		switch {
		case m.isResponse() && matchesID(m.id, x.msg.id):
			return m, true
		case m.failed != nil && m.id == nil: // the server could not identify the request
			answer, ok = m, true
		}
	}
	return answer, ok
}

// normalizeResponse gives the response the id of the message and the form that the library decodes. It reports whether
// that succeeded.
func (x *exchange) normalizeResponse(ctx context.Context, m message) (out message, ok bool) {
	asItIs := bytes.Equal(m.id, x.msg.id) && !m.hasBoth
	if m.failed != nil {
		if !asItIs {
			m.raw, m.id = rejection(x.msg.id, m.failed), x.msg.id
		}
		return m, true
	}
	known := m.result
	if x.msg.method == methodInitialize {
		known = x.withVersion(ctx, known)
	}
	result, defects, ok := x.rt.cfg.normalize(x.msg.method, known)
	ok = ok || x.readsResult(&m)
	x.rt.report(ctx, defects)
	if asItIs && len(result) > 0 && len(m.result) > 0 && &result[0] == &m.result[0] {
		return m, ok
	}
	m.raw = reply(x.msg.id, "result", result)
	m.id, m.result = x.msg.id, result
	return m, ok
}

// withVersion replaces a protocol version that is not a string, such as a number, by the requested one.
func (x *exchange) withVersion(ctx context.Context, result jsontext.Value) jsontext.Value {
	requested := member(x.msg.params, "protocolVersion")
	if version := member(result, "protocolVersion"); version == nil || version.Kind() == '"' || requested == nil {
		return result
	}
	x.rt.report(ctx, []client.Defect{{Operation: methodInitialize, Field: "protocolVersion"}})
	return replaceMember(result, "protocolVersion", requested)
}

func rejection(id, failure jsontext.Value) []byte { return reply(id, "error", failure) }

// reply returns a JSON-RPC response with a result or error member.
func reply(id jsontext.Value, name string, value jsontext.Value) []byte {
	raw := make([]byte, 0, len(id)+len(value)+len(name)+32)
	raw = append(append(raw, `{"jsonrpc":"2.0","id":`...), id...)
	raw = append(append(raw, `,"`...), name...)
	raw = append(append(raw, `":`...), value...)
	return append(raw, '}')
}

// isHeartbeat reports whether the data of an event is neither a message nor a broken one: servers send such events to
// keep a connection open.
func isHeartbeat(data []byte) bool {
	const longest, large = 256, 4 << 10
	data = wire.TrimJSON(data)
	if len(data) > large {
		return false
	}
	v := jsontext.Value(data)
	switch {
	case len(data) == 0:
		return true
	case !v.IsValid(jsontext.AllowInvalidUTF8(true)):
		word := bytes.TrimSuffix(bytes.TrimPrefix(data, []byte("[")), []byte("]")) // such as [DONE]
		return len(data) <= longest && !bytes.ContainsAny(word, `{}[]"<`)
	case v.Kind() == '[':
		return isEmpty(v)
	case v.Kind() != '{':
		return true
	}
	var versioned, identified bool
	for name := range wire.Members(v) {
		switch string(name) {
		case "result", "error":
			return false
		case "jsonrpc":
			versioned = true
		case "id":
			identified = true
		}
	}
	return !versioned || !identified
}

// maxReported bounds the defects that are remembered.
const maxReported = 1024

// report reports defects to the hooks and the log of the client, each once per connection.
func (rt *roundTripper) report(ctx context.Context, defects []client.Defect) {
	for _, d := range defects {
		rt.mu.Lock()
		known := rt.reported[d]
		if !known && len(rt.reported) < maxReported {
			if rt.reported == nil {
				rt.reported = make(map[client.Defect]bool)
			}
			rt.reported[d] = true
		}
		rt.mu.Unlock()
		if !known {
			rt.client.ReportDefect(ctx, d)
		}
	}
}

// prepareForHost prepares the result of a tool that another host has called: isError gets the form that the library
// decodes. A result without a proper form is an error, as it is for the calls of this package.
func (x *exchange) prepareForHost(ctx context.Context, m message) (message, error) {
	if x.call.own || x.msg.method != methodCallTool || m.failed != nil || needsInput(m.result) {
		return m, nil
	}
	isError := member(m.result, "isError")
	set, ok := readFlag(isError)
	if m.result.Kind() != '{' || !ok {
		return m, x.unreadable(ctx, http.StatusOK, nil, m.raw, errNotResult)
	}
	if k := isError.Kind(); k != '"' && k != '0' {
		return m, nil
	}
	m.result = replaceMember(m.result, "isError", strconv.AppendBool(nil, set))
	m.raw = reply(m.id, "result", m.result)
	return m, nil
}
