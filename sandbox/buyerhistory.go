package sandbox

import (
	"fmt"
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
	one: func(c *config, _ string, i int) record {
		r := record{
			"id": firstRecord + i, "timestamp": at(i), "createdAt": at(i), "action": "UPDATE", "resourceType": "CAMPAIGN",
			"resourceId": c.id(campaigns.id(i)), "resourceName": campaigns.named(i), "parentType": nil, "advertiserId": firstRecord,
			"userId": 2001, "userEmail": "admin@sandbox.example", "userName": "Ada Admin", "serviceTokenId": nil, "serviceTokenName": nil,
			"actorOrigin": "human", "outcome": "succeeded", "parameters": nil, "changes": record{"budget": record{"to": 1000 + i}},
			"description": "Changed the budget",
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
	same: map[string]string{"environment": "environment", "outcome": "outcome", "surface": "surface", "operation": "operation"},
	one: func(c *config, _ string, i int) record {
		r := record{
			"activityUid": c.id(fmt.Sprintf("00000000-0000-4000-8000-%012d", firstRecord+i)), "requestId": "req_" + strconv.Itoa(i), "transportRequestId": "tr_" + strconv.Itoa(i),
			"startedAt": at(i), "completedAt": at(i), "durationMs": 5 + i%200, "completionState": "complete",
			"outcome": "succeeded", "decisionDisposition": "not_evaluated", "surface": "rest", "visibility": "customer",
			"operation": "list_campaigns", "method": "GET", "httpStatus": 200, "environment": "production", "apiVersion": "v2",
			"principalType": "workload", "workloadName": "Nightly ETL", "taskUids": []any{},
			"platformSafetyResult": "not_applicable",
			"resources": []record{{
				"resourceType": "CAMPAIGN", "resourceId": campaigns.id(i), "label": nil,
				"href": nil,
			}},
			"detailAvailability": "available",
		}
		for _, member := range [...]string{
			"idempotencyReplayOfActivityUid", "operationDispatches", "contractVersion", "docsRevision", "protocolStatus", "dryRun",
			"operationClass", "operationRegistryVersion", "platformSafetyReasonCode", "administrativeReviewUid",
			"governanceSummary",
			"credentialScope", "credentialRole", "advertiserId", "userId", "userName", "userEmail", "workloadUid",
			"credentialId", "credentialName", "credentialVersion",
			"runUid", "clientRunId", "sessionId", "conversationUid", "traceId", "error", "credits",
		} {
			r[member] = nil
		}
		return r
	},
	detail: func(_ *config, r record, _ int) { r["routeTemplate"] = "/api/v2/buyer/campaigns" },
}

// callDetailsLive is how long the details of a call are kept.
const callDetailsLive = 30 * 24 * time.Hour

// getActivityCall answers with a call and what was recorded about it. Every fourth call has lost its details.
func getActivityCall(p *platform, c *call) reply {
	i, ok := activityCalls.index(p.cfg, c.vars["activityUid"])
	if !ok {
		return notFound("There is no such call")
	}
	r := activityCalls.one(p.cfg, "", i)
	activityCalls.detail(p.cfg, r, i)
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

var notifications = &kind{
	list: "notifications", prefix: "ntf_", name: "Notification",
	same: map[string]string{"status": "status", "types": "type"},
	one: func(c *config, _ string, i int) record {
		r := record{
			"id": c.id("ntf_" + strconv.Itoa(firstRecord+i)), "type": "campaign.healthy", "status": "success", "read": false,
			"acknowledged": false, "messagePreview": "All is well", "actionUrl": nil, "createdAt": at(i),
		}
		if i%4 == 3 {
			r["messagePreview"] = nil
		}
		return r
	},
}
