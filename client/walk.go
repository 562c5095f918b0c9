package client

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// walk is one traversal of a list. It knows nothing of the items' type, so that a program with many lists has it once.
type walk struct {
	client    *Client
	op        *Operation
	req       Request
	opts      []CallOption
	decode    decodeFunc
	responses []*Response // the caller's
	prefetch  int

	whole   bool // more than one page is wanted
	seed    maphash.Seed
	seen    map[uint64]struct{} // hashes of the pages and cursors so far
	longest int                 // items of the longest page so far
	last    string              // the last item's id of the page before, while it was a short one
	probing bool                // the page before was a short one of which nothing says whether it is the last
}

// decodeFunc reads a page: the items as a slice of their type, their number, and the items as sent.
type decodeFunc func(body []byte) (items any, n int, raw []byte, says wire.Pagination, err error)

// fetched is one page as it came, and what follows from it.
type fetched struct {
	at       PageToken
	size     int64 // asked for; 0 where that is left to the platform
	offset   int64 // in the lists that count: of the first item, or the page's number
	items    any
	count    int
	says     wire.Pagination
	last     string // the last item's id, where it matters
	hash     uint64 // of the items as sent
	response Response
	err      error
	next     PageToken
	over     bool // the list was at its end before this page
}

func newWalk(c *Client, op *Operation, req Request, opts []CallOption, decode decodeFunc) *walk {
	cfg := callOptionsOf(opts)
	return &walk{
		client: c, op: op, req: req, opts: opts, decode: decode,
		responses: cfg.responses, prefetch: min(max(cfg.prefetch, 0), maxPrefetch),
		seed: maphash.MakeSeed(),
	}
}

// each gives the pages from one on in turn, while yield wants more. What is fetched ahead has ended when it returns.
func (w *walk) each(ctx context.Context, from PageToken, yield func(*fetched) bool) {
	w.seen = map[uint64]struct{}{maphash.String(w.seed, string(from)): {}}
	a := ahead{walk: w, total: -1}
	defer a.discard()
	for at := from; ; {
		got := a.take(ctx, at)
		w.settle(got)
		if got.over {
			return
		}
		more := got.err == nil && got.next != ""
		if more && w.prefetch > 0 {
			a.follow(ctx, got)
		}
		w.show(got)
		if !yield(got) || !more {
			return
		}
		at = got.next
	}
}

// ask fetches the page at a place. It leaves the walk alone, so that several can be under way.
func (w *walk) ask(ctx context.Context, at PageToken) *fetched {
	got := &fetched{at: at, says: wire.Unpaged()}
	got.response.Total = -1
	req := w.req
	if req.Query, got.size, got.offset, got.err = w.query(at); got.err != nil {
		return got
	}
	opts := w.opts
	if len(w.responses) > 0 {
		opts = append(slices.Clip(opts), callOption(func(c *callConfig) { c.responses = []*Response{&got.response} }))
	}
	got.err = w.client.exchange(ctx, w.op, req, opts, func(body []byte) (err error) {
		if body == nil { // no content is no items
			return nil
		}
		var raw []byte
		if got.items, got.count, raw, got.says, err = w.decode(body); err != nil {
			return err
		}
		if w.op.Paging == PagingStartingAfter || got.short() && got.silent() {
			got.last = wire.LastID(raw)
		}
		if w.whole {
			got.hash = maphash.Bytes(w.seed, raw)
		}
		return nil
	})
	if got.err == nil {
		got.response.Total = got.says.Total
	}
	return got
}

// settle decides where the walk goes on after a page.
func (w *walk) settle(got *fetched) {
	if got.err != nil {
		return
	}
	if w.probing && got.count > 0 && got.last == w.last { // the place is ignored: all came at once
		got.over = true
		return
	}
	w.probing = false
	next, reason := w.next(got)
	if reason == "" && w.whole {
		reason = w.stuck(next, got)
	}
	if reason != "" {
		got.err = &PagingError{Operation: w.op.name(), At: got.at, Reason: reason}
		return
	}
	got.next, w.last = next, got.last
	w.longest = max(w.longest, got.count)
}

// stuck notes the page and tells why the walk cannot go on, if it cannot. All pages and all cursors are remembered,
// by their hashes, because a circle may be longer than one step.
func (w *walk) stuck(next PageToken, got *fetched) string {
	if got.count > 0 && !w.first(got.hash) {
		return "the same page came twice"
	}
	if strings.HasPrefix(string(next), placeCursor) && !w.first(maphash.String(w.seed, string(next))) {
		return "it leads back to an earlier page"
	}
	return ""
}

func (w *walk) first(hash uint64) bool {
	_, again := w.seen[hash]
	w.seen[hash] = struct{}{}
	return !again
}

// show fills the caller's responses, when the caller may look at them.
func (w *walk) show(got *fetched) {
	for _, r := range w.responses {
		*r = got.response
	}
}

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
	at     PageToken
	offset int64
	cancel context.CancelFunc
	done   chan struct{}
	got    *fetched
}

// take gives the page at a place: the first that is under way, else one that is fetched now.
func (a *ahead) take(ctx context.Context, at PageToken) *fetched {
	if len(a.flights) == 0 || ctx.Err() != nil {
		return a.ask(ctx, at)
	}
	f := a.flights[0]
	<-f.done
	f.cancel()
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
