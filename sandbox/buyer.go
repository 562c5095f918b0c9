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
		"/api/v2/buyer/campaigns/{}/creatives":        campaignCreatives,
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
	list: "advertisers", name: "Advertiser",
	same: map[string]string{"status": "status", "sandbox": "sandbox"},
	one: func(c *config, _ string, i int) record {
		return record{
			"id": c.id(advertiserID(i)), "name": "Advertiser " + advertiserID(i), "status": "ACTIVE", "sandbox": false,
			"brand": "brand" + advertiserID(i) + ".example", "primaryCurrency": currency, "currencyLocked": true,
			"linkedAccountCount": i % 3, "createdAt": at(i), "updatedAt": at(i),
		}
	},
	detail: func(_ *config, r record, _ int) {
		delete(r, "linkedAccountCount")
		r["optimizationApplyMode"] = "MANUAL"
		r["linkedBrand"] = record{
			"id": "brd_1001", "name": "Brand", "domain": r["brand"], "manifest": record{"name": "Brand"},
		}
		r["linkedAccounts"] = []any{}
	},
}

func advertiserID(i int) string { return strconv.Itoa(firstRecord + i) }

var campaigns = &kind{
	list: "campaigns", prefix: "cmp_", name: "Campaign", strided: true,
	same: map[string]string{"status": "status", "mode": "mode", "management": "management", "mediaBuyStatus": "status"},
	one: func(c *config, _ string, i int) record {
		n := strconv.Itoa(firstRecord + i)
		return record{
			"campaignId": c.id("cmp_" + n), "advertiserId": c.id(advertiserID(i % c.stride())), "name": "Campaign " + n,
			"status": "ACTIVE", "mode": "performance", "management": "managed", "productCount": 1 + i%5,
			"flightDates": record{"startDate": at(i), "endDate": at(i + 90*24*60)},
			"budget":      record{"total": 1000 + i%500, "currency": currency},
			"constraints": record{
				"geo_countries": []any{"US"}, "geo_metros": []record{{"system": "nielsen_dma", "values": []any{"501"}}},
			},
			"createdAt": at(i), "updatedAt": at(i),
		}
	},
	detail: func(c *config, r record, i int) {
		buy := mediaBuys.one(c, "", i)
		buy["revision"], buy["validActions"] = 1, []any{"pause"}
		r["mediaBuys"] = []record{buy}
		r["mediaBuyRefs"] = []record{{"mediaBuyId": buy["mediaBuyId"], "status": buy["status"]}}
		r["storefronts"] = []record{{"id": firstRecord, "platformId": "sf_1001", "name": "Storefront 1001"}}
		r["audiences"] = []record{{
			"audienceId": "aud_1001", "name": nil, "status": "READY", "type": "TARGET", "enabledAt": at(i),
		}}
		r["allocatedBudget"], r["unallocatedBudget"] = 1000, i%500
		r["brief"], r["optimizationApplyMode"], r["revision"] = "Sell more.", "MANUAL", 1
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
	one: func(c *config, _ string, i int) record {
		n := strconv.Itoa(firstRecord + i)
		return record{
			"mediaBuyId": c.id("mb_" + n), "name": "Media buy " + n, "status": "ACTIVE", "startTime": at(i),
			"createdAt": at(i), "updatedAt": at(i),
		}
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
			"media_buy_id": p.cfg.id(mediaBuys.id(i)), "adcp_media_buy_id": nil, "internal_status": "ACTIVE", "adcp_status": "active",
			"operational_status": "active", "previous_internal_status": "ACTIVE", "previous_adcp_status": nil,
			"updated": false, "status_refresh_source": "direct_agent", "blockers": []any{},
		}},
		"agents_queried": 1, "errors": []any{}, "blockers": []any{}, "pending_creative_reviews": 0,
		"has_upstream_media_buy": true, "has_delivery": true,
	})
}
