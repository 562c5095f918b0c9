package redispace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/interchange-sdk/interchange-go/pace"
)

// Limiter draws from a budget in Redis. It is safe for concurrent use.
//
// The waiting calls of a process form a queue. One script in Redis checks the hold and takes slots for all of them
// at once, ahead of time, so that the throughput does not depend on the round trip. A refusal by the platform (429)
// holds the calls of all machines until the time that it names, for at most an hour.
//
// While Redis is away, the process uses its share of the limit ([WithShare]); no call fails because of that. Redis
// is probed in the background after 250 ms, then less often, at least every 5 s while there are calls.
type Limiter struct {
	rdb     redis.UniversalClient
	script  *redis.Script
	limit   Limit
	classes map[string]Limit
	share   float64
	prefix  string
	timeout time.Duration
	reports reporter
	errs    []error

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	tasks  sync.WaitGroup // goroutines that end at once when ctx does
	calls  sync.WaitGroup // goroutines that go-redis may keep for its own timeouts

	closing sync.Mutex // may be locked while a queue is; mu may not
	closed  bool

	mu     sync.Mutex
	queues map[pace.Key]*queue
}

// ErrClosed is returned by Wait and Check after Close.
var ErrClosed = errors.New("redispace: the limiter is closed")

// New returns a Limiter whose budget is stored in rdb: a client, a cluster client or a sentinel client of go-redis,
// which the caller closes after the Limiter. New does not connect; use [Limiter.Check] to find configuration errors
// at start.
func New(rdb redis.UniversalClient, limit Limit, opts ...Option) (*Limiter, error) {
	l := &Limiter{
		rdb: rdb, script: newScript(), limit: limit, share: defaultShare, prefix: defaultPrefix, timeout: defaultTimeout,
		classes: make(map[string]Limit), queues: make(map[pace.Key]*queue),
	}
	l.reports.log, l.reports.interval = slog.Default(), defaultReports
	for _, err := range []error{checkClient(rdb), limit.check()} {
		if err != nil {
			l.errs = append(l.errs, err)
		}
	}
	for _, o := range opts {
		if o != nil {
			o(l)
		}
	}
	if err := errors.Join(l.errs...); err != nil {
		return nil, err
	}
	l.reports.share = l.share
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l, nil
}

// Wait returns when one attempt may be sent. It returns a [*pace.WaitError] at once if the wait would outlast
// ctx, or if the call is first in the queue and would wait longer than longest. The time in the queue is limited by
// ctx only. An unavailable Redis is not an error.
func (l *Limiter) Wait(ctx context.Context, key pace.Key, longest time.Duration) error {
	if err := l.usable(ctx); err != nil {
		return err
	}
	q := l.queue(key)
	for tries := 0; ; tries++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		s, err := q.join(ctx, longest, tries > 0)
		if err != nil {
			return err
		}
		if err := pause(ctx, time.Until(s.at)); err != nil {
			return err
		}
		// A refusal may have come since the slot was taken, or this process was stopped for a while and all its calls
		// continue at once. The call then needs another slot, and keeps its place.
		now := time.Now()
		late := now.After(s.until) && tries < maxLate
		if !late && !q.isHeld(now) {
			return nil
		}
	}
}

// maxLate limits the slots that a call may miss, so that it continues on a machine that is always late.
const maxLate = 3

func (l *Limiter) usable(ctx context.Context) error {
	switch {
	case l == nil || l.ctx == nil:
		return errors.New("redispace: the limiter must be made by New")
	case ctx == nil:
		return errors.New("redispace: the context is nil")
	case l.ctx.Err() != nil:
		return ErrClosed
	}
	return nil
}

// Observe holds the calls of all machines after a refusal that names a time. It does not block: Redis learns of the
// hold with the next call.
func (l *Limiter) Observe(key pace.Key, o pace.Observation) {
	if l == nil || l.ctx == nil || o.StatusCode != http.StatusTooManyRequests || o.RetryAfter <= 0 {
		return
	}
	l.queue(key).hold(o.At.Add(min(o.RetryAfter, longestHold)))
}

// Release does nothing. A slot that was not used is lost, because later ones have been reserved.
func (l *Limiter) Release(pace.Key, bool) {}

// Close ends the work in the background and makes waiting calls return [ErrClosed]. It waits for requests to Redis
// that are under way, up to the timeout ([WithTimeout]); afterwards no goroutine of the Limiter is left if the
// options of go-redis set ContextTimeoutEnabled. Without it, one may last until go-redis gives up. Close does not
// close the Redis client.
//
// A Limiter that no call waits for needs no goroutine, except while it probes a Redis that is away.
func (l *Limiter) Close() error {
	if l == nil || l.ctx == nil {
		return nil
	}
	l.closing.Lock()
	l.closed = true
	l.closing.Unlock()
	l.cancel()
	l.tasks.Wait()
	ended := make(chan struct{})
	go func() {
		l.calls.Wait()
		close(ended)
	}()
	timer := time.NewTimer(l.timeout)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
	}
	return nil
}

// start runs f in a goroutine that Close waits for, unless the Limiter is closed.
func (l *Limiter) start(group *sync.WaitGroup, f func()) bool {
	l.closing.Lock()
	defer l.closing.Unlock()
	if l.closed {
		return false
	}
	group.Go(f)
	return true
}

// runScript runs the script until ctx ends, even if go-redis ignores ctx.
func (l *Limiter) runScript(ctx context.Context, key string, limit Limit, args scriptArgs) (reply, error) {
	type result struct {
		reply reply
		err   error
	}
	results := make(chan result, 1)
	if !l.start(&l.calls, func() {
		r, err := l.run(ctx, key, limit, args)
		results <- result{r, err}
	}) {
		return reply{}, ErrClosed
	}
	select {
	case r := <-results:
		if r.err != nil {
			return reply{}, explain(l.rdb, r.err)
		}
		return r.reply, nil
	case <-ctx.Done():
		return reply{}, explain(l.rdb, ctx.Err())
	}
}

// pause waits for d or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// maxQueues bounds the memory of a process that rotates its credentials for years.
const maxQueues = 1024

func (l *Limiter) queue(key pace.Key) *queue {
	limit, own := l.classes[key.Class]
	if !own {
		limit, key.Class = l.limit, ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if q := l.queues[key]; q != nil {
		return q
	}
	if len(l.queues) >= maxQueues {
		now := time.Now()
		for k, q := range l.queues {
			if q.isIdle(now) {
				delete(l.queues, k)
			}
		}
	}
	sum := sha256.Sum256([]byte(key.Host + "\x00" + key.Credential))
	// In a cluster, the part in braces decides which node stores a key: the same one for a budget and its hold.
	q := newQueue(l, l.prefix+"{"+hex.EncodeToString(sum[:16])+"}:"+key.Class, limit)
	l.queues[key] = q
	return q
}
