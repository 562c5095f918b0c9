package buyer_test

import (
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// A job that is killed after the first page, and goes on behind it, has every item once.
func TestPagesGoOnWhereARunEnded(t *testing.T) {
	t.Parallel()
	_, b := startSandbox(t, sandbox.WithRecords(records))
	ctx, ahead := t.Context(), client.WithPrefetch(4)
	type from = client.PageToken
	for name, runs := range map[string]func() []client.ID{
		"advertisers": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.Advertiser], error] {
				return b.Advertisers.List(buyer.AdvertiserListParams{PageSize: 50, PageToken: p}, ahead).Pages(ctx)
			}, func(i buyer.Advertiser) client.ID { return i.ID })
		},
		"campaigns": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.Campaign], error] {
				return b.Campaigns.List(buyer.CampaignListParams{PageSize: 50, PageToken: p}, ahead).Pages(ctx)
			}, func(i buyer.Campaign) client.ID { return i.CampaignID })
		},
		"creatives": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.Creative], error] {
				return b.Creatives.List(advertiser, buyer.CreativeListParams{PageSize: 50, PageToken: p}, ahead).Pages(ctx)
			}, func(i buyer.Creative) client.ID { return i.CreativeID })
		},
		"creatives of a campaign": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.Creative], error] {
				return b.Creatives.ListOfCampaign(campaign, buyer.CampaignCreativeListParams{PageSize: 50, PageToken: p},
					ahead).Pages(ctx)
			}, func(i buyer.Creative) client.ID { return i.CreativeID })
		},
		"audiences": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.Audience], error] {
				return b.Audiences.List(advertiser, buyer.AudienceListParams{PageSize: 50, PageToken: p}, ahead).Pages(ctx)
			}, func(i buyer.Audience) client.ID { return i.AudienceID })
		},
		"event sources": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.EventSource], error] {
				return b.EventSources.List(advertiser, buyer.EventSourceListParams{PageSize: 50, PageToken: p}, ahead).Pages(ctx)
			}, func(i buyer.EventSource) client.ID { return i.EventSourceID })
		},
		"catalogs": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.Catalog], error] {
				return b.Catalogs.List(advertiser, buyer.CatalogListParams{PageSize: 50, PageToken: p}, ahead).Pages(ctx)
			}, func(i buyer.Catalog) client.ID { return i.CatalogID })
		},
		"property lists": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.PropertyList], error] {
				return b.PropertyLists.List(advertiser, buyer.PropertyListListParams{PageSize: 50, PageToken: p}, ahead).Pages(ctx)
			}, func(i buyer.PropertyList) client.ID { return i.ListID })
		},
		"audit logs": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.AuditLog], error] {
				return b.AuditLogs.List(buyer.AuditLogListParams{PageSize: 50, PageToken: p}, ahead).Pages(ctx)
			}, func(i buyer.AuditLog) client.ID { return i.ID })
		},
		"calls": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.ActivityCall], error] {
				return b.ActivityCalls.List(buyer.ActivityCallListParams{PageSize: 50, PageToken: p}, ahead).Pages(ctx)
			}, func(i buyer.ActivityCall) client.ID { return i.ActivityUID })
		},
		"storefronts": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.Storefront], error] {
				return b.Storefronts.List(buyer.StorefrontListParams{PageSize: 50, PageToken: p}, ahead).Pages(ctx)
			}, func(i buyer.Storefront) client.ID { return i.ID })
		},
		"notifications": func() []client.ID {
			return resumed(t, func(p from) iter.Seq2[*client.Page[buyer.Notification], error] {
				return b.Notifications.List(buyer.NotificationListParams{PageSize: 50, PageToken: p}, ahead).Pages(ctx)
			}, func(i buyer.Notification) client.ID { return i.ID })
		},
	} {
		seen := make(map[client.ID]bool)
		ids := runs()
		for _, id := range ids {
			seen[id] = true
		}
		assert.Len(t, ids, records, name)
		assert.Len(t, seen, records, name)
	}
}

// resumed reads one page in one run, and what is behind it in another.
func resumed[T any](t *testing.T, pages func(client.PageToken) iter.Seq2[*client.Page[T], error],
	id func(T) client.ID,
) (ids []client.ID) {
	t.Helper()
	var stored client.PageToken
	for run := range 2 {
		for page, err := range pages(stored) {
			require.NoError(t, err)
			for _, item := range page.Items {
				ids = append(ids, id(item))
			}
			if stored = page.Next; run == 0 {
				break
			}
		}
	}
	return ids
}

func TestPagesOfBadParameters(t *testing.T) {
	t.Parallel()
	srv, b := startSandbox(t)
	n := 0
	for page, err := range b.Campaigns.List(buyer.CampaignListParams{PageSize: 251}).Pages(t.Context()) {
		assert.Nil(t, page)
		assert.Equal(t, []string{"take"}, problems(t, err))
		n++
	}
	assert.Equal(t, 1, n)
	assert.Empty(t, srv.Requests())
}

// A day or a time: what else it may be is refused before it is sent.
func TestDatesOfAuditLogs(t *testing.T) {
	t.Parallel()
	srv, b := startSandbox(t)
	for _, date := range []string{"2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00.25+01:00"} {
		_, err := b.AuditLogs.List(buyer.AuditLogListParams{StartDate: date, EndDate: date}).Page(t.Context())
		require.NoError(t, err, date)
	}
	sent := len(srv.Requests())
	for _, date := range []string{"yesterday", "2026-02-30", "2026-1-1", "2026-01-01T00:00:00", "01/02/2026", " "} {
		_, err := b.AuditLogs.List(buyer.AuditLogListParams{StartDate: date, EndDate: date}).Page(t.Context())
		assert.Equal(t, []string{"startDate", "endDate"}, problems(t, err), date)
		for _, err := range b.AuditLogs.List(buyer.AuditLogListParams{EndDate: date}).All(t.Context()) {
			assert.Equal(t, []string{"endDate"}, problems(t, err), date)
		}
	}
	assert.Len(t, srv.Requests(), sent)
}
