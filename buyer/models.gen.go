// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package buyer

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/interchange-sdk/interchange-go/client"
)

// The known values of ActionSource.
const (
	// ActionSourceApp is an app.
	ActionSourceApp ActionSource = "app"
	// ActionSourceInStore is a shop.
	ActionSourceInStore ActionSource = "in_store"
	// ActionSourceOther is none of these.
	ActionSourceOther ActionSource = "other"
	// ActionSourcePhoneCall is a call.
	ActionSourcePhoneCall ActionSource = "phone_call"
	// ActionSourceSystemGenerated is a system.
	ActionSourceSystemGenerated ActionSource = "system_generated"
	// ActionSourceWebsite is a site.
	ActionSourceWebsite ActionSource = "website"
)

// The known values of ActivityAPIVersion.
const (
	ActivityAPIVersionV1 ActivityAPIVersion = "v1"
	ActivityAPIVersionV2 ActivityAPIVersion = "v2"
	ActivityAPIVersionV3 ActivityAPIVersion = "v3"
)

// The known values of ActivityCompletion.
const (
	ActivityCompletionComplete   ActivityCompletion = "complete"
	ActivityCompletionIncomplete ActivityCompletion = "incomplete"
	ActivityCompletionStarted    ActivityCompletion = "started"
)

// The known values of ActivityDisposition.
const (
	ActivityDispositionNotEvaluated ActivityDisposition = "not_evaluated"
)

// The known values of ActivityEnvironment.
const (
	ActivityEnvironmentNotApplicable ActivityEnvironment = "not_applicable"
	ActivityEnvironmentProduction    ActivityEnvironment = "production"
	ActivityEnvironmentSandbox       ActivityEnvironment = "sandbox"
	ActivityEnvironmentUnknown       ActivityEnvironment = "unknown"
)

// The known values of ActivityOutcome.
const (
	ActivityOutcomeAccepted  ActivityOutcome = "accepted"
	ActivityOutcomeCancelled ActivityOutcome = "cancelled"
	ActivityOutcomeDenied    ActivityOutcome = "denied"
	ActivityOutcomeFailed    ActivityOutcome = "failed"
	ActivityOutcomeSucceeded ActivityOutcome = "succeeded"
	ActivityOutcomeUnknown   ActivityOutcome = "unknown"
)

// The known values of ActivitySafety.
const (
	ActivitySafetyNotApplicable ActivitySafety = "not_applicable"
)

// The known values of ActivityStepKind.
const (
	ActivityStepKindResponse   ActivityStepKind = "response"
	ActivityStepKindValidation ActivityStepKind = "validation"
)

// The known values of ActivityStepStatus.
const (
	ActivityStepStatusError ActivityStepStatus = "error"
	ActivityStepStatusOK    ActivityStepStatus = "ok"
)

// The known values of ActivitySurface.
const (
	ActivitySurfaceA2A  ActivitySurface = "a2a"
	ActivitySurfaceMCP  ActivitySurface = "mcp"
	ActivitySurfaceREST ActivitySurface = "rest"
)

// The known values of ActivityVisibility.
const (
	ActivityVisibilityCustomer   ActivityVisibility = "customer"
	ActivityVisibilityDiagnostic ActivityVisibility = "diagnostic"
	ActivityVisibilityProtocol   ActivityVisibility = "protocol"
)

// The known values of ActorOrigin.
const (
	ActorOriginAgent      ActorOrigin = "agent"
	ActorOriginAutonomous ActorOrigin = "autonomous"
	ActorOriginHuman      ActorOrigin = "human"
	ActorOriginSystem     ActorOrigin = "system"
)

// The known values of AdapterSourceKind.
const (
	AdapterSourceKindComposite    AdapterSourceKind = "composite"
	AdapterSourceKindCreative     AdapterSourceKind = "creative"
	AdapterSourceKindMeasurement  AdapterSourceKind = "measurement"
	AdapterSourceKindOptimization AdapterSourceKind = "optimization"
	AdapterSourceKindSales        AdapterSourceKind = "sales"
	AdapterSourceKindSignals      AdapterSourceKind = "signals"
)

// The known values of AdvertiserStatus.
const (
	// AdvertiserStatusActive is in use.
	AdvertiserStatusActive AdvertiserStatus = "ACTIVE"
	// AdvertiserStatusAll asks a list for both.
	AdvertiserStatusAll AdvertiserStatus = "ALL"
	// AdvertiserStatusArchived was archived.
	AdvertiserStatusArchived AdvertiserStatus = "ARCHIVED"
)

// The known values of AssetSource.
const (
	AssetSourceCreativeSource  AssetSource = "CREATIVE_SOURCE"
	AssetSourceSystemProcessed AssetSource = "SYSTEM_PROCESSED"
	AssetSourceUserUploaded    AssetSource = "USER_UPLOADED"
)

// The known values of AssetType.
const (
	AssetTypeAudio      AssetType = "AUDIO"
	AssetTypeCSS        AssetType = "CSS"
	AssetTypeDocument   AssetType = "DOCUMENT"
	AssetTypeFont       AssetType = "FONT"
	AssetTypeHTML       AssetType = "HTML"
	AssetTypeImage      AssetType = "IMAGE"
	AssetTypeJavascript AssetType = "JAVASCRIPT"
	AssetTypeLogo       AssetType = "LOGO"
	AssetTypeText       AssetType = "TEXT"
	AssetTypeURL        AssetType = "URL"
	AssetTypeVAST       AssetType = "VAST"
	AssetTypeVideo      AssetType = "VIDEO"
)

// The known values of AudienceStatus.
const (
	AudienceStatusError      AudienceStatus = "ERROR"
	AudienceStatusProcessing AudienceStatus = "PROCESSING"
	AudienceStatusReady      AudienceStatus = "READY"
	AudienceStatusTooSmall   AudienceStatus = "TOO_SMALL"
)

// The known values of AudienceUse.
const (
	AudienceUseSuppress AudienceUse = "SUPPRESS"
	AudienceUseTarget   AudienceUse = "TARGET"
)

// The known values of AuditAction.
const (
	// AuditActionActivate turned something on.
	AuditActionActivate AuditAction = "ACTIVATE"
	// AuditActionArchive put something away.
	AuditActionArchive AuditAction = "ARCHIVE"
	// AuditActionCreate made something.
	AuditActionCreate AuditAction = "CREATE"
	// AuditActionDeactivate turned something off.
	AuditActionDeactivate AuditAction = "DEACTIVATE"
	// AuditActionDelete removed something.
	AuditActionDelete AuditAction = "DELETE"
	// AuditActionExecute launched something.
	AuditActionExecute AuditAction = "EXECUTE"
	// AuditActionUpdate changed something.
	AuditActionUpdate AuditAction = "UPDATE"
)

// The known values of AuditOutcome.
const (
	AuditOutcomeDenied    AuditOutcome = "denied"
	AuditOutcomeFailed    AuditOutcome = "failed"
	AuditOutcomeSucceeded AuditOutcome = "succeeded"
)

// The known values of AuditResource.
const (
	// AuditResourceAdvertiser is an advertiser.
	AuditResourceAdvertiser AuditResource = "ADVERTISER"
	// AuditResourceCampaign is a campaign.
	AuditResourceCampaign AuditResource = "CAMPAIGN"
	// AuditResourceCreative is a creative.
	AuditResourceCreative AuditResource = "CREATIVE"
	// AuditResourceMediaBuy is a media buy.
	AuditResourceMediaBuy AuditResource = "MEDIA_BUY"
	// AuditResourcePackage is a package.
	AuditResourcePackage AuditResource = "PACKAGE"
	// AuditResourceProduct is a product.
	AuditResourceProduct AuditResource = "PRODUCT"
)

// The known values of BillingParty.
const (
	BillingPartyAdvertiser BillingParty = "advertiser"
	BillingPartyAgent      BillingParty = "agent"
	BillingPartyOperator   BillingParty = "operator"
)

// The known values of BudgetDenomination.
const (
	BudgetDenominationGross BudgetDenomination = "gross"
)

// The known values of BudgetPacing.
const (
	BudgetPacingAsap        BudgetPacing = "ASAP"
	BudgetPacingEven        BudgetPacing = "EVEN"
	BudgetPacingFrontloaded BudgetPacing = "FRONTLOADED"
)

// The known values of CampaignManagement.
const (
	// ManagementAll asks a list for both.
	ManagementAll CampaignManagement = "all"
	// ManagementManaged is managed.
	ManagementManaged CampaignManagement = "managed"
	// ManagementTracked is only followed.
	ManagementTracked CampaignManagement = "tracked"
)

// The known values of CampaignMode.
const (
	// ModeDirected is run by a seller's system.
	ModeDirected CampaignMode = "directed"
	// ModeDiscovery buys products that were picked.
	ModeDiscovery CampaignMode = "discovery"
	// ModePerformance buys towards a goal.
	ModePerformance CampaignMode = "performance"
)

// The known values of CampaignOperationalStatus.
const (
	CampaignOperationalStatusActive            CampaignOperationalStatus = "active"
	CampaignOperationalStatusAttentionRequired CampaignOperationalStatus = "attention_required"
	CampaignOperationalStatusCompleted         CampaignOperationalStatus = "completed"
	CampaignOperationalStatusDraft             CampaignOperationalStatus = "draft"
	CampaignOperationalStatusNoMediaBuys       CampaignOperationalStatus = "no_media_buys"
	CampaignOperationalStatusPaused            CampaignOperationalStatus = "paused"
	CampaignOperationalStatusPendingCreatives  CampaignOperationalStatus = "pending_creatives"
	CampaignOperationalStatusPendingStart      CampaignOperationalStatus = "pending_start"
)

// The known values of CampaignStatus.
const (
	// CampaignStatusActive is running.
	CampaignStatusActive CampaignStatus = "ACTIVE"
	// CampaignStatusAll asks a list for all.
	CampaignStatusAll CampaignStatus = "ALL"
	// CampaignStatusArchived was put away.
	CampaignStatusArchived CampaignStatus = "ARCHIVED"
	// CampaignStatusCanceled was called off.
	CampaignStatusCanceled CampaignStatus = "CANCELED"
	// CampaignStatusCompleted has run to its end.
	CampaignStatusCompleted CampaignStatus = "COMPLETED"
	// CampaignStatusDraft is not yet launched.
	CampaignStatusDraft CampaignStatus = "DRAFT"
	// CampaignStatusPaused is held.
	CampaignStatusPaused CampaignStatus = "PAUSED"
)

// The known values of CatalogHealthStatus.
const (
	CatalogHealthStatusFailed    CatalogHealthStatus = "failed"
	CatalogHealthStatusHealthy   CatalogHealthStatus = "healthy"
	CatalogHealthStatusNotSynced CatalogHealthStatus = "not_synced"
	CatalogHealthStatusStale     CatalogHealthStatus = "stale"
	CatalogHealthStatusWarning   CatalogHealthStatus = "warning"
)

// The known values of CatalogSourceType.
const (
	CatalogSourceTypeInline   CatalogSourceType = "inline"
	CatalogSourceTypeSelector CatalogSourceType = "selector"
	CatalogSourceTypeURL      CatalogSourceType = "url"
)

// The known values of CatalogSyncStatus.
const (
	CatalogSyncStatusFailed    CatalogSyncStatus = "failed"
	CatalogSyncStatusNotSynced CatalogSyncStatus = "not_synced"
	CatalogSyncStatusPending   CatalogSyncStatus = "pending"
	CatalogSyncStatusSynced    CatalogSyncStatus = "synced"
	CatalogSyncStatusSyncing   CatalogSyncStatus = "syncing"
)

// The known values of CatalogType.
const (
	// CatalogTypeApp lists apps.
	CatalogTypeApp CatalogType = "app"
	// CatalogTypeDestination lists destinations.
	CatalogTypeDestination CatalogType = "destination"
	// CatalogTypeEducation lists courses.
	CatalogTypeEducation CatalogType = "education"
	// CatalogTypeFlight lists flights.
	CatalogTypeFlight CatalogType = "flight"
	// CatalogTypeHotel lists hotels.
	CatalogTypeHotel CatalogType = "hotel"
	// CatalogTypeInventory lists stock.
	CatalogTypeInventory CatalogType = "inventory"
	// CatalogTypeJob lists jobs.
	CatalogTypeJob CatalogType = "job"
	// CatalogTypeOffering lists offerings.
	CatalogTypeOffering CatalogType = "offering"
	// CatalogTypeProduct lists products.
	CatalogTypeProduct CatalogType = "product"
	// CatalogTypePromotion lists promotions.
	CatalogTypePromotion CatalogType = "promotion"
	// CatalogTypeRealEstate lists real estate.
	CatalogTypeRealEstate CatalogType = "real_estate"
	// CatalogTypeStore lists stores.
	CatalogTypeStore CatalogType = "store"
	// CatalogTypeVehicle lists vehicles.
	CatalogTypeVehicle CatalogType = "vehicle"
)

// The known values of ConsentBasis.
const (
	// BasisConsent is their consent.
	BasisConsent ConsentBasis = "consent"
	// BasisContract is a contract.
	BasisContract ConsentBasis = "contract"
	// BasisLegalObligation is a legal obligation.
	BasisLegalObligation ConsentBasis = "legal_obligation"
	// BasisLegitimateInterest is a legitimate interest.
	BasisLegitimateInterest ConsentBasis = "legitimate_interest"
)

// The known values of ConversionRateBasis.
const (
	ConversionRateBasisAsOf ConversionRateBasis = "as-of"
)

// The known values of ConversionRateSource.
const (
	ConversionRateSourceSnapshots ConversionRateSource = "fx_rate_snapshots"
)

// The known values of CreativeRole.
const (
	CreativeRoleEvergreen CreativeRole = "evergreen"
	CreativeRoleReference CreativeRole = "reference"
)

// The known values of CreativeSource.
const (
	CreativeSourceConnected CreativeSource = "connected"
	CreativeSourceGenerated CreativeSource = "generated"
	CreativeSourceUploaded  CreativeSource = "uploaded"
)

// The known values of DetailAvailability.
const (
	DetailAvailabilityAvailable   DetailAvailability = "available"
	DetailAvailabilityExpired     DetailAvailability = "expired"
	DetailAvailabilityNotCaptured DetailAvailability = "not_captured"
)

// The known values of DevicePlatform.
const (
	DevicePlatformAndroid  DevicePlatform = "android"
	DevicePlatformChromeos DevicePlatform = "chromeos"
	DevicePlatformFireOs   DevicePlatform = "fire_os"
	DevicePlatformIOS      DevicePlatform = "ios"
	DevicePlatformLinux    DevicePlatform = "linux"
	DevicePlatformMacos    DevicePlatform = "macos"
	DevicePlatformRokuOs   DevicePlatform = "roku_os"
	DevicePlatformTizen    DevicePlatform = "tizen"
	DevicePlatformTvos     DevicePlatform = "tvos"
	DevicePlatformUnknown  DevicePlatform = "unknown"
	DevicePlatformWebos    DevicePlatform = "webos"
	DevicePlatformWindows  DevicePlatform = "windows"
)

