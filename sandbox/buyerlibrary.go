package sandbox

import "strconv"

var creatives = &kind{
	list: "creatives", prefix: "crv_", name: "Creative", one: creative,
	same: map[string]string{
		"role": "creative_role", "source": "creative_source", "asset_type": "primary_asset_type", "format_kind": "format_kind",
	},
}

// campaignCreatives is the same for a campaign, where no number of items means all.
var campaignCreatives = &kind{
	list: "creatives", prefix: "crv_", name: "Creative",
	one: func(c *config, owner string, i int) record {
		r := creative(c, "", i)
		r["campaign_id"] = owner
		return r
	},
	detail: func(c *config, r record, i int) {
		delete(r, "asset_count")
		delete(r, "primary_asset_type")
		r["assets"] = []record{{
			"asset_id": c.id("ast_" + strconv.Itoa(firstRecord+i)), "name": "Image", "original_filename": "image.png",
			"asset_type": "IMAGE", "content_type": "image/png", "file_size": 2048, "public_url": "https://cdn.example/image.png",
			"asset_source": "USER_UPLOADED", "width": 300, "height": 250, "created_at": at(i),
		}}
		r["warnings"] = []any{}
	},
}

func creative(c *config, _ string, i int) record {
	n := strconv.Itoa(firstRecord + i)
	return record{
		"creative_id": c.id("crv_" + n), "name": "Creative " + n, "format_kind": "image",
		"format_id":     record{"id": "display_300x250", "agent_url": "https://agent.example", "width": 300, "height": 250},
		"creative_role": "evergreen", "creative_source": "uploaded", "reuse_count": i % 4,
		"sync_status": record{"synced": true, "agent_count": 1}, "platform_links": []any{},
		"asset_count": 1, "primary_asset_type": "IMAGE", "created_at": at(i), "updated_at": at(i),
	}
}

var audiences = &kind{
	list: "audiences", prefix: "aud_", name: "Audience",
	one: func(c *config, owner string, i int) record {
		r := record{
			"audienceId": c.id(audienceID(i)), "name": "Audience " + strconv.Itoa(firstRecord+i), "accountId": c.id(owner),
			"status": "READY", "deleted": false, "uploadedCount": 1000 + i, "matchedCount": 700 + i,
			"createdAt": at(i), "updatedAt": at(i),
		}
		if i%5 == 4 {
			r["name"], r["matchedCount"] = nil, nil
		}
		return r
	},
}

func audienceID(i int) string { return "aud_" + strconv.Itoa(firstRecord+i) }

var eventSources = &kind{
	list: "event-sources", prefix: "src_", name: "Event source",
	one: func(c *config, _ string, i int) record {
		n := strconv.Itoa(firstRecord + i)
		r := record{
			"eventSourceId": c.id("src_" + n), "name": "Event source " + n, "eventTypes": nil, "allowedDomains": nil,
			"integrationPlatform": nil, "mapping": nil, "testEventCode": nil, "createdAt": at(i), "updatedAt": at(i),
			"health": record{
				"status": "not_seen", "lastEventAt": nil, "lastEventReceivedAt": nil, "lastEventType": nil,
				"lastError": nil, "lastErrorAt": nil,
			},
		}
		if i%2 == 0 {
			r["eventTypes"], r["allowedDomains"] = []any{"purchase", "lead"}, []any{"shop.example"}
			r["mapping"] = record{
				"eventIdField": "id", "eventTypeField": nil, "eventTimeField": nil, "userMatchFields": nil, "valueField": nil,
				"currencyField": nil, "orderIdField": nil, "contentIdsField": nil, "consentField": nil, "dedupeStrategy": nil,
				"notes": nil,
			}
			r["health"] = record{
				"status": "receiving", "lastEventAt": at(i), "lastEventReceivedAt": at(i), "lastEventType": "purchase",
				"lastError": nil, "lastErrorAt": nil,
			}
		}
		return r
	},
}

var catalogs = &kind{
	list: "catalogs", prefix: "cat_", name: "Catalog",
	same: map[string]string{"type": "type"},
	one: func(c *config, owner string, i int) record {
		n := strconv.Itoa(firstRecord + i)
		return record{
			"catalogId": c.id("cat_" + n), "platformId": c.id("pcat_" + n), "advertiserId": c.id(owner), "type": "product",
			"sourceType": "url", "name": "Catalog " + n, "url": "https://shop.example/feed.xml", "feedFormat": "google_merchant_center",
			"updateFrequency": "daily", "itemCount": 100 + i, "syncStatus": "synced", "healthStatus": "healthy",
			"latestVersionId": nil, "latestVersionNumber": 1, "latestContentHash": nil, "activeTransformId": nil,
			"latestActivationPlanId": nil, "lastChangeSummary": record{"added": i % 10, "updated": 0, "unchanged": 100, "removed": 0},
			"lastSyncAttemptAt": at(i), "lastSyncedAt": at(i), "nextSyncAt": nil, "staleAfterAt": nil,
			"versions": []any{}, "recentRefreshRuns": []any{}, "recentActivationExecutions": []any{},
		}
	},
}

var propertyLists = &kind{
	list: "property-lists", prefix: "pl_", name: "Property list",
	same: map[string]string{"purpose": "purpose"},
	one: func(c *config, _ string, i int) record {
		n := strconv.Itoa(firstRecord + i)
		return record{
			"listId": c.id("pl_" + n), "name": "Property list " + n, "purpose": "include", "propertyCount": 1,
			"createdAt": at(i), "updatedAt": at(i),
		}
	},
	detail: func(_ *config, r record, i int) {
		domain := "site" + strconv.Itoa(firstRecord+i) + ".example"
		r["identifiers"] = []record{{"type": "domain", "value": domain}}
		r["domains"], r["status"] = []any{domain}, "ready"
		r["resolutionSummary"] = record{
			"totalRequested": 1, "resolvedCount": 1, "registeredCount": 0, "unresolvedCount": 0, "resolutionRate": 1,
		}
		r["filters"] = nil
		for _, member := range [...]string{
			"unresolvedIdentifiers", "registeredIdentifiers", "unresolvedDomains", "registeredDomains",
		} {
			r[member] = []any{}
		}
	},
}
