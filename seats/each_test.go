package seats_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/seats"
)

func numberedSeats(n int) []seats.Seat {
	all := make([]seats.Seat, n)
	for i := range all {
		all[i] = seats.Seat{ID: client.ID("seat_" + strconv.Itoa(i)), Name: "Seat " + strconv.Itoa(i)}
	}
	return all
}

func TestEachIsBoundedAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	for concurrency, want := range map[int]int64{-1: 8, 0: 8, 1: 1, 3: 3, 100: 20} {
		synctest.Test(t, func(t *testing.T) {
			all := numberedSeats(20)
			var now, most atomic.Int64
			results := seats.Each(t.Context(), all, concurrency, func(_ context.Context, seat seats.Seat) (string, error) {
				most.Store(max(most.Load(), now.Add(1)))
				defer now.Add(-1)
				time.Sleep(time.Duration(1+len(seat.ID)) * time.Second)
				return "did " + string(seat.ID), nil
			})
			require.NoError(t, results.Err())
			require.Len(t, results, 20)
			for i, r := range results {
				assert.Equal(t, seats.Result[string]{Seat: all[i], Value: "did " + string(all[i].ID)}, r)
			}
			assert.Equal(t, want, most.Load())
		})
	}
	assert.Empty(t, seats.Each(t.Context(), nil, 4, func(context.Context, seats.Seat) (int, error) { return 0, nil }))
}

func TestAFailureStopsNothingElse(t *testing.T) {
	t.Parallel()
	errSeven, errNine := errors.New("seven"),
		errors.New("nine, with scope3_ak_01ABCDEFGHIJKLMNOPQRSTUVWX_sk_live_0123456789\nand a line")
	results := seats.Each(t.Context(), numberedSeats(10), 4, func(_ context.Context, seat seats.Seat) (int, error) {
		switch seat.ID {
		case "seat_7":
			return -1, errSeven
		case "seat_9":
			return 0, fmt.Errorf("wrapped: %w", errNine)
		}
		return 1, nil
	})
	sum := 0
	for _, r := range results {
		sum += r.Value
	}
	assert.Equal(t, 7, sum, "eight went well, and a value that came with an error is there")

	err := results.Err()
	require.ErrorIs(t, err, errSeven)
	require.ErrorIs(t, err, errNine)
	var each *seats.EachError
	require.ErrorAs(t, err, &each)
	assert.Equal(t, 10, each.Total)
	var one *seats.SeatError
	require.ErrorAs(t, err, &one)
	assert.Equal(t, client.ID("seat_7"), one.Seat.ID)
	assert.True(t,
		strings.HasPrefix(err.Error(),
			"interchange: 2 of 10 seats failed: seat_7 (Seat 7): seven; seat_9 (Seat 9): wrapped: nine"), err.Error())
	assert.NotContains(t, err.Error(), "0123456789")
	assert.NotContains(t, err.Error(), "\n")
}

func TestCausesAreNamedUpToEight(t *testing.T) {
	t.Parallel()
	err := seats.Each(t.Context(), numberedSeats(50), 0,
		func(_ context.Context, seat seats.Seat) (int, error) { return 0, errors.New("no " + string(seat.ID)) }).Err()
	require.ErrorContains(t, err, "50 of 50 seats failed: ")
	require.ErrorContains(t, err, "seat_7 (Seat 7): no seat_7; and 42 more")
}

// What went wrong for many seats is said once, though each request has an id of its own.
func TestEqualCausesAreSaidOnce(t *testing.T) {
	t.Parallel()
	refusal := func(seat seats.Seat) error {
		return &client.APIError{
			Operation: "getCurrentAccount", Method: "GET", Route: "/x", StatusCode: 403,
			Code: "FORBIDDEN", RequestID: "req_" + string(seat.ID),
		}
	}
	errTwo := errors.New("interchange: two")
	for n, want := range map[int]string{
		3: "interchange: 2 of 3 seats failed: seat_0 (Seat 0) and seat_1 (Seat 1): getCurrentAccount (GET /x): 403 FORBIDDEN",
		5: "interchange: 4 of 5 seats failed: seat_0 (Seat 0), " +
			"seat_1 (Seat 1) and seat_3 (Seat 3): getCurrentAccount (GET /x): 403 FORBIDDEN; seat_4 (Seat 4): two",
		20: "interchange: 19 of 20 seats failed: seat_0 (Seat 0), seat_1 (Seat 1), " +
			"seat_3 (Seat 3) and 15 more: getCurrentAccount (GET /x): 403 FORBIDDEN; seat_4 (Seat 4): two",
	} {
		err := seats.Each(t.Context(), numberedSeats(n), 0, func(_ context.Context, seat seats.Seat) (int, error) {
			switch seat.ID {
			case "seat_2":
				return 1, nil
			case "seat_4":
				return 0, errTwo
			}
			return 0, refusal(seat)
		}).Err()
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, client.ErrForbidden)
		assert.Equal(t, n > 4, errors.Is(err, errTwo))
		var each *seats.EachError
		require.ErrorAs(t, err, &each)
		assert.ErrorContains(t, each.Failed[1], "request req_seat_1", "each has its own")
	}
}

