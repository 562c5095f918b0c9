package buyer_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
)

// Every enum of a response is open: a value that is not known is kept, and null and the empty text read as empty.
func TestUnknownEnumValuesAreKept(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, item := range []any{
		new(buyer.Advertiser), new(buyer.Campaign), new(buyer.CampaignBudget), new(buyer.CampaignAudience),
		new(buyer.GeoMetro),
		new(buyer.GeoPostalArea), new(buyer.MediaBuy), new(buyer.Package), new(buyer.CampaignMediaBuyStatus),
		new(buyer.MediaBuyStatus),
		new(buyer.Creative), new(buyer.CreativeAsset), new(buyer.Audience), new(buyer.EventSource),
		new(buyer.EventSourceHealth),
		new(buyer.Catalog), new(buyer.PropertyList), new(buyer.PropertyIdentifier), new(buyer.CampaignReport),
		new(buyer.TimeseriesRow),
		new(buyer.FXConversion), new(buyer.ConversionInfo), new(buyer.AuditLog), new(buyer.ActivityCall),
		new(buyer.ActivityDispatch),
		new(buyer.ActivityStep), new(buyer.Storefront), new(buyer.StorefrontReadiness), new(buyer.Notification),
		new(buyer.Task),
		new(buyer.TaskFailure), new(buyer.MeasurementOutcome),
	} {
		of := reflect.TypeOf(item).Elem()
		for field := range of.Fields() {
			if field.Type.Kind() != reflect.String || field.Type.PkgPath() != reflect.TypeFor[buyer.Campaign]().PkgPath() {
				continue
			}
			checked++
			for sent, want := range map[string]string{`"a new value"`: "a new value", `""`: "", `null`: ""} {
				value := reflect.New(of)
				name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				require.NoError(t, json.Unmarshal([]byte(`{"`+name+`":`+sent+`}`), value.Interface()), "%s.%s", of, name)
				assert.Equal(t, want, value.Elem().FieldByIndex(field.Index).String(), "%s.%s", of, name)
			}
		}
	}
	assert.Greater(t, checked, 50)
}

func TestUnknownFiltersAreNotSent(t *testing.T) {
	t.Parallel()
	_, b := startSandbox(t)
	ctx := t.Context()
	for want, ask := range map[string]func() error{
		"role": func() error { return second(b.Creatives.List("1", buyer.CreativeListParams{Role: "hero"}).Page(ctx)) },
		"source": func() error {
			return second(b.Creatives.List("1", buyer.CreativeListParams{Source: "found"}).Page(ctx))
		},
		"asset_type": func() error {
			return second(b.Creatives.List("1", buyer.CreativeListParams{AssetType: "image"}).Page(ctx))
		},
		"actorOrigin": func() error {
			return second(b.AuditLogs.List(buyer.AuditLogListParams{ActorOrigin: "robot"}).Page(ctx))
		},
		"outcome": func() error { return second(b.AuditLogs.List(buyer.AuditLogListParams{Outcome: "accepted"}).Page(ctx)) },
		"environment": func() error {
			return second(b.ActivityCalls.List(buyer.ActivityCallListParams{Environment: "staging"}).Page(ctx))
		},
		"surface": func() error {
			return second(b.ActivityCalls.List(buyer.ActivityCallListParams{Surface: "soap"}).Page(ctx))
		},
		"visibility": func() error {
			return second(b.Storefronts.List(buyer.StorefrontListParams{Visibility: "secret"}).Page(ctx))
		},
	} {
		assert.Equal(t, []string{want}, problems(t, ask()))
	}
}
