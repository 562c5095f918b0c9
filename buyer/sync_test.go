package buyer_test

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

const measurementRoute = "POST /api/v2/buyer/advertisers/{advertiserId}/measurement-data/sync"

func rows(n int) []buyer.Measurement {
	all := make([]buyer.Measurement, n)
	for i := range all {
		all[i] = buyer.Measurement{
			StartTime: noon, EndTime: noon.Add(time.Hour), MetricID: buyer.MetricConversions, MetricValue: float64(i),
			Unit: buyer.UnitCount, ExternalRowID: "r" + strconv.Itoa(i),
		}
	}
	return all
}

func TestSyncMeasurements(t *testing.T) {
	t.Parallel()
	srv, b := startSandbox(t)
	all := rows(2500)
	all[1200].Unit = buyer.UnitCurrency // without a currency
	srv.Inject(sandbox.Fault{Method: http.MethodPost, Kind: sandbox.FaultResetAfter, Times: 1})
	result, err := b.Measurements.Sync(t.Context(), advertiser, all)
	require.NoError(t, err)
	assert.Equal(t, 4, srv.Effects(measurementRoute), "three calls, and one whose answer was lost")
	assert.Equal(t, 2499, srv.Measurements())
	require.Len(t, result.Actions, 2500)
	assert.Equal(t, buyer.ActionUnchanged, result.Actions[0], "by the attempt before")
	assert.Equal(t, buyer.ActionCreated, result.Actions[2499])
	assert.Equal(t, buyer.ActionFailed, result.Actions[1200])
	assert.Equal(t, []buyer.MeasurementFailure{{Index: 1200, Message: "currency is required for money"}}, result.Failures)

	all[7].MetricValue = -1
	result, err = b.Measurements.Sync(t.Context(), advertiser, all[:10])
	require.NoError(t, err)
	assert.Equal(t, buyer.ActionUpdated, result.Actions[7])
	assert.Equal(t, buyer.ActionUnchanged, result.Actions[8])
	assert.Equal(t, 2499, srv.Measurements())
}

// Rows without an id of their own would be added twice.
func TestMeasurementsWithoutIDsAreSentOnce(t *testing.T) {
	t.Parallel()
	srv, b := startSandbox(t)
	all := rows(10)
	all[4].ExternalRowID = ""
	srv.Inject(sandbox.Fault{Method: http.MethodPost, Kind: sandbox.FaultResetAfter, Times: 1})
	_, err := b.Measurements.Sync(t.Context(), advertiser, all)
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	var broken *buyer.BatchError
	require.ErrorAs(t, err, &broken)
	assert.Equal(t, buyer.Span{To: 10}, broken.Unknown)
	assert.Equal(t, 1, srv.Effects(measurementRoute))
}

func TestMeasurementBodyAndHostileAnswer(t *testing.T) {
	t.Parallel()
	var body string
	b := answering(t, func(r *http.Request) (int, string) {
		body = bodyOf(t, r)
		return 200,
			`{"data":{"measurements":[{"index":1,"action":"created"},{"index":7,"action":"failed","error":"x"},{"index":-1,"action":"failed"}]}}`
	})
	all := rows(2)
	all[0].CampaignID, all[0].Source, all[0].MetricValue = "c", buyer.SourceMMP, 0
	result, err := b.Measurements.Sync(t.Context(), "1", all)
	require.NoError(t, err)
	assert.Equal(t, &buyer.MeasurementResult{Actions: []buyer.SyncAction{"", buyer.ActionCreated}}, result)
	assert.Equal(t,
		`{"measurements":[{"start_time":"2026-05-04T12:00:00Z","end_time":"2026-05-04T13:00:00Z","metric_id":"conversions",`+
			`"metric_value":0,"unit":"count","campaign_id":"c","source":"mmp","external_row_id":"r0"},`+
			`{"start_time":"2026-05-04T12:00:00Z","end_time":"2026-05-04T13:00:00Z","metric_id":"conversions",`+
			`"metric_value":1,"unit":"count","external_row_id":"r1"}]}`, body)

	_, err = b.Measurements.Sync(t.Context(), "1", nil)
	assert.Equal(t, []string{"measurements"}, problems(t, err))
	_, err = b.Measurements.Sync(t.Context(), "1", []buyer.Measurement{{Unit: "miles"}})
	assert.Equal(t, []string{
		"measurements[0].start_time", "measurements[0].end_time", "measurements[0].metric_id", "measurements[0].unit",
	}, problems(t, err))
	all = rows(2)
	long := client.ID(strings.Repeat("x", 256))
	all[0].CampaignID, all[0].MediaBuyID, all[0].PackageID, all[0].CreativeID, all[0].Currency = long, long, long,
		long, "euro"
	all[1].MetricValue = math.Inf(1)
	_, err = b.Measurements.Sync(t.Context(), "1", all)
	assert.ElementsMatch(t, []string{
		"measurements[0].campaign_id", "measurements[0].media_buy_id", "measurements[0].package_id",
		"measurements[0].creative_id",
		"measurements[0].currency", "measurements[1]",
	}, problems(t, err))
}

