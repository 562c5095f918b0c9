package buyer

import (
	"context"
	"errors"
	"net/url"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// Service reaches the buyer's resources, each through a field of its own. It is safe for concurrent use.
//
// List methods return a [client.List], which reads one page, all pages or all items. Get returns one item. Methods on
// advertiser- or campaign-scoped resources take the parent id first.
type Service struct {
	Advertisers   Advertisers
	Campaigns     Campaigns
	MediaBuys     MediaBuys
	Creatives     Creatives
	Audiences     Audiences
	EventSources  EventSources
	Measurements  Measurements
	Catalogs      Catalogs
	PropertyLists PropertyLists
	Reporting     Reporting
	AuditLogs     AuditLogs
	ActivityCalls ActivityCalls
	Storefronts   Storefronts
	Notifications Notifications
	Tasks         Tasks
}

// New returns a Service that calls through c.
func New(c *client.Client) *Service {
	return &Service{
		Advertisers:   Advertisers{c},
		Campaigns:     Campaigns{c},
		MediaBuys:     MediaBuys{c},
		Creatives:     Creatives{c},
		Audiences:     Audiences{c},
		EventSources:  EventSources{c},
		Measurements:  Measurements{c},
		Catalogs:      Catalogs{c},
		PropertyLists: PropertyLists{c},
		Reporting:     Reporting{c},
		AuditLogs:     AuditLogs{c},
		ActivityCalls: ActivityCalls{c},
		Storefronts:   Storefronts{c},
		Notifications: Notifications{c},
		Tasks:         Tasks{c},
	}
}

// Operations gives the operations of this package, in the order of their names: to read answers as they came, with
// members that no type of this package has. Their ID is the platform's name of them. Those with Items are lists, and
// [client.NewList] reads any of them. Of the account: listActivityCalls, listAdvertisers, listBuyerAuditLogs,
// listCampaigns, listNotifications, listStorefronts. Of an advertiser: listAdvertiserCreatives, listAudiences,
// listCatalogs, listEventSources, listPropertyLists; of a campaign: listCreatives. The others read one thing,
// getReportingMetrics among them, or send something: logEvent, syncAudiences, syncMeasurementData.
//
//	for _, op := range buyer.Operations() {
//		if op.Items == "" || strings.Contains(op.Path, "{") {
//			continue // not a list, or one of something
//		}
//		for raw, err := range client.NewList[jsontext.Value](c, &op, client.Request{}, "").All(ctx) { … }
//	}
func Operations() []client.Operation {
	return []client.Operation{
		opGetActivityCall, opGetAdvertiser, opGetCampaign, opGetCreativeManifest, opGetMediaBuy, opGetMediaBuyAdcpStatus,
		opGetMediaBuyPackages, opGetPropertyList, opGetReportingMetrics, opGetStorefront, opGetTask, opListActivityCalls,
		opListAdvertiserCreatives, opListAdvertisers, opListAudiences, opListBuyerAuditLogs, opListCampaigns,
		opListCatalogs, opListCreatives, opListEventSources, opListNotifications, opListPropertyLists, opListStorefronts,
		opLogEvent, opSyncAudiences, opSyncMeasurementData,
	}
}

// listParams are the parameters of a list.
type listParams interface {
	query() url.Values
	check(s check.Reporter)
}

// list returns a list of what belongs to owner.
func list[T any](
	c *client.Client, op *client.Operation, p listParams, from client.PageToken, opts []client.CallOption,
	owner ...client.ID,
) client.List[T] {
	if err := checked(op, p); err != nil {
		return client.InvalidList[T](err)
	}
	return client.NewList[T](c, op, client.Request{Path: path(owner), Query: p.query()}, from, opts...)
}

// get reads one thing.
func get[T any](ctx context.Context, c *client.Client, op *client.Operation, opts []client.CallOption,
	ids ...client.ID,
) (*T, error) {
	got, err := client.Call[T](ctx, c, op, client.Request{Path: path(ids)}, opts...)
	if err != nil {
		return nil, err
	}
	return &got, nil
}

func checked(op *client.Operation, p listParams) error {
	problems := client.ParamError{Operation: op.ID}
	p.check(&problems)
	return problems.Err()
}

func path(ids []client.ID) []string {
	segments := make([]string, len(ids))
	for i, id := range ids {
		segments[i] = string(id)
	}
	return segments
}

// shown refuses an answer without the id of what was asked for: it is something else.
func shown(id client.ID) error {
	if id == "" {
		return errors.New("it shows no id")
	}
	return nil
}
