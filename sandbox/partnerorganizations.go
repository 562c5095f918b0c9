package sandbox

import (
	"net/http"
	"strings"
	"time"
)

// partnerOrganization is an organization of the partner. One that is deleted stays, out of sight.
type partnerOrganization struct {
	id, name, externalID string
	status, tier         string
	credits              int
	metadata             any
	createdAt            time.Time
	deleted              bool
}

func (o *partnerOrganization) view() any {
	return struct {
		ID         string  `json:"id"`
		Name       string  `json:"name"`
		ExternalID *string `json:"externalId"`
		Status     string  `json:"status"`
		Tier       string  `json:"tier"`
		Credits    int     `json:"credits"`
		Metadata   any     `json:"metadata"`
		CreatedAt  string  `json:"createdAt"`
	}{o.id, o.name, maybe(o.externalID), o.status, o.tier, o.credits, o.metadata, stamp(o.createdAt)}
}

func organizationReply(status int, o *partnerOrganization) reply {
	return plain(status, map[string]any{"organization": o.view()})
}

// used are the credits that were given away. The caller holds the lock.
func (p *partnerAPI) usedCredits() (n int) {
	for _, o := range p.organizations {
		n += o.credits
	}
	return n
}

// organization finds one. The caller holds the lock.
func (p *partnerAPI) organization(id string) *partnerOrganization {
	for _, o := range p.organizations {
		if o.id == id && !o.deleted {
			return o
		}
	}
	return nil
}

func noOrganization() reply { return notFound("There is no such organization") }

func poolIsShort() reply {
	return refuse(http.StatusUnprocessableEntity, "", "The credit pool is short")
}

func listOrganizations(p *partnerAPI, c *call) reply {
	status, _ := c.params["status"].(string)
	search, _ := c.params["search"].(string)
	externalID, _ := c.params["externalId"].(string)
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []any
	for _, o := range p.organizations {
		switch {
		case o.deleted, status != "" && o.status != status, externalID != "" && o.externalID != externalID,
			!strings.Contains(strings.ToLower(o.name), strings.ToLower(search)):
		default:
			found = append(found, o.view())
		}
	}
	return partnerPage(c, "organizations", found)
}

// partnerPage responds with one page of a list.
func partnerPage(c *call, name string, all []any) reply {
	page, size := c.number("page", 1), c.number("pageSize", 20)
	from := min((page-1)*size, len(all))
	return plain(http.StatusOK, map[string]any{
		name: append([]any{}, all[from:min(from+size, len(all))]...), "total": len(all), "page": page, "pageSize": size,
	})
}

func createOrganization(p *partnerAPI, c *call) reply {
	o := &partnerOrganization{
		name: c.text("name"), externalID: c.text("externalId"), status: "active", tier: c.text("tier"),
		metadata: c.body["metadata"], createdAt: c.now,
	}
	if o.tier == "" {
		o.tier = "trial"
	}
	if n, ok := c.body["initialCredits"].(float64); ok {
		o.credits = int(n)
	}
	if o.tier == "trial" && o.credits > 500 {
		return invalid(issue{Path: "initialCredits", Message: "must be at most 500 in the tier trial"})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.usedCredits()+o.credits > partnerPool {
		return poolIsShort()
	}
	o.id = partnerName("org", len(p.organizations))
	p.organizations = append(p.organizations, o)
	return organizationReply(http.StatusCreated, o)
}

func getOrganization(p *partnerAPI, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	if o := p.organization(c.vars["organizationId"]); o != nil {
		return organizationReply(http.StatusOK, o)
	}
	return noOrganization()
}

func updateOrganization(p *partnerAPI, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.organization(c.vars["organizationId"])
	if o == nil {
		return noOrganization()
	}
	for member, field := range map[string]*string{
		"name": &o.name, "externalId": &o.externalID, "status": &o.status, "tier": &o.tier,
	} {
		if _, sent := c.body[member]; sent {
			*field = c.text(member)
		}
	}
	if metadata, sent := c.body["metadata"]; sent {
		o.metadata = metadata
	}
	return organizationReply(http.StatusOK, o)
}

func setOrganizationStatus(p *partnerAPI, c *call) reply {
	switch c.text("status") {
	case "active", "canceled", "suspended":
		return updateOrganization(p, c)
	}
	return invalid(issue{Path: "status", Message: "is not a status"})
}

func deleteOrganization(p *partnerAPI, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.organization(c.vars["organizationId"])
	if o == nil {
		return noOrganization()
	}
	o.deleted = true
	return reply{status: http.StatusNoContent}
}

func allocateCredits(p *partnerAPI, c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.organization(c.vars["organizationId"])
	if o == nil {
		return noOrganization()
	}
	n := int(c.body["credits"].(float64)) // the contract says so
	if n < 0 {
		return invalid(issue{Path: "credits", Message: "must not be negative"})
	}
	if p.usedCredits()-o.credits+n > partnerPool {
		return poolIsShort()
	}
	o.credits = n
	return plain(http.StatusOK, map[string]any{"allocation": map[string]any{
		"id": "alloc_" + o.id, "partnerId": partnerID, "organizationId": o.id,
		"creditsAllocated": n, "creditsUsed": 0, "creditsAvailable": n, "allocatedAt": stamp(c.now),
	}})
}