// The known values of DeviceType.
const (
	DeviceTypeCTV     DeviceType = "ctv"
	DeviceTypeDOOH    DeviceType = "dooh"
	DeviceTypeDesktop DeviceType = "desktop"
	DeviceTypeMobile  DeviceType = "mobile"
	DeviceTypeTablet  DeviceType = "tablet"
	DeviceTypeUnknown DeviceType = "unknown"
)

// The known values of DispatchAccount.
const (
	DispatchAccountBuyer      DispatchAccount = "buyer"
	DispatchAccountStorefront DispatchAccount = "storefront"
)

// The known values of EventSourceStatus.
const (
	EventSourceStatusNeedsAttention EventSourceStatus = "needs_attention"
	EventSourceStatusNotSeen        EventSourceStatus = "not_seen"
	EventSourceStatusReceiving      EventSourceStatus = "receiving"
)

// The known values of EventType.
const (
	// EventTypeAddPaymentInfo is the event "add_payment_info".
	EventTypeAddPaymentInfo EventType = "add_payment_info"
	// EventTypeAddToCart is the event "add_to_cart".
	EventTypeAddToCart EventType = "add_to_cart"
	// EventTypeAddToWishlist is the event "add_to_wishlist".
	EventTypeAddToWishlist EventType = "add_to_wishlist"
	// EventTypeAppInstall is the event "app_install".
	EventTypeAppInstall EventType = "app_install"
	// EventTypeAppLaunch is the event "app_launch".
	EventTypeAppLaunch EventType = "app_launch"
	// EventTypeCloseConvertLead is the event "close_convert_lead".
	EventTypeCloseConvertLead EventType = "close_convert_lead"
	// EventTypeCompleteRegistration is the event "complete_registration".
	EventTypeCompleteRegistration EventType = "complete_registration"
	// EventTypeContact is the event "contact".
	EventTypeContact EventType = "contact"
	// EventTypeContentView is the event "content_view".
	EventTypeContentView EventType = "content_view"
	// EventTypeCustom is named by the event itself.
	EventTypeCustom EventType = "custom"
	// EventTypeDisqualifyLead is the event "disqualify_lead".
	EventTypeDisqualifyLead EventType = "disqualify_lead"
	// EventTypeDonate is the event "donate".
	EventTypeDonate EventType = "donate"
	// EventTypeFollow is the event "follow".
	EventTypeFollow EventType = "follow"
	// EventTypeInitiateCheckout is the event "initiate_checkout".
	EventTypeInitiateCheckout EventType = "initiate_checkout"
	// EventTypeLead is the event "lead".
	EventTypeLead EventType = "lead"
	// EventTypePageView is the event "page_view".
	EventTypePageView EventType = "page_view"
	// EventTypePurchase is the event "purchase".
	EventTypePurchase EventType = "purchase"
	// EventTypeQualifyLead is the event "qualify_lead".
	EventTypeQualifyLead EventType = "qualify_lead"
	// EventTypeRefund is the event "refund".
	EventTypeRefund EventType = "refund"
	// EventTypeRemoveFromCart is the event "remove_from_cart".
	EventTypeRemoveFromCart EventType = "remove_from_cart"
	// EventTypeSchedule is the event "schedule".
	EventTypeSchedule EventType = "schedule"
	// EventTypeSearch is the event "search".
	EventTypeSearch EventType = "search"
	// EventTypeSelectContent is the event "select_content".
	EventTypeSelectContent EventType = "select_content"
	// EventTypeSelectItem is the event "select_item".
	EventTypeSelectItem EventType = "select_item"
	// EventTypeShare is the event "share".
	EventTypeShare EventType = "share"
	// EventTypeStartTrial is the event "start_trial".
	EventTypeStartTrial EventType = "start_trial"
	// EventTypeSubmitApplication is the event "submit_application".
	EventTypeSubmitApplication EventType = "submit_application"
	// EventTypeSubscribe is the event "subscribe".
	EventTypeSubscribe EventType = "subscribe"
	// EventTypeViewContent is the event "view_content".
	EventTypeViewContent EventType = "view_content"
	// EventTypeViewedCart is the event "viewed_cart".
	EventTypeViewedCart EventType = "viewed_cart"
	// EventTypeWatchMilestone is the event "watch_milestone".
	EventTypeWatchMilestone EventType = "watch_milestone"
)

// The known values of FXRateSource.
const (
	FXRateSourceBooked   FXRateSource = "booked"
	FXRateSourceSnapshot FXRateSource = "snapshot"
)

// The known values of FeedFormat.
const (
	FeedFormatCustom               FeedFormat = "custom"
	FeedFormatFacebookCatalog      FeedFormat = "facebook_catalog"
	FeedFormatGoogleMerchantCenter FeedFormat = "google_merchant_center"
	FeedFormatLinkedinJobs         FeedFormat = "linkedin_jobs"
	FeedFormatOpenaiProductFeed    FeedFormat = "openai_product_feed"
	FeedFormatPinterestCatalog     FeedFormat = "pinterest_catalog"
	FeedFormatShopify              FeedFormat = "shopify"
	FeedFormatTiktokShop           FeedFormat = "tiktok_shop"
)

// The known values of GeoMetroSystem.
const (
	GeoMetroSystemCustom        GeoMetroSystem = "custom"
	GeoMetroSystemEurostatNuts2 GeoMetroSystem = "eurostat_nuts2"
	GeoMetroSystemNielsenDMA    GeoMetroSystem = "nielsen_dma"
	GeoMetroSystemUkItl1        GeoMetroSystem = "uk_itl1"
	GeoMetroSystemUkItl2        GeoMetroSystem = "uk_itl2"
)

// The known values of MeasurementSource.
const (
	// SourceAdvertiser is the advertiser.
	SourceAdvertiser MeasurementSource = "advertiser"
	// SourceMMP is a mobile measurement partner.
	SourceMMP MeasurementSource = "mmp"
	// SourceMeasurementPartner is another partner.
	SourceMeasurementPartner MeasurementSource = "measurement_partner"
)

// The known values of MediaBuyErrorCode.
const (
	MediaBuyErrorCodeInvalidRequest           MediaBuyErrorCode = "invalid_request"
	MediaBuyErrorCodePlatformError            MediaBuyErrorCode = "platform_error"
	MediaBuyErrorCodeProductNoLongerAvailable MediaBuyErrorCode = "product_no_longer_available"
	MediaBuyErrorCodeQuoteExpired             MediaBuyErrorCode = "quote_expired"
	MediaBuyErrorCodeSourceRejected           MediaBuyErrorCode = "source_rejected"
	MediaBuyErrorCodeSourceUnavailable        MediaBuyErrorCode = "source_unavailable"
	MediaBuyErrorCodeStorefrontRejected       MediaBuyErrorCode = "storefront_rejected"
)

// The known values of MediaBuyErrorOwner.
const (
	MediaBuyErrorOwnerBuyerInput MediaBuyErrorOwner = "buyer_input"
	MediaBuyErrorOwnerPlatform   MediaBuyErrorOwner = "platform"
	MediaBuyErrorOwnerSeller     MediaBuyErrorOwner = "seller"
)

// The known values of MediaBuyOperationalStatus.
const (
	MediaBuyOperationalStatusActive            MediaBuyOperationalStatus = "active"
	MediaBuyOperationalStatusAttentionRequired MediaBuyOperationalStatus = "attention_required"
	MediaBuyOperationalStatusCompleted         MediaBuyOperationalStatus = "completed"
	MediaBuyOperationalStatusNotSubmitted      MediaBuyOperationalStatus = "not_submitted"
	MediaBuyOperationalStatusPaused            MediaBuyOperationalStatus = "paused"
	MediaBuyOperationalStatusPendingCreatives  MediaBuyOperationalStatus = "pending_creatives"
	MediaBuyOperationalStatusPendingStart      MediaBuyOperationalStatus = "pending_start"
)

// The known values of MediaBuyPhase.
const (
	// MediaBuyPhaseActive is running.
	MediaBuyPhaseActive MediaBuyPhase = "ACTIVE"
	// MediaBuyPhaseArchived was put away.
	MediaBuyPhaseArchived MediaBuyPhase = "ARCHIVED"
	// MediaBuyPhaseCanceled was called off.
	MediaBuyPhaseCanceled MediaBuyPhase = "CANCELED"
	// MediaBuyPhaseCompleted has run to its end.
	MediaBuyPhaseCompleted MediaBuyPhase = "COMPLETED"
	// MediaBuyPhaseDraft is not yet submitted.
	MediaBuyPhaseDraft MediaBuyPhase = "DRAFT"
	// MediaBuyPhaseFailed has failed.
	MediaBuyPhaseFailed MediaBuyPhase = "FAILED"
	// MediaBuyPhaseInputRequired waits for the buyer.
	MediaBuyPhaseInputRequired MediaBuyPhase = "INPUT_REQUIRED"
	// MediaBuyPhasePaused is held.
	MediaBuyPhasePaused MediaBuyPhase = "PAUSED"
	// MediaBuyPhasePendingApproval waits for the seller.
	MediaBuyPhasePendingApproval MediaBuyPhase = "PENDING_APPROVAL"
	// MediaBuyPhaseRejected was turned down.
	MediaBuyPhaseRejected MediaBuyPhase = "REJECTED"
)

// The known values of MetricID.
const (
	// MetricAddToCartCount is the figure "add_to_cart_count".
	MetricAddToCartCount MetricID = "add_to_cart_count"
	// MetricConversions is the figure "conversions".
	MetricConversions MetricID = "conversions"
	// MetricIncrementalConversions is the figure "incremental_conversions".
	MetricIncrementalConversions MetricID = "incremental_conversions"
	// MetricIncrementalRevenue is the figure "incremental_revenue".
	MetricIncrementalRevenue MetricID = "incremental_revenue"
	// MetricLTV1D is the figure "ltv_1d".
	MetricLTV1D MetricID = "ltv_1d"
	// MetricLTV30D is the figure "ltv_30d".
	MetricLTV30D MetricID = "ltv_30d"
	// MetricLTV7D is the figure "ltv_7d".
	MetricLTV7D MetricID = "ltv_7d"
	// MetricPageViewCount is the figure "page_view_count".
	MetricPageViewCount MetricID = "page_view_count"
	// MetricPurchaseCount is the figure "purchase_count".
	MetricPurchaseCount MetricID = "purchase_count"
	// MetricRevenue is the figure "revenue".
	MetricRevenue MetricID = "revenue"
)

// The known values of MetricUnit.
const (
	// UnitCount counts things.
	UnitCount MetricUnit = "count"
	// UnitCurrency counts units of a currency.
	UnitCurrency MetricUnit = "currency"
	// UnitPercentage is a part of a hundred.
	UnitPercentage MetricUnit = "percentage"
	// UnitRatio is a part of one.
	UnitRatio MetricUnit = "ratio"
)

// The known values of NotificationStatus.
const (
	// NotificationStatusError is bad news.
	NotificationStatusError NotificationStatus = "error"
	// NotificationStatusInfo is neither.
	NotificationStatusInfo NotificationStatus = "info"
	// NotificationStatusSuccess is good news.
	NotificationStatusSuccess NotificationStatus = "success"
	// NotificationStatusWarning asks for attention.
	NotificationStatusWarning NotificationStatus = "warning"
)

