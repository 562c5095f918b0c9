package client

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
)

const maxPrefetch = 16

// ahead is the pages of a walk that are being fetched or wait behind the one at hand. Those after the first of them are
// guesses: that the pages will go on to be as long as the last one was.
type ahead struct {
	*walk

	step   int64 // from one page to the next; 0 where nothing is counted
	total  int64 // as the last page said
	window int   // how many there may be

	mu      sync.Mutex
	flights []*flight
	failed  bool // one of them, so that none behind it is wanted
}

type flight struct {
	at       PageToken
	offset   int64
	cancel   context.CancelFunc
	done     chan struct{}
	got      *fetched
	panicked string // what did, and where
}

// take gives the page at a place: the first that is under way, else one that is fetched now.
func (a *ahead) take(ctx context.Context, at PageToken) *fetched {
	if len(a.flights) == 0 || ctx.Err() != nil {
		return a.ask(ctx, at)
	}
	f := a.flights[0]
	<-f.done
	f.cancel()
	if f.got == nil {
		panic(f.panicked) // here, where the caller can recover
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.flights = slices.Delete(a.flights, 0, 1)
	return f.got
}

// follow sees to it that what comes after a page is under way: the next page, and behind it as many as seems right.
func (a *ahead) follow(ctx context.Context, got *fetched) {
	total := got.says.Total
	changed := a.total >= 0 && total != a.total
	if len(a.flights) > 0 && (changed || a.flights[0].at != got.next) {
		// The guess was wrong; or the list has changed, and they may have been read before the page at hand was: what
		// moved from there to here in between would be in neither.
		a.discard()
	}
	from, counted := countedOffset(got.next)
	step := from - got.offset
	switch {
	case !counted: // who has one cursor can ask for one page
		step, a.window = 0, 1
	case a.step == 0 && total >= 0: // none is asked for in vain
		a.window = a.prefetch
	case a.step == step && !changed:
		a.window = min(a.window+1, a.prefetch) // so that less is wasted than was read
	default:
		a.window = 1
	}
	a.step, a.total = step, total
	end := a.end(got)

	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.flights) == 0 {
		a.launch(ctx, got.next, from)
	}
	for len(a.flights) < a.window && !a.failed {
		from = a.flights[len(a.flights)-1].offset + a.step
		if from < 0 || from >= end { // beyond all numbers, or the list
			return
		}
		a.launch(ctx, offsetToken(from), from)
	}
}

// launch begins to fetch a page. The caller holds the lock.
func (a *ahead) launch(ctx context.Context, at PageToken, offset int64) {
	ctx, cancel := context.WithCancel(ctx)
	f := &flight{at: at, offset: offset, cancel: cancel, done: make(chan struct{})}
	a.flights = append(a.flights, f)
	go func() {
		defer close(f.done)
		defer func() {
			if p := recover(); p != nil {
				f.got, f.panicked = nil, fmt.Sprintf("%v\n\n%s", p, debug.Stack())
				a.fail(f)
			}
		}()
		if f.got = a.ask(ctx, at); f.got.err != nil {
			a.fail(f)
		}
	}()
}

// fail ends what is under way behind a page that failed.
func (a *ahead) fail(f *flight) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.Index(a.flights, f)
	if i < 0 {
		return
	}
	a.failed = true
	for _, later := range a.flights[i+1:] {
		later.cancel()
	}
}

// discard ends all that is under way, and waits until it has ended.
func (a *ahead) discard() {
	a.mu.Lock()
	flights := a.flights
	a.flights, a.failed = nil, false
	a.mu.Unlock()
	for _, f := range flights {
		f.cancel()
	}
	for _, f := range flights {
		<-f.done
	}
}