// An item is refused for the same reasons alone and among others.
func TestItemsAreCheckedOneByOne(t *testing.T) {
	t.Parallel()
	_, b := startSandbox(t)
	events := []buyer.Event{
		{EventID: "1", EventType: buyer.EventTypeLead, EventTime: noon},
		{EventID: "2", EventType: "dance", UserMatch: buyer.UserMatch{HashedEmail: "ann@shop.example"}},
		{EventID: "\xff", EventType: buyer.EventTypeLead, EventTime: noon},
	}
	require.NoError(t, events[0].Validate())
	assert.Equal(t, []string{"event_type", "event_time", "user_match.hashed_email"}, problems(t, events[1].Validate()))
	assert.NotContains(t, events[1].Validate().Error(), "ann@")
	assert.Equal(t, []string{"event"}, problems(t, events[2].Validate()))
	_, err := b.EventSources.LogEvents(t.Context(), advertiser, buyer.EventLog{EventSourceID: "src_1001", Events: events})
	assert.Equal(t, []string{
		"events[1].event_type", "events[1].event_time", "events[1].user_match.hashed_email",
		"events[2]",
	}, problems(t, err))

	all := rows(2)
	require.NoError(t, all[0].Validate())
	all[1].Currency = "euro"
	assert.Equal(t, []string{"currency"}, problems(t, all[1].Validate()))
	all[1].Currency, all[1].MetricValue = "", math.NaN()
	assert.Equal(t, []string{"measurement"}, problems(t, all[1].Validate()))
	_, err = b.Measurements.Sync(t.Context(), advertiser, all)
	assert.Equal(t, []string{"measurements[1]"}, problems(t, err))
}

func TestSyncAudiences(t *testing.T) {
	t.Parallel()
	srv, b := startSandbox(t, sandbox.WithTasks(sandbox.TaskPlan{}))
	started, err := b.Audiences.Sync(t.Context(), advertiser, buyer.AudienceSync{Audiences: []buyer.AudienceChange{{
		AudienceID: "vip", Add: []buyer.AudienceMember{{ExternalID: "u1", HashedEmail: strings.Repeat("a", 64)}},
		ConsentBasis: buyer.BasisConsent,
	}}})
	require.NoError(t, err)
	assert.True(t, started.Success)
	task, err := b.Tasks.WaitForTask(t.Context(), started.TaskID)
	require.NoError(t, err)
	assert.Equal(t, buyer.TaskStatusCompleted, task.Status)
	assert.JSONEq(t, `{"success":true}`, string(task.Response))

	// A sync is not repeated by itself.
	srv.Inject(sandbox.Fault{Method: http.MethodPost, Kind: sandbox.FaultResetAfter, Times: 1})
	_, err = b.Audiences.Sync(t.Context(), advertiser,
		buyer.AudienceSync{Audiences: []buyer.AudienceChange{{AudienceID: "vip", Delete: true}}})
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Equal(t, 2, srv.Effects("POST /api/v2/buyer/advertisers/{accountId}/audiences/sync"))
}

func TestAudienceBodyAndChecks(t *testing.T) {
	t.Parallel()
	var body string
	b := answering(t, func(r *http.Request) (int, string) {
		body = bodyOf(t, r)
		return 202, `{"data":{"success":true,"accountId":1,"operationId":"o","taskId":"t"}}`
	})
	started, err := b.Audiences.Sync(t.Context(), "1", buyer.AudienceSync{
		DeleteMissing: true,
		Audiences: []buyer.AudienceChange{{
			AudienceID: "vip", Name: "VIP", Remove: []buyer.AudienceMember{{
				ExternalID: "u1",
				UIDs:       []buyer.UID{{Type: "rampid", Value: "x"}},
			}},
		}},
	})
	require.NoError(t, err)
	assert.Equal(t, &buyer.AudienceSyncStarted{Success: true, AccountID: "1", OperationID: "o", TaskID: "t"}, started)
	assert.Equal(t,
		`{"audiences":[{"audienceId":"vip","name":"VIP","remove":[{"externalId":"u1","uids":`+
			`[{"type":"rampid","value":"x"}]}]}],"deleteMissing":true}`, body)

	unnamed := answering(t, func(*http.Request) (int, string) { return 202, `{"data":{"success":true,"taskId":null}}` })
	_, err = unnamed.Audiences.Sync(t.Context(), "1",
		buyer.AudienceSync{Audiences: []buyer.AudienceChange{{AudienceID: "vip"}}})
	var unread *client.DecodeError
	require.ErrorAs(t, err, &unread, "nothing to wait for")
	assert.True(t, unread.WriteSucceeded)

	_, err = b.Audiences.Sync(t.Context(), "1", buyer.AudienceSync{})
	assert.Equal(t, []string{"audiences"}, problems(t, err))
	_, err = b.Audiences.Sync(t.Context(), "1", buyer.AudienceSync{Audiences: []buyer.AudienceChange{
		{AudienceID: "a", Add: make([]buyer.AudienceMember, 100_001)},
		{ConsentBasis: "vibes"},
	}})
	assert.ElementsMatch(t, []string{"audiences[1].audienceId", "audiences[1].consentBasis", "audiences[0].add"},
		problems(t, err))
	_, err = b.Audiences.Sync(t.Context(), "1", buyer.AudienceSync{Audiences: []buyer.AudienceChange{{
		AudienceID: "a",
		Add:        []buyer.AudienceMember{{ExternalID: "u1", HashedPhone: hash}, {HashedEmail: "ann@shop.example"}},
		Remove: []buyer.AudienceMember{{
			ExternalID: "u2", HashedPhone: "+491701234567",
			UIDs: []buyer.UID{{Type: "uid2"}},
		}},
	}, {AudienceID: "b", Name: "\xff"}}})
	assert.Equal(t, []string{
		"audiences[0].add[1].externalId", "audiences[0].add[1].hashedEmail", "audiences[0].remove[0].hashedPhone",
		"audiences[0].remove[0].uids[0].value", "audiences[1]",
	}, problems(t, err))
	assert.NotContains(t, err.Error(), "ann@")
	assert.NotContains(t, err.Error(), "1234567")
	_, err = b.Audiences.Sync(t.Context(), "1", buyer.AudienceSync{Audiences: []buyer.AudienceChange{{
		AudienceID: "a", Add: make([]buyer.AudienceMember, 1000),
	}}})
	assert.Len(t, problems(t, err), 100)
}