// The known values of NotificationType.
const (
	NotificationTypeAdServerApprovalRequested                  NotificationType = "ad_server.approval_requested"
	NotificationTypeAskResolved                                NotificationType = "ask.resolved"
	NotificationTypeAudienceSyncFailed                         NotificationType = "audience.sync_failed"
	NotificationTypeAudienceSynced                             NotificationType = "audience.synced"
	NotificationTypeBrandAgentCreated                          NotificationType = "brand_agent.created"
	NotificationTypeBrandAgentDeleted                          NotificationType = "brand_agent.deleted"
	NotificationTypeBrandAgentUpdated                          NotificationType = "brand_agent.updated"
	NotificationTypeCampaignCompleted                          NotificationType = "campaign.completed"
	NotificationTypeCampaignCreated                            NotificationType = "campaign.created"
	NotificationTypeCampaignDeleted                            NotificationType = "campaign.deleted"
	NotificationTypeCampaignHealthy                            NotificationType = "campaign.healthy"
	NotificationTypeCampaignUnhealthy                          NotificationType = "campaign.unhealthy"
	NotificationTypeCampaignUpdated                            NotificationType = "campaign.updated"
	NotificationTypeCreativeApproved                           NotificationType = "creative.approved"
	NotificationTypeCreativeChangesRequested                   NotificationType = "creative.changes_requested"
	NotificationTypeCreativeCreated                            NotificationType = "creative.created"
	NotificationTypeCreativeDeleted                            NotificationType = "creative.deleted"
	NotificationTypeCreativeRejected                           NotificationType = "creative.rejected"
	NotificationTypeCreativeReviewRequested                    NotificationType = "creative.review_requested"
	NotificationTypeCreativeSyncCompleted                      NotificationType = "creative.sync_completed"
	NotificationTypeCreativeSyncFailed                         NotificationType = "creative.sync_failed"
	NotificationTypeCreativeSyncStarted                        NotificationType = "creative.sync_started"
	NotificationTypeCreativeUpdated                            NotificationType = "creative.updated"
	NotificationTypeHypothesisDisproven                        NotificationType = "hypothesis.disproven"
	NotificationTypeHypothesisProven                           NotificationType = "hypothesis.proven"
	NotificationTypeHypothesisReviewRequested                  NotificationType = "hypothesis.review_requested"
	NotificationTypeHypothesisStatusChanged                    NotificationType = "hypothesis.status_changed"
	NotificationTypeInventoryShortfallReviewRequested          NotificationType = "inventory_shortfall.review_requested"
	NotificationTypeInventorySourceRecovered                   NotificationType = "inventory_source.recovered"
	NotificationTypeInventorySourceUnhealthy                   NotificationType = "inventory_source.unhealthy"
	NotificationTypeLearningCycleCompleted                     NotificationType = "learning_cycle.completed"
	NotificationTypeLearningCycleFailed                        NotificationType = "learning_cycle.failed"
	NotificationTypeMeasurementReceived                        NotificationType = "measurement.received"
	NotificationTypeMeasurementStale                           NotificationType = "measurement.stale"
	NotificationTypeMediaBuyApprovalRequested                  NotificationType = "media_buy.approval_requested"
	NotificationTypeMediaBuyAwaitingSourceModeration           NotificationType = "media_buy.awaiting_source_moderation"
	NotificationTypeMediaBuyCreated                            NotificationType = "media_buy.created"
	NotificationTypeMediaBuyDeleted                            NotificationType = "media_buy.deleted"
	NotificationTypeMediaBuyForwardFailed                      NotificationType = "media_buy.forward_failed"
	NotificationTypeMediaBuySourceRejected                     NotificationType = "media_buy.source_rejected"
	NotificationTypeMediaBuyStuck                              NotificationType = "media_buy.stuck"
	NotificationTypeMediaBuyUpdateProposalApproved             NotificationType = "media_buy_update_proposal.approved"
	NotificationTypeMediaBuyUpdateProposalExpired              NotificationType = "media_buy_update_proposal.expired"
	NotificationTypeMediaBuyUpdateProposalRejected             NotificationType = "media_buy_update_proposal.rejected"
	NotificationTypeMediaBuyUpdated                            NotificationType = "media_buy.updated"
	NotificationTypeMurphRoomMentioned                         NotificationType = "murph_room.mentioned"
	NotificationTypeOpportunityEvaluated                       NotificationType = "opportunity.evaluated"
	NotificationTypeOpportunityExplore                         NotificationType = "opportunity.explore"
	NotificationTypeOpportunityFlagged                         NotificationType = "opportunity.flagged"
	NotificationTypeOpportunityRecommended                     NotificationType = "opportunity.recommended"
	NotificationTypeOptimizationSuggestionApplied              NotificationType = "optimization.suggestion_applied"
	NotificationTypeOptimizationSuggestionApproved             NotificationType = "optimization.suggestion_approved"
	NotificationTypeOptimizationSuggestionFailed               NotificationType = "optimization.suggestion_failed"
	NotificationTypeOptimizationSuggestionReceived             NotificationType = "optimization.suggestion_received"
	NotificationTypeOptimizationSuggestionRejected             NotificationType = "optimization.suggestion_rejected"
	NotificationTypeOutcomesagentRegistered                    NotificationType = "outcomesagent.registered"
	NotificationTypeOutcomesagentUnregistered                  NotificationType = "outcomesagent.unregistered"
	NotificationTypeOutcomesagentUpdated                       NotificationType = "outcomesagent.updated"
	NotificationTypeProviderFleetIncidentOpened                NotificationType = "provider_fleet.incident_opened"
	NotificationTypeProviderFleetIncidentRecovered             NotificationType = "provider_fleet.incident_recovered"
	NotificationTypeSalesagentAvailable                        NotificationType = "salesagent.available"
	NotificationTypeSalesagentRegistered                       NotificationType = "salesagent.registered"
	NotificationTypeSalesagentSyncActionRequired               NotificationType = "salesagent.sync_action_required"
	NotificationTypeSalesagentUnavailable                      NotificationType = "salesagent.unavailable"
	NotificationTypeSalesagentUnregistered                     NotificationType = "salesagent.unregistered"
	NotificationTypeSalesagentUpdated                          NotificationType = "salesagent.updated"
	NotificationTypeSignalsagentRegistered                     NotificationType = "signalsagent.registered"
	NotificationTypeSignalsagentSignalActivated                NotificationType = "signalsagent.signal_activated"
	NotificationTypeSignalsagentSignalsFetched                 NotificationType = "signalsagent.signals_fetched"
	NotificationTypeSignalsagentUnregistered                   NotificationType = "signalsagent.unregistered"
	NotificationTypeSignalsagentUpdated                        NotificationType = "signalsagent.updated"
	NotificationTypeSourceActionRequired                       NotificationType = "source.action_required"
	NotificationTypeSourceActionResolved                       NotificationType = "source.action_resolved"
	NotificationTypeStorefrontAdapterConnectionMappingRequired NotificationType = "storefront_adapter_connection.mapping_required"
	NotificationTypeStorefrontAdapterCredentialActionRequired  NotificationType = "storefront_adapter_credential.action_required"
	NotificationTypeStorefrontCompositionPaused                NotificationType = "storefront.composition_paused"
	NotificationTypeStorefrontLivenessDegraded                 NotificationType = "storefront.liveness_degraded"
	NotificationTypeStorefrontLivenessRecovered                NotificationType = "storefront.liveness_recovered"
	NotificationTypeStorefrontMediaBuyForwardFailed            NotificationType = "storefront.media_buy_forward_failed"
	NotificationTypeStorefrontMediaBuyModerationAging          NotificationType = "storefront.media_buy_moderation_aging"
	NotificationTypeStorefrontProductsNotTraffickable          NotificationType = "storefront.products_not_traffickable"
	NotificationTypeStorefrontSupplyNudge                      NotificationType = "storefront.supply_nudge"
	NotificationTypeStrategyCreated                            NotificationType = "strategy.created"
	NotificationTypeStrategyDeleted                            NotificationType = "strategy.deleted"
	NotificationTypeStrategyUpdated                            NotificationType = "strategy.updated"
	NotificationTypeSyndicationCompleted                       NotificationType = "syndication.completed"
	NotificationTypeSyndicationFailed                          NotificationType = "syndication.failed"
	NotificationTypeSystemError                                NotificationType = "system.error"
	NotificationTypeSystemWarning                              NotificationType = "system.warning"
)

// The known values of OptimizationApplyMode.
const (
	OptimizationApplyModeAuto   OptimizationApplyMode = "AUTO"
	OptimizationApplyModeManual OptimizationApplyMode = "MANUAL"
)

// The known values of PackageStatus.
const (
	PackageStatusActive   PackageStatus = "active"
	PackageStatusCanceled PackageStatus = "canceled"
	PackageStatusPaused   PackageStatus = "paused"
)

// The known values of PendingParty.
const (
	PendingPartySalesagent PendingParty = "salesagent"
	PendingPartyStorefront PendingParty = "storefront"
	PendingPartyUnknown    PendingParty = "unknown"
)

// The known values of PendingReason.
const (
	PendingReasonAcceptedAwaitingTrafficking  PendingReason = "accepted_awaiting_trafficking"
	PendingReasonAwaitingCreativeApproval     PendingReason = "awaiting_creative_approval"
	PendingReasonAwaitingSourceModeration     PendingReason = "awaiting_source_moderation"
	PendingReasonAwaitingStorefrontApproval   PendingReason = "awaiting_storefront_approval"
	PendingReasonCreativeProcessingAtSource   PendingReason = "creative_processing_at_source"
	PendingReasonForwardFailedNeedsCorrection PendingReason = "forward_failed_needs_correction"
	PendingReasonForwardFailedRetrying        PendingReason = "forward_failed_retrying"
	PendingReasonNoCreativesAttached          PendingReason = "no_creatives_attached"
	PendingReasonScheduledNotStarted          PendingReason = "scheduled_not_started"
	PendingReasonSourceRejectedCreatives      PendingReason = "source_rejected_creatives"
)

// The known values of PostalSystem.
const (
	PostalSystemAtPlz         PostalSystem = "at_plz"
	PostalSystemAuPostcode    PostalSystem = "au_postcode"
	PostalSystemCaFsa         PostalSystem = "ca_fsa"
	PostalSystemCaFull        PostalSystem = "ca_full"
	PostalSystemCep           PostalSystem = "cep"
	PostalSystemChPlz         PostalSystem = "ch_plz"
	PostalSystemCodePostal    PostalSystem = "code_postal"
	PostalSystemCustom        PostalSystem = "custom"
	PostalSystemDePlz         PostalSystem = "de_plz"
	PostalSystemFrCodePostal  PostalSystem = "fr_code_postal"
	PostalSystemFsa           PostalSystem = "fsa"
	PostalSystemFull          PostalSystem = "full"
	PostalSystemGbFull        PostalSystem = "gb_full"
	PostalSystemGbOutward     PostalSystem = "gb_outward"
	PostalSystemOutward       PostalSystem = "outward"
	PostalSystemPin           PostalSystem = "pin"
	PostalSystemPlz           PostalSystem = "plz"
	PostalSystemPostalCode    PostalSystem = "postal_code"
	PostalSystemPostcode      PostalSystem = "postcode"
	PostalSystemUsZip         PostalSystem = "us_zip"
	PostalSystemUsZipPlusFour PostalSystem = "us_zip_plus_four"
	PostalSystemZip           PostalSystem = "zip"
	PostalSystemZipPlusFour   PostalSystem = "zip_plus_four"
)

// The known values of PrincipalType.
const (
	PrincipalTypeHuman    PrincipalType = "human"
	PrincipalTypeSystem   PrincipalType = "system"
	PrincipalTypeUnknown  PrincipalType = "unknown"
	PrincipalTypeWorkload PrincipalType = "workload"
)

// The known values of PropertyIdentifierType.
const (
	PropertyIdentifierTypeAndroidPackage      PropertyIdentifierType = "android_package"
	PropertyIdentifierTypeAppleAppStoreID     PropertyIdentifierType = "apple_app_store_id"
	PropertyIdentifierTypeApplePodcastID      PropertyIdentifierType = "apple_podcast_id"
	PropertyIdentifierTypeAppleTVBundle       PropertyIdentifierType = "apple_tv_bundle"
	PropertyIdentifierTypeBundleID            PropertyIdentifierType = "bundle_id"
	PropertyIdentifierTypeDomain              PropertyIdentifierType = "domain"
	PropertyIdentifierTypeFacilityID          PropertyIdentifierType = "facility_id"
	PropertyIdentifierTypeFireTVASIN          PropertyIdentifierType = "fire_tv_asin"
	PropertyIdentifierTypeGooglePlayID        PropertyIdentifierType = "google_play_id"
	PropertyIdentifierTypeIOSBundle           PropertyIdentifierType = "ios_bundle"
	PropertyIdentifierTypeNetworkID           PropertyIdentifierType = "network_id"
	PropertyIdentifierTypeOpenoohVenueType    PropertyIdentifierType = "openooh_venue_type"
	PropertyIdentifierTypePodcastGUID         PropertyIdentifierType = "podcast_guid"
	PropertyIdentifierTypeRSSURL              PropertyIdentifierType = "rss_url"
	PropertyIdentifierTypeRokuStoreID         PropertyIdentifierType = "roku_store_id"
	PropertyIdentifierTypeSamsungAppID        PropertyIdentifierType = "samsung_app_id"
	PropertyIdentifierTypeScreenID            PropertyIdentifierType = "screen_id"
	PropertyIdentifierTypeSpotifyCollectionID PropertyIdentifierType = "spotify_collection_id"
	PropertyIdentifierTypeStationID           PropertyIdentifierType = "station_id"
	PropertyIdentifierTypeSubdomain           PropertyIdentifierType = "subdomain"
	PropertyIdentifierTypeVenueID             PropertyIdentifierType = "venue_id"
)

// The known values of PropertyListPurpose.
const (
	// PropertyListPurposeExclude bars its properties.
	PropertyListPurposeExclude PropertyListPurpose = "exclude"
	// PropertyListPurposeInclude allows its properties only.
	PropertyListPurposeInclude PropertyListPurpose = "include"
)

// The known values of PropertyListStatus.
const (
	PropertyListStatusFailed     PropertyListStatus = "failed"
	PropertyListStatusProcessing PropertyListStatus = "processing"
	PropertyListStatusReady      PropertyListStatus = "ready"
)

// The known values of RoutingType.
const (
	RoutingTypeDecisioned RoutingType = "DECISIONED"
	RoutingTypeRouted     RoutingType = "ROUTED"
)

// The known values of StatusRefreshSource.
const (
	StatusRefreshSourceDelegatedAdapter      StatusRefreshSource = "delegated_adapter"
	StatusRefreshSourceDirectAgent           StatusRefreshSource = "direct_agent"
	StatusRefreshSourceNotSubmitted          StatusRefreshSource = "not_submitted"
	StatusRefreshSourcePersistedTerminal     StatusRefreshSource = "persisted_terminal"
	StatusRefreshSourceRefreshFailed         StatusRefreshSource = "refresh_failed"
	StatusRefreshSourceStorefrontRouteRollup StatusRefreshSource = "storefront_route_rollup"
)

// The known values of StorefrontEffectiveStatus.
const (
	StorefrontEffectiveStatusArchived StorefrontEffectiveStatus = "archived"
	StorefrontEffectiveStatusBlocked  StorefrontEffectiveStatus = "blocked"
	StorefrontEffectiveStatusLive     StorefrontEffectiveStatus = "live"
	StorefrontEffectiveStatusPaused   StorefrontEffectiveStatus = "paused"
)

// The known values of StorefrontStatus.
const (
	// StorefrontStatusArchived was put away.
	StorefrontStatusArchived StorefrontStatus = "archived"
	// StorefrontStatusConfiguring is being set up.
	StorefrontStatusConfiguring StorefrontStatus = "configuring"
	// StorefrontStatusNeutral has no state of its own.
	StorefrontStatusNeutral StorefrontStatus = "neutral"
	// StorefrontStatusPaused is held.
	StorefrontStatusPaused StorefrontStatus = "paused"
	// StorefrontStatusTransacting trades.
	StorefrontStatusTransacting StorefrontStatus = "transacting"
)

// The known values of StorefrontVisibility.
const (
	StorefrontVisibilityPrivate StorefrontVisibility = "private"
	StorefrontVisibilityPublic  StorefrontVisibility = "public"
)

// The known values of SyncAction.
const (
	// ActionCreated added it.
	ActionCreated SyncAction = "created"
	// ActionFailed could not take it.
	ActionFailed SyncAction = "failed"
	// ActionUnchanged found it as it is.
	ActionUnchanged SyncAction = "unchanged"
	// ActionUpdated changed it.
	ActionUpdated SyncAction = "updated"
)

// The known values of TaskRecovery.
const (
	TaskRecoveryCorrectable TaskRecovery = "correctable"
	TaskRecoveryTerminal    TaskRecovery = "terminal"
	TaskRecoveryTransient   TaskRecovery = "transient"
)

// The known values of TaskStatus.
const (
	// TaskStatusCompleted is done.
	TaskStatusCompleted TaskStatus = "completed"
	// TaskStatusFailed has failed.
	TaskStatusFailed TaskStatus = "failed"
	// TaskStatusInputRequired cannot go on without the caller.
	TaskStatusInputRequired TaskStatus = "input-required"
	// TaskStatusSubmitted waits for its turn.
	TaskStatusSubmitted TaskStatus = "submitted"
	// TaskStatusWorking is under way.
	TaskStatusWorking TaskStatus = "working"
)

// The known values of TaskType.
const (
	TaskTypeAudienceSync   TaskType = "audience_sync"
	TaskTypeCreativeSync   TaskType = "creative_sync"
	TaskTypeMediaBuyCreate TaskType = "media_buy_create"
)

