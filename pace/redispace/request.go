package redispace

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// request sends q to Redis in the background. There is never more than one request of a queue under way.
func (q *queue) request(now time.Time, args scriptArgs) {
	ctx, cancel := context.WithTimeout(q.limiter.ctx, q.limiter.timeout)
	q.cancelRequest, q.requestedAt = cancel, now
	if !q.limiter.start(&q.limiter.tasks, func() {
		defer cancel()
		q.finish(ctx, args)
	}) {
		cancel() // the Limiter is closed, which the queue notices by itself
	}
}

// finish waits for the reply and applies it.
func (q *queue) finish(ctx context.Context, args scriptArgs) {
	r, err := q.limiter.runScript(ctx, q.key, q.limit, args)
	if err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		err = q.limiter.diagnose(q.limiter.ctx, err) //nolint:contextcheck // ctx has probably ended
	}
	now := time.Now()
	q.mu.Lock()
	if err == nil && r.lost {
		// Each process restores what it knows, which is less than all of them got. If that happens repeatedly, the
		// share is safer.
		if now.Sub(q.lostAt) < lossInterval {
			err = errRepeatedLoss
		}
		q.lostAt, q.budget.known = now, r.known
	}
	sent, slow := q.requestedAt, q.isSlow(now)
	q.cancelRequest = nil
	var failed, recovered bool
	switch {
	case err == nil:
		recovered = q.outage.away
		q.outage = outage{}
		q.apply(args, r, sent, now)
	case q.limiter.ctx.Err() != nil:
	case errors.Is(ctx.Err(), context.Canceled) && !slow:
		// The calls gave up, which proves nothing about Redis.
	default:
		failed = true
		q.outage.failed(now)
	}
	q.mu.Unlock()
	switch reports := &q.limiter.reports; {
	case failed:
		reports.failed(ctx, q, now, err)
	case recovered:
		reports.recovered(ctx, q, now)
	}
	if r.lost {
		q.limiter.reports.forgotten(ctx, now)
	}
	q.signal()
}

// apply notes the reply of Redis and hands the slots out. Slots of calls that gave up meanwhile are not used.
func (q *queue) apply(args scriptArgs, r reply, sent, now time.Time) {
	valid := q.budget.valid(sent, now)
	wait := q.budget.apply(args, r, sent, now)
	for i := range r.granted {
		if !q.grant(now, max(0, r.delay(i+1, q.limit)), valid) {
			break
		}
	}
	q.refuse(now, wait)
}

const (
	firstProbe = 250 * time.Millisecond
	lastProbe  = 5 * time.Second
)

// lossInterval is the time within which a second loss of a budget shows that Redis does not keep it.
const lossInterval = 10 * time.Second

var errRepeatedLoss = fmt.Errorf("%w: it loses the budget again and again; maxmemory-policy must be noeviction",
	ErrMisconfigured)

// outage is the state of a queue while Redis is away. Calls are served locally. In the background, Redis is probed with
// requests for no slots until it replies.
type outage struct {
	away  bool
	next  time.Time // the next probe
	delay time.Duration
}

func (o *outage) failed(now time.Time) {
	o.away = true
	o.delay = min(max(2*o.delay, firstProbe), lastProbe)
	o.next = now.Add(o.delay)
}
