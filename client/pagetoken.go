package client

import (
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

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

// placeUnknown is the token of a page that must exist but cannot be addressed. An empty one would end a loop over
// [List] as if the list were complete.
const placeUnknown PageToken = "unknown:"

// query is the request's query for the page at a place, with the size it asks for and the offset it begins at.
func (w *pager) query(at PageToken) (query url.Values, size, offset int64, err error) {
	if at == placeUnknown {
		const reason = "the page before this one does not say where the list continues"
		return nil, 0, 0, &PagingError{Operation: w.op.name(), At: at, Reason: reason}
	}
	sizeParam, placeParam, paged := w.op.Paging.params()
	if !paged {
		if at != "" {
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
	if place, ok := strings.CutPrefix(string(at), placeOffset); ok && w.op.Paging != PagingCursor &&
		w.op.Paging != PagingStartingAfter {
		query.Set(placeParam, place)
	} else if place, ok := strings.CutPrefix(string(at), placeCursor); ok && w.op.Paging != PagingPages {
		if w.op.Paging != PagingStartingAfter {
			placeParam = "cursor" // some lists that count also give cursors (docs/platform.md#paging)
		}
		query.Set(placeParam, place)
	} else if at != "" {
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

func (w *pager) badToken() error {
	return &ParamError{Operation: w.op.name(), Issues: []Issue{{"page", "is not a place in this list"}}}
}

func offsetToken(offset int64) PageToken {
	return placeOffset + PageToken(strconv.FormatInt(offset, 10))
}

// countedOffset is the offset that a token names, in the lists that count.
func countedOffset(at PageToken) (offset int64, ok bool) {
	text, ok := strings.CutPrefix(string(at), placeOffset)
	if !ok {
		return 0, false
	}
	offset, err := strconv.ParseInt(text, 10, 64)
	return offset, err == nil
}

// next returns where the page after this one begins, or why that is not known. What the response says is asked in this
// order: a cursor, whether there is more, the total, whether the page was full.
func (w *pager) next(got *pageFetch) (next PageToken, reason string) {
	says := got.says
	if w.op.Paging == PagingPages { // neither is a page's number
		says.NextCursor, says.NextOffset = "", -1
	}
	more := says.HasMore == wire.Yes || (says.NextCursor != "" && says.HasMore != wire.No)
	switch {
	case w.op.Paging == PagingNone:
		if w.claimsMore(got) {
			return "", "more items exist, but the operation has no paging"
		}
		return "", ""
	case says.HasMore == wire.No:
		return "", ""
	case got.count == 0 && !more:
		if w.isFirst(got) && says.Total > 0 && !says.EndSaid {
			return "", "the first page is empty, but the total is not 0"
		}
		return "", ""
	case w.op.Paging == PagingStartingAfter:
		return w.nextAfterLast(got, more)
	case says.NextCursor != "":
		return placeCursor + PageToken(says.NextCursor), ""
	case w.op.Paging == PagingCursor:
		if more || got.at == "" && !says.EndSaid && w.incomplete(got) {
			return "", "more follows, but there is no cursor"
		}
		return "", ""
	default:
		return w.nextOffset(got, says)
	}
}

// claimsMore reports whether a response without paging says that items are missing from it.
func (w *pager) claimsMore(got *pageFetch) bool {
	says := got.says
	switch {
	case says.HasMore != wire.Unsaid:
		return says.HasMore == wire.Yes
	case says.NextCursor != "":
		return true
	case says.Total >= 0:
		return w.incomplete(got)
	default:
		return says.NextOffset > 0
	}
}

// isFirst reports whether a page is the first of a list that counts, also if the caller set the offset.
func (w *pager) isFirst(got *pageFetch) bool {
	switch w.op.Paging {
	case PagingTakeSkip, PagingLimitOffset:
		return got.at == "" && got.offset == 0
	case PagingPages:
		return got.at == "" && got.offset == 1
	}
	return false
}

// incomplete reports whether the total is larger than the number of items since the beginning of the list.
func (w *pager) incomplete(got *pageFetch) bool { return w.fromStart && got.says.Total > w.items }

// nextOffset is next for the lists that count.
func (w *pager) nextOffset(got *pageFetch, says wire.Pagination) (next PageToken, reason string) {
	items := int64(got.count)
	following, passed := got.offset+items, got.offset+items
	if w.op.Paging == PagingPages {
		following, passed = got.offset+1, (got.offset-1)*w.pageSize(got)+items
	}
	switch {
	case says.NextOffset >= 0:
		following = says.NextOffset
	case says.HasMore == wire.Yes:
	case says.Total >= 0 && passed < says.Total: // whatever else is null
	case says.Total >= 0, says.EndSaid, got.short() && !w.probe(got):
		return "", ""
	}
	switch {
	case items == 0 && says.NextOffset < 0: // counting on would visit the same place, or pages without end
		return "", "an empty page claims that more follows"
	case following > got.offset:
		return offsetToken(following), ""
	default:
		return "", "the next offset is not after this one"
	}
}

// nextAfterLast is next for the lists that continue after the last item's id.
func (w *pager) nextAfterLast(got *pageFetch, more bool) (next PageToken, reason string) {
	more = more || w.incomplete(got)
	switch {
	case !more && (got.size == 0 || got.short() && !w.probe(got)):
		return "", ""
	case got.last != "":
		return placeCursor + PageToken(got.last), ""
	case got.count == 0:
		return "", "an empty page claims that more follows"
	default:
		return "", "more follows, but the last item has no id"
	}
}

// pageSize is the size of the pages that are numbered: as the answer says, else as those before this one were, else as
// asked for.
func (w *pager) pageSize(got *pageFetch) int64 {
	size := got.size
	switch {
	case got.says.PageSize > 0:
		size = got.says.PageSize
	case w.longest > 0:
		size = int64(w.longest)
	}
	return max(size, int64(got.count))
}

// end is the first place that is surely behind the end of a list that counts.
func (w *pager) end(got *pageFetch) int64 {
	total := got.says.Total
	switch {
	case total < 0:
		return math.MaxInt64
	case w.op.Paging == PagingPages:
		size := w.pageSize(got)
		return total/size + min(total%size, 1) + 1
	default:
		return total
	}
}

// short reports whether a page has fewer items than the stated page size, or else than requested.
func (f *pageFetch) short() bool {
	size := f.size
	if f.says.PageSize > 0 {
		size = f.says.PageSize
	}
	return int64(f.count) < size
}

// silent reports whether a page has no information about the next one.
func (f *pageFetch) silent() bool { return f.says == wire.Unpaged() }

// probe reports whether to request the page after a short one: if all pages are wanted, none before was longer, and a
// repetition of the page would be noticed.
func (w *pager) probe(got *pageFetch) bool {
	w.probing = w.whole && got.silent() && got.count >= w.longest && got.last != ""
	return w.probing
}
