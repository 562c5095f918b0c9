package buyer

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// maxChunk limits the bytes of items in one call. The platform states no limit; a call that is too large for
// it (413) is halved.
const maxChunk = 4 << 20

// Span is a stretch of a slice: From ≤ i < To.
type Span struct{ From, To int }

// Len is the number of items in it.
func (s Span) Len() int { return s.To - s.From }

// BatchError says that a write of many items broke off, and what became of which items. The three spans lie side by
// side and cover the caller's slice; each may be empty. Unwrap gives the cause.
type BatchError struct {
	// Operation names the write.
	Operation string
	// Sent are the items that the platform has answered for; the result returned with the error covers them.
	Sent Span
	// Unknown are the items of the call that broke: they may or may not have been taken in.
	Unknown Span
	// NotSent are the items that surely were not taken in: never sent, or refused together. Positions in the issues of an
	// [*client.APIError] count from the first of them.
	NotSent Span
	// Err is the cause.
	Err error
}

// Error returns the ranges of items that were and were not sent, and the cause.
func (e *BatchError) Error() string {
	text := fmt.Sprintf("interchange: %s: of %d items", e.Operation, e.NotSent.To)
	for _, part := range [...]struct {
		span   Span
		became string
	}{{e.Sent, "were sent"}, {e.Unknown, "may have been"}, {e.NotSent, "were not"}} {
		switch part.span.Len() {
		case 0:
			continue
		case 1:
			text += fmt.Sprintf(", %d ", part.span.From)
		default:
			text += fmt.Sprintf(", %d to %d ", part.span.From, part.span.To-1)
		}
		text += part.became
	}
	return text + ": " + wire.Bare(e.Err).Error()
}

// MayHaveApplied reports whether items were sent or may have been, for [client.MayHaveApplied].
func (e *BatchError) MayHaveApplied() bool {
	return e != nil && (e.Sent.Len() > 0 || e.Unknown.Len() > 0)
}

// Unwrap gives the cause.
func (e *BatchError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// batch is a write whose items go out in as many calls as its limits make necessary.
type batch struct {
	op       *client.Operation
	maxItems int
	maxBytes int
	// send makes the call with the items of a span.
	send func(Span, []jsontext.Value) error
}

// run sends all items, in order. An error is a [*BatchError], or what was wrong with the arguments of the first call.
func run[T any](b batch, items []T) error {
	var sent int
	for sent < len(items) {
		chunk, bytes, err := fill(b, items, sent)
		span := Span{sent, sent + len(chunk)}
		if err == nil {
			err = b.send(span, chunk)
		}
		var refusal *client.APIError
		switch {
		case err == nil:
			sent = span.To
		case errors.As(err, &refusal) && refusal.StatusCode == http.StatusRequestEntityTooLarge && len(chunk) > 1:
			b.maxBytes = bytes / 2
		case sent == 0 && errors.Is(err, client.ErrInvalidParams):
			return err
		default:
			return b.broken(span, len(items), err)
		}
	}
	return nil
}

var errChanged = errors.New("an item was changed while it was sent")

// fill encodes the items of the next call: one at least, and no more than the limits allow.
func fill[T any](b batch, items []T, from int) (chunk []jsontext.Value, bytes int, err error) {
	most := min(len(items)-from, b.maxItems)
	chunk = make([]jsontext.Value, 0, most)
	for i := range most {
		item, err := json.Marshal(items[from+i])
		if err != nil {
			return nil, 0, errChanged // each has written it before
		}
		if i > 0 && bytes+len(item) > b.maxBytes {
			return chunk, bytes, nil
		}
		chunk, bytes = append(chunk, item), bytes+len(item)
	}
	return chunk, bytes, nil
}

func (b batch) broken(span Span, total int, err error) error {
	e := &BatchError{Operation: b.op.ID, Sent: Span{0, span.From}, Unknown: span, NotSent: Span{span.To, total}, Err: err}
	if !client.MayHaveApplied(err) {
		e.Unknown.To, e.NotSent.From = span.From, span.From
	}
	return e
}

// beforehand reports whether an error of run means that nothing was sent.
func beforehand(err error) bool {
	var broken *BatchError
	return err != nil && !errors.As(err, &broken)
}
