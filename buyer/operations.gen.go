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

// ruleActivityEnvironment is the schema of a request.
var ruleActivityEnvironment = check.Rule{Type: check.String, Enum: []string{"production", "sandbox", "unknown", "not_applicable"}}

// ruleActivityOutcome is the schema of a request.
var ruleActivityOutcome = check.Rule{Type: check.String, Enum: []string{"succeeded", "accepted", "denied", "failed", "cancelled", "unknown"}}

// ruleActivitySurface is the schema of a request.
var ruleActivitySurface = check.Rule{Type: check.String, Enum: []string{"rest", "mcp", "a2a"}}

// ruleCreativeRole is the schema of a request.
var ruleCreativeRole = check.Rule{Type: check.String, Enum: []string{"evergreen", "reference"}}

// ruleCreativeSource is the schema of a request.
var ruleCreativeSource = check.Rule{Type: check.String, Enum: []string{"uploaded", "generated", "connected"}}

// ruleAssetType is the schema of a request.
var ruleAssetType = check.Rule{Type: check.String, Enum: []string{"IMAGE", "VIDEO", "AUDIO", "HTML", "JAVASCRIPT", "CSS", "TEXT", "URL", "VAST", "FONT", "LOGO", "DOCUMENT"}}

// ruleAdvertiserStatus is the schema of a request.
var ruleAdvertiserStatus = check.Rule{Type: check.String, Enum: []string{"ACTIVE", "ARCHIVED", "ALL"}}

// ruleAuditResource is the schema of a request.
var ruleAuditResource = check.Rule{Type: check.String, Enum: []string{"ADVERTISER", "CAMPAIGN", "CREATIVE", "MEDIA_BUY", "PRODUCT", "PACKAGE"}}

// ruleAuditAction is the schema of a request.
var ruleAuditAction = check.Rule{Type: check.String, Enum: []string{"CREATE", "UPDATE", "DELETE", "ARCHIVE", "EXECUTE", "ACTIVATE", "DEACTIVATE"}}

// ruleActorOrigin is the schema of a request.
var ruleActorOrigin = check.Rule{Type: check.String, Enum: []string{"human", "agent", "autonomous", "system"}}

// ruleAuditOutcome is the schema of a request.
var ruleAuditOutcome = check.Rule{Type: check.String, Enum: []string{"succeeded", "denied", "failed"}}

// ruleCampaignStatus is the schema of a request.
var ruleCampaignStatus = check.Rule{Type: check.String, Enum: []string{"DRAFT", "ACTIVE", "PAUSED", "COMPLETED", "CANCELED", "ARCHIVED", "ALL"}}

// ruleCampaignMode is the schema of a request.
var ruleCampaignMode = check.Rule{Type: check.String, Enum: []string{"discovery", "performance", "directed"}}

// ruleCampaignManagement is the schema of a request.
var ruleCampaignManagement = check.Rule{Type: check.String, Enum: []string{"tracked", "managed", "all"}}

// ruleMediaBuyPhase is the schema of a request.
var ruleMediaBuyPhase = check.Rule{Type: check.String, Enum: []string{"DRAFT", "PENDING_APPROVAL", "INPUT_REQUIRED", "ACTIVE", "PAUSED", "COMPLETED", "CANCELED", "FAILED", "REJECTED", "ARCHIVED"}}

// ruleCatalogType is the schema of a request.
var ruleCatalogType = check.Rule{Type: check.String, Enum: []string{"offering", "product", "inventory", "store", "promotion", "hotel", "flight", "job", "vehicle", "real_estate", "education", "destination", "app"}}

// ruleNotificationStatus is the schema of a request.
var ruleNotificationStatus = check.Rule{Type: check.String, Enum: []string{"success", "error", "warning", "info"}}

// rulePropertyListPurpose is the schema of a request.
var rulePropertyListPurpose = check.Rule{Type: check.String, Enum: []string{"include", "exclude"}}

// ruleStorefrontStatus is the schema of a request.
var ruleStorefrontStatus = check.Rule{Type: check.String, Enum: []string{"configuring", "transacting", "archived", "neutral", "paused"}}

// ruleStorefrontVisibility is the schema of a request.
var ruleStorefrontVisibility = check.Rule{Type: check.String, Enum: []string{"public", "private"}}

