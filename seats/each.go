package seats

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// defaultConcurrency is for those who name none: a client holds its calls back by itself where the platform limits
// them.
const defaultConcurrency = 8

// Each does fn for every seat, for so many at a time (8 where concurrency is not positive), and returns what came of
// it, in the order of the seats. A failure stops nothing else. When ctx ends, the seats that have not been begun get
// its error; those that have are waited for, so fn must end with ctx. If fn panics, no more seats are begun, and Each
// panics with the same value when those that were have ended.
//
// With one customer token, fn acts through c.ForSeat(seat.ID); with a token for each seat, through a [Keyring]:
//
//	results := seats.Each(ctx, all, 8, func(ctx context.Context, seat seats.Seat) (*seats.Account, error) {
//		return seats.New(c.ForSeat(seat.ID)).Current(ctx)
//	})
//	if err := results.Err(); err != nil { … } // names the seats that failed
func Each[R any](ctx context.Context, seats []Seat, concurrency int,
	fn func(context.Context, Seat) (R, error),
) Results[R] {
	if concurrency <= 0 {
		concurrency = defaultConcurrency
	}
	results := make(Results[R], len(seats))
	if fn == nil || ctx == nil {
		for i, seat := range seats {
			results[i] = Result[R]{Seat: seat, Err: errors.New("interchange: Each needs a context and a function")}
		}
		return results
	}
	var next atomic.Int64
	var broken atomic.Pointer[any] // what fn panicked with; nil inside where it ended its goroutine
	var workers sync.WaitGroup
	for range min(concurrency, len(seats)) {
		workers.Go(func() {
			done := false
			defer func() {
				if !done {
					value := recover()
					broken.CompareAndSwap(nil, &value)
				}
			}()
			for i := next.Add(1) - 1; i < int64(len(seats)) && broken.Load() == nil; i = next.Add(1) - 1 {
				r := &results[i]
				r.Seat = seats[i]
				if r.Err = ctx.Err(); r.Err == nil {
					r.Value, r.Err = fn(ctx, r.Seat)
				}
			}
			done = true
		})
	}
	workers.Wait()
	if value := broken.Load(); value != nil {
		if *value == nil {
			runtime.Goexit()
		}
		panic(*value)
	}
	return results
}

// Result is the result of the work for one seat.
type Result[R any] struct {
	// Seat is the seat.
	Seat Seat
	// Value is the value that fn returned, also with an error.
	Value R
	// Err is the error of fn, or that of the context if fn was not begun.
	Err error
}

// Results are what came of the work for all seats, in their order.
type Results[R any] []Result[R]

// Err is nil if all went well, or else an [*EachError].
func (r Results[R]) Err() error {
	var failed []*SeatError
	for _, one := range r {
		if one.Err != nil {
			failed = append(failed, &SeatError{Seat: one.Seat, Err: one.Err})
		}
	}
	if failed == nil {
		return nil
	}
	return &EachError{Failed: failed, Total: len(r)}
}

// SeatError is the failure of the work for one seat.
type SeatError struct {
	// Seat is the seat.
	Seat Seat
	// Err is why it failed.
	Err error
}

const maxSeatErrorText = 512

// Error names the seat. It is one line, safe to log, whatever the error of fn says.
func (e *SeatError) Error() string {
	return e.name() + ": " + reason(e.Unwrap())
}

func (e *SeatError) name() string {
	if e == nil || (e.Seat.ID == "" && e.Seat.Name == "") {
		return "seat"
	}
	name := wire.Printable(string(e.Seat.ID), 64)
	if e.Seat.Name != "" {
		name += " (" + wire.Printable(e.Seat.Name, 64) + ")"
	}
	return name
}

func reason(err error) string { return wire.Printable(wire.Bare(err).Error(), maxSeatErrorText) }

// Unwrap is why it failed.
func (e *SeatError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// EachError lists the seats that failed, with their errors. errors.Is and errors.As look at all of them.
type EachError struct {
	// Failed are the failures, in the order of the seats.
	Failed []*SeatError
	// Total counts all seats.
	Total int
}

// Error says what went wrong, the first eight causes, each with the first seats that failed of it, on one line. Errors
// that differ in the id of the request alone are one cause.
func (e *EachError) Error() string {
	const mostCauses, mostNames = 8, 3
	byCause := make(map[string][]*SeatError)
	var causes []string
	for _, failed := range e.Failed {
		cause := common(failed.Unwrap())
		if byCause[cause] == nil {
			causes = append(causes, cause)
		}
		byCause[cause] = append(byCause[cause], failed)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "interchange: %d of %d seats failed", len(e.Failed), e.Total)
	separator := ": "
	told := 0
	for i, cause := range causes {
		if i == mostCauses {
			fmt.Fprintf(&b, "; and %d more", len(e.Failed)-told)
			break
		}
		b.WriteString(separator)
		separator = "; "
		group := byCause[cause]
		told += len(group)
		if len(group) == 1 {
			b.WriteString(group[0].Error())
			continue
		}
		names := make([]string, 0, mostNames)
		for _, failed := range group[:min(len(group), mostNames)] {
			names = append(names, failed.name())
		}
		if rest := len(group) - mostNames; rest > 0 {
			b.WriteString(strings.Join(names, ", ") + fmt.Sprintf(" and %d more: ", rest))
		} else {
			b.WriteString(strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + ": ")
		}
		b.WriteString(cause)
	}
	return b.String()
}

// common is the reason of a failure without what is particular to one request.
func common(err error) string {
	text := reason(err)
	var refusal *client.APIError
	if errors.As(err, &refusal) && refusal.RequestID != "" {
		text = strings.Replace(text, "; request "+wire.Printable(refusal.RequestID, 64), "", 1)
	}
	return text
}

// Unwrap are the failures.
func (e *EachError) Unwrap() []error {
	if e == nil {
		return nil
	}
	errs := make([]error, len(e.Failed))
	for i, failed := range e.Failed {
		errs[i] = failed
	}
	return errs
}