// The known values of UpdateFrequency.
const (
	UpdateFrequencyDaily    UpdateFrequency = "daily"
	UpdateFrequencyHourly   UpdateFrequency = "hourly"
	UpdateFrequencyRealtime UpdateFrequency = "realtime"
	UpdateFrequencyWeekly   UpdateFrequency = "weekly"
)

// ActionSource is where an event happened.
type ActionSource string

// ActivityAPIVersion is the version of the API that was called. The set is open.
type ActivityAPIVersion string

// ActivityCall is a call that somebody made to the platform.
type ActivityCall struct {
	// The platform's id of the call.
	ActivityUID client.ID `json:"activityUid"`

	// The call that this one repeats.
	IdempotencyReplayOfActivityUID client.ID `json:"idempotencyReplayOfActivityUid"`

	// The id that the answer carried.
	RequestID string `json:"requestId"`

	// The id on the way there.
	TransportRequestID string `json:"transportRequestId"`

	// The time at which the call began.
	StartedAt time.Time `json:"startedAt"`

	// When it ended; zero while it has not.
	CompletedAt time.Time `json:"completedAt"`

	// How long it took, in milliseconds.
	DurationMs int64 `json:"durationMs"`

	// How far the call has come.
	CompletionState ActivityCompletion `json:"completionState"`

	// How the call ended; empty while it has not.
	Outcome ActivityOutcome `json:"outcome"`

	// Whether a policy decided on the call.
	DecisionDisposition ActivityDisposition `json:"decisionDisposition"`

	// The interface that the call came over.
	Surface ActivitySurface `json:"surface"`

	// Who the call is listed for.
	Visibility ActivityVisibility `json:"visibility"`

	// The name of the operation that was called.
	Operation string `json:"operation"`

	// The operations that the call led to; zero where they were not recorded.
	OperationDispatches ActivityDispatches `json:"operationDispatches"`

	// The version of the contract.
	ContractVersion string `json:"contractVersion"`

	// The revision of the documentation.
	DocsRevision string `json:"docsRevision"`

	// The HTTP method of the call, such as GET.
	Method string `json:"method"`

	// The HTTP status of the answer; 0 where there was none.
	HTTPStatus int64 `json:"httpStatus"`

	// The status of the protocol above that.
	ProtocolStatus string `json:"protocolStatus"`

	// The environment that the call acted on.
	Environment ActivityEnvironment `json:"environment"`

	// Whether nothing was to happen.
	DryRun bool `json:"dryRun"`

	// The version of the API; empty where the platform does not say.
	APIVersion ActivityAPIVersion `json:"apiVersion"`

	// The class of the operation. The platform documents null only.
	OperationClass string `json:"operationClass"`

	// The version of the list of operations; empty where the platform does not say.
	OperationRegistryVersion string `json:"operationRegistryVersion"`

	// The result of the safety checks.
	PlatformSafetyResult ActivitySafety `json:"platformSafetyResult"`

	// The reason for that result; empty where the platform does not say.
	PlatformSafetyReasonCode string `json:"platformSafetyReasonCode"`

	// The review of the call by an administrator; empty where there is none.
	AdministrativeReviewUID client.ID `json:"administrativeReviewUid"`

	// What governance decided, as sent. The platform documents null only.
	GovernanceSummary jsontext.Value `json:"governanceSummary"`

	// The path without its ids; a detail.
	RouteTemplate string `json:"routeTemplate,omitzero"`

	// The id of the advertiser; empty where the platform does not say.
	AdvertiserID client.ID `json:"advertiserId"`

	// What kind of caller it was.
	PrincipalType PrincipalType `json:"principalType"`

	// Who called, where a person did.
	UserID client.ID `json:"userId"`

	// The name of the person who acted, where one did; empty where the platform does not say.
	UserName string `json:"userName"`

	// The e-mail address of the person who acted, where one did; empty where the platform does not say.
	UserEmail string `json:"userEmail"`

	// The id of the workload that called, where one did; empty where the platform does not say.
	WorkloadUID client.ID `json:"workloadUid"`

	// The name of the workload; empty where the platform does not say.
	WorkloadName string `json:"workloadName"`

	// The id of the credential that was used; empty where the platform does not say.
	CredentialID client.ID `json:"credentialId"`

	// The name of the credential; empty where the platform does not say.
	CredentialName string `json:"credentialName"`

	// The version of the credential, counted from 1; 0 where the platform does not say.
	CredentialVersion int64 `json:"credentialVersion"`

	// The scope of the credential. The platform documents null only.
	CredentialScope string `json:"credentialScope"`

	// The role of the credential. The platform documents null only.
	CredentialRole string `json:"credentialRole"`

	// The run that the call belongs to.
	RunUID client.ID `json:"runUid"`

	// The caller's own id of that run.
	ClientRunID string `json:"clientRunId"`

	// The id of the session that the call was made in; empty where the platform does not say.
	SessionID string `json:"sessionId"`

	// The id of the conversation that the call was made in; empty where the platform does not say.
	ConversationUID client.ID `json:"conversationUid"`

	// The tasks that it began.
	TaskUIDs []client.ID `json:"taskUids"`

	// The id of the trace that the call is part of; empty where the platform does not say.
	TraceID string `json:"traceId"`

	// Why it failed; zero if it did not.
	Error ActivityFailure `json:"error"`

	// What the call was about; empty where it was about nothing in particular.
	Resources []ActivityResource `json:"resources"`

	// What the call cost, in credits; zero where the platform does not say.
	Credits ActivityCredits `json:"credits"`

	// Whether ActivityCalls.Get returns the details.
	DetailAvailability DetailAvailability `json:"detailAvailability"`
}

// ActivityCompletion is the progress of a call. The set is open.
type ActivityCompletion string

// ActivityCredits is the cost of a call in credits.
type ActivityCredits struct {
	// The number of credits that were set aside for the call.
	Reserved float64 `json:"reserved"`

	// The number of credits that were taken for it in the end.
	Settled float64 `json:"settled"`
}

// ActivityDispatch is one operation that a call led to.
type ActivityDispatch struct {
	// The number of the operation within the call, counted from 0.
	Sequence int64 `json:"sequence"`

	// The kind of account that it acted on.
	AccountKind DispatchAccount `json:"accountKind"`

	// The name of the operation.
	Operation string `json:"operation"`

	// The time at which it began.
	StartedAt time.Time `json:"startedAt"`

	// The time at which it ended; zero while it has not.
	CompletedAt time.Time `json:"completedAt"`

	// How far it has come.
	CompletionState ActivityCompletion `json:"completionState"`

	// How it ended; empty while it has not.
	Outcome ActivityOutcome `json:"outcome"`
}

// ActivityDispatches is the list of operations that a call led to.
type ActivityDispatches struct {
	// The operations, in the order in which they began.
	Items []ActivityDispatch `json:"items"`

	// The number of operations, also of those that Items leaves out.
	TotalCount int64 `json:"totalCount"`

	// Whether Items leaves any out.
	Truncated bool `json:"truncated"`
}

// ActivityDisposition is whether a policy decided on a call. The set is open.
type ActivityDisposition string

// ActivityEnvironment is the environment that a call acted on. The set is open.
type ActivityEnvironment string

// ActivityFailure is the failure of a call.
type ActivityFailure struct {
	// The code of the failure, for programs; the set is open.
	Code string `json:"code"`

	// The class of the failure.
	Class string `json:"class"`

	// On whose side the fault is, in the words of the platform.
	FaultDomain string `json:"faultDomain"`

	// Whether repeating the call helps, in the words of the platform.
	RetryDisposition string `json:"retryDisposition"`

	// How long to wait before repeating it, in seconds; 0 where that is not said.
	RetryAfterSeconds int64 `json:"retryAfterSeconds"`

	// The address of a page about the failure; empty where the platform does not say.
	DocumentationURL string `json:"documentationUrl"`

	// What went wrong, in words for people; empty where the platform does not say.
	Message string `json:"message"`
}

// ActivityOutcome is the outcome of a call. The set is open.
type ActivityOutcome string

// ActivityResource is something that a call was about.
type ActivityResource struct {
	// The type of the resource, such as campaign.
	ResourceType string `json:"resourceType"`

	// The id of the resource.
	ResourceID client.ID `json:"resourceId"`

	// The name of the resource, for people; empty where the platform does not say.
	Label string `json:"label"`

	// The address of the resource; empty where the platform does not say.
	Href string `json:"href"`
}

// ActivitySafety is the result of the safety checks of the platform. The set is open.
type ActivitySafety string

// ActivityStep is one step of a call.
type ActivityStep struct {
	// The number of the step within the call.
	Seq int64 `json:"seq"`

	// The time of the step.
	At time.Time `json:"at"`

	// What was done.
	Kind ActivityStepKind `json:"kind"`

	// How it went.
	Status ActivityStepStatus `json:"status"`

	// The name of the step.
	Name string `json:"name"`

	// More about the step, as sent. Its form is not documented.
	Detail jsontext.Value `json:"detail,omitzero"`
}

// ActivityStepKind is the kind of step of a call. The set is open.
type ActivityStepKind string

// ActivityStepStatus is the result of a step of a call. The set is open.
type ActivityStepStatus string

// ActivitySurface is the interface that a call came over. The set is open.
type ActivitySurface string

// ActivityTiming states where the time of a call went, in milliseconds. A null value was not measured.
type ActivityTiming struct {
	// The whole time.
	TotalMs client.Field[int64] `json:"totalMs"`

	// The time that the platform worked on it.
	Scope3ProcessingMs client.Field[int64] `json:"scope3ProcessingMs"`

	// The time in queues.
	QueueMs client.Field[int64] `json:"queueMs"`

	// The time that the platform waited for others.
	DownstreamWaitMs client.Field[int64] `json:"downstreamWaitMs"`
}

// ActivityVisibility is the audience that a call is listed for. The set is open.
type ActivityVisibility string

// ActorOrigin is the kind of actor that an audit log names. The set is open.
type ActorOrigin string

// AdapterSourceKind is the kind of source behind a storefront. The set is open.
type AdapterSourceKind string

// Advertiser is an advertiser of the account. Lists leave out what is marked as detail.
type Advertiser struct {
	// The platform's id of the advertiser.
	ID client.ID `json:"id"`

	// The name of the advertiser, for people.
	Name string `json:"name"`

	// What it is about; a detail.
	Description string `json:"description,omitzero"`

	// Whether it is in use.
	Status AdvertiserStatus `json:"status"`

	// Whether it is one to try things with.
	Sandbox bool `json:"sandbox"`

	// The brand that it advertises, as sent; empty where none is set.
	Brand string `json:"brand,omitzero"`

	// What is doubtful about the brand; a detail.
	BrandWarning string `json:"brandWarning,omitzero"`

	// The brand's manifest and look, as sent; in lists only with IncludeBrand.
	LinkedBrand jsontext.Value `json:"linkedBrand,omitzero"`

	// The ISO 4217 code of its main currency, such as USD.
	PrimaryCurrency string `json:"primaryCurrency"`

	// Whether the currency can no longer be changed.
	CurrencyLocked bool `json:"currencyLocked"`

	// Whether suggestions are applied without being asked for; a detail.
	OptimizationApplyMode OptimizationApplyMode `json:"optimizationApplyMode,omitzero"`

	// How many accounts of storefronts are linked; in lists only.
	LinkedAccountCount int64 `json:"linkedAccountCount,omitzero"`

	// The linked accounts, as sent; a detail.
	LinkedAccounts jsontext.Value `json:"linkedAccounts,omitzero"`

	// The UTM parameters, as sent; a detail.
	UtmConfig jsontext.Value `json:"utmConfig,omitzero"`

	// Where log data is delivered, as sent; a detail.
	DataDelivery jsontext.Value `json:"dataDelivery,omitzero"`

	// The frequency caps, as sent; a detail.
	FrequencyCaps jsontext.Value `json:"frequencyCaps,omitzero"`

	// The time at which the advertiser was created.
	CreatedAt time.Time `json:"createdAt"`

	// When it was last changed.
	UpdatedAt time.Time `json:"updatedAt"`
}

// AdvertiserReport is the part of a report that concerns one advertiser.
type AdvertiserReport struct {
	// The id of the advertiser.
	AdvertiserID client.ID `json:"advertiserId"`

	// The name of the advertiser.
	AdvertiserName string `json:"advertiserName"`

	// The ISO 4217 code of the currency, such as USD.
	Currency string `json:"currency"`

	// The figures over the whole period.
	Metrics ReportingMetrics `json:"metrics"`

	// One entry for each campaign.
	Campaigns []CampaignReport `json:"campaigns"`
}

// AdvertiserSpend is an advertiser's spend in the display currency.
type AdvertiserSpend struct {
	// The id of the advertiser.
	AdvertiserID client.ID `json:"advertiserId"`

	// The ISO 4217 code of the advertiser's own currency.
	Currency string `json:"currency"`

	// The spend; null, where it cannot be converted, reads as 0.
	Spend float64 `json:"spend"`
}

// AdvertiserStatus is whether an advertiser is in use. The set is open.
type AdvertiserStatus string

// AssetSource is where the file of an asset comes from. The set is open.
type AssetSource string

// AssetType is the type of an asset. The set is open.
type AssetType string

// Audience is a list of people that a campaign can target or suppress.
type Audience struct {
	// The id, chosen by the caller of the sync.
	AudienceID client.ID `json:"audienceId"`

	// The name of the audience, for people; empty where the platform does not say.
	Name string `json:"name"`

	// The id of the advertiser whose audience it is.
	AccountID client.ID `json:"accountId"`

	// Whether the audience can be used.
	Status AudienceStatus `json:"status"`

	// Whether the audience was deleted. One that was may still be listed.
	Deleted bool `json:"deleted"`

	// Members that were sent; null reads as 0.
	UploadedCount float64 `json:"uploadedCount"`

	// Members that were recognised; null reads as 0.
	MatchedCount float64 `json:"matchedCount"`

	// The time at which the audience was created.
	CreatedAt client.Timestamp `json:"createdAt"`

	// The time of the last change of the audience.
	UpdatedAt client.Timestamp `json:"updatedAt"`
}

// AudienceChange says how one audience is to change. Zero fields are not sent.
type AudienceChange struct {
	// The caller's id of the audience; at most 255 characters.
	AudienceID client.ID `json:"audienceId"`

	// What people call it; at most 255 characters.
	Name string `json:"name,omitzero"`

	// Members that join; at most 100,000.
	Add []AudienceMember `json:"add,omitzero"`

	// Members that leave; at most 100,000.
	Remove []AudienceMember `json:"remove,omitzero"`

	// Whether the audience is to be deleted.
	Delete bool `json:"delete,omitzero"`

	// On what ground the members are processed.
	ConsentBasis ConsentBasis `json:"consentBasis,omitzero"`
}

