package sandbox

import (
	"encoding/pem"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// agentActions are the operations on agents.
func agentActions() map[string]action {
	return map[string]action{
		"listInventorySources":  {do: listSources},
		"createInventorySource": {rules: sourceRules, do: createSource},
		"getInventorySource":    {do: getSource},
		"updateInventorySource": {rules: changeRules, do: updateSource},
		"deleteInventorySource": {do: deleteSource},

		"listStorefrontAgents":               {do: listAgents},
		"getStorefrontAgent":                 {do: getAgent},
		"startAgentOAuth":                    {rules: redirectRules, do: startOAuth},
		"startAgentAccountOAuth":             {rules: redirectRules, do: startOAuth},
		"refreshStorefrontAgentCapabilities": {do: refreshCapabilities},

		"discoverAgents":                  {do: discoverAgents},
		"getInventorySourceDiagnostics":   {do: diagnoseSource},
		"runInventorySourceDiscoveryTest": {do: testDiscovery},

		"listStorefrontCredentials": {do: listCredentials},
		"registerSourceCredentials": {rules: credentialRules, do: registerCredential},
		"listAvailableAccounts":     {do: availableAccounts},
		"assignAccount":             {do: linkAccount},
		"listAdvertiserAccounts":    {do: listLinkedAccounts},
		"getAdvertiserAccount":      {do: getLinkedAccount},
		"unassignAccount":           {rules: unlinkRules, do: unlinkAccount},
	}
}

// consentView is where a person has to go.
type consentView struct {
	AuthorizationURL string `json:"authorizationUrl"`
	AgentID          string `json:"agentId"`
	AgentName        string `json:"agentName"`
}

// sourceView is a source in a response.
type sourceView struct {
	ID                 string       `json:"id"`
	SourceID           string       `json:"sourceId"`
	Name               string       `json:"name"`
	ExecutionType      string       `json:"executionType"`
	Status             string       `json:"status"`
	AgentID            string       `json:"agentId"`
	Type               string       `json:"type"`
	EndpointURL        string       `json:"endpointUrl"`
	Protocol           string       `json:"protocol"`
	Description        *string      `json:"description"`
	AuthenticationType string       `json:"authenticationType"`
	AuthConfigured     bool         `json:"authConfigured"`
	OAuth              *consentView `json:"oauth,omitempty"`
	IsAdapterSource    bool         `json:"isAdapterSource"`
	CreatedAt          string       `json:"createdAt"`
	UpdatedAt          string       `json:"updatedAt"`
}

func (s *agentSource) view() sourceView {
	return sourceView{
		ID: s.id, SourceID: s.sourceID, Name: s.name, ExecutionType: "AGENT", Status: s.status, AgentID: s.agentEntry.id,
		Type: s.typ, EndpointURL: s.endpoint, Protocol: s.protocol, Description: maybe(s.description),
		AuthenticationType: s.authType, AuthConfigured: s.configured, OAuth: s.awaited(),
		CreatedAt: stamp(s.created), UpdatedAt: stamp(s.updated),
	}
}

// awaited returns the consent page; nil if no consent is pending.
func (e *agentEntry) awaited() *consentView {
	if e.consent == "" || e.configured {
		return nil
	}
	return e.consentView()
}

func (e *agentEntry) consentView() *consentView {
	return &consentView{AuthorizationURL: e.consent, AgentID: e.id, AgentName: e.name}
}

// sourceRules are the rules of a registration that the specification leaves to its text.
func sourceRules(_ *platform, c *call) []issue {
	var found []issue
	for _, member := range [...]string{"type", "endpointUrl", "protocol", "authenticationType"} {
		if c.text(member) == "" {
			found = append(found, issue{Path: member, Message: "is required for an agent"})
		}
	}
	if c.text("sourceId") == "" && slug(c.text("name")) == "" {
		found = append(found, issue{Path: "sourceId", Message: "is required because the name gives none"})
	}
	found = append(found, changeRules(nil, c)...)
	if auth, _ := c.body["auth"].(map[string]any); c.text("authenticationType") == authJWT && len(auth) == 0 {
		found = append(found, issue{Path: "auth", Message: "is required for a JWT"})
	}
	return found
}

// changeRules are the rules that an update has too.
func changeRules(_ *platform, c *call) []issue {
	found := urlRules(c, "endpointUrl", "oauthAudience")
	return append(found, authRules(c.body["auth"], c.text("authenticationType"))...)
}

func urlRules(c *call, members ...string) []issue {
	var found []issue
	for _, member := range members {
		if sent := c.text(member); sent != "" && !isWebAddress(sent) {
			found = append(found, issue{Path: member, Message: "must be an https URL"})
		}
	}
	return found
}

// isWebAddress allows http for what runs on the same machine.
func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return false
	}
	addr, _ := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (addr.IsLoopback() || u.Hostname() == "localhost")
}

