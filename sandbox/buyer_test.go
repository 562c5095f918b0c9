package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const buyerPath = "/api/v2/buyer"

// buyerLists are the lists of the buyer, the member that holds the items, and how they are paged.
var buyerLists = []struct{ path, items, size, place string }{
	{buyerPath + "/advertisers", "items", "limit", "offset"},
	{buyerPath + "/campaigns", "campaigns", "take", "skip"},
	{buyerPath + "/advertisers/1001/creatives", "manifests", "take", "skip"},
	{buyerPath + "/campaigns/cmp_1001/creatives", "manifests", "take", "skip"},
	{buyerPath + "/advertisers/1001/audiences", "audiences", "take", "skip"},
	{buyerPath + "/advertisers/1001/event-sources", "eventSources", "take", "skip"},
	{buyerPath + "/advertisers/1001/catalogs", "catalogs", "take", "skip"},
	{buyerPath + "/advertisers/1001/property-lists", "propertyLists", "take", "skip"},
	{buyerPath + "/audit-logs", "logs", "take", "skip"},
	{"/api/v2/activity/calls", "items", "limit", "cursor"},
	{buyerPath + "/storefronts", "items", "limit", "offset"},
	{"/api/v2/notifications", "notifications", "limit", "offset"},
}

func (a response) items(member string) []any {
	a.t.Helper()
	require.Equal(a.t, http.StatusOK, a.status, a.text)
	items, ok := a.data()[member].([]any)
	require.True(a.t, ok, a.text)
	return items
}

// The pages of a list hold each record once, in the same order however large they are.
func TestBuyerListsArePaged(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]sandbox.Option{{}, {sandbox.WithNumericIDs()}} {
		srv, admin := startSandbox(t, append(opts, sandbox.WithRecords(23))...)
		for _, list := range buyerLists {
			whole := admin.get(list.path + "?" + list.size + "=100").items(list.items)
			require.Len(t, whole, 23, list.path)
			var parts []any
			for at, pages := "", 0; pages < 10; pages++ {
				path := list.path + "?" + list.size + "=7"
				if at != "" {
					path += "&" + list.place + "=" + at
				}
				page := admin.get(path)
				parts = append(parts, page.items(list.items)...)
				if list.place != "cursor" {
					at = fmt.Sprint(len(parts))
				} else if next, ok := page.data()["nextCursor"].(string); ok {
					at = next
				} else {
					break
				}
			}
			require.Equal(t, whole, parts, list.path)
		}
		require.Empty(t, srv.Violations())
	}
}

// The length of each list can be chosen, and what is in one of them refers to what is in another.
func TestBuyerListsOfChosenLengths(t *testing.T) {
	t.Parallel()
	opts := []sandbox.Option{
		sandbox.WithRecordsOf("advertisers", 3), sandbox.WithRecords(5),
		sandbox.WithRecordsOf("campaigns", 40),
	}
	lengths := map[string]int{"advertisers": 3, "campaigns": 40}
	for i, list := range buyerLists {
		name := list.path[strings.LastIndex(list.path, "/")+1:]
		if lengths[name] == 0 {
			lengths[name] = 10 + i
			opts = append(opts, sandbox.WithRecordsOf(name, 10+i))
		}
	}
	require.Len(t, lengths, 11)
	srv, admin := startSandbox(t, opts...)
	for _, list := range buyerLists {
		name := list.path[strings.LastIndex(list.path, "/")+1:]
		require.Len(t, admin.get(list.path+"?"+list.size+"=100").items(list.items), lengths[name], list.path)
	}
	var sum int
	for i, want := range []int{14, 13, 13, 0} {
		id := strconv.Itoa(1001 + i)
		owned := admin.get(buyerPath + "/campaigns?take=100&advertiserId=" + id).items("campaigns")
		require.Len(t, owned, want)
		for _, one := range owned {
			require.Equal(t, id, one.(map[string]any)["advertiserId"])
		}
		sum += len(owned)
	}
	require.Equal(t, 40, sum)
	require.Equal(t, http.StatusOK, admin.get(buyerPath+"/media-buys/mb_1040").status)
	require.Equal(t, http.StatusNotFound, admin.get(buyerPath+"/media-buys/mb_1041").status)
	report := admin.get(buyerPath + "/reporting/metrics?days=1").data()
	require.Len(t, report["advertisers"], 3)
	require.Empty(t, srv.Violations())
}

