package client_test

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Where pages are counted, those that were asked for come at the same time; behind the end none is asked for when the
// total is known, and otherwise less than there were pages.
func TestPrefetchOverlapsPages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		model *pageModel // its rows are those that are missing to 100
		ahead int
		want  time.Duration
		most  int // requests, for 20 pages of 5
	}{
		{"none ahead", &pageModel{paging: client.PagingTakeSkip, total: true}, 0, 20 * time.Second, 20},
		{"total", &pageModel{paging: client.PagingTakeSkip, total: true}, 4, 6 * time.Second, 20},
		{
			"total, wider", &pageModel{paging: client.PagingLimitOffset, total: true, hasMore: true, next: true}, 8,
			4 * time.Second, 20,
		},
		{
			"total, as wide as can be", &pageModel{paging: client.PagingTakeSkip, total: true, shape: "meta"}, 16,
			3 * time.Second, 20,
		},
		{"total of numbered pages", &pageModel{paging: client.PagingPages, total: true}, 8, 4 * time.Second, 20},
		{"total, smaller pages than asked for", &pageModel{
			paging: client.PagingTakeSkip, total: true, size: func(asked int) int { return min(asked, 5) },
		}, 8, 4 * time.Second, 20},
		{"numbered pages that say that they are smaller", &pageModel{
			paging: client.PagingPages, total: true, hasMore: true, echo: true,
			size: func(asked int) int { return min(asked, 5) },
		}, 8, 4 * time.Second, 20},
		{"hasMore", &pageModel{paging: client.PagingTakeSkip, hasMore: true}, 4, 8 * time.Second, 24},
		{"hasMore, wider", &pageModel{paging: client.PagingTakeSkip, hasMore: true}, 16, 6 * time.Second, 36},
		{
			"hasMore, fewer pages than could be ahead", &pageModel{rows: 60, paging: client.PagingTakeSkip, hasMore: true}, 16,
			5 * time.Second, 16,
		},
		{"nextOffset", &pageModel{paging: client.PagingLimitOffset, next: true}, 4, 8 * time.Second, 24},
		{"numbered pages, hasMore", &pageModel{paging: client.PagingPages, hasMore: true}, 4, 8 * time.Second, 24},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rows := 100 - tt.model.rows
				s := newPrefetchSlow(rows)
				m := tt.model
				s.paging, s.total, s.hasMore, s.next, s.echo, s.shape, s.size = m.paging, m.total, m.hasMore, m.next, m.echo,
					m.shape, m.size
				maxPage := 5
				if m.size != nil {
					maxPage = 50
				}
				start := time.Now()
				got := pageNumbers(t, pageClient(t, s), s.op(maxPage), client.Request{}, "", client.WithPrefetch(tt.ahead))
				assert.Equal(t, pageUpTo(0, rows), got)
				assert.LessOrEqual(t, time.Since(start), tt.want)
				assert.LessOrEqual(t, len(s.asked()), tt.most)
				assert.LessOrEqual(t, s.most, max(tt.ahead, 1))
			})
		})
	}
}

// A guess that turns out wrong costs no row: a page that is shorter than those before it, or longer, is followed by
// what comes after it. After it the walk guesses again only when the pages are alike again.
func TestPrefetchOfUnevenPages(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]func(from int) int{
		"pages get shorter":     func(from int) int { return max(1, 10-from/25) },
		"pages get longer":      func(from int) int { return 1 + from/25 },
		"one page is short":     func(from int) int { return 10 - 7*min(1, max(0, 1-max(from-50, 50-from))) },
		"all are of other size": func(from int) int { return 1 + (from*7919)%10 },
	} {
		for _, ahead := range []int{1, 4, 16} {
			var mu sync.Mutex
			asked := 0
			c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
				mu.Lock()
				asked++
				mu.Unlock()
				from := min(hostileOffset(r.URL.Query()), 200)
				return connAnswer(r, http.StatusOK, `{"rows":`+hostileRows(from, min(from+size(from), 200))+`,"total":200}`), nil
			}))
			op := client.Operation{
				ID: "listThings", Mount: client.MountShared, Path: "/things", Paging: client.PagingTakeSkip,
				MaxPage: 10,
			}
			require.Equal(t, pageUpTo(0, 200), pageNumbers(t, c, &op, client.Request{}, "", client.WithPrefetch(ahead)),
				"%s, %d ahead", name, ahead)
			pages := 0
			for from := 0; from < 200; from += size(from) {
				pages++
			}
			assert.LessOrEqual(t, asked, 2*pages+ahead, "%s, %d ahead", name, ahead)
		}
	}
}

