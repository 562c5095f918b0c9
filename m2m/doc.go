// Package m2m fetches access tokens for the platform's M2M applications with OAuth 2.0 client credentials
// (RFC 6749 §4.4). A [Source] is a client.TokenSource for REST and MCP.
//
// Create an application at /api/v2/m2m-applications in an interactive session; its secret is shown once. The token
// endpoint and the scopes are those of the platform's own SDK (docs/platform.md#authentication). Everything else
// follows RFC 6749.
package m2m