// When the context ends, what was begun is waited for, and the rest is not begun.
func TestEachEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		var begun, ended atomic.Int64
		results := seats.Each(ctx, numberedSeats(10), 2, func(ctx context.Context, _ seats.Seat) (int, error) {
			begun.Add(1)
			defer ended.Add(1)
			select {
			case <-time.After(2 * time.Second):
				return 1, nil
			case <-ctx.Done():
				time.Sleep(time.Second) // it takes a while to stop
				return 0, context.Cause(ctx)
			}
		})
		assert.EqualValues(t, 6, begun.Load())
		assert.EqualValues(t, 6, ended.Load(), "none is left behind")
		done := 0
		for _, r := range results {
			done += r.Value
			if r.Value == 0 {
				require.ErrorIs(t, r.Err, context.DeadlineExceeded)
			}
			assert.NotEmpty(t, r.Seat.ID)
		}
		assert.Equal(t, 4, done)
		require.ErrorIs(t, results.Err(), context.DeadlineExceeded)
	})
}

// What breaks in fn breaks in the caller, who can do something about it, when the seats that were begun are done with.
func TestEachBreaksWithFn(t *testing.T) {
	t.Parallel()
	work := func(breaks func(), ended *atomic.Int64) func(context.Context, seats.Seat) (int, error) {
		return func(_ context.Context, seat seats.Seat) (int, error) {
			defer ended.Add(1)
			if seat.ID == "seat_3" {
				breaks()
			}
			time.Sleep(time.Second)
			return 1, nil
		}
	}
	synctest.Test(t, func(t *testing.T) {
		var ended atomic.Int64
		assert.PanicsWithValue(t, "fn",
			func() { seats.Each(t.Context(), numberedSeats(100), 4, work(func() { panic("fn") }, &ended)) })
		assert.EqualValues(t, 4, ended.Load(), "none is begun after it, and none left behind")
	})
	synctest.Test(t, func(t *testing.T) { // as an assertion does that ends its test
		var ended atomic.Int64
		returned := false
		var caller sync.WaitGroup
		caller.Go(func() {
			seats.Each(t.Context(), numberedSeats(100), 4, work(runtime.Goexit, &ended))
			returned = true
		})
		caller.Wait()
		assert.False(t, returned, "seats that were not begun are not taken for done")
		assert.EqualValues(t, 4, ended.Load())
	})
}

func TestEachWithoutFunctionOrContextFailsForEverySeat(t *testing.T) {
	t.Parallel()
	one := func(context.Context, seats.Seat) (int, error) { return 1, nil }
	for _, results := range []seats.Results[int]{
		seats.Each[int](t.Context(), numberedSeats(2), 1, nil),
		seats.Each(nil, numberedSeats(2), 1, one), //nolint:staticcheck // a context that is forgotten
	} {
		var failed *seats.EachError
		require.ErrorAs(t, results.Err(), &failed)
		require.Len(t, failed.Failed, 2)
		assert.ErrorContains(t, failed, "Each needs a context and a function")
	}
}

func TestNilKeyringReturnsErrors(t *testing.T) {
	t.Parallel()
	for _, keys := range []*seats.Keyring{nil, new(seats.Keyring)} {
		_, err := keys.Client("s")
		require.ErrorIs(t, err, client.ErrNoToken)
		require.Error(t, keys.Set("s", client.Token{}))
		assert.Len(t, keys.Missing(numberedSeats(2)), 2)
		assert.NotEmpty(t, keys.String())
	}
	_, err := seats.NewKeyring(new(client.Client), map[client.ID]client.Token{"s": {}})
	require.ErrorContains(t, err, "needs a client")
}
