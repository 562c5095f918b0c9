package mcpclient

import (
	"errors"
	"net/http"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

var errIdle = errors.New("the event stream brought no message for too long")

// watch starts the timer that ends the stream if it brings no message. A stream that belongs to no call may be quiet.
func (s *stream) watch() {
	limit, cancel := s.x.rt.cfg.idle, s.cancel
	if limit == 0 || s.idle != nil || s.endless() || s.events.lines.Buffered() > 0 {
		return
	}
	if deadline, ok := s.ctx.Deadline(); ok && time.Until(deadline) <= limit {
		return // the call ends earlier
	}
	s.idle = time.AfterFunc(limit, func() {
		s.idled.Store(true)
		cancel()
	})
}

func (s *stream) unwatch() {
	if s.idle != nil {
		s.idle.Stop()
	}
}

// holdsMessage reports whether an event is complete although the stream ended: some servers omit the empty line.
func (s *stream) holdsMessage(e *event) bool {
	_, err := readMessage(e.data)
	return err == nil
}

func (s *stream) dispatch(e *event) {
	if e.id != "" {
		s.lastID = e.id
	}
	if e.retry >= 0 {
		s.delay = e.retry
	}
	batch, err := readMessages(e.data)
	if err != nil {
		s.garbled(e)
		return
	}
	for _, m := range batch {
		if s.done || s.events == nil {
			return
		}
		s.receive(m)
	}
}

// garbled handles an event that is no message.
func (s *stream) garbled(e *event) {
	if s.endless() || (e.name != "" && e.name != "message") || isHeartbeat(e.data) {
		return
	}
	s.fail(s.x.unreadable(s.ctx, http.StatusOK, nil, e.data, errNotResponse))
}

// receive handles a message of the stream.
func (s *stream) receive(m message) {
	if s.idle != nil {
		s.idle.Reset(s.x.rt.cfg.idle)
	}
	switch {
	case m.method != "":
		// Messages over the allowance are dropped.
		if s.allowance.allows(len(m.raw), time.Now()) && wire.CheckAny(m.raw) == nil && decodable(&m) {
			s.deliver(&m)
		}
		return
	case s.standalone():
		return // a response to another call
	case m.id == nil && m.failed != nil: // the server could not identify the request
	case !matchesID(m.id, s.x.msg.id):
		return
	}
	if m.failed != nil && s.replaceSession(&m) {
		return
	}
	m, err := s.x.accept(s.ctx, m, http.StatusOK, nil)
	if err != nil {
		s.fail(err)
		return
	}
	if s.x.msg.method == methodListen && m.failed == nil {
		s.detach() // the server shuts down: subscribe again
		return
	}
	if s.live {
		s.emit(m.raw)
	}
	s.x.responded(&m)
	if s.x.readsResult(&m) {
		s.x.call.update(func(o *outcome) { o.complete = true })
	}
	s.responded, s.done = true, true
	s.finish()
}

// replaceSession opens a new session if the server has forgotten the present one, and sends the message again.
func (s *stream) replaceSession(m *message) bool {
	again, err := s.x.recoverSession(s.ctx, &http.Response{StatusCode: http.StatusOK, Body: newHeldBody(m.raw)}, nil)
	if err != nil {
		s.fail(err)
		return true
	}
	if !again {
		return false
	}
	s.detach()
	s.lastID = ""              // it belongs to the lost session
	resp, err := s.open(false) //nolint:bodyclose // the stream closes it
	if err != nil {
		s.fail(s.x.withOutcome(err))
		return true
	}
	s.attach(resp)
	return true
}
