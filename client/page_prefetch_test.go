package client_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/client"
)

// prefetchSlow is a model server that takes a second for a page, and counts what is under way.
type prefetchSlow struct {
	pageModel
	under, most int
	count       sync.Mutex
}

func (s *prefetchSlow) RoundTrip(r *http.Request) (*http.Response, error) {
	s.count.Lock()
	s.under++
	s.most = max(s.most, s.under)
	s.count.Unlock()
	defer func() {
		s.count.Lock()
		defer s.count.Unlock()
		s.under--
	}()
	select {
	case <-time.After(time.Second):
		return s.pageModel.RoundTrip(r)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

func newPrefetchSlow(rows int) *prefetchSlow {
	return &prefetchSlow{pageModel: pageModel{rows: rows, paging: client.PagingTakeSkip, total: true}}
}

// While the loop works on a page the next ones come, as many as were asked for and no more, and none behind the end.
// Each bubble also proves that no goroutine is left: it would not end.
func TestPrefetchKeepsItsDistance(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{0, 1, 2, 5, 16} {
		synctest.Test(t, func(t *testing.T) {
			s := newPrefetchSlow(100)
			c := pageClient(t, s)
			at := 0
			for page, err := range client.NewList[pageRow](c, s.op(5), client.Request{}, "",
				client.WithPrefetch(ahead)).Pages(t.Context()) {
				require.NoError(t, err)
				require.Equal(t, pageUpTo(at, at+5), prefetchNumbers(t, page))
				at += 5
				time.Sleep(time.Hour) // long enough for whatever is fetched ahead
				synctest.Wait()
				require.Len(t, s.asked(), min(at/5+ahead, 20), "%d ahead, after page %d", ahead, at/5)
			}
			assert.Equal(t, 100, at)
			assert.Equal(t, max(ahead, 1), s.most, "at the same time")
		})
	}
}

func prefetchNumbers(t *testing.T, page *client.Page[pageRow]) []int {
	t.Helper()
	numbers := make([]int, len(page.Items))
	for i, row := range page.Items {
		n, err := row.ID.Int64()
		require.NoError(t, err)
		numbers[i] = int(n)
	}
	return numbers
}

// Where a page has a cursor only, the next one comes while the loop works on it, whatever was asked for.
func TestPrefetchAlongCursors(t *testing.T) {
	t.Parallel()
	for _, m := range []*pageModel{
		{paging: client.PagingCursor, next: true, total: true},
		{paging: client.PagingStartingAfter, hasMore: true},
		{paging: client.PagingStartingAfter},
	} {
		for _, ahead := range []int{1, 2, 16} {
			synctest.Test(t, func(t *testing.T) {
				s := newPrefetchSlow(100)
				s.paging, s.next, s.total, s.hasMore = m.paging, m.next, m.total, m.hasMore
				c := pageClient(t, s)
				start := time.Now()
				at := 0
				for page, err := range client.NewList[pageRow](c, s.op(5), client.Request{}, "",
					client.WithPrefetch(ahead)).Pages(t.Context()) {
					require.NoError(t, err)
					require.Equal(t, pageUpTo(at, min(at+5, 100)), prefetchNumbers(t, page))
					at += len(page.Items)
					time.Sleep(time.Second)
					synctest.Wait()
					if page.Next != "" {
						require.Len(t, s.asked(), at/5+1, "%d ahead", ahead)
					}
				}
				assert.Equal(t, 100, at)
				assert.Equal(t, 1, s.most)
				assert.Less(t, time.Since(start), 24*time.Second)
			})
		}
	}
}

// Where fetching a page takes as long as working on one, prefetching halves the time.
func TestPrefetchSavesTime(t *testing.T) {
	t.Parallel()
	for ahead, want := range map[int]time.Duration{0: 40 * time.Second, 1: 21 * time.Second, 4: 21 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s := newPrefetchSlow(100)
			c := pageClient(t, s)
			start := time.Now()
			for _, err := range client.NewList[pageRow](c, s.op(5), client.Request{}, "",
				client.WithPrefetch(ahead)).Pages(t.Context()) {
				require.NoError(t, err)
				time.Sleep(time.Second)
			}
			assert.Equal(t, want, time.Since(start), "%d ahead", ahead)
		})
	}
}

