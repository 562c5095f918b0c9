package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

var auditLogs = &kind{
	list: "audit-logs", name: "Audit log", span: [2]string{"startDate", "endDate"},
	same: map[string]string{
		"resourceTypes": "resourceType", "actions": "action", "actorOrigin": "actorOrigin", "outcome": "outcome",
		"actorUserEmail": "userEmail", "advertiserId": "advertiserId",
	},
	one: func(c *config, i int) record {
		r := record{
			"action": "UPDATE", "resourceType": "CAMPAIGN", "resourceId": c.id(campaigns.id(i)),
			"resourceName": campaigns.named(i), "advertiserId": firstRecord, "userId": 2001, "userName": "Ada Admin",
			"userEmail": "admin@sandbox.example", "serviceTokenId": nil, "serviceTokenName": nil, "actorOrigin": "human",
			"outcome": "succeeded", "changes": record{"budget": record{"to": 1000 + i}},
		}
		if i%3 == 2 {
			r["userId"], r["userName"], r["serviceTokenId"], r["serviceTokenName"] = nil, nil, 10002, "Nightly ETL"
			r["changes"] = nil
		}
		return r
	},
}

var activityCalls = &kind{
	list: "calls", prefix: "00000000-0000-4000-8000-", digits: 12, name: "Call", span: [2]string{"startTime", "endTime"},
	same: map[string]string{
		"environment": "environment", "outcome": "outcome", "surface": "surface", "operation": "operation",
	},
	one: func(_ *config, i int) record {
		return record{
			"requestId": "req_" + strconv.Itoa(i), "durationMs": 5 + i%200, "completionState": "complete",
			"outcome": "succeeded", "surface": "rest", "operation": "list_campaigns", "method": "GET", "httpStatus": 200,
			"environment": "production", "principalType": "workload", "workloadName": "Nightly ETL",
			"detailAvailability": "available", "routeTemplate": "/api/v2/buyer/campaigns", "error": nil,
		}
	},
	detail: []string{"routeTemplate"},
}

// callDetailsLive is the retention time of the details of a call.
const callDetailsLive = 30 * 24 * time.Hour

// getActivityCall returns a call with its details. Every fourth call has lost its details.
func getActivityCall(p *platform, c *call) reply {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	k, coll := p.open(c.op.resource.collection, c)
	i, ok := p.indexOf(k, coll, c, c.vars["activityUid"])
	if !ok {
		return missing(k)
	}
	r := p.show(k, coll, c, properties(c.op.resource.payload)["call"], i)
	began := recordsBegin.Add(time.Duration(i) * time.Minute)
	took := time.Duration(r["durationMs"].(int)) * time.Millisecond
	detail := record{
		"call": r, "detailExpiresAt": stamp(began.Add(callDetailsLive)),
		"timing": record{
			"totalMs": r["durationMs"], "scope3ProcessingMs": r["durationMs"], "queueMs": 0, "downstreamWaitMs": nil,
		},
		"steps": []record{
			{"seq": 0, "at": stamp(began), "kind": "validation", "status": "ok", "name": "validate_request"},
			{
				"seq": 1, "at": stamp(began.Add(took)), "kind": "response", "status": "ok", "name": "send_response",
				"detail": record{"httpStatus": 200},
			},
		},
		"redactedInput":       record{"take": 50, "skip": 0},
		"redactedOutput":      record{"campaigns": "[redacted]", "total": 25},
		"safeHeaders":         record{"user-agent": "etl/1.0"},
		"governanceDecisions": []any{}, "administrativeReview": nil,
	}
	if i%4 == 3 {
		r["detailAvailability"], detail["steps"] = "expired", []any{}
		for _, member := range [...]string{"redactedInput", "redactedOutput", "safeHeaders", "detailExpiresAt"} {
			detail[member] = nil
		}
	}
	return p.cfg.respond(http.StatusOK, detail)
}
