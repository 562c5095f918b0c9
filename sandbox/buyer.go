package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// buyerActions are the operations of the buyer that do more than their document says.
func buyerActions() map[string]action {
	return map[string]action{
		"getMediaBuyAdcpStatus": {do: getMediaBuyStatus},
		"getMediaBuyPackages":   {do: getPackages},
		"syncAudiences":         {do: syncAudiences},
		"logEvent":              {do: logEvent},
		"syncMeasurementData":   {do: syncMeasurements},
		"getReportingMetrics":   {rules: reportRules, do: getReport},
		"listBuyerAuditLogs":    {rules: auditLogs.spanRules},
		"listActivityCalls":     {rules: activityCalls.spanRules},
		"getActivityCall":       {do: getActivityCall},
		"getTask":               {do: getTask},
	}
}

// presets are the collections whose records the sandbox describes, by their path.
func presets() map[string]*kind {
	return map[string]*kind{
		"/api/v2/buyer/advertisers":                   advertisers,
		"/api/v2/buyer/campaigns":                     campaigns,
		"/api/v2/buyer/media-buys":                    mediaBuys,
		"/api/v2/buyer/campaigns/{}/creatives":        creatives,
		"/api/v2/buyer/advertisers/{}/creatives":      creatives,
		"/api/v2/buyer/advertisers/{}/audiences":      audiences,
		"/api/v2/buyer/advertisers/{}/event-sources":  eventSources,
		"/api/v2/buyer/advertisers/{}/catalogs":       catalogs,
		"/api/v2/buyer/advertisers/{}/property-lists": propertyLists,
		"/api/v2/buyer/audit-logs":                    auditLogs,
		"/api/v2/activity/calls":                      activityCalls,
		"/api/v2/buyer/storefronts":                   storefronts,
		"/api/v2/notifications":                       notifications,
	}
}

var advertisers = &kind{
	list: "advertisers", name: "Advertiser", same: map[string]string{"status": "status", "sandbox": "sandbox"},
	one: func(_ *config, i int) record {
		return record{
			"status": "ACTIVE", "sandbox": false, "brand": "brand" + advertiserID(i) + ".example", "primaryCurrency": currency,
			"linkedAccountCount": i % 3, "linkedAccounts": []any{}, "linkedBrand": record{
				"id": "brd_1001", "name": "Brand", "domain": "brand" + advertiserID(i) + ".example",
				"manifest": record{"name": "Brand"},
			},
		}
	},
	detail: []string{"linkedBrand", "linkedAccounts", "optimizationApplyMode"},
}

func advertiserID(i int) string { return strconv.Itoa(firstRecord + i) }

var campaigns = &kind{
	list: "campaigns", prefix: "cmp_", name: "Campaign", strided: true,
	same: map[string]string{"status": "status", "mode": "mode", "management": "management", "mediaBuyStatus": "status"},
	one: func(c *config, i int) record {
		buy := mediaBuys.one(c, i)
		buy["mediaBuyId"], buy["name"], buy["revision"] = c.id(mediaBuys.id(i)), mediaBuys.named(i), 1
		buy["validActions"], buy["createdAt"], buy["updatedAt"] = []any{"pause"}, at(i), at(i)
		return record{
			"advertiserId": c.id(advertiserID(i % c.stride())), "status": "ACTIVE", "mode": "performance",
			"management": "managed", "flightDates": record{"startDate": at(i), "endDate": at(i + 90*24*60)},
			"budget": record{"total": 1000 + i%500, "currency": currency},
			"constraints": record{
				"geo_countries": []any{"US"}, "geo_metros": []record{{"system": "nielsen_dma", "values": []any{"501"}}},
			},
			"mediaBuys":    []record{buy},
			"mediaBuyRefs": []record{{"mediaBuyId": buy["mediaBuyId"], "status": buy["status"]}},
			"audiences": []record{{
				"audienceId": "aud_1001", "name": nil, "status": "READY", "type": "TARGET", "enabledAt": at(i),
			}},
			"brief": "Sell more.",
		}
	},
	detail: []string{
		"mediaBuys", "mediaBuyRefs", "storefronts", "audiences", "allocatedBudget", "unallocatedBudget", "brief",
		"optimizationApplyMode", "revision",
	},
	shape: shapeCampaign,
}

// shapeCampaign adds the fields that were asked for, and leaves out media buys that were not. References to them stay.
func shapeCampaign(_ *config, call *call, r record) {
	if fields, _ := call.params["fields"].([]any); slices.Contains(fields, any("geo_metro_names")) {
		r["constraints"].(record)["geo_metro_names"] = []record{{
			"system": "nielsen_dma", "values": []record{{"code": "501", "name": "New York"}},
		}}
	}
	asked, narrowed := call.params["mediaBuyId"].([]any)
	buys, _ := r["mediaBuys"].([]record)
	if narrowed && buys != nil {
		r["mediaBuys"] = slices.DeleteFunc(buys, func(buy record) bool {
			return !slices.ContainsFunc(asked, func(id any) bool { return fmt.Sprint(id) == fmt.Sprint(buy["mediaBuyId"]) })
		})
	}
}

