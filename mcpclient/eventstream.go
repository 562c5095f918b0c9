package mcpclient

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// stream is an event stream that does not break for the library. When its connection breaks, it is resumed, or the
// message is sent again if that is safe. Otherwise it ends with an error response to the call, so that the library
// loses the call and not its session. Event ids stay here, so that the library never resumes by itself.
type stream struct {
	ctx    context.Context //nolint:containedctx // of the request whose body this is
	cancel context.CancelFunc
	x      *exchange // its msg is nil for the stream that belongs to no call

	body   io.ReadCloser
	events *eventReader

	out       []byte // for the library
	allowance allowance
	done      bool
	responded bool
	live      bool // the library reads it, because there was more than the response
	lastID    string
	delay     time.Duration // between connections, as the server asks; -1 if it does not
	fruitless int           // connections in a row that delivered no message
	delivered bool          // the current or last connection delivered a message
	since     time.Time     // when the current connection began
	idle      *time.Timer   // ends the stream if it brings no message
	idled     atomic.Bool   // it did
}

func newCallStream(ctx context.Context, cancel context.CancelFunc, x *exchange, resp *http.Response) *stream {
	s := &stream{ctx: ctx, cancel: cancel, x: x, delay: -1}
	s.attach(resp)
	return s
}

// listen returns the server's own stream, which belongs to no call. It is opened when it is read, so that a silent
// server delays no caller, and reopened as long as the connection lasts.
func (rt *roundTripper) listen(ctx context.Context, cancel context.CancelFunc, header http.Header) *http.Response {
	return newStreamResponse(&stream{
		ctx: ctx, cancel: cancel, delay: -1, x: rt.exchange(header, new(message), new(callState)),
	})
}

func (s *stream) attach(resp *http.Response) {
	s.body = resp.Body
	s.events = s.x.rt.read(resp.Body)
	s.since = time.Now()
}

// read returns a reader with a buffer from the pool.
func (rt *roundTripper) read(body io.Reader) *eventReader {
	lines, _ := rt.readers.Get().(*bufio.Reader)
	if lines == nil {
		lines = bufio.NewReaderSize(nil, 4<<10)
	}
	lines.Reset(body)
	return newEventReader(lines, rt.cfg.maxEvent)
}

func (s *stream) detach() {
	if s.body != nil {
		_ = s.body.Close()
		s.events.lines.Reset(nil)
		s.x.rt.readers.Put(s.events.lines)
	}
	s.body, s.events = nil, nil
}

// standalone reports whether the stream belongs to no call.
func (s *stream) standalone() bool { return s.x.msg.method == "" }

// endless reports whether the stream is reopened however often it ends.
func (s *stream) endless() bool { return s.standalone() || s.x.msg.method == methodListen }