// ruleEventType is the schema of a request.
var ruleEventType = check.Rule{Type: check.String, Enum: []string{"page_view", "view_content", "select_content", "select_item", "search", "share", "add_to_cart", "remove_from_cart", "viewed_cart", "add_to_wishlist", "initiate_checkout", "add_payment_info", "purchase", "refund", "lead", "qualify_lead", "close_convert_lead", "disqualify_lead", "complete_registration", "subscribe", "follow", "content_view", "watch_milestone", "start_trial", "app_install", "app_launch", "contact", "schedule", "donate", "submit_application", "custom"}}

// ruleUID is the schema of a request.
var ruleUID = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "type", Rule: &check.Rule{Type: check.String}, Required: true},
	{Name: "value", Rule: &check.Rule{Type: check.String}, Required: true},
}}

// ruleUserMatch is the schema of a request.
var ruleUserMatch = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "uids", Rule: &check.Rule{Type: check.Array, Items: &ruleUID}},
	{Name: "hashed_email", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^[0-9a-f]{64}$`, Message: "must be a SHA-256 in lower-case hex"}}},
	{Name: "hashed_phone", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^[0-9a-f]{64}$`, Message: "must be a SHA-256 in lower-case hex"}}},
	{Name: "click_id", Rule: &check.Rule{Type: check.String, MaxSize: 512}},
	{Name: "click_id_type", Rule: &check.Rule{Type: check.String, MaxSize: 64}},
	{Name: "client_ip", Rule: &check.Rule{Type: check.String, MaxSize: 45}},
	{Name: "client_user_agent", Rule: &check.Rule{Type: check.String, MaxSize: 512}},
}}

// ruleEventData is the schema of a request.
var ruleEventData = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "value", Rule: &check.Rule{Type: check.Number}},
	{Name: "currency", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^[A-Z]{3}$`, Message: "must be three capital letters"}}},
	{Name: "order_id", Rule: &check.Rule{Type: check.String, MaxSize: 256}},
	{Name: "content_ids", Rule: &check.Rule{Type: check.Array, Items: &check.Rule{Type: check.String, MaxSize: 256}}},
	{Name: "content_type", Rule: &check.Rule{Type: check.String, MaxSize: 128}},
	{Name: "num_items", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}}

// ruleActionSource is the schema of a request.
var ruleActionSource = check.Rule{Type: check.String, Enum: []string{"website", "app", "in_store", "phone_call", "system_generated", "other"}}

// ruleEvent is the schema of a request.
var ruleEvent = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "event_id", Rule: &check.Rule{Type: check.String, MinSize: 1, MaxSize: 256}, Required: true},
	{Name: "event_type", Rule: &ruleEventType, Required: true},
	{Name: "event_time", Rule: &check.Rule{Type: check.String, Format: check.FormatTime}, Required: true},
	{Name: "user_match", Rule: &ruleUserMatch},
	{Name: "custom_data", Rule: &ruleEventData},
	{Name: "action_source", Rule: &ruleActionSource},
	{Name: "custom_event_name", Rule: &check.Rule{Type: check.String, MaxSize: 256}},
}}

// ruleEventLog is the schema of a request.
var ruleEventLog = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "event_source_id", Rule: &check.Rule{MinSize: 1, MaxSize: 256}, Required: true},
	{Name: "events", Rule: &check.Rule{Type: check.Array, MinSize: 1, MaxSize: 10000, Items: &ruleEvent}, Required: true},
	{Name: "test_event_code", Rule: &check.Rule{Type: check.String, MaxSize: 256}},
}}

// ruleAudienceMember is the schema of a request.
var ruleAudienceMember = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "externalId", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
	{Name: "hashedEmail", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^[0-9a-f]{64}$`, Message: "must be a SHA-256 in lower-case hex"}}},
	{Name: "hashedPhone", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^[0-9a-f]{64}$`, Message: "must be a SHA-256 in lower-case hex"}}},
	{Name: "uids", Rule: &check.Rule{Type: check.Array, MinSize: 1, Items: &ruleUID}},
}}

// ruleConsentBasis is the schema of a request.
var ruleConsentBasis = check.Rule{Type: check.String, Enum: []string{"consent", "legitimate_interest", "contract", "legal_obligation"}}

// ruleAudienceChange is the schema of a request.
var ruleAudienceChange = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "audienceId", Rule: &check.Rule{MinSize: 1, MaxSize: 255}, Required: true},
	{Name: "name", Rule: &check.Rule{Type: check.String, MaxSize: 255}},
	{Name: "add", Rule: &check.Rule{Type: check.Array, MaxSize: 100000, Items: &ruleAudienceMember}},
	{Name: "remove", Rule: &check.Rule{Type: check.Array, MaxSize: 100000, Items: &ruleAudienceMember}},
	{Name: "consentBasis", Rule: &ruleConsentBasis},
}}

// rulePushScheme is the schema of a request.
var rulePushScheme = check.Rule{Type: check.String, Enum: []string{"Bearer", "HMAC-SHA256"}}

// rulePushAuthentication is the schema of a request.
var rulePushAuthentication = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "schemes", Rule: &check.Rule{Type: check.Array, Items: &rulePushScheme}, Required: true},
	{Name: "credentials", Rule: &check.Rule{Type: check.String, MinSize: 32}, Required: true},
}}

// rulePushNotificationConfig is the schema of a request.
var rulePushNotificationConfig = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "url", Rule: &check.Rule{Type: check.String}, Required: true},
	{Name: "operation_id", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^[A-Za-z0-9_.:-]{1,255}$`}, MinSize: 1, MaxSize: 255}},
	{Name: "token", Rule: &check.Rule{Type: check.String, MinSize: 16, MaxSize: 4096}},
	{Name: "authentication", Rule: &rulePushAuthentication},
}}

