package buyer_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// records is more than one page of every list.
const records = 601

const (
	advertiser = client.ID("1001")
	campaign   = client.ID("cmp_1001")
)

// walk counts the items of a list and the ids in it.
func walk[T any](t *testing.T, list iter.Seq2[T, error], id func(T) client.ID) {
	t.Helper()
	seen := make(map[client.ID]bool)
	items := collect(t, list)
	for _, item := range items {
		seen[id(item)] = true
	}
	assert.Len(t, items, records)
	assert.Len(t, seen, records)
}

// first reads one page and compares it with what the walk begins with.
func first[T any](t *testing.T, list iter.Seq2[T, error], page *client.Page[T], err error) {
	t.Helper()
	require.NoError(t, err)
	require.Len(t, page.Items, 7)
	require.NotEmpty(t, page.Next)
	next, stop := iter.Pull2(list)
	defer stop()
	for i := range page.Items {
		item, err, _ := next()
		require.NoError(t, err)
		require.Equal(t, item, page.Items[i])
	}
}

func TestListsAreWalkedToTheEnd(t *testing.T) {
	t.Parallel()
	srv, b := startSandbox(t, sandbox.WithRecords(records))
	ctx := t.Context()

	walk(t, b.Advertisers.List(buyer.AdvertiserListParams{}).All(ctx), func(a buyer.Advertiser) client.ID { return a.ID })
	page1, err := b.Advertisers.List(buyer.AdvertiserListParams{PageSize: 7}).Page(ctx)
	first(t, b.Advertisers.List(buyer.AdvertiserListParams{}).All(ctx), page1, err)

	walk(t, b.Campaigns.List(buyer.CampaignListParams{}).All(ctx),
		func(c buyer.Campaign) client.ID { return c.CampaignID })
	page2, err := b.Campaigns.List(buyer.CampaignListParams{PageSize: 7}).Page(ctx)
	first(t, b.Campaigns.List(buyer.CampaignListParams{}).All(ctx), page2, err)

	walk(t, b.Creatives.List(advertiser, buyer.CreativeListParams{}).All(ctx),
		func(c buyer.Creative) client.ID { return c.CreativeID })
	page3, err := b.Creatives.List(advertiser, buyer.CreativeListParams{PageSize: 7}).Page(ctx)
	first(t, b.Creatives.List(advertiser, buyer.CreativeListParams{}).All(ctx), page3, err)

	walk(t, b.Creatives.ListOfCampaign(campaign, buyer.CampaignCreativeListParams{}).All(ctx),
		func(c buyer.Creative) client.ID { return c.CreativeID })
	walk(t, b.Creatives.ListOfCampaign(campaign, buyer.CampaignCreativeListParams{PageSize: 250}).All(ctx),
		func(c buyer.Creative) client.ID { return c.CreativeID })
	page4, err := b.Creatives.ListOfCampaign(campaign, buyer.CampaignCreativeListParams{PageSize: 7}).Page(ctx)
	first(t, b.Creatives.ListOfCampaign(campaign, buyer.CampaignCreativeListParams{}).All(ctx), page4, err)

	walk(t, b.Audiences.List(advertiser, buyer.AudienceListParams{}).All(ctx),
		func(a buyer.Audience) client.ID { return a.AudienceID })
	page5, err := b.Audiences.List(advertiser, buyer.AudienceListParams{PageSize: 7}).Page(ctx)
	first(t, b.Audiences.List(advertiser, buyer.AudienceListParams{}).All(ctx), page5, err)

	walk(t, b.EventSources.List(advertiser, buyer.EventSourceListParams{}).All(ctx),
		func(s buyer.EventSource) client.ID { return s.EventSourceID })
	page6, err := b.EventSources.List(advertiser, buyer.EventSourceListParams{PageSize: 7}).Page(ctx)
	first(t, b.EventSources.List(advertiser, buyer.EventSourceListParams{}).All(ctx), page6, err)

	walk(t, b.Catalogs.List(advertiser, buyer.CatalogListParams{}).All(ctx),
		func(c buyer.Catalog) client.ID { return c.CatalogID })
	page7, err := b.Catalogs.List(advertiser, buyer.CatalogListParams{PageSize: 7}).Page(ctx)
	first(t, b.Catalogs.List(advertiser, buyer.CatalogListParams{}).All(ctx), page7, err)

	walk(t, b.PropertyLists.List(advertiser, buyer.PropertyListListParams{}).All(ctx),
		func(l buyer.PropertyList) client.ID { return l.ListID })
	page8, err := b.PropertyLists.List(advertiser, buyer.PropertyListListParams{PageSize: 7}).Page(ctx)
	first(t, b.PropertyLists.List(advertiser, buyer.PropertyListListParams{}).All(ctx), page8, err)

	walk(t, b.AuditLogs.List(buyer.AuditLogListParams{}).All(ctx), func(l buyer.AuditLog) client.ID { return l.ID })
	page9, err := b.AuditLogs.List(buyer.AuditLogListParams{PageSize: 7}).Page(ctx)
	first(t, b.AuditLogs.List(buyer.AuditLogListParams{}).All(ctx), page9, err)

	walk(t, b.ActivityCalls.List(buyer.ActivityCallListParams{}).All(ctx),
		func(c buyer.ActivityCall) client.ID { return c.ActivityUID })
	page10, err := b.ActivityCalls.List(buyer.ActivityCallListParams{PageSize: 7}).Page(ctx)
	first(t, b.ActivityCalls.List(buyer.ActivityCallListParams{}).All(ctx), page10, err)

	walk(t, b.Storefronts.List(buyer.StorefrontListParams{}).All(ctx), func(s buyer.Storefront) client.ID { return s.ID })
	page11, err := b.Storefronts.List(buyer.StorefrontListParams{PageSize: 7}).Page(ctx)
	first(t, b.Storefronts.List(buyer.StorefrontListParams{}).All(ctx), page11, err)

	walk(t, b.Notifications.List(buyer.NotificationListParams{}).All(ctx),
		func(n buyer.Notification) client.ID { return n.ID })
	page12, err := b.Notifications.List(buyer.NotificationListParams{PageSize: 7}).Page(ctx)
	first(t, b.Notifications.List(buyer.NotificationListParams{}).All(ctx), page12, err)

	// The first page of a walk is as large as the platform allows.
	sizes := make(map[string]bool)
	for _, r := range srv.Requests() {
		sizes[r.Path+" "+r.Query.Get("take")+r.Query.Get("limit")] = true
	}
	for _, want := range []string{
		"/api/v2/buyer/advertisers 100", "/api/v2/buyer/campaigns 250", "/api/v2/buyer/audit-logs 500",
		"/api/v2/activity/calls 200", "/api/v2/buyer/storefronts 100", "/api/v2/notifications 100",
	} {
		assert.True(t, sizes[want], want)
	}
}

