package client

import (
	"math"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestListLimitsFollowTheRequestedPageSize(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		op       Operation
		query    url.Values
		whole    bool
		maxItems int
	}{
		"no pages":                      {op: Operation{}, maxItems: 0},
		"no pages, a size all the same": {op: Operation{MaxPage: 50}, maxItems: 0},
		"nothing requested":             {op: Operation{Paging: PagingTakeSkip}, maxItems: 0},
		"small pages":                   {op: Operation{Paging: PagingTakeSkip, MaxPage: 100}, maxItems: 1000},
		"500 items":                     {op: Operation{Paging: PagingCursor, MaxPage: 500}, maxItems: 1000},
		"501 items":                     {op: Operation{Paging: PagingCursor, MaxPage: 501}, maxItems: 1002},
		"a size in the query": {
			op: Operation{Paging: PagingLimitOffset, MaxPage: 100}, query: url.Values{"limit": {"2000"}}, maxItems: 4000,
		},
		"a smaller size in the query": {
			op: Operation{Paging: PagingPages, MaxPage: 2000}, query: url.Values{"pageSize": {"3"}}, whole: true, maxItems: 1000,
		},
		"the largest page of a walk": {op: Operation{Paging: PagingStartingAfter, MaxPage: 700}, whole: true, maxItems: 1400},
		"a size beyond all numbers": {
			op: Operation{Paging: PagingTakeSkip}, query: url.Values{"take": {"9223372036854775807"}}, maxItems: math.MaxInt - 1,
		},
		"a negative size": {op: Operation{Paging: PagingTakeSkip}, query: url.Values{"take": {"-1"}}, maxItems: 0},
	} {
		w := newPager((&core{cfg: config{maxListSize: 7}}).client(), &tt.op, Request{Query: tt.query}, nil, nil)
		w.whole = tt.whole
		_, size, _, err := w.query("")
		require.NoError(t, err, name)
		assert.Equal(t, listLimits{maxItems: tt.maxItems, maxMemory: 7}, w.limits(size), name)
	}
}

func TestWithMaxListMemory(t *testing.T) {
	t.Parallel()
	token, err := ParseOpaqueToken("secret")
	require.NoError(t, err)
	for _, tt := range []struct {
		opts []Option
		want int64
	}{
		{nil, 0},
		{[]Option{WithMaxListMemory(0)}, 0},
		{[]Option{WithMaxListMemory(1)}, 1},
		{[]Option{WithMaxListMemory(1 << 40), WithMaxListMemory(0)}, 1 << 40},
	} {
		c, err := New(append(tt.opts, WithToken(token))...)
		require.NoError(t, err)
		assert.Equal(t, tt.want, c.in().cfg.maxListSize)
		derived, err := c.With()
		require.NoError(t, err)
		assert.Equal(t, tt.want, derived.in().cfg.maxListSize)
	}
	_, err = New(WithToken(token), WithMaxListMemory(-1))
	require.ErrorContains(t, err, "must not be negative")
}