// AudienceMember is a person in an audience.
type AudienceMember struct {
	// The caller's id of the person.
	ExternalID string `json:"externalId"`

	// SHA-256 of the address, in lower-case hex.
	HashedEmail string `json:"hashedEmail,omitzero"`

	// SHA-256 of the number, in lower-case hex.
	HashedPhone string `json:"hashedPhone,omitzero"`

	// The ids of the person in identity systems.
	UIDs []UID `json:"uids,omitzero"`
}

// AudienceStatus is whether an audience can be used. The set is open.
type AudienceStatus string

// AudienceSync says how audiences are to change.
type AudienceSync struct {
	// The changes, one for each audience; at least one.
	Audiences []AudienceChange `json:"audiences"`

	// Delete the audiences that are not named.
	DeleteMissing bool `json:"deleteMissing,omitzero"`

	// Where the platform reports the end of the sync; nowhere when it is zero.
	PushNotificationConfig PushNotificationConfig `json:"-"`
}

// AudienceSyncStarted is an audience sync that the platform has begun.
type AudienceSyncStarted struct {
	// Whether the task has begun.
	Success bool `json:"success"`

	// The id of the advertiser.
	AccountID client.ID `json:"accountId"`

	// The id of the operation.
	OperationID client.ID `json:"operationId"`

	// The task to wait for.
	TaskID client.ID `json:"taskId"`
}

// AudienceUse is the role of an audience in a campaign. The set is open.
type AudienceUse string

// AuditAction is the action of an audit log.
type AuditAction string

// AuditLog is a record of a change.
type AuditLog struct {
	// The platform's id of the entry.
	ID client.ID `json:"id"`

	// The time at which it happened.
	Timestamp client.Timestamp `json:"timestamp"`

	// The time at which the entry was written.
	CreatedAt client.Timestamp `json:"createdAt"`

	// What was done, such as CREATE. The set is open.
	Action string `json:"action"`

	// What it was done to. The set is open.
	ResourceType string `json:"resourceType"`

	// The id of the resource that was acted on; empty where the platform does not say.
	ResourceID client.ID `json:"resourceId"`

	// The name of the resource; empty where the platform does not say.
	ResourceName string `json:"resourceName"`

	// The type of what the resource belongs to; empty where the platform does not say.
	ParentType string `json:"parentType"`

	// The id of the advertiser; empty where the platform does not say.
	AdvertiserID client.ID `json:"advertiserId"`

	// Who did it, where a person did.
	UserID client.ID `json:"userId"`

	// The e-mail address of the person who acted, where one did; empty where the platform does not say.
	UserEmail string `json:"userEmail"`

	// The name of the person who acted, where one did; empty where the platform does not say.
	UserName string `json:"userName"`

	// The id of the service token that was used, where one was; empty where the platform does not say.
	ServiceTokenID client.ID `json:"serviceTokenId"`

	// The name of the service token; empty where the platform does not say.
	ServiceTokenName string `json:"serviceTokenName"`

	// What kind of actor it was; empty where the platform does not say.
	ActorOrigin ActorOrigin `json:"actorOrigin"`

	// Whether it was done; empty where the platform does not say.
	Outcome AuditOutcome `json:"outcome"`

	// What was asked for, as sent.
	Parameters jsontext.Value `json:"parameters"`

	// What was changed, as sent.
	Changes jsontext.Value `json:"changes"`

	// What was done, in a sentence for people.
	Description string `json:"description"`
}

// AuditOutcome is whether the action of an audit log was done. The set is open.
type AuditOutcome string

// AuditResource is the kind of resource of an audit log.
type AuditResource string

// BillingParty is the party that is billed. The set is open.
type BillingParty string

// Blocker keeps a campaign from running.
type Blocker struct {
	// The code of it, for programs; the set is open.
	Code string `json:"code"`

	// What is in the way, in words for people.
	Message string `json:"message"`
}

// BudgetDenomination is whether a budget includes fees. The set is open.
type BudgetDenomination string

// BudgetPacing is the distribution of a budget over time. The set is open.
type BudgetPacing string

// Campaign is a campaign of an advertiser. Lists leave out what is marked as detail.
type Campaign struct {
	// The platform's id of the campaign.
	CampaignID client.ID `json:"campaignId"`

	// The id of the advertiser.
	AdvertiserID client.ID `json:"advertiserId"`

	// The name of the campaign, for people.
	Name string `json:"name"`

	// Where it is in its life.
	Status CampaignStatus `json:"status"`

	// The way in which the campaign buys media; the set is open.
	Mode CampaignMode `json:"mode"`

	// Whether the platform manages it or only follows it.
	Management CampaignManagement `json:"management"`

	// Where a directed campaign comes from, as sent.
	Directed jsontext.Value `json:"directed,omitzero"`

	// What it is to achieve; a detail.
	Brief string `json:"brief,omitzero"`

	// The days on which the campaign runs.
	FlightDates FlightDates `json:"flightDates,omitzero"`

	// What the campaign may spend.
	Budget CampaignBudget `json:"budget,omitzero"`

	// The part of the budget that media buys hold; a detail.
	AllocatedBudget float64 `json:"allocatedBudget,omitzero"`

	// The rest of the budget; a detail.
	UnallocatedBudget float64 `json:"unallocatedBudget,omitzero"`

	// The targeting of the campaign.
	Constraints CampaignConstraints `json:"constraints,omitzero"`

	// How many products it holds.
	ProductCount int64 `json:"productCount,omitzero"`

	// The storefronts it buys from; a detail.
	Storefronts []CampaignStorefront `json:"storefronts,omitzero"`

	// The audiences it targets and suppresses; a detail.
	Audiences []CampaignAudience `json:"audiences,omitzero"`

	// Its media buys; a detail.
	MediaBuys []MediaBuy `json:"mediaBuys,omitzero"`

	// Media buys by their ids and states, as sent; a detail.
	MediaBuyRefs jsontext.Value `json:"mediaBuyRefs,omitzero"`

	// Its products, as sent; a detail.
	Products jsontext.Value `json:"products,omitzero"`

	// The creative formats it wants, has and lacks, as sent; a detail.
	CreativeFormats jsontext.Value `json:"creativeFormats,omitzero"`

	// Its property lists, as sent; a detail.
	PropertyLists jsontext.Value `json:"propertyLists,omitzero"`

	// Its optimization goals, as sent; a detail.
	PerformanceConfig jsontext.Value `json:"performanceConfig,omitzero"`

	// How its budget is spread over time, as sent; a detail.
	PacingPeriods jsontext.Value `json:"pacingPeriods,omitzero"`

	// Where its log data is delivered, as sent; a detail.
	DataDelivery jsontext.Value `json:"dataDelivery,omitzero"`

	// Its frequency caps, as sent; a detail.
	FrequencyCaps jsontext.Value `json:"frequencyCaps,omitzero"`

	// Whether suggestions are applied without being asked for; a detail.
	OptimizationApplyMode OptimizationApplyMode `json:"optimizationApplyMode,omitzero"`

	// The id of its catalog; only in the detail of a campaign.
	CatalogID client.ID `json:"catalogId,omitzero"`

	// The product discovery it came from; a detail.
	DiscoveryID client.ID `json:"discoveryId,omitzero"`

	// Counts its changes; a detail.
	Revision int64 `json:"revision,omitzero"`

	// The time at which the campaign was created.
	CreatedAt time.Time `json:"createdAt"`

	// When it was last changed.
	UpdatedAt time.Time `json:"updatedAt"`
}

// CampaignAudience is an audience in use by a campaign.
type CampaignAudience struct {
	// The id of the audience.
	AudienceID client.ID `json:"audienceId"`

	// The name of the audience; empty where the platform does not say.
	Name string `json:"name"`

	// Whether the audience can be used.
	Status AudienceStatus `json:"status"`

	// Whether the audience is targeted or suppressed.
	Type AudienceUse `json:"type"`

	// Since when it is in use.
	EnabledAt time.Time `json:"enabledAt"`
}

// CampaignBudget is the budget of a campaign, in units of the currency.
type CampaignBudget struct {
	// The whole budget, in units of Currency.
	Total float64 `json:"total"`

	// The ISO 4217 code of the currency, such as USD.
	Currency string `json:"currency"`

	// The most in one day; 0 means that none is stated.
	DailyCap float64 `json:"dailyCap,omitzero"`

	// How the budget is spread over time; empty in lists.
	Pacing BudgetPacing `json:"pacing,omitzero"`
}

// CampaignConstraints is the targeting of a campaign. Empty lists do not narrow it.
type CampaignConstraints struct {
	// The countries that it targets, as ISO 3166-1 alpha-2 codes.
	GeoCountries []string `json:"geo_countries,omitzero"`

	// The countries that it leaves out.
	GeoCountriesExclude []string `json:"geo_countries_exclude,omitzero"`

	// The regions that it targets, as ISO 3166-2 codes.
	GeoRegions []string `json:"geo_regions,omitzero"`

	// The regions that it leaves out.
	GeoRegionsExclude []string `json:"geo_regions_exclude,omitzero"`

	// The metro areas that it targets.
	GeoMetros []GeoMetro `json:"geo_metros,omitzero"`

	// The metro areas that it leaves out.
	GeoMetrosExclude []GeoMetro `json:"geo_metros_exclude,omitzero"`

	// The names of the areas in GeoMetros; only with geo_metro_names among the Fields of the call.
	GeoMetroNames []GeoMetroNames `json:"geo_metro_names,omitzero"`

	// The names of the areas in GeoMetrosExclude; likewise.
	GeoMetroNamesExclude []GeoMetroNames `json:"geo_metro_names_exclude,omitzero"`

	// The postal areas that it targets.
	GeoPostalAreas []GeoPostalArea `json:"geo_postal_areas,omitzero"`

	// The postal areas that it leaves out.
	GeoPostalAreasExclude []GeoPostalArea `json:"geo_postal_areas_exclude,omitzero"`

	// The languages that it targets.
	Language []string `json:"language,omitzero"`

	// The operating systems that it targets.
	DevicePlatform []DevicePlatform `json:"device_platform,omitzero"`

	// The kinds of device that it targets.
	DeviceType []DeviceType `json:"device_type,omitzero"`

	// The kinds of device that it leaves out.
	DeviceTypeExclude []DeviceType `json:"device_type_exclude,omitzero"`

	// The channels that it buys, such as ctv.
	Channels []string `json:"channels,omitzero"`

	// Deprecated by the platform in favour of GeoCountries.
	Countries []string `json:"countries,omitzero"`
}

// CampaignManagement is whether the platform manages a campaign. The set is open.
type CampaignManagement string

// CampaignMediaBuyStatus is the state of a campaign's media buys, asked of the sellers.
type CampaignMediaBuyStatus struct {
	// The id of the campaign.
	CampaignID client.ID `json:"campaign_id"`

	// Where the campaign is in its life.
	CampaignStatus string `json:"campaign_status"`

	// The state of the campaign, derived from those of its media buys.
	OperationalStatus CampaignOperationalStatus `json:"operational_status"`

	// One entry for each media buy.
	MediaBuys []MediaBuyStatus `json:"media_buys"`

	// How many sellers were asked.
	AgentsQueried int64 `json:"agents_queried"`

	// What could not be found out.
	Errors []MediaBuyStatusFailure `json:"errors"`

	// What keeps the campaign from running.
	Blockers []Blocker `json:"blockers"`

	// How many creatives wait for a review.
	PendingCreativeReviews int64 `json:"pending_creative_reviews"`

	// Whether a seller has an order.
	HasUpstreamMediaBuy bool `json:"has_upstream_media_buy"`

	// Whether any of its media buys has delivered anything.
	HasDelivery bool `json:"has_delivery"`
}

// CampaignMode is the buying mode of a campaign. The set is open.
type CampaignMode string

// CampaignOperationalStatus is the combined state of the media buys of a campaign. The set is open.
type CampaignOperationalStatus string

// CampaignReport is the part of a report that concerns one campaign.
type CampaignReport struct {
	// The id of the campaign.
	CampaignID client.ID `json:"campaignId"`

	// The name of the campaign.
	CampaignName string `json:"campaignName"`

	// Whether the platform manages it or only follows it.
	Management CampaignManagement `json:"management"`

	// The figures over the whole period.
	Metrics ReportingMetrics `json:"metrics"`

	// One entry for each media buy.
	MediaBuys []MediaBuyReport `json:"mediaBuys"`
}

// CampaignStatus is where a campaign is in its life. The set is open.
type CampaignStatus string

// CampaignStorefront is a storefront that a campaign buys from.
type CampaignStorefront struct {
	// The id of the storefront.
	ID client.ID `json:"id"`

	// Its id across the platform.
	PlatformID client.ID `json:"platformId"`

	// The name of the storefront.
	Name string `json:"name"`
}

// Catalog is a feed of products, offers, jobs and the like.
type Catalog struct {
	// The id, chosen by the caller of the sync.
	CatalogID client.ID `json:"catalogId"`

	// The platform's own id of the catalog.
	PlatformID client.ID `json:"platformId"`

	// The id of the advertiser.
	AdvertiserID client.ID `json:"advertiserId"`

	// What kind of thing the catalog lists; the set is open.
	Type CatalogType `json:"type"`

	// Where the items come from.
	SourceType CatalogSourceType `json:"sourceType"`

	// The name of the catalog, for people; empty where the platform does not say.
	Name string `json:"name"`

	// The address that the platform fetches the items from; empty where the platform does not say.
	URL string `json:"url"`

	// The format of the feed; empty where the platform does not say.
	FeedFormat FeedFormat `json:"feedFormat"`

	// How often the feed is read; empty where the platform does not say.
	UpdateFrequency UpdateFrequency `json:"updateFrequency"`

	// How many items it has.
	ItemCount int64 `json:"itemCount"`

	// How the last reading of the feed went.
	SyncStatus CatalogSyncStatus `json:"syncStatus"`

	// Whether the catalog is up to date.
	HealthStatus CatalogHealthStatus `json:"healthStatus"`

	// The id of the last version of the catalog; empty where the platform does not say.
	LatestVersionID client.ID `json:"latestVersionId"`

	// The number of that, from 1.
	LatestVersionNumber int64 `json:"latestVersionNumber"`

	// The hash of the content of the last version; empty where the platform does not say.
	LatestContentHash string `json:"latestContentHash"`

	// The id of the transformation in use; empty where the platform does not say.
	ActiveTransformID client.ID `json:"activeTransformId"`

	// The id of the last activation plan; empty where the platform does not say.
	LatestActivationPlanID client.ID `json:"latestActivationPlanId"`

	// What the last version changed.
	LastChangeSummary CatalogChanges `json:"lastChangeSummary"`

	// When it was last asked for.
	LastSyncAttemptAt time.Time `json:"lastSyncAttemptAt"`

	// The time at which the items last came in; zero where the platform does not say.
	LastSyncedAt time.Time `json:"lastSyncedAt"`

	// When it is next asked for.
	NextSyncAt time.Time `json:"nextSyncAt"`

	// The time from which the items count as stale; zero where the platform does not say.
	StaleAfterAt time.Time `json:"staleAfterAt"`

	// The versions of the catalog, as sent; empty where the platform does not say.
	Versions jsontext.Value `json:"versions,omitzero"`

	// When it was asked for, as sent.
	RecentRefreshRuns jsontext.Value `json:"recentRefreshRuns,omitzero"`

	// When it was activated, as sent.
	RecentActivationExecutions jsontext.Value `json:"recentActivationExecutions,omitzero"`
}