// Whatever breaks on the way, a walk shows every record once.
func TestWalksSurviveFaults(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t, sandbox.WithRecords(records))
	for _, kind := range []sandbox.FaultKind{sandbox.FaultResetBefore, sandbox.FaultResetAfter, sandbox.FaultTruncate} {
		srv.Inject(sandbox.Fault{Kind: kind, Rate: 0.1, Times: 5})
	}
	srv.Inject(sandbox.Fault{Status: http.StatusServiceUnavailable, Rate: 0.1, Times: 5})
	b := buyer.New(srv.Connect(srv.AdminToken(),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 20, BaseDelay: time.Millisecond})))
	ctx := t.Context()
	small := buyer.AdvertiserListParams{PageSize: 20}
	walk(t, b.Advertisers.List(small, client.WithPrefetch(3)).All(ctx), func(a buyer.Advertiser) client.ID { return a.ID })
	walk(t, b.Campaigns.List(buyer.CampaignListParams{PageSize: 20}).All(ctx),
		func(c buyer.Campaign) client.ID { return c.CampaignID })
	walk(t, b.ActivityCalls.List(buyer.ActivityCallListParams{PageSize: 20}).All(ctx),
		func(c buyer.ActivityCall) client.ID { return c.ActivityUID })
	hit := 0
	for _, r := range srv.Requests() {
		if r.Fault != "" {
			hit++
		}
	}
	assert.Greater(t, hit, 10)
}