func TestBuyerListsOfNothing(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithRecords(0))
	for _, list := range buyerLists {
		if strings.Contains(list.path, "1001") {
			admin.get(list.path).refused(http.StatusNotFound, "NOT_FOUND")
			continue
		}
		require.Empty(t, admin.get(list.path).items(list.items), list.path)
	}
	require.Empty(t, srv.Violations())
}

// What a long list has beyond the records that are always checked matches the contract too.
func TestLongListsMatchTheContract(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithRecords(1_000_000))
	for _, list := range buyerLists {
		place := "999950" // the last page is checked
		if list.place == "cursor" {
			place = "after_" + place
		}
		require.Len(t, admin.get(list.path+"?"+list.size+"=100&"+list.place+"="+place).items(list.items), 50, list.path)
	}
	require.Empty(t, srv.Violations())
}

func TestBuyerFilters(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithRecords(60))
	for path, want := range map[string]int{
		"/campaigns?advertiserId=1003":                              6,
		"/campaigns?advertiserId=1011":                              0,
		"/campaigns?advertiserId=7":                                 0,
		"/campaigns?status=ACTIVE":                                  50,
		"/campaigns?status=DRAFT&status=ACTIVE":                     50,
		"/campaigns?status=DRAFT,PAUSED":                            0,
		"/campaigns?status=ALL":                                     50,
		"/campaigns?name=Campaign":                                  50,
		"/campaigns?name=Campaign+1060":                             1,
		"/campaigns?name=Campaign+1061":                             0,
		"/audit-logs?startDate=2026-01-01T00:50:00Z":                10,
		"/audit-logs?endDate=2026-01-01T00:09:30Z":                  10,
		"/audit-logs?startDate=2026-01-02":                          0,
		"/audit-logs?resourceTypes=CAMPAIGN,PACKAGE&outcome=failed": 0,
	} {
		member := "campaigns"
		if strings.HasPrefix(path, "/audit") {
			member = "logs"
		}
		require.Len(t, admin.get(buyerPath+path).items(member), want, path)
	}
	require.Empty(t, srv.Violations())
	require.Equal(t, []string{"status.0"}, admin.get(buyerPath+"/campaigns?status=GONE").issues())
	require.Equal(t, []string{"take"}, admin.get(buyerPath+"/campaigns?take=251").issues())
	for _, unread := range []string{"yesterday", "2026-02-30", "01/02/2026", "2026-01-01T00:00:00"} {
		require.Equal(t, []string{"startDate"}, admin.get(buyerPath+"/audit-logs?startDate="+unread).issues(), unread)
	}
	require.Equal(t, []string{"endDate"}, admin.get(buyerPath+"/audit-logs?startDate=2026-01-01&endDate=soon").issues())
}

func TestBuyerAliases(t *testing.T) {
	t.Parallel()
	_, admin := startSandbox(t)
	for _, path := range []string{"/buyer/campaigns", "/activity/calls", "/notifications"} {
		require.Equal(t, "/api/v2"+path, admin.call(http.MethodGet, "/api"+path, "").header.Get("Location"))
	}
}

func TestLoggedEvents(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	path := buyerPath + "/advertisers/1001/log-event"
	body := `{"event_source_id":"src_1001","events":[` +
		`{"event_id":"a","event_type":"lead","event_time":"2026-05-04T12:00:00Z"},` +
		`{"event_id":"b","event_type":"purchase","event_time":"2026-05-04T12:00:00Z","custom_data":{"value":1}},` +
		`{"event_id":"c","event_type":"custom","event_time":"2026-05-04T12:00:00Z"}]}`
	for range 2 {
		data := admin.call(http.MethodPost, path, body).data()
		require.EqualValues(t, 3, data["events_received"])
		require.EqualValues(t, 1, data["events_processed"])
		require.Len(t, data["partial_failures"], 2)
	}
	require.Equal(t, 1, srv.LoggedEvents())
	admin.call(http.MethodPost, buyerPath+"/advertisers/7/log-event", body).refused(http.StatusNotFound, "NOT_FOUND")
	admin.call(http.MethodPost, path, strings.Replace(body, "src_1001", "x", 1)).refused(http.StatusNotFound, "NOT_FOUND")
	require.Empty(t, srv.Violations())
	require.Equal(t, []string{"events.0.event_type"},
		admin.call(http.MethodPost, path, strings.Replace(body, "lead", "dance", 1)).issues())
	reader := admin.granted(sandbox.Grant{SeatID: "seat_101", Role: sandbox.RoleRead})
	reader.call(http.MethodPost, path, body).refused(http.StatusForbidden, "FORBIDDEN")
}