// ruleAudienceSync is the schema of a request.
var ruleAudienceSync = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "audiences", Rule: &check.Rule{Type: check.Array, MinSize: 1, Items: &ruleAudienceChange}, Required: true},
	{Name: "pushNotificationConfig", Rule: &rulePushNotificationConfig},
}}

// ruleMetricID is the schema of a request.
var ruleMetricID = check.Rule{Type: check.String, Enum: []string{"revenue", "incremental_revenue", "conversions", "incremental_conversions", "page_view_count", "add_to_cart_count", "purchase_count", "ltv_1d", "ltv_7d", "ltv_30d"}}

// ruleMetricUnit is the schema of a request.
var ruleMetricUnit = check.Rule{Type: check.String, Enum: []string{"currency", "count", "ratio", "percentage"}}

// ruleMeasurementSource is the schema of a request.
var ruleMeasurementSource = check.Rule{Type: check.String, Enum: []string{"advertiser", "mmp", "measurement_partner"}}

// ruleMeasurement is the schema of a request.
var ruleMeasurement = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "start_time", Rule: &check.Rule{Type: check.String, Format: check.FormatTime}, Required: true},
	{Name: "end_time", Rule: &check.Rule{Type: check.String, Format: check.FormatTime}, Required: true},
	{Name: "metric_id", Rule: &ruleMetricID, Required: true},
	{Name: "metric_value", Rule: &check.Rule{Type: check.Number}, Required: true},
	{Name: "unit", Rule: &ruleMetricUnit, Required: true},
	{Name: "currency", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^[A-Z]{3}$`, Message: "must be three capital letters"}}},
	{Name: "campaign_id", Rule: &check.Rule{MaxSize: 255}},
	{Name: "media_buy_id", Rule: &check.Rule{MaxSize: 255}},
	{Name: "package_id", Rule: &check.Rule{MaxSize: 255}},
	{Name: "creative_id", Rule: &check.Rule{MaxSize: 255}},
	{Name: "source", Rule: &ruleMeasurementSource},
	{Name: "source_platform", Rule: &check.Rule{Type: check.String, MaxSize: 255}},
	{Name: "source_metric_name", Rule: &check.Rule{Type: check.String, MaxSize: 255}},
	{Name: "external_row_id", Rule: &check.Rule{Type: check.String, MaxSize: 255}},
}}

// ruleMeasurementBatch is the schema of a request.
var ruleMeasurementBatch = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "measurements", Rule: &check.Rule{Type: check.Array, MinSize: 1, MaxSize: 1000, Items: &ruleMeasurement}, Required: true},
}}

// check reports every field that its schema does not allow.
func (p EventLog) check(r check.Reporter) { ruleEventLog.Value(r, p) }

// check reports every field that its schema does not allow.
func (p Event) check(r check.Reporter) { ruleEvent.Value(r, p) }

// check reports every field that its schema does not allow.
func (p AudienceSync) check(r check.Reporter) { ruleAudienceSync.Value(r, p) }

// check reports every field that its schema does not allow.
func (p AudienceChange) check(r check.Reporter) { ruleAudienceChange.Value(r, p) }

// check reports every field that its schema does not allow.
func (p measurementChunk) check(r check.Reporter) { ruleMeasurementBatch.Value(r, p) }

// check reports every field that its schema does not allow.
func (p Measurement) check(r check.Reporter) { ruleMeasurement.Value(r, p) }

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

// query returns the query string, or nil without parameters.
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

// queryGetCampaign holds the schemas of the parameters of getCampaign.
var queryGetCampaign = []check.Field{
	{Name: "mediaBuyId", Rule: &check.Rule{Type: check.Array}},
	{Name: "fields", Rule: &check.Rule{Type: check.Array}},
}

// check reports every parameter that its schema does not allow.
func (p CampaignGetParams) check(r check.Reporter) { check.Query(r, queryGetCampaign, p.query()) }

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

// query returns the query string, or nil without parameters.
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

// queryGetReportingMetrics holds the schemas of the parameters of getReportingMetrics.
var queryGetReportingMetrics = []check.Field{
	{Name: "startDate", Rule: &check.Rule{Type: check.String, Format: check.FormatDate}},
	{Name: "endDate", Rule: &check.Rule{Type: check.String, Format: check.FormatDate}},
	{Name: "days", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}, Max: &check.Limit{Value: 90}}},
	{Name: "displayCurrency", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^[A-Za-z]{3}$`, Message: "must be three letters"}}},
	{Name: "demo", Required: true},
}

