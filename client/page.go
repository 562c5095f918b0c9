package client

import (
	"context"
	"errors"
	"iter"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// PageToken is a place in a list, opaque and safe to store: a walk that was interrupted resumes from it, in another
// process too. The empty token is the beginning. Keep it with the query that it came from: it does not say which list
// it is of, and one of another list, or of the same list with other filters, passes where both continue in the same
// way ([Paging]). Text that no list which continues in this way gives is refused with a [*ParamError] before anything
// is sent.
type PageToken string

// Page is one page of a list.
type Page[T any] struct {
	// Items holds the page's items.
	Items []T
	// Total counts the items of the whole list; -1 when the platform does not say.
	Total int64
	// Next is where the next page begins; empty after the last one. If the response says that more follows, but not
	// where, Next is a token that [List] and [Pages] refuse with a [*PagingError].
	Next PageToken
}

// PagingError is returned when a walk cannot reach all items of a list. A page or cursor came back, the response
// says that more follows but not where, more than 100 empty pages came in a row, or a list without pages ([PagingNone])
// says that there is more. It matches [ErrPaging].
type PagingError struct {
	// Operation names the list.
	Operation string
	// At is the page after which the walk cannot continue.
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

// List fetches one page: the first, or the one that from names. It returns the items of a page also if that does not
// say where the list continues, see [Page.Next].
func List[T any](ctx context.Context, c *Client, op *Operation, req Request, from PageToken, opts ...CallOption) (*Page[T], error) {
	w := newWalk(c, op, req, opts, decodeItems[T](op))
	got := w.ask(ctx, from)
	w.settle(got)
	w.show(got)
	if got.err != nil {
		return nil, got.err
	}
	return pageOf[T](got), nil
}

// Pages walks a list page by page, from the page that from names. Each range begins there anew. An error ends it
// and is its last value. To be able to resume, save [Page.Next] when a page is done with, and give it as from.
//
// Where an answer says nothing of what follows, a page shorter than what was asked for may be the last, or as long as
// the platform makes them. The next one is then asked for once: if it is empty, or the same again, the list was at its
// end. [List] has nothing to compare with, and takes the short page for the last (docs/platform.md#paging).
//
// A list that changes while it is walked moves under the walk wherever offsets are counted: an item may come twice,
// which [Distinct] mends, or not at all, which nothing does. With [WithPrefetch] pages are fetched ahead.
func Pages[T any](ctx context.Context, c *Client, op *Operation, req Request, from PageToken, opts ...CallOption) iter.Seq2[*Page[T], error] {
	return func(yield func(*Page[T], error) bool) {
		w := newWalk(c, op, req, opts, decodeItems[T](op))
		w.whole = true
		w.each(ctx, from, func(got *fetched) bool {
			if got.err != nil {
				return yield(nil, got.err)
			}
			return yield(pageOf[T](got), nil)
		})
	}
}

// All walks a list item by item, see [Pages]. The total, for showing progress, is in the [Response] that
// [WithResponse] fills.
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

// Collect returns all items of a sequence such as that of [All], or its error.
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

// CollectPages returns all items of a sequence of pages such as that of [Pages], or its error. The items of a single
// page are not copied.
func CollectPages[T any](pages iter.Seq2[*Page[T], error]) ([]T, error) {
	var all []T
	for page, err := range pages {
		switch {
		case err != nil:
			return nil, err
		case len(all) == 0:
			all = page.Items
		default:
			all = append(all, page.Items...)
		}
	}
	return all, nil
}

// Distinct gives each item once: those whose key came before are left out. Items with the zero key, such as an empty
// id, are all given, and so is an error. Each range keeps the keys that it has seen: memory grows with the list.
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

func pageOf[T any](got *fetched) *Page[T] {
	items, _ := got.items.([]T) // nil where no content came
	return &Page[T]{Items: items, Total: got.says.Total, Next: got.next}
}
