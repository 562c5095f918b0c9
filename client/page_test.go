package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// Every style, with lists that end within a page, at its end, at once, and with every row once and in order.
func TestWalkEveryStyle(t *testing.T) {
	t.Parallel()
	for name := range pageStyles() {
		for _, rows := range []int{0, 1, 4, 5, 6, 10, 23} {
			for _, maxPage := range []int{5, 1, 100} {
				m := pageStyles()[name]
				m.rows = rows
				c := pageClient(t, m)
				got := pageNumbers(t, c, m.op(maxPage), client.Request{}, "", client.WithPrefetch(0))
				require.Equal(t, pageUpTo(0, rows), got, "%s, %d rows, pages of %d", name, rows, maxPage)
				pages := rows/maxPage + 1
				switch {
				case m.paging == client.PagingNone:
					pages = 1
				case pages == 1 && rows > 0 && !m.total && !m.hasMore && !m.next:
					pages = 2 // the first page may be as long as they get
				}
				require.LessOrEqual(t, len(m.asked()), pages, "%s, %d rows, pages of %d", name, rows, maxPage)
			}
		}
	}
}

// What a walk asks for, in each style.
func TestWalkQueries(t *testing.T) {
	t.Parallel()
	cursor := func(at int) string { return url.QueryEscape(pageCursor(at)) }
	for _, tt := range []struct {
		name  string
		model *pageModel
		query url.Values
		want  []string
	}{
		{
			"take and skip", &pageModel{paging: client.PagingTakeSkip, total: true}, nil,
			[]string{"take=5", "skip=5&take=5", "skip=10&take=5"},
		},
		{
			"take and skip, a size of one's own", &pageModel{paging: client.PagingTakeSkip, total: true},
			url.Values{"take": {"8"}},
			[]string{"take=8", "skip=8&take=8"},
		},
		{
			"take and skip, a place of one's own", &pageModel{paging: client.PagingTakeSkip, total: true},
			url.Values{"skip": {"9"}},
			[]string{"skip=9&take=5"},
		},
		{
			"limit and offset", &pageModel{paging: client.PagingLimitOffset, next: true}, nil,
			[]string{"limit=5", "limit=5&offset=5", "limit=5&offset=10"},
		},
		{
			"cursor", &pageModel{paging: client.PagingCursor, next: true}, nil,
			[]string{"limit=5", "cursor=" + cursor(5) + "&limit=5", "cursor=" + cursor(10) + "&limit=5"},
		},
		{
			"starting after", &pageModel{paging: client.PagingStartingAfter, hasMore: true}, nil,
			[]string{"limit=5", "limit=5&starting_after=4", "limit=5&starting_after=9"},
		},
		{
			"pages", &pageModel{paging: client.PagingPages, total: true}, nil,
			[]string{"pageSize=5", "page=2&pageSize=5", "page=3&pageSize=5"},
		},
		{"none", &pageModel{paging: client.PagingNone}, nil, []string{""}},
		{
			"filters stay", &pageModel{paging: client.PagingTakeSkip, total: true},
			url.Values{"f": {"a", "b&c"}, "take": {"12"}},
			[]string{"f=a&f=b%26c&take=12"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.model.rows = 12
			c := pageClient(t, tt.model)
			req := client.Request{Query: tt.query}
			before := tt.query.Encode()
			pageNumbers(t, c, tt.model.op(5), req, "", client.WithPrefetch(0))
			var got []string
			for _, query := range tt.model.asked() {
				got = append(got, query.Encode())
			}
			assert.Equal(t, tt.want, got)
			assert.Equal(t, before, tt.query.Encode(), "the caller's query is left alone")
		})
	}
}

func TestListFetchesOnePage(t *testing.T) {
	t.Parallel()
	m := &pageModel{rows: 12, paging: client.PagingTakeSkip, total: true}
	c := pageClient(t, m)
	page, err := client.NewList[pageRow](c, m.op(100), client.Request{Query: url.Values{"take": {"5"}}},
		"").Page(t.Context())
	require.NoError(t, err)
	assert.Len(t, page.Items, 5)
	assert.EqualValues(t, 12, page.Total)
	assert.NotEmpty(t, page.Next)
	assert.Equal(t, []url.Values{{"take": {"5"}}}, m.asked())

	// List leaves the size to the platform where none is given.
	_, err = client.NewList[pageRow](c, m.op(100), client.Request{}, "").Page(t.Context())
	require.NoError(t, err)
	assert.Equal(t, url.Values{}, m.asked()[1])

	silent := &pageModel{rows: 12, paging: client.PagingCursor, next: true}
	page, err = client.NewList[pageRow](pageClient(t, silent), silent.op(0), client.Request{}, "").Page(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, -1, page.Total, "not said")
}

