package sandbox

import (
	"slices"
	"time"
)

// salesEntry is the customer's account with a sales agent of the first generation.
type salesEntry struct {
	id, endpoint, name, protocol string
	account, description, status string
	secrets                      secretSet
}

// signalsEntry is a signals agent of the first generation.
type signalsEntry struct {
	id, name, endpoint, brandAgent, description string
	status, by                                  string
	secrets                                     secretSet
	registered, updated                         time.Time
}

// firstAgentTools are what the first generation has for agents.
func firstAgentTools() []tool {
	const agentID = `{"type": "string", "minLength": 1}`
	return []tool{
		{
			name:        "sales_agents_register",
			description: "Registers a sales agent. Scope3 tests and approves it, out of band, before it gets live inventory.",
			input: `{"type": "object", "additionalProperties": false, "required": ["endpoint_url", "name"], "properties": {
				"endpoint_url": {"type": "string", "format": "uri", "minLength": 1},
				"name": {"type": "string", "minLength": 1, "maxLength": 100},
				"protocol": {"type": "string", "enum": ["adcp", "mcp", "a2a"], "default": "adcp"},
				"account_identifier": {"type": "string"}, "description": {"type": "string"},
				"auth_config": {"type": "object", "additionalProperties": true}}}`,
			do: changing(registerSales),
		},
		{
			name: "sales_agents_list", description: "Lists the sales agents of the customer.", input: noArguments,
			readOnly: true,
			do:       listSales,
		},
		{
			name: "sales_agents_update", description: "Changes the customer's account with a sales agent.",
			input: `{"type": "object", "additionalProperties": false, "required": ["sales_agent_id"], "properties": {
				"sales_agent_id": ` + agentID + `, "account_identifier": {"type": "string"}, "status": {"type": "string"},
				"auth_config": {"type": "object", "additionalProperties": true}}}`,
			do: changing(updateSales),
		},
		{
			name: "sales_agents_unregister", description: "Ends the customer's account with a sales agent.",
			input: `{"type": "object", "additionalProperties": false, "required": ["sales_agent_id"], "properties": {
				"sales_agent_id": ` + agentID + `, "confirm": {"type": "boolean"}}}`,
			do: changing(unregisterSales),
		},
		{
			name: "signals_agent_register", description: "Registers a signals agent.",
			input: `{"type": "object", "additionalProperties": false, "required": ["name", "endpointUrl", "brandAgentId"],
				"properties": {"name": {"type": "string", "minLength": 1},
				"endpointUrl": {"type": "string", "format": "uri", "minLength": 1},
				"brandAgentId": {"type": "string", "minLength": 1}, "description": {"type": "string"},
				"config": {"type": "object", "additionalProperties": true}}}`,
			do: changing(registerSignals),
		},
		{
			name: "signals_agent_list", description: "Lists the signals agents of the customer.", input: noArguments,
			readOnly: true, do: listSignals,
		},
		{
			name: "signals_agent_update", description: "Changes a signals agent.",
			input: `{"type": "object", "additionalProperties": false, "required": ["agentId"], "properties": {
				"agentId": ` + agentID + `, "name": {"type": "string"}, "endpointUrl": {"type": "string"},
				"description": {"type": "string"}, "config": {"type": "object", "additionalProperties": true}}}`,
			do: changing(updateSignals),
		},
		{
			name: "signals_agent_unregister", description: "Removes a signals agent.",
			input: `{"type": "object", "additionalProperties": false, "required": ["agentId"], "properties": {
				"agentId": ` + agentID + `}}`,
			do: changing(unregisterSignals),
		},
	}
}

// changing lets a tool run for those who may change something, one at a time.
func changing(do func(*Server, *toolCall) result) func(*Server, *toolCall) result {
	return func(s *Server, c *toolCall) result {
		id, _ := s.platform.actsOn(c.scope, c.caller)
		role, termsPending, _ := s.platform.standing(c.caller, id)
		switch {
		case role == RoleRead:
			return failed("FORBIDDEN", "The credential's role does not allow this")
		case termsPending:
			return failed("TOS_ACCEPTANCE_REQUIRED", "The customer has yet to accept the terms of service")
		}
		s.platform.agents.mu.Lock()
		defer s.platform.agents.mu.Unlock()
		return do(s, c)
	}
}

