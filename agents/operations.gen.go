// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package agents

import (
	"net/url"
	"strconv"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// The operations of openapi.yaml that this package calls.
var (
	opCreateInventorySource = client.Operation{
		ID:     "createInventorySource",
		Method: "POST",
		Mount:  client.MountStorefront,
		Path:   "/inventory-sources",
		Effect: client.EffectOnce,
	}
	opDeleteInventorySource = client.Operation{
		ID:     "deleteInventorySource",
		Method: "DELETE",
		Mount:  client.MountStorefront,
		Path:   "/inventory-sources/{sourceId}",
		Effect: client.EffectIdempotent,
	}
	opGetInventorySource = client.Operation{
		ID:     "getInventorySource",
		Method: "GET",
		Mount:  client.MountStorefront,
		Path:   "/inventory-sources/{sourceId}",
		Effect: client.EffectRead,
	}
	opGetStorefrontAgent = client.Operation{
		ID:     "getStorefrontAgent",
		Method: "GET",
		Mount:  client.MountStorefront,
		Path:   "/agents/{agentId}",
		Effect: client.EffectRead,
	}
	opListInventorySources = client.Operation{
		ID:     "listInventorySources",
		Method: "GET",
		Mount:  client.MountStorefront,
		Path:   "/inventory-sources",
		Effect: client.EffectRead,
		Paging: client.PagingNone,
		Items:  "inventorySources",
	}
	opListStorefrontAgents = client.Operation{
		ID:      "listStorefrontAgents",
		Method:  "GET",
		Mount:   client.MountStorefront,
		Path:    "/agents",
		Effect:  client.EffectRead,
		Paging:  client.PagingLimitOffset,
		MaxPage: 100,
		Items:   "items",
	}
	opRefreshStorefrontAgentCapabilities = client.Operation{
		ID:     "refreshStorefrontAgentCapabilities",
		Method: "POST",
		Mount:  client.MountStorefront,
		Path:   "/agents/{agentId}/capabilities/refresh",
		Effect: client.EffectIdempotent,
	}
	opStartAgentAccountOAuth = client.Operation{
		ID:     "startAgentAccountOAuth",
		Method: "POST",
		Mount:  client.MountStorefront,
		Path:   "/agents/{agentId}/accounts/oauth/authorize",
		Effect: client.EffectIdempotent,
	}
	opStartAgentOAuth = client.Operation{
		ID:     "startAgentOAuth",
		Method: "POST",
		Mount:  client.MountStorefront,
		Path:   "/agents/{agentId}/oauth/authorize",
		Effect: client.EffectIdempotent,
	}
	opUpdateInventorySource = client.Operation{
		ID:     "updateInventorySource",
		Method: "PUT",
		Mount:  client.MountStorefront,
		Path:   "/inventory-sources/{sourceId}",
		Effect: client.EffectIdempotent,
	}
)

// ruleAgentType is the schema of a request.
var ruleAgentType = check.Rule{Type: check.String, Enum: []string{"SALES", "SIGNAL", "CREATIVE", "OUTCOME"}}

// ruleAgentProtocol is the schema of a request.
var ruleAgentProtocol = check.Rule{Type: check.String, Enum: []string{"MCP", "A2A"}}

// ruleConnectionAuthMethod is the schema of a request.
var ruleConnectionAuthMethod = check.Rule{Type: check.String, Enum: []string{"none", "bearer_token", "api_key", "credential_exchange", "basic_auth", "oauth2", "jwt", "platform_service_account"}}

// ruleAgentConnectionContract is the schema of a request.
var ruleAgentConnectionContract = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "id", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^[a-z][a-z0-9_-]*$`}, MinSize: 1, MaxSize: 128}, Required: true},
	{Name: "version", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}}, Required: true},
	{Name: "authenticationMethod", Rule: &ruleConnectionAuthMethod, Required: true},
}}

// ruleAgentSourceDescription is the schema of a request.
var ruleAgentSourceDescription = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "sourceId", Rule: &check.Rule{Type: check.String, MinSize: 1, MaxSize: 255}},
	{Name: "name", Rule: &check.Rule{Type: check.String, MinSize: 1, MaxSize: 255}, Required: true},
	{Name: "type", Rule: &ruleAgentType},
	{Name: "endpointUrl", Rule: &check.Rule{Type: check.String, MaxSize: 2048}},
	{Name: "protocol", Rule: &ruleAgentProtocol},
	{Name: "auth", Rule: &check.Rule{AnyOf: []*check.Rule{&check.Rule{Type: check.Object, Fields: []check.Field{
		{Name: "type", Rule: &check.Rule{Type: check.String, Enum: []string{"jwt"}}, Required: true},
		{Name: "privateKey", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "issuer", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "subject", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "keyId", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "scope", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "tokenEndpointUrl", Rule: &check.Rule{Type: check.String}, Required: true},
		{Name: "audienceUrl", Rule: &check.Rule{Type: check.String}, Required: true},
		{Name: "algorithm", Rule: &check.Rule{Type: check.String, Enum: []string{"ES256", "RS256"}}},
	}}, &check.Rule{Type: check.Object, Fields: []check.Field{
		{Name: "type", Rule: &check.Rule{Type: check.String, Enum: []string{"bearer", "apikey", "api_key"}}, Required: true},
		{Name: "token", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
	}}, &check.Rule{Type: check.Object, Fields: []check.Field{
		{Name: "type", Rule: &check.Rule{Type: check.String, Enum: []string{"basic"}}, Required: true},
		{Name: "username", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "password", Rule: &check.Rule{Type: check.String}, Required: true},
	}}, &check.Rule{Type: check.Object}}}},
	{Name: "description", Rule: &check.Rule{Type: check.String, MaxSize: 2000}},
	{Name: "connectionContract", Rule: &ruleAgentConnectionContract},
}}

// ruleAgentStatus is the schema of a request.
var ruleAgentStatus = check.Rule{Type: check.String, Enum: []string{"PENDING", "ACTIVE", "DISABLED"}}

// ruleAgentRelationship is the schema of a request.
var ruleAgentRelationship = check.Rule{Type: check.String, Enum: []string{"SELF", "MARKETPLACE"}}

// ruleAgentAccountAuthorize is the schema of a request.
var ruleAgentAccountAuthorize = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "redirectUri", Rule: &check.Rule{Type: check.String, MaxSize: 2048}},
}}

// ruleAgentAuthorize is the schema of a request.
var ruleAgentAuthorize = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "redirectUri", Rule: &check.Rule{Type: check.String, MaxSize: 2048}},
}}

// ruleAgentSourceChange is the schema of a request.
var ruleAgentSourceChange = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "name", Rule: &check.Rule{Type: check.String, MinSize: 1, MaxSize: 255}},
	{Name: "status", Rule: &ruleAgentStatus},
	{Name: "endpointUrl", Rule: &check.Rule{Type: check.String, MaxSize: 2048}},
	{Name: "protocol", Rule: &ruleAgentProtocol},
	{Name: "auth", Rule: &check.Rule{AnyOf: []*check.Rule{&check.Rule{Type: check.Object, Fields: []check.Field{
		{Name: "type", Rule: &check.Rule{Type: check.String, Enum: []string{"jwt"}}, Required: true},
		{Name: "privateKey", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "issuer", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "subject", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "keyId", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "scope", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "tokenEndpointUrl", Rule: &check.Rule{Type: check.String}, Required: true},
		{Name: "audienceUrl", Rule: &check.Rule{Type: check.String}, Required: true},
		{Name: "algorithm", Rule: &check.Rule{Type: check.String, Enum: []string{"ES256", "RS256"}}},
	}}, &check.Rule{Type: check.Object, Fields: []check.Field{
		{Name: "type", Rule: &check.Rule{Type: check.String, Enum: []string{"bearer", "apikey", "api_key"}}, Required: true},
		{Name: "token", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
	}}, &check.Rule{Type: check.Object, Fields: []check.Field{
		{Name: "type", Rule: &check.Rule{Type: check.String, Enum: []string{"basic"}}, Required: true},
		{Name: "username", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "password", Rule: &check.Rule{Type: check.String}, Required: true},
	}}, &check.Rule{Type: check.Object}}}},
	{Name: "description", Rule: &check.Rule{Type: check.String, MaxSize: 2000}},
}}

// check reports every field that its schema does not allow.
func (p RegisterParams) check(r check.Reporter) { ruleAgentSourceDescription.Value(r, p) }

// check reports every field that its schema does not allow.
func (p AuthorizeAccountParams) check(r check.Reporter) { ruleAgentAccountAuthorize.Value(r, p) }

// check reports every field that its schema does not allow.
func (p AuthorizeParams) check(r check.Reporter) { ruleAgentAuthorize.Value(r, p) }

// check reports every field that its schema does not allow.
func (p UpdateParams) check(r check.Reporter) { ruleAgentSourceChange.Value(r, p) }

// ListParams narrows listStorefrontAgents. Zero fields are not sent.
type ListParams struct {
	// Only agents that do this.
	Type Type
	// Only agents in this state.
	Status Status
	// Only one's own, or only those of the marketplace.
	Relationship Relationship
	// Only agents with this in their name.
	Name string
	// Only agents with which accounts can be registered, or only those without.
	SupportsRegistration client.Field[bool]
	// The number of items on a page: 1 to 100.
	PageSize int
	// The number of items at the beginning to pass over.
	Offset int
	// PageToken continues from Page.Next of an earlier page; Offset is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
func (p ListParams) query() url.Values {
	v := url.Values{}
	if p.Type != "" {
		v.Set("type", string(p.Type))
	}
	if p.Status != "" {
		v.Set("status", string(p.Status))
	}
	if p.Relationship != "" {
		v.Set("relationship", string(p.Relationship))
	}
	if p.Name != "" {
		v.Set("name", p.Name)
	}
	if !p.SupportsRegistration.IsZero() {
		v.Set("supportsRegistration", strconv.FormatBool(p.SupportsRegistration.Value()))
	}
	if p.PageSize != 0 {
		v.Set("limit", strconv.Itoa(p.PageSize))
	}
	if p.Offset != 0 {
		v.Set("offset", strconv.Itoa(p.Offset))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// queryListStorefrontAgents holds the schemas of the parameters of listStorefrontAgents.
var queryListStorefrontAgents = []check.Field{
	{Name: "type", Rule: &ruleAgentType},
	{Name: "status", Rule: &ruleAgentStatus},
	{Name: "relationship", Rule: &ruleAgentRelationship},
	{Name: "limit", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 100}}},
	{Name: "offset", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p ListParams) check(r check.Reporter) { check.Query(r, queryListStorefrontAgents, p.query()) }
