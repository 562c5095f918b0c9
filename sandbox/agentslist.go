package sandbox

import "net/http"

// agentFields are what lists and reads of agents share.
type agentFields struct {
	AgentID              string `json:"agentId"`
	Type                 string `json:"type"`
	Name                 string `json:"name"`
	Protocol             string `json:"protocol"`
	Status               string `json:"status"`
	Relationship         string `json:"relationship"`
	RequiresOperatorAuth bool   `json:"requiresOperatorAuth"`
	CreatedAt            string `json:"createdAt"`
	CustomerAccountCount int    `json:"customerAccountCount"`
}

// agentView is an agent in a list.
type agentView struct {
	agentFields
	RequiresAccount bool `json:"requiresAccount"`
	AuthConfigured  bool `json:"authConfigured"`
}

// agentDetail is an agent in full.
type agentDetail struct {
	agentFields
	Description        *string      `json:"description"`
	EndpointURL        string       `json:"endpointUrl"`
	AuthenticationType string       `json:"authenticationType"`
	BillingOptions     billing      `json:"billingOptions"`
	CustomerID         int          `json:"customerId"`
	HasCustomerAccount bool         `json:"hasCustomerAccount"`
	HasMasterAccount   bool         `json:"hasMasterAccount"`
	UpdatedAt          string       `json:"updatedAt"`
	OAuth              *consentView `json:"oauth"`
}

type billing struct {
	Default   string   `json:"default"`
	Supported []string `json:"supported"`
}

var usualBilling = billing{Default: "operator", Supported: []string{"operator", "agent"}}

func (e *agentEntry) fields() agentFields {
	return agentFields{
		AgentID: e.id, Type: e.typ, Name: e.name, Protocol: e.protocol, Status: e.status, Relationship: e.relationship,
		CreatedAt: stamp(e.created),
	}
}

// registers reports whether accounts can be registered with the agent: not with one that needs no authentication.
func (e *agentEntry) registers() bool { return e.authType != authNone }

func listAgents(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	views := []agentView{}
	for _, e := range b.agents {
		registers, asked := c.params["supportsRegistration"].(bool)
		if lets(c, "type", e.typ) && lets(c, "status", e.status) && lets(c, "relationship", e.relationship) &&
			nameHas(c, e.name) && (!asked || registers == e.registers()) {
			views = append(views, agentView{e.fields(), e.registers(), e.configured})
		}
	}
	total, offset := len(views), c.number("offset", 0)
	page := pageOf(views, offset, c.number("limit", 20))
	var next *int
	if end := offset + len(page); len(page) > 0 && end < total {
		next = &end
	}
	return p.cfg.respond(http.StatusOK, map[string]any{
		"items": page, "total": total, "hasMore": next != nil, "nextOffset": next,
	})
}

func getAgent(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.agent(c.vars["agentId"])
	if e == nil {
		return noAgent()
	}
	return p.cfg.respond(http.StatusOK, agentDetail{
		agentFields: e.fields(), Description: maybe(e.description), EndpointURL: e.endpoint, AuthenticationType: e.authType,
		BillingOptions: usualBilling, CustomerID: c.customer, HasMasterAccount: e.relationship == "MARKETPLACE",
		UpdatedAt: stamp(e.updated), OAuth: e.awaited(),
	})
}

func noAgent() reply { return notFound("There is no such agent") }

// startOAuth creates a page for every call. The authentication that is in use stays until a person has
// consented.
func startOAuth(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.agent(c.vars["agentId"])
	switch {
	case e == nil:
		return noAgent()
	case e.authType != authOAuth:
		return refuse(http.StatusBadRequest, "INVALID_STATE", "The agent does not authenticate by OAuth")
	}
	e.consent = newConsent(e.id)
	return p.cfg.respond(http.StatusOK, e.consentView())
}

func refreshCapabilities(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.agent(c.vars["agentId"])
	if e == nil {
		return noAgent()
	}
	return p.cfg.respond(http.StatusOK, map[string]any{
		"version": "3.0", "protocols": []string{"media_buy"}, "tools": e.tools(), "requireOperatorAuth": false,
		"defaultBilling": usualBilling.Default, "supportedBillings": usualBilling.Supported,
	})
}

// tools are what an agent of its type has.
func (e *agentEntry) tools() []string {
	switch e.typ {
	case "SALES":
		return []string{"get_products", "create_media_buy", "update_media_buy"}
	case "SIGNAL":
		return []string{"get_signals", "activate_signal"}
	default:
		return []string{}
	}
}
