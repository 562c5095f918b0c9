package sandbox

import "strconv"

var storefronts = &kind{
	list: "storefronts", name: "Storefront",
	same: map[string]string{"status": "displayStatus"},
	one: func(_ *config, _ string, i int) record {
		n := strconv.Itoa(firstRecord + i)
		return record{
			"id": firstRecord + i, "platformId": "sf_" + n, "name": "Storefront " + n, "publisherDomain": nil, "brandName": nil,
			"logoUrl": nil, "logoBackground": nil, "description": nil, "website": nil,
			"brandColors":   record{"primary": "#102030"},
			"displayStatus": "transacting", "readiness": record{
				"canTransact": true, "effectiveStatus": "live",
				"blockerIds": []any{},
			},
			"adapterProviderType": nil, "adapterSourceKind": "sales", "creativeCapabilities": nil, "adapterConnection": nil,
			"supportedRoutingTypes": []any{"ROUTED"}, "supportedBilling": []any{"operator"},
			"discoveryPerformance": record{
				"sampleCount": i % 9, "successCount": i % 9, "timeoutCount": 0, "avgResponseTimeMs": nil, "maxResponseTimeMs": nil,
				"lastResponseTimeMs": nil, "lastDiscoveryAt": nil,
			},
			"discoveryCard": discoveryCard(n), "channels": []any{"display", "ctv"}, "regions": []any{"US"},
			"sourceCount": 1, "connectedSourceCount": 0,
		}
	},
	detail: func(_ *config, r record, _ int) {
		delete(r, "sourceCount")
		delete(r, "connectedSourceCount")
		card := r["discoveryCard"].(record)
		delete(card, "hasAdvertisingPolicies")
		delete(card, "advertisingPoliciesExcerpt")
		card["advertisingPolicies"] = nil
		r["connected"], r["requiresCredentials"] = false, false
		r["customerAccounts"] = []record{{"accountIdentifier": "acct-1", "status": "active"}}
		r["adcpCapabilities"], r["publishers"] = nil, nil
	},
}

// discoveryCard is how a storefront shows itself in product discovery.
func discoveryCard(number string) record {
	const operator, unknown = "operator", "unknown"
	return record{
		"storefrontId": number, "platformId": "sf_" + number, "storefrontKind": "managed",
		"displayName": "Storefront " + number,
		"logoUrl":     nil, "logoBackground": nil, "description": nil, "website": nil,
		"brandColors": record{"primary": "#102030"},
		"channels":    []any{"display", "ctv"}, "countries": []any{"US"}, "acceptsAllCountries": false,
		"coverageDeclarations": []record{{
			"channels": []any{"display", "ctv"}, "countries": []any{"US"}, "acceptsAllCountries": false,
		}},
		"hasAdvertisingPolicies": false, "advertisingPoliciesExcerpt": nil, "coverage": record{
			"channels":  "declared",
			"countries": "declared",
		},
		"provenance": record{
			"identity": record{
				"displayName": operator, "logoUrl": unknown, "description": unknown, "website": unknown, "brandColors": operator,
			},
			"coverage": record{"channels": operator, "countries": operator}, "advertisingPolicies": unknown,
		},
	}
}
