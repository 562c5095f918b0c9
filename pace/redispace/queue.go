package redispace

import (
	"container/list"
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/interchange-sdk/interchange-go/pace"
)

// queue holds the waiting calls of one budget. A goroutine dispatches slots to them while there are any.
type queue struct {
	limiter *Limiter
	key     string // in Redis
	limit   Limit
	local   *rate.Limiter // the share of this process, used while Redis is away
	wake    chan struct{} // interrupts the goroutine's sleep

	mu            sync.Mutex
	waiters       list.List // of *waiter
	dispatching   bool
	cancelRequest context.CancelFunc // of the request to Redis; nil if there is none
	requestedAt   time.Time
	budget        budget
	outage        outage
	lostAt        time.Time // when Redis was last found to have lost the budget
}

// waiter is a call in the queue.
type waiter struct {
	longest  time.Duration
	deadline time.Time // zero if there is none
	slots    chan slot
}

// slot is the result for a waiter: the time at which it may send, or an error. A slot that is used long after its
// time would be one of many at once.
type slot struct {
	at    time.Time
	until time.Time // it may be used
	err   error
}

func newQueue(l *Limiter, key string, limit Limit) *queue {
	perSecond := l.share * float64(limit.Requests) / limit.Per.Seconds()
	burst := max(1, int(l.share*float64(limit.burst())))
	return &queue{
		limiter: l, key: key, limit: limit, local: rate.NewLimiter(rate.Limit(perSecond), burst),
		wake: make(chan struct{}, 1), budget: budget{limit: limit},
	}
}

// join waits in the queue for a slot. A call that was already served joins at the front.
func (q *queue) join(ctx context.Context, longest time.Duration, first bool) (slot, error) {
	w := &waiter{longest: longest, slots: make(chan slot, 1)}
	w.deadline, _ = ctx.Deadline()
	q.mu.Lock()
	// The calls ahead in this process take at least this long; those of other machines come on top.
	ahead := time.Duration(float64(max(0, q.waiters.Len()-q.limit.burst())) * q.limit.interval())
	if !w.deadline.IsZero() && !first && ahead > 0 && time.Until(w.deadline) < ahead {
		q.mu.Unlock()
		return slot{}, &pace.WaitError{RetryAfter: ahead, PastDeadline: true}
	}
	var place *list.Element
	if first {
		place = q.waiters.PushFront(w)
	} else {
		place = q.waiters.PushBack(w)
	}
	if !q.dispatching {
		if !q.limiter.start(&q.limiter.tasks, q.dispatch) {
			q.waiters.Remove(place)
			q.mu.Unlock()
			return slot{}, ErrClosed
		}
		q.dispatching = true
	}
	q.mu.Unlock()
	q.signal()
	select {
	case s := <-w.slots:
		return s, s.err
	case <-ctx.Done():
		q.leave(place)
		return slot{}, ctx.Err()
	}
}

// leave removes a call that gave up. The last one ends the request to Redis that was made for it.
func (q *queue) leave(place *list.Element) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiters.Remove(place)
	if q.waiters.Len() > 0 {
		return
	}
	if q.cancelRequest != nil {
		q.cancelRequest()
	}
	q.signal()
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// hold stops all calls until a time that the platform named.
func (q *queue) hold(until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.budget.hold(until)
	q.signal()
}

func (q *queue) isHeld(now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.budget.held.After(now)
}

// isIdle reports whether the queue can be forgotten.
func (q *queue) isIdle(now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	away := q.outage.away && now.Sub(q.outage.next) < abandoned
	return !q.dispatching && !away && !q.budget.held.After(now)
}

// maxWait returns how long the call may still wait.
func (w *waiter) maxWait(now time.Time) time.Duration {
	if !w.deadline.IsZero() {
		return min(w.longest, w.deadline.Sub(now))
	}
	return w.longest
}

// refuse sends calls at the front of the queue away if the wait is too long for them.
func (q *queue) refuse(now time.Time, wait time.Duration) {
	for wait > 0 {
		front := q.waiters.Front()
		if front == nil {
			return
		}
		w := front.Value.(*waiter)
		if w.maxWait(now) >= wait {
			return
		}
		q.waiters.Remove(front)
		w.refuse(now, wait)
	}
}

func (w *waiter) refuse(now time.Time, wait time.Duration) {
	past := !w.deadline.IsZero() && w.deadline.Sub(now) < wait
	w.slots <- slot{err: &pace.WaitError{RetryAfter: wait, PastDeadline: past}}
}

// grant gives the next call in the queue a slot after delay, which expires after valid. Calls for which the slot is
// too late are sent away. It reports whether the slot was used.
func (q *queue) grant(now time.Time, delay, valid time.Duration) bool {
	q.refuse(now, delay)
	front := q.waiters.Front()
	if front == nil {
		return false
	}
	q.waiters.Remove(front)
	at := now.Add(delay)
	front.Value.(*waiter).slots <- slot{at: at, until: at.Add(valid)}
	return true
}
