package guarantees

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

const (
	walkPages = 100
	walkPage  = 100
	walkAhead = 8
)

// plainPage is a page for code without this module.
type plainPage struct {
	Data  []plainToken `json:"data"`
	Error any          `json:"error"`
	Meta  struct {
		Pagination struct {
			Skip, Take, Total int
			HasMore           bool
		} `json:"pagination"`
	} `json:"meta"`
}

// serveWalk serves canned pages of a list, each after a delay.
func serveWalk(b *testing.B, latency time.Duration) (url string, tokens *servicetokens.Service) {
	b.Helper()
	pages := make([][]byte, walkPages)
	for n := range pages {
		objects := make([]string, walkPage)
		for i := range objects {
			objects[i] = object(n*walkPage + i)
		}
		pages[n] = fmt.Appendf(nil,
			`{"data":[%s],"error":null,"meta":{"pagination":{"skip":%d,"take":%d,"total":%d,"hasMore":%t}}}`,
			strings.Join(objects, ","), n*walkPage, walkPage, walkPages*walkPage, n+1 < walkPages)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		skip, _ := strconv.Atoi(r.URL.Query().Get("skip"))
		time.Sleep(latency)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(pages[skip/walkPage])
	}))
	b.Cleanup(server.Close)
	token, err := client.ParseOpaqueToken("bench")
	require.NoError(b, err)
	c, err := client.New(client.WithEnvironment(client.BaseURL(server.URL)), client.WithToken(token))
	require.NoError(b, err)
	b.Cleanup(c.CloseIdleConnections)
	return server.URL, servicetokens.New(c)
}

// walk ranges over the list.
func walk(b *testing.B, tokens *servicetokens.Service, opts ...client.CallOption) {
	n := 0
	for t, err := range tokens.List(servicetokens.ListParams{}, opts...).All(context.Background()) {
		if err != nil {
			b.Fatal(err)
		}
		if t.Name != "" {
			n++
		}
	}
	if n != walkPages*walkPage {
		b.Fatal(n)
	}
}

func plainURL(url string, page int) string {
	return fmt.Sprintf("%s%s?skip=%d&take=%d", url, route, page*walkPage, walkPage)
}

// plainWalk is the usual loop without this module.
func plainWalk(b *testing.B, hc *http.Client, url string) {
	n := 0
	for page := 0; ; page++ {
		var out plainPage
		plain(b, hc, plainURL(url, page), &out)
		n += len(out.Data)
		if !out.Meta.Pagination.HasMore {
			break
		}
	}
	if n != walkPages*walkPage {
		b.Fatal(n)
	}
}

// plainWideWalk reads several pages at a time without this module: the first page has the total, and workers share the
// rest.
func plainWideWalk(b *testing.B, hc *http.Client, url string) {
	pages := make([]plainPage, 1, walkPages)
	plain(b, hc, plainURL(url, 0), &pages[0])
	pages = pages[:pages[0].Meta.Pagination.Total/walkPage]
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range walkAhead {
		workers.Go(func() {
			for n := range numbers {
				plain(b, hc, plainURL(url, n), &pages[n])
			}
		})
	}
	for n := 1; n < len(pages); n++ {
		numbers <- n
	}
	close(numbers)
	workers.Wait()
	n := 0
	for _, page := range pages {
		n += len(page.Data)
	}
	if n != walkPages*walkPage {
		b.Fatal(n)
	}
}

// wideClient keeps as many connections as the loop has workers.
func wideClient(b *testing.B) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 2 * walkAhead}
	b.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// The goals: 0.60×, and 6 allocations an object.
func BenchmarkWalkOf10000Objects(b *testing.B) {
	for name, opts := range map[string][]client.CallOption{
		"in turn": {client.WithPrefetch(0)}, "8 ahead": {client.WithPrefetch(walkAhead)},
	} {
		b.Run(name, func(b *testing.B) {
			url, tokens := serveWalk(b, 0)
			hc := wideClient(b)
			compare(b, 1, func() { plainWalk(b, hc, url) }, func() { walk(b, tokens, opts...) })
			_, allocs := cost(1, func() { walk(b, tokens, opts...) }) // the server's, about 0.3 an object, are among them
			b.ReportMetric(allocs/(walkPages*walkPage), "allocs/object")
		})
	}
}

// The goals: 1.05× a hand-written loop with as many pages in flight; by default, at most 0.40 s.
func BenchmarkWalkOf100PagesOf20ms(b *testing.B) {
	for name, opts := range map[string][]client.CallOption{"default": nil, "8 ahead": {client.WithPrefetch(walkAhead)}} {
		b.Run(name, func(b *testing.B) {
			url, tokens := serveWalk(b, 20*time.Millisecond)
			hc := wideClient(b)
			compare(b, 1, func() { plainWideWalk(b, hc, url) }, func() { walk(b, tokens, opts...) })
			began := time.Now()
			walk(b, tokens, opts...)
			b.ReportMetric(time.Since(began).Seconds(), "s/walk")
		})
	}
}
