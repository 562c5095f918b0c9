package sandbox

import (
	"net/http"
	"time"
)

// announcedDomain is the domain that announces the agents of the sandbox's customer.
const announcedDomain = "sandbox.example"

func discoverAgents(p *platform, c *call) reply {
	type announced struct {
		URL  string `json:"url"`
		Name string `json:"name"`
		Type string `json:"type"`
	}
	type member struct {
		Slug        string `json:"slug"`
		DisplayName string `json:"display_name"`
	}
	domain, _ := c.params["domain"].(string)
	found := []announced{}
	var who *member
	valid := domain == announcedDomain
	if valid {
		who = &member{"sandbox", company}
		p.agents.mu.Lock()
		for _, s := range p.agents.sources {
			found = append(found, announced{s.endpoint, s.name, slug(s.typ)})
		}
		p.agents.mu.Unlock()
	}
	return p.cfg.respond(http.StatusOK, map[string]any{
		"domain":   domain,
		"operator": map[string]any{"domain": domain, "member": who, "agents": found},
		"publisher": map[string]any{
			"domain": domain, "member": who, "adagents_valid": valid, "properties": []any{}, "authorized_agents": []any{},
		},
	})
}

// trouble describes a problem of a source; its mode is empty without a problem.
type trouble struct{ mode, summary, step string }

func (s *agentSource) trouble() trouble {
	switch {
	case s.status == statusDisabled:
		return trouble{"disabled_retired", "The source is disabled", "Set its status to ACTIVE"}
	case !s.configured && s.consent != "":
		return trouble{"auth_missing", "Nobody has consented yet", "Open the authorization URL and consent"}
	case !s.configured:
		return trouble{"auth_missing", "The authentication is not configured", "Update the source with its credential"}
	}
	return trouble{}
}

func diagnoseSource(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.source(c.vars["sourceId"])
	if s == nil {
		return noSource()
	}
	hours := c.number("windowHours", 24)
	t := s.trouble()
	severity, health, cause := "ok", "healthy", "Nothing is wrong"
	issues, steps := []any{}, []string{}
	if t.mode != "" {
		severity, health, cause = "critical", "unhealthy", t.summary
		issues = append(issues, map[string]any{"mode": t.mode, "severity": severity, "count": 1, "summary": t.summary})
		steps = append(steps, t.step)
	}
	counts := map[string]any{"latencyStatus": "unknown", "p50LatencyMs": nil, "p95LatencyMs": nil, "p99LatencyMs": nil}
	for _, name := range [...]string{
		"requestCount", "exchangeCount", "completedCount", "failedCount", "pendingCount", "rejectedCount", "timeoutCount",
		"timeoutRate", "errorRate",
	} {
		counts[name] = 0
	}
	return p.cfg.respond(http.StatusOK, map[string]any{
		"source": map[string]any{
			"id": s.id, "sourceId": s.sourceID, "name": s.name, "executionType": "AGENT", "status": s.status,
			"agentId": s.agentEntry.id, "endpointUrl": s.endpoint, "protocol": s.protocol,
			"auth": map[string]any{"type": s.authType, "required": s.authType != authNone, "configured": s.configured},
			"capabilities": map[string]any{
				"tools": s.tools(), "products": supported(s.typ == "SALES"), "createMediaBuy": supported(s.typ == "SALES"),
				"updateMediaBuy": supported(s.typ == "SALES"), "signals": supported(s.typ == "SIGNAL"),
			},
			"health": map[string]any{
				"status": health, "lastError": maybe(t.summary), "lastErrorCode": maybe(t.mode), "lastErrorAt": nil,
				"lastSuccessAt": nil, "lastCheckedAt": stamp(c.now),
			},
		},
		"window": map[string]any{
			"hours": hours, "startedAt": stamp(c.now.Add(-time.Duration(hours) * time.Hour)), "endedAt": stamp(c.now),
		},
		"performance": counts,
		"timeline":    []any{},
		"diagnosis": map[string]any{
			"severity": severity, "owner": "seller", "topCause": cause, "issues": issues, "nextSteps": steps,
		},
		"docs": []any{},
	})
}

func supported(yes bool) string {
	if yes {
		return "supported"
	}
	return "unsupported"
}

// testDiscovery responds like an agent with two products.
func testDiscovery(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.source(c.vars["sourceId"])
	if s == nil {
		return noSource()
	}
	type product struct {
		ID   string `json:"productId"`
		Name string `json:"name"`
	}
	products := []product{}
	outcome, message, step, run := "empty", "The agent has no products", "completed", "passed"
	switch t := s.trouble(); {
	case t.mode != "":
		outcome, message, step, run = "not_reached", t.summary, "failed", "failed"
	case s.typ == "SALES":
		outcome, message = "passed", "The agent offers 2 products"
		products = []product{{"ctv-premium", "Premium CTV"}, {"olv-run-of-site", "Online video"}}
	}
	return p.cfg.respond(http.StatusOK, map[string]any{
		"source": map[string]any{"sourceId": s.sourceID, "name": s.name}, "operation": "get_products",
		"outcome": outcome, "message": message, "productCount": len(products), "products": products,
		"checkedAt": stamp(c.now), "durationMs": 40, "trace": nil,
		"steps": []any{map[string]any{
			"key": "get_products", "label": "Ask for products", "status": step, "operation": "get_products",
			"httpStatus": nil, "endpoint": s.endpoint, "message": nil,
		}},
		"run": map[string]any{
			"runUid": b.newID("00000000-0000-4000-8000-00000000"), "status": run, "createdAt": stamp(c.now),
		},
	})
}
