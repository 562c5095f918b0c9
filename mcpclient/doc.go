// Package mcpclient is an MCP client of the platform for agent runtimes: one [Session] works for days, through rotated
// tokens, rate limits, deploys and lost sessions.
//
//	s, err := mcpclient.Connect(ctx, c)
//	defer s.Close(ctx)
//	list, err := mcpclient.CallAPI[AdvertiserList](ctx, s, "list_advertisers", mcpclient.Request{})
//
// It speaks both generations of the protocol, with sessions (2025-11-25 and before) and without (2026-07-28), through
// the MCP library github.com/modelcontextprotocol/go-sdk. Other hosts get the same reliability from [NewTransport], if
// they use that library, or from [NewRoundTripper]. Consent in a browser is in package mcpclient/oauth.
//
// JSON values, such as those of a [Result], are of type jsontext.Value (github.com/go-json-experiment/json/jsontext), a
// []byte of JSON.
//
// # Retries
//
// Connecting, lists and reads are retried like GET requests. A tools/call is retried on 429 and if nothing of it was
// sent. Otherwise it is retried only if the tool is annotated as read-only or idempotent, or with
// [client.AssumeIdempotent]. On a 401, the token source is notified, and the call is retried once with the next token.
//
// # Lost sessions
//
// An HTTP failure fails one call, not the session. When the server has forgotten the session, the first call that
// notices opens a new one for all callers. The customer is switched again, [OnReconnect] is called, and the calls
// continue. A broken event stream is resumed if the server numbers its events. If a server that was reached before
// takes no connections, as during a deploy, calls wait for it for up to ten seconds.
//
// # Malformed responses
//
// One malformed field costs neither the connection nor a list. A field with a clear meaning is repaired, such as [] for
// an object without members. Other fields are ignored; a tool's hint that is no bool counts as absent. A tool, resource
// or prompt with another malformed field is left out of its list. Each defect is reported once to the hooks and the log
// of the client, see [client.DefectHooks]. JSON and event streams are read under each other's content type.
//
// # Where to look
//
//	session.go, libraryconn.go  Session, and its replaceable connection of the MCP library
//	transport.go                transports for other hosts
//	roundtripper.go             the http.RoundTripper under the library
//	exchange.go, response.go    sending a message, and reading the response
//	sessionmanager*.go          lost sessions: noticing, reopening, restoring
//	eventstream*.go             event streams that survive broken connections; eventreader.go parses them
//	normalize*.go               repair of malformed results
//	calltool.go, toolresult.go  typed tool calls; gateway.go and platform.go for the platform's own tools
//	dispatch.go, model*.go      tool calls that a model makes
//	guard*.go                   which calls may be sent
package mcpclient
