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
	_, b := startSandbox(t, sandbox.WithRecords(30))
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
		"none": {buyer.MetricsParams{}, url.Values{"demo": {"false"}, "view": {"summary"}, "days": {"7"}}},
		"days": {buyer.MetricsParams{Days: client.Set(90)}, url.Values{
			"demo": {"false"}, "view": {"summary"},
			"days": {"90"},
		}},
		"all time": {buyer.MetricsParams{Days: client.Set(0)}, url.Values{
			"demo": {"false"}, "view": {"summary"},
			"days": {"0"},
		}},
		"demo": {buyer.MetricsParams{Demo: true}, url.Values{"demo": {"true"}, "view": {"summary"}, "days": {"7"}}},
		"dates": {may, url.Values{
			"demo": {"false"}, "view": {"summary"}, "startDate": {"2026-05-01"},
			"endDate": {"2026-05-03"},
		}},
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
		"too long": {buyer.MetricsParams{Days: client.Set(91)}, []string{"days"}},
		"currency": {buyer.MetricsParams{DisplayCurrency: "EURO"}, []string{"displayCurrency"}},
		"negative": {buyer.MetricsParams{Days: client.Set(-1)}, []string{"days"}},
		"null":     {buyer.MetricsParams{Days: client.Null[int]()}, []string{"days"}},
		"both": {
			buyer.MetricsParams{Days: client.Set(7), StartDate: "2026-05-01", EndDate: "2026-05-01"},
			[]string{"days"},
		},
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

func TestReportsHaveAllCampaigns(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 50, 51, 1200} {
		_, b := startSandbox(t, sandbox.WithRecords(n))
		summary, err := b.Reporting.Summary(t.Context(), may)
		require.NoError(t, err)
		var campaigns int
		var impressions int64
		var spend float64
		for _, advertiser := range summary.Advertisers {
			campaigns += len(advertiser.Campaigns)
			var own int64
			for _, c := range advertiser.Campaigns {
				own += c.Metrics.Impressions
				spend += c.Metrics.Spend
			}
			assert.Equal(t, own, advertiser.Metrics.Impressions)
			impressions += own
		}
		assert.Equal(t, n, campaigns)
		assert.Equal(t, impressions, summary.Totals.Impressions)
		assert.InDelta(t, spend, summary.Totals.Spend, 1e-6)

		series, err := b.Reporting.Timeseries(t.Context(), may)
		require.NoError(t, err)
		assert.Len(t, series.Timeseries, 3*n)
		assert.Equal(t, summary.Totals, series.Totals)
		export, err := b.Reporting.Export(t.Context(), may)
		require.NoError(t, err)
		assert.EqualValues(t, 3*n, export.RowCount)
	}
}

func TestReportRowsAreTyped(t *testing.T) {
	t.Parallel()
	_, b := startSandbox(t)
	p := may
	p.DisplayCurrency = "gbp"
	summary, err := b.Reporting.Summary(t.Context(), p)
	require.NoError(t, err)
	row := summary.Advertisers[4].Campaigns[0]
	require.Len(t, row.MediaBuys, 1)
	buy := row.MediaBuys[0]
	assert.Equal(t, client.ID("mb_1005"), buy.MediaBuyID)
	assert.Equal(t, "Media buy 1005", buy.Name)
	assert.Equal(t, row.Metrics, buy.Metrics)
	assert.Zero(t, buy.Budget, "null reads as 0")
	assert.Equal(t, buyer.FXConversion{
		FromCurrency: "EUR", Rate: 1.25, AsOfDate: "2026-01-01",
		Source: buyer.FXRateSourceSnapshot,
	}, buy.DeliveryFXConversion)
	assert.Equal(t, []buyer.PackageReport{{
		PackageID: "mb_1005_1", ProductID: "prod_1001", ProductName: "Product 1001",
		Metrics: row.Metrics,
	}}, buy.Packages)
	other := summary.Advertisers[0].Campaigns[0].MediaBuys[0]
	assert.Equal(t, 500.0, other.Budget)
	assert.Zero(t, other.DeliveryFXConversion)

	assert.Equal(t, buyer.ConversionInfo{
		DisplayCurrency: "GBP", AsOf: "2026-05-03", RateSource: buyer.ConversionRateSourceSnapshots,
		RateBasis: buyer.ConversionRateBasisAsOf,
		Rates:     []buyer.ConversionRate{{Pair: "USDGBP", Rate: 0.8}}, Unconverted: []string{}, Estimate: true,
	}, summary.Consolidated.ConversionInfo)
	assert.InDelta(t, summary.Totals.Spend*0.8, summary.Consolidated.Totals.Spend, 1e-6)
	p.DisplayCurrency = "EUR"
	summary, err = b.Reporting.Summary(t.Context(), p)
	require.NoError(t, err)
	assert.Equal(t, []string{"USD"}, summary.Consolidated.ConversionInfo.Unconverted)
	assert.Zero(t, summary.Consolidated.Totals.Spend)
}

func TestReportDemo(t *testing.T) {
	t.Parallel()
	_, b := startSandbox(t, sandbox.WithRecordsOf("campaigns", 0))
	p := may
	p.Demo = true
	summary, err := b.Reporting.Summary(t.Context(), p)
	require.NoError(t, err)
	assert.Contains(t, summary.Advertisers[0].Campaigns[0].CampaignName, "Demo")
	series, err := b.Reporting.Timeseries(t.Context(), p)
	require.NoError(t, err)
	assert.Len(t, series.Timeseries, 9)
	p.Demo = false
	series, err = b.Reporting.Timeseries(t.Context(), p)
	require.NoError(t, err)
	assert.Empty(t, series.Timeseries)
}

func TestReportsOfOddRows(t *testing.T) {
	t.Parallel()
	for name, buys := range map[string]string{
		"null":  `null`,
		"empty": `[]`,
		"null members": `[{"mediaBuyId":1,"name":null,"status":"HALTED","budget":null,"metrics":null,` +
			`"deliveryFxConversion":null,"packages":null}]`,
		"unknown source": `[{"mediaBuyId":"1","deliveryFxConversion":{"fromCurrency":"ZAR","rate":0,` +
			`"source":"guess"},"packages":[]}]`,
		"package nulls": `[{"mediaBuyId":"1","packages":[{"packageId":"","productId":null,` +
			`"productName":null,"metrics":{"spend":null}}]}]`,
		"unknown members":  `[{"mediaBuyId":"1","later":{},"packages":[{"packageId":7,"later":[]}]}]`,
		"no member at all": `[{}]`,
	} {
		b := answering(t, func(*http.Request) (int, string) {
			return 200, `{"data":{"advertisers":[{"advertiserId":1,"campaigns":[` +
				`{"campaignId":"c","mediaBuys":` + buys + `}]}],"totals":{}}}`
		})
		summary, err := b.Reporting.Summary(t.Context(), may)
		require.NoError(t, err, name)
		assert.Equal(t, client.ID("c"), summary.Advertisers[0].Campaigns[0].CampaignID, name)
	}
}