// Each list can be walked raw, with everything the platform sent.
func TestOperationsAreWalkedRaw(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t, sandbox.WithRecords(30))
	c := srv.Client
	lists := 0
	for _, op := range buyer.Operations() {
		if op.Items == "" {
			continue
		}
		lists++
		var req client.Request
		if strings.Contains(op.Path, "{") {
			req.Path = []string{string(advertiser)}
		}
		if strings.Contains(op.Path, "{campaignId}") {
			req.Path = []string{string(campaign)}
		}
		n := 0
		for raw, err := range client.NewList[jsontext.Value](c, &op, req, "").All(t.Context()) {
			require.NoError(t, err, op.ID)
			require.Equal(t, jsontext.Kind('{'), raw.Kind())
			n++
		}
		require.Equal(t, 30, n, op.ID)
	}
	require.Equal(t, 12, lists)
}

// Operations has every row of the generated table.
func TestOperationsAreComplete(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "operations.gen.go", nil, 0)
	require.NoError(t, err)
	want := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(v.Names[0].Name, "op") {
			want[strings.ToLower(v.Names[0].Name[2:])] = true
		}
		return true
	})
	require.NotEmpty(t, want)
	got := make(map[string]bool)
	for _, op := range buyer.Operations() {
		got[strings.ToLower(op.ID)] = true
	}
	require.Equal(t, want, got)
}

