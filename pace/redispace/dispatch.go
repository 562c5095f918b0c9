package redispace

import "time"

// step is the next action of the goroutine of a queue.
type step struct {
	done bool          // the queue is empty
	away bool          // Redis is away
	wait time.Duration // otherwise sleep
}

// dispatch runs until the queue is empty. Each request to Redis has a goroutine of its own, so that a slow one does not
// stop the queue.
func (n *queue) dispatch() {
	for {
		s := n.plan(time.Now())
		if s.away {
			n.limiter.reports.remind(n.limiter.ctx, time.Now())
		}
		if s.done {
			return
		}
		n.sleep(s.wait)
	}
}

// sleep ends early if something changes.
func (n *queue) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-n.wake:
	case <-n.limiter.ctx.Done():
	}
}

// plan serves the calls that need no request to Redis, sends a request for the others if it is time, and returns
// the next step.
func (n *queue) plan(now time.Time) (s step) {
	n.mu.Lock()
	defer n.mu.Unlock()
	defer func() {
		if n.waiters.Len() == 0 {
			n.dispatching, s.done = false, true
		}
	}()
	if n.limiter.ctx.Err() != nil {
		for e := n.waiters.Front(); e != nil; e = n.waiters.Front() {
			n.waiters.Remove(e).(*waiter).slots <- slot{err: ErrClosed}
		}
		return s
	}
	if n.waiters.Len() == 0 {
		return s
	}
	held, next := n.budget.held.Sub(now), n.budget.next.Sub(now)
	s.wait = time.Hour // the reply wakes the goroutine
	switch {
	case n.outage.away || n.isSlow(now):
		s.away = n.outage.away
		if n.asking == nil {
			if s.wait = n.outage.next.Sub(now); s.wait <= 0 {
				q := n.question(now)
				q.wanted, s.wait = 0, time.Hour
				n.request(now, q)
			}
		}
		s.wait = min(s.wait, n.serveLocally(now, held))
	case n.asking != nil:
		s.wait = n.asked.Add(n.budget.slow()).Sub(now)
	case n.budget.mustTell(now):
		n.request(now, n.question(now))
	case held > 0:
		n.refuse(now, held)
		s.wait = min(held, repeatHold)
	case n.budget.ask.After(now) && n.waiters.Front().Value.(*waiter).patience(now) >= next:
		s.wait = n.budget.ask.Sub(now)
	default:
		// Before a call is refused, Redis is asked whether the wait is still that long.
		n.request(now, n.question(now))
	}
	return s
}

// isSlow reports whether Redis is so slow that calls should not wait for it any longer.
func (n *queue) isSlow(now time.Time) bool {
	return n.asking != nil && now.Sub(n.asked) >= n.budget.slow()
}

// serveLocally grants what the share of this process allows. It returns the time until it allows the next call.
func (n *queue) serveLocally(now time.Time, held time.Duration) time.Duration {
	if held > 0 {
		n.refuse(now, held)
		return held
	}
	for n.waiters.Len() > 0 {
		r := n.local.ReserveN(now, 1)
		if wait := r.DelayFrom(now); wait > 0 {
			r.CancelAt(now)
			n.refuse(now, wait)
			return wait
		}
		if !n.grant(now, 0, leastValid) {
			r.CancelAt(now)
		}
	}
	return time.Hour
}

// question asks for slots for the calls at the front of the queue. A call that may be too impatient, given what is
// known of the budget, is not asked for together with more patient ones, whose slots may then be too late for it.
//
// While there is a hold, it asks for no slots, and only passes the hold to Redis.
func (n *queue) question(now time.Time) question {
	q := question{
		horizon: n.limit.horizon(), quantum: n.budget.quantum(), known: n.budget.known,
		hold: max(0, n.budget.held.Sub(now)), until: n.budget.held,
	}
	if q.hold > 0 {
		return q
	}
	least := max(0, n.budget.next.Sub(now)) + q.quantum
	for e := n.waiters.Front(); e != nil; e = e.Next() {
		patience := max(0, e.Value.(*waiter).patience(now))
		if q.wanted == 0 {
			least = min(least, patience)
		}
		if patience < least {
			break
		}
		q.wanted++
		q.horizon = min(q.horizon, patience)
	}
	return q
}
