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

// check tells what is wrong with the parameters before anything is sent.
func (p TestParams) check(s check.Sink) {
	check.MaxLength(s, "brief", p.Brief, 2000)
}

// DiscoverParams narrows discoverAgents. Zero fields are not sent.
type DiscoverParams struct {
	// The domain to look at, such as publisher.example.
	Domain string
	// Look anew instead of at what is cached.
	Refresh bool
}

// query is what is sent; nil when nothing is.
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

// check tells what is wrong with the parameters before anything is sent.
func (p DiscoverParams) check(s check.Sink) {
	check.Required(s, "domain", p.Domain, "")
}

// DiagnosticsParams narrows getInventorySourceDiagnostics. Zero fields are not sent.
type DiagnosticsParams struct {
	// How many hours to look back: 1 to 720.
	WindowHours int
}

// query is what is sent; nil when nothing is.
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

// check tells what is wrong with the parameters before anything is sent.
func (p DiagnosticsParams) check(s check.Sink) {
	check.Between(s, "windowHours", p.WindowHours, 1, 720)
}
