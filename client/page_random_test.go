package client_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// Whatever the style, what is said besides the items, and how many of the rows asked for a server feels like giving:
// a walk gives every row once, in order, and so does one that was interrupted and resumed.
func TestWalkOfRandomServers(t *testing.T) {
	t.Parallel()
	for seed := range uint64(150) {
		random := rand.New(rand.NewPCG(seed, 7))
		chance := func() bool { return random.IntN(2) == 0 }
		m := &pageModel{
			rows:   random.IntN(120),
			paging: client.Paging(1 + random.IntN(5)),
			total:  chance(), hasMore: chance(), next: chance(), echo: chance(),
			shape: []string{"", "meta", "page", "bare"}[random.IntN(4)],
		}
		most := 1 + random.IntN(30)
		switch m.paging {
		case client.PagingCursor:
			m.next = true // there is no other way to go on
		case client.PagingStartingAfter, client.PagingPages:
			m.next = false // not in this style
		}
		switch {
		case m.paging == client.PagingPages:
			// Numbered pages are of one size. Where it is not the one asked for, the server has to say so.
			if m.total && m.hasMore && m.echo {
				m.size = func(asked int) int { return min(asked, most) }
			}
		case m.hasMore, m.next, m.total && m.paging != client.PagingStartingAfter:
			m.size = func(asked int) int { return 1 + random.IntN(asked) }
		}
		name := fmt.Sprintf("seed %d: paging %d, %d rows, total %t, hasMore %t, next %t, echo %t, %q",
			seed, m.paging, m.rows, m.total, m.hasMore, m.next, m.echo, m.shape)
		c := pageClient(t, m)
		op := m.op(1 + random.IntN(40))
		var opts []client.CallOption
		if chance() {
			opts = append(opts, client.WithPrefetch(random.IntN(17)))
		}
		require.Equal(t, pageUpTo(0, m.rows), pageNumbers(t, c, op, client.Request{}, "", opts...), name)
		if m.size == nil { // what is fetched in vain is less than what was wanted
			pages := m.rows/op.MaxPage + 2
			most := 2 * pages
			if m.total && m.paging != client.PagingStartingAfter {
				most = pages
			}
			require.LessOrEqual(t, len(m.asked()), most, name)
		}

		// Interrupted after each page, and resumed with the token alone.
		var token client.PageToken
		got := []int{}
		for range m.rows + 2 {
			for page, err := range client.NewList[pageRow](c, op, client.Request{}, token, opts...).Pages(t.Context()) {
				require.NoError(t, err, name)
				got = append(got, prefetchNumbers(t, page)...)
				token = page.Next
				break
			}
			if token == "" {
				break
			}
		}
		require.Equal(t, pageUpTo(0, m.rows), got, name)
	}
}

// A list that grows at its front while it is walked gives rows again, and one that shrinks there loses some to the
// walk; but no row is lost to one that grows, and none comes twice from one that shrinks, however the pages overlap.
func TestWalkOfChangingLists(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 11))
		grows := seed%2 == 0
		rows, size, ahead := 100+random.IntN(300), 20+random.IntN(20), random.IntN(17)
		every := 1 + random.IntN(5)
		m := &pageModel{
			rows: rows, paging: []client.Paging{client.PagingTakeSkip, client.PagingLimitOffset}[random.IntN(2)],
			total: true, hasMore: seed%3 == 0, next: seed%5 == 0,
		}
		m.change = func(requests int) {
			switch {
			case requests%every != 0:
			case grows && m.rows < 2*rows:
				m.first, m.rows = m.first-1, m.rows+1
			case !grows && m.rows > 0:
				m.first, m.rows = m.first+1, m.rows-1
			}
		}
		name := fmt.Sprintf("seed %d: %d rows in pages of %d, %d ahead, a change every %d requests", seed, rows, size, ahead,
			every)
		items := client.NewList[pageRow](pageClient(t, m), m.op(size), client.Request{}, "",
			client.WithPrefetch(ahead)).All(t.Context())
		if grows {
			items = client.Distinct(items, func(r pageRow) client.ID { return r.ID })
		}
		var got []int
		for row, err := range items {
			require.NoError(t, err, name)
			n, err := row.ID.Int64()
			require.NoError(t, err)
			got = append(got, int(n))
		}
		require.NotEmpty(t, got, name)
		if grows {
			require.Equal(t, pageUpTo(got[0], rows), got, name)
			require.LessOrEqual(t, got[0], 0, name)
		} else {
			for i := range got[1:] {
				require.Greater(t, got[i+1], got[i], name)
			}
		}
		require.LessOrEqual(t, len(m.asked()), 2*(2*rows/size+ahead), name)
	}
}

// A long list costs no more memory than a short one.
func TestWalkOf100000Rows(t *testing.T) {
	const rows, size = 100_000, 250
	pages := make([]string, rows/size)
	for i := range pages {
		next := fmt.Sprintf(`"c%d"`, i+1)
		if i+1 == len(pages) {
			next = "null"
		}
		pages[i] = fmt.Sprintf(`{"data":{"rows":%s,"nextCursor":%s,"total":%d},"error":null}`,
			hostileRows(i*size, (i+1)*size), next, rows)
	}
	heap := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	requests := 0
	c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
		var page int
		if cursor := r.URL.Query().Get("cursor"); cursor != "" {
			if _, err := fmt.Sscanf(cursor, "c%d", &page); err != nil {
				return nil, err
			}
		}
		requests++
		return connAnswer(r, http.StatusOK, pages[page]), nil
	}))
	op := client.Operation{
		ID: "listThings", Mount: client.MountShared, Path: "/things", Paging: client.PagingCursor,
		MaxPage: size,
	}
	var before, most uint64
	n := 0
	for row, err := range client.NewList[pageRow](c, &op, client.Request{}, "", client.WithPrefetch(2)).All(t.Context()) {
		require.NoError(t, err)
		if string(row.ID) != fmt.Sprint(n) {
			t.Fatalf("row %d is %s", n, row.ID)
		}
		if n++; n == 10*size {
			before = heap()
		} else if n%(100*size) == 0 {
			most = max(most, heap())
		}
	}
	require.Equal(t, rows, n)
	require.Equal(t, rows/size, requests)
	if most > before {
		require.Less(t, most-before, uint64(1<<20))
	}
}
