package pace

import (
	"context"
	"sync"
	"time"
)

// worthWaking is how much sooner its turn must be for the first in a line to be woken to set its timer anew.
const worthWaking = 50 * time.Microsecond

// line is those who wait for one key, in the order in which they came.
type line struct {
	model             model
	first, last       *waiter
	waiting           int
	at                time.Time // when the first has its turn, if nothing happens before
	granted, refusals int64
}

// waiter is one who waits.
type waiter struct {
	before, behind *waiter
	ready          chan struct{} // look again: the state is below
	set            time.Time     // what the timer is set to; of the first only
	longest        time.Duration
	deadline       time.Time
	bounded        bool // by the deadline

	done    bool
	granted bool
	wait    time.Duration // how long it would have been, where it was not granted
}

func (l *line) push(w *waiter) {
	if w.before = l.last; l.last != nil {
		l.last.behind = w
	} else {
		l.first = w
	}
	l.last = w
	l.waiting++
}

func (l *line) remove(w *waiter) {
	if w.before != nil {
		w.before.behind = w.behind
	} else {
		l.first = w.behind
	}
	if w.behind != nil {
		w.behind.before = w.before
	} else {
		l.last = w.before
	}
	w.before, w.behind, w.done = nil, nil, true
	l.waiting--
}

func (l *line) grant() {
	l.model.take()
	l.granted++
}

// serve lets those go who may, and has the next one keep the time.
func (l *line) serve(now time.Time) {
	if l.first == nil {
		return
	}
	l.model.advance(now)
	for w := l.first; w != nil; w = l.first {
		if l.at = l.model.next(); l.at.After(l.model.now) {
			if w.set.IsZero() || l.at.Before(w.set.Add(-worthWaking)) {
				w.wake() // one that wakes too early looks again by itself
			}
			return
		}
		l.grant()
		l.remove(w)
		w.granted = true
		w.wake()
	}
}

// await returns when w has its turn or is sent away, or when ctx ends. It is called and returns with the lock held.
func (l *line) await(ctx context.Context, lock *sync.Mutex, w *waiter) (time.Duration, bool, error) {
	for !w.done {
		var turn <-chan time.Time
		var timer *time.Timer
		if l.first == w {
			timer = time.NewTimer(time.Until(l.at))
			turn = timer.C
			w.set = l.at
		}
		lock.Unlock()
		var ended error
		select {
		case <-w.ready:
		case <-turn:
		case <-ctx.Done():
			ended = ctx.Err()
		}
		if timer != nil {
			timer.Stop()
		}
		lock.Lock()
		now := time.Now()
		switch {
		case ended == nil:
		case w.granted:
			l.model.advance(now)
			l.model.putBack()
			l.granted--
			l.serve(now)
			return 0, false, ended
		case !w.done:
			wait, _ := l.model.expect(0)
			l.remove(w)
			l.serve(now)
			return wait, false, ended
		}
		if !w.done {
			w.set = l.model.now // awake
			l.serve(now)
		}
	}
	return w.wait, w.granted, nil
}

func (w *waiter) wake() {
	select {
	case w.ready <- struct{}{}:
	default: // it is to look already
	}
}

// admits tells whether w may wait at a place in the line.
func (l *line) admits(w *waiter, place int) (time.Duration, bool) {
	wait, named := l.model.expect(place)
	switch {
	case named > w.longest:
		return named, false
	case wait > 0 && w.bounded && w.deadline.Before(l.model.now.Add(wait)):
		return wait, false
	}
	return 0, true
}

// dismiss sends those away whose wait has become too long.
func (l *line) dismiss() {
	place := 0
	for w := l.first; w != nil; {
		behind := w.behind
		if wait, ok := l.admits(w, place); ok {
			place++
		} else {
			l.remove(w)
			w.wait = wait
			w.wake()
		}
		w = behind
	}
}

func (l *line) stats() Stats {
	m := &l.model
	s := Stats{
		Rate: m.rate, Limit: m.limit, Remaining: -1, HeldUntil: m.closed,
		Waiting: l.waiting, InFlight: m.inflight, Granted: l.granted, Refusals: l.refusals,
		Announced: m.told, Bucket: m.kind == bucket,
	}
	switch m.kind {
	case window:
		s.Rate, s.Resets = 0, m.ends
		if limit := max(m.limit, int64(m.burst)); limit > 0 && m.length > 0 {
			s.Rate = float64(limit) / m.length.Seconds()
		}
		s.Remaining = max(int64(m.left), 0)
	case bucket:
		s.Remaining = max(int64(m.credit), 0)
	case unlimited:
		s.Rate = 0
	}
	return s
}
