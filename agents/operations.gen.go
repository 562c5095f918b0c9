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

// check tells what is wrong with the parameters before anything is sent.
func (p RegisterParams) check(s check.Sink) {
	check.MaxLength(s, "sourceId", p.SourceID, 255)
	check.Required(s, "name", p.Name, "")
	check.MaxLength(s, "name", p.Name, 255)
	check.OneOf(s, "type", p.Type, TypeSales, TypeSignal, TypeCreative, TypeOutcome)
	check.MaxLength(s, "endpointUrl", p.EndpointURL, 2048)
	check.OneOf(s, "protocol", p.Protocol, ProtocolMCP, ProtocolA2A)
	check.MaxLength(s, "description", p.Description, 2000)
}

// check tells what is wrong with the parameters before anything is sent.
func (p AuthorizeAccountParams) check(s check.Sink) {
	check.MaxLength(s, "redirectUri", p.RedirectURI, 2048)
}

// check tells what is wrong with the parameters before anything is sent.
func (p AuthorizeParams) check(s check.Sink) {
	check.MaxLength(s, "redirectUri", p.RedirectURI, 2048)
}

// check tells what is wrong with the parameters before anything is sent.
func (p UpdateParams) check(s check.Sink) {
	check.MaxLength(s, "name", p.Name, 255)
	check.OneOf(s, "status", p.Status, StatusPending, StatusActive, StatusDisabled)
	check.MaxLength(s, "endpointUrl", p.EndpointURL, 2048)
	check.OneOf(s, "protocol", p.Protocol, ProtocolMCP, ProtocolA2A)
	check.MaxLength(s, "description", p.Description, 2000)
}

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
	// PageToken continues from Page.Next of an earlier answer; Offset is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
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

// check tells what is wrong with the parameters before anything is sent.
func (p ListParams) check(s check.Sink) {
	check.OneOf(s, "type", p.Type, TypeSales, TypeSignal, TypeCreative, TypeOutcome)
	check.OneOf(s, "status", p.Status, StatusPending, StatusActive, StatusDisabled)
	check.OneOf(s, "relationship", p.Relationship, RelationshipSelf, RelationshipMarketplace)
	check.Between(s, "limit", p.PageSize, 1, 100)
	check.AtLeast(s, "offset", p.Offset, 0)
}
