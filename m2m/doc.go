// Package m2m gets access tokens for the platform's M2M applications, by OAuth 2.0 client credentials
// (RFC 6749 §4.4). A [Source] is a client.TokenSource for REST and MCP alike.
//
// An application is made at /api/v2/m2m-applications, in an interactive session; its secret is shown once. The token
// endpoint, its form and the scopes are those of the platform's own SDK (docs/platform.md#authentication: documented
// by its code, not in prose); what else this package relies on is RFC 6749.
package m2m
