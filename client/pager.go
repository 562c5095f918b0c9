package client

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// pager is one traversal of a list. It knows nothing of the items' type, so that a program with many lists has it once.
type pager struct {
	client    *Client
	op        *Operation
	req       Request
	opts      []CallOption
	decode    decodeFunc
	responses []*Response // the caller's
	prefetch  prefetch

	spares  spareBuffer
	whole   bool // more than one page is wanted
	seed    maphash.Seed
	seen    map[uint64]struct{} // hashes of the pages and cursors so far
	longest int                 // items of the longest page so far
	last    string              // the last item's id of the page before, while it was a short one
	probing bool                // the page before was a short one of which nothing says whether it is the last
	empty   int                 // empty pages in a row that continue
	items   int64               // received so far
	// fromStart reports whether the first page was read.
	fromStart bool
}

// maxEmptyPages limits the consecutive empty pages that a pager follows. Filters may empty many pages; 100 requests are
// a minute of the platform's default limit.
const maxEmptyPages = 100

// decodeFunc reads a page: the items as a slice of their type, their number, and the items as sent.
type decodeFunc func(body []byte, limits listLimits) (items any, n int, raw []byte, says wire.Pagination, err error)

// pageFetch is one page as received, and what follows from it.
type pageFetch struct {
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
	over     bool          // the list was at its end before this page
	took     time.Duration // from the call to its result
	held     time.Duration // of that, before attempts: for the limiter, the token and retries
}

func newPager(c *Client, op *Operation, req Request, opts []CallOption, decode decodeFunc) *pager {
	cfg := callOptionsOf(opts)
	return &pager{
		client: c, op: op, req: req, opts: opts, decode: decode,
		responses: cfg.responses, prefetch: cfg.prefetch,
		seed: maphash.MakeSeed(),
	}
}

// each yields the pages from one on, in order, while yield returns true. All requests have ended when it returns.
func (w *pager) each(ctx context.Context, from PageToken, yield func(*pageFetch) bool) {
	w.seen = map[uint64]struct{}{maphash.String(w.seed, string(from)): {}}
	a := prefetcher{pager: w, width: 1, total: -1}
	if w.prefetch.fixed {
		a.width = min(max(w.prefetch.pages, 0), maxPrefetch)
	}
	defer a.discard()
	for at := from; ; {
		got := a.take(ctx, at)
		w.resolve(got)
		if got.over {
			return
		}
		more := got.err == nil && got.next != ""
		if more {
			a.received(ctx, got)
		}
		w.show(got)
		began := time.Now()
		if !yield(got) || !more {
			return
		}
		a.demanded(ctx, got, time.Since(began))
		at = got.next
	}
}

// ask fetches a page. It does not change the pager, so several calls can run at once.
func (w *pager) ask(ctx context.Context, at PageToken) *pageFetch {
	got := &pageFetch{at: at, says: wire.Unpaged()}
	got.response.Total = -1
	if got.err = w.client.check(ctx, w.op); got.err != nil {
		return got
	}
	req := w.req
	if req.Query, got.size, got.offset, got.err = w.query(at); got.err != nil {
		return got
	}
	began := time.Now()
	opts := append(slices.Clip(w.opts), callOption(func(c *callConfig) {
		c.spares, c.held = &w.spares, &got.held
		if len(w.responses) > 0 {
			c.responses = []*Response{&got.response}
		}
	}))
	got.err = w.client.exchange(ctx, w.op, req, opts, func(body []byte) (err error) {
		if body == nil { // no content is no items
			return nil
		}
		var raw []byte
		if got.items, got.count, raw, got.says, err = w.decode(body, w.limits(got.size)); err != nil {
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
	got.took = time.Since(began)
	if got.err == nil {
		got.response.Total = got.says.Total
	}
	return got
}

// resolve determines the next page from a page's content.
func (w *pager) resolve(got *pageFetch) {
	if got.err != nil {
		return
	}
	if w.probing && got.count > 0 && got.last == w.last { // the place is ignored: all came at once
		got.over = true
		return
	}
	w.probing = false
	w.items += int64(got.count)
	w.fromStart = w.fromStart || got.at == ""
	next, reason := w.next(got)
	switch {
	case reason != "" && !w.whole: // the page is good; the next call fails
		next, reason = placeUnknown, ""
	case reason == "" && w.whole:
		reason = w.stuck(next, got)
	}
	if reason != "" {
		got.err = &PagingError{Operation: w.op.name(), At: got.at, Reason: reason}
		return
	}
	got.next, w.last = next, got.last
	w.longest = max(w.longest, got.count)
}

// stuck records the page and returns the reason if the list cannot continue. It remembers the hashes of all pages and
// cursors, because a cycle may be longer than one step.
func (w *pager) stuck(next PageToken, got *pageFetch) string {
	w.empty++
	if got.count > 0 || next == "" {
		w.empty = 0
	}
	if w.empty > maxEmptyPages {
		return "more than 100 empty pages in a row claim that more follows"
	}
	if got.count > 0 && !w.first(got.hash) {
		return "the same page came twice"
	}
	if strings.HasPrefix(string(next), placeCursor) && !w.first(maphash.String(w.seed, string(next))) {
		return "it leads back to an earlier page"
	}
	return ""
}

func (w *pager) first(hash uint64) bool {
	_, again := w.seen[hash]
	w.seen[hash] = struct{}{}
	return !again
}

// show fills the caller's responses, when the caller may look at them.
func (w *pager) show(got *pageFetch) {
	for _, r := range w.responses {
		*r = got.response
	}
}
