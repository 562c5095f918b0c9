package redispace

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// request sends q to Redis in the background. There is never more than one request of a queue under way.
func (n *queue) request(now time.Time, q question) {
	ctx, cancel := context.WithTimeout(n.limiter.ctx, n.limiter.timeout)
	n.asking, n.asked = cancel, now
	if !n.limiter.start(&n.limiter.tasks, func() {
		defer cancel()
		n.finish(ctx, q)
	}) {
		cancel() // the Limiter is closed, which the queue notices by itself
	}
}

// finish waits for the reply and applies it.
func (n *queue) finish(ctx context.Context, q question) {
	r, err := n.limiter.ask(ctx, n.key, n.limit, q)
	if err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		err = n.limiter.diagnose(n.limiter.ctx, err) //nolint:contextcheck // ctx has probably ended
	}
	now := time.Now()
	n.mu.Lock()
	if err == nil && r.lost {
		// Each process restores what it knows, which is less than all of them got. If that happens repeatedly, the
		// share is safer.
		if now.Sub(n.lostAt) < forgetful {
			err = errForgetful
		}
		n.lostAt, n.budget.known = now, r.known
	}
	sent, slow := n.asked, n.isSlow(now)
	n.asking = nil
	var failed, recovered bool
	switch {
	case err == nil:
		recovered = n.outage.away
		n.outage = outage{}
		n.apply(q, r, sent, now)
	case n.limiter.ctx.Err() != nil:
	case errors.Is(ctx.Err(), context.Canceled) && !slow:
		// The calls gave up, which proves nothing about Redis.
	default:
		failed = true
		n.outage.failed(now)
	}
	n.mu.Unlock()
	switch reports := &n.limiter.reports; {
	case failed:
		reports.failed(ctx, n, now, err)
	case recovered:
		reports.recovered(ctx, n, now)
	}
	if r.lost {
		n.limiter.reports.forgotten(ctx, now)
	}
	n.poke()
}

// apply notes the reply of Redis and hands the slots out. Slots of calls that gave up meanwhile are not used.
func (n *queue) apply(q question, r reply, sent, now time.Time) {
	valid := n.budget.valid(sent, now)
	wait := n.budget.apply(q, r, sent, now)
	for i := range r.granted {
		if !n.grant(now, max(0, r.delay(i+1, n.limit)), valid) {
			break
		}
	}
	n.refuse(now, wait)
}

const (
	firstProbe = 250 * time.Millisecond
	lastProbe  = 5 * time.Second
)

// forgetful is the time within which a second loss of a budget shows that Redis does not keep it.
const forgetful = 10 * time.Second

var errForgetful = fmt.Errorf("%w: it loses the budget again and again; maxmemory-policy must be noeviction",
	ErrMisconfigured)

// outage is the state of a queue while Redis is away. Calls are served locally. In the background, Redis is asked for
// no slots until it replies.
type outage struct {
	away  bool
	next  time.Time // when Redis is asked again
	delay time.Duration
}

func (o *outage) failed(now time.Time) {
	o.away = true
	o.delay = min(max(2*o.delay, firstProbe), lastProbe)
	o.next = now.Add(o.delay)
}