// authForm is a form of auth that has a name: the members it must have, and the type that goes with it.
type authForm struct {
	authType string
	members  []string
}

func authForms() map[string]authForm {
	token := authForm{authKey, []string{"token"}}
	return map[string]authForm{
		"bearer": token, "apikey": token, "api_key": token,
		"basic": {authBasic, []string{"username", "password"}},
		"jwt":   {authJWT, []string{"privateKey", "issuer", "subject", "keyId", "scope", "tokenEndpointUrl", "audienceUrl"}},
	}
}

// authRules checks auth against its form, and against the authentication type unless that is empty. A form without a
// name is not checked.
func authRules(sent any, authType string) []issue {
	auth, _ := sent.(map[string]any)
	if len(auth) == 0 {
		return nil
	}
	kind, _ := auth["type"].(string)
	form, known := authForms()[kind]
	if !known {
		return nil
	}
	var found []issue
	if authType != "" && form.authType != authType {
		found = append(found, issue{Path: "auth.type", Message: "does not go with the authentication type"})
	}
	for _, member := range form.members {
		if text, ok := auth[member].(string); !ok || text == "" && member != "password" {
			found = append(found, issue{Path: "auth." + member, Message: "is required"})
		}
	}
	if key, ok := auth["privateKey"].(string); ok {
		if block, _ := pem.Decode([]byte(key)); block == nil || block.Type != "PRIVATE KEY" {
			found = append(found, issue{Path: "auth.privateKey", Message: "must be a key in PKCS #8"})
		}
	}
	return found
}

func listSources(p *platform, _ *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	views := make([]sourceView, len(b.sources))
	for i, s := range b.sources {
		views[i] = s.view()
	}
	return p.cfg.respond(http.StatusOK, views)
}

func createSource(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	sourceID := c.text("sourceId")
	if sourceID == "" {
		sourceID = slug(c.text("name"))
	}
	if b.source(sourceID) != nil {
		return refuse(http.StatusConflict, "CONFLICT", "There is a source with this sourceId")
	}
	e := b.newAgent(agentEntry{
		typ: c.text("type"), name: c.text("name"), description: c.text("description"), endpoint: c.text("endpointUrl"),
		protocol: c.text("protocol"), authType: c.text("authenticationType"), status: statusPending,
		secrets: secretsOf(c.body["auth"]), created: c.now, updated: c.now,
	})
	e.updateStatus()
	s := &agentSource{id: b.newID("src_"), sourceID: sourceID, agentEntry: e}
	b.sources = append(b.sources, s)
	return p.cfg.respond(http.StatusCreated, s.view())
}

func getSource(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.source(c.vars["sourceId"])
	if s == nil {
		return noSource()
	}
	return p.cfg.respond(http.StatusOK, s.view())
}

func noSource() reply { return notFound("There is no such inventory source") }

func updateSource(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.source(c.vars["sourceId"])
	if s == nil {
		return noSource()
	}
	next := *s.agentEntry
	for member, field := range map[string]*string{
		"name": &next.name, "description": &next.description, "endpointUrl": &next.endpoint, "protocol": &next.protocol,
	} {
		if sent := c.text(member); sent != "" {
			*field = sent
		}
	}
	auth, hasAuth := c.body["auth"]
	if authType := c.text("authenticationType"); authType != "" || hasAuth {
		if authType != "" {
			next.authType = authType
		}
		next.secrets = secretsOf(auth)
		next.updateStatus()
	}
	if status := c.text("status"); status != "" {
		if status == statusActive && !next.configured {
			return refuse(http.StatusBadRequest, "INVALID_STATE", "The authentication of the agent is not configured")
		}
		next.status = status
	}
	next.updated = c.now
	*s.agentEntry = next
	return p.cfg.respond(http.StatusOK, s.view())
}

func deleteSource(p *platform, c *call) reply {
	b := p.agents
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.source(c.vars["sourceId"])
	if s == nil {
		return noSource()
	}
	s.status, s.secrets, s.consent, s.updated = statusDisabled, nil, "", c.now
	b.sources = slices.DeleteFunc(b.sources, func(one *agentSource) bool { return one == s })
	return reply{status: http.StatusNoContent}
}

// redirectRules check where a person is sent after the consent.
func redirectRules(_ *platform, c *call) []issue { return urlRules(c, "redirectUri") }

// lets reports whether a filter accepts a value.
func lets(c *call, name, value string) bool {
	want, _ := c.params[name].(string)
	return want == "" || want == value
}

// pageOf is one page of some items.
func pageOf[T any](items []T, skip, take int) []T {
	from := min(skip, len(items))
	return items[from:min(from+take, len(items))]
}

// nameHas reports whether the filter by name accepts a name.
func nameHas(c *call, name string) bool {
	want, _ := c.params["name"].(string)
	return strings.Contains(strings.ToLower(name), strings.ToLower(want))
}