// text is an argument; absent is empty.
func (c *toolCall) text(name string) string {
	text, _ := c.args[name].(string)
	return text
}

// The members by which the two tools tell the forms of auth apart, and what each form must have.
const (
	salesAuth   = "type"
	signalsAuth = "auth_type"
)

// authIssues checks auth_config and config. A form without a name is not checked.
func authIssues(path, tag string, config map[string]any) []issue {
	members := map[string][]string{
		"bearer": {"token"}, "oauth": {"issuer"}, "custom_header": {"headerName", "headerValue"},
	}
	kind, _ := config[tag].(string)
	var found []issue
	for _, member := range members[kind] {
		if text, _ := config[member].(string); text == "" {
			found = append(found, issue{Path: path + "." + member, Message: "is required"})
		}
	}
	if other := map[string]string{salesAuth: signalsAuth, signalsAuth: salesAuth}[tag]; config[other] != nil &&
		kind == "" {
		found = append(found, issue{Path: path + "." + tag, Message: "is required; " + other + " is another tool's"})
	}
	return found
}

func registerSales(s *Server, c *toolCall) result {
	config := members(c.args, "auth_config")
	found := authIssues("auth_config", salesAuth, config)
	if !isWebAddress(c.text("endpoint_url")) {
		found = append(found, issue{Path: "endpoint_url", Message: "must be an https URL"})
	}
	if len(found) > 0 {
		return invalidCall(found)
	}
	b := s.platform.agents
	customer, _ := s.platform.actsOn(c.scope, c.caller)
	at := slices.IndexFunc(b.sales, func(e *salesEntry) bool { return e.endpoint == c.text("endpoint_url") })
	e := &salesEntry{endpoint: c.text("endpoint_url")}
	if at >= 0 {
		e = b.sales[at]
	} else {
		e.id = b.newID("sales_")
		b.sales = append(b.sales, e)
	}
	e.name, e.protocol, e.status = c.text("name"), c.text("protocol"), "active"
	e.account, e.description, e.secrets = c.text("account_identifier"), c.text("description"), secretsOf(config)
	if e.protocol == "" {
		e.protocol = "adcp"
	}
	return jsonResult(firstSuccess{
		"The sales agent is registered. Scope3 tests and approves it before it gets live inventory.", true,
		map[string]any{"agentId": e.id, "customerId": customer, "isNewAgent": at < 0},
	})
}

func listSales(s *Server, _ *toolCall) result {
	b := s.platform.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	views := []any{}
	for _, e := range b.sales {
		views = append(views, map[string]any{
			"id": e.id, "name": e.name, "endpoint_url": e.endpoint, "protocol": e.protocol, "status": e.status,
			"account_identifier": e.account, "description": e.description,
		})
	}
	return jsonResult(firstSuccess{
		"The sales agents of the customer", true,
		map[string]any{"agents": views, "count": len(views)},
	})
}

func updateSales(s *Server, c *toolCall) result {
	b := s.platform.agents
	at := slices.IndexFunc(b.sales, func(e *salesEntry) bool { return e.id == c.text("sales_agent_id") })
	if at < 0 {
		return failed("NOT_FOUND", "There is no such sales agent")
	}
	config := members(c.args, "auth_config")
	if found := authIssues("auth_config", salesAuth, config); len(found) > 0 {
		return invalidCall(found)
	}
	e := b.sales[at]
	for name, field := range map[string]*string{"account_identifier": &e.account, "status": &e.status} {
		if sent := c.text(name); sent != "" {
			*field = sent
		}
	}
	if len(config) > 0 {
		e.secrets = secretsOf(config)
	}
	return jsonResult(firstSuccess{
		"The sales agent is changed", true,
		map[string]any{"agentId": e.id, "status": e.status},
	})
}

