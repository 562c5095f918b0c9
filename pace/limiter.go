package pace

import (
	"context"
	"iter"
	"maps"
	"sync"
	"time"
)

// Limiter is an adaptive rate limiter that serves the callers of each [Key] in order of arrival. See the package
// documentation for its states. It starts no goroutine and is safe for concurrent use. The zero Limiter is ready to
// use; it must not be copied.
type Limiter struct {
	known map[string]knownLimit // by class

	mu     sync.Mutex
	queues map[Key]*queue
}

type knownLimit struct {
	requests int64
	per      time.Duration
}

// maxKeys bounds the memory of a process that rotates its credentials for years.
const maxKeys = 1024

// Option configures [New].
type Option func(*Limiter)

// Known states a limit in advance: each credential may send that many requests of a class per window, which begins
// with the first response. No requests are then spent on learning it. Quota headers take precedence. Values that are
// not positive are ignored. The limits that the platform documents (docs/platform.md#rate-limits):
//
//	pace.Known(client.ClassREST, 100, time.Minute)   // current, by IP
//	pace.Known(client.ClassREST, 1000, time.Hour)    // first platform
//	pace.Known(client.ClassMCP, 500, time.Hour)      // first platform
//	pace.Known(client.ClassExports, 50, time.Hour)   // first platform
//	pace.Known(client.ClassAuth, 40, 15*time.Minute) // current, by IP
func Known(class string, requests int, per time.Duration) Option {
	return func(l *Limiter) {
		if l.known == nil {
			l.known = make(map[string]knownLimit)
		}
		l.known[class] = knownLimit{int64(requests), per}
	}
}

// New returns a Limiter. Share it among clients that are not derived from each other.
func New(opts ...Option) *Limiter {
	l := new(Limiter)
	for _, opt := range opts {
		if opt != nil {
			opt(l)
		}
	}
	return l
}

// Wait blocks until an attempt may be sent. After a nil error, call Observe or Release once. Wait returns a
// [*WaitError] as soon as the server names a delay longer than longest, or the context's deadline is certain to be
// missed, and otherwise the error of ctx. longest does not limit the time in the queue; ctx does.
func (l *Limiter) Wait(ctx context.Context, key Key, longest time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	q := l.queue(key, now)
	q.model.advance(now)
	if q.first == nil && !q.model.next().After(now) {
		q.grant()
		return nil
	}
	w := newWaiter(longest)
	w.deadline, w.hasDeadline = ctx.Deadline()
	if err := q.check(w, q.waiting); err != nil {
		return err
	}
	q.push(w)
	q.dispatch(now)
	return q.await(ctx, &l.mu, w)
}

// Observe records the response to an attempt. It does not block.
func (l *Limiter) Observe(key Key, o Observation) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	q := l.queue(key, now)
	q.model.advance(now)
	q.model.observe(o)
	if o.refused() {
		q.refusals++
		q.rejectLate()
	}
	q.dispatch(now)
}

// Release ends an attempt that got no response. sent reports whether the server may have counted it; if not, its
// quota is returned.
func (l *Limiter) Release(key Key, sent bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	q := l.queues[key]
	if q == nil {
		return
	}
	now := time.Now()
	q.model.advance(now)
	if sent {
		q.model.noResponse()
	} else {
		q.model.cancel()
	}
	q.dispatch(now)
}

// All returns the current state of each known key, in no particular order.
func (l *Limiter) All() iter.Seq2[Key, Stats] {
	return func(yield func(Key, Stats) bool) {
		maps.All(l.snapshot())(yield)
	}
}

func (l *Limiter) snapshot() map[Key]Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	all := make(map[Key]Stats, len(l.queues))
	for key, q := range l.queues {
		q.model.advance(now)
		all[key] = q.stats()
		q.dispatch(now)
	}
	return all
}

func (l *Limiter) queue(key Key, now time.Time) *queue {
	if q := l.queues[key]; q != nil {
		return q
	}
	if l.queues == nil {
		l.queues = make(map[Key]*queue)
	}
	if len(l.queues) >= maxKeys {
		l.evict(now)
	}
	q := &queue{model: newModel(now)}
	if known := l.known[key.Class]; known.requests > 0 && known.per > 0 {
		q.model.preset(known.requests, known.per)
	}
	l.queues[key] = q
	return q
}

// evict removes idle keys, and if there are none, the key whose hold ends first. It never removes a key with waiters.
func (l *Limiter) evict(now time.Time) {
	var soonest Key
	var at time.Time
	found := false
	for key, q := range l.queues {
		q.model.advance(now)
		switch {
		case q.first != nil:
		case q.model.idle():
			delete(l.queues, key)
		case !found || q.model.heldUntil.Before(at):
			soonest, at, found = key, q.model.heldUntil, true
		}
	}
	if len(l.queues) >= maxKeys && found {
		delete(l.queues, soonest)
	}
}
