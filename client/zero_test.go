package client_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
)

func TestCallsWithoutClientOperationOrContextAreRefused(t *testing.T) {
	t.Parallel()
	made := connMemory(t, nil)
	for name, tt := range map[string]struct {
		ctx  context.Context //nolint:containedctx // of one call
		c    *client.Client
		op   *client.Operation
		want string
	}{
		"nil client":            {t.Context(), nil, &connGet, "client must be made with client.New"},
		"zero client":           {t.Context(), new(client.Client), &connGet, "client must be made with client.New"},
		"seat of a zero client": {t.Context(), new(client.Client).ForSeat("s"), &connGet, "must be made with client.New"},
		"nil operation":         {t.Context(), made, nil, "operation must not be nil"},
		"nil context":           {nil, made, &connGet, "context must not be nil"},
	} {
		check := func(err error) {
			t.Helper()
			require.ErrorIs(t, err, client.ErrInvalidParams, name)
			require.ErrorContains(t, err, tt.want, name)
		}
		_, err := client.Call[connThing](tt.ctx, tt.c, tt.op, client.Request{})
		check(err)
		_, err = tt.c.Do(tt.ctx, tt.op, client.Request{})
		check(err)
		_, err = tt.c.Stream(tt.ctx, tt.op, client.Request{})
		check(err)
		_, err = client.NewList[connThing](tt.c, tt.op, client.Request{}, "").Page(tt.ctx)
		check(err)
		_, err = client.Collect(client.NewList[connThing](tt.c, tt.op, client.Request{}, "").All(tt.ctx))
		check(err)
		pages := client.NewList[connThing](tt.c, tt.op, client.Request{}, "", client.WithPrefetch(4)).Pages(tt.ctx)
		_, err = client.Collect(pages)
		check(err)
		assert.NotEmpty(t, tt.c.NewTransportError(tt.op, errors.New("x")).Error(), name)
		assert.NotEmpty(t, tt.c.NewAPIError(tt.op, http.StatusNotFound, nil, nil).Error(), name)
		assert.NotEmpty(t, client.NewDecodeError(tt.op, http.StatusOK, nil, nil, errors.New("x")).Error(), name)
	}
}

func TestOptionsThatHoldNilAreRefused(t *testing.T) {
	t.Parallel()
	for want, options := range map[string][]client.Option{
		"the source is nil": {
			client.WithTokenSource(nil), client.WithTokenSource((*client.TokenVar)(nil)),
			client.WithTokenSource((*authSource)(nil)),
		},
		"the transport is nil": {
			client.WithTransport(nil), client.WithTransport((*http.Transport)(nil)), client.WithTransport(connRoundTrip(nil)),
		},
		"the limiter is nil": {
			client.WithLimiter(nil), client.WithLimiter((*pace.Limiter)(nil)), client.WithLimiter((*limiterFunc)(nil)),
		},
		"the hooks are nil": {
			client.WithHooks(nil), client.WithHooks((*leakListener)(nil)), client.WithHooks(hookFunc(nil)),
		},
	} {
		for _, option := range options {
			_, err := client.New(client.WithToken(connToken(t, connSecret)), option)
			require.ErrorContains(t, err, want)
		}
	}
	var none client.Option
	_, err := client.New(client.WithToken(connToken(t, connSecret)), none, client.WithLogger(nil))
	require.NoError(t, err)
}

func TestSequencesThatAreNilEndWithAnError(t *testing.T) {
	t.Parallel()
	_, err := client.Collect[int](nil)
	require.Error(t, err)
	var empty iter.Seq2[int, error] = func(func(int, error) bool) {}
	same := func(i int) int { return i }
	for _, items := range []iter.Seq2[int, error]{
		client.Distinct[int, int](nil, same), client.Distinct[int, int](empty, nil),
	} {
		_, err = client.Collect(items)
		require.Error(t, err)
	}
}