// However a loop ends, nothing goes on behind it.
func TestPrefetchEndsWithItsLoop(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{1, 3, 16} {
		for name, run := range map[string]func(t *testing.T, s *prefetchSlow, c *client.Client){
			"break": func(t *testing.T, s *prefetchSlow, c *client.Client) {
				for page, err := range client.NewList[pageRow](c, s.op(5), client.Request{}, "",
					client.WithPrefetch(ahead)).Pages(t.Context()) {
					require.NoError(t, err)
					if page.Items[0].ID == "10" {
						break
					}
				}
			},
			"break in an item loop": func(t *testing.T, s *prefetchSlow, c *client.Client) {
				for row, err := range client.NewList[pageRow](c, s.op(5), client.Request{}, "",
					client.WithPrefetch(ahead)).All(t.Context()) {
					require.NoError(t, err)
					if row.ID == "7" {
						break
					}
				}
			},
			"a panic": func(t *testing.T, s *prefetchSlow, c *client.Client) {
				assert.Panics(t, func() {
					for _, err := range client.NewList[pageRow](c, s.op(5), client.Request{}, "",
						client.WithPrefetch(ahead)).Pages(t.Context()) {
						assert.NoError(t, err)
						panic("in the loop")
					}
				})
			},
			"the context, between pages": func(t *testing.T, s *prefetchSlow, c *client.Client) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var last error
				values := 0
				for _, err := range client.NewList[pageRow](c, s.op(5), client.Request{}, "",
					client.WithPrefetch(ahead)).Pages(ctx) {
					last = err
					values++
					time.Sleep(time.Hour) // what is ahead has come
					cancel()
				}
				require.ErrorIs(t, last, context.Canceled)
				assert.Equal(t, 2, values, "a page and the error")
			},
			"the context, during a request": func(t *testing.T, s *prefetchSlow, c *client.Client) {
				ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
				defer cancel()
				start := time.Now()
				var last error
				for _, err := range client.NewList[pageRow](c, s.op(5), client.Request{}, "",
					client.WithPrefetch(ahead)).Pages(ctx) {
					last = err
				}
				require.ErrorIs(t, last, context.DeadlineExceeded)
				assert.Equal(t, 2500*time.Millisecond, time.Since(start))
			},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					s := newPrefetchSlow(1000)
					run(t, s, pageClient(t, s))
					before := len(s.asked())
					assert.LessOrEqual(t, before, 3+ahead, "no further than it was told to go")
					time.Sleep(time.Hour)
					assert.Len(t, s.asked(), before, "no request after the loop")
					assert.Zero(t, s.under)
				})
			})
		}
	}
}

// An error ends the walk where it belongs: after the pages before it, however far ahead it was met.
func TestPrefetchKeepsErrorsInOrder(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{1, 4, 16} {
		synctest.Test(t, func(t *testing.T) {
			f := &pageFailing{
				&pageModel{rows: 100, paging: client.PagingTakeSkip, total: true}, 3,
				func(*http.Request) (*http.Response, error) {
					return nil, errors.New("broken")
				},
			}
			c := pageClient(t, f)
			pages, failures := 0, 0
			for _, err := range client.NewList[pageRow](c, f.op(5), client.Request{}, "",
				client.WithPrefetch(ahead)).Pages(t.Context()) {
				time.Sleep(time.Minute)
				if err != nil {
					failures++
					continue
				}
				require.Zero(t, failures)
				pages++
			}
			assert.Equal(t, 3, pages)
			assert.Equal(t, 1, failures)
			assert.LessOrEqual(t, len(f.asked()), 3+ahead, "no further than it was told to go")
		})
	}
}

