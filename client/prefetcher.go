package client

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
)

const (
	maxPrefetch = 16
	// automaticPrefetch is the largest width that a list reaches by itself.
	automaticPrefetch = 8
)

// prefetch is the number of pages to request ahead of the loop. The zero value adapts it.
type prefetch struct {
	pages int
	fixed bool
}

// prefetcher holds the pages that were requested ahead of the loop, in order. Those after the first are guesses that
// the following pages are as long as the last one.
//
// Without a fixed width it follows Little's law: the loop needs latency / (time it spends on a page) requests in flight
// never to wait. The width at most doubles with each page, drops to one if the loop is slower than the network, and
// shrinks while the limiter or failures hold requests back.
type prefetcher struct {
	*pager

	width int   // pages wanted in flight
	pages int   // received
	step  int64 // from one page to the next; 0 if the list has cursors
	total int64 // of the last page
	// window limits the guesses. It grows with the pages that came as expected.
	window int

	mu      sync.Mutex
	flights []*flight
	failed  bool // a request failed, so no later page is requested
}

type flight struct {
	at       PageToken
	offset   int64
	cancel   context.CancelFunc
	done     chan struct{}
	got      *pageFetch
	panicked string // the panic and its stack
}

// received requests pages ahead while the loop works on a page, if the width allows.
func (a *prefetcher) received(ctx context.Context, got *pageFetch) {
	a.pages++
	if !a.prefetch.fixed && got.heldBack() {
		a.width = max(a.width-1, 1)
	}
	if a.width > 1 || a.prefetch.fixed && a.width > 0 {
		a.follow(ctx, got)
	}
}

// demanded adapts the width to the time the loop spent on a page, and requests the next page and those behind it.
func (a *prefetcher) demanded(ctx context.Context, got *pageFetch, work time.Duration) {
	if a.prefetch.fixed {
		return
	}
	latency := got.took - got.held
	wanted := automaticPrefetch
	if work > 0 && work*automaticPrefetch > latency {
		wanted = int((latency + work - 1) / work)
	}
	switch {
	case a.pages == 1: // a loop that looks at one or two pages causes no request in vain
		wanted = 1
	case got.says.Total < 0: // the end is unknown: request fewer pages in vain than were read
		wanted = min(wanted, a.pages/2)
	}
	if got.heldBack() {
		wanted = min(wanted, a.width)
	}
	a.width = max(min(wanted, 2*a.width), 1)
	if a.width > 1 {
		a.follow(ctx, got)
	}
}

// heldBack reports whether the request waited for the limiter or for another attempt.
func (f *pageFetch) heldBack() bool { return f.held > time.Millisecond }

// take returns a page: the first one in flight, or one fetched now.
func (a *prefetcher) take(ctx context.Context, at PageToken) *pageFetch {
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

// follow requests the page after got, and guesses behind it up to the width.
func (a *prefetcher) follow(ctx context.Context, got *pageFetch) {
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
	case !counted: // a cursor allows one page ahead
		step, a.window = 0, 1
	case a.step == 0 && total >= 0: // no page is requested in vain
		a.window = a.width
	case a.step == step && !changed && !a.prefetch.fixed: // the width is limited already
		a.window = a.width
	case a.step == step && !changed:
		a.window = min(a.window+1, a.width) // so that fewer are wasted than were read
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
func (a *prefetcher) launch(ctx context.Context, at PageToken, offset int64) {
	ctx, cancel := context.WithCancel(ctx)
	f := &flight{at: at, offset: offset, cancel: cancel, done: make(chan struct{})}
	a.flights = append(a.flights, f)
	go func() {
		defer close(f.done)
		defer func() {
			if p := recover(); p != nil {
				stack := make([]byte, 16<<10)
				stack = stack[:runtime.Stack(stack, false)]
				f.got, f.panicked = nil, fmt.Sprintf("%v\n\n%s", p, stack)
				a.fail(f)
			}
		}()
		if f.got = a.ask(ctx, at); f.got.err != nil {
			a.fail(f)
		}
	}()
}

// fail ends what is under way behind a page that failed.
func (a *prefetcher) fail(f *flight) {
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
func (a *prefetcher) discard() {
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
