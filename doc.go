// Package interchange is the root of interchange-go, the Go SDK of the Scope3 Interchange platform. Use the packages
// below it:
//
//   - client is the connection: credentials, environments, retries, pacing, errors, paging.
//   - pace is the adaptive rate limiter that client uses by default.
//   - servicetokens creates, lists, updates, archives and rotates long-lived machine credentials.
//   - seats manages accounts, their terms of service, and work for many seats.
//   - agents registers, authenticates and inspects agents that sell inventory or offer signals.
//   - buyer reads advertisers, campaigns and reports, and sends events and audiences.
//   - mcpclient calls the buyer and storefront endpoints over MCP, for agent runtimes.
//   - partner is the Bullseye Partner API: keys, organizations, credits, billing, webhooks.
//   - m2m is a token source for OAuth 2.0 client credentials.
//   - sandbox is the platform in one process, for first steps and tests.
//
// This package contains only the OpenAPI documents that the other packages are generated from and checked against.
package interchange

import _ "embed" // for the specification

//go:embed openapi.yaml
var openAPI string

//go:embed openapi.partner.yaml
var partnerOpenAPI string

// OpenAPI returns the OpenAPI 3.0 description, in YAML, of the operations of the platform. Each call returns a copy
// that the caller may change.
func OpenAPI() []byte {
	return []byte(openAPI)
}

// PartnerOpenAPI returns the OpenAPI 3.0 description of the Partner API, see [OpenAPI].
func PartnerOpenAPI() []byte {
	return []byte(partnerOpenAPI)
}
