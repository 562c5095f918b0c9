package buyer_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// hash has the form of a SHA-256.
var hash = strings.Repeat("0a", 32)

const logEventRoute = "POST /api/v2/buyer/advertisers/{advertiserId}/log-event"

// leads are n events with ids of their own.
func leads(n int) []buyer.Event {
	events := make([]buyer.Event, n)
	for i := range events {
		events[i] = buyer.Event{EventID: "e" + strconv.Itoa(i), EventType: buyer.EventTypeLead, EventTime: noon}
	}
	return events
}

func TestLogEvents(t *testing.T) {
	t.Parallel()
	srv, b := startSandbox(t)
	events := leads(25_001)
	events[3].EventType = buyer.EventTypePurchase // without a currency
	events[20_000].EventType = buyer.EventTypeCustom
	result, err := b.EventSources.LogEvents(t.Context(), advertiser,
		buyer.EventLog{EventSourceID: "src_1001", Events: events})
	require.NoError(t, err)
	assert.Equal(t, 3, srv.Effects(logEventRoute), "calls")
	assert.Equal(t, int64(25_001), result.Received)
	assert.Equal(t, int64(24_999), result.Processed)
	assert.Equal(t, 24_999, srv.LoggedEvents())
	require.Len(t, result.Failures, 2)
	assert.Equal(t, 3, result.Failures[0].Index)
	assert.Equal(t, "e3", result.Failures[0].EventID)
	assert.Equal(t, "VALIDATION_ERROR", result.Failures[0].Code)
	assert.Equal(t, 20_000, result.Failures[1].Index)
	assert.InDelta(t, 0.5, result.MatchQuality, 1e-9)

	// The same again is the same events.
	_, err = b.EventSources.LogEvents(t.Context(), advertiser,
		buyer.EventLog{EventSourceID: "src_1001", Events: events[:10]})
	require.NoError(t, err)
	assert.Equal(t, 24_999, srv.LoggedEvents())

	_, err = b.EventSources.LogEvents(t.Context(), advertiser,
		buyer.EventLog{EventSourceID: "nowhere", Events: events[:1]})
	require.ErrorIs(t, err, client.ErrNotFound)
}

// A lost answer is asked for again, because the ids make the events repeatable.
func TestLogEventsAfterALostAnswer(t *testing.T) {
	t.Parallel()
	srv, b := startSandbox(t)
	srv.Inject(sandbox.Fault{Method: http.MethodPost, Kind: sandbox.FaultResetAfter, Times: 1})
	result, err := b.EventSources.LogEvents(t.Context(), advertiser,
		buyer.EventLog{EventSourceID: "src_1001", Events: leads(5)})
	require.NoError(t, err)
	assert.Equal(t, int64(5), result.Processed)
	assert.Equal(t, 2, srv.Effects(logEventRoute))
	assert.Equal(t, 5, srv.LoggedEvents())
}

func TestLogEventBody(t *testing.T) {
	t.Parallel()
	var path, body string
	b := answering(t, func(r *http.Request) (int, string) {
		path, body = r.Method+" "+r.URL.Path, bodyOf(t, r)
		return 200, `{"data":{"events_received":1,"events_processed":1,"match_quality":null,"more":true},"error":null}`
	})
	result, err := b.EventSources.LogEvents(t.Context(), "42", buyer.EventLog{
		EventSourceID: "site", TestEventCode: "T1",
		Events: []buyer.Event{{
			EventID: "o-1", EventType: buyer.EventTypePurchase, EventTime: noon.In(time.FixedZone("", 7200)),
			UserMatch: buyer.UserMatch{HashedEmail: hash, UIDs: []buyer.UID{{Type: "uid2", Value: "x"}}, ClientIP: "192.0.2.1"},
			CustomData: buyer.EventData{
				Value: client.Set(9.5), Currency: "EUR", ContentIDs: []string{"a"},
				NumItems: client.Set(int64(2)), Contents: []byte(`[{"id":"a"}]`),
			},
			ActionSource: buyer.ActionSourceWebsite, EventSourceURL: "https://shop.example/?a=1&b=<2>",
		}},
	})
	require.NoError(t, err)
	assert.Equal(t, &buyer.EventResult{Received: 1, Processed: 1}, result)
	assert.Equal(t, "POST /api/v2/buyer/advertisers/42/log-event", path)
	assert.Equal(t,
		`{"event_source_id":"site","events":[{"event_id":"o-1","event_type":"purchase",`+
			`"event_time":"2026-05-04T14:00:00+02:00",`+
			`"user_match":{"uids":[{"type":"uid2","value":"x"}],"hashed_email":"`+hash+`","client_ip":"192.0.2.1"},`+
			`"custom_data":{"value":9.5,"currency":"EUR","content_ids":["a"],"num_items":2,"contents":[{"id":"a"}]},`+
			`"action_source":"website","event_source_url":"https://shop.example/?a=1&b=<2>"}],"test_event_code":"T1"}`, body)
}

