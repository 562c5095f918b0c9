package buyer_test

import (
	"math"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
)

func TestEventNumbersMayBeZero(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data buyer.EventData
		want string
	}{
		"unset":        {buyer.EventData{}, ``},
		"other fields": {buyer.EventData{Currency: "EUR"}, `,"custom_data":{"currency":"EUR"}`},
		"zero value":   {buyer.EventData{Value: client.Set(0.0)}, `,"custom_data":{"value":0}`},
		"zero items":   {buyer.EventData{NumItems: client.Set(int64(0))}, `,"custom_data":{"num_items":0}`},
		"both": {
			buyer.EventData{Value: client.Set(9.5), NumItems: client.Set(int64(2))},
			`,"custom_data":{"value":9.5,"num_items":2}`,
		},
		"negative value": {buyer.EventData{Value: client.Set(-3.0)}, `,"custom_data":{"value":-3}`},
	} {
		var sent string
		b := answering(t, func(r *http.Request) (int, string) {
			sent = bodyOf(t, r)
			return 200, `{"data":{"events_received":1,"events_processed":1}}`
		})
		event := buyer.Event{EventID: "e", EventType: buyer.EventTypeRefund, EventTime: noon, CustomData: c.data}
		_, err := b.EventSources.LogEvents(t.Context(), "1", buyer.EventLog{EventSourceID: "s", Events: []buyer.Event{event}})
		require.NoError(t, err, name)
		assert.JSONEq(t, `{"event_source_id":"s","events":[{"event_id":"e","event_type":"refund","event_time":"`+
			noon.Format("2006-01-02T15:04:05Z07:00")+`"`+c.want+`}]}`, sent, name)
	}
	for name, c := range map[string]struct {
		data buyer.EventData
		want []string
	}{
		"null value":     {buyer.EventData{Value: client.Null[float64]()}, []string{"custom_data.value"}},
		"null items":     {buyer.EventData{NumItems: client.Null[int64]()}, []string{"custom_data.num_items"}},
		"negative items": {buyer.EventData{NumItems: client.Set(int64(-1))}, []string{"custom_data.num_items"}},
		"not a number":   {buyer.EventData{Value: client.Set(math.NaN())}, []string{"event"}},
		"infinite":       {buyer.EventData{Value: client.Set(math.Inf(1))}, []string{"event"}},
	} {
		event := buyer.Event{EventID: "e", EventType: buyer.EventTypeRefund, EventTime: noon, CustomData: c.data}
		assert.Equal(t, c.want, problems(t, event.Validate()), name)
	}
}

func TestMeasurementValueMayBeZero(t *testing.T) {
	t.Parallel()
	var sent string
	b := answering(t, func(r *http.Request) (int, string) {
		sent = bodyOf(t, r)
		return 200, `{"data":{"measurements":[{"index":0,"action":"created"}]}}`
	})
	row := buyer.Measurement{
		MetricID: buyer.MetricConversions, Unit: buyer.UnitCount, Source: buyer.SourceMMP, StartTime: noon,
		EndTime: noon.AddDate(0, 0, 1),
	}
	_, err := b.Measurements.Sync(t.Context(), "1", []buyer.Measurement{row})
	require.NoError(t, err)
	assert.Contains(t, sent, `"metric_value":0`)
}

func TestCampaignGetSendsItsParameters(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		p    buyer.CampaignGetParams
		want url.Values
	}{
		"none": {buyer.CampaignGetParams{}, url.Values{}},
		"several buys": {
			buyer.CampaignGetParams{MediaBuyID: []client.ID{"mb_1", "2"}},
			url.Values{"mediaBuyId": {"mb_1", "2"}},
		},
		"fields": {
			buyer.CampaignGetParams{Fields: []string{"geo_metro_names", "later"}},
			url.Values{"fields": {"geo_metro_names", "later"}},
		},
		"product details": {
			buyer.CampaignGetParams{IncludeProductDetails: client.Set(true)},
			url.Values{"includeProductDetails": {"true"}},
		},
		"without details": {
			buyer.CampaignGetParams{IncludeProductDetails: client.Set(false)},
			url.Values{"includeProductDetails": {"false"}},
		},
		"empty list is no": {buyer.CampaignGetParams{MediaBuyID: []client.ID{}, Fields: []string{}}, url.Values{}},
	} {
		var sent url.Values
		b := answering(t, func(r *http.Request) (int, string) {
			sent = r.URL.Query()
			return 200, `{"data":{"campaign":{"campaignId":"1"}}}`
		})
		_, err := b.Campaigns.Get(t.Context(), "1", c.p)
		require.NoError(t, err, name)
		assert.Equal(t, c.want, sent, name)
	}
	b := answering(t, func(*http.Request) (int, string) {
		t.Error("something was sent")
		return 500, ""
	})
	_, err := b.Campaigns.Get(t.Context(), "1", buyer.CampaignGetParams{
		MediaBuyID: []client.ID{"1", ""},
		Fields:     []string{""},
	})
	assert.Equal(t, []string{"mediaBuyId[1]", "fields[0]"}, problems(t, err))
	_, err = b.Campaigns.List(buyer.CampaignListParams{Fields: []string{""}}).Page(t.Context())
	assert.Equal(t, []string{"fields[0]"}, problems(t, err))
}

func TestCampaignsOfTheSandboxShowFieldsAndBuys(t *testing.T) {
	t.Parallel()
	_, b := startSandbox(t)
	names := []buyer.GeoMetroNames{{System: buyer.GeoMetroSystemNielsenDMA, Values: []buyer.GeoMetroName{{
		Code: "501",
		Name: "New York",
	}}}}

	plain, err := b.Campaigns.Get(t.Context(), campaign, buyer.CampaignGetParams{})
	require.NoError(t, err)
	assert.Equal(t, []string{"US"}, plain.Constraints.GeoCountries)
	assert.Equal(t, []string{"501"}, plain.Constraints.GeoMetros[0].Values)
	assert.Empty(t, plain.Constraints.GeoMetroNames)
	assert.Len(t, plain.MediaBuys, 1)

	own := plain.MediaBuys[0].MediaBuyID
	asked, err := b.Campaigns.Get(t.Context(), campaign, buyer.CampaignGetParams{
		Fields: []string{"geo_metro_names"}, MediaBuyID: []client.ID{"mb_9", own},
	})
	require.NoError(t, err)
	assert.Equal(t, names, asked.Constraints.GeoMetroNames)
	assert.Equal(t, plain.MediaBuys, asked.MediaBuys)

	narrowed, err := b.Campaigns.Get(t.Context(), campaign, buyer.CampaignGetParams{MediaBuyID: []client.ID{"mb_9"}})
	require.NoError(t, err)
	assert.Empty(t, narrowed.MediaBuys)
	assert.Contains(t, string(narrowed.MediaBuyRefs), string(own), "references stay")

	page, err := b.Campaigns.List(buyer.CampaignListParams{Fields: []string{"geo_metro_names"}}).Page(t.Context())
	require.NoError(t, err)
	assert.Equal(t, names, page.Items[0].Constraints.GeoMetroNames)
}
