package mcpclient

import (
	"context"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/retry"
)

// The delays between connections, and how many connections in a row may make no progress.
const (
	reconnectBase     = 250 * time.Millisecond
	reconnectShortest = 100 * time.Millisecond // whatever the server asks for
	reconnectLongest  = 30 * time.Second
	maxFruitless      = 5
	steadyStream      = 5 * time.Second // what lasts so long is progress for a stream without an end
)

// reconnect goes on after the connection ended, or before there was one.
func (s *stream) reconnect(cause error) {
	first := s.events == nil && s.lastID == "" && s.fruitless == 0
	s.detach()
	if s.ctx.Err() != nil {
		s.fail(s.x.rt.client.NewTransportError(s.x.operation(), contextError(s.ctx)))
		return
	}
	resume := s.standalone() || s.lastID != ""
	if !resume && s.x.msg.method != methodListen && !s.repeatable() {
		s.fail(s.brokenError(cause))
		return
	}
	s.countConnection(resume)
	if s.fruitless > maxFruitless && !s.endless() {
		s.fail(s.brokenError(cause))
		return
	}
	if !s.endless() || !first {
		if err := s.pause(); err != nil {
			s.fail(s.x.rt.client.NewTransportError(s.x.operation(), err))
			return
		}
	}
	resp, err := s.open(resume)
	switch {
	case err == nil:
		s.attach(resp)
	case s.standalone() && !mayOpenLater(err):
		<-s.ctx.Done() // there is no such stream: its reader waits
		s.done = true
	case s.endless() && !mayOpenLater(err):
		s.fail(s.brokenError(err))
	case s.endless() && context.Cause(s.ctx) == nil, resume && s.repeatable():
		s.lastID = "" // the events that were missed are gone
	default:
		s.fail(s.brokenError(err))
	}
}

// countConnection counts the connections in a row without real progress. Progress is a message that was delivered. A
// new event id is none, because a server can send one forever. A message before the call is sent again is none either:
// the tool then starts from the beginning.
func (s *stream) countConnection(resume bool) {
	progress := s.delivered && resume
	if s.endless() {
		progress = !s.since.IsZero() && time.Since(s.since) > steadyStream
	}
	s.delivered = false
	s.fruitless++
	if progress {
		s.fruitless = 0
	}
}

// pause waits as long as the server asks for, within bounds, or for a time that grows.
func (s *stream) pause() error {
	d := s.delay
	if d < 0 || s.fruitless > 1 {
		d = max(d, retry.Backoff(max(s.fruitless, 1), reconnectBase, reconnectLongest))
	}
	d = max(d, reconnectShortest)
	if retry.Wait(s.ctx, d) != nil {
		return contextError(s.ctx)
	}
	return nil
}