func TestReportNeedsARange(t *testing.T) {
	t.Parallel()
	_, admin := startSandbox(t)
	path := buyerPath + "/reporting/metrics"
	require.Equal(t, []string{"days"}, admin.get(path).issues())
	require.Equal(t, []string{"startDate"}, admin.get(path+"?startDate=2026-05-01").issues())
	require.Equal(t, []string{"endDate"}, admin.get(path+"?startDate=2026-05-02&endDate=2026-05-01").issues())
	require.Equal(t, []string{"endDate"}, admin.get(path+"?startDate=0001-05-02&endDate=2026-05-01").issues())
	require.Equal(t, "2026-01-01", admin.get(path + "?days=0").data()["periodStart"], "all time")
}

// Files lie with somebody else, who must not see a credential.
func TestDownloads(t *testing.T) {
	t.Parallel()
	clock := newClock()
	srv, admin := startSandbox(t, sandbox.WithClock(clock.Now))
	link := admin.get(buyerPath + "/reporting/metrics?days=3&download=true").data()
	path := strings.TrimPrefix(link["downloadUrl"].(string), srv.URL())
	require.NotEqual(t, link["downloadUrl"], path)
	stranger := admin.as("")

	file := stranger.get(path)
	require.Equal(t, http.StatusOK, file.status)
	require.Equal(t, "text/csv", file.header.Get("Content-Type"))
	require.EqualValues(t, link["rowCount"], strings.Count(file.text, "\n")-1)
	require.Empty(t, srv.Violations())
	for _, r := range srv.Requests() {
		require.NotContains(t, r.Query, "X-Signature", "the record has no secrets")
	}

	require.Equal(t, http.StatusForbidden, stranger.get("/downloads/report.csv").status)
	require.Equal(t, http.StatusForbidden, stranger.call(http.MethodPut, path, `{}`).status)
	require.Empty(t, srv.Violations())
	require.Equal(t, http.StatusForbidden, admin.get(path).status)
	require.Equal(t, []string{"GET /downloads/report.csv: download: Authorization: was sent to another host"},
		srv.Violations())
	clock.advance(8 * 24 * time.Hour)
	require.Equal(t, http.StatusForbidden, stranger.get(path).status)
}

func TestBuyerOptions(t *testing.T) {
	t.Parallel()
	for _, wrong := range []sandbox.Option{
		sandbox.WithRecords(-1), sandbox.WithRecords(1 << 40), sandbox.WithRecordsOf("campaigns", -1),
		sandbox.WithRecordsOf("campaign", 1),
		sandbox.WithTasks(sandbox.TaskPlan{Polls: -1}), sandbox.WithTasks(sandbox.TaskPlan{End: "someday"}),
	} {
		_, err := sandbox.Start(wrong)
		require.Error(t, err)
	}
}

// BenchmarkLongList reads a list of 100,000 campaigns, in pages of 250.
func BenchmarkLongList(b *testing.B) {
	srv, admin := startSandbox(b, sandbox.WithRecords(100_000))
	for b.Loop() {
		for skip := 0; skip < 100_000; skip += 250 {
			resp, err := srv.HTTPClient().Do(admin.request(http.MethodGet,
				fmt.Sprintf("%s/campaigns?take=250&skip=%d", buyerPath, skip), ""))
			require.NoError(b, err)
			_, err = io.Copy(io.Discard, resp.Body)
			require.NoError(b, err)
			require.NoError(b, resp.Body.Close())
		}
	}
	b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// The gateway tool of MCP reaches the buyer's operations too.
func TestBuyerOverMCP(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	p := admin.connect(generations[0])
	got := p.object("api_call", `{"operation":"list_campaigns","params":{"status":"DRAFT,ACTIVE","take":"2"}}`)
	require.Len(t, got["data"].(map[string]any)["campaigns"], 2)
	got = p.object("api_call", `{"operation":"get_campaign","pathParams":{"campaignId":"cmp_1002"}}`)
	require.Equal(t, "cmp_1002", got["data"].(map[string]any)["campaign"].(map[string]any)["campaignId"])
	require.Empty(t, srv.Violations())
}
