package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const reportPath = buyerPath + "/reporting/metrics"

func TestReportIsNotCut(t *testing.T) {
	t.Parallel()
	for _, n := range []int{50, 51, 1500} {
		srv, admin := startSandbox(t, sandbox.WithRecords(n))
		summary := admin.get(reportPath + "?demo=false&days=1").data()
		campaigns := 0
		for _, advertiser := range summary["advertisers"].([]any) {
			campaigns += len(advertiser.(map[string]any)["campaigns"].([]any))
		}
		require.Equal(t, n, campaigns)
		rows := admin.get(reportPath + "?demo=false&days=2&view=timeseries").data()["timeseries"].([]any)
		require.Len(t, rows, 2*n)
		require.EqualValues(t, 2*n, admin.get(reportPath + "?demo=false&days=2&download=true").data()["rowCount"])
		require.Empty(t, srv.Violations())
	}
}

func TestReportParametersAreValidated(t *testing.T) {
	t.Parallel()
	_, admin := startSandbox(t)
	for query, want := range map[string][]string{
		"demo=maybe&days=1":               {"demo"},
		"demo=&days=1":                    {"demo"},
		"demo=1&days=1":                   {"demo"},
		"demo=true&demo=false&days=1":     {"demo"},
		"demo=false&days=-1":              {"days"},
		"demo=false&days=91":              {"days"},
		"demo=false&days=":                {"days"},
		"demo=false&days=1&view=tree":     {"view"},
		"demo=false&days=1&download=yes":  {"download"},
		"demo=false&days=1&startDate=may": {"startDate"},
	} {
		require.Equal(t, want, admin.get(reportPath+"?"+query).issues(), query)
	}
	for _, query := range []string{"demo=false&days=0", "demo=true&days=0", "demo=false&days=90", "days=7"} {
		require.NotEmpty(t, admin.get(reportPath + "?" + query).data()["totals"], query)
	}
}

func TestCampaignParametersAreResponsesed(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	for query, want := range map[string]string{
		"":                                     "[mb_1001] false",
		"?mediaBuyId=mb_1001":                  "[mb_1001] false",
		"?mediaBuyId=mb_1&mediaBuyId=mb_2":     "[] false",
		"?mediaBuyId=mb_1,mb_1001":             "[mb_1001] false",
		"?fields=geo_metro_names":              "[mb_1001] true",
		"?fields=x&fields=geo_metro_names":     "[mb_1001] true",
		"?fields=x,geo_metro_names":            "[mb_1001] true",
		"?fields=x":                            "[mb_1001] false",
		"?mediaBuyId=7&fields=geo_metro_names": "[] true",
	} {
		campaign := admin.get(buyerPath + "/campaigns/cmp_1001" + query).data()["campaign"].(map[string]any)
		ids := []any{}
		for _, buy := range campaign["mediaBuys"].([]any) {
			ids = append(ids, buy.(map[string]any)["mediaBuyId"])
		}
		_, named := campaign["constraints"].(map[string]any)["geo_metro_names"]
		require.Equal(t, want, fmt.Sprint(ids, " ", named), query)
		require.Len(t, campaign["mediaBuyRefs"], 1, query)
	}
	require.Empty(t, srv.Violations())
}

func TestPushNotificationConfigIsValidated(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	path := buyerPath + "/advertisers/1001/audiences/sync"
	body := func(push string) string {
		return `{"audiences":[{"audienceId":"a"}],"pushNotificationConfig":` + push + `}`
	}
	const (
		field = "pushNotificationConfig."
		at    = `{"url":"https://a.example"`
	)
	secret := strings.Repeat("s", 32)
	for push, want := range map[string][]string{
		`{}`:                          {field + "url"},
		`{"url":1}`:                   {field + "url"},
		at + `,"operation_id":"a b"}`: {field + "operation_id"},
		at + `,"token":"short"}`:      {field + "token"},
		at +
			`,"authentication":{"schemes":["Bearer"]}}`: {field + "authentication.credentials"},
		at + `,"authentication":{"schemes":["Basic"],"credentials":"` + secret + `"}}`: {field + "authentication.schemes.0"},
	} {
		require.Equal(t, want, admin.call(http.MethodPost, path, body(push)).issues(), push)
	}
	full := at + `,"operation_id":"a:1","token":"0123456789abcdef",` +
		`"authentication":{"schemes":["Bearer","HMAC-SHA256"],"credentials":"` + secret + `"},"later":1}`
	require.NotEmpty(t, admin.call(http.MethodPost, path, body(full)).data()["taskId"])
	for _, r := range srv.Requests() {
		require.NotContains(t, r.Body, secret)
		require.NotContains(t, r.Body, "0123456789abcdef")
	}
}

func TestClosedSetsAreValidated(t *testing.T) {
	t.Parallel()
	_, admin := startSandbox(t)
	for path, want := range map[string]string{
		buyerPath + "/advertisers/1001/creatives?role=hero":      "role",
		buyerPath + "/advertisers/1001/creatives?source=found":   "source",
		buyerPath + "/advertisers/1001/creatives?asset_type=GIF": "asset_type",
		buyerPath + "/audit-logs?actorOrigin=robot":              "actorOrigin",
		buyerPath + "/audit-logs?outcome=succeeded_twice":        "outcome",
		"/api/v2/activity/calls?environment=staging":             "environment",
		"/api/v2/activity/calls?outcome=fine":                    "outcome",
		"/api/v2/activity/calls?surface=soap":                    "surface",
		buyerPath + "/storefronts?visibility=secret":             "visibility",
	} {
		require.Equal(t, []string{want}, admin.get(path).issues(), path)
	}
}

func TestActivityDetailHasEverything(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	got := admin.get("/api/v2/activity/calls/00000000-0000-4000-8000-000000001001").data()
	for _, member := range []string{
		"call", "timing", "steps", "redactedInput", "redactedOutput", "safeHeaders", "detailExpiresAt", "governanceDecisions",
		"administrativeReview",
	} {
		require.Contains(t, got, member)
	}
	require.Len(t, got["steps"], 2)
	require.Empty(t, srv.Violations())
	admin.get("/api/v2/activity/calls/00000000-0000-4000-8000-000000009999").refused(http.StatusNotFound, "NOT_FOUND")
}