// Read returns whole events to the library.
func (s *stream) Read(p []byte) (int, error) {
	for len(s.out) == 0 {
		if s.done {
			return 0, io.EOF
		}
		s.advance()
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// Close implements io.Closer.
func (s *stream) Close() error {
	s.done = true
	s.unwatch()
	s.detach()
	s.cancel()
	return nil
}

// readToResponse reads up to the response to the call, or returns why there is none.
func (s *stream) readToResponse() error {
	for !s.done {
		s.advance()
	}
	if s.responded {
		return nil
	}
	return s.x.call.outcome().err
}

// advance handles one event or opens a new connection.
func (s *stream) advance() {
	if s.events == nil {
		s.reconnect(io.ErrUnexpectedEOF)
		return
	}
	s.watch()
	e, err := s.events.next()
	switch {
	case err == nil:
		s.dispatch(&e)
	case s.idled.Load():
		s.fail(s.x.rt.client.NewTransportError(s.x.operation(), errIdle))
	case errors.Is(err, io.ErrUnexpectedEOF) && s.holdsMessage(&e):
		s.dispatch(&e)
	case errors.Is(err, ErrEventTooLarge) && !s.endless():
		s.fail(client.NewDecodeError(s.x.operation(), http.StatusOK, nil, nil, err))
	default:
		s.reconnect(err)
	}
}

// deliver passes on a notification or a request of the server.
func (s *stream) deliver(m *message) {
	s.delivered = s.delivered || m.method != "ping" // a ping is no progress of the call
	if owner := s.x.rt.cfg.owner; owner != nil && m.method == methodProgress {
		owner.progress.notified(m.params) // before the response, which the library may return first
		return
	}
	s.live = true
	s.emit(m.raw)
}

// A connection can be used for the next call once its stream was read to the end, which usually follows the response
// within microseconds. The connection of a stream that does not end is closed.
const (
	finishSoon  = 2 * time.Millisecond
	finishTime  = time.Second
	finishBytes = 64 << 10
)

// finish reads a stream to its end after the response. The caller waits for finishSoon at most.
func (s *stream) finish() {
	s.unwatch()
	body, lines, cancel := s.body, s.events.lines, s.cancel
	s.body, s.events, s.cancel = nil, nil, func() {}
	ended := make(chan struct{})
	s.x.rt.start(func() {
		defer close(ended)
		late := time.AfterFunc(finishTime, cancel)
		_, _ = io.CopyN(io.Discard, lines, finishBytes)
		late.Stop()
		_ = body.Close()
		cancel()
		lines.Reset(nil)
		s.x.rt.readers.Put(lines)
	})
	soon := time.NewTimer(finishSoon)
	defer soon.Stop()
	select {
	case <-ended:
	case <-soon.C:
	}
}

// emit writes an event for the library. A line end in JSON is white space.
func (s *stream) emit(data []byte) {
	s.out = append(s.out, "data: "...)
	begin := len(s.out)
	s.out = append(s.out, data...)
	for i, c := range s.out[begin:] {
		if c == '\n' || c == '\r' {
			s.out[begin+i] = ' '
		}
	}
	s.out = append(s.out, "\n\n"...)
}

// fail ends the stream with an error response to the call.
func (s *stream) fail(err error) {
	s.detach()
	s.unwatch()
	s.done = true
	if s.standalone() {
		return
	}
	err = s.x.fail(err)
	s.emit(rejection(s.x.msg.id, errorObject(err)))
}

// open connects again: with a GET for the events after the last one, or by sending the message again.
func (s *stream) open(resume bool) (*http.Response, error) {
	if !resume {
		resp, err := s.x.send(s.ctx)
		if err != nil || isEventStream(resp.Header) {
			return resp, err
		}
		body, err := s.x.readResponse(s.ctx, resp) // a complete response this time
		if err != nil {
			return nil, err
		}
		body = bytes.ReplaceAll(body, []byte("\n"), []byte(" "))
		return newResponse(typeEvents, fmt.Appendf(nil, "data: %s\n\n", body)), nil
	}
	return s.x.get(s.ctx, s.lastID, !s.standalone() || !s.since.IsZero())
}

// get opens the server's own stream, or resumes a stream after an event. A 404 means a lost session only if the stream
// was open before: servers without such a stream respond with 404, too.
func (x *exchange) get(ctx context.Context, lastID string, opened bool) (*http.Response, error) {
	rt := x.rt
	op := rt.cfg.op("event stream", http.MethodGet, client.EffectRead)
	for renewed := false; ; renewed = true {
		s, err := rt.currentSession(ctx)
		if err != nil {
			return nil, err
		}
		opts := append(headers(x.header, s), client.WithStallShare(0)) // the server may be silent for long
		if lastID != "" {
			opts = append(opts, client.WithHeader("Last-Event-Id", lastID))
		}
		x.session = s
		resp, err := rt.client.Stream(ctx, op, client.Request{Accept: typeEvents}, opts...)
		switch {
		case err != nil && !renewed && opened && x.lossIn(resp) != sessionKept:
			if err := rt.renew(ctx, s, err); err != nil {
				return nil, err
			}
			if x.msg.method != "" { // the call was lost with its session
				return nil, err
			}
			lastID = ""
		case err != nil:
			return nil, err
		case !isEventStream(resp.Header) && !sniffEvents(resp):
			_ = resp.Body.Close()
			return nil, client.NewDecodeError(op, resp.StatusCode, resp.Header, nil, errNoStream)
		default:
			return resp, nil
		}
	}
}

var errNoStream = errors.New("it is not an event stream")

// mayOpenLater reports whether opening a stream may succeed later.
func mayOpenLater(err error) bool {
	var api *client.APIError
	if errors.As(err, &api) {
		return api.Retryable() || api.StatusCode == http.StatusUnauthorized
	}
	var unreadable *client.DecodeError
	return !errors.As(err, &unreadable)
}

func (s *stream) repeatable() bool { return s.x.repeatable || s.x.mayRepeat(s.ctx) }

// brokenError returns the error of a call whose stream ended before its response.
func (s *stream) brokenError(cause error) error {
	if errors.Is(cause, io.EOF) || errors.Is(cause, io.ErrUnexpectedEOF) {
		return s.x.rt.client.NewTransportError(s.x.operation(), io.ErrUnexpectedEOF)
	}
	var failed *client.TransportError
	if errors.As(cause, &failed) && !failed.OutcomeUnknown {
		cause = fmt.Errorf("the event stream broke and could not be resumed: %w", wire.Bare(cause))
	} else if failed != nil {
		return cause
	}
	return s.x.rt.client.NewTransportError(s.x.operation(), cause)
}
