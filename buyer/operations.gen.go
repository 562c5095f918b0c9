// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package buyer

import (
	"net/url"
	"strconv"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// The operations of openapi.yaml that this package calls.
var (
	opGetActivityCall = client.Operation{
		ID:     "getActivityCall",
		Method: "GET",
		Mount:  client.MountShared,
		Path:   "/activity/calls/{activityUid}",
		Effect: client.EffectRead,
	}
	opGetAdvertiser = client.Operation{
		ID:     "getAdvertiser",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/advertisers/{advertiserId}",
		Effect: client.EffectRead,
	}
	opGetCampaign = client.Operation{
		ID:     "getCampaign",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/campaigns/{campaignId}",
		Effect: client.EffectRead,
	}
	opGetCreativeManifest = client.Operation{
		ID:     "getCreativeManifest",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/campaigns/{campaignId}/creatives/{creativeId}",
		Effect: client.EffectRead,
	}
	opGetMediaBuy = client.Operation{
		ID:     "getMediaBuy",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/media-buys/{mediaBuyId}",
		Effect: client.EffectRead,
	}
	opGetMediaBuyAdcpStatus = client.Operation{
		ID:     "getMediaBuyAdcpStatus",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/campaigns/{campaignId}/media-buy-status",
		Effect: client.EffectRead,
	}
	opGetMediaBuyPackages = client.Operation{
		ID:     "getMediaBuyPackages",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/media-buys/{mediaBuyId}/packages",
		Effect: client.EffectRead,
	}
	opGetPropertyList = client.Operation{
		ID:     "getPropertyList",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/advertisers/{advertiserId}/property-lists/{listId}",
		Effect: client.EffectRead,
	}
	opGetReportingMetrics = client.Operation{
		ID:     "getReportingMetrics",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/reporting/metrics",
		Effect: client.EffectRead,
	}
	opGetStorefront = client.Operation{
		ID:     "getStorefront",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/storefronts/{storefrontId}",
		Effect: client.EffectRead,
	}
	opGetTask = client.Operation{
		ID:     "getTask",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/tasks/{taskId}",
		Effect: client.EffectRead,
	}
	opListActivityCalls = client.Operation{
		ID:      "listActivityCalls",
		Method:  "GET",
		Mount:   client.MountShared,
		Path:    "/activity/calls",
		Effect:  client.EffectRead,
		Paging:  client.PagingCursor,
		MaxPage: 200,
		Items:   "items",
	}
	opListAdvertiserCreatives = client.Operation{
		ID:      "listAdvertiserCreatives",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/advertisers/{advertiserId}/creatives",
		Effect:  client.EffectRead,
		Paging:  client.PagingTakeSkip,
		MaxPage: 250,
		Items:   "manifests",
	}
	opListAdvertisers = client.Operation{
		ID:      "listAdvertisers",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/advertisers",
		Effect:  client.EffectRead,
		Paging:  client.PagingLimitOffset,
		MaxPage: 100,
		Items:   "items",
	}
	opListAudiences = client.Operation{
		ID:      "listAudiences",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/advertisers/{accountId}/audiences",
		Effect:  client.EffectRead,
		Paging:  client.PagingTakeSkip,
		MaxPage: 250,
		Items:   "audiences",
	}
	opListBuyerAuditLogs = client.Operation{
		ID:      "listBuyerAuditLogs",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/audit-logs",
		Effect:  client.EffectRead,
		Paging:  client.PagingTakeSkip,
		MaxPage: 500,
		Items:   "logs",
	}
	opListCampaigns = client.Operation{
		ID:      "listCampaigns",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/campaigns",
		Effect:  client.EffectRead,
		Paging:  client.PagingTakeSkip,
		MaxPage: 250,
		Items:   "campaigns",
	}
	opListCatalogs = client.Operation{
		ID:      "listCatalogs",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/advertisers/{advertiserId}/catalogs",
		Effect:  client.EffectRead,
		Paging:  client.PagingTakeSkip,
		MaxPage: 250,
		Items:   "catalogs",
	}
	opListCreatives = client.Operation{
		ID:     "listCreatives",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/campaigns/{campaignId}/creatives",
		Effect: client.EffectRead,
		Paging: client.PagingTakeSkip,
		Items:  "manifests",
	}
	opListEventSources = client.Operation{
		ID:      "listEventSources",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/advertisers/{advertiserId}/event-sources",
		Effect:  client.EffectRead,
		Paging:  client.PagingTakeSkip,
		MaxPage: 250,
		Items:   "eventSources",
	}
	opListNotifications = client.Operation{
		ID:      "listNotifications",
		Method:  "GET",
		Mount:   client.MountShared,
		Path:    "/notifications",
		Effect:  client.EffectRead,
		Paging:  client.PagingLimitOffset,
		MaxPage: 100,
		Items:   "notifications",
	}
	opListPropertyLists = client.Operation{
		ID:      "listPropertyLists",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/advertisers/{advertiserId}/property-lists",
		Effect:  client.EffectRead,
		Paging:  client.PagingTakeSkip,
		MaxPage: 250,
		Items:   "propertyLists",
	}
	opListStorefronts = client.Operation{
		ID:      "listStorefronts",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/storefronts",
		Effect:  client.EffectRead,
		Paging:  client.PagingLimitOffset,
		MaxPage: 100,
		Items:   "items",
	}
	opLogEvent = client.Operation{
		ID:     "logEvent",
		Method: "POST",
		Mount:  client.MountBuyer,
		Path:   "/advertisers/{advertiserId}/log-event",
		Effect: client.EffectIdempotent,
	}
	opSyncAudiences = client.Operation{
		ID:     "syncAudiences",
		Method: "POST",
		Mount:  client.MountBuyer,
		Path:   "/advertisers/{accountId}/audiences/sync",
		Effect: client.EffectOnce,
	}
	opSyncMeasurementData = client.Operation{
		ID:     "syncMeasurementData",
		Method: "POST",
		Mount:  client.MountBuyer,
		Path:   "/advertisers/{advertiserId}/measurement-data/sync",
		Effect: client.EffectOnce,
	}
)

// check tells what is wrong with the parameters before anything is sent.
func (p EventLog) check(s check.Sink) {
	check.Required(s, "event_source_id", p.EventSourceID, "")
	check.MaxLength(s, "event_source_id", string(p.EventSourceID), 256)
	check.MaxLength(s, "test_event_code", p.TestEventCode, 256)
}

// check tells what is wrong with the parameters before anything is sent.
func (p Event) check(s check.Sink) {
	check.Required(s, "event_id", p.EventID, "")
	check.MaxLength(s, "event_id", p.EventID, 256)
	check.Required(s, "event_type", p.EventType, "")
	check.OneOf(s, "event_type", p.EventType, EventTypePageView, EventTypeViewContent, EventTypeSelectContent, EventTypeSelectItem, EventTypeSearch, EventTypeShare, EventTypeAddToCart, EventTypeRemoveFromCart, EventTypeViewedCart, EventTypeAddToWishlist, EventTypeInitiateCheckout, EventTypeAddPaymentInfo, EventTypePurchase, EventTypeRefund, EventTypeLead, EventTypeQualifyLead, EventTypeCloseConvertLead, EventTypeDisqualifyLead, EventTypeCompleteRegistration, EventTypeSubscribe, EventTypeFollow, EventTypeContentView, EventTypeWatchMilestone, EventTypeStartTrial, EventTypeAppInstall, EventTypeAppLaunch, EventTypeContact, EventTypeSchedule, EventTypeDonate, EventTypeSubmitApplication, EventTypeCustom)
	check.Required(s, "event_time", p.EventTime, "")
	check.OneOf(s, "action_source", p.ActionSource, ActionSourceWebsite, ActionSourceApp, ActionSourceInStore, ActionSourcePhoneCall, ActionSourceSystemGenerated, ActionSourceOther)
	check.MaxLength(s, "custom_event_name", p.CustomEventName, 256)
}

// check tells what is wrong with the parameters before anything is sent.
func (p AudienceChange) check(s check.Sink) {
	check.Required(s, "audienceId", p.AudienceID, "")
	check.MaxLength(s, "audienceId", string(p.AudienceID), 255)
	check.MaxLength(s, "name", p.Name, 255)
	check.OneOf(s, "consentBasis", p.ConsentBasis, BasisConsent, BasisLegitimateInterest, BasisContract, BasisLegalObligation)
}

// check tells what is wrong with the parameters before anything is sent.
func (p Measurement) check(s check.Sink) {
	check.Required(s, "start_time", p.StartTime, "")
	check.Required(s, "end_time", p.EndTime, "")
	check.Required(s, "metric_id", p.MetricID, "")
	check.OneOf(s, "metric_id", p.MetricID, MetricRevenue, MetricIncrementalRevenue, MetricConversions, MetricIncrementalConversions, MetricPageViewCount, MetricAddToCartCount, MetricPurchaseCount, MetricLTV1D, MetricLTV7D, MetricLTV30D)
	check.Required(s, "unit", p.Unit, "")
	check.OneOf(s, "unit", p.Unit, UnitCurrency, UnitCount, UnitRatio, UnitPercentage)
	check.MaxLength(s, "campaign_id", string(p.CampaignID), 255)
	check.MaxLength(s, "media_buy_id", string(p.MediaBuyID), 255)
	check.MaxLength(s, "package_id", string(p.PackageID), 255)
	check.MaxLength(s, "creative_id", string(p.CreativeID), 255)
	check.OneOf(s, "source", p.Source, SourceAdvertiser, SourceMMP, SourceMeasurementPartner)
	check.MaxLength(s, "source_platform", p.SourcePlatform, 255)
	check.MaxLength(s, "source_metric_name", p.SourceMetricName, 255)
	check.MaxLength(s, "external_row_id", p.ExternalRowID, 255)
}

// CampaignGetParams narrows getCampaign. Zero fields are not sent.
type CampaignGetParams struct {
	// Have it read anew; the platform does not document from where.
	Fresh bool
	// Show these media buys only; all of them where it is empty.
	MediaBuyID []client.ID
	// Further fields to return. The documented one is geo_metro_names, for Campaign.Constraints.GeoMetroNames.
	Fields []string
	// Whether to show Campaign.PropertyLists.
	IncludePropertyLists bool
	// Whether products have their format options, which the platform sends unless this is client.Set(false).
	IncludeProductDetails client.Field[bool]
}

// query is what is sent; nil when nothing is.
func (p CampaignGetParams) query() url.Values {
	v := url.Values{}
	if p.Fresh {
		v.Set("fresh", "true")
	}
	for _, one := range p.MediaBuyID {
		v.Add("mediaBuyId", string(one))
	}
	for _, one := range p.Fields {
		v.Add("fields", one)
	}
	if p.IncludePropertyLists {
		v.Set("includePropertyLists", "true")
	}
	if !p.IncludeProductDetails.IsZero() {
		v.Set("includeProductDetails", strconv.FormatBool(p.IncludeProductDetails.Value()))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p CampaignGetParams) check(s check.Sink) {
	check.EachGiven(s, "mediaBuyId", p.MediaBuyID)
	check.EachGiven(s, "fields", p.Fields)
}

// MetricsParams narrows getReportingMetrics. Zero fields are not sent.
type MetricsParams struct {
	// Only what concerns this advertiser; empty for all.
	AdvertiserID client.ID
	// Only what concerns this campaign; empty for all.
	CampaignID client.ID
	// The first day, as YYYY-MM-DD; goes with EndDate and without Days.
	StartDate string
	// The last day, as YYYY-MM-DD.
	EndDate string
	// The number of days to look back; client.Set(0) is the whole flight. Defaults to 7 when no dates are set: 0 to
	// 90; the platform's default is 7.
	Days client.Field[int]
	// Consolidate the sums in this currency, by its ISO 4217 code.
	DisplayCurrency string
	// Return made-up figures, to try reports without campaigns. Always sent.
	Demo bool
}

// query is what is sent; nil when nothing is.
func (p MetricsParams) query() url.Values {
	v := url.Values{}
	if p.AdvertiserID != "" {
		v.Set("advertiserId", string(p.AdvertiserID))
	}
	if p.CampaignID != "" {
		v.Set("campaignId", string(p.CampaignID))
	}
	if p.StartDate != "" {
		v.Set("startDate", p.StartDate)
	}
	if p.EndDate != "" {
		v.Set("endDate", p.EndDate)
	}
	if !p.Days.IsZero() {
		v.Set("days", strconv.Itoa(p.Days.Value()))
	}
	if p.DisplayCurrency != "" {
		v.Set("displayCurrency", p.DisplayCurrency)
	}
	v.Set("demo", strconv.FormatBool(p.Demo))
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p MetricsParams) check(s check.Sink) {
	check.Date(s, "startDate", p.StartDate)
	check.Date(s, "endDate", p.EndDate)
	check.Between(s, "days", p.Days.Value(), 0, 90)
}

// ActivityCallListParams narrows listActivityCalls. Zero fields are not sent.
type ActivityCallListParams struct {
	// Only those from then on.
	StartTime time.Time
	// Only those until this time; zero for no end.
	EndTime time.Time
	// Only those of this workload.
	WorkloadUID client.ID
	// Only those of this run.
	RunUID client.ID
	// Only those of the run with this id of the caller's own: at most 128 characters.
	ClientRunID string
	// Only those for this advertiser.
	AdvertiserID client.ID
	// Only those in this environment.
	Environment ActivityEnvironment
	// Only those with this outcome.
	Outcome ActivityOutcome
	// Only those of this operation: at most 240 characters.
	Operation string
	// Only those over this interface.
	Surface ActivitySurface
	// Whether to show diagnostic calls too.
	IncludeDiagnostics bool
	// Calls of the protocol itself too.
	IncludeProtocol bool
	// The number of items on a page: 1 to 200; the platform's default is 50.
	PageSize int
	// PageToken continues from Page.Next of an earlier answer.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p ActivityCallListParams) query() url.Values {
	v := url.Values{}
	if !p.StartTime.IsZero() {
		v.Set("startTime", p.StartTime.UTC().Format(time.RFC3339Nano))
	}
	if !p.EndTime.IsZero() {
		v.Set("endTime", p.EndTime.UTC().Format(time.RFC3339Nano))
	}
	if p.WorkloadUID != "" {
		v.Set("workloadUid", string(p.WorkloadUID))
	}
	if p.RunUID != "" {
		v.Set("runUid", string(p.RunUID))
	}
	if p.ClientRunID != "" {
		v.Set("clientRunId", p.ClientRunID)
	}
	if p.AdvertiserID != "" {
		v.Set("advertiserId", string(p.AdvertiserID))
	}
	if p.Environment != "" {
		v.Set("environment", string(p.Environment))
	}
	if p.Outcome != "" {
		v.Set("outcome", string(p.Outcome))
	}
	if p.Operation != "" {
		v.Set("operation", p.Operation)
	}
	if p.Surface != "" {
		v.Set("surface", string(p.Surface))
	}
	if p.IncludeDiagnostics {
		v.Set("includeDiagnostics", "true")
	}
	if p.IncludeProtocol {
		v.Set("includeProtocol", "true")
	}
	if p.PageSize != 0 {
		v.Set("limit", strconv.Itoa(p.PageSize))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p ActivityCallListParams) check(s check.Sink) {
	check.MaxLength(s, "clientRunId", p.ClientRunID, 128)
	check.OneOf(s, "environment", p.Environment, ActivityEnvironmentProduction, ActivityEnvironmentSandbox, ActivityEnvironmentUnknown, ActivityEnvironmentNotApplicable)
	check.OneOf(s, "outcome", p.Outcome, ActivityOutcomeSucceeded, ActivityOutcomeAccepted, ActivityOutcomeDenied, ActivityOutcomeFailed, ActivityOutcomeCancelled, ActivityOutcomeUnknown)
	check.MaxLength(s, "operation", p.Operation, 240)
	check.OneOf(s, "surface", p.Surface, ActivitySurfaceREST, ActivitySurfaceMCP, ActivitySurfaceA2A)
	check.Between(s, "limit", p.PageSize, 1, 200)
}

// CreativeListParams narrows listAdvertiserCreatives. Zero fields are not sent.
type CreativeListParams struct {
	// Only those with this in their name: at most 200 characters.
	Search string
	// Only those of the library, or only the others.
	Promoted client.Field[bool]
	// Only those of this role.
	Role CreativeRole
	// Only those from this source.
	Source CreativeSource
	// Only those of this kind of format: at most 255 characters.
	FormatKind string
	// Only those with an asset of this type.
	AssetType AssetType
	// Only those of this size, such as 300x250.
	Dimensions string
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier answer; Skip is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p CreativeListParams) query() url.Values {
	v := url.Values{}
	if p.Search != "" {
		v.Set("search", p.Search)
	}
	if !p.Promoted.IsZero() {
		v.Set("promoted", strconv.FormatBool(p.Promoted.Value()))
	}
	if p.Role != "" {
		v.Set("role", string(p.Role))
	}
	if p.Source != "" {
		v.Set("source", string(p.Source))
	}
	if p.FormatKind != "" {
		v.Set("format_kind", p.FormatKind)
	}
	if p.AssetType != "" {
		v.Set("asset_type", string(p.AssetType))
	}
	if p.Dimensions != "" {
		v.Set("dimensions", p.Dimensions)
	}
	if p.PageSize != 0 {
		v.Set("take", strconv.Itoa(p.PageSize))
	}
	if p.Skip != 0 {
		v.Set("skip", strconv.Itoa(p.Skip))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p CreativeListParams) check(s check.Sink) {
	check.MaxLength(s, "search", p.Search, 200)
	check.OneOf(s, "role", p.Role, CreativeRoleEvergreen, CreativeRoleReference)
	check.OneOf(s, "source", p.Source, CreativeSourceUploaded, CreativeSourceGenerated, CreativeSourceConnected)
	check.MaxLength(s, "format_kind", p.FormatKind, 255)
	check.OneOf(s, "asset_type", p.AssetType, AssetTypeImage, AssetTypeVideo, AssetTypeAudio, AssetTypeHTML, AssetTypeJavascript, AssetTypeCSS, AssetTypeText, AssetTypeURL, AssetTypeVAST, AssetTypeFont, AssetTypeLogo, AssetTypeDocument)
	check.Between(s, "take", p.PageSize, 1, 250)
	check.AtLeast(s, "skip", p.Skip, 0)
}

// AdvertiserListParams narrows listAdvertisers. Zero fields are not sent.
type AdvertiserListParams struct {
	// Only those of this status; the platform's default is ACTIVE.
	Status AdvertiserStatus
	// Only those with this in their name.
	Name string
	// Only those with an account at this partner.
	LinkedAccountPartnerID client.ID
	// Only those to try things with, or only the others.
	Sandbox client.Field[bool]
	// Whether to show the brand of each advertiser.
	IncludeBrand bool
	// The number of items on a page: 1 to 100; the platform's default is 100.
	PageSize int
	// The number of items at the beginning to pass over.
	Offset int
	// PageToken continues from Page.Next of an earlier answer; Offset is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p AdvertiserListParams) query() url.Values {
	v := url.Values{}
	if p.Status != "" {
		v.Set("status", string(p.Status))
	}
	if p.Name != "" {
		v.Set("name", p.Name)
	}
	if p.LinkedAccountPartnerID != "" {
		v.Set("linkedAccountPartnerId", string(p.LinkedAccountPartnerID))
	}
	if !p.Sandbox.IsZero() {
		v.Set("sandbox", strconv.FormatBool(p.Sandbox.Value()))
	}
	if p.IncludeBrand {
		v.Set("includeBrand", "true")
	}
	if p.PageSize != 0 {
		v.Set("limit", strconv.Itoa(p.PageSize))
	}
	if p.Offset != 0 {
		v.Set("offset", strconv.Itoa(p.Offset))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p AdvertiserListParams) check(s check.Sink) {
	check.OneOf(s, "status", p.Status, AdvertiserStatusActive, AdvertiserStatusArchived, AdvertiserStatusAll)
	check.Between(s, "limit", p.PageSize, 1, 100)
	check.AtLeast(s, "offset", p.Offset, 0)
}

// AudienceListParams narrows listAudiences. Zero fields are not sent.
type AudienceListParams struct {
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier answer; Skip is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p AudienceListParams) query() url.Values {
	v := url.Values{}
	if p.PageSize != 0 {
		v.Set("take", strconv.Itoa(p.PageSize))
	}
	if p.Skip != 0 {
		v.Set("skip", strconv.Itoa(p.Skip))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p AudienceListParams) check(s check.Sink) {
	check.Between(s, "take", p.PageSize, 1, 250)
	check.AtLeast(s, "skip", p.Skip, 0)
}

// AuditLogListParams narrows listBuyerAuditLogs. Zero fields are not sent.
type AuditLogListParams struct {
	// Only those from then on: a day, as YYYY-MM-DD, or a time, as RFC 3339. Which of them the platform wants is
	// not documented.
	StartDate string
	// Only those until then: likewise.
	EndDate string
	// Only those of this advertiser.
	AdvertiserID client.ID
	// Only those of this campaign.
	CampaignID client.ID
	// Only those about resources of these types; empty for all.
	ResourceTypes []AuditResource
	// Only those about the resource of this id; empty for all.
	ResourceID client.ID
	// Only those that tell of these.
	Actions []AuditAction
	// Only those of actors of this kind.
	ActorOrigin ActorOrigin
	// Only those of this user.
	ActorUserID client.ID
	// Only those of the user with this address.
	ActorUserEmail string
	// Only those with this outcome.
	Outcome AuditOutcome
	// The number of items on a page: 1 to 500; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier answer; Skip is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p AuditLogListParams) query() url.Values {
	v := url.Values{}
	if p.StartDate != "" {
		v.Set("startDate", p.StartDate)
	}
	if p.EndDate != "" {
		v.Set("endDate", p.EndDate)
	}
	if p.AdvertiserID != "" {
		v.Set("advertiserId", string(p.AdvertiserID))
	}
	if p.CampaignID != "" {
		v.Set("campaignId", string(p.CampaignID))
	}
	for _, one := range p.ResourceTypes {
		v.Add("resourceTypes", string(one))
	}
	if p.ResourceID != "" {
		v.Set("resourceId", string(p.ResourceID))
	}
	for _, one := range p.Actions {
		v.Add("actions", string(one))
	}
	if p.ActorOrigin != "" {
		v.Set("actorOrigin", string(p.ActorOrigin))
	}
	if p.ActorUserID != "" {
		v.Set("actorUserId", string(p.ActorUserID))
	}
	if p.ActorUserEmail != "" {
		v.Set("actorUserEmail", p.ActorUserEmail)
	}
	if p.Outcome != "" {
		v.Set("outcome", string(p.Outcome))
	}
	if p.PageSize != 0 {
		v.Set("take", strconv.Itoa(p.PageSize))
	}
	if p.Skip != 0 {
		v.Set("skip", strconv.Itoa(p.Skip))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p AuditLogListParams) check(s check.Sink) {
	check.DayOrTime(s, "startDate", p.StartDate)
	check.DayOrTime(s, "endDate", p.EndDate)
	check.EachOf(s, "resourceTypes", p.ResourceTypes, AuditResourceAdvertiser, AuditResourceCampaign, AuditResourceCreative, AuditResourceMediaBuy, AuditResourceProduct, AuditResourcePackage)
	check.EachOf(s, "actions", p.Actions, AuditActionCreate, AuditActionUpdate, AuditActionDelete, AuditActionArchive, AuditActionExecute, AuditActionActivate, AuditActionDeactivate)
	check.OneOf(s, "actorOrigin", p.ActorOrigin, ActorOriginHuman, ActorOriginAgent, ActorOriginAutonomous, ActorOriginSystem)
	check.OneOf(s, "outcome", p.Outcome, AuditOutcomeSucceeded, AuditOutcomeDenied, AuditOutcomeFailed)
	check.Between(s, "take", p.PageSize, 1, 500)
	check.AtLeast(s, "skip", p.Skip, 0)
}

// CampaignListParams narrows listCampaigns. Zero fields are not sent.
type CampaignListParams struct {
	// Only those of this advertiser.
	AdvertiserID client.ID
	// Only those with this in their name.
	Name string
	// Only those in one of these states.
	Status []CampaignStatus
	// Only those that buy in one of these ways.
	Mode []CampaignMode
	// Only those that are managed, or only the others; the platform's default is all.
	Management CampaignManagement
	// Only those with a media buy in one of these states.
	MediaBuyStatus []MediaBuyPhase
	// Whether to show archived ones too.
	IncludeArchived bool
	// Further fields to return. The documented one is geo_metro_names, for Campaign.Constraints.GeoMetroNames.
	Fields []string
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier answer; Skip is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p CampaignListParams) query() url.Values {
	v := url.Values{}
	if p.AdvertiserID != "" {
		v.Set("advertiserId", string(p.AdvertiserID))
	}
	if p.Name != "" {
		v.Set("name", p.Name)
	}
	for _, one := range p.Status {
		v.Add("status", string(one))
	}
	for _, one := range p.Mode {
		v.Add("mode", string(one))
	}
	if p.Management != "" {
		v.Set("management", string(p.Management))
	}
	for _, one := range p.MediaBuyStatus {
		v.Add("mediaBuyStatus", string(one))
	}
	if p.IncludeArchived {
		v.Set("includeArchived", "true")
	}
	for _, one := range p.Fields {
		v.Add("fields", one)
	}
	if p.PageSize != 0 {
		v.Set("take", strconv.Itoa(p.PageSize))
	}
	if p.Skip != 0 {
		v.Set("skip", strconv.Itoa(p.Skip))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p CampaignListParams) check(s check.Sink) {
	check.EachOf(s, "status", p.Status, CampaignStatusDraft, CampaignStatusActive, CampaignStatusPaused, CampaignStatusCompleted, CampaignStatusCanceled, CampaignStatusArchived, CampaignStatusAll)
	check.EachOf(s, "mode", p.Mode, ModeDiscovery, ModePerformance, ModeDirected)
	check.OneOf(s, "management", p.Management, ManagementTracked, ManagementManaged, ManagementAll)
	check.EachOf(s, "mediaBuyStatus", p.MediaBuyStatus, MediaBuyPhaseDraft, MediaBuyPhasePendingApproval, MediaBuyPhaseInputRequired, MediaBuyPhaseActive, MediaBuyPhasePaused, MediaBuyPhaseCompleted, MediaBuyPhaseCanceled, MediaBuyPhaseFailed, MediaBuyPhaseRejected, MediaBuyPhaseArchived)
	check.EachGiven(s, "fields", p.Fields)
	check.Between(s, "take", p.PageSize, 1, 250)
	check.AtLeast(s, "skip", p.Skip, 0)
}

// CatalogListParams narrows listCatalogs. Zero fields are not sent.
type CatalogListParams struct {
	// Only those that list this.
	Type CatalogType
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier answer; Skip is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p CatalogListParams) query() url.Values {
	v := url.Values{}
	if p.Type != "" {
		v.Set("type", string(p.Type))
	}
	if p.PageSize != 0 {
		v.Set("take", strconv.Itoa(p.PageSize))
	}
	if p.Skip != 0 {
		v.Set("skip", strconv.Itoa(p.Skip))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p CatalogListParams) check(s check.Sink) {
	check.OneOf(s, "type", p.Type, CatalogTypeOffering, CatalogTypeProduct, CatalogTypeInventory, CatalogTypeStore, CatalogTypePromotion, CatalogTypeHotel, CatalogTypeFlight, CatalogTypeJob, CatalogTypeVehicle, CatalogTypeRealEstate, CatalogTypeEducation, CatalogTypeDestination, CatalogTypeApp)
	check.Between(s, "take", p.PageSize, 1, 250)
	check.AtLeast(s, "skip", p.Skip, 0)
}

// CampaignCreativeListParams narrows listCreatives. Zero fields are not sent.
type CampaignCreativeListParams struct {
	// Only those with this in their name.
	Search string
	// Items a page; the platform states no limit.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier answer; Skip is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p CampaignCreativeListParams) query() url.Values {
	v := url.Values{}
	if p.Search != "" {
		v.Set("search", p.Search)
	}
	if p.PageSize != 0 {
		v.Set("take", strconv.Itoa(p.PageSize))
	}
	if p.Skip != 0 {
		v.Set("skip", strconv.Itoa(p.Skip))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p CampaignCreativeListParams) check(s check.Sink) {
	check.AtLeast(s, "take", p.PageSize, 1)
	check.AtLeast(s, "skip", p.Skip, 0)
}

// EventSourceListParams narrows listEventSources. Zero fields are not sent.
type EventSourceListParams struct {
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier answer; Skip is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p EventSourceListParams) query() url.Values {
	v := url.Values{}
	if p.PageSize != 0 {
		v.Set("take", strconv.Itoa(p.PageSize))
	}
	if p.Skip != 0 {
		v.Set("skip", strconv.Itoa(p.Skip))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p EventSourceListParams) check(s check.Sink) {
	check.Between(s, "take", p.PageSize, 1, 250)
	check.AtLeast(s, "skip", p.Skip, 0)
}

// NotificationListParams narrows listNotifications. Zero fields are not sent.
type NotificationListParams struct {
	// Only those about this brand agent.
	BrandAgentID client.ID
	// Only those about this campaign.
	CampaignID client.ID
	// Only those about this creative.
	CreativeID client.ID
	// Only those of this status.
	Status NotificationStatus
	// Only those of this type, such as campaign.created.
	Types string
	// Only those that were not read.
	UnreadOnly bool
	// The number of items on a page: 1 to 100.
	PageSize int
	// The number of items at the beginning to pass over.
	Offset int
	// PageToken continues from Page.Next of an earlier answer; Offset is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p NotificationListParams) query() url.Values {
	v := url.Values{}
	if p.BrandAgentID != "" {
		v.Set("brandAgentId", string(p.BrandAgentID))
	}
	if p.CampaignID != "" {
		v.Set("campaignId", string(p.CampaignID))
	}
	if p.CreativeID != "" {
		v.Set("creativeId", string(p.CreativeID))
	}
	if p.Status != "" {
		v.Set("status", string(p.Status))
	}
	if p.Types != "" {
		v.Set("types", p.Types)
	}
	if p.UnreadOnly {
		v.Set("unreadOnly", "true")
	}
	if p.PageSize != 0 {
		v.Set("limit", strconv.Itoa(p.PageSize))
	}
	if p.Offset != 0 {
		v.Set("offset", strconv.Itoa(p.Offset))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p NotificationListParams) check(s check.Sink) {
	check.OneOf(s, "status", p.Status, NotificationStatusSuccess, NotificationStatusError, NotificationStatusWarning, NotificationStatusInfo)
	check.Between(s, "limit", p.PageSize, 1, 100)
	check.AtLeast(s, "offset", p.Offset, 0)
}

// PropertyListListParams narrows listPropertyLists. Zero fields are not sent.
type PropertyListListParams struct {
	// Only property lists for this purpose; empty for all.
	Purpose PropertyListPurpose
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier answer; Skip is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p PropertyListListParams) query() url.Values {
	v := url.Values{}
	if p.Purpose != "" {
		v.Set("purpose", string(p.Purpose))
	}
	if p.PageSize != 0 {
		v.Set("take", strconv.Itoa(p.PageSize))
	}
	if p.Skip != 0 {
		v.Set("skip", strconv.Itoa(p.Skip))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p PropertyListListParams) check(s check.Sink) {
	check.OneOf(s, "purpose", p.Purpose, PropertyListPurposeInclude, PropertyListPurposeExclude)
	check.Between(s, "take", p.PageSize, 1, 250)
	check.AtLeast(s, "skip", p.Skip, 0)
}

// StorefrontListParams narrows listStorefronts. Zero fields are not sent.
type StorefrontListParams struct {
	// Only those with this in their name.
	Name string
	// Only those of this status.
	Status StorefrontStatus
	// Only those that offer this channel.
	Channel string
	// Only those that cover this region.
	Region string
	// Only those of this visibility.
	Visibility StorefrontVisibility
	// Only those of this publisher.
	PublisherDomain string
	// The number of items on a page: 1 to 100.
	PageSize int
	// The number of items at the beginning to pass over.
	Offset int
	// PageToken continues from Page.Next of an earlier answer; Offset is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p StorefrontListParams) query() url.Values {
	v := url.Values{}
	if p.Name != "" {
		v.Set("name", p.Name)
	}
	if p.Status != "" {
		v.Set("status", string(p.Status))
	}
	if p.Channel != "" {
		v.Set("channel", p.Channel)
	}
	if p.Region != "" {
		v.Set("region", p.Region)
	}
	if p.Visibility != "" {
		v.Set("visibility", string(p.Visibility))
	}
	if p.PublisherDomain != "" {
		v.Set("publisherDomain", p.PublisherDomain)
	}
	if p.PageSize != 0 {
		v.Set("limit", strconv.Itoa(p.PageSize))
	}
	if p.Offset != 0 {
		v.Set("offset", strconv.Itoa(p.Offset))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p StorefrontListParams) check(s check.Sink) {
	check.OneOf(s, "status", p.Status, StorefrontStatusConfiguring, StorefrontStatusTransacting, StorefrontStatusArchived, StorefrontStatusNeutral, StorefrontStatusPaused)
	check.OneOf(s, "visibility", p.Visibility, StorefrontVisibilityPublic, StorefrontVisibilityPrivate)
	check.Between(s, "limit", p.PageSize, 1, 100)
	check.AtLeast(s, "offset", p.Offset, 0)
}
