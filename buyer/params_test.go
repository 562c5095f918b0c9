package buyer_test

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
)

// sample is a value of a parameter that the checks let pass.
func sample(t *testing.T, of reflect.Type) any {
	t.Helper()
	for _, known := range []any{
		"x", 1, true, client.ID("1"), noon, client.Set(false), buyer.AdvertiserStatusAll, buyer.CampaignStatusDraft,
		buyer.ModeDirected, buyer.ManagementTracked, buyer.MediaBuyPhaseFailed, buyer.CatalogTypeJob,
		buyer.PropertyListPurposeExclude, buyer.AuditResourcePackage, buyer.AuditActionExecute, buyer.StorefrontStatusPaused,
		buyer.NotificationStatusInfo, buyer.CreativeRoleReference, buyer.CreativeSourceConnected, buyer.AssetTypeVAST,
		buyer.ActorOriginAutonomous, buyer.AuditOutcomeDenied, buyer.ActivityEnvironmentSandbox,
		buyer.ActivityOutcomeAccepted,
		buyer.ActivitySurfaceA2A, buyer.StorefrontVisibilityPrivate,
	} {
		if reflect.TypeOf(known) == of {
			return known
		}
	}
	t.Fatalf("no sample of %s", of)
	return nil
}

// eachIsSent sets the fields of a list's parameters one by one: each is sent, alone and under its own name.
func eachIsSent[P any](t *testing.T, list func(*buyer.Service, P) error) {
	t.Helper()
	for field := range reflect.TypeFor[P]().Fields() {
		if field.Name == "PageToken" {
			continue
		}
		var p P
		if of := reflect.ValueOf(&p).Elem().FieldByIndex(field.Index); field.Type.Kind() == reflect.Slice {
			of.Set(reflect.Append(of, reflect.ValueOf(sample(t, field.Type.Elem()))))
		} else if strings.HasSuffix(field.Name, "Date") {
			of.SetString("2026-05-04")
		} else {
			of.Set(reflect.ValueOf(sample(t, field.Type)))
		}
		var sent url.Values
		b := answering(t, func(r *http.Request) (int, string) {
			sent = r.URL.Query()
			return 200, `{"data":{"items":[],"campaign":{"campaignId":"1"}}}`
		})
		require.NoError(t, list(b, p), field.Name)
		require.Len(t, sent, 1, field.Name)
		for name, values := range sent {
			if field.Name == "PageSize" {
				require.Contains(t, []string{"take", "limit", "pageSize"}, name)
			} else {
				require.Equal(t, strings.ToLower(field.Name), strings.ToLower(strings.ReplaceAll(name, "_", "")))
			}
			require.Len(t, values, 1)
			require.NotEmpty(t, values[0])
		}
	}
}

func TestEveryParameterIsSent(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	eachIsSent(t, func(b *buyer.Service, p buyer.AdvertiserListParams) error {
		return second(b.Advertisers.List(p).Page(ctx))
	})
	eachIsSent(t,
		func(b *buyer.Service, p buyer.CampaignListParams) error { return second(b.Campaigns.List(p).Page(ctx)) })
	eachIsSent(t, func(b *buyer.Service, p buyer.CampaignGetParams) error { return second(b.Campaigns.Get(ctx, "1", p)) })
	eachIsSent(t, func(b *buyer.Service, p buyer.CreativeListParams) error {
		return second(b.Creatives.List("1", p).Page(ctx))
	})
	eachIsSent(t, func(b *buyer.Service, p buyer.CampaignCreativeListParams) error {
		return second(b.Creatives.ListOfCampaign("1", p).Page(ctx))
	})
	eachIsSent(t, func(b *buyer.Service, p buyer.AudienceListParams) error {
		return second(b.Audiences.List("1", p).Page(ctx))
	})
	eachIsSent(t, func(b *buyer.Service, p buyer.EventSourceListParams) error {
		return second(b.EventSources.List("1", p).Page(ctx))
	})
	eachIsSent(t, func(b *buyer.Service, p buyer.CatalogListParams) error {
		return second(b.Catalogs.List("1", p).Page(ctx))
	})
	eachIsSent(t, func(b *buyer.Service, p buyer.PropertyListListParams) error {
		return second(b.PropertyLists.List("1", p).Page(ctx))
	})
	eachIsSent(t,
		func(b *buyer.Service, p buyer.AuditLogListParams) error { return second(b.AuditLogs.List(p).Page(ctx)) })
	eachIsSent(t, func(b *buyer.Service, p buyer.ActivityCallListParams) error {
		return second(b.ActivityCalls.List(p).Page(ctx))
	})
	eachIsSent(t, func(b *buyer.Service, p buyer.StorefrontListParams) error {
		return second(b.Storefronts.List(p).Page(ctx))
	})
	eachIsSent(t, func(b *buyer.Service, p buyer.NotificationListParams) error {
		return second(b.Notifications.List(p).Page(ctx))
	})
}

// A list goes on where a page token says.
func TestAListGoesOnAtAToken(t *testing.T) {
	t.Parallel()
	_, b := startSandbox(t)
	for n, list := range map[int]func(client.PageToken) (client.PageToken, error){
		1: func(at client.PageToken) (client.PageToken, error) {
			page, err := b.ActivityCalls.List(buyer.ActivityCallListParams{PageSize: 10, PageToken: at}).Page(t.Context())
			return page.Next, err
		},
		2: func(at client.PageToken) (client.PageToken, error) {
			page, err := b.Advertisers.List(buyer.AdvertiserListParams{PageSize: 10, PageToken: at}).Page(t.Context())
			return page.Next, err
		},
		3: func(at client.PageToken) (client.PageToken, error) {
			page, err := b.Audiences.List(advertiser, buyer.AudienceListParams{PageSize: 10, PageToken: at}).Page(t.Context())
			return page.Next, err
		},
	} {
		pages := 0
		for at := client.PageToken(""); pages == 0 || at != ""; pages++ {
			var err error
			at, err = list(at)
			require.NoError(t, err)
			require.Less(t, pages, 4)
		}
		require.Equal(t, 3, pages, n)
	}
}
