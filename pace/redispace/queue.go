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

	mu          sync.Mutex
	waiters     list.List // of *waiter
	dispatching bool
	asking      context.CancelFunc // ends the request to Redis; nil if there is none
	asked       time.Time          // when it was sent
	budget      budget
	outage      outage
	lostAt      time.Time // when Redis was last found to have lost the budget
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
func (n *queue) join(ctx context.Context, longest time.Duration, first bool) (slot, error) {
	w := &waiter{longest: longest, slots: make(chan slot, 1)}
	w.deadline, _ = ctx.Deadline()
	n.mu.Lock()
	// The calls ahead in this process take at least this long; those of other machines come on top.
	ahead := time.Duration(float64(max(0, n.waiters.Len()-n.limit.burst())) * n.limit.interval())
	if !w.deadline.IsZero() && !first && ahead > 0 && time.Until(w.deadline) < ahead {
		n.mu.Unlock()
		return slot{}, &pace.WaitError{RetryAfter: ahead, PastDeadline: true}
	}
	var place *list.Element
	if first {
		place = n.waiters.PushFront(w)
	} else {
		place = n.waiters.PushBack(w)
	}
	if !n.dispatching {
		if !n.limiter.start(&n.limiter.tasks, n.dispatch) {
			n.waiters.Remove(place)
			n.mu.Unlock()
			return slot{}, ErrClosed
		}
		n.dispatching = true
	}
	n.mu.Unlock()
	n.poke()
	select {
	case s := <-w.slots:
		return s, s.err
	case <-ctx.Done():
		n.leave(place)
		return slot{}, ctx.Err()
	}
}

// leave removes a call that gave up. The last one ends the request to Redis that was made for it.
func (n *queue) leave(place *list.Element) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.waiters.Remove(place)
	if n.waiters.Len() > 0 {
		return
	}
	if n.asking != nil {
		n.asking()
	}
	n.poke()
}

func (n *queue) poke() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// hold stops all calls until a time that the platform named.
func (n *queue) hold(until time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.budget.hold(until)
	n.poke()
}

func (n *queue) isHeld(now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.budget.held.After(now)
}

// isIdle reports whether the queue can be forgotten.
func (n *queue) isIdle(now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	away := n.outage.away && now.Sub(n.outage.next) < abandoned
	return !n.dispatching && !away && !n.budget.held.After(now)
}

// patience is the time a call may still wait.
func (w *waiter) patience(now time.Time) time.Duration {
	if !w.deadline.IsZero() {
		return min(w.longest, w.deadline.Sub(now))
	}
	return w.longest
}

// refuse sends calls at the front of the queue away if the wait is too long for them.
func (n *queue) refuse(now time.Time, wait time.Duration) {
	for wait > 0 {
		front := n.waiters.Front()
		if front == nil {
			return
		}
		w := front.Value.(*waiter)
		if w.patience(now) >= wait {
			return
		}
		n.waiters.Remove(front)
		w.refuse(now, wait)
	}
}

func (w *waiter) refuse(now time.Time, wait time.Duration) {
	past := !w.deadline.IsZero() && w.deadline.Sub(now) < wait
	w.slots <- slot{err: &pace.WaitError{RetryAfter: wait, PastDeadline: past}}
}

// grant gives the next call in the queue a slot after delay, which expires after valid. Calls for which the slot is
// too late are sent away. It reports whether the slot was used.
func (n *queue) grant(now time.Time, delay, valid time.Duration) bool {
	n.refuse(now, delay)
	front := n.waiters.Front()
	if front == nil {
		return false
	}
	n.waiters.Remove(front)
	at := now.Add(delay)
	front.Value.(*waiter).slots <- slot{at: at, until: at.Add(valid)}
	return true
}
