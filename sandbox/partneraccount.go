package sandbox

import (
	"net/http"
	"time"
)

const (
	partnerSince = "2026-01-01T00:00:00.000Z"
	scriptTarget = "script.sandbox.example"
	partnerSlug  = "sandbox"
)

type partnerWebhook struct {
	url, secret string
	enabled     bool
}

func (w *partnerWebhook) view() any {
	return map[string]any{"url": maybe(w.url), "enabled": w.enabled, "hasSecret": w.secret != ""}
}

type partnerLog struct {
	kind string
	at   time.Time
}

func getPartner(p *partnerAPI, _ *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	identification, billing := p.webhooks["identification"], p.webhooks["billing"]
	used := p.usedCredits()
	view := map[string]any{
		"id": partnerID, "name": company, "slug": partnerSlug, "status": "active", "supportEmail": "support@sandbox.example",
		"scriptDomain": maybe(p.domain), "scriptDomainVerified": p.verified, "billingMode": "pooled",
		"creditPoolTotal": partnerPool, "creditPoolUsed": used, "creditPoolAvailable": partnerPool - used,
		"maxOrganizations": nil, "maxIdentificationsPerOrg": nil,
		"identificationWebhookUrl": maybe(identification.url), "identificationWebhookEnabled": identification.enabled,
		"billingWebhookUrl": maybe(billing.url), "billingWebhookEnabled": billing.enabled,
		"createdAt": partnerSince, "isOwner": true,
	}
	for member, value := range p.branding {
		view[member] = value
	}
	return plain(http.StatusOK, map[string]any{"partner": view})
}

func updateBranding(p *partnerAPI, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	view := map[string]any{"id": partnerID, "name": company, "slug": partnerSlug}
	for member := range p.branding {
		if value, sent := c.body[member]; sent {
			p.branding[member] = value
		}
		view[member] = p.branding[member]
	}
	return plain(http.StatusOK, map[string]any{"partner": view})
}

func getScriptConfig(p *partnerAPI, _ *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	return plain(http.StatusOK, map[string]any{"companyName": p.branding["companyName"], "slug": partnerSlug})
}

// domainView is the domain and what to do about it. The caller holds the lock.
func (p *partnerAPI) domainView() reply {
	const challenge = "sandbox-verification=1"
	record := map[string]string{"type": "TXT", "name": "_verify." + p.domain, "value": challenge}
	return plain(http.StatusOK, map[string]any{
		"domain": p.domain, "verified": p.verified, "verificationRecord": challenge, "cnameTarget": scriptTarget,
		"dnsRecords":   []any{map[string]string{"type": "CNAME", "name": p.domain, "value": scriptTarget}, record},
		"instructions": "Set the records and verify.",
	})
}

func setDomain(p *partnerAPI, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.domain, p.verified = c.text("domain"), false
	return p.domainView()
}

func getDomainVerification(p *partnerAPI, _ *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.domain == "" {
		return notFound("There is no domain")
	}
	return p.domainView()
}

func verifyDomain(p *partnerAPI, _ *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.domain == "" {
		return notFound("There is no domain")
	}
	p.verified = p.dns
	return p.domainView()
}

func getPartnerBilling(p *partnerAPI, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	begin := time.Date(c.now.Year(), c.now.Month(), 1, 0, 0, 0, 0, time.UTC)
	used := p.usedCredits()
	return plain(http.StatusOK, map[string]any{
		"partnerId": partnerID, "billingMode": "pooled", "billingPeriod": "monthly", "billingDayOfMonth": 1,
		"billingPeriodStart": stamp(begin), "nextBillingDate": stamp(begin.AddDate(0, 1, 0)), "stripeCustomerId": nil,
		"pricingTiers": []any{
			map[string]any{"tier": "first", "pricePerIdentification": 0.05, "minUsage": 0, "maxUsage": 1000},
			map[string]any{"tier": "rest", "pricePerIdentification": 0.04, "minUsage": 1001, "maxUsage": nil},
		},
		"creditPoolTotal": partnerPool, "creditPoolUsed": used, "creditPoolAvailable": partnerPool - used,
	})
}

func getPartnerUsage(*partnerAPI, *call) reply {
	return plain(http.StatusOK, map[string]any{"usage": 0})
}

func calculatePartnerBilling(_ *partnerAPI, c *call) reply {
	usage := c.number("usage", 0)
	return plain(http.StatusOK, map[string]any{
		"usage": usage, "total": 0.05*float64(min(usage, 1000)) + 0.04*float64(max(usage-1000, 0)),
	})
}

func getPartnerWebhooks(p *partnerAPI, _ *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	return plain(http.StatusOK, map[string]any{
		"identification": p.webhooks["identification"].view(), "billing": p.webhooks["billing"].view(),
	})
}

func updateWebhook(kind string) func(*partnerAPI, *call) reply {
	return func(p *partnerAPI, c *call) reply {
		p.mu.Lock()
		defer p.mu.Unlock()
		w := p.webhooks[kind]
		if _, sent := c.body["url"]; sent {
			w.url = c.text("url")
		}
		if _, sent := c.body["secret"]; sent {
			w.secret = c.text("secret")
		}
		if enabled, sent := c.body["enabled"].(bool); sent {
			w.enabled = enabled
		}
		return plain(http.StatusOK, map[string]any{kind: w.view()})
	}
}

func testWebhook(p *partnerAPI, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	kind := c.text("type")
	if p.webhooks[kind].url == "" {
		return badRequest("The webhook has no URL")
	}
	p.logs = append(p.logs, partnerLog{kind, c.now})
	return plain(http.StatusOK, map[string]any{"success": true})
}

func listWebhookLogs(p *partnerAPI, c *call) reply {
	kind, _ := c.params["type"].(string)
	status, _ := c.params["status"].(string)
	_, ofOrganization := c.params["organizationId"]
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []any
	for i, l := range p.logs {
		if kind != "" && l.kind != kind || status != "" && status != "success" || ofOrganization {
			continue
		}
		found = append(found, map[string]any{
			"id": partnerName("log", i), "type": l.kind, "status": "success", "createdAt": stamp(l.at),
		})
	}
	return partnerPage(c, "logs", found)
}