func unregisterSales(s *Server, c *toolCall) result {
	if sure, _ := c.args["confirm"].(bool); !sure {
		return invalidCall([]issue{{Path: "confirm", Message: "must be true"}})
	}
	b := s.platform.agents
	at := slices.IndexFunc(b.sales, func(e *salesEntry) bool { return e.id == c.text("sales_agent_id") })
	if at < 0 {
		return failed("NOT_FOUND", "There is no such sales agent")
	}
	b.sales = slices.Delete(b.sales, at, at+1)
	return jsonResult(firstSuccess{"The sales agent is gone", true, map[string]any{"agentId": c.text("sales_agent_id")}})
}

func registerSignals(s *Server, c *toolCall) result {
	config := members(c.args, "config")
	found := authIssues("config", signalsAuth, config)
	if !isWebAddress(c.text("endpointUrl")) {
		found = append(found, issue{Path: "endpointUrl", Message: "must be an https URL"})
	}
	if len(found) > 0 {
		return invalidCall(found)
	}
	b := s.platform.agents
	e := &signalsEntry{
		id: b.newID("signals_"), name: c.text("name"), endpoint: c.text("endpointUrl"),
		brandAgent: c.text("brandAgentId"), description: c.text("description"), status: "active", by: c.caller.clientID,
		secrets: secretsOf(config), registered: s.cfg.now(), updated: s.cfg.now(),
	}
	b.signals = append(b.signals, e)
	return jsonResult(firstSuccess{"The signals agent is registered", true, map[string]any{
		"agent": e.view(), "permissions": []any{}, "metadata": map[string]any{"status": "active"},
	}})
}

func (e *signalsEntry) view() map[string]any {
	return map[string]any{
		"id": e.id, "name": e.name, "endpointUrl": e.endpoint, "brandAgentId": e.brandAgent, "description": e.description,
		"status": e.status, "registeredBy": e.by, "registeredAt": stamp(e.registered), "createdAt": stamp(e.registered),
		"updatedAt": stamp(e.updated),
	}
}

func listSignals(s *Server, _ *toolCall) result {
	b := s.platform.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	views := []any{}
	for _, e := range b.signals {
		views = append(views, e.view())
	}
	return jsonResult(firstSuccess{
		"The signals agents of the customer", true,
		map[string]any{"agents": views, "count": len(views)},
	})
}

func updateSignals(s *Server, c *toolCall) result {
	b := s.platform.agents
	at := slices.IndexFunc(b.signals, func(e *signalsEntry) bool { return e.id == c.text("agentId") })
	if at < 0 {
		return failed("NOT_FOUND", "There is no such signals agent")
	}
	config := members(c.args, "config")
	found := authIssues("config", signalsAuth, config)
	if sent := c.text("endpointUrl"); sent != "" && !isWebAddress(sent) {
		found = append(found, issue{Path: "endpointUrl", Message: "must be an https URL"})
	}
	if len(found) > 0 {
		return invalidCall(found)
	}
	e := b.signals[at]
	for name, field := range map[string]*string{
		"name": &e.name, "endpointUrl": &e.endpoint,
		"description": &e.description,
	} {
		if sent := c.text(name); sent != "" {
			*field = sent
		}
	}
	if len(config) > 0 {
		e.secrets = secretsOf(config)
	}
	e.updated = s.cfg.now()
	return jsonResult(firstSuccess{"The signals agent is changed", true, map[string]any{"agent": e.view()}})
}

func unregisterSignals(s *Server, c *toolCall) result {
	b := s.platform.agents
	at := slices.IndexFunc(b.signals, func(e *signalsEntry) bool { return e.id == c.text("agentId") })
	if at < 0 {
		return failed("NOT_FOUND", "There is no such signals agent")
	}
	b.signals = slices.Delete(b.signals, at, at+1)
	return jsonResult(firstSuccess{"The signals agent is gone", true, map[string]any{"agentId": c.text("agentId")}})
}
