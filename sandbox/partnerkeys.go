package sandbox

import (
	"net/http"
	"time"
)

// partnerActions maps the names of the Partner API's operations to what they do.
func partnerActions() map[string]func(*partnerAPI, *call) reply {
	return map[string]func(*partnerAPI, *call) reply{
		"get_partner":                   getPartner,
		"update_branding":               updateBranding,
		"get_script_config":             getScriptConfig,
		"set_domain":                    setDomain,
		"get_domain_verification":       getDomainVerification,
		"verify_domain":                 verifyDomain,
		"list_api_keys":                 listPartnerKeys,
		"create_api_key":                createPartnerKey,
		"revoke_api_key":                revokePartnerKey,
		"list_organizations":            listOrganizations,
		"create_organization":           createOrganization,
		"get_organization":              getOrganization,
		"update_organization":           updateOrganization,
		"delete_organization":           deleteOrganization,
		"set_organization_status":       setOrganizationStatus,
		"set_organization_tier":         updateOrganization,
		"allocate_credits":              allocateCredits,
		"get_billing":                   getPartnerBilling,
		"get_usage":                     getPartnerUsage,
		"calculate_billing":             calculatePartnerBilling,
		"get_webhooks":                  getPartnerWebhooks,
		"update_identification_webhook": updateWebhook("identification"),
		"update_billing_webhook":        updateWebhook("billing"),
		"test_webhook":                  testWebhook,
		"list_webhook_logs":             listWebhookLogs,
	}
}

type partnerKeyView struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	KeyPrefix string   `json:"keyPrefix"`
	Scopes    []string `json:"scopes"`
	Status    string   `json:"status"`
	ExpiresAt *string  `json:"expiresAt"`
	CreatedAt string   `json:"createdAt"`
}

func (k *PartnerKey) view(now time.Time) partnerKeyView {
	status := "active"
	switch {
	case !k.RevokedAt.IsZero():
		status = "revoked"
	case !k.Active(now):
		status = "expired"
	}
	return partnerKeyView{
		ID: k.ID, Name: k.Name, KeyPrefix: k.Prefix, Scopes: append([]string{}, k.Scopes...), Status: status,
		ExpiresAt: maybeStamp(k.ExpiresAt), CreatedAt: stamp(k.CreatedAt),
	}
}

func listPartnerKeys(p *partnerAPI, c *call) reply {
	type listed struct {
		partnerKeyView
		LastUsedAt *string `json:"lastUsedAt"`
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	views := make([]listed, 0, len(p.keys))
	for _, k := range p.keys {
		then := *k
		if !asOf(c.now, p.listLag, k.CreatedAt, &then.RevokedAt) {
			continue
		}
		views = append(views, listed{then.view(c.now), maybeStamp(k.LastUsedAt)})
	}
	return plain(http.StatusOK, map[string]any{"apiKeys": views})
}

func createPartnerKey(p *partnerAPI, c *call) reply {
	k := &PartnerKey{Name: c.text("name"), CreatedAt: c.now}
	if scopes, ok := c.body["scopes"].([]any); ok {
		for _, one := range scopes {
			k.Scopes = append(k.Scopes, one.(string)) // the contract says so
		}
	}
	if text := c.text("expiresAt"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return invalid(issue{Path: "expiresAt", Message: "is not a time"})
		}
		k.ExpiresAt = at.UTC()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	k.ID = partnerName("key", len(p.keys))
	p.keys = append(p.keys, k)
	secret := p.issueLocked(k)
	return plain(http.StatusCreated, map[string]any{"apiKey": k.view(c.now), "plainKey": secret})
}

func revokePartnerKey(p *partnerAPI, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range p.keys {
		if k.ID == c.vars["id"] && k.RevokedAt.IsZero() {
			k.RevokedAt = c.now
			return reply{status: http.StatusNoContent}
		}
	}
	return notFound("There is no such key")
}
