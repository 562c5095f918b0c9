package client_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// pageRow is an item of the lists that are walked.
type pageRow struct {
	ID   client.ID `json:"id"`
	Name string    `json:"name,omitempty"`
}

// pageModel is a server of one list, in memory, in any of the platform's styles. What it says besides the items is
// chosen by the test; it says nothing untrue.
type pageModel struct {
	rows   int
	first  int                // the number of the first row
	change func(requests int) // changes the list before it is read
	paging client.Paging
	size   func(asked int) int // how many rows it gives where so many are asked for; nil: as many
	// What it says: total, hasMore, next (nextOffset or nextCursor, null at the end), echo (where it stands).
	total, hasMore, next, echo bool
	shape                      string // where it says it: data, meta, page, array, bare

	mu       sync.Mutex
	requests []url.Values
}

func (m *pageModel) asked() []url.Values {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.requests
}

const pageDefaultSize = 10

func (m *pageModel) RoundTrip(r *http.Request) (*http.Response, error) {
	query := r.URL.Query()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests = append(m.requests, query)
	number := func(name string, missing int) int {
		if n, err := strconv.Atoi(query.Get(name)); err == nil {
			return n
		}
		return missing
	}
	var from, size int
	switch m.paging {
	case client.PagingTakeSkip:
		from, size = number("skip", 0), number("take", pageDefaultSize)
	case client.PagingLimitOffset:
		from, size = number("offset", 0), number("limit", pageDefaultSize)
	case client.PagingCursor:
		size = number("limit", pageDefaultSize)
		if cursor := query.Get("cursor"); cursor != "" {
			from = pageFromCursor(cursor)
		}
	case client.PagingStartingAfter:
		size = number("limit", pageDefaultSize)
		if after := query.Get("starting_after"); after != "" {
			from = number("starting_after", 0) + 1
		}
	case client.PagingPages:
		size = number("pageSize", pageDefaultSize)
		if m.size != nil {
			size = m.size(size)
		}
		from = (number("page", 1) - 1) * size
	case client.PagingNone:
		size = m.rows
	}
	if m.size != nil {
		size = m.size(size)
	}
	if m.change != nil {
		m.change(len(m.requests))
	}
	from = min(from, m.rows)
	return connAnswer(r, http.StatusOK, m.page(from, min(from+size, m.rows), size, query)), nil
}

// page is the answer with rows from one number to another.
func (m *pageModel) page(from, to, size int, query url.Values) string {
	items := make([]pageRow, 0, to-from)
	for i := from + m.first; i < to+m.first; i++ {
		items = append(items, pageRow{ID: client.ID(strconv.Itoa(i)), Name: "row " + strconv.Itoa(i)})
	}
	says := map[string]any{}
	if m.total {
		says["total"] = m.rows
	}
	if m.hasMore {
		says["hasMore"] = to < m.rows
	}
	if m.next {
		name, next := "nextOffset", any(to)
		if m.paging == client.PagingCursor {
			name, next = "nextCursor", pageCursor(to)
		}
		if says[name] = next; to >= m.rows {
			says[name] = nil
		}
	}
	if m.echo {
		says["skip"], says["take"] = from, size
		if m.paging == client.PagingPages {
			says["page"], says["pageSize"] = from/max(size, 1)+1, size
		}
		says["asked"] = query.Encode()
	}
	var body any
	switch m.shape {
	case "meta":
		body = map[string]any{"data": items, "error": nil, "meta": map[string]any{"pagination": says}}
	case "page":
		body = map[string]any{"data": map[string]any{"rows": items, "page": says}, "error": nil}
	case "array":
		body = items
	case "bare":
		says["rows"] = items
		body = says
	default:
		says := maps.Clone(says)
		says["rows"] = items
		body = map[string]any{"data": says, "error": nil}
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// pageCursor has characters that mean something in a query.
func pageCursor(at int) string {
	return "c+&=/?#%" + base64.StdEncoding.EncodeToString([]byte(fmt.Sprint("row ", at)))
}

func pageFromCursor(cursor string) int {
	text, err := base64.StdEncoding.DecodeString(cursor[len("c+&=/?#%"):])
	if err != nil {
		panic(err)
	}
	at, err := strconv.Atoi(string(text[len("row "):]))
	if err != nil {
		panic(err)
	}
	return at
}

func (m *pageModel) op(maxPage int) *client.Operation {
	return &client.Operation{
		ID: "listThings", Mount: client.MountShared, Path: "/things", Paging: m.paging,
		MaxPage: maxPage,
	}
}

// pageClient talks to a network in memory.
func pageClient(t testing.TB, network http.RoundTripper, opts ...client.Option) *client.Client {
	t.Helper()
	c, err := client.New(append([]client.Option{
		client.WithEnvironment(client.BaseURL(cannedBase)), client.WithToken(cannedToken(t)), client.WithTransport(network),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 1}),
	}, opts...)...)
	require.NoError(t, err)
	return c
}

