package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// hostileRows is rows with ids from one number to below another, as JSON.
func hostileRows(from, to int) string {
	rows := make([]string, 0, to-from)
	for i := from; i < to; i++ {
		rows = append(rows, fmt.Sprintf(`{"id":"%d"}`, i))
	}
	return "[" + strings.Join(rows, ",") + "]"
}

// hostileOffset is the offset that a request asks for.
func hostileOffset(query url.Values) int {
	n, _ := strconv.Atoi(query.Get("skip") + query.Get("offset"))
	return n
}

// A list may be endless, but a walk must not be: a server that makes no progress is left with an error, and one that
// is only odd is walked to its end, in no more requests than there are different pages, and one.
func TestWalkOfHostileServers(t *testing.T) {
	t.Parallel()
	const offsets, cursors, after, pages = client.PagingTakeSkip, client.PagingCursor, client.PagingStartingAfter,
		client.PagingPages
	for _, tt := range []struct {
		name   string
		paging client.Paging
		// answer is given the number of the request, from 1.
		answer   func(n int, query url.Values) string
		rows     int // that come before the end
		stuck    bool
		requests int
	}{
		{"cursor A, A", cursors, func(n int, _ url.Values) string {
			return `{"rows":` + hostileRows(5*n, 5*n+5) + `,"nextCursor":"A"}`
		}, 5, true, 2},
		{"cursor A, B, A, B", cursors, func(n int, _ url.Values) string {
			return `{"rows":` + hostileRows(5*n, 5*n+5) + `,"nextCursor":"` + []string{"B", "A"}[n%2] + `"}`
		}, 10, true, 3},
		{"cursor after a long circle", cursors, func(n int, _ url.Values) string {
			return `{"rows":` + hostileRows(5*n, 5*n+5) + `,"nextCursor":"` + strconv.Itoa(n%50) + `"}`
		}, 250, true, 51},
		{"always a new cursor, always the same page", cursors, func(n int, _ url.Values) string {
			return `{"rows":` + hostileRows(0, 5) + `,"nextCursor":"` + strconv.Itoa(n) + `"}`
		}, 5, true, 2},
		{"always a new cursor, the same pages in turn", cursors, func(n int, _ url.Values) string {
			return `{"rows":` + hostileRows(n%2, 5) + `,"nextCursor":"` + strconv.Itoa(n) + `"}`
		}, 9, true, 3},
		{"empty pages with a new cursor forever", cursors, func(n int, _ url.Values) string {
			return `{"rows":[],"nextCursor":"` + strconv.Itoa(n) + `"}`
		}, 0, true, 101},
		{"a hundred empty pages, then items", cursors, func(n int, _ url.Values) string {
			if n <= 100 {
				return `{"rows":[],"nextCursor":"` + strconv.Itoa(n) + `"}`
			}
			return `{"rows":` + hostileRows(0, 5) + `,"nextCursor":null}`
		}, 5, false, 101},
		{"empty pages between the others", cursors, func(n int, _ url.Values) string {
			if n%2 == 0 {
				return `{"data":{"rows":[],"nextCursor":"` + strconv.Itoa(n) + `","hasMore":true},"error":null}`
			}
			return fmt.Sprintf(`{"rows":%s,"nextCursor":"%d","hasMore":%t}`, hostileRows(5*n, 5*n+5), n, n < 7)
		}, 20, false, 7},
		{"an empty page with the same cursor", cursors, func(n int, _ url.Values) string {
			return `{"rows":` + hostileRows(0, 5*(n%2)) + `,"nextCursor":"A"}`
		}, 5, true, 2},
		{"an empty page with a cursor, and no more", cursors, func(int, url.Values) string {
			return `{"rows":[],"nextCursor":"A","hasMore":false}`
		}, 0, false, 1},
		{"an empty page with a cursor in a list of offsets", offsets, func(n int, query url.Values) string {
			if n == 1 {
				return `{"rows":[],"nextCursor":"A"}`
			}
			return `{"rows":` + hostileRows(0, len(query.Get("cursor"))) + `}`
		}, 1, false, 3},
		{"an empty page with more at a later offset", client.PagingLimitOffset, func(n int, query url.Values) string {
			if n == 2 {
				return `{"rows":[],"nextOffset":10,"hasMore":true}`
			}
			from := hostileOffset(query)
			return fmt.Sprintf(`{"rows":%s,"nextOffset":%d,"hasMore":%t}`, hostileRows(from, from+5), 5*n, n == 1)
		}, 10, false, 3},
		{"an empty page with more at the same offset", client.PagingLimitOffset, func(int, url.Values) string {
			return `{"rows":[],"nextOffset":0,"hasMore":true}`
		}, 0, true, 1},
		{"an empty page with an offset alone is the end", client.PagingLimitOffset, func(int, url.Values) string {
			return `{"rows":[],"nextOffset":100}`
		}, 0, false, 1},
		{"an empty numbered page that has more", pages, func(n int, _ url.Values) string {
			return fmt.Sprintf(`{"rows":%s,"hasMore":true}`, hostileRows(5*n, 5*n+5*(n%2)))
		}, 5, true, 2},
		{"more after an empty page, by the last id", after, func(n int, _ url.Values) string {
			return fmt.Sprintf(`{"rows":%s,"hasMore":true}`, hostileRows(5, 5+5*(n%2)))
		}, 5, true, 2},
		{"a total, but no cursor", cursors, func(int, url.Values) string {
			return `{"rows":` + hostileRows(0, 5) + `,"total":50}`
		}, 0, true, 1},
		{"a total that is all, and no cursor", cursors, func(int, url.Values) string {
			return `{"rows":` + hostileRows(0, 5) + `,"total":5}`
		}, 5, false, 1},
		{"a total, and a null cursor", cursors, func(int, url.Values) string {
			return `{"rows":` + hostileRows(0, 5) + `,"total":50,"nextCursor":null}`
		}, 5, false, 1},
		{"a total, short pages, by the last id", after, func(n int, _ url.Values) string {
			return fmt.Sprintf(`{"rows":%s,"total":8}`, hostileRows(4*n, 4*n+4))
		}, 8, false, 2},
		{
			"an empty page that has more", offsets, func(int, url.Values) string { return `{"rows":[],"hasMore":true}` }, 0,
			true, 1,
		},
		{"a null page that has more", offsets, func(int, url.Values) string {
			return `{"data":null,"error":null,"meta":{"pagination":{"hasMore":true}}}`
		}, 0, true, 1},
		{
			"more, but no cursor", cursors,
			func(int, url.Values) string { return `{"rows":` + hostileRows(0, 5) + `,"hasMore":true}` }, 0, true, 1,
		},
		{
			"an empty cursor is the end", cursors,
			func(int, url.Values) string { return `{"rows":` + hostileRows(0, 5) + `,"nextCursor":""}` }, 5, false, 1,
		},
		{
			"hasMore forever, nothing counted", offsets,
			func(int, url.Values) string { return `{"rows":` + hostileRows(0, 5) + `,"hasMore":true}` }, 5, true, 2,
		},
		{"hasMore forever, beyond the end", offsets, func(n int, _ url.Values) string {
			return `{"rows":` + hostileRows(min(5*n, 13), min(5*n+5, 13)) + `,"hasMore":true}`
		}, 8, true, 3},
		{
			"skip ignored", offsets, func(int, url.Values) string { return `{"rows":` + hostileRows(0, 5) + `,"total":50}` }, 5,
			true, 2,
		},
		{"skip ignored, but repeated", offsets, func(n int, query url.Values) string {
			return fmt.Sprintf(`{"rows":%s,"total":50,"skip":%d,"request":%d}`, hostileRows(0, 5), hostileOffset(query), n)
		}, 5, true, 2},
		{"skip ignored, repeated in meta", offsets, func(_ int, query url.Values) string {
			return fmt.Sprintf(`{"data":%s,"error":null,"meta":{"pagination":{"skip":%d,"hasMore":true}}}`, hostileRows(0, 5),
				hostileOffset(query))
		}, 5, true, 2},
		{"skip taken round and round", offsets, func(n int, query url.Values) string {
			at := hostileOffset(query) % 15
			return fmt.Sprintf(`{"rows":%s,"hasMore":true,"skip":%d}`, hostileRows(at, at+5), n)
		}, 15, true, 4},
		{"nothing said, skip ignored", offsets, func(int, url.Values) string { return hostileRows(0, 5) }, 5, true, 2},
		{
			"nothing said, a short list, skip ignored", offsets, func(int, url.Values) string { return hostileRows(0, 3) }, 3,
			false, 2,
		},
		{"nothing said, a short list that changes, skip ignored", offsets, func(n int, _ url.Values) string {
			return fmt.Sprintf(`[{"id":"1","seen":%d},{"id":"2","seen":%d}]`, n, n)
		}, 2, false, 2},
		{"nothing said, a short list without ids", offsets, func(int, url.Values) string { return `[{},{}]` }, 2, false, 1},
		{"nothing said, smaller pages than asked for", offsets, func(_ int, query url.Values) string {
			return hostileRows(min(hostileOffset(query), 13), min(hostileOffset(query)+3, 13))
		}, 13, false, 5},
		{"nothing said, smaller pages, in full", offsets, func(_ int, query url.Values) string {
			return hostileRows(min(hostileOffset(query), 9), min(hostileOffset(query)+3, 9))
		}, 9, false, 4},
		{"nothing said, smaller pages, by the last id", after, func(_ int, query url.Values) string {
			from := 0
			if last, err := strconv.Atoi(query.Get("starting_after")); err == nil {
				from = last + 1
			}
			return hostileRows(min(from, 13), min(from+3, 13))
		}, 13, false, 5},
		{"nothing said, smaller numbered pages", pages, func(_ int, query url.Values) string {
			n, _ := strconv.Atoi(query.Get("page"))
			from := 3 * (max(n, 1) - 1)
			return hostileRows(min(from, 13), min(from+3, 13))
		}, 13, false, 5},
		{"a total, smaller numbered pages than asked for", pages, func(_ int, query url.Values) string {
			n, _ := strconv.Atoi(query.Get("page"))
			from := 3 * (max(n, 1) - 1)
			return fmt.Sprintf(`{"rows":%s,"total":10}`, hostileRows(min(from, 10), min(from+3, 10)))
		}, 10, false, 4},
		{
			"a null cursor ends a short page", offsets,
			func(int, url.Values) string { return `{"rows":` + hostileRows(0, 3) + `,"nextCursor":null}` }, 3, false, 1,
		},
		{"a total that shrinks", offsets, func(n int, query url.Values) string {
			return fmt.Sprintf(`{"rows":%s,"total":%d}`, hostileRows(hostileOffset(query), hostileOffset(query)+5), 30-10*n)
		}, 10, false, 2},
		{"a total that grows", offsets, func(n int, query url.Values) string {
			return fmt.Sprintf(`{"rows":%s,"total":%d}`,
				hostileRows(min(hostileOffset(query), 13), min(hostileOffset(query)+5, 13)), 100*n)
		}, 13, false, 4},
		{"a negative total", offsets, func(_ int, query url.Values) string {
			return `{"rows":` + hostileRows(min(hostileOffset(query), 13), min(hostileOffset(query)+5, 13)) + `,"total":-1}`
		}, 13, false, 3},
		{
			"a total of zero", offsets, func(int, url.Values) string { return `{"rows":` + hostileRows(0, 5) + `,"total":0}` },
			5, false, 1,
		},
		{"a huge total", offsets, func(_ int, query url.Values) string {
			return `{"rows":` + hostileRows(min(hostileOffset(query), 13), min(hostileOffset(query)+5, 13)) +
				`,"total":9223372036854775807}`
		}, 13, false, 4},
		{"a total beyond all numbers", offsets, func(_ int, query url.Values) string {
			return `{"rows":` + hostileRows(min(hostileOffset(query), 13), min(hostileOffset(query)+5, 13)) + `,"total":1e400}`
		}, 13, false, 3},
		{"a null page in the middle", offsets, func(n int, query url.Values) string {
			if n == 2 {
				return `{"data":null,"error":null}`
			}
			return `{"rows":` + hostileRows(hostileOffset(query), hostileOffset(query)+5) + `,"total":50}`
		}, 5, false, 2},
		{"pages larger than asked for", offsets, func(_ int, query url.Values) string {
			return `{"rows":` + hostileRows(hostileOffset(query), hostileOffset(query)+20) + `,"total":60}`
		}, 60, false, 3},
		{
			"a page of everything, whatever was asked", offsets,
			func(int, url.Values) string { return `{"rows":` + hostileRows(0, 60) + `,"total":60}` }, 60, false, 1,
		},
		{
			"a null nextOffset is the end", client.PagingLimitOffset,
			func(int, url.Values) string { return `{"rows":` + hostileRows(0, 5) + `,"nextOffset":null}` }, 5, false, 1,
		},
		{
			"nextOffset stays", client.PagingLimitOffset,
			func(int, url.Values) string { return `{"rows":` + hostileRows(0, 5) + `,"nextOffset":0}` }, 0, true, 1,
		},
		{"nextOffset goes back", client.PagingLimitOffset, func(n int, _ url.Values) string {
			return fmt.Sprintf(`{"rows":%s,"nextOffset":%d}`, hostileRows(5*n, 5*n+5), 10-n)
		}, 5, true, 2},
		{"nextOffset is negative", client.PagingLimitOffset, func(int, url.Values) string {
			return `{"rows":` + hostileRows(0, 5) + `,"nextOffset":-5,"hasMore":true}`
		}, 5, true, 2},
		{"nextOffset is huge", client.PagingLimitOffset, func(n int, _ url.Values) string {
			return `{"rows":` + hostileRows(5*n, 5*n+5) + `,"nextOffset":9223372036854775807,"hasMore":true}`
		}, 5, true, 2},
		{"offsets run over", offsets, func(n int, _ url.Values) string {
			return `{"rows":` + hostileRows(5*n, 5*n+5) + `,"nextOffset":` + []string{"9223372036854775805", "null"}[n-1] +
				`,"hasMore":true}`
		}, 5, true, 2},
		{"no ids to go on from", after, func(int, url.Values) string { return `[{},{},{},{},{}]` }, 0, true, 1},
		{"no ids, but more", after, func(int, url.Values) string { return `{"rows":[{},{}],"hasMore":true}` }, 0, true, 1},
		{"always the same last id", after, func(n int, _ url.Values) string {
			return `{"rows":[{"id":"` + strconv.Itoa(n) + `"},{"id":"last"}],"hasMore":true}`
		}, 2, true, 2},
		{"starting_after ignored", after, func(int, url.Values) string { return hostileRows(0, 5) }, 5, true, 2},
		{"a cursor in a list that counts pages", pages, func(n int, _ url.Values) string {
			return `{"rows":` + hostileRows(5*n, 5*n+5) + `,"nextCursor":"` + strconv.Itoa(n) + `","total":15}`
		}, 15, false, 3},
		{"an offset in a list that counts pages", pages, func(n int, _ url.Values) string {
			return fmt.Sprintf(`{"rows":%s,"nextOffset":%d,"total":15}`, hostileRows(5*n, 5*n+5), 5*n)
		}, 15, false, 3},
		{
			"page ignored", pages,
			func(int, url.Values) string { return `{"rows":` + hostileRows(0, 5) + `,"total":50,"page":1}` }, 5, true, 2,
		},
		{"smaller pages than asked for, and says so", pages, func(_ int, query url.Values) string {
			n, _ := strconv.Atoi(query.Get("page"))
			from := 3 * (max(n, 1) - 1)
			return fmt.Sprintf(`{"rows":%s,"total":10,"page":%d,"pageSize":3}`, hostileRows(from, min(from+3, 10)), n)
		}, 10, false, 4},
		{"no pages, but more", client.PagingNone, func(int, url.Values) string {
			return `{"rows":` + hostileRows(0, 5) + `,"hasMore":true}`
		}, 0, true, 1},
		{"no pages, no items, but more", client.PagingNone, func(int, url.Values) string {
			return `{"rows":[],"hasMore":true}`
		}, 0, true, 1},
		{"no pages, but a cursor", client.PagingNone, func(int, url.Values) string {
			return `{"data":{"rows":` + hostileRows(0, 5) + `,"nextCursor":"A"},"error":null}`
		}, 0, true, 1},
		{"no pages, but a cursor in meta", client.PagingNone, func(int, url.Values) string {
			return `{"data":` + hostileRows(0, 5) + `,"error":null,"meta":{"pagination":{"nextCursor":"A"}}}`
		}, 0, true, 1},
		{"no pages, but an offset", client.PagingNone, func(int, url.Values) string {
			return `{"rows":` + hostileRows(0, 5) + `,"nextOffset":5}`
		}, 0, true, 1},
		{"no pages, but a page to follow", client.PagingNone, func(int, url.Values) string {
			return `{"rows":` + hostileRows(0, 5) + `,"nextOffset":1}`
		}, 0, true, 1},
		{"no pages, but a larger total", client.PagingNone, func(int, url.Values) string {
			return `{"rows":` + hostileRows(0, 5) + `,"total":6}`
		}, 0, true, 1},
		{"no pages, no items, but a total", client.PagingNone, func(int, url.Values) string {
			return `{"rows":[],"page":{"total":1}}`
		}, 0, true, 1},
		{"no pages, and a total that is all", client.PagingNone, func(int, url.Values) string {
			return `{"rows":` + hostileRows(0, 5) + `,"total":5,"nextOffset":5,"nextCursor":null}`
		}, 5, false, 1},
		{"no pages, a cursor, and no more", client.PagingNone, func(int, url.Values) string {
			return `{"rows":` + hostileRows(0, 5) + `,"nextCursor":"A","nextOffset":5,"hasMore":false}`
		}, 5, false, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, ahead := range []int{0, 1} {
				requests := 0
				c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
					if requests++; requests > tt.requests+2 {
						return nil, errors.New("no more of it")
					}
					return connAnswer(r, http.StatusOK, tt.answer(requests, r.URL.Query())), nil
				}))
				op := client.Operation{ID: "listThings", Mount: client.MountShared, Path: "/things", Paging: tt.paging, MaxPage: 5}
				rows := 0
				var last error
				for _, err := range client.NewList[pageRow](c, &op, client.Request{}, "",
					client.WithPrefetch(ahead)).All(t.Context()) {
					require.NoError(t, last, "one error ends the walk")
					if last = err; err == nil {
						rows++
					}
				}
				if tt.stuck {
					require.ErrorIs(t, last, client.ErrPaging)
					var paging *client.PagingError
					require.ErrorAs(t, last, &paging)
					assert.Equal(t, "listThings", paging.Operation)
					assert.NotEmpty(t, paging.Reason)
					checkErrorText(t, last.Error())
				} else {
					require.NoError(t, last)
				}
				assert.Equal(t, tt.rows, rows)
				assert.Equal(t, tt.requests, requests)
			}
		})
	}
}