func TestEventsAreCheckedFirst(t *testing.T) {
	t.Parallel()
	b := answering(t, func(*http.Request) (int, string) {
		t.Error("something was sent")
		return 500, ""
	})
	for name, c := range map[string]struct {
		advertiser client.ID
		log        buyer.EventLog
		want       []string
	}{
		"nothing": {"1", buyer.EventLog{}, []string{"event_source_id", "events"}},
		"events": {"1", buyer.EventLog{EventSourceID: "s", Events: []buyer.Event{
			leads(1)[0],
			{},
			{EventID: strings.Repeat("x", 257), EventType: "dance", EventTime: noon, ActionSource: "moon"},
		}}, []string{
			"events[1].event_id", "events[1].event_type", "events[1].event_time",
			"events[2].event_id", "events[2].event_type", "events[2].action_source",
		}},
		"advertiser": {"", buyer.EventLog{EventSourceID: "s", Events: leads(1)}, []string{"advertiserId"}},
		"not a number": {"1", buyer.EventLog{EventSourceID: "s", Events: []buyer.Event{
			{
				EventID: "e", EventType: buyer.EventTypeLead, EventTime: noon,
				CustomData: buyer.EventData{Value: client.Set(math.NaN())},
			},
		}}, []string{"events[0]"}},
		"what they hold": {"1", buyer.EventLog{EventSourceID: "s", Events: []buyer.Event{
			{
				EventID: "e", EventType: buyer.EventTypeLead, EventTime: noon, EventSourceURL: "shop.example/a",
				UserMatch: buyer.UserMatch{
					UIDs: []buyer.UID{{Type: "uid2", Value: "x"}, {}}, HashedEmail: "ann@shop.example",
					HashedPhone: strings.ToUpper(hash),
					ClickID:     strings.Repeat("x", 513), ClickIDType: strings.Repeat("x", 65), ClientIP: strings.Repeat("1", 46),
					ClientUserAgent: strings.Repeat("x", 513),
				},
				CustomData: buyer.EventData{
					Currency: "eur", OrderID: strings.Repeat("x", 257), ContentIDs: []string{"a", strings.Repeat("x", 257)},
					ContentType: strings.Repeat("x", 129), NumItems: client.Set(int64(-1)), Contents: []byte(`{}`),
				},
			},
		}}, []string{
			"events[0].user_match.uids[1].type", "events[0].user_match.uids[1].value",
			"events[0].user_match.hashed_email", "events[0].user_match.hashed_phone", "events[0].user_match.click_id",
			"events[0].user_match.click_id_type", "events[0].user_match.client_ip", "events[0].user_match.client_user_agent",
			"events[0].custom_data.currency", "events[0].custom_data.order_id", "events[0].custom_data.content_ids[1]",
			"events[0].custom_data.content_type", "events[0].custom_data.num_items",
			"events[0].event_source_url", "events[0].custom_data.contents",
		}},
		"an event far behind": {"1", buyer.EventLog{EventSourceID: "s", Events: append(leads(10_001), buyer.Event{
			EventID: "not UTF-8: \xff", EventType: buyer.EventTypeLead, EventTime: noon,
		})}, []string{"events[10001]"}},
	} {
		result, err := b.EventSources.LogEvents(t.Context(), c.advertiser, c.log)
		require.ErrorIs(t, err, client.ErrInvalidParams, name)
		assert.Equal(t, c.want, problems(t, err), name)
		assert.Nil(t, result, name)
		assert.NotContains(t, err.Error(), "ann@", "an address that was not hashed")
	}
	_, err := b.EventSources.LogEvents(t.Context(), "1",
		buyer.EventLog{EventSourceID: "s", Events: make([]buyer.Event, 5000)})
	assert.Len(t, problems(t, err), 100, "a long list of problems helps nobody")
}

// What several answers say is put together; a mean is that of those that say something.
func TestWhatSeveralAnswersSay(t *testing.T) {
	t.Parallel()
	calls := 0
	b := answering(t, func(*http.Request) (int, string) {
		calls++
		said := []string{`0.8`, `null`, `0.2`}[calls-1]
		return 200, `{"data":{"events_received":` + []string{"10000", "10000", "5000"}[calls-1] +
			`,"events_processed":1,"warnings":["` + said + `"],"match_quality":` + said + `}}`
	})
	result, err := b.EventSources.LogEvents(t.Context(), "1", buyer.EventLog{EventSourceID: "s", Events: leads(25_000)})
	require.NoError(t, err)
	assert.InDelta(t, 0.6, result.MatchQuality, 1e-9)
	assert.Equal(t, []string{"0.8", "null", "0.2"}, result.Warnings)
}

