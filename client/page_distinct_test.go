package client_test

import (
	"errors"
	"iter"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// distinctRows is a sequence of rows, with an error in the place of "!".
func distinctRows(ids ...client.ID) iter.Seq2[pageRow, error] {
	return func(yield func(pageRow, error) bool) {
		for _, id := range ids {
			var err error
			if id == "!" {
				id, err = "", errDistinct
			}
			if !yield(pageRow{ID: id}, err) {
				return
			}
		}
	}
}

var errDistinct = errors.New("broken")

func distinctID(r pageRow) client.ID { return r.ID }

// What has no id is not the same as what has none either; an error is not an item.
func TestDistinct(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ given, want []client.ID }{
		{nil, nil},
		{[]client.ID{"a", "b", "c"}, []client.ID{"a", "b", "c"}},
		{[]client.ID{"a", "a", "b", "a", "c", "b", "c"}, []client.ID{"a", "b", "c"}},
		{[]client.ID{"", "a", "", "a", ""}, []client.ID{"", "a", "", ""}},
		{[]client.ID{"a", "a", "!"}, []client.ID{"a", "!"}},
		{[]client.ID{"!", "!"}, []client.ID{"!", "!"}},
	} {
		items := client.Distinct(distinctRows(tt.given...), distinctID)
		for range 2 { // each range begins anew
			var got []client.ID
			for row, err := range items {
				if err != nil {
					require.ErrorIs(t, err, errDistinct)
					row.ID = "!"
				}
				got = append(got, row.ID)
			}
			assert.Equal(t, tt.want, got)
		}
	}
}

func TestDistinctLeftEarly(t *testing.T) {
	t.Parallel()
	m := &pageModel{rows: 100, paging: client.PagingTakeSkip, total: true}
	items := client.NewList[pageRow](pageClient(t, m), m.op(5), client.Request{}, "").All(t.Context())
	for row, err := range client.Distinct(items, distinctID) {
		require.NoError(t, err)
		if row.ID == "7" {
			break
		}
	}
	assert.Len(t, m.asked(), 2)
}

// The total is at hand while items are walked, as the page of the item said it.
func TestTotalOfAWalk(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]client.CallOption{nil, {client.WithPrefetch(4)}} {
		for said, want := range map[bool]int64{true: 23, false: -1} {
			m := &pageModel{rows: 23, paging: client.PagingTakeSkip, hasMore: true, total: said}
			c := pageClient(t, m)
			var answer client.Response
			opts := append(opts, client.WithResponse(&answer))
			for _, err := range client.NewList[pageRow](c, m.op(5), client.Request{}, "", opts...).All(t.Context()) {
				require.NoError(t, err)
				require.Equal(t, want, answer.Total)
			}
			answer = client.Response{}
			_, err := client.NewList[pageRow](c, m.op(5), client.Request{}, "", opts...).Page(t.Context())
			require.NoError(t, err)
			assert.Equal(t, want, answer.Total)
			for _, err := range client.NewList[pageRow](c, m.op(5), client.Request{}, "no token", opts...).All(t.Context()) {
				require.ErrorIs(t, err, client.ErrInvalidParams)
			}
			assert.EqualValues(t, -1, answer.Total)
		}
	}
	c := pageClient(t,
		connRoundTrip(func(r *http.Request) (*http.Response, error) { return connAnswer(r, 200, connOK), nil }))
	answer, err := c.Do(t.Context(), &connGet, client.Request{})
	require.NoError(t, err)
	assert.EqualValues(t, -1, answer.Total, "not of a list")
}