// A token seen in one walk continues it in another, in another Client as well.
func TestWalkResumes(t *testing.T) {
	t.Parallel()
	for name := range pageStyles() {
		m := pageStyles()[name]
		m.rows = 23
		c := pageClient(t, m)
		op := m.op(5)
		var tokens []client.PageToken
		var seen []int
		for page, err := range client.NewList[pageRow](c, op, client.Request{}, "").Pages(t.Context()) {
			require.NoError(t, err)
			seen = append(seen, len(page.Items))
			tokens = append(tokens, page.Next)
		}
		require.Empty(t, tokens[len(tokens)-1], name)
		at := 0
		for i, token := range tokens[:len(tokens)-1] {
			at += seen[i]
			require.NotEmpty(t, token, name)
			rest := pageNumbers(t, pageClient(t, m), op, client.Request{}, token)
			require.Equal(t, pageUpTo(at, 23), rest, "%s after page %d", name, i+1)
		}
	}
}

func TestWalkRangesTwiceAlike(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]client.CallOption{nil, {client.WithPrefetch(3)}} {
		m := &pageModel{rows: 23, paging: client.PagingCursor, next: true}
		c := pageClient(t, m)
		walk := client.NewList[pageRow](c, m.op(5), client.Request{}, "", opts...).All(t.Context())
		count := func(limit int) (n int) {
			for row, err := range walk {
				require.NoError(t, err)
				require.Equal(t, client.ID(fmt.Sprint(n)), row.ID)
				if n++; n == limit {
					break
				}
			}
			return n
		}
		assert.Equal(t, 23, count(0))
		assert.Equal(t, 7, count(7), "a loop that is left early")
		assert.Equal(t, 23, count(0))
	}
}

func TestWalkLeftEarlyAsksNoMore(t *testing.T) {
	t.Parallel()
	m := &pageModel{rows: 100, paging: client.PagingTakeSkip, total: true}
	c := pageClient(t, m)
	for row, err := range client.NewList[pageRow](c, m.op(5), client.Request{}, "").All(t.Context()) {
		require.NoError(t, err)
		if row.ID == "6" {
			break
		}
	}
	assert.Len(t, m.asked(), 2)
	for page, err := range client.NewList[pageRow](c, m.op(5), client.Request{}, "").Pages(t.Context()) {
		require.NoError(t, err)
		assert.Len(t, page.Items, 5)
		break
	}
	assert.Len(t, m.asked(), 3)
}

// pageFailing fails after a number of pages of five.
type pageFailing struct {
	*pageModel
	after int
	fail  func(r *http.Request) (*http.Response, error)
}

func (f *pageFailing) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := f.pageModel.RoundTrip(r)
	if hostileOffset(r.URL.Query()) >= 5*f.after {
		return f.fail(r)
	}
	return resp, err
}

// An error is the last value of a walk, and there is one; the pages before it are whole.
func TestWalkEndsWithItsError(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*http.Request) (*http.Response, error){
		"status": func(r *http.Request) (*http.Response, error) {
			return connAnswer(r, http.StatusForbidden, `{"error":{"code":"FORBIDDEN"}}`), nil
		},
		"not JSON": func(r *http.Request) (*http.Response, error) { return connAnswer(r, http.StatusOK, `{"data":[`), nil },
		"no list":  func(r *http.Request) (*http.Response, error) { return connAnswer(r, http.StatusOK, `{"total":1}`), nil },
		"error in a success": func(r *http.Request) (*http.Response, error) {
			return connAnswer(r, http.StatusOK, `{"error":"x y"}`), nil
		},
		"broken connection": func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") },
	} {
		for _, ahead := range []int{0, 2} {
			f := &pageFailing{&pageModel{rows: 100, paging: client.PagingTakeSkip, total: true}, 3, fail}
			c := pageClient(t, f)
			rows, failures := 0, 0
			for _, err := range client.NewList[pageRow](c, f.op(5), client.Request{}, "",
				client.WithPrefetch(ahead)).All(t.Context()) {
				if err == nil {
					require.Zero(t, failures, "nothing comes after an error")
					rows++
				} else {
					failures++
				}
			}
			assert.Equal(t, 15, rows, name)
			assert.Equal(t, 1, failures, name)
			assert.GreaterOrEqual(t, len(f.asked()), 4, name)
			assert.LessOrEqual(t, len(f.asked()), 4+ahead, name)
			pages := 0
			for page, err := range client.NewList[pageRow](c, f.op(5), client.Request{}, "",
				client.WithPrefetch(ahead)).Pages(t.Context()) {
				assert.Equal(t, err == nil, page != nil, name)
				pages++
			}
			assert.Equal(t, 4, pages, name)
		}
	}
}

