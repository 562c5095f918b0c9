package buyer_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

var may = buyer.MetricsParams{StartDate: "2026-05-01", EndDate: "2026-05-03"}

func TestReportShapes(t *testing.T) {
	t.Parallel()
	_, b := start(t, sandbox.WithRecords(30))
	ctx := t.Context()

	summary, err := b.Reporting.Summary(ctx, may)
	require.NoError(t, err)
	assert.Len(t, summary.Advertisers, 10)
	assert.Equal(t, "2026-05-01", summary.PeriodStart)
	assert.Zero(t, summary.Consolidated)
	one := summary.Advertisers[0].Campaigns[0]
	assert.Equal(t, campaign, one.CampaignID)
	assert.Equal(t, int64(3000), one.Metrics.Impressions)
	assert.Equal(t, 7.5, one.Metrics.Spend)
	assert.Zero(t, one.Metrics.CPC, "null reads as 0")
	assert.NotZero(t, summary.Advertisers[1].Campaigns[0].Metrics.CPC)

	series, err := b.Reporting.Timeseries(ctx, may)
	require.NoError(t, err)
	assert.Len(t, series.Timeseries, 90)
	var impressions int64
	for _, row := range series.Timeseries {
		impressions += row.Metrics.Impressions
	}
	assert.Equal(t, summary.Totals.Impressions, impressions)
	assert.Equal(t, summary.Totals, series.Totals)

	narrowed := may
	narrowed.AdvertiserID, narrowed.DisplayCurrency = "1002", "EUR"
	summary, err = b.Reporting.Summary(ctx, narrowed)
	require.NoError(t, err)
	require.Len(t, summary.Advertisers, 1)
	assert.Len(t, summary.Advertisers[0].Campaigns, 3)
	assert.Zero(t, summary.Consolidated.ByAdvertiser[0].Spend)
	assert.NotZero(t, summary.Consolidated.Totals.Impressions)
}

func TestReportRange(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		p    buyer.MetricsParams
		want url.Values
	}{
		"none":     {buyer.MetricsParams{}, url.Values{"demo": {"false"}, "view": {"summary"}, "days": {"7"}}},
		"days":     {buyer.MetricsParams{Days: client.Set(90)}, url.Values{"demo": {"false"}, "view": {"summary"}, "days": {"90"}}},
		"all time": {buyer.MetricsParams{Days: client.Set(0)}, url.Values{"demo": {"false"}, "view": {"summary"}, "days": {"0"}}},
		"demo":     {buyer.MetricsParams{Demo: true}, url.Values{"demo": {"true"}, "view": {"summary"}, "days": {"7"}}},
		"dates":    {may, url.Values{"demo": {"false"}, "view": {"summary"}, "startDate": {"2026-05-01"}, "endDate": {"2026-05-03"}}},
	} {
		var sent url.Values
		b := answering(t, func(r *http.Request) (int, string) {
			sent = r.URL.Query()
			return 200, `{"data":{"advertisers":[],"totals":{},"totalsCurrency":null}}`
		})
		_, err := b.Reporting.Summary(t.Context(), c.p)
		require.NoError(t, err, name)
		assert.Equal(t, c.want, sent, name)
	}
	b := answering(t, func(*http.Request) (int, string) {
		t.Error("something was sent")
		return 500, ""
	})
	for name, c := range map[string]struct {
		p    buyer.MetricsParams
		want []string
	}{
		"too long":      {buyer.MetricsParams{Days: client.Set(91)}, []string{"days"}},
		"currency":      {buyer.MetricsParams{DisplayCurrency: "EURO"}, []string{"displayCurrency"}},
		"negative":      {buyer.MetricsParams{Days: client.Set(-1)}, []string{"days"}},
		"null":          {buyer.MetricsParams{Days: client.Null[int]()}, []string{"days"}},
		"both":          {buyer.MetricsParams{Days: client.Set(7), StartDate: "2026-05-01", EndDate: "2026-05-01"}, []string{"days"}},
		"no end":        {buyer.MetricsParams{StartDate: "2026-05-01"}, []string{"endDate"}},
		"no start":      {buyer.MetricsParams{EndDate: "2026-05-01"}, []string{"startDate"}},
		"backwards":     {buyer.MetricsParams{StartDate: "2026-05-02", EndDate: "2026-05-01"}, []string{"endDate"}},
		"no such day":   {buyer.MetricsParams{StartDate: "2026-02-30", EndDate: "2026-03-01"}, []string{"startDate"}},
		"another order": {buyer.MetricsParams{StartDate: "01/05/2026", EndDate: "2026-05-03"}, []string{"startDate"}},
	} {
		for _, ask := range []func() error{
			func() error { return second(b.Reporting.Summary(t.Context(), c.p)) },
			func() error { return second(b.Reporting.Timeseries(t.Context(), c.p)) },
			func() error { return second(b.Reporting.Export(t.Context(), c.p)) },
		} {
			assert.Equal(t, c.want, problems(t, ask()), name)
		}
	}
}

func TestAReportOfAnotherShapeIsNoReport(t *testing.T) {
	t.Parallel()
	ask := map[string]func(*buyer.Service) error{
		"summary":    func(b *buyer.Service) error { return second(b.Reporting.Summary(t.Context(), may)) },
		"timeseries": func(b *buyer.Service) error { return second(b.Reporting.Timeseries(t.Context(), may)) },
		"export":     func(b *buyer.Service) error { return second(b.Reporting.Export(t.Context(), may)) },
	}
	for answer, body := range map[string]string{
		"summary":    `{"data":{"advertisers":[],"totals":null,"totalsCurrency":null,"consolidated":null}}`,
		"timeseries": `{"data":{"timeseries":[],"totals":{"spend":null}}}`,
		"export":     `{"data":{"downloadUrl":"https://files.example/x","expiresAt":null,"rowCount":0}}`,
		"nothing":    `{"data":{}}`,
	} {
		b := answering(t, func(*http.Request) (int, string) { return 200, body })
		for shape, ask := range ask {
			err := ask(b)
			if shape == answer {
				assert.NoError(t, err, shape)
				continue
			}
			var unread *client.DecodeError
			assert.ErrorAs(t, err, &unread, "%s for %s", answer, shape)
		}
	}
}