// check reports every parameter that its schema does not allow.
func (p MetricsParams) check(r check.Reporter) { check.Query(r, queryGetReportingMetrics, p.query()) }

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
	// PageToken continues from Page.Next of an earlier page.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListActivityCalls holds the schemas of the parameters of listActivityCalls.
var queryListActivityCalls = []check.Field{
	{Name: "startTime", Rule: &check.Rule{Type: check.String, Format: check.FormatTime}},
	{Name: "endTime", Rule: &check.Rule{Type: check.String, Format: check.FormatTime}},
	{Name: "clientRunId", Rule: &check.Rule{Type: check.String, MaxSize: 128}},
	{Name: "environment", Rule: &ruleActivityEnvironment},
	{Name: "outcome", Rule: &ruleActivityOutcome},
	{Name: "operation", Rule: &check.Rule{Type: check.String, MaxSize: 240}},
	{Name: "surface", Rule: &ruleActivitySurface},
	{Name: "limit", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 200}}},
}

// check reports every parameter that its schema does not allow.
func (p ActivityCallListParams) check(r check.Reporter) {
	check.Query(r, queryListActivityCalls, p.query())
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
	// PageToken continues from Page.Next of an earlier page; Skip is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListAdvertiserCreatives holds the schemas of the parameters of listAdvertiserCreatives.
var queryListAdvertiserCreatives = []check.Field{
	{Name: "search", Rule: &check.Rule{Type: check.String, MaxSize: 200}},
	{Name: "role", Rule: &ruleCreativeRole},
	{Name: "source", Rule: &ruleCreativeSource},
	{Name: "format_kind", Rule: &check.Rule{Type: check.String, MaxSize: 255}},
	{Name: "asset_type", Rule: &ruleAssetType},
	{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 250}}},
	{Name: "skip", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p CreativeListParams) check(r check.Reporter) {
	check.Query(r, queryListAdvertiserCreatives, p.query())
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
	// PageToken continues from Page.Next of an earlier page; Offset is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListAdvertisers holds the schemas of the parameters of listAdvertisers.
var queryListAdvertisers = []check.Field{
	{Name: "status", Rule: &ruleAdvertiserStatus},
	{Name: "limit", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 100}}},
	{Name: "offset", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p AdvertiserListParams) check(r check.Reporter) {
	check.Query(r, queryListAdvertisers, p.query())
}

// AudienceListParams narrows listAudiences. Zero fields are not sent.
type AudienceListParams struct {
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier page; Skip is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListAudiences holds the schemas of the parameters of listAudiences.
var queryListAudiences = []check.Field{
	{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 250}}},
	{Name: "skip", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p AudienceListParams) check(r check.Reporter) { check.Numbers(r, queryListAudiences, p.query()) }

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
	// PageToken continues from Page.Next of an earlier page; Skip is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListBuyerAuditLogs holds the schemas of the parameters of listBuyerAuditLogs.
