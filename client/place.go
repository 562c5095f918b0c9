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

// query is the request's query for the page at a place, with the size it asks for and the offset it begins at.
func (w *walk) query(at PageToken) (query url.Values, size, offset int64, err error) {
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
	if place, ok := strings.CutPrefix(string(at), placeOffset); ok && w.op.Paging != PagingCursor && w.op.Paging != PagingStartingAfter {
		query.Set(placeParam, place)
	} else if place, ok := strings.CutPrefix(string(at), placeCursor); ok && w.op.Paging != PagingPages {
		if w.op.Paging != PagingStartingAfter {
			placeParam = "cursor" // some lists that count also give cursors (facts §E)
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

func (w *walk) badToken() error {
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

// next tells where the page after this one begins, or why it cannot: by a cursor, else by what the answer says
// about more, else by the total, else by whether the page was full (facts §E).
func (w *walk) next(got *fetched) (next PageToken, reason string) {
	says, items := got.says, int64(got.count)
	if w.op.Paging == PagingPages { // neither is a page's number
		says.NextCursor, says.NextOffset = "", -1
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
		if !claimsMore && (got.size == 0 || got.short() && !w.probe(got)) {
			return "", ""
		}
		if got.last == "" {
			return "", "more follows, but the last item has no id"
		}
		return placeCursor + PageToken(got.last), ""
	case says.NextCursor != "":
		return placeCursor + PageToken(says.NextCursor), ""
	case w.op.Paging == PagingCursor:
		if says.HasMore == wire.Yes {
			return "", "more follows, but there is no cursor"
		}
		return "", ""
	}
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
	if following <= got.offset {
		return "", "the next offset is not after this one"
	}
	return offsetToken(following), ""
}

// pageSize is the size of the pages that are numbered: as the answer says, else as those before this one were, else as
// asked for.
func (w *walk) pageSize(got *fetched) int64 {
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
func (w *walk) end(got *fetched) int64 {
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

// short tells a page that is not as long as the platform says its pages are, else as was asked for.
func (f *fetched) short() bool {
	size := f.size
	if f.says.PageSize > 0 {
		size = f.says.PageSize
	}
	return int64(f.count) < size
}

// silent tells a page that says nothing of what follows.
func (f *fetched) silent() bool { return f.says == wire.Unpaged() }

// probe tells whether the page after a short one is worth a look: in a walk, where no page before this one was longer, and
// where it will show if the same page comes again.
func (w *walk) probe(got *fetched) bool {
	w.probing = w.whole && got.silent() && got.count >= w.longest && got.last != ""
	return w.probing
}