// A cursor that no server would take back ends the walk with what the server says to it.
func TestWalkAlongACursorOfAMebibyte(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	cursor := strings.Repeat("x", 1<<20)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := int(requests.Add(1))
		_, _ = fmt.Fprintf(w, `{"data":{"rows":%s,"nextCursor":"%s%d"},"error":null}`, hostileRows(5*n, 5*n+5), cursor, n)
	}))
	server.Config.MaxHeaderBytes = 64 << 10
	server.Start()
	defer server.Close()
	c := connClient(t, server.URL, client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	op := client.Operation{ID: "listThings", Mount: client.MountShared, Path: "/things", Paging: client.PagingCursor}
	rows := 0
	var last error
	for _, err := range client.NewList[pageRow](c, &op, client.Request{}, "").All(t.Context()) {
		require.NoError(t, last)
		if last = err; err == nil {
			rows++
		}
	}
	require.Error(t, last)
	checkErrorText(t, last.Error())
	var refused *client.APIError
	if errors.As(last, &refused) { // or the connection broke before the answer was seen
		assert.Equal(t, http.StatusRequestHeaderFieldsTooLarge, refused.StatusCode)
	}
	assert.Equal(t, 5, rows)
	assert.EqualValues(t, 1, requests.Load())
}

// A server that says the same whatever it is asked makes no progress: two requests show that, and as many more as were
// under way when it showed.
func FuzzWalk(f *testing.F) {
	for _, body := range []string{
		`[]`, `null`, `[{"id":"1"}]`, `{"rows":[{"id":1}],"hasMore":true}`,
		`{"data":{"rows":[{"id":"1"}],"nextCursor":"c"},"error":null}`,
		`{"rows":[{"id":"1"}],"total":9223372036854775807,"nextOffset":9223372036854775807}`, `{"rows":[],"nextCursor":"x"}`,
		`{"data":[{}],"meta":{"pagination":{"hasMore":true}}}`,
		`{"rows":[{"id":"1"}],"page":{"pageSize":0,"total":-1}}`,
		`{"rows":[{"id":"1"},{"id":"2"}],"nextOffset":1,"pageSize":9223372036854775807,"total":5}`,
		`{"rows":[{"id":"1"}],"nextOffset":4611686018427387904,"total":9223372036854775807}`, `{"rows":[],"hasMore":true}`,
		`{"rows":[],"nextOffset":10,"hasMore":true}`, `{"rows":[{"id":"1"}],"total":9}`,
		`{"rows":[],"nextCursor":"x","hasMore":true}`,
	} {
		for paging := range uint8(6) {
			f.Add([]byte(body), paging, paging, 3*paging)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, paging, size, ahead uint8) {
		ahead %= 17
		var requests atomic.Int64
		c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
			if requests.Add(1) > 2+int64(ahead) {
				t.Errorf("%q is asked for again and again: %s", body, r.URL.RawQuery)
			}
			return connAnswer(r, http.StatusOK, string(body)), nil
		}))
		op := client.Operation{
			ID: "listThings", Mount: client.MountShared, Path: "/things",
			Paging: client.Paging(paging % 6), MaxPage: int(size), Items: "rows",
		}
		ended := false
		for page, err := range client.NewList[pageRow](c, &op, client.Request{}, "",
			client.WithPrefetch(int(ahead))).Pages(t.Context()) {
			if ended {
				t.Fatal("something comes after an error")
			}
			if ended = err != nil; ended == (page != nil) {
				t.Fatal("a page and an error")
			}
			if errors.Is(err, client.ErrInvalidParams) {
				t.Fatalf("%q: the caller is blamed: %v", body, err)
			}
		}
	})
}
