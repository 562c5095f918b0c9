package pace

import (
	"context"
	"sync"
	"time"
)

// rearmThreshold is the time by which the first waiter must be due before its timer to be woken.
const rearmThreshold = 50 * time.Microsecond

// queue holds the waiters of one key in order of arrival. The first one keeps the timer for all.
type queue struct {
	model             model
	first, last       *waiter
	waiting           int
	nextAt            time.Time // when the first waiter is due if nothing happens before
	granted, refusals int64
}

type waiter struct {
	prev, next  *waiter
	wake        chan struct{} // signals that the fields below may have changed
	timerAt     time.Time     // the setting of the timer; of the first waiter only
	longest     time.Duration
	deadline    time.Time
	hasDeadline bool

	done    bool  // no longer in the queue
	granted bool  // the attempt may be sent
	err     error // the reason if not
}

func newWaiter(longest time.Duration) *waiter {
	return &waiter{longest: longest, wake: make(chan struct{}, 1)}
}

func (q *queue) push(w *waiter) {
	if w.prev = q.last; q.last != nil {
		q.last.next = w
	} else {
		q.first = w
	}
	q.last = w
	q.waiting++
}

func (q *queue) remove(w *waiter) {
	if w.prev != nil {
		w.prev.next = w.next
	} else {
		q.first = w.next
	}
	if w.next != nil {
		w.next.prev = w.prev
	} else {
		q.last = w.prev
	}
	w.prev, w.next, w.done = nil, nil, true
	q.waiting--
}

func (q *queue) grant() {
	q.model.grant()
	q.granted++
}

// dispatch releases every waiter that is due and wakes the next one if its timer must be reset.
func (q *queue) dispatch(now time.Time) {
	if q.first == nil {
		return
	}
	q.model.advance(now)
	for w := q.first; w != nil; w = q.first {
		if q.nextAt = q.model.next(); q.nextAt.After(q.model.now) {
			if w.timerAt.IsZero() || q.nextAt.Before(w.timerAt.Add(-rearmThreshold)) {
				w.signal() // a timer that fires too early is reset by its waiter
			}
			return
		}
		q.grant()
		q.remove(w)
		w.granted = true
		w.signal()
	}
}

// await returns when w is granted or rejected, or when ctx ends. It is called and returns with the lock held.
func (q *queue) await(ctx context.Context, lock *sync.Mutex, w *waiter) error {
	for !w.done {
		var due <-chan time.Time
		var timer *time.Timer
		if q.first == w {
			timer = time.NewTimer(time.Until(q.nextAt))
			due = timer.C
			w.timerAt = q.nextAt
		}
		lock.Unlock()
		var ended error
		select {
		case <-w.wake:
		case <-due:
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
			q.model.advance(now)
			q.model.cancel()
			q.granted--
			q.dispatch(now)
			return ended
		case !w.done:
			q.remove(w)
			q.dispatch(now)
			return ended
		}
		if !w.done {
			w.timerAt = q.model.now // awake, so no signal is needed
			q.dispatch(now)
		}
	}
	return w.err
}

func (w *waiter) signal() {
	select {
	case w.wake <- struct{}{}:
	default: // a signal is pending
	}
}

// check returns a WaitError if w cannot wait at a position of the queue.
func (q *queue) check(w *waiter, position int) error {
	wait, named := q.model.estimateWait(position)
	past := func(wait time.Duration) bool { return w.hasDeadline && w.deadline.Before(q.model.now.Add(wait)) }
	switch {
	case named > w.longest:
		return &WaitError{RetryAfter: named, PastDeadline: past(named)}
	case wait > 0 && past(wait):
		return &WaitError{RetryAfter: wait, PastDeadline: true}
	}
	return nil
}

// rejectLate removes the waiters whose wait has become too long.
func (q *queue) rejectLate() {
	position := 0
	for w := q.first; w != nil; {
		next := w.next
		if w.err = q.check(w, position); w.err == nil {
			position++
		} else {
			q.remove(w)
			w.signal()
		}
		w = next
	}
}

func (q *queue) stats() Stats {
	m := &q.model
	s := Stats{
		Rate: m.rate, Limit: m.limit, Remaining: -1, HeldUntil: m.heldUntil,
		Waiting: q.waiting, InFlight: m.inFlight, Granted: q.granted, Refusals: q.refusals,
		Announced: m.announced, Bucket: m.kind == kindBucket,
	}
	switch m.kind {
	case kindWindow:
		s.Rate, s.Reset = 0, m.ends
		if limit := max(m.limit, int64(m.burst)); limit > 0 && m.length > 0 {
			s.Rate = float64(limit) / m.length.Seconds()
		}
		s.Remaining = max(int64(m.left), 0)
	case kindBucket:
		s.Remaining = max(int64(m.credit), 0)
	case kindUnlimited:
		s.Rate = 0
	}
	return s
}
