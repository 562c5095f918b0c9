package buyer

import (
	"context"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// Measurements are figures that somebody else measured.
type Measurements struct{ client *client.Client }

// MeasurementResult is the combined result of all calls that synced the rows.
type MeasurementResult struct {
	// Actions holds what was done with each row, in the order of the caller's slice. It is empty for a row that the
	// platform did not answer for.
	Actions []SyncAction
	// Failures are the rows that were not taken in.
	Failures []MeasurementFailure
}

// MeasurementFailure is a row that was not taken in.
type MeasurementFailure struct {
	// Index is its place in the caller's slice.
	Index int
	// Message says why.
	Message string
}

// maxMeasurements limits the rows in one call (docs/platform.md#buyer-data).
const maxMeasurements = 1000

type measurementChunk struct {
	Measurements []jsontext.Value `json:"measurements"`
}

type measurementAnswer struct {
	Measurements []MeasurementOutcome `json:"measurements"`
}

// Sync sends rows of an advertiser, any number of them, in as many calls as that takes: at most 1,000 rows each, one
// after the other. What a call refuses of its rows is in the result and no error.
//
// Everything wrong with the rows is reported at once as a [*client.ParamError], at most a hundred problems, before
// anything is sent. So one bad row holds up all; [Measurement.Validate] finds the bad ones, to be put aside first. A
// write that breaks off ends with a [*BatchError], beside the result for the rows before.
//
// A row whose ExternalRowID came before is updated (docs/platform.md#buyer-data). Calls all of whose rows have one
// are safe to repeat, and are repeated when an answer was lost; the others are not, and their rows then count as
// [BatchError.Unknown].
func (s Measurements) Sync(ctx context.Context, advertiserID client.ID, rows []Measurement,
	opts ...client.CallOption,
) (*MeasurementResult, error) {
	problems := client.ParamError{Operation: opSyncMeasurementData.ID}
	each(&problems, "measurements", rows)
	if len(rows) == 0 {
		problems.Add("measurements", "is empty")
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	result := &MeasurementResult{Actions: make([]SyncAction, len(rows))}
	err := run(batch{
		op: &opSyncMeasurementData, maxItems: maxMeasurements, maxBytes: maxChunk,
		send: func(span Span, chunk []jsontext.Value) error {
			callOpts := opts
			if repeatable(rows[span.From:span.To]) {
				callOpts = append(slices.Clip(opts), client.AssumeIdempotent())
			}
			req := client.Request{Path: []string{string(advertiserID)}, Body: measurementChunk{chunk}}
			got, err := client.Call[measurementAnswer](ctx, s.client, &opSyncMeasurementData, req, callOpts...)
			if err != nil {
				return err
			}
			result.take(got.Measurements, span)
			return nil
		},
	}, rows)
	if beforehand(err) {
		return nil, err
	}
	return result, err
}

func repeatable(rows []Measurement) bool {
	return !slices.ContainsFunc(rows, func(m Measurement) bool { return m.ExternalRowID == "" })
}

// take notes the outcomes of one call. Those of rows that were not in it are passed over.
func (r *MeasurementResult) take(outcomes []MeasurementOutcome, span Span) {
	for _, o := range outcomes {
		if o.Index < 0 || o.Index >= int64(span.Len()) {
			continue
		}
		i := span.From + int(o.Index)
		r.Actions[i] = o.Action
		if o.Action == ActionFailed {
			r.Failures = append(r.Failures, MeasurementFailure{Index: i, Message: o.Error})
		}
	}
}