func TestGets(t *testing.T) {
	t.Parallel()
	_, b := startSandbox(t)
	ctx := t.Context()

	a, err := b.Advertisers.Get(ctx, advertiser)
	require.NoError(t, err)
	assert.Equal(t, "Advertiser 1001", a.Name)
	assert.Equal(t, buyer.AdvertiserStatusActive, a.Status)
	assert.Equal(t, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), a.CreatedAt)
	assert.JSONEq(t, `{"id":"brd_1001","name":"Brand","domain":"brand1001.example","manifest":{"name":"Brand"}}`,
		string(a.LinkedBrand))

	c, err := b.Campaigns.Get(ctx, "cmp_1002", buyer.CampaignGetParams{IncludePropertyLists: true})
	require.NoError(t, err)
	assert.Equal(t, client.ID("1002"), c.AdvertiserID)
	assert.Equal(t, buyer.ModePerformance, c.Mode)
	assert.Equal(t, 1001.0, c.Budget.Total)
	require.Len(t, c.MediaBuys, 1)
	assert.Equal(t, client.ID("mb_1002"), c.MediaBuys[0].MediaBuyID)
	assert.Empty(t, c.Audiences[0].Name, "null reads as empty")

	status, err := b.Campaigns.MediaBuyStatus(ctx, campaign)
	require.NoError(t, err)
	assert.Equal(t, buyer.CampaignOperationalStatusActive, status.OperationalStatus)
	assert.Empty(t, status.MediaBuys[0].AdCPMediaBuyID)
	assert.True(t, status.HasDelivery)

	buy, err := b.MediaBuys.Get(ctx, c.MediaBuys[0].MediaBuyID)
	require.NoError(t, err)
	assert.Equal(t, "Media buy 1002", buy.Name)
	packages, err := b.MediaBuys.Packages(ctx, buy.MediaBuyID)
	require.NoError(t, err)
	require.Len(t, packages.Packages, 2)
	assert.Zero(t, packages.Packages[0].Budget, "null reads as 0")
	assert.Equal(t, 500.0, packages.Packages[1].Budget)
	assert.Equal(t, 1.5, packages.Packages[0].Delivery.Spend)

	creative, err := b.Creatives.Get(ctx, campaign, "crv_1003")
	require.NoError(t, err)
	assert.Equal(t, campaign, creative.CampaignID)
	assert.Equal(t, int64(2048), creative.Assets[0].FileSize)

	list, err := b.PropertyLists.Get(ctx, advertiser, "pl_1004")
	require.NoError(t, err)
	assert.Equal(t, []buyer.PropertyIdentifier{{Type: "domain", Value: "site1004.example"}}, list.Identifiers)

	call, err := b.ActivityCalls.Get(ctx, "00000000-0000-4000-8000-000000001005")
	require.NoError(t, err)
	assert.Equal(t, "/api/v2/buyer/campaigns", call.RouteTemplate)
	assert.Zero(t, call.Error)

	front, err := b.Storefronts.Get(ctx, "1006")
	require.NoError(t, err)
	assert.Equal(t, client.ID("1006"), front.ID, "sent as a number")
	assert.Equal(t, map[string]string{"primary": "#102030"}, front.BrandColors)

	for name, missing := range map[string]func() error{
		"advertiser":    func() error { _, err := b.Advertisers.Get(ctx, "9"); return err },
		"campaign":      func() error { _, err := b.Campaigns.Get(ctx, "cmp_9", buyer.CampaignGetParams{}); return err },
		"status":        func() error { _, err := b.Campaigns.MediaBuyStatus(ctx, "cmp_9"); return err },
		"media buy":     func() error { _, err := b.MediaBuys.Get(ctx, "mb_9"); return err },
		"packages":      func() error { _, err := b.MediaBuys.Packages(ctx, "mb_9"); return err },
		"creative":      func() error { _, err := b.Creatives.Get(ctx, campaign, "crv_9"); return err },
		"property list": func() error { _, err := b.PropertyLists.Get(ctx, advertiser, "pl_9"); return err },
		"call":          func() error { _, err := b.ActivityCalls.Get(ctx, "9"); return err },
		"storefront":    func() error { _, err := b.Storefronts.Get(ctx, "9"); return err },
		"task":          func() error { _, err := b.Tasks.Get(ctx, "9"); return err },
	} {
		require.ErrorIs(t, missing(), client.ErrNotFound, name)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	srv, b := startSandbox(t, sandbox.WithRecords(100))
	ctx := t.Context()
	for _, c := range collect(t, b.Campaigns.List(buyer.CampaignListParams{
		AdvertiserID: "1003", Status: []buyer.CampaignStatus{buyer.CampaignStatusDraft, buyer.CampaignStatusActive},
	}).All(ctx)) {
		require.Equal(t, client.ID("1003"), c.AdvertiserID)
	}
	sent := srv.Requests()[0].Query
	require.Equal(t, []string{"DRAFT", "ACTIVE"}, sent["status"])
	require.Equal(t, "1003", sent.Get("advertiserId"))
	require.Len(t, collect(t, b.Campaigns.List(buyer.CampaignListParams{AdvertiserID: "1003"}).All(ctx)), 10)
	require.Empty(t,
		collect(t, b.Campaigns.List(buyer.CampaignListParams{Mode: []buyer.CampaignMode{buyer.ModeDirected}}).All(ctx)))
	require.Len(t, collect(t, b.Campaigns.List(buyer.CampaignListParams{Name: "Campaign 1042"}).All(ctx)), 1)
	require.Len(t, collect(t, b.Advertisers.List(buyer.AdvertiserListParams{Sandbox: client.Set(false)}).All(ctx)), 100)
	require.Empty(t, collect(t, b.Advertisers.List(buyer.AdvertiserListParams{Sandbox: client.Set(true)}).All(ctx)))

	from := time.Date(2026, 1, 1, 1, 0, 0, 0, time.FixedZone("CET", 3600)) // midnight in UTC
	calls := collect(t, b.ActivityCalls.List(buyer.ActivityCallListParams{StartTime: from.Add(90 * time.Minute)}).All(ctx))
	require.Len(t, calls, 10)
	require.Equal(t, "2026-01-01T01:30:00Z", srv.Requests()[len(srv.Requests())-1].Query.Get("startTime"))
	require.Len(t, collect(t, b.AuditLogs.List(buyer.AuditLogListParams{EndDate: "2026-01-01T00:09:00Z"}).All(ctx)), 10)
}