func TestWalkOfAnEndedContext(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]client.CallOption{nil, {client.WithPrefetch(2)}} {
		m := &pageModel{rows: 100, paging: client.PagingTakeSkip, total: true}
		c := pageClient(t, m)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var errs []error
		rows := 0
		for _, err := range client.NewList[pageRow](c, m.op(5), client.Request{}, "", opts...).All(ctx) {
			if err != nil {
				errs = append(errs, err)
				continue
			}
			if rows++; rows == 7 {
				cancel()
			}
		}
		require.Len(t, errs, 1)
		require.ErrorIs(t, errs[0], context.Canceled)
		assert.Less(t, rows, 100)
	}
}

// A token that is not one, or of another style of list, is refused before anything is sent.
func TestPageTokensAreChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		paging client.Paging
		tokens []client.PageToken
	}{
		{
			client.PagingTakeSkip,
			[]client.PageToken{
				"x", "5", "offset", "offset:x", "offset:-1", "offset:1.5", "offset:9223372036854775808", "cursor",
				"s3cr3t", "\x00",
			},
		},
		{client.PagingLimitOffset, []client.PageToken{"offset:x", "offset:-1", " offset:1"}},
		{client.PagingCursor, []client.PageToken{"offset:5", "x", "5"}},
		{client.PagingStartingAfter, []client.PageToken{"offset:5", "x"}},
		{client.PagingPages, []client.PageToken{"cursor:x", "offset:-1", "x"}},
		{client.PagingNone, []client.PageToken{"offset:5", "cursor:x", "x"}},
	} {
		m := &pageModel{rows: 12, paging: tt.paging}
		c := pageClient(t, m)
		for _, token := range tt.tokens {
			_, err := client.NewList[pageRow](c, m.op(5), client.Request{}, token).Page(t.Context())
			require.ErrorIs(t, err, client.ErrInvalidParams, "%q", token)
			assert.NotContains(t, err.Error(), "s3cr3t")
			for _, opts := range [][]client.CallOption{nil, {client.WithPrefetch(2)}} {
				failures := 0
				for _, err := range client.NewList[pageRow](c, m.op(5), client.Request{}, token, opts...).All(t.Context()) {
					require.ErrorIs(t, err, client.ErrInvalidParams)
					failures++
				}
				assert.Equal(t, 1, failures)
			}
		}
		assert.Empty(t, m.asked())
	}
}

// An empty list in each form that it can have.
func TestWalkOfAnEmptyList(t *testing.T) {
	t.Parallel()
	for status, bodies := range map[int][]string{
		200: {
			`[]`, `null`, `{"data":[],"error":null}`, `{"data":null,"error":null}`, `{"data":{"rows":[]}}`,
			`{"data":{"rows":null}}`, `{"rows":[],"total":0,"hasMore":false,"nextCursor":null}`,
		},
		204: {``},
	} {
		for _, body := range bodies {
			for _, paging := range []client.Paging{
				client.PagingNone, client.PagingTakeSkip, client.PagingCursor,
				client.PagingPages, client.PagingStartingAfter,
			} {
				requests := 0
				c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
					requests++
					return connAnswer(r, status, body), nil
				}))
				op := client.Operation{Mount: client.MountShared, Path: "/things", Paging: paging, MaxPage: 10, Items: "rows"}
				for _, err := range client.NewList[pageRow](c, &op, client.Request{}, "").All(t.Context()) {
					t.Errorf("%d %s: %v", status, body, err)
				}
				assert.Equal(t, 1, requests)
			}
		}
	}
}

// A cursor that is null says nothing to a list that counts: what counts is the total.
func TestWalkByTotalDespiteANullCursor(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		skip, _ := strconv.Atoi(req.URL.Query().Get("skip"))
		rows := make([]string, 0, 10)
		for i := skip; i < min(skip+10, 25); i++ {
			rows = append(rows, fmt.Sprintf(`{"id":"%d"}`, i))
		}
		return httpmock.NewStringResponse(http.StatusOK,
			`{"data":{"rows":[`+strings.Join(rows, ",")+`],"total":25,"nextCursor":null,"nextOffset":null},"error":null}`), nil
	})
	token, err := client.ParseOpaqueToken("canned")
	require.NoError(t, err)
	c, err := client.New(client.WithToken(token), client.WithTransport(mock))
	require.NoError(t, err)
	op := client.Operation{Path: "/things", Paging: client.PagingTakeSkip, Items: "rows", MaxPage: 10}
	n := 0
	for _, err := range client.NewList[decodeThing](c, &op, client.Request{}, "").All(t.Context()) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 25, n)
	assert.Equal(t, 3, mock.GetTotalCallCount())
}