// What became of which events is said exactly, whatever breaks the write off.
func TestAWriteThatBreaksOff(t *testing.T) {
	t.Parallel()
	refused := func() (int, string) {
		return 400, `{"data":null,"error":{"code":"VALIDATION_ERROR","message":"no"}}`
	}
	for name, c := range map[string]struct {
		second                func() (int, string)
		sent, unknown, unsent buyer.Span
		is                    error
		text                  string
	}{
		"refused": {
			refused,
			buyer.Span{To: 10_000},
			buyer.Span{From: 10_000, To: 10_000},
			buyer.Span{From: 10_000, To: 20_500},
			client.ErrValidation, "10000 to 20499 were not",
		},
		"broken": {
			func() (int, string) { return 500, `` },
			buyer.Span{To: 10_000},
			buyer.Span{From: 10_000, To: 20_000},
			buyer.Span{From: 20_000, To: 20_500},
			client.ErrOutcomeUnknown,
			"10000 to 19999 may have been, 20000 to 20499 were not",
		},
		"unreadable": {
			func() (int, string) { return 200, `{"data":{"events_received":"many"}}` },
			buyer.Span{To: 10_000},
			buyer.Span{From: 10_000, To: 20_000},
			buyer.Span{From: 20_000, To: 20_500},
			nil,
			"10000 to 19999 may have been, 20000 to 20499 were not",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			b := answering(t, func(*http.Request) (int, string) {
				if calls.Add(1) == 1 {
					return 200,
						`{"data":{"events_received":10000,"events_processed":9999,"partial_failures":[{"event_id":"e9","code":"X",` +
							`"message":"x"}]}}`
				}
				return c.second()
			}, client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
			result, err := b.EventSources.LogEvents(t.Context(), "1", buyer.EventLog{EventSourceID: "s", Events: leads(20_500)})
			var broken *buyer.BatchError
			require.ErrorAs(t, err, &broken)
			assert.Equal(t, c.sent, broken.Sent)
			assert.Equal(t, c.unknown, broken.Unknown)
			assert.Equal(t, c.unsent, broken.NotSent)
			assert.Equal(t, "logEvent", broken.Operation)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			assert.True(t,
				strings.HasPrefix(err.Error(),
					"interchange: logEvent: of 20500 items, 0 to 9999 were sent, "+c.text+": logEvent (POST "), err.Error())
			assert.Equal(t, 1, strings.Count(err.Error(), "interchange:"))
			assert.Equal(t, int64(9999), result.Processed, "what came before counts")
			assert.Equal(t, 9, result.Failures[0].Index)
			assert.Equal(t, int32(2), calls.Load(), "nothing is sent after that")
		})
	}
}

// A context that ends between two calls leaves nothing unknown.
func TestAWriteThatIsCalledOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calls := 0
	b := answering(t, func(*http.Request) (int, string) {
		calls++
		cancel()
		return 200, `{"data":{"events_received":10000,"events_processed":10000}}`
	})
	result, err := b.EventSources.LogEvents(ctx, "1", buyer.EventLog{EventSourceID: "s", Events: leads(10_001)})
	require.ErrorIs(t, err, context.Canceled)
	var broken *buyer.BatchError
	require.ErrorAs(t, err, &broken)
	assert.Equal(t, buyer.Span{To: 10_000}, broken.Sent)
	assert.Zero(t, broken.Unknown.Len())
	assert.Equal(t, 1, broken.NotSent.Len())
	assert.Equal(t, int64(10_000), result.Processed)
	assert.Equal(t, 1, calls)
}

// A call that is too large is halved until it fits, and so are those after it.
func TestACallThatIsTooLargeIsHalved(t *testing.T) {
	t.Parallel()
	var refused, taken int
	b := answering(t, func(r *http.Request) (int, string) {
		body := bodyOf(t, r)
		if len(body) > 100_000 {
			refused++
			return 413, `{"data":null,"error":{"code":"PAYLOAD_TOO_LARGE","message":"no"}}`
		}
		n := strings.Count(body, `"event_id"`)
		taken += n
		return 200, fmt.Sprintf(`{"data":{"events_received":%d,"events_processed":%d}}`, n, n)
	})
	result, err := b.EventSources.LogEvents(t.Context(), "1", buyer.EventLog{EventSourceID: "s", Events: leads(12_000)})
	require.NoError(t, err)
	assert.Equal(t, int64(12_000), result.Processed)
	assert.Equal(t, 12_000, taken)
	assert.Less(t, refused, 6)

	one := leads(1)
	one[0].EventSourceURL = "https://shop.example/" + strings.Repeat("x", 200_000)
	_, err = b.EventSources.LogEvents(t.Context(), "1", buyer.EventLog{EventSourceID: "s", Events: one})
	var broken *buyer.BatchError
	require.ErrorAs(t, err, &broken)
	assert.Equal(t, buyer.Span{To: 1}, broken.NotSent)
}

// Large events are sent in calls of a few megabytes.
func TestLargeEventsAreSplitBySize(t *testing.T) {
	t.Parallel()
	var sizes []int
	b := answering(t, func(r *http.Request) (int, string) {
		sizes = append(sizes, len(bodyOf(t, r)))
		return 200, `{"data":{"events_received":1,"events_processed":1}}`
	})
	events := leads(30)
	for i := range events {
		events[i].EventSourceURL = "https://shop.example/" + strings.Repeat("x", 1<<20)
	}
	_, err := b.EventSources.LogEvents(t.Context(), "1", buyer.EventLog{EventSourceID: "s", Events: events})
	require.NoError(t, err)
	assert.Len(t, sizes, 10)
	for _, size := range sizes {
		assert.Less(t, size, 5<<20)
	}
}
