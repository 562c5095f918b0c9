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

// stream is an event stream as the library sees it: one that does not break. When the connection under it does, it is
// resumed, or the message is sent again where that is safe; where neither can be, the stream ends with an error answer to
// the call, so that the library loses the call and not its session. The ids of events stay here, so that the library
// never tries to resume by itself.
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
	live      bool // the library reads it: there was more than the answer
	lastID    string
	delay     time.Duration // what the server wants between connections; -1 when it did not say
	fruitless int           // connections in a row that delivered no message
	delivered bool          // the present connection, or the last one, delivered a message
	since     time.Time     // when the present connection began
	idle      *time.Timer   // ends the stream if it brings no message
	idled     atomic.Bool   // it did
}

func newCallStream(ctx context.Context, cancel context.CancelFunc, x *exchange, resp *http.Response) *stream {
	s := &stream{ctx: ctx, cancel: cancel, x: x, delay: -1}
	s.attach(resp)
	return s
}

// listen is the stream of what the server has to say by itself. It is opened as it is read, so that a server which does
// not answer holds nobody up, and opened again for as long as the connection lasts.
func (rt *roundTripper) listen(ctx context.Context, cancel context.CancelFunc, header http.Header) *http.Response {
	nothing := message{}
	s := &stream{ctx: ctx, cancel: cancel, delay: -1, x: rt.exchange(header, &nothing, new(callState))}
	return newResponse(http.StatusOK, http.Header{"Content-Type": {acceptEvents}}, s)
}

func (s *stream) attach(resp *http.Response) {
	s.body = resp.Body
	s.events = s.x.rt.read(resp.Body)
	s.since = time.Now()
}

// read begins to read a stream, with a buffer that another one has left.
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

// standalone tells whether the stream belongs to no call.
func (s *stream) standalone() bool { return s.x.msg.method == "" }

// endless tells whether the stream is one that is opened again however often it ends.
func (s *stream) endless() bool { return s.standalone() || s.x.msg.method == methodListen }

// Read gives the library whole events.
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

// Close ends it.
func (s *stream) Close() error {
	s.done = true
	s.unwatch()
	s.detach()
	s.cancel()
	return nil
}

// readToResponse reads up to the answer to the call, and tells why there is none.
func (s *stream) readToResponse() error {
	for !s.done {
		s.advance()
	}
	if s.responded {
		return nil
	}
	return s.x.call.outcome().err
}

// advance takes one step: an event, or a new connection.
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
	s.delivered = s.delivered || m.method != "ping" // which says nothing about the call
	if owner := s.x.rt.cfg.owner; owner != nil && m.method == methodProgress {
		owner.progress.notified(m.params) // before the response, which the library may return first
		return
	}
	s.live = true
	s.emit(m.raw)
}

// What follows an answer is the end of the stream, and the connection is good for another call once that was read. It
// mostly comes within microseconds, and is waited for, since the next call would open a connection of its own otherwise.
// A server that does not end the stream has its connection closed.
const (
	finishSoon  = 2 * time.Millisecond
	finishTime  = time.Second
	finishBytes = 64 << 10
)

// finish reads an answered stream to its end, without making the caller wait for long.
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

// emit hands a message to the library. A line end in JSON is white space.
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

// fail ends the stream with an error answer to the call.
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

// open connects again: with a GET for what follows the last event, or by sending the message once more.
func (s *stream) open(resume bool) (*http.Response, error) {
	if !resume {
		resp, err := s.x.send(s.ctx)
		if err != nil || isEventStream(resp.Header) {
			return resp, err
		}
		body, err := s.x.readResponse(s.ctx, resp) // this time it did not take long enough for a stream
		if err != nil {
			return nil, err
		}
		return newResponse(http.StatusOK, nil, io.NopCloser(bytes.NewReader(fmt.Appendf(nil, "data: %s\n\n", bytes.ReplaceAll(body, []byte("\n"), []byte(" ")))))), nil
	}
	return s.x.get(s.ctx, s.lastID, !s.standalone() || !s.since.IsZero())
}

// get opens the server's own stream, or goes on with the one that an event came from. Only where one was open before does
// a 404 mean the session: some servers answer so that have no such stream.
func (x *exchange) get(ctx context.Context, lastID string, opened bool) (*http.Response, error) {
	rt := x.rt
	op := rt.cfg.op("event stream", http.MethodGet, client.EffectRead)
	for renewed := false; ; renewed = true {
		s, err := rt.currentSession(ctx)
		if err != nil {
			return nil, err
		}
		opts := append(headers(x.header, s), client.WithStallShare(0)) // the server may have nothing to say for long
		if lastID != "" {
			opts = append(opts, client.WithHeader("Last-Event-Id", lastID))
		}
		x.session = s
		resp, err := rt.client.Stream(ctx, op, client.Request{Accept: acceptEvents}, opts...)
		switch {
		case err != nil && !renewed && opened && x.lossIn(resp) != sessionKept:
			if err := rt.renew(ctx, s, err); err != nil {
				return nil, err
			}
			if x.msg.method != "" { // the call went down with its session
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

// mayOpenLater tells whether a stream that could not be opened may be there later.
func mayOpenLater(err error) bool {
	var api *client.APIError
	if errors.As(err, &api) {
		return api.Retryable() || api.StatusCode == http.StatusUnauthorized
	}
	var unreadable *client.DecodeError
	return !errors.As(err, &unreadable)
}

// repeatable tells whether the message may be sent again.
func (s *stream) repeatable() bool { return s.x.repeatable || s.x.mayRepeat(s.ctx) }

// brokenError is the error of a call whose stream ended before its answer.
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
