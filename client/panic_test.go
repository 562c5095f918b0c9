package client_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
)

type hookFunc func(context.Context, client.Attempt)

func (f hookFunc) AttemptDone(ctx context.Context, a client.Attempt) { f(ctx, a) }

// A caller's code that panics, in a server that recovers from it, leaves nothing under way.
func TestPanicsLeaveNothingUnderWay(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		transport func(*http.Request) (*http.Response, error)
		hook      hookFunc
	}{
		"transport": {transport: func(*http.Request) (*http.Response, error) { panic("boom") }},
		"hook":      {hook: func(context.Context, client.Attempt) { panic("boom") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tc.transport == nil {
				tc.transport = func(r *http.Request) (*http.Response, error) { return connAnswer(r, http.StatusOK, connOK), nil }
			}
			if tc.hook == nil {
				tc.hook = func(context.Context, client.Attempt) {}
			}
			limiter := pace.New()
			c := connMemory(t, tc.transport, client.WithLimiter(limiter), client.WithHooks(tc.hook))
			for range 20 {
				require.PanicsWithValue(t, "boom", func() { _, _ = connDo(t.Context(), c, &connGet) })
				require.PanicsWithValue(t, "boom", func() {
					if resp, err := c.Stream(t.Context(), &connGet, client.Request{}); err == nil {
						_ = resp.Body.Close()
					}
				})
			}
			for _, s := range limiter.All() {
				assert.EqualValues(t, 40, s.Granted)
				assert.Zero(t, s.InFlight)
			}
		})
	}
}

// What panics in a page that is fetched ahead does so in the loop that walks the pages, where it can be recovered from.
func TestPrefetchPanicsInTheLoop(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	f := &pageFailing{
		&pageModel{rows: 100, paging: client.PagingTakeSkip, total: true}, 3,
		func(*http.Request) (*http.Response, error) {
			panic("boom")
		},
	}
	rows := 0
	defer goleak.VerifyNone(t, ignore)
	defer func() {
		said, _ := recover().(string)
		assert.Contains(t, said, "boom")
		assert.Contains(t, said, "panic_test.go", "where it was")
		assert.Equal(t, 15, rows, "all pages before it")
	}()
	for _, err := range client.NewList[pageRow](pageClient(t, f), f.op(5), client.Request{}, "",
		client.WithPrefetch(8)).All(t.Context()) {
		require.NoError(t, err)
		rows++
	}
}
