package redispace

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// take takes one slot of the budget; otherwise it says after how long to ask again.
func (l *Limiter) take(ctx context.Context, n *line) time.Duration {
	until, unsaid := n.held()
	if left := time.Until(until); left > 0 && !unsaid {
		return left
	}
	if l.outage.over() {
		wait, err := l.ask(ctx, n)
		if err == nil {
			l.outage.end(ctx, l)
			return wait
		}
		if ctx.Err() != nil { // the caller gave up, which says nothing about Redis
			return time.Nanosecond
		}
		l.outage.begin(ctx, l, err)
	}
	until, _ = n.held()
	if left := time.Until(until); left > 0 {
		return left
	}
	return n.local.take()
}

// ask is takeShared for as long as ctx and the timeout last, also where go-redis does not heed them.
func (l *Limiter) ask(ctx context.Context, n *line) (time.Duration, error) {
	type answer struct {
		wait time.Duration
		err  error
	}
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	answers := make(chan answer, 1)
	go func() {
		wait, err := l.takeShared(ctx, n)
		answers <- answer{wait, err}
	}()
	select {
	case a := <-answers:
		return a.wait, a.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// takeShared takes a slot from the budget in Redis. The other machines' refusals are seen there, and they see ours.
func (l *Limiter) takeShared(ctx context.Context, n *line) (time.Duration, error) {
	holdKey := n.key + ":hold"
	until, unsaid := n.held()
	if left := time.Until(until); left > 0 && unsaid {
		// A hold that ends earlier than one that is there must not shorten it.
		there, err := l.rdb.PTTL(ctx, holdKey).Result()
		if err != nil {
			return 0, err
		}
		if there < left {
			if err := l.rdb.Set(ctx, holdKey, "", left).Err(); err != nil {
				return 0, err
			}
		}
		n.said(until)
		return max(left, there), nil
	}
	left, err := l.rdb.PTTL(ctx, holdKey).Result()
	if err != nil {
		return 0, err
	}
	if left > 0 {
		return spread(left, n.limit), nil
	}
	got, err := l.gcra.Allow(ctx, n.key, n.limit.gcra())
	if err != nil {
		return 0, err
	}
	switch {
	case got.Allowed > 0:
		return 0, nil
	case got.RetryAfter > n.limit.Per: // beyond what any burst takes: the clock of Redis has been set back
		return time.Microsecond, l.gcra.Reset(ctx, n.key)
	}
	return spread(got.RetryAfter, n.limit), nil
}

// spread adds up to an interval to a wait, so that machines which wait for the same moment do not all ask at once, nor
// the same one first each time.
func spread(wait time.Duration, limit Limit) time.Duration {
	return max(wait, time.Microsecond) + rand.N(max(min(limit.interval()/4, 50*time.Millisecond), time.Microsecond)) //nolint:gosec // not a secret
}

// bucket is the share of the limit that a process has to itself.
type bucket struct{ limiter *rate.Limiter }

func newBucket(limit Limit, share float64) *bucket {
	perSecond := share * float64(limit.Requests) / limit.Per.Seconds()
	burst := max(1, int(share*float64(limit.burst())))
	return &bucket{rate.NewLimiter(rate.Limit(perSecond), burst)}
}

func (b *bucket) take() time.Duration {
	now := time.Now()
	r := b.limiter.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// outage is the time for which Redis does not answer.
type outage struct {
	mu    sync.Mutex
	away  bool
	next  time.Time // when Redis is asked again
	delay time.Duration
}

// over tells whether Redis is to be asked. During an outage one call asks each time; the others go on without.
func (o *outage) over() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.away {
		return true
	}
	now := time.Now()
	if now.Before(o.next) {
		return false
	}
	o.next = now.Add(o.delay)
	return true
}

func (o *outage) begin(ctx context.Context, l *Limiter, cause error) {
	o.mu.Lock()
	first := !o.away
	o.away = true
	o.delay = min(max(2*o.delay, firstProbe), lastProbe)
	o.next = time.Now().Add(o.delay)
	o.mu.Unlock()
	if first && l.log != nil {
		l.log.WarnContext(ctx, "redis is away; going on with a share of the limit", "share", l.share, "error", cause.Error())
	}
}

func (o *outage) end(ctx context.Context, l *Limiter) {
	o.mu.Lock()
	was := o.away
	o.away, o.delay = false, 0
	o.mu.Unlock()
	if was && l.log != nil {
		l.log.InfoContext(ctx, "redis is back; the limit is shared again")
	}
}