// CatalogChanges counts what a new version of a catalog changed.
type CatalogChanges struct {
	// The number of items that were added.
	Added int64 `json:"added"`

	// The number of items that were changed.
	Updated int64 `json:"updated"`

	// The number of items that stayed as they were.
	Unchanged int64 `json:"unchanged"`

	// The number of items that were removed.
	Removed int64 `json:"removed"`
}

// CatalogHealthStatus is whether a catalog is up to date. The set is open.
type CatalogHealthStatus string

// CatalogSourceType is where the items of a catalog come from. The set is open.
type CatalogSourceType string

// CatalogSyncStatus is the result of the last reading of a feed. The set is open.
type CatalogSyncStatus string

// CatalogType is the type of the items of a catalog. The set is open.
type CatalogType string

// ConsentBasis is on what ground members of an audience are processed.
type ConsentBasis string

// ConsolidatedReport holds the sums of a report in one currency.
type ConsolidatedReport struct {
	// The sums of the figures over all advertisers and the whole period.
	Totals ReportingMetrics `json:"totals"`

	// The spend of each advertiser.
	ByAdvertiser []AdvertiserSpend `json:"byAdvertiser"`

	// How the sums were converted.
	ConversionInfo ConversionInfo `json:"conversionInfo"`
}

// ConversionInfo describes the rates of a consolidated report.
type ConversionInfo struct {
	// The ISO 4217 code of the currency of the sums.
	DisplayCurrency string `json:"displayCurrency"`

	// The day of the rates, as YYYY-MM-DD.
	AsOf string `json:"asOf"`

	// Where the rates come from.
	RateSource ConversionRateSource `json:"rateSource"`

	// Which rates were used for the days of the report.
	RateBasis ConversionRateBasis `json:"rateBasis"`

	// The rates that were used.
	Rates []ConversionRate `json:"rates"`

	// The ISO 4217 codes of the currencies without a rate. The sums leave them out.
	Unconverted []string `json:"unconverted"`

	// Whether the sums are an estimate.
	Estimate bool `json:"estimate"`
}

// ConversionRate is one rate of exchange.
type ConversionRate struct {
	// The two currencies, such as USDZAR.
	Pair string `json:"pair"`

	// The price of one unit of the first currency in units of the second.
	Rate float64 `json:"rate"`
}

// ConversionRateBasis is the day whose rates a consolidated report uses. The set is open.
type ConversionRateBasis string

// ConversionRateSource is where the rates of a consolidated report come from. The set is open.
type ConversionRateSource string

// Creative is an advertisement. Lists leave out what is marked as detail.
type Creative struct {
	// The platform's id of the creative.
	CreativeID client.ID `json:"creative_id"`

	// The campaign it belongs to.
	CampaignID client.ID `json:"campaign_id,omitzero"`

	// The id of the advertiser; only in the detail of a creative.
	AdvertiserID client.ID `json:"advertiser_id,omitzero"`

	// The name of the creative, for people.
	Name string `json:"name"`

	// What the platform says of it; a detail.
	Message string `json:"message,omitzero"`

	// The domain of the brand.
	BrandDomain string `json:"brand_domain,omitzero"`

	// The id of the template that the creative was made from.
	TemplateID client.ID `json:"template_id,omitzero"`

	// The format of the creative, and the agent that defines it.
	FormatID CreativeFormat `json:"format_id,omitzero"`

	// The kind of its format.
	FormatKind string `json:"format_kind,omitzero"`

	// Which option of the format it uses, as sent; a detail.
	FormatOptionRef jsontext.Value `json:"format_option_ref,omitzero"`

	// The formats it is made for.
	TargetFormatIDs []CreativeFormat `json:"target_format_ids,omitzero"`

	// Whether it must be converted before use.
	RequiresUpgrade bool `json:"requires_upgrade,omitzero"`

	// How many campaigns use it.
	ReuseCount int64 `json:"reuse_count,omitzero"`

	// The use that the creative is meant for.
	CreativeRole CreativeRole `json:"creative_role,omitzero"`

	// How the creative came to the platform.
	CreativeSource CreativeSource `json:"creative_source,omitzero"`

	// The address of a page that shows the creative.
	PreviewURL string `json:"preview_url,omitzero"`

	// How many assets it has; in lists only.
	AssetCount int64 `json:"asset_count,omitzero"`

	// The type of its main asset; in lists only.
	PrimaryAssetType AssetType `json:"primary_asset_type,omitzero"`

	// The files that the creative is made of; only in the detail of a creative.
	Assets []CreativeAsset `json:"assets,omitzero"`

	// How far the sellers have it.
	SyncStatus CreativeSync `json:"sync_status,omitzero"`

	// Where it is in use.
	PlatformLinks []CreativeLink `json:"platform_links,omitzero"`

	// Where it may appear; in lists only.
	Placements []CreativePlacement `json:"placements,omitzero"`

	// Its identifiers, such as ISCI, as sent; a detail.
	IndustryIdentifiers jsontext.Value `json:"industry_identifiers,omitzero"`

	// Its cards, as sent; a detail.
	CarouselCards jsontext.Value `json:"carousel_cards,omitzero"`

	// What was changed in its HTML, as sent; a detail.
	HTMLProcessing jsontext.Value `json:"html_processing,omitzero"`

	// How its template was found, as sent; a detail.
	AutoDetectedTemplate jsontext.Value `json:"auto_detected_template,omitzero"`

	// Its manifest, as sent; a detail.
	CreativeManifest jsontext.Value `json:"creative_manifest,omitzero"`

	// Its trackers and macros, as sent; a detail.
	Tracking jsontext.Value `json:"tracking,omitzero"`

	// Its frequency caps, as sent; a detail.
	FrequencyCaps jsontext.Value `json:"frequencyCaps,omitzero"`

	// What is doubtful about it; a detail.
	Warnings []string `json:"warnings,omitzero"`

	// The time at which the creative was created.
	CreatedAt time.Time `json:"created_at"`

	// When it was last changed.
	UpdatedAt time.Time `json:"updated_at"`
}

// CreativeAsset is a file of a creative.
type CreativeAsset struct {
	// The platform's id of the asset.
	AssetID client.ID `json:"asset_id"`

	// The name of the asset, for people.
	Name string `json:"name"`

	// The name of the file.
	OriginalFilename string `json:"original_filename"`

	// The type of the asset.
	AssetType AssetType `json:"asset_type"`

	// The media type of the file, such as video/mp4.
	ContentType string `json:"content_type"`

	// The size of the file, in bytes.
	FileSize int64 `json:"file_size"`

	// Where it can be fetched.
	PublicURL string `json:"public_url"`

	// Where the file comes from.
	AssetSource AssetSource `json:"asset_source"`

	// The id of the slot of the format that the asset fills.
	SlotAssetID string `json:"slot_asset_id,omitzero"`

	// The width of the picture or video, in pixels.
	Width int64 `json:"width,omitzero"`

	// The height of the picture or video, in pixels.
	Height int64 `json:"height,omitzero"`

	// The length of the sound or video, in milliseconds.
	DurationMs int64 `json:"duration_ms,omitzero"`

	// The codec of the sound or video, such as h264.
	Codec string `json:"codec,omitzero"`

	// The format of the file that holds the sound or video, such as mp4.
	Container string `json:"container,omitzero"`

	// The bit rate, in kilobits a second.
	BitrateKbps int64 `json:"bitrate_kbps,omitzero"`

	// The frame rate, in frames a second, as sent.
	FrameRate float64 `json:"frame_rate,omitzero"`

	// The rate of the sound, in samples a second.
	SampleRate int64 `json:"sample_rate,omitzero"`

	// The time at which the file was uploaded.
	CreatedAt time.Time `json:"created_at"`
}

// CreativeFormat names a format and the agent that defines it.
type CreativeFormat struct {
	// The id of the format.
	ID string `json:"id"`

	// The address of the agent that defines the format.
	AgentURL string `json:"agent_url"`

	// In pixels; 0 where it does not matter.
	Width float64 `json:"width,omitzero"`

	// In pixels; 0 where it does not matter.
	Height float64 `json:"height,omitzero"`

	// In milliseconds; 0 where it does not matter.
	DurationMs float64 `json:"duration_ms,omitzero"`
}

// CreativeLink is a creative in use by a seller.
type CreativeLink struct {
	// The id of the agent of the seller.
	AgentID client.ID `json:"agent_id"`

	// The name of that agent, for people.
	AgentName string `json:"agent_name"`

	// The seller's id of the creative.
	PlatformID client.ID `json:"platform_id,omitzero"`

	// The state of the creative with that seller.
	Status string `json:"status"`

	// Whether the seller has approved the creative.
	ApprovalStatus string `json:"approval_status,omitzero"`

	// When the seller got it.
	SyncedAt time.Time `json:"synced_at,omitzero"`
}

// CreativePlacement is a place where a creative may appear.
type CreativePlacement struct {
	// The platform's id of the placement.
	PlacementID client.ID `json:"placement_id"`

	// The name of the placement, for people.
	PlacementName string `json:"placement_name"`
}

// CreativeRole is the use that a creative is meant for. The set is open.
type CreativeRole string

// CreativeSource is the origin of a creative. The set is open.
type CreativeSource string

// CreativeSync is the status of a creative at the sellers.
type CreativeSync struct {
	// Whether all of them have it.
	Synced bool `json:"synced"`

	// How many sellers there are.
	AgentCount int64 `json:"agent_count"`

	// When they last got it; a detail.
	LastSyncedAt time.Time `json:"last_synced_at,omitzero"`
}

// DetailAvailability is whether the details of a call can be read. The set is open.
type DetailAvailability string

// DevicePlatform is the operating system of a device. The set is open.
type DevicePlatform string

// DeviceType is a kind of device. The set is open.
type DeviceType string

// DiscoveryPerformance is the performance of a storefront in product discovery.
type DiscoveryPerformance struct {
	// How often it was asked.
	SampleCount int64 `json:"sampleCount"`

	// The number of times that the storefront answered.
	SuccessCount int64 `json:"successCount"`

	// How often it was too slow.
	TimeoutCount int64 `json:"timeoutCount"`

	// The average time until an answer, in milliseconds; 0 where the platform does not say.
	AvgResponseTimeMs int64 `json:"avgResponseTimeMs"`

	// The longest time until an answer, in milliseconds; 0 where the platform does not say.
	MaxResponseTimeMs int64 `json:"maxResponseTimeMs"`

	// The time until the last answer, in milliseconds; 0 where the platform does not say.
	LastResponseTimeMs int64 `json:"lastResponseTimeMs"`

	// When it was last asked.
	LastDiscoveryAt time.Time `json:"lastDiscoveryAt"`
}

// DispatchAccount is the kind of account that an operation was dispatched to. The set is open.
type DispatchAccount string

// Event is something that a person did, such as a purchase. Zero fields are not sent.
type Event struct {
	// The caller's id of the event, which makes it repeatable; at most 256 characters.
	EventID string `json:"event_id"`

	// What happened, such as a purchase.
	EventType EventType `json:"event_type"`

	// The time at which it happened.
	EventTime time.Time `json:"event_time"`

	// What the person can be recognised by.
	UserMatch UserMatch `json:"user_match,omitzero"`

	// What the event was about, such as what was bought and for how much.
	CustomData EventData `json:"custom_data,omitzero"`

	// Where it happened, such as on a website.
	ActionSource ActionSource `json:"action_source,omitzero"`

	// The page it happened on.
	EventSourceURL string `json:"event_source_url,omitzero"`

	// What happened, where the type is EventTypeCustom; at most 256 characters.
	CustomEventName string `json:"custom_event_name,omitzero"`
}

// EventData is the subject of an event.
type EventData struct {
	// The worth of the event, in units of Currency; client.Set(0) sends 0.
	Value client.Field[float64] `json:"value,omitzero"`

	// The ISO 4217 code of the currency, such as USD.
	Currency string `json:"currency,omitzero"`

	// The order; at most 256 characters.
	OrderID string `json:"order_id,omitzero"`

	// The products; at most 256 characters each.
	ContentIDs []string `json:"content_ids,omitzero"`

	// What they are; at most 128 characters.
	ContentType string `json:"content_type,omitzero"`

	// The number of items that the event is about; client.Set(0) sends 0.
	NumItems client.Field[int64] `json:"num_items,omitzero"`

	// The items of the order, as a JSON array.
	Contents jsontext.Value `json:"contents,omitzero"`
}

// EventLog is a number of events from one source.
type EventLog struct {
	// The source they come from; at most 256 characters.
	EventSourceID client.ID `json:"event_source_id"`

	// The events, of any number.
	Events []Event `json:"events"`

	// Marks the events as a test; at most 256 characters.
	TestEventCode string `json:"test_event_code,omitzero"`
}

// EventRefusal is an event that was not taken in.
type EventRefusal struct {
	// The id of the event that was not taken in.
	EventID string `json:"event_id"`

	// Why it was not, for programs.
	Code string `json:"code"`

	// Why it was not, in words for people.
	Message string `json:"message"`
}

// EventSource is where events of an advertiser come from: a site, an app or a shop.
type EventSource struct {
	// The caller's id of the event source, which events name.
	EventSourceID client.ID `json:"eventSourceId"`

	// The name of the event source, for people.
	Name string `json:"name"`

	// The events it sends; none means that any may come.
	EventTypes []EventType `json:"eventTypes"`

	// The domains it may send from.
	AllowedDomains []string `json:"allowedDomains"`

	// The software it is part of.
	IntegrationPlatform string `json:"integrationPlatform"`

	// How its fields are read, as sent.
	Mapping jsontext.Value `json:"mapping"`

	// The code that marks events sent as a test.
	TestEventCode string `json:"testEventCode"`

	// Whether events come in, and what went wrong with them.
	Health EventSourceHealth `json:"health"`

	// The time at which the event source was created.
	CreatedAt time.Time `json:"createdAt"`

	// When it was last changed.
	UpdatedAt time.Time `json:"updatedAt"`
}

