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
func (q *queue) dispatch() {
	for {
		s := q.plan(time.Now())
		if s.away {
			q.limiter.reports.remind(q.limiter.ctx, time.Now())
		}
		if s.done {
			return
		}
		q.sleep(s.wait)
	}
}

// sleep ends early if something changes.
func (q *queue) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-q.wake:
	case <-q.limiter.ctx.Done():
	}
}

// plan serves the calls that need no request to Redis, sends a request for the others if it is time, and returns
// the next step.
func (q *queue) plan(now time.Time) (s step) {
	q.mu.Lock()
	defer q.mu.Unlock()
	defer func() {
		if q.waiters.Len() == 0 {
			q.dispatching, s.done = false, true
		}
	}()
	if q.limiter.ctx.Err() != nil {
		for e := q.waiters.Front(); e != nil; e = q.waiters.Front() {
			q.waiters.Remove(e).(*waiter).slots <- slot{err: ErrClosed}
		}
		return s
	}
	if q.waiters.Len() == 0 {
		return s
	}
	held, next := q.budget.held.Sub(now), q.budget.next.Sub(now)
	s.wait = time.Hour // the reply wakes the goroutine
	switch {
	case q.outage.away || q.isSlow(now):
		s.away = q.outage.away
		if q.cancelRequest == nil {
			if s.wait = q.outage.next.Sub(now); s.wait <= 0 {
				args := q.scriptArgs(now)
				args.wanted, s.wait = 0, time.Hour
				q.request(now, args)
			}
		}
		s.wait = min(s.wait, q.serveLocally(now, held))
	case q.cancelRequest != nil:
		s.wait = q.requestedAt.Add(q.budget.slow()).Sub(now)
	case q.budget.mustShareHold(now):
		q.request(now, q.scriptArgs(now))
	case held > 0:
		q.refuse(now, held)
		s.wait = min(held, repeatHold)
	case q.budget.requestAt.After(now) && q.waiters.Front().Value.(*waiter).maxWait(now) >= next:
		s.wait = q.budget.requestAt.Sub(now)
	default:
		// Redis confirms that the wait is still that long before a call is refused.
		q.request(now, q.scriptArgs(now))
	}
	return s
}

// isSlow reports whether Redis is so slow that calls should not wait for it any longer.
func (q *queue) isSlow(now time.Time) bool {
	return q.cancelRequest != nil && now.Sub(q.requestedAt) >= q.budget.slow()
}

// serveLocally grants what the share of this process allows. It returns the time until it allows the next call.
func (q *queue) serveLocally(now time.Time, held time.Duration) time.Duration {
	if held > 0 {
		q.refuse(now, held)
		return held
	}
	for q.waiters.Len() > 0 {
		r := q.local.ReserveN(now, 1)
		if wait := r.DelayFrom(now); wait > 0 {
			r.CancelAt(now)
			q.refuse(now, wait)
			return wait
		}
		if !q.grant(now, 0, minValid) {
			r.CancelAt(now)
		}
	}
	return time.Hour
}

// scriptArgs asks for slots for the calls at the front of the queue. A call that may be too impatient, given what is
// known of the budget, is not combined with more patient ones, whose slots may then be too late for it.
//
// While there is a hold, it asks for no slots, and only passes the hold to Redis.
func (q *queue) scriptArgs(now time.Time) scriptArgs {
	args := scriptArgs{
		horizon: q.limit.horizon(), quantum: q.budget.quantum(), known: q.budget.known,
		hold: max(0, q.budget.held.Sub(now)), until: q.budget.held,
	}
	if args.hold > 0 {
		return args
	}
	least := max(0, q.budget.next.Sub(now)) + args.quantum
	for e := q.waiters.Front(); e != nil; e = e.Next() {
		maxWait := max(0, e.Value.(*waiter).maxWait(now))
		if args.wanted == 0 {
			least = min(least, maxWait)
		}
		if maxWait < least {
			break
		}
		args.wanted++
		args.horizon = min(args.horizon, maxWait)
	}
	return args
}