// What is wrong with the arguments is said before anything is sent.
func TestReadsAreCheckedFirst(t *testing.T) {
	t.Parallel()
	b := answering(t, func(*http.Request) (int, string) {
		t.Error("something was sent")
		return 500, ""
	})
	ctx := t.Context()
	for name, c := range map[string]struct {
		err  error
		want []string
	}{
		"limits": {second(b.Advertisers.List(buyer.AdvertiserListParams{
			PageSize: 101, Offset: -1,
			Status: "GONE",
		}).Page(ctx)), []string{"status", "limit", "offset"}},
		"walk": {last(b.Campaigns.List(buyer.CampaignListParams{
			PageSize: 251,
			Status:   []buyer.CampaignStatus{"ACTIVE", "GONE"},
		}).All(ctx)), []string{"status[1]", "take"}},
		"empty id":  {second(b.Advertisers.Get(ctx, "")), []string{"advertiserId"}},
		"traversal": {second(b.MediaBuys.Packages(ctx, "../x")), []string{"mediaBuyId"}},
		"owner":     {last(b.Audiences.List("", buyer.AudienceListParams{}).All(ctx)), []string{"accountId"}},
		"place": {
			second(b.Catalogs.List(advertiser, buyer.CatalogListParams{PageToken: "junk"}).Page(ctx)),
			[]string{"page"},
		},
	} {
		require.ErrorIs(t, c.err, client.ErrInvalidParams, name)
		assert.Equal(t, c.want, problems(t, c.err), name)
	}
}

func second[T any](_ T, err error) error { return err }

func last[T any](list iter.Seq2[T, error]) (last error) {
	for _, err := range list {
		last = err
	}
	return last
}

// Answers that hold nulls, ids in either form and members that nobody knows are read; what is something else is not.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	const page = `{"data":{"campaigns":[` +
		`{"campaignId":7,"advertiserId":"8","name":null,"status":"EXOTIC","budget":{"total":null,"currency":null},` +
		`"flightDates":null,` +
		`"createdAt":null,"mediaBuys":null,"unheardOf":{"deep":[1]},"productCount":null,"constraints":null}` +
		`],"total":null,"hasMore":false,"items":[{"campaign":{}}],"nextCursor":null},"error":null}`
	b := answering(t, func(*http.Request) (int, string) { return 200, page })
	got := collect(t, b.Campaigns.List(buyer.CampaignListParams{}).All(t.Context()))
	require.Len(t, got, 1)
	assert.Equal(t, client.ID("7"), got[0].CampaignID)
	assert.Equal(t, buyer.CampaignStatus("EXOTIC"), got[0].Status)
	assert.Zero(t, got[0].Budget)
	assert.True(t, got[0].CreatedAt.IsZero())

	get := map[string]func(context.Context, *buyer.Service) error{
		"advertiser": func(ctx context.Context, b *buyer.Service) error { return second(b.Advertisers.Get(ctx, "1")) },
		"campaign": func(ctx context.Context, b *buyer.Service) error {
			return second(b.Campaigns.Get(ctx, "1", buyer.CampaignGetParams{}))
		},
		"status": func(ctx context.Context,
			b *buyer.Service,
		) error {
			return second(b.Campaigns.MediaBuyStatus(ctx, "1"))
		},
		"media buy": func(ctx context.Context, b *buyer.Service) error { return second(b.MediaBuys.Get(ctx, "1")) },
		"packages":  func(ctx context.Context, b *buyer.Service) error { return second(b.MediaBuys.Packages(ctx, "1")) },
		"creative":  func(ctx context.Context, b *buyer.Service) error { return second(b.Creatives.Get(ctx, "1", "2")) },
		"property list": func(ctx context.Context,
			b *buyer.Service,
		) error {
			return second(b.PropertyLists.Get(ctx, "1", "2"))
		},
		"call":       func(ctx context.Context, b *buyer.Service) error { return second(b.ActivityCalls.Get(ctx, "1")) },
		"storefront": func(ctx context.Context, b *buyer.Service) error { return second(b.Storefronts.Get(ctx, "1")) },
		"task":       func(ctx context.Context, b *buyer.Service) error { return second(b.Tasks.Get(ctx, "1")) },
	}
	for _, body := range []string{
		`{}`, `{"data":{}}`, `{"data":null}`, `[]`, `{"data":{"campaign":null,"task":null}}`,
		`true`, `<html>`,
	} {
		for name, ask := range get {
			var unread *client.DecodeError
			require.ErrorAs(t, ask(t.Context(), answering(t, func(*http.Request) (int, string) { return 200, body })), &unread,
				name+" "+body)
		}
	}
}

// Every field of a service is set.
func TestNewSetsEveryField(t *testing.T) {
	t.Parallel()
	b := reflect.ValueOf(*answering(t, func(*http.Request) (int, string) { return 200, "{}" }))
	for i := range b.NumField() {
		assert.False(t, b.Field(i).IsZero(), b.Type().Field(i).Name)
	}
}
