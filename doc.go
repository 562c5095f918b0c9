// Package interchange is the landing page of interchange-go, the Go SDK of the Scope3 Interchange platform.
// The work is done by the packages below it:
//
//   - client is the connection: credentials, environments, retries, pacing, errors, paging.
//   - pace is the adaptive rate limiter that client uses by default.
//   - servicetokens creates, lists, updates, archives and rotates long-lived machine credentials.
//   - seats is about accounts, their terms of service, and work for many seats.
//   - agents registers the agents that sell inventory and offer signals, and looks after them.
//   - buyer reads what a data pipeline wants of advertisers, campaigns and reports, and feeds events and audiences in.
//   - mcpclient reaches the buyer and storefront endpoints over MCP, for agent runtimes.
//   - partner is the Bullseye Partner API: keys, organizations, credits, billing, webhooks.
//   - m2m is the token source for machines that have OAuth2 client credentials.
//   - sandbox is the platform in one process, for trying the SDK out and for tests.
//
// This package itself holds only the descriptions of the platforms that the others are built from and checked
// against.
package interchange

import _ "embed" // for the specification

//go:embed openapi.yaml
var openAPI string

//go:embed openapi.partner.yaml
var partnerOpenAPI string

// OpenAPI returns the OpenAPI 3.0 description, in YAML, of the operations this SDK calls. Each call returns a copy
// that the caller may change.
func OpenAPI() []byte {
	return []byte(openAPI)
}

// PartnerOpenAPI returns that of the Partner API, see [OpenAPI].
func PartnerOpenAPI() []byte {
	return []byte(partnerOpenAPI)
}
