// Package pace decides when an attempt may be sent.
package pace

import (
	"context"
	"sync"
	"time"
)

// Gate holds all calls of one key until a moment that the server named. Its zero value is open. It keeps no
// goroutine and no timer of its own.
type Gate struct {
	mu    sync.Mutex
	until map[any]time.Time
}

// maxKeys bounds the memory of a process that rotates its credentials for years.
const maxKeys = 1024

// Close holds the calls of key until at. A gate never opens earlier than it was once told.
func (g *Gate) Close(key any, at time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.until == nil {
		g.until = make(map[any]time.Time)
	}
	if len(g.until) >= maxKeys {
		now := time.Now()
		for k, t := range g.until {
			if !t.After(now) {
				delete(g.until, k)
			}
		}
	}
	if at.After(g.until[key]) {
		g.until[key] = at
	}
}

// OpensAt is the moment until which the calls of key are held: the zero time while they are not.
func (g *Gate) OpensAt(key any) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := g.until[key]
	if !at.IsZero() && !at.After(time.Now()) {
		return time.Time{}
	}
	return at
}

// Wait returns once the calls of key are no longer held. It does not begin a wait that would take longer than
// limit or outlast ctx: then it returns how long that wait would be, and false.
func (g *Gate) Wait(ctx context.Context, key any, limit time.Duration) (time.Duration, bool, error) {
	for {
		until := g.OpensAt(key)
		if until.IsZero() {
			return 0, true, nil
		}
		wait := time.Until(until)
		if wait <= 0 {
			return 0, true, nil
		}
		if deadline, ok := ctx.Deadline(); wait > limit || (ok && deadline.Before(until)) {
			return wait, false, nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return wait, false, ctx.Err()
		}
	}
}
