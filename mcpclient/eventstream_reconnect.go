package mcpclient

import (
	"context"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/retry"
)

const (
	reconnectBase     = 250 * time.Millisecond
	reconnectShortest = 100 * time.Millisecond
	reconnectLongest  = 30 * time.Second
	maxFruitless      = 5               // connections in a row without progress
	steadyStream      = 5 * time.Second // an endless stream that lasts so long has made progress
)

// reconnect opens the first or the next connection.
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
	resp, err := s.open(resume) //nolint:bodyclose // the stream closes it
	switch {
	case err == nil:
		s.attach(resp)
	case s.standalone() && !mayOpenLater(err):
		<-s.ctx.Done() // there is no such stream: its reader waits
		s.done = true
	case s.endless() && !mayOpenLater(err):
		s.fail(s.brokenError(err))
	case s.endless() && context.Cause(s.ctx) == nil, resume && s.repeatable():
		s.lastID = "" // the missed events are lost
	default:
		s.fail(s.brokenError(err))
	}
}

// countConnection counts connections in a row without progress. A delivered message is progress, unless the call is
// sent again afterwards, because the tool then starts over. An event id alone is none: a server can send one forever.
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

// pause waits for the delay that the server asks for, within bounds, or for a growing one.
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