var mediaBuys = &kind{
	list: "campaigns", prefix: "mb_", name: "Media buy",
	one: func(_ *config, i int) record { return record{"status": "ACTIVE", "startTime": at(i)} },
}

var creatives = &kind{
	list: "creatives", prefix: "crv_", name: "Creative",
	same: map[string]string{
		"role": "creative_role", "source": "creative_source", "asset_type": "primary_asset_type",
		"format_kind": "format_kind",
	},
	one: func(*config, int) record {
		return record{
			"creative_role": "evergreen", "creative_source": "uploaded", "primary_asset_type": "IMAGE", "format_kind": "image",
			"assets": []record{{
				"asset_id": "ast_1001", "name": "Image", "original_filename": "image.png", "asset_type": "IMAGE",
				"content_type": "image/png", "file_size": 2048, "public_url": "https://cdn.example/image.png",
				"asset_source": "USER_UPLOADED", "width": 300, "height": 250, "created_at": at(0),
			}},
		}
	},
	detail: []string{"assets", "warnings"},
}

var audiences = &kind{
	list: "audiences", prefix: "aud_", name: "Audience",
	one: func(_ *config, i int) record {
		r := record{"status": "READY", "uploadedCount": 1000 + i, "matchedCount": 700 + i}
		if i%5 == 4 {
			r["name"], r["matchedCount"] = nil, nil
		}
		return r
	},
}

var eventSources = &kind{list: "event-sources", prefix: "src_", name: "Event source"}

var catalogs = &kind{
	list: "catalogs", prefix: "cat_", name: "Catalog", same: map[string]string{"type": "type"},
	one: func(*config, int) record { return record{"type": "product"} },
}

var propertyLists = &kind{
	list: "property-lists", prefix: "pl_", name: "Property list", same: map[string]string{"purpose": "purpose"},
	one: func(_ *config, i int) record {
		domain := "site" + strconv.Itoa(firstRecord+i) + ".example"
		return record{
			"purpose": "include", "domains": []any{domain}, "identifiers": []record{{"type": "domain", "value": domain}},
		}
	},
	detail: []string{"domains", "identifiers", "status", "resolutionSummary", "filters"},
}

var storefronts = &kind{
	list: "storefronts", name: "Storefront", same: map[string]string{"status": "displayStatus"},
	one: func(_ *config, i int) record {
		return record{
			"platformId": "sf_" + strconv.Itoa(firstRecord+i), "displayStatus": "transacting",
			"brandColors": record{"primary": "#102030"},
		}
	},
}

var notifications = &kind{
	list: "notifications", prefix: "ntf_", name: "Notification",
	same: map[string]string{"status": "status", "types": "type"},
	one: func(_ *config, i int) record {
		r := record{"type": "campaign.healthy", "status": "success", "messagePreview": "All is well"}
		if i%4 == 3 {
			r["messagePreview"] = nil
		}
		return r
	},
}

func getPackages(p *platform, c *call) reply {
	i, ok := mediaBuys.index(p.cfg, c.vars["mediaBuyId"])
	if !ok {
		return notFound("There is no such media buy")
	}
	packages := make([]record, 2)
	for n := range packages {
		packages[n] = record{
			"packageId": c.vars["mediaBuyId"] + "_" + strconv.Itoa(n+1), "productId": "prod_1001", "productName": "Product 1001",
			"status": "active", "startTime": at(i), "budget": nil, "budgetCurrency": currency,
			"delivery": record{"impressions": 1000 + i, "spend": 1.5, "clicks": nil},
		}
	}
	packages[1]["budget"] = 500
	return p.cfg.respond(http.StatusOK, record{
		"mediaBuyId": p.cfg.id(mediaBuys.id(i)), "isPaced": false, "packageCount": len(packages), "packages": packages,
	})
}

func getMediaBuyStatus(p *platform, c *call) reply {
	i, ok := campaigns.index(p.cfg, c.vars["campaignId"])
	if !ok {
		return notFound("There is no such campaign")
	}
	return p.cfg.respond(http.StatusOK, record{
		"campaign_id": p.cfg.id(campaigns.id(i)), "campaign_status": "ACTIVE", "operational_status": "active",
		"media_buys": []record{{
			"media_buy_id": p.cfg.id(mediaBuys.id(i)), "adcp_media_buy_id": nil, "internal_status": "ACTIVE",
			"adcp_status":        "active",
			"operational_status": "active", "previous_internal_status": "ACTIVE", "previous_adcp_status": nil,
			"updated": false, "status_refresh_source": "direct_agent", "blockers": []any{},
		}},
		"agents_queried": 1, "errors": []any{}, "blockers": []any{}, "pending_creative_reviews": 0,
		"has_upstream_media_buy": true, "has_delivery": true,
	})
}