// EventSourceHealth is the health of an event source.
type EventSourceHealth struct {
	// Whether events come in.
	Status EventSourceStatus `json:"status"`

	// The time of the last event.
	LastEventAt time.Time `json:"lastEventAt"`

	// The time at which the last event came in; zero where the platform does not say.
	LastEventReceivedAt time.Time `json:"lastEventReceivedAt"`

	// The type of the last event that came in; empty where the platform does not say.
	LastEventType EventType `json:"lastEventType"`

	// The last failure of an event, in words; empty where the platform does not say.
	LastError string `json:"lastError"`

	// The time of the last failure; zero where the platform does not say.
	LastErrorAt time.Time `json:"lastErrorAt"`
}

// EventSourceStatus is whether the events of a source come in. The set is open.
type EventSourceStatus string

// EventType is the type of an event. The set is open in responses.
type EventType string

// FXConversion is the rate at which spend was converted to the currency of the advertiser.
type FXConversion struct {
	// The ISO 4217 code of the currency that the source reported.
	FromCurrency string `json:"fromCurrency"`

	// The price of one unit of that currency.
	Rate float64 `json:"rate"`

	// The day of the rate, as YYYY-MM-DD.
	AsOfDate string `json:"asOfDate"`

	// Where the rate comes from.
	Source FXRateSource `json:"source"`
}

// FXRateSource is where a rate of exchange comes from. The set is open.
type FXRateSource string

// FeedFormat is the format of the feed of a catalog. The set is open.
type FeedFormat string

// FlightDates is the period of a campaign.
type FlightDates struct {
	// The time at which the campaign begins.
	StartDate time.Time `json:"startDate"`

	// The time at which it ends.
	EndDate time.Time `json:"endDate"`
}

// GeoMetro is a list of metro areas in one system.
type GeoMetro struct {
	// The system that the codes belong to.
	System GeoMetroSystem `json:"system"`

	// The codes of the areas.
	Values []string `json:"values"`
}

// GeoMetroName is the name of a metro area.
type GeoMetroName struct {
	// The code of the area.
	Code string `json:"code"`

	// The name of the area, for people.
	Name string `json:"name"`
}

// GeoMetroNames is a list of names of metro areas in one system.
type GeoMetroNames struct {
	// The system that the codes belong to.
	System GeoMetroSystem `json:"system"`

	// The names with their codes.
	Values []GeoMetroName `json:"values"`
}

// GeoMetroSystem is a system of metro areas. The set is open.
type GeoMetroSystem string

// GeoPostalArea is a list of postal areas in one system.
type GeoPostalArea struct {
	// The country, as an ISO 3166-1 alpha-2 code; empty where the system names it.
	Country string `json:"country,omitzero"`

	// The system that the codes belong to.
	System PostalSystem `json:"system"`

	// The codes of the areas.
	Values []string `json:"values"`
}

// Measurement is a figure that somebody else measured. Zero fields are not sent, the value aside.
type Measurement struct {
	// The beginning of the time it is for.
	StartTime time.Time `json:"start_time"`

	// The end of the time it is for.
	EndTime time.Time `json:"end_time"`

	// What was measured, such as impressions.
	MetricID MetricID `json:"metric_id"`

	// The figure that was measured, in Unit; it is sent also when it is 0.
	MetricValue float64 `json:"metric_value"`

	// The unit of the figure, such as a count or money.
	Unit MetricUnit `json:"unit"`

	// ISO 4217 code, for UnitCurrency.
	Currency string `json:"currency,omitzero"`

	// The campaign it is about; at most 255 characters.
	CampaignID client.ID `json:"campaign_id,omitzero"`

	// The media buy it is about; at most 255 characters.
	MediaBuyID client.ID `json:"media_buy_id,omitzero"`

	// The package it is about; at most 255 characters.
	PackageID client.ID `json:"package_id,omitzero"`

	// The creative it is about; at most 255 characters.
	CreativeID client.ID `json:"creative_id,omitzero"`

	// Who measured it, such as the advertiser itself.
	Source MeasurementSource `json:"source,omitzero"`

	// With what; at most 255 characters.
	SourcePlatform string `json:"source_platform,omitzero"`

	// What it is called there; at most 255 characters.
	SourceMetricName string `json:"source_metric_name,omitzero"`

	// The caller's id of the row, which makes it repeatable; at most 255 characters.
	ExternalRowID string `json:"external_row_id,omitzero"`
}

// MeasurementOutcome is the outcome of a row.
type MeasurementOutcome struct {
	// The place of the row in the slice that was given, from 0.
	Index int64 `json:"index"`

	// What the platform did with the row.
	Action SyncAction `json:"action"`

	// Why the row was not taken; empty where it was.
	Error string `json:"error,omitzero"`
}

// MeasurementSource is the source of a measurement.
type MeasurementSource string

// MediaBuy is an order with one seller. What is marked as detail comes with a campaign only.
type MediaBuy struct {
	// The platform's id of the media buy.
	MediaBuyID client.ID `json:"mediaBuyId"`

	// The name of the media buy, for people.
	Name string `json:"name"`

	// Where it is in its life. The set is open.
	Status string `json:"status"`

	// Counts its changes; a detail.
	Revision int64 `json:"revision,omitzero"`

	// What can be done with it now; a detail.
	ValidActions []string `json:"validActions,omitzero"`

	// Who must act next.
	PendingAt PendingParty `json:"pendingAt,omitzero"`

	// A change that is not yet accepted, as sent.
	PendingChange jsontext.Value `json:"pendingChange,omitzero"`

	// Why the media buy is pending.
	PendingReason PendingReason `json:"pendingReason,omitzero"`

	// The time since when the media buy is pending.
	PendingSince time.Time `json:"pendingSince,omitzero"`

	// The code of the failure.
	ErrorCode MediaBuyErrorCode `json:"errorCode,omitzero"`

	// Who can repair the failure.
	ErrorOwner MediaBuyErrorOwner `json:"errorOwner,omitzero"`

	// The last message of the seller about the media buy, for people.
	SourceMessage string `json:"sourceMessage,omitzero"`

	// When the seller got it.
	ForwardedAt time.Time `json:"forwardedAt,omitzero"`

	// The buyer's own reference for the media buy, sent to the seller.
	BuyerReference string `json:"buyerReference,omitzero"`

	// The time from which it delivers.
	StartTime client.Timestamp `json:"startTime,omitzero"`

	// The time until which it delivers.
	EndTime client.Timestamp `json:"endTime,omitzero"`

	// Whether the budget includes fees; a detail.
	BudgetDenomination BudgetDenomination `json:"budget_denomination,omitzero"`

	// The parts of the budget, as sent; a detail.
	BudgetBreakdown jsontext.Value `json:"budget_breakdown,omitzero"`

	// Its products, as sent; a detail.
	Products jsontext.Value `json:"products,omitzero"`

	// Its packages, as sent; a detail. MediaBuys.Packages gives them typed.
	Packages jsontext.Value `json:"packages,omitzero"`

	// How its budget is spread over time, as sent; a detail.
	PacingPeriods jsontext.Value `json:"pacingPeriods,omitzero"`

	// Its optimization goals, as sent.
	OptimizationGoals jsontext.Value `json:"optimizationGoals,omitzero"`

	// What it has delivered so far, as sent; a detail. Reporting gives it by day.
	Performance jsontext.Value `json:"performance,omitzero"`

	// Its creatives, as sent; a detail.
	Creatives jsontext.Value `json:"creatives,omitzero"`

	// The time at which the media buy was created.
	CreatedAt time.Time `json:"createdAt"`

	// When it was last changed.
	UpdatedAt time.Time `json:"updatedAt"`
}

// MediaBuyErrorCode is the reason why a media buy failed. The set is open.
type MediaBuyErrorCode string

// MediaBuyErrorOwner is the party that can repair a media buy. The set is open.
type MediaBuyErrorOwner string

// MediaBuyOperationalStatus is the combined state of a media buy with the platform and its seller. The set is
// open.
type MediaBuyOperationalStatus string

// MediaBuyPackages are the packages of a media buy.
type MediaBuyPackages struct {
	// The id of the media buy.
	MediaBuyID client.ID `json:"mediaBuyId"`

	// Whether the budget is spread over periods.
	IsPaced bool `json:"isPaced"`

	// How many packages there are.
	PackageCount int64 `json:"packageCount"`

	// The packages of the media buy; empty where it has none.
	Packages []Package `json:"packages"`
}

// MediaBuyPhase is a state of media buys that campaigns can be listed by.
type MediaBuyPhase string

// MediaBuyReport is the part of a report that concerns one media buy.
type MediaBuyReport struct {
	// The id of the media buy.
	MediaBuyID client.ID `json:"mediaBuyId"`

	// The name of the media buy.
	Name string `json:"name"`

	// The state of the media buy, as the report has it. The set is open.
	Status string `json:"status"`

	// The gross budget of the media buy; null reads as 0.
	Budget float64 `json:"budget"`

	// The figures over the whole period.
	Metrics ReportingMetrics `json:"metrics"`

	// How the spend was converted to the currency of the advertiser; zero where it was not.
	DeliveryFXConversion FXConversion `json:"deliveryFxConversion,omitzero"`

	// One entry for each package.
	Packages []PackageReport `json:"packages"`
}

// MediaBuyStatus is the state of one media buy, with the platform and with its seller.
type MediaBuyStatus struct {
	// The id of the media buy.
	MediaBuyID client.ID `json:"media_buy_id"`

	// The seller's id of it; empty until it has one.
	AdCPMediaBuyID client.ID `json:"adcp_media_buy_id"`

	// Its state with the platform.
	InternalStatus string `json:"internal_status"`

	// Its state with the seller; empty until it has one.
	AdCPStatus string `json:"adcp_status"`

	// The state that both together amount to.
	OperationalStatus MediaBuyOperationalStatus `json:"operational_status"`

	// Its state with the platform before the seller was asked.
	PreviousInternalStatus string `json:"previous_internal_status"`

	// Its state with the seller before that.
	PreviousAdCPStatus string `json:"previous_adcp_status"`

	// Whether asking has changed anything.
	Updated bool `json:"updated"`

	// Where the state comes from.
	StatusRefreshSource StatusRefreshSource `json:"status_refresh_source"`

	// What keeps it from running.
	Blockers []string `json:"blockers"`

	// Why the media buy is pending.
	PendingReason PendingReason `json:"pending_reason,omitzero"`

	// The time since when the media buy is pending.
	PendingSince time.Time `json:"pending_since,omitzero"`

	// The code of the failure.
	ErrorCode MediaBuyErrorCode `json:"error_code,omitzero"`

	// Who can repair the failure.
	ErrorOwner MediaBuyErrorOwner `json:"error_owner,omitzero"`

	// The last message of the seller about the media buy, for people.
	SourceMessage string `json:"source_message,omitzero"`

	// When the seller got it.
	ForwardedAt time.Time `json:"forwarded_at,omitzero"`

	// The buyer's own reference for the media buy, sent to the seller.
	BuyerReference string `json:"buyer_reference,omitzero"`
}

// MediaBuyStatusFailure is a media buy whose state could not be found out.
type MediaBuyStatusFailure struct {
	// The id of the media buy.
	MediaBuyID client.ID `json:"media_buy_id"`

	// Why the state could not be found out, for people.
	Error string `json:"error"`

	// The code of it, for programs; the set is open.
	Code string `json:"code,omitzero"`
}

// MetricID is a measured metric.
type MetricID string

// MetricUnit is the unit of a metric.
type MetricUnit string

// Notification is news of the account.
type Notification struct {
	// The platform's id of the notification.
	ID client.ID `json:"id"`

	// What it is about.
	Type NotificationType `json:"type"`

	// How good or bad it is.
	Status NotificationStatus `json:"status"`

	// Whether somebody has read the notification.
	Read bool `json:"read"`

	// Whether somebody has acknowledged the notification.
	Acknowledged bool `json:"acknowledged"`

	// What the notification says, or the beginning of it, for people; empty where the platform does not say.
	MessagePreview string `json:"messagePreview"`

	// Where to act on it.
	ActionURL string `json:"actionUrl"`

	// The time of what the notification is about.
	CreatedAt time.Time `json:"createdAt"`
}

// NotificationStatus is the status of a notification. The set is open.
type NotificationStatus string

// NotificationType is the subject of a notification. The set is open.
type NotificationType string

// OptimizationApplyMode is whether suggestions are applied automatically. The set is open.
type OptimizationApplyMode string

// PacingPeriod is one of the periods over which a budget is spread.
type PacingPeriod struct {
	// The number of the period, counted from 1.
	Index int64 `json:"index"`

	// The name of the period, for people.
	Label string `json:"label,omitzero"`
}

// Package is one line of a media buy.
type Package struct {
	// The platform's id of the package.
	PackageID client.ID `json:"packageId"`

	// The id of the product that the package buys; empty where the platform does not say.
	ProductID client.ID `json:"productId"`

	// The name of the product.
	ProductName string `json:"productName,omitzero"`

	// The state of the package.
	Status PackageStatus `json:"status"`

	// The period it belongs to; zero where the media buy is not paced.
	PacingPeriod PacingPeriod `json:"pacingPeriod,omitzero"`

	// The time from which it delivers.
	StartTime time.Time `json:"startTime,omitzero"`

	// The time until which it delivers.
	EndTime time.Time `json:"endTime,omitzero"`

	// Its budget; null reads as 0.
	Budget float64 `json:"budget"`

	// The ISO 4217 code of the currency, such as USD.
	BudgetCurrency string `json:"budgetCurrency,omitzero"`

	// How its budget is spent over time.
	Pacing string `json:"pacing,omitzero"`

	// What the package has delivered so far.
	Delivery PackageDelivery `json:"delivery,omitzero"`
}

// PackageDelivery is the delivery of a package.
type PackageDelivery struct {
	// The number of impressions that were delivered.
	Impressions float64 `json:"impressions"`

	// Spend, in the package's currency.
	Spend float64 `json:"spend"`

	// Clicks; null, where none are counted, reads as 0.
	Clicks float64 `json:"clicks"`
}

// PackageReport is the part of a report that concerns one package.
type PackageReport struct {
	// The id of the package.
	PackageID client.ID `json:"packageId"`

	// The id of the product; empty where the platform does not say.
	ProductID client.ID `json:"productId"`

	// The name of the product; empty where the platform does not say.
	ProductName string `json:"productName"`

	// The figures over the whole period.
	Metrics ReportingMetrics `json:"metrics"`
}

