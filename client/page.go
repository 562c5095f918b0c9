package client

import (
	"context"
	"errors"
	"hash/maphash"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// PageToken is a place in a list, opaque and safe to store: a walk that was interrupted resumes from it, in
// another process too. The empty token is the beginning.
type PageToken string

// Page is one page of a list.
type Page[T any] struct {
	// Items holds the page's items.
	Items []T
	// Total counts the items of the whole list; -1 when the platform does not say.
	Total int64
	// Next is where the next page begins; empty after the last one.
	Next PageToken
}

// PagingError says that a list does not come to an end: a cursor or a page came back, or an empty page claims
// that more follows. It matches [ErrPaging].
type PagingError struct {
	// Operation names the list.
	Operation string
	// At is the page that made no progress.
	At PageToken
	// Reason says what is wrong with it.
	Reason string
}

// ErrPaging is matched by every [PagingError].
var ErrPaging = errors.New("interchange: the list makes no progress")

// Error gives the reason.
func (e *PagingError) Error() string {
	return "interchange: " + prefixed(e.Operation) + "the list makes no progress: " + e.Reason
}

// Is matches ErrPaging.
func (e *PagingError) Is(target error) bool { return target == ErrPaging }

// List fetches one page: the first, or the one that from names.
func List[T any](ctx context.Context, c *Client, op *Operation, req Request, from PageToken, opts ...CallOption) (*Page[T], error) {
	return page[T](ctx, &walk{client: c, op: op, req: req, opts: opts, at: from})
}

// Pages walks a list page by page, from the page that from names. Each range begins there anew. An error ends it
// and is its last value; a [Page.Next] seen before resumes it. With [WithPrefetch] pages are fetched ahead.
func Pages[T any](ctx context.Context, c *Client, op *Operation, req Request, from PageToken, opts ...CallOption) iter.Seq2[*Page[T], error] {
	cfg := callOptionsOf(opts)
	return func(yield func(*Page[T], error) bool) {
		w := &walk{client: c, op: op, req: req, opts: opts, at: from, whole: true}
		next := func() (*Page[T], error) { return page[T](ctx, w) }
		if ahead := min(cfg.prefetch, maxPrefetch); ahead > 0 {
			fetchCtx, cancel := context.WithCancel(ctx)
			pages := fetchAhead[T](fetchCtx, w, ahead)
			defer func() {
				cancel()
				for range pages { // until the fetcher is gone
				}
			}()
			next = func() (*Page[T], error) {
				r := <-pages
				for _, asked := range cfg.responses {
					*asked = r.response // here, where the caller may look at it
				}
				return r.page, r.err
			}
		}
		for {
			page, err := next()
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(page, nil) || page.Next == "" {
				return
			}
		}
	}
}

// All walks a list item by item, see [Pages].
func All[T any](ctx context.Context, c *Client, op *Operation, req Request, from PageToken, opts ...CallOption) iter.Seq2[T, error] {
	pages := Pages[T](ctx, c, op, req, from, opts...)
	return func(yield func(T, error) bool) {
		for page, err := range pages {
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

const maxPrefetch = 16

// walk is one traversal of a list. It knows nothing of the items' type, so that a program with many lists has it once.
type walk struct {
	client *Client
	op     *Operation
	req    Request
	opts   []CallOption
	at     PageToken
	whole  bool                // more than one page is wanted
	seen   map[uint64]struct{} // hashes of the pages and cursors so far
	seed   maphash.Seed
}

type fetched[T any] struct {
	page     *Page[T]
	err      error
	response Response
}

// fetchAhead fetches pages in order, n of them waiting at most. The channel closes when it is done.
func fetchAhead[T any](ctx context.Context, w *walk, n int) <-chan fetched[T] {
	pages := make(chan fetched[T], n-1) // one more waits in the fetcher's hand
	go func() {
		defer close(pages)
		var r fetched[T]
		w.opts = append(slices.Clip(w.opts), callOption(func(c *callConfig) { c.responses = []*Response{&r.response} }))
		for r.err == nil && (r.page == nil || r.page.Next != "") {
			r.page, r.err = page[T](ctx, w)
			pages <- r
		}
	}()
	return pages
}

// page fetches the page that a walk stands at, and moves it on.
func page[T any](ctx context.Context, w *walk) (*Page[T], error) {
	fetched := &Page[T]{}
	total, err := w.fetch(ctx, func(body []byte) (n int, raw []byte, says wire.Pagination, err error) {
		fetched.Items, raw, says, err = wire.DecodeList[T](body, w.op.Items)
		return len(fetched.Items), raw, says, err
	})
	if err != nil {
		return nil, err
	}
	fetched.Total, fetched.Next = total, w.at
	return fetched, nil
}

// fetch makes one call of a walk, and moves it on.
func (w *walk) fetch(ctx context.Context, decode func([]byte) (int, []byte, wire.Pagination, error)) (total int64, err error) {
	req := w.req
	query, size, offset, err := w.query()
	if err != nil {
		return 0, err
	}
	req.Query = query
	var (
		items int
		raw   []byte
		says  = wire.Unpaged()
		hash  uint64
		last  string
	)
	err = w.client.exchange(ctx, w.op, req, w.opts, func(body []byte) (err error) {
		if body == nil { // no content is no items
			return nil
		}
		items, raw, says, err = decode(body)
		if w.op.Paging == PagingStartingAfter {
			last = wire.LastID(raw)
		}
		if w.whole {
			if w.seen == nil {
				w.seed = maphash.MakeSeed()
				w.seen = map[uint64]struct{}{maphash.String(w.seed, string(w.at)): {}}
			}
			hash = maphash.Bytes(w.seed, raw)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	next, reason := w.next(items, size, offset, last, says)
	if reason == "" && w.whole {
		reason = w.stuck(next, hash, items)
	}
	if reason != "" {
		return 0, &PagingError{Operation: w.op.name(), At: w.at, Reason: reason}
	}
	w.at = next
	return says.Total, nil
}

// stuck notes the page and tells why the walk cannot go on, if it cannot. All pages and all cursors are remembered,
// by their hashes, because a circle may be longer than one step.
func (w *walk) stuck(next PageToken, hash uint64, items int) string {
	if items > 0 && !w.first(hash) {
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

// params names the query parameters of the style: the size's and the place's.
func (p Paging) params() (size, place string, paged bool) {
	switch p {
	case PagingTakeSkip:
		return "take", "skip", true
	case PagingLimitOffset:
		return "limit", "offset", true
	case PagingCursor:
		return "limit", "cursor", true
	case PagingStartingAfter:
		return "limit", "starting_after", true
	case PagingPages:
		return "pageSize", "page", true
	default:
		return "", "", false
	}
}

// The kinds of place a token can name.
const (
	placeOffset = "offset:"
	placeCursor = "cursor:"
)

// query is the request's query for the page the walk stands at, with the size it asks for and the offset it begins at.
func (w *walk) query() (query url.Values, size, offset int64, err error) {
	sizeParam, placeParam, paged := w.op.Paging.params()
	if !paged {
		if w.at != "" {
			return nil, 0, 0, w.badToken()
		}
		return w.req.Query, 0, 0, nil
	}
	query = make(url.Values, len(w.req.Query)+2)
	for name, values := range w.req.Query {
		query[name] = values
	}
	if w.whole && w.op.MaxPage > 0 && query.Get(sizeParam) == "" {
		query.Set(sizeParam, strconv.Itoa(w.op.MaxPage))
	}
	size, _ = strconv.ParseInt(query.Get(sizeParam), 10, 64)
	if place, ok := strings.CutPrefix(string(w.at), placeOffset); ok && w.op.Paging != PagingCursor && w.op.Paging != PagingStartingAfter {
		query.Set(placeParam, place)
	} else if place, ok := strings.CutPrefix(string(w.at), placeCursor); ok && w.op.Paging != PagingPages {
		if w.op.Paging != PagingStartingAfter {
			placeParam = "cursor" // some lists that count also give cursors (facts §E)
		}
		query.Set(placeParam, place)
	} else if w.at != "" {
		return nil, 0, 0, w.badToken()
	}
	switch w.op.Paging {
	case PagingTakeSkip, PagingLimitOffset, PagingPages:
		if text := query.Get(placeParam); text != "" && placeParam != "cursor" {
			if offset, err = strconv.ParseInt(text, 10, 64); err != nil || offset < 0 {
				return nil, 0, 0, w.badToken()
			}
		} else if w.op.Paging == PagingPages {
			offset = 1
		}
	}
	return query, size, offset, nil
}

func (w *walk) badToken() error {
	return &ParamError{Operation: w.op.name(), Issues: []Issue{{"page", "is not a place in this list"}}}
}

// next tells where the page after this one begins, or why it cannot: by a cursor, else by what the answer says
// about more, else by the total, else by whether the page was full (facts §E).
func (w *walk) next(items int, size, offset int64, last string, says wire.Pagination) (next PageToken, reason string) {
	if w.op.Paging == PagingPages { // neither is a page's number
		says.NextCursor, says.NextOffset = "", -1
		if says.PageSize > 0 {
			size = says.PageSize
		}
	}
	claimsMore := says.HasMore == wire.Yes || (says.NextCursor != "" && says.HasMore != wire.No)
	switch {
	case items == 0 && claimsMore:
		return "", "an empty page claims that more follows"
	case items == 0, says.HasMore == wire.No:
		return "", ""
	case w.op.Paging == PagingNone:
		return "", ""
	case w.op.Paging == PagingStartingAfter:
		if !claimsMore && (size == 0 || int64(items) < size) {
			return "", ""
		}
		if last == "" {
			return "", "more follows, but the last item has no id"
		}
		return placeCursor + PageToken(last), ""
	case says.NextCursor != "":
		return placeCursor + PageToken(says.NextCursor), ""
	case w.op.Paging == PagingCursor:
		if says.HasMore == wire.Yes {
			return "", "more follows, but there is no cursor"
		}
		return "", ""
	}
	following, passed := offset+int64(items), offset+int64(items)
	if w.op.Paging == PagingPages {
		following, passed = offset+1, (offset-1)*max(size, int64(items))+int64(items)
	}
	switch {
	case says.NextOffset >= 0:
		following = says.NextOffset
	case says.HasMore == wire.Yes:
	case says.Total >= 0 && passed < says.Total: // whatever else is null
	case says.Total >= 0, says.EndSaid, size > 0 && int64(items) < size:
		return "", ""
	}
	if following <= offset {
		return "", "the next offset is not after this one"
	}
	return placeOffset + PageToken(strconv.FormatInt(following, 10)), ""
}
