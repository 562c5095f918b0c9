package buyer

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// EventSources are where an advertiser's events come from: sites, apps and shops.
type EventSources struct{ client *client.Client }

// List lists an advertiser's event sources. PageSize is at most 250.
func (s EventSources) List(advertiserID client.ID, p EventSourceListParams,
	opts ...client.CallOption,
) client.List[EventSource] {
	return list[EventSource](s.client, &opListEventSources, p, p.PageToken, opts, advertiserID)
}

// EventResult is the combined result of all calls that logged the events.
type EventResult struct {
	// Received counts the events that the platform got, Processed those that it took in.
	Received, Processed int64
	// Failures are the events that were not taken in, in the order of the answers.
	Failures []EventFailure
	// Warnings are the platform's own, in the order of the answers.
	Warnings []string
	// MatchQuality rates the recognition of people, 0 to 1: the mean over the events of the responses that state
	// it; 0 if none does.
	MatchQuality float64
}

// EventFailure is an event that was not taken in.
type EventFailure struct {
	// Index is its place in the caller's slice; -1 where the platform names an event that was not sent. An id that
	// several events of one call share is reported for each of them, because the platform does not say which one it
	// means.
	Index int
	EventRefusal
}

// maxEvents limits the events in one call (docs/platform.md#buyer-data).
const maxEvents = 10_000

// eventChunk is one call's worth of an EventLog.
type eventChunk struct {
	EventSourceID client.ID        `json:"event_source_id"`
	Events        []jsontext.Value `json:"events"`
	TestEventCode string           `json:"test_event_code,omitzero"`
}

type eventAnswer struct {
	Received     int64          `json:"events_received"`
	Processed    int64          `json:"events_processed"`
	Failures     []EventRefusal `json:"partial_failures"`
	Warnings     []string       `json:"warnings"`
	MatchQuality *float64       `json:"match_quality"`
}

// LogEvents sends events of one source, any number of them, in as many calls as that takes: at most 10,000 events and 4
// MiB each, one after the other. What a call refuses of its events is in the result and no error.
//
// Everything wrong with the events is reported at once as a [*client.ParamError], at most a hundred problems, before
// anything is sent: an address or a number that was not hashed does not leave the program. So one bad event holds up
// all; [Event.Validate] finds the bad ones, to be put aside first. A write that breaks off ends with a [*BatchError],
// beside the result for the events before.
//
// Safe to repeat: an event whose id came before is the same event (docs/platform.md#buyer-data), so calls whose
// answer was lost are repeated, and so can be the events that a BatchError reports as unknown. Whether the platform
// counts such an event as processed, or names it among the failures, is not documented.
func (s EventSources) LogEvents(ctx context.Context, advertiserID client.ID, log EventLog,
	opts ...client.CallOption,
) (*EventResult, error) {
	problems := client.ParamError{Operation: opLogEvent.ID}
	check.Required(&problems, "event_source_id", log.EventSourceID, "")
	check.MaxLength(&problems, "event_source_id", string(log.EventSourceID), 256)
	check.MaxLength(&problems, "test_event_code", log.TestEventCode, 256)
	each(&problems, "events", log.Events)
	if len(log.Events) == 0 {
		problems.Add("events", "is empty")
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	result := new(EventResult)
	var quality, rated float64
	err := run(batch{
		op: &opLogEvent, maxItems: maxEvents, maxBytes: maxChunk,
		send: func(span Span, events []jsontext.Value) error {
			body := eventChunk{EventSourceID: log.EventSourceID, Events: events, TestEventCode: log.TestEventCode}
			got, err := client.Call[eventAnswer](ctx, s.client, &opLogEvent,
				client.Request{Path: []string{string(advertiserID)}, Body: body}, opts...)
			if err != nil {
				return err
			}
			result.Received += got.Received
			result.Processed += got.Processed
			result.Warnings = append(result.Warnings, got.Warnings...)
			result.Failures = append(result.Failures, placed(got.Failures, log.Events[span.From:span.To], span.From)...)
			if got.MatchQuality != nil {
				quality += *got.MatchQuality * float64(got.Received)
				rated += float64(got.Received)
			}
			return nil
		},
	}, log.Events)
	if beforehand(err) {
		return nil, err
	}
	if rated > 0 {
		result.MatchQuality = quality / rated
	}
	return result, err
}

// placed finds the events that refusals name. They begin at index first of the caller's slice.
func placed(refusals []EventRefusal, events []Event, first int) []EventFailure {
	if len(refusals) == 0 {
		return nil
	}
	places := make(map[string][]int, len(refusals))
	for _, r := range refusals {
		places[r.EventID] = nil
	}
	for i := range events {
		if found, named := places[events[i].EventID]; named {
			places[events[i].EventID] = append(found, first+i)
		}
	}
	failures := make([]EventFailure, 0, len(refusals))
	told := make(map[string]bool, len(refusals))
	for _, r := range refusals {
		found := places[r.EventID]
		if len(found) == 0 {
			failures = append(failures, EventFailure{Index: -1, EventRefusal: r})
			continue
		}
		if told[r.EventID] {
			continue
		}
		told[r.EventID] = true
		for _, i := range found {
			failures = append(failures, EventFailure{Index: i, EventRefusal: r})
		}
	}
	return failures
}