// What is under way behind an error that was met ahead ends with it, while the loop is still at work on the page
// before.
func TestPrefetchEndsBehindAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ended []int
		var mu sync.Mutex
		m := &pageModel{rows: 100, paging: client.PagingTakeSkip, total: true}
		c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
			switch page := hostileOffset(r.URL.Query()) / 5; page {
			case 0, 1:
				return m.RoundTrip(r)
			case 2:
				time.Sleep(time.Second)
				return nil, errors.New("broken")
			default:
				<-r.Context().Done()
				mu.Lock()
				defer mu.Unlock()
				ended = append(ended, page)
				return nil, r.Context().Err()
			}
		}))
		pages := 0
		var last error
		for _, err := range client.NewList[pageRow](c, m.op(5), client.Request{}, "",
			client.WithPrefetch(4)).Pages(t.Context()) {
			if last = err; err != nil {
				break
			}
			pages++
			time.Sleep(10 * time.Second) // less than an attempt may take
			synctest.Wait()
			mu.Lock()
			assert.ElementsMatch(t, []int{3, 4}, ended, "after page %d", pages)
			mu.Unlock()
		}
		assert.Equal(t, 2, pages)
		require.ErrorContains(t, last, "broken")
		assert.Len(t, ended, 2, "none was begun behind it")
	})
}

func TestPrefetchOutOfRange(t *testing.T) {
	t.Parallel()
	m := &pageModel{rows: 10, paging: client.PagingTakeSkip, total: true}
	c := pageClient(t, m)
	for _, ahead := range []int{-1, 17, 1 << 30, -1 << 30} {
		failures := 0
		for _, err := range client.NewList[pageRow](c, m.op(5), client.Request{}, "",
			client.WithPrefetch(ahead)).All(t.Context()) {
			require.ErrorIs(t, err, client.ErrInvalidParams)
			failures++
		}
		assert.Equal(t, 1, failures)
	}
	assert.Empty(t, m.asked())
}

// The caller's Response shows the answer of the page at hand, not of one ahead, and is only written between pages.
func TestPrefetchWithResponse(t *testing.T) {
	t.Parallel()
	m := &pageModel{rows: 200, paging: client.PagingTakeSkip, total: true, echo: true}
	c := pageClient(t, m)
	for _, ahead := range []int{0, 1, 8} {
		var answer client.Response
		for page, err := range client.NewList[pageRow](c, m.op(5), client.Request{}, "", client.WithResponse(&answer),
			client.WithPrefetch(ahead)).Pages(t.Context()) {
			require.NoError(t, err)
			for range 10 {
				require.Equal(t, http.StatusOK, answer.StatusCode)
				require.Contains(t, string(answer.RawBody()), `{"id":"`+string(page.Items[0].ID)+`"`)
				answer.Attempts++ // it is the caller's
			}
		}
	}
	// The error's answer is shown as well.
	f := &pageFailing{
		&pageModel{rows: 100, paging: client.PagingTakeSkip, total: true}, 2,
		func(r *http.Request) (*http.Response, error) {
			return connAnswer(r, http.StatusForbidden, `{}`, "X-Request-Id", "req-3"), nil
		},
	}
	var answer client.Response
	for _, err := range client.NewList[pageRow](pageClient(t, f), f.op(5), client.Request{}, "",
		client.WithResponse(&answer), client.WithPrefetch(4)).Pages(t.Context()) {
		if err != nil {
			assert.Equal(t, http.StatusForbidden, answer.StatusCode)
			assert.Equal(t, "req-3", answer.RequestID)
		}
	}
	assert.Equal(t, http.StatusForbidden, answer.StatusCode)
}

// Without a bubble around them, and many at once, they leave no goroutine either.
func TestPrefetchLeavesNoGoroutine(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	m := &pageModel{rows: 500, paging: client.PagingCursor, next: true}
	counted := &pageModel{rows: 500, paging: client.PagingTakeSkip, total: true}
	var wg sync.WaitGroup
	for i := range 20 {
		m := []*pageModel{m, counted}[i%2]
		c := pageClient(t, m)
		wg.Go(func() {
			for row, err := range client.NewList[pageRow](c, m.op(5), client.Request{}, "",
				client.WithPrefetch(16)).All(t.Context()) {
				assert.NoError(t, err)
				if row.ID == "123" {
					break
				}
			}
		})
	}
	wg.Wait()
	goleak.VerifyNone(t, ignore)
}