// PackageStatus is the state of a package. The set is open.
type PackageStatus string

// PendingParty is the party that must act next on a media buy. The set is open.
type PendingParty string

// PendingReason is the reason why a media buy is pending. The set is open.
type PendingReason string

// PostalSystem is a system of postal codes. The set is open.
type PostalSystem string

// PrincipalType is the kind of caller. The set is open.
type PrincipalType string

// PropertyIdentifier names a property.
type PropertyIdentifier struct {
	// The kind of name, such as a domain.
	Type PropertyIdentifierType `json:"type"`

	// The name of the property in that system, such as a domain.
	Value string `json:"value"`
}

// PropertyIdentifierType is the naming scheme of a property. The set is open.
type PropertyIdentifierType string

// PropertyList is a list of sites, apps or screens. Lists leave out what is marked as detail.
type PropertyList struct {
	// The platform's id of the property list.
	ListID client.ID `json:"listId"`

	// The name of the property list, for people.
	Name string `json:"name"`

	// Whether it includes or excludes.
	Purpose PropertyListPurpose `json:"purpose"`

	// How many properties it has.
	PropertyCount int64 `json:"propertyCount"`

	// The properties of the list; only in the detail of a list.
	Identifiers []PropertyIdentifier `json:"identifiers,omitzero"`

	// Those that are not known; a detail.
	UnresolvedIdentifiers []PropertyIdentifier `json:"unresolvedIdentifiers,omitzero"`

	// Those that became known through this list; a detail.
	RegisteredIdentifiers []PropertyIdentifier `json:"registeredIdentifiers,omitzero"`

	// The domains among the properties; a detail.
	Domains []string `json:"domains,omitzero"`

	// Those that are not known; a detail.
	UnresolvedDomains []string `json:"unresolvedDomains,omitzero"`

	// Those that became known through this list; a detail.
	RegisteredDomains []string `json:"registeredDomains,omitzero"`

	// How many properties are known; a detail.
	ResolutionSummary PropertyResolution `json:"resolutionSummary,omitzero"`

	// Which media buys a change reached, as sent; a detail.
	CascadeSummary jsontext.Value `json:"cascadeSummary,omitzero"`

	// What narrows the list, as sent; a detail.
	Filters jsontext.Value `json:"filters,omitzero"`

	// Whether the list has been resolved; a detail.
	Status PropertyListStatus `json:"status,omitzero"`

	// What went wrong; a detail.
	ErrorMessage string `json:"errorMessage,omitzero"`

	// The time at which the property list was created.
	CreatedAt time.Time `json:"createdAt"`

	// When it was last changed.
	UpdatedAt time.Time `json:"updatedAt"`
}

// PropertyListPurpose is the purpose of a property list.
type PropertyListPurpose string

// PropertyListStatus is whether a property list has been resolved. The set is open.
type PropertyListStatus string

// PropertyResolution counts the properties of a list that are known.
type PropertyResolution struct {
	// The number of properties in the list.
	TotalRequested int64 `json:"totalRequested"`

	// The number of those that the platform knows.
	ResolvedCount int64 `json:"resolvedCount"`

	// Those that became known through the list.
	RegisteredCount int64 `json:"registeredCount"`

	// The number of those that it does not know.
	UnresolvedCount int64 `json:"unresolvedCount"`

	// The part that is known, 0 to 1.
	ResolutionRate float64 `json:"resolutionRate"`
}

// ReportingMetrics are the figures of a report. Money is gross, in the currency stated beside them. A ratio
// with nothing to divide by, and a total over several currencies, is null and reads as 0.
type ReportingMetrics struct {
	// The number of impressions.
	Impressions int64 `json:"impressions"`

	// The gross spend, in units of the currency.
	Spend float64 `json:"spend"`

	// The number of clicks.
	Clicks int64 `json:"clicks"`

	// The number of views.
	Views int64 `json:"views"`

	// The number of views that lasted to the end.
	CompletedViews int64 `json:"completedViews"`

	// The number of conversions.
	Conversions int64 `json:"conversions"`

	// The number of leads.
	Leads int64 `json:"leads"`

	// Videos played to the end.
	VideoCompletions int64 `json:"videoCompletions"`

	// What the conversions are worth.
	ConversionValue float64 `json:"conversionValue"`

	// Spend for a thousand impressions.
	ECPM float64 `json:"ecpm"`

	// The spend for a click, in units of the currency.
	CPC float64 `json:"cpc"`

	// The clicks for an impression, as a ratio.
	CTR float64 `json:"ctr"`

	// The completed views for a view, as a ratio.
	CompletionRate float64 `json:"completionRate"`

	// The spend for a conversion, in units of the currency.
	CPA float64 `json:"cpa"`

	// Conversion value for a unit of spend.
	ROAS float64 `json:"roas"`
}

// ReportingSummary is a report as a tree of advertisers, campaigns and media buys.
type ReportingSummary struct {
	// One entry for each advertiser.
	Advertisers []AdvertiserReport `json:"advertisers"`

	// The sums of the figures over all advertisers and the whole period.
	Totals ReportingMetrics `json:"totals"`

	// ISO 4217 code; empty where the advertisers' currencies differ.
	TotalsCurrency string `json:"totalsCurrency"`

	// The sums in the display currency; zero unless one was asked for.
	Consolidated ConsolidatedReport `json:"consolidated,omitzero"`

	// The first day, as YYYY-MM-DD.
	PeriodStart string `json:"periodStart"`

	// The last day, as YYYY-MM-DD.
	PeriodEnd string `json:"periodEnd"`
}

// ReportingTimeseries is a report with one row for each day and package.
type ReportingTimeseries struct {
	// The rows, one for each day and package; empty where there is nothing to report.
	Timeseries []TimeseriesRow `json:"timeseries"`

	// The sums of the figures over all advertisers and the whole period.
	Totals ReportingMetrics `json:"totals"`

	// ISO 4217 code; empty where the advertisers' currencies differ.
	TotalsCurrency string `json:"totalsCurrency"`

	// The first day, as YYYY-MM-DD.
	PeriodStart string `json:"periodStart"`

	// The last day, as YYYY-MM-DD.
	PeriodEnd string `json:"periodEnd"`
}

// RoutingType is the route of a purchase to the seller. The set is open.
type RoutingType string

// StatusRefreshSource is where the state of a media buy was read. The set is open.
type StatusRefreshSource string

// Storefront is where a seller offers inventory. Lists leave out what is marked as detail.
type Storefront struct {
	// The platform's id of the storefront.
	ID client.ID `json:"id"`

	// Its id across the platform.
	PlatformID client.ID `json:"platformId"`

	// The name of the storefront, for people.
	Name string `json:"name"`

	// The domain of the publisher, such as publisher.example; empty where the platform does not say.
	PublisherDomain string `json:"publisherDomain"`

	// The name of the brand under which the publisher sells; empty where the platform does not say.
	BrandName string `json:"brandName"`

	// The address of the logo; empty where the platform does not say.
	LogoURL string `json:"logoUrl"`

	// What the logo stands on.
	LogoBackground string `json:"logoBackground"`

	// What the storefront offers, in words for people; empty where the platform does not say.
	Description string `json:"description"`

	// The address of the site of the publisher; empty where the platform does not say.
	Website string `json:"website"`

	// The brand's colours by their roles.
	BrandColors map[string]string `json:"brandColors"`

	// Whether the storefront trades, as it is shown to buyers.
	DisplayStatus StorefrontStatus `json:"displayStatus"`

	// Whether it can be bought from.
	Readiness StorefrontReadiness `json:"readiness"`

	// The channels that the storefront offers, such as ctv; empty where it names none.
	Channels []string `json:"channels"`

	// The regions that the storefront covers; empty where it names none.
	Regions []string `json:"regions"`

	// How its media can be bought.
	SupportedRoutingTypes []RoutingType `json:"supportedRoutingTypes"`

	// Who can be billed.
	SupportedBilling []BillingParty `json:"supportedBilling"`

	// The ad server behind it.
	AdapterProviderType string `json:"adapterProviderType"`

	// The kind of source behind it; empty where the platform does not say.
	AdapterSourceKind AdapterSourceKind `json:"adapterSourceKind"`

	// How the account is connected to it, as sent.
	AdapterConnection jsontext.Value `json:"adapterConnection"`

	// What it can do with creatives, as sent.
	CreativeCapabilities jsontext.Value `json:"creativeCapabilities"`

	// What its agent can do, as sent; a detail.
	AdCPCapabilities jsontext.Value `json:"adcpCapabilities,omitzero"`

	// How well it answers product discovery.
	DiscoveryPerformance DiscoveryPerformance `json:"discoveryPerformance"`

	// Its card in product discovery, as sent.
	DiscoveryCard jsontext.Value `json:"discoveryCard,omitzero"`

	// Its publishers, as sent; a detail.
	Publishers jsontext.Value `json:"publishers,omitzero"`

	// How many sources it has; in lists only.
	SourceCount int64 `json:"sourceCount,omitzero"`

	// How many of them the account is connected to; in lists only.
	ConnectedSourceCount int64 `json:"connectedSourceCount,omitzero"`

	// Whether the account is connected to it; a detail.
	Connected bool `json:"connected,omitzero"`

	// Whether that takes credentials; a detail.
	RequiresCredentials bool `json:"requiresCredentials,omitzero"`

	// The accounts it is connected with; a detail.
	CustomerAccounts []StorefrontAccount `json:"customerAccounts,omitzero"`
}

// StorefrontAccount is an account with a storefront.
type StorefrontAccount struct {
	// The name of the account.
	AccountIdentifier string `json:"accountIdentifier"`

	// The state of the account, in the words of the storefront.
	Status string `json:"status"`
}

// StorefrontEffectiveStatus is the state of a storefront after all checks. The set is open.
type StorefrontEffectiveStatus string

// StorefrontReadiness reports whether a storefront can be bought from.
type StorefrontReadiness struct {
	// Whether media can be bought there now.
	CanTransact bool `json:"canTransact"`

	// The state of the storefront, with everything that is in its way.
	EffectiveStatus StorefrontEffectiveStatus `json:"effectiveStatus"`

	// What is in the way of buying there; empty where nothing is.
	BlockerIDs []string `json:"blockerIds"`
}

// StorefrontStatus is whether a storefront trades. The set is open.
type StorefrontStatus string

// StorefrontVisibility is the audience of a storefront. The set is open.
type StorefrontVisibility string

// SyncAction is the action of a sync on a row. The set is open.
type SyncAction string

// Task is work that the platform does after it has answered.
type Task struct {
	// The platform's id of the task.
	TaskID client.ID `json:"taskId"`

	// The kind of work.
	TaskType TaskType `json:"taskType"`

	// How far the task is; WaitForTask waits until it is done.
	Status TaskStatus `json:"status"`

	// The type of what the task is about, such as audience; empty where the platform does not say.
	ResourceType string `json:"resourceType"`

	// The id of what the task is about; empty where the platform does not say.
	ResourceID client.ID `json:"resourceId"`

	// Why it failed; zero unless it did.
	Error TaskFailure `json:"error"`

	// What came of it, as sent.
	Response jsontext.Value `json:"response"`

	// More about it, as sent.
	Metadata jsontext.Value `json:"metadata"`

	// How long to wait before asking again, in seconds.
	RetryAfterSeconds float64 `json:"retryAfterSeconds"`

	// The time at which the task was created.
	CreatedAt time.Time `json:"createdAt"`

	// The time of the last change of the task.
	UpdatedAt time.Time `json:"updatedAt"`
}

// TaskFailure is the failure of a task.
type TaskFailure struct {
	// The code of the failure, for programs; the set is open.
	Code string `json:"code"`

	// What went wrong, in words for people.
	Message string `json:"message"`

	// The field that was at fault; empty where none is named.
	Field string `json:"field,omitzero"`

	// What to do about it, for people; empty where nothing is suggested.
	Suggestion string `json:"suggestion,omitzero"`

	// After how many seconds repeating may help.
	RetryAfter float64 `json:"retryAfter,omitzero"`

	// More about the failure, as sent; empty where the platform does not say.
	Details jsontext.Value `json:"details,omitzero"`

	// Whether the failure can be overcome.
	Recovery TaskRecovery `json:"recovery,omitzero"`
}

// TaskRecovery is whether the failure of a task can be overcome. The set is open.
type TaskRecovery string

// TaskStatus is the status of a task. The set is open.
type TaskStatus string

// TaskType is the kind of work of a task. The set is open.
type TaskType string

// TimeseriesRow is the delivery of one package in one day.
type TimeseriesRow struct {
	// The day that the row is about, as YYYY-MM-DD.
	Date string `json:"date"`

	// The id of the advertiser.
	AdvertiserID client.ID `json:"advertiserId"`

	// The name of the advertiser.
	AdvertiserName string `json:"advertiserName"`

	// The ISO 4217 code of the currency, such as USD.
	Currency string `json:"currency"`

	// The id of the campaign.
	CampaignID client.ID `json:"campaignId"`

	// The name of the campaign.
	CampaignName string `json:"campaignName"`

	// Whether the platform manages it or only follows it.
	Management CampaignManagement `json:"management"`

	// The id of the media buy.
	MediaBuyID client.ID `json:"mediaBuyId"`

	// The name of the media buy.
	MediaBuyName string `json:"mediaBuyName"`

	// The state of the media buy, as the report has it.
	MediaBuyStatus string `json:"mediaBuyStatus"`

	// The id of the package.
	PackageID client.ID `json:"packageId"`

	// The id of the product.
	ProductID client.ID `json:"productId"`

	// The name of the product.
	ProductName string `json:"productName"`

	// The figures of that day.
	Metrics ReportingMetrics `json:"metrics"`
}

// UID is an id of an identity system.
type UID struct {
	// The identity system that the id is of.
	Type string `json:"type"`

	// The id of the person in that system.
	Value string `json:"value"`
}

// UpdateFrequency is the interval at which the feed of a catalog is read. The set is open.
type UpdateFrequency string

// UserMatch holds the identifiers of a person.
type UserMatch struct {
	// The ids of the person in identity systems.
	UIDs []UID `json:"uids,omitzero"`

	// SHA-256 of the address, in lower-case hex.
	HashedEmail string `json:"hashed_email,omitzero"`

	// SHA-256 of the number, in lower-case hex.
	HashedPhone string `json:"hashed_phone,omitzero"`

	// The click that led there; at most 512 characters.
	ClickID string `json:"click_id,omitzero"`

	// Whose click id that is; at most 64 characters.
	ClickIDType string `json:"click_id_type,omitzero"`

	// The address of the device; at most 45 characters.
	ClientIP string `json:"client_ip,omitzero"`

	// The browser; at most 512 characters.
	ClientUserAgent string `json:"client_user_agent,omitzero"`
}
