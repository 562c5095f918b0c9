package mcpclient

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// heldBody is a body that was read already.
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

// received prepares the response to a request that the server accepted. A body that is no event stream is read, since it
// may say that the session is lost. Some servers mix the content types up, so the body decides what it is; see
// [eventReader] for JSON that comes as an event stream.
func (x *exchange) received(ctx context.Context, resp *http.Response) error {
	if x.msg.method == methodInitialize {
		if err := x.open(ctx, resp); err != nil {
			return err
		}
	}
	if !x.msg.isCall() || isEventStream(resp.Header) {
		return nil
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, int64(x.wire.cfg.maxEvent)+1))
	if err != nil {
		return err
	}
	resp.Body = newHeldBody(data)
	if looksLikeEvents(data) {
		resp.Header.Set("Content-Type", acceptEvents)
	}
	return nil
}

// looksLikeEvents reports whether a body begins like an event stream.
func looksLikeEvents(body []byte) bool {
	body = trimBOM(body)
	for _, field := range []string{"data:", "event:", "id:", "retry:", ":"} {
		if len(body) >= len(field) && string(body[:len(field)]) == field {
			return true
		}
	}
	return false
}

// readAnswer returns the response in a body that is no event stream.
func (x *exchange) readAnswer(ctx context.Context, resp *http.Response) ([]byte, error) {
	held, ok := resp.Body.(*heldBody)
	if !ok { // the message is no call
		return nil, x.unreadable(ctx, resp.StatusCode, resp.Header, nil, errNotAnswer)
	}
	body := held.data
	if len(body) > x.wire.cfg.maxEvent {
		return nil, x.unsure(client.NewDecodeError(x.operation(), resp.StatusCode, resp.Header, body, client.ErrBodyTooLarge))
	}
	m, ok := x.answerIn(body)
	if !ok {
		reason := errNotAnswer
		if contentType := resp.Header.Get("Content-Type"); strings.HasPrefix(contentType, "text/html") {
			reason = errHTML
		} else if len(body) == 0 {
			reason = errEmpty
		}
		return nil, x.unreadable(ctx, resp.StatusCode, resp.Header, body, reason)
	}
	m = x.admit(ctx, m)
	if !digestible(&m) {
		return nil, x.wire.client.NewAPIError(x.operation(), resp.StatusCode, resp.Header, m.raw)
	}
	x.answered(&m)
	return m.raw, nil
}

// answerIn finds the response to the message in a body, which may be a batch.
func (x *exchange) answerIn(body []byte) (answer message, ok bool) {
	all, err := readMessages(body)
	if err != nil {
		return message{}, false
	}
	for _, m := range all {
		switch {
		case m.isResponse() && answersTo(m.id, x.msg.id):
			return m, true
		case m.failed != nil && m.id == nil: // the server could not tell which request it was
			answer, ok = m, true
		}
	}
	return answer, ok
}

// admit brings the response to the message into a form that the library can read.
func (x *exchange) admit(ctx context.Context, m message) message {
	asItIs := bytes.Equal(m.id, x.msg.id) && !m.both
	if m.failed != nil {
		if asItIs {
			return m
		}
		m.raw = rejection(x.msg.id, m.failed)
		m.id = x.msg.id
		return m
	}
	result, defects := normalize(x.msg.method, m.result)
	x.wire.report(ctx, defects)
	if asItIs && len(result) > 0 && len(m.result) > 0 && &result[0] == &m.result[0] {
		return m
	}
	m.raw = reply(x.msg.id, "result", result)
	m.id, m.result = x.msg.id, result
	return m
}

// rejection returns an error response.
func rejection(id, failure jsontext.Value) []byte { return reply(id, "error", failure) }

// reply returns a response with one member beside its id.
func reply(id jsontext.Value, name string, value jsontext.Value) []byte {
	raw := make([]byte, 0, len(id)+len(value)+len(name)+32)
	raw = append(append(raw, `{"jsonrpc":"2.0","id":`...), id...)
	raw = append(append(raw, `,"`...), name...)
	raw = append(append(raw, `":`...), value...)
	return append(raw, '}')
}

// isHeartbeat reports whether the data of an event is no message, and no broken one either: servers send such events to
// keep a connection open.
func isHeartbeat(data []byte) bool {
	const longest = 256
	data = bytes.TrimRight(trimBOM(data), " \t\r\n")
	v := jsontext.Value(data)
	switch {
	case len(data) == 0:
		return true
	case !v.IsValid(jsontext.AllowInvalidUTF8(true)):
		return len(data) <= longest && !strings.ContainsAny(string(data[:1]), `{["<`)
	case v.Kind() == '[':
		return isEmpty(v)
	case v.Kind() != '{':
		return true
	}
	for name := range members(v) {
		switch string(name) {
		case `"jsonrpc"`, `"id"`, `"method"`, `"result"`, `"error"`:
			return false
		}
	}
	return true
}

// maxReported bounds what is remembered of the defects that were reported.
const maxReported = 1024

// report passes defects to the hooks and the log of the client, each once per connection.
func (w *carrier) report(ctx context.Context, defects []client.Defect) {
	for _, d := range defects {
		w.mu.Lock()
		known := w.reported[d]
		if !known && len(w.reported) < maxReported {
			if w.reported == nil {
				w.reported = make(map[client.Defect]bool)
			}
			w.reported[d] = true
		}
		w.mu.Unlock()
		if !known {
			w.client.ReportDefect(ctx, d)
		}
	}
}
