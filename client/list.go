package client

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// PageToken identifies a page of a list. It is opaque and safe to store: a job that was interrupted resumes from it, in
// another process too. The empty token is the first page. Store it with the parameters of the list: a token of another
// list, or of other filters, is accepted if both lists have the same [Paging]. A token in another form is a
// [*ParamError], and nothing is sent.
type PageToken string

// Page is one page of a list.
type Page[T any] struct {
	// Items holds the page's items.
	Items []T
	// Total is the number of items in the whole list; -1 if the platform does not state it.
	Total int64
	// Next is the token of the next page; empty after the last one. If the response states that more follows, but not
	// where, Next is a token that every [List] rejects with a [*PagingError].
	Next PageToken
}

// PagingError reports that a list cannot be read to its end: a page or cursor came twice, the response states that more
// follows but not where, more than 100 empty pages came in a row, or a list without pages ([PagingNone]) states that
// there is more. It matches [ErrPaging].
type PagingError struct {
	// Operation names the list.
	Operation string
	// At is the last page that was read.
	At PageToken
	// Reason is why.
	Reason string
}

// ErrPaging is matched by every [PagingError].
var ErrPaging = errors.New("interchange: cannot list all items")

// Error returns the reason.
func (e *PagingError) Error() string {
	return "interchange: " + prefixed(e.Operation) + "cannot list all items: " + e.Reason
}

// Is matches ErrPaging.
func (e *PagingError) Is(target error) bool { return target == ErrPaging }

// List is a list of the platform. A method that returns one performs no I/O; Page, Pages and All do, and return
// the errors of invalid parameters. A List may be used more than once and from several goroutines: each call starts
// over. Reads are safe to repeat.
type List[T any] struct{ source *listSource }

// listSource describes a list independently of the type of its items, so that the code is compiled once.
type listSource struct {
	client *Client
	op     *Operation
	req    Request
	from   PageToken
	opts   []CallOption
	decode decodeFunc
	err    error
}

// Page returns one page: the first, or the one that the PageToken of the parameters names. It returns the items of a
// page also if that does not say where the list continues, see [Page.Next].
func (l List[T]) Page(ctx context.Context) (*Page[T], error) {
	got := l.source.page(ctx)
	if got.err != nil {
		return nil, got.err
	}
	return pageOf[T](got), nil
}

// Pages iterates over the pages in order. To be able to resume, store [Page.Next] together with the result of
// processing the page, and pass it as PageToken with the same parameters. An error is the last value.
//
// Requests overlap automatically, see [WithPrefetch].
//
// If a response says nothing about a next page, a page shorter than requested may be the last, or as long as the
// platform makes them. The next page is then requested once; the list ends if that is empty or the same page again.
//
// A list that changes while it is read can move items between pages if it counts offsets: an item may come twice, which
// [Distinct] drops, or be missed.
func (l List[T]) Pages(ctx context.Context) iter.Seq2[*Page[T], error] {
	return func(yield func(*Page[T], error) bool) {
		l.source.each(ctx, func(got *pageFetch) bool {
			if got.err != nil {
				return yield(nil, got.err)
			}
			return yield(pageOf[T](got), nil)
		})
	}
}

// All iterates over the items in order, see [List.Pages]. An error is the last value. [Response.Total] holds the number
// of items, see [WithResponse].
func (l List[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for page, err := range l.Pages(ctx) {
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

// NewList returns a list of an operation, from the page that from names. It is for endpoints without a typed method and
// for authors of typed packages.
func NewList[T any](c *Client, op *Operation, req Request, from PageToken, opts ...CallOption) List[T] {
	return List[T]{&listSource{client: c, op: op, req: req, from: from, opts: opts, decode: decodeItems[T](op)}}
}

// InvalidList returns a list whose methods return err, such as a [*ParamError].
func InvalidList[T any](err error) List[T] {
	return List[T]{&listSource{err: err}}
}

// page fetches one page.
func (s *listSource) page(ctx context.Context) *pageFetch {
	if err := s.invalid(); err != nil {
		return &pageFetch{err: err}
	}
	w := newPager(s.client, s.op, s.req, s.opts, s.decode)
	got := w.ask(ctx, s.from)
	w.resolve(got)
	w.show(got)
	return got
}

// each yields the pages, or why there are none.
func (s *listSource) each(ctx context.Context, yield func(*pageFetch) bool) {
	if err := s.invalid(); err != nil {
		yield(&pageFetch{err: err})
		return
	}
	w := newPager(s.client, s.op, s.req, s.opts, s.decode)
	w.whole = true
	w.each(ctx, s.from, yield)
}

// CheckItems returns a list that fails with a [*DecodeError] at an item for which check returns an error. It is for
// authors of typed packages.
func CheckItems[T any](l List[T], check func(item *T) error) List[T] {
	if l.source.invalid() != nil {
		return l
	}
	source := *l.source
	source.decode = func(body []byte, limits listLimits) (any, int, []byte, wire.Pagination, error) {
		items, n, raw, says, err := l.source.decode(body, limits)
		all, _ := items.([]T)
		for i := range all {
			if problem := check(&all[i]); problem != nil && err == nil {
				err = fmt.Errorf("item %d: %w", i, problem)
			}
		}
		return items, n, raw, says, err
	}
	return List[T]{&source}
}

func (s *listSource) invalid() error {
	if s == nil {
		return errNotMade
	}
	return s.err
}

// Collect returns all items of a sequence such as that of [List.All], or its error.
func Collect[T any](items iter.Seq2[T, error]) ([]T, error) {
	var all []T
	if items == nil {
		return nil, errors.New("interchange: the sequence to collect is nil")
	}
	for item, err := range items {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}

// Distinct drops items repeated because a list changed during paging: those whose key was seen before. It keeps items
// with the zero key, such as an empty id, and errors. Each range remembers the keys, so memory grows with the list.
func Distinct[T any, K comparable](items iter.Seq2[T, error], key func(T) K) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none K
		if items == nil || key == nil {
			var item T
			yield(item, errors.New("interchange: Distinct needs a sequence and a key function"))
			return
		}
		seen := make(map[K]struct{})
		for item, err := range items {
			if err == nil {
				k := key(item)
				if _, again := seen[k]; again && k != none {
					continue
				}
				seen[k] = struct{}{}
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// decodeItems reads the items of a page as a []T.
func decodeItems[T any](op *Operation) decodeFunc {
	return func(body []byte, limits listLimits) (any, int, []byte, wire.Pagination, error) {
		page, err := wire.DecodeList[T](body, wire.ListOptions{
			Key: op.Items, MaxItems: limits.maxItems, MaxMemory: limits.maxMemory, Bounded: limits.bounded,
		})
		return page.Items, len(page.Items), page.Raw, page.Page, err
	}
}

func pageOf[T any](got *pageFetch) *Page[T] {
	items, _ := got.items.([]T) // nil where no content came
	return &Page[T]{Items: items, Total: got.says.Total, Next: got.next}
}
