package buyer_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
)

const detailOfCall = `{"data":{
	"call":{"activityUid":"u-1","operation":"create_campaign","completionState":"complete",
		"outcome":"denied","surface":"a2a",
		"environment":"sandbox","decisionDisposition":"not_evaluated","platformSafetyResult":"not_applicable",
		"governanceSummary":{"verdict":"x"},"credentialScope":"SEAT","routeTemplate":"/api/v2/buyer/campaigns",
		"operationDispatches":{"totalCount":9,"truncated":true,"items":[{"sequence":0,"accountKind":"storefront",
			"operation":"create_media_buy","startedAt":"2026-05-01T10:00:00Z","completedAt":null,
			"completionState":"started","outcome":null}]}},
	"timing":{"totalMs":31,"scope3ProcessingMs":30,"queueMs":0,"downstreamWaitMs":null},
	"steps":[
		{"seq":0,"at":"2026-05-01T10:00:00Z","kind":"validation","status":"ok","name":"validate"},
		{"seq":1,"at":"2026-05-01T10:00:01Z","kind":"teleport","status":"error","name":"respond","detail":[1,{"a":null}]}],
	"redactedInput":{"name":"[redacted]","budget":{"total":1}},
	"redactedOutput":{},
	"safeHeaders":{"user-agent":"etl"},
	"detailExpiresAt":"2026-06-01T00:00:00Z",
	"governanceDecisions":[{"rule":"r"},"text",null],
	"administrativeReview":null}}`

func TestActivityGetReturnsEverything(t *testing.T) {
	t.Parallel()
	b := answering(t, func(*http.Request) (int, string) { return 200, detailOfCall })
	got, err := b.ActivityCalls.Get(t.Context(), "u-1")
	require.NoError(t, err)
	ten := time.Date(2026, time.May, 1, 10, 0, 0, 0, time.UTC)

	assert.Equal(t, buyer.ActivityOutcomeDenied, got.Outcome)
	assert.Equal(t, buyer.ActivitySurfaceA2A, got.Surface)
	assert.Equal(t, buyer.ActivityEnvironmentSandbox, got.Environment)
	assert.Equal(t, buyer.ActivitySafetyNotApplicable, got.PlatformSafetyResult)
	assert.JSONEq(t, `{"verdict":"x"}`, string(got.GovernanceSummary))
	assert.Equal(t, "SEAT", got.CredentialScope)
	assert.Equal(t, "/api/v2/buyer/campaigns", got.RouteTemplate)
	assert.Equal(t, buyer.ActivityDispatches{TotalCount: 9, Truncated: true, Items: []buyer.ActivityDispatch{{
		AccountKind: buyer.DispatchAccountStorefront, Operation: "create_media_buy", StartedAt: ten,
		CompletionState: buyer.ActivityCompletionStarted,
	}}}, got.OperationDispatches)

	assert.Equal(t, client.Set(int64(31)), got.Timing.TotalMs)
	assert.Equal(t, client.Set(int64(0)), got.Timing.QueueMs, "0 was measured")
	assert.True(t, got.Timing.DownstreamWaitMs.IsNull(), "null was not")
	require.Len(t, got.Steps, 2)
	assert.Equal(t, buyer.ActivityStep{
		At: ten, Kind: buyer.ActivityStepKindValidation,
		Status: buyer.ActivityStepStatusOK, Name: "validate",
	}, got.Steps[0])
	assert.Equal(t, buyer.ActivityStepKind("teleport"), got.Steps[1].Kind, "the set is open")
	assert.JSONEq(t, `[1,{"a":null}]`, string(got.Steps[1].Detail))
	assert.JSONEq(t, `{"total":1}`, string(got.RedactedInput["budget"]))
	assert.NotNil(t, got.RedactedOutput)
	assert.Equal(t, map[string]string{"user-agent": "etl"}, got.SafeHeaders)
	assert.Equal(t, time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC), got.DetailExpiresAt)
	require.Len(t, got.GovernanceDecisions, 3)
	assert.JSONEq(t, `{"rule":"r"}`, string(got.GovernanceDecisions[0]))
}

func TestActivityGetAcceptsMissingDetails(t *testing.T) {
	t.Parallel()
	for name, rest := range map[string]string{
		"absent": ``,
		"null": `,"timing":null,"steps":null,"redactedInput":null,"redactedOutput":null,` +
			`"safeHeaders":null,"detailExpiresAt":null,"governanceDecisions":null,"administrativeReview":null`,
		"empty": `,"timing":{},"steps":[],"redactedInput":{},"redactedOutput":{},"safeHeaders":{},"governanceDecisions":[]`,
	} {
		b := answering(t, func(*http.Request) (int, string) {
			return 200, `{"data":{"call":{"activityUid":"u-1","outcome":"exploded","operationDispatches":null}` + rest + `}}`
		})
		got, err := b.ActivityCalls.Get(t.Context(), "u-1")
		require.NoError(t, err, name)
		assert.Equal(t, client.ID("u-1"), got.ActivityUID, name)
		assert.Equal(t, buyer.ActivityOutcome("exploded"), got.Outcome, name)
		assert.Empty(t, got.Steps, name)
		assert.Zero(t, got.DetailExpiresAt, name)
	}
	b := answering(t, func(*http.Request) (int, string) { return 200, `{"data":{"timing":{},"steps":[]}}` })
	_, err := b.ActivityCalls.Get(t.Context(), "u-1")
	var unread *client.DecodeError
	require.ErrorAs(t, err, &unread, "a response without the call")
}

func TestActivityDetailsOfTheSandbox(t *testing.T) {
	t.Parallel()
	_, b := startSandbox(t)
	kept, err := b.ActivityCalls.Get(t.Context(), "00000000-0000-4000-8000-000000001001")
	require.NoError(t, err)
	assert.Equal(t, buyer.DetailAvailabilityAvailable, kept.DetailAvailability)
	assert.Len(t, kept.Steps, 2)
	assert.Equal(t, kept.DurationMs, kept.Timing.TotalMs.Value())
	assert.NotEmpty(t, kept.RedactedInput)
	expired, err := b.ActivityCalls.Get(t.Context(), "00000000-0000-4000-8000-000000001004")
	require.NoError(t, err)
	assert.Equal(t, buyer.DetailAvailabilityExpired, expired.DetailAvailability)
	assert.Empty(t, expired.Steps)
	assert.Nil(t, expired.RedactedInput)
}