// pageNumbers walks to the end and gives the ids as numbers.
func pageNumbers(t testing.TB, c *client.Client, op *client.Operation, req client.Request, from client.PageToken,
	opts ...client.CallOption,
) []int {
	t.Helper()
	numbers := []int{}
	for row, err := range client.NewList[pageRow](c, op, req, from, opts...).All(t.Context()) {
		require.NoError(t, err)
		n, err := row.ID.Int64()
		require.NoError(t, err)
		numbers = append(numbers, int(n))
	}
	return numbers
}

// pageUpTo is the numbers from one to below another.
func pageUpTo(from, to int) []int {
	numbers := []int{}
	for i := from; i < to; i++ {
		numbers = append(numbers, i)
	}
	return numbers
}

// pageStyles are the ways in which a server can say enough for a walk to come to the right end.
func pageStyles() map[string]*pageModel {
	return map[string]*pageModel{
		"take and skip, total": {paging: client.PagingTakeSkip, total: true},
		"take and skip, meta": {
			paging: client.PagingTakeSkip, total: true, hasMore: true, echo: true,
			shape: "meta",
		},
		"take and skip, hasMore":             {paging: client.PagingTakeSkip, hasMore: true},
		"take and skip, bare":                {paging: client.PagingTakeSkip, total: true, shape: "bare"},
		"take and skip, nothing said":        {paging: client.PagingTakeSkip, shape: "array"},
		"limit and offset, nextOffset":       {paging: client.PagingLimitOffset, next: true},
		"limit and offset, all":              {paging: client.PagingLimitOffset, next: true, total: true, hasMore: true},
		"limit and offset, page object":      {paging: client.PagingLimitOffset, total: true, hasMore: true, shape: "page"},
		"limit and offset, nothing said":     {paging: client.PagingLimitOffset},
		"cursor":                             {paging: client.PagingCursor, next: true},
		"cursor, all":                        {paging: client.PagingCursor, next: true, total: true, hasMore: true},
		"cursor, page object":                {paging: client.PagingCursor, next: true, shape: "page"},
		"starting after, hasMore":            {paging: client.PagingStartingAfter, hasMore: true},
		"starting after, nothing said":       {paging: client.PagingStartingAfter},
		"pages, total":                       {paging: client.PagingPages, total: true, echo: true},
		"pages, hasMore":                     {paging: client.PagingPages, hasMore: true, shape: "bare"},
		"pages, nothing said":                {paging: client.PagingPages},
		"no pages":                           {paging: client.PagingNone},
		"no pages, in an array":              {paging: client.PagingNone, shape: "array"},
		"no pages, with a total":             {paging: client.PagingNone, total: true},
		"take and skip, total in the page":   {paging: client.PagingTakeSkip, total: true, shape: "page"},
		"limit and offset, a bare page":      {paging: client.PagingLimitOffset, next: true, hasMore: true, shape: "bare"},
		"cursor in an offset style":          {paging: client.PagingCursor, next: true, hasMore: true, shape: "meta"},
		"take and skip, where it stands too": {paging: client.PagingTakeSkip, hasMore: true, echo: true},
	}
}