// An error behind the end of the list, met because it was not known where that is, is nobody's.
func TestPrefetchBeyondTheEnd(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{1, 4, 16} {
		m := &pageModel{rows: 98, paging: client.PagingTakeSkip, hasMore: true}
		c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
			if hostileOffset(r.URL.Query()) >= 98 {
				return connAnswer(r, http.StatusBadRequest, `{"error":{"code":"VALIDATION_ERROR"}}`), nil
			}
			return m.RoundTrip(r)
		}))
		assert.Equal(t, pageUpTo(0, 98), pageNumbers(t, c, m.op(5), client.Request{}, "", client.WithPrefetch(ahead)))
	}
}

// A loop that only waits for the network lets the width grow; a slow one, and a short list, cause no extra requests.
func TestWidthFollowsLoop(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		total  bool
		rows   int
		work   time.Duration // of the loop for each page; a page takes a second
		within time.Duration
		most   int // requests
		flight int // requests at the same time
	}{
		{"fast loop", true, 500, 0, 16 * time.Second, 100, 8},
		{"fast loop, no total", false, 500, 0, 20 * time.Second, 107, 8},
		{"loop as slow as the network", true, 100, time.Second, 41 * time.Second, 20, 1},
		{"slow loop", true, 50, 10 * time.Second, 111 * time.Second, 10, 1},
		{"slow loop, no total", false, 50, 10 * time.Second, 111 * time.Second, 10, 1},
		{"loop that needs half as long", true, 100, time.Second / 2, 22 * time.Second, 20, 2},
		{"two pages", false, 8, 0, 3 * time.Second, 2, 1},
		{"three pages, no total", false, 15, 0, 4 * time.Second, 3, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newPrefetchSlow(tt.rows)
				s.total, s.hasMore = tt.total, !tt.total
				start, rows := time.Now(), 0
				for page, err := range client.NewList[pageRow](pageClient(t, s), s.op(5), client.Request{}, "").Pages(t.Context()) {
					require.NoError(t, err)
					rows += len(page.Items)
					time.Sleep(tt.work)
				}
				assert.Equal(t, tt.rows, rows)
				assert.LessOrEqual(t, time.Since(start), tt.within)
				assert.LessOrEqual(t, len(s.asked()), tt.most)
				assert.LessOrEqual(t, s.most, tt.flight)
			})
		})
	}
}

// Slow failures do not count as latency: a server in trouble gets no more requests at the same time.
func TestWidthDoesNotGrowWithRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newPrefetchSlow(40)
		var seen sync.Map // each page fails once
		c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
			resp, err := s.RoundTrip(r)
			if _, again := seen.LoadOrStore(r.URL.RawQuery, true); !again && err == nil {
				return connAnswer(r, http.StatusServiceUnavailable, ""), nil
			}
			return resp, err
		}))
		retries := client.WithRetry(client.RetryPolicy{MaxAttempts: 3})
		list := client.NewList[pageRow](c, s.op(5), client.Request{}, "", retries)
		for page, err := range list.Pages(t.Context()) {
			require.NoError(t, err)
			require.NotEmpty(t, page.Items)
		}
		assert.LessOrEqual(t, s.most, 2)
	})
}