var queryListBuyerAuditLogs = []check.Field{
	{Name: "startDate", Rule: &check.Rule{Type: check.String, Format: check.FormatDateOrTime}},
	{Name: "endDate", Rule: &check.Rule{Type: check.String, Format: check.FormatDateOrTime}},
	{Name: "resourceTypes", Rule: &check.Rule{Type: check.Array, Items: &ruleAuditResource}},
	{Name: "actions", Rule: &check.Rule{Type: check.Array, Items: &ruleAuditAction}},
	{Name: "actorOrigin", Rule: &ruleActorOrigin},
	{Name: "outcome", Rule: &ruleAuditOutcome},
	{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 500}}},
	{Name: "skip", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p AuditLogListParams) check(r check.Reporter) {
	check.Query(r, queryListBuyerAuditLogs, p.query())
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
	// PageToken continues from Page.Next of an earlier page; Skip is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListCampaigns holds the schemas of the parameters of listCampaigns.
var queryListCampaigns = []check.Field{
	{Name: "status", Rule: &check.Rule{Type: check.Array, Items: &ruleCampaignStatus}},
	{Name: "mode", Rule: &check.Rule{Type: check.Array, Items: &ruleCampaignMode}},
	{Name: "management", Rule: &ruleCampaignManagement},
	{Name: "mediaBuyStatus", Rule: &check.Rule{Type: check.Array, Items: &ruleMediaBuyPhase}},
	{Name: "fields", Rule: &check.Rule{Type: check.Array}},
	{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 250}}},
	{Name: "skip", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p CampaignListParams) check(r check.Reporter) { check.Query(r, queryListCampaigns, p.query()) }

// CatalogListParams narrows listCatalogs. Zero fields are not sent.
type CatalogListParams struct {
	// Only those that list this.
	Type CatalogType
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier page; Skip is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListCatalogs holds the schemas of the parameters of listCatalogs.
var queryListCatalogs = []check.Field{
	{Name: "type", Rule: &ruleCatalogType},
	{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 250}}},
	{Name: "skip", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p CatalogListParams) check(r check.Reporter) { check.Query(r, queryListCatalogs, p.query()) }

// CampaignCreativeListParams narrows listCreatives. Zero fields are not sent.
type CampaignCreativeListParams struct {
	// Only those with this in their name.
	Search string
	// Items a page; the platform states no limit.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier page; Skip is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListCreatives holds the schemas of the parameters of listCreatives.
var queryListCreatives = []check.Field{
	{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}}},
	{Name: "skip", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p CampaignCreativeListParams) check(r check.Reporter) {
	check.Numbers(r, queryListCreatives, p.query())
}

// EventSourceListParams narrows listEventSources. Zero fields are not sent.
type EventSourceListParams struct {
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier page; Skip is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListEventSources holds the schemas of the parameters of listEventSources.
var queryListEventSources = []check.Field{
	{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 250}}},
	{Name: "skip", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p EventSourceListParams) check(r check.Reporter) {
	check.Numbers(r, queryListEventSources, p.query())
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
	// PageToken continues from Page.Next of an earlier page; Offset is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListNotifications holds the schemas of the parameters of listNotifications.
var queryListNotifications = []check.Field{
	{Name: "status", Rule: &ruleNotificationStatus},
	{Name: "limit", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 100}}},
	{Name: "offset", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p NotificationListParams) check(r check.Reporter) {
	check.Query(r, queryListNotifications, p.query())
}

// PropertyListListParams narrows listPropertyLists. Zero fields are not sent.
type PropertyListListParams struct {
	// Only property lists for this purpose; empty for all.
	Purpose PropertyListPurpose
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier page; Skip is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListPropertyLists holds the schemas of the parameters of listPropertyLists.
var queryListPropertyLists = []check.Field{
	{Name: "purpose", Rule: &rulePropertyListPurpose},
	{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 250}}},
	{Name: "skip", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p PropertyListListParams) check(r check.Reporter) {
	check.Query(r, queryListPropertyLists, p.query())
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
	// PageToken continues from Page.Next of an earlier page; Offset is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
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

// queryListStorefronts holds the schemas of the parameters of listStorefronts.
var queryListStorefronts = []check.Field{
	{Name: "status", Rule: &ruleStorefrontStatus},
	{Name: "visibility", Rule: &ruleStorefrontVisibility},
	{Name: "limit", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 100}}},
	{Name: "offset", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p StorefrontListParams) check(r check.Reporter) {
	check.Query(r, queryListStorefronts, p.query())
}
