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
	opDiscoverAgents = client.Operation{
		ID:     "discoverAgents",
		Method: "GET",
		Mount:  client.MountStorefront,
		Path:   "/discover-agents",
		Effect: client.EffectRead,
	}
	opGetInventorySourceDiagnostics = client.Operation{
		ID:     "getInventorySourceDiagnostics",
		Method: "GET",
		Mount:  client.MountStorefront,
		Path:   "/inventory-sources/{sourceId}/diagnostics",
		Effect: client.EffectRead,
	}
	opRunInventorySourceDiscoveryTest = client.Operation{
		ID:     "runInventorySourceDiscoveryTest",
		Method: "POST",
		Mount:  client.MountStorefront,
		Path:   "/inventory-sources/{sourceId}/tests/discovery",
		Effect: client.EffectOnce,
	}
)

// ruleAgentTestStart is the schema of a request.
var ruleAgentTestStart = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "brief", Rule: &check.Rule{Type: check.String, MinSize: 1, MaxSize: 2000}},
}}

// check reports every field that its schema does not allow.
func (p TestParams) check(r check.Reporter) { ruleAgentTestStart.Value(r, p) }

// DiscoverParams narrows discoverAgents. Zero fields are not sent.
type DiscoverParams struct {
	// The domain to look at, such as publisher.example.
	Domain string
	// Look anew instead of at what is cached.
	Refresh bool
}

// query returns the query string, or nil without parameters.
func (p DiscoverParams) query() url.Values {
	v := url.Values{}
	if p.Domain != "" {
		v.Set("domain", p.Domain)
	}
	if p.Refresh {
		v.Set("refresh", "true")
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// queryDiscoverAgents holds the schemas of the parameters of discoverAgents.
var queryDiscoverAgents = []check.Field{
	{Name: "domain", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
}

// check reports every parameter that its schema does not allow.
func (p DiscoverParams) check(r check.Reporter) { check.Query(r, queryDiscoverAgents, p.query()) }

// DiagnosticsParams narrows getInventorySourceDiagnostics. Zero fields are not sent.
type DiagnosticsParams struct {
	// How many hours to look back: 1 to 720.
	WindowHours int
}

// query returns the query string, or nil without parameters.
func (p DiagnosticsParams) query() url.Values {
	v := url.Values{}
	if p.WindowHours != 0 {
		v.Set("windowHours", strconv.Itoa(p.WindowHours))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// queryGetInventorySourceDiagnostics holds the schemas of the parameters of getInventorySourceDiagnostics.
var queryGetInventorySourceDiagnostics = []check.Field{
	{Name: "windowHours", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 720}}},
}

// check reports every parameter that its schema does not allow.
func (p DiagnosticsParams) check(r check.Reporter) {
	check.Numbers(r, queryGetInventorySourceDiagnostics, p.query())
}
