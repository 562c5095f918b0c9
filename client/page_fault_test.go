package client_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// pageFaulty is a list on a bad line: slow, cut before and within answers, refused and overloaded.
type pageFaulty struct {
	*pageModel
	percent int // of the answers have each fault

	mu           sync.Mutex
	random       *rand.Rand
	flying, most int
}

func (f *pageFaulty) draw(n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.random.IntN(n)
}

func (f *pageFaulty) fly(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.flying += n
	f.most = max(f.most, f.flying)
}

func (f *pageFaulty) RoundTrip(r *http.Request) (*http.Response, error) {
	f.fly(1)
	defer f.fly(-1)
	select {
	case <-time.After(time.Duration(f.draw(50)) * time.Millisecond):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	fault := f.draw(100)
	switch {
	case fault < f.percent:
		return nil, errors.New("the line is cut")
	case fault < 2*f.percent:
		return connAnswer(r, http.StatusServiceUnavailable, ""), nil
	case fault < 3*f.percent:
		return connAnswer(r, http.StatusTooManyRequests, "", "Retry-After", "1"), nil
	}
	resp, err := f.pageModel.RoundTrip(r)
	if err == nil && fault < 4*f.percent {
		resp.Body.Close()
		resp.Body = http.MaxBytesReader(nil, connAnswer(r, 200, "[[[[[[[[").Body, 4)
	}
	return resp, err
}

// Whatever is lost on the way, and whenever the caller gives up: the rows come in order and without a gap, all of them
// or up to one error, with no more requests at a time than were asked for, and none is left when the walk has ended.
func TestWalkOnABadLine(t *testing.T) {
	ends := map[string]int{}
	for seed := range uint64(300) {
		synctest.Test(t, func(t *testing.T) {
			f := &pageFaulty{random: rand.New(rand.NewPCG(seed, 3))}
			f.percent = []int{0, 2, 10}[f.draw(3)]
			styles := []client.Paging{client.PagingTakeSkip, client.PagingLimitOffset, client.PagingPages, client.PagingCursor}
			f.pageModel = &pageModel{rows: f.draw(150), paging: styles[f.draw(4)], total: f.draw(2) == 0, hasMore: true}
			f.next = f.paging == client.PagingCursor
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if f.draw(3) == 0 {
				time.AfterFunc(time.Duration(f.draw(3000))*time.Millisecond, cancel)
			}
			c := connMemory(t, f.RoundTrip, client.WithRetry(client.RetryPolicy{MaxAttempts: 3}))
			ahead, n, end := f.draw(17), 0, "all"
			for row, err := range client.NewList[pageRow](c, f.op(1+f.draw(20)), client.Request{}, "",
				client.WithPrefetch(ahead)).All(ctx) {
				require.Equal(t, "all", end, "seed %d: after an error", seed)
				switch {
				case err == nil:
					require.Equal(t, strconv.Itoa(n), string(row.ID), "seed %d", seed)
					n++
					time.Sleep(time.Duration(f.draw(20)) * time.Millisecond)
				case ctx.Err() != nil:
					require.ErrorIs(t, err, context.Canceled, "seed %d", seed)
					end = "cancelled"
				default:
					end = "error"
				}
			}
			if end == "all" {
				require.Equal(t, f.rows, n, "seed %d", seed)
			}
			ends[end]++
			require.Zero(t, f.flying, "seed %d", seed)
			require.LessOrEqual(t, f.most, max(ahead, 1), "seed %d", seed)
		})
	}
	for _, end := range []string{"all", "error", "cancelled"} {
		require.Greater(t, ends[end], 10, "it happens: %s", end)
	}
}
