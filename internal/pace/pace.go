// Package pace decides when an attempt may be sent. It learns the limits of a server from its answers.
package pace

import (
	"context"
	"iter"
	"sync"
	"time"
)

// Pace keeps the limits of many keys apart. Its zero value knows nothing and holds nobody. It has no goroutine and no
// timer of its own: the first in a line keeps the time for it.
type Pace[K comparable] struct {
	// Known gives the limit of a key that is known beforehand: so many requests in such a time; 0 for none.
	Known func(K) (limit int64, per time.Duration)

	mu    sync.Mutex
	lines map[K]*line
}

// maxKeys bounds the memory of a process that rotates its credentials for years.
const maxKeys = 1024

// Stats is what is known about one key.
type Stats struct {
	Rate              float64 // requests a second; 0 while nothing is known
	Limit             int64
	Remaining         int64 // -1 unknown
	Resets, HeldUntil time.Time
	Bucket            bool
	Announced         bool // headers say how much is left
	Waiting, InFlight int
	Granted, Refusals int64
}

// Wait returns once an attempt may be sent; each is then to be followed by Observe or Release. It does not begin a wait
// of which the server named more than longest, nor one that would outlast ctx: then it returns how long that would be
// at least, and false. Callers have their turn in the order in which they came.
func (p *Pace[K]) Wait(ctx context.Context, key K, longest time.Duration) (time.Duration, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	l := p.line(key, now)
	l.model.advance(now)
	if l.first == nil && !l.model.next().After(now) {
		l.grant()
		return 0, true, nil
	}
	w := &waiter{longest: longest, ready: make(chan struct{}, 1)}
	w.deadline, w.bounded = ctx.Deadline()
	if wait, ok := l.admits(w, l.waiting); !ok {
		return wait, false, nil
	}
	l.push(w)
	l.serve(now)
	return l.await(ctx, &p.mu, w)
}

// Observe learns from an answer to an attempt of key.
func (p *Pace[K]) Observe(key K, a Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	l := p.line(key, now)
	l.model.advance(now)
	l.model.answer(a)
	if a.Refused {
		l.refusals++
		l.dismiss()
	}
	l.serve(now)
}

// Release ends an attempt of key to which no answer came. sent tells whether the server may have counted it.
func (p *Pace[K]) Release(key K, sent bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lines[key]
	if l == nil {
		return
	}
	now := time.Now()
	l.model.advance(now)
	if sent {
		l.model.lost()
	} else {
		l.model.putBack()
	}
	l.serve(now)
}

// All gives the keys that are remembered and what is known about them.
func (p *Pace[K]) All() iter.Seq2[K, Stats] {
	return func(yield func(K, Stats) bool) {
		for key, stats := range p.snapshot() {
			if !yield(key, stats) {
				return
			}
		}
	}
}

func (p *Pace[K]) snapshot() map[K]Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	all := make(map[K]Stats, len(p.lines))
	for key, l := range p.lines {
		l.model.advance(now)
		all[key] = l.stats()
		l.serve(now)
	}
	return all
}

func (p *Pace[K]) line(key K, now time.Time) *line {
	if l := p.lines[key]; l != nil {
		return l
	}
	if p.lines == nil {
		p.lines = make(map[K]*line)
	}
	if len(p.lines) >= maxKeys {
		p.forget(now)
	}
	l := &line{model: newModel(now)}
	if p.Known != nil {
		if limit, per := p.Known(key); limit > 0 && per > 0 {
			l.model.seed(limit, per)
		}
	}
	p.lines[key] = l
	return l
}

// forget makes room: first of what holds nobody, and where that is not enough, of the one that opens soonest.
func (p *Pace[K]) forget(now time.Time) {
	var soonest K
	var at time.Time
	found := false
	for key, l := range p.lines {
		l.model.advance(now)
		switch {
		case l.first != nil:
		case l.model.idle():
			delete(p.lines, key)
		case !found || l.model.closed.Before(at):
			soonest, at, found = key, l.model.closed, true
		}
	}
	if len(p.lines) >= maxKeys && found {
		delete(p.lines, soonest)
	}
}
