package client_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// TestListReturnsItemsOfAPageThatCannotBeContinued: the page is good, so only the walk fails, and so does the next
// List.
func TestListReturnsItemsOfAPageThatCannotBeContinued(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		paging client.Paging
		body   string
		items  int
	}{
		"more, but no cursor":            {client.PagingCursor, `{"rows":[{"id":"1"},{"id":"2"}],"hasMore":true}`, 2},
		"a total, but no cursor":         {client.PagingCursor, `{"rows":[{"id":"1"},{"id":"2"}],"total":9}`, 2},
		"the offset stays":               {client.PagingLimitOffset, `{"rows":[{"id":"1"},{"id":"2"}],"nextOffset":0}`, 2},
		"no items, but more":             {client.PagingTakeSkip, `{"rows":[],"hasMore":true}`, 0},
		"no ids to continue after":       {client.PagingStartingAfter, `{"rows":[{},{},{}],"hasMore":true}`, 3},
		"no pages, but more":             {client.PagingNone, `{"rows":[{"id":"1"}],"hasMore":true}`, 1},
		"no pages, but a larger total":   {client.PagingNone, `{"rows":[{"id":"1"}],"total":2}`, 1},
		"no pages, but a cursor":         {client.PagingNone, `{"rows":[{"id":"1"}],"nextCursor":"x"}`, 1},
		"an empty first page of a total": {client.PagingTakeSkip, `{"rows":[],"total":2}`, 0},
		"a null first page of a total":   {client.PagingPages, `{"rows":null,"total":2}`, 0},
		"no pages, no items, but total":  {client.PagingNone, `{"rows":[],"total":2}`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
				requests++
				return connAnswer(r, http.StatusOK, tt.body), nil
			}))
			op := client.Operation{ID: "listThings", Mount: client.MountShared, Path: "/things", Paging: tt.paging}

			page, err := client.NewList[pageRow](c, &op, client.Request{}, "").Page(t.Context())
			require.NoError(t, err)
			assert.Len(t, page.Items, tt.items)
			require.NotEmpty(t, page.Next, "a loop until Next is empty must not end here")

			var paging *client.PagingError
			_, err = client.NewList[pageRow](c, &op, client.Request{}, page.Next).Page(t.Context())
			require.ErrorAs(t, err, &paging)
			assert.Equal(t, page.Next, paging.At)
			for _, err := range client.NewList[pageRow](c, &op, client.Request{}, page.Next).Pages(t.Context()) {
				require.ErrorIs(t, err, client.ErrPaging)
			}
			assert.Equal(t, 1, requests, "there is no page to ask for")

			_, err = client.Collect(client.NewList[pageRow](c, &op, client.Request{}, "").All(t.Context()))
			require.ErrorIs(t, err, client.ErrPaging)
			checkErrorText(t, err.Error())
		})
	}
}

// TestListFollowsAnEmptyPageWithACursor: the page of a hand-written loop names the next one.
func TestListFollowsAnEmptyPageWithACursor(t *testing.T) {
	t.Parallel()
	c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Query().Get("cursor") == "" {
			return connAnswer(r, http.StatusOK, `{"rows":[],"nextCursor":"A"}`), nil
		}
		return connAnswer(r, http.StatusOK, `{"rows":[{"id":"1"}]}`), nil
	}))
	op := client.Operation{ID: "listThings", Mount: client.MountShared, Path: "/things", Paging: client.PagingCursor}
	first, err := client.NewList[pageRow](c, &op, client.Request{}, "").Page(t.Context())
	require.NoError(t, err)
	assert.Empty(t, first.Items)
	second, err := client.NewList[pageRow](c, &op, client.Request{}, first.Next).Page(t.Context())
	require.NoError(t, err)
	assert.Len(t, second.Items, 1)
	assert.Empty(t, second.Next)
}

func TestCollectReturnsAllItemsOrTheError(t *testing.T) {
	t.Parallel()
	m := &pageModel{rows: 23, paging: client.PagingTakeSkip, total: true}
	for name, collect := range map[string]func(from client.PageToken) ([]pageRow, error){
		"items": func(from client.PageToken) ([]pageRow, error) {
			return client.Collect(client.NewList[pageRow](pageClient(t, m), m.op(5), client.Request{}, from).All(t.Context()))
		},
		"pages": func(from client.PageToken) ([]pageRow, error) {
			return client.Collect(client.NewList[pageRow](pageClient(t, m), m.op(5), client.Request{}, from).All(t.Context()))
		},
	} {
		rows, err := collect("")
		require.NoError(t, err, name)
		assert.Len(t, rows, 23, name)

		rows, err = collect("no token")
		require.ErrorIs(t, err, client.ErrInvalidParams, name)
		assert.Nil(t, rows, name)
	}
}

func TestEmptyPageAfterOffsetEndsList(t *testing.T) {
	t.Parallel()
	c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
		return connAnswer(r, http.StatusOK, `{"rows":[],"total":2}`), nil
	}))
	op := client.Operation{ID: "listThings", Mount: client.MountShared, Path: "/things", Paging: client.PagingTakeSkip}
	query := url.Values{"skip": {"5"}}
	rows, err := client.Collect(client.NewList[pageRow](c, &op, client.Request{Query: query}, "").All(t.Context()))
	require.NoError(t, err, "the caller set the offset")
	assert.Empty(t, rows)
}
