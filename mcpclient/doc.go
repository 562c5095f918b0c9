// Package mcpclient reaches the platform over MCP, for agent runtimes: it connects once and keeps working for days,
// through rotated tokens, rate limits, deploys on the other side and lost sessions.
//
//	s, err := mcpclient.Connect(ctx, c)
//	defer s.Close(ctx)
//	list, err := mcpclient.CallAPI[AdvertiserList](ctx, s, "list_advertisers", mcpclient.Request{})
//
// The protocol is the MCP library's (github.com/modelcontextprotocol/go-sdk); both of its generations are spoken, the
// one with sessions (2025-11-25 and before) and the stateless one (2026-07-28). What the library leaves open is filled in
// underneath it, so that it holds for any host that is built on the library, see [Session.Transport].
//
// JSON values, such as those of a [Result], are of package github.com/go-json-experiment/json/jsontext; a jsontext.Value is a
// []byte of JSON.
//
// # What is repeated
//
// Connecting, lists and reads are repeated like GET requests. A tools/call is repeated on 429 and where nothing of it was
// sent, and otherwise only if the tool is annotated as read-only or idempotent, or the caller says so with
// [client.AssumeIdempotent]. A 401 tells the token source and is repeated once with the next token.
//
// # What becomes of a session
//
// An HTTP failure is the failure of one call. When the server has forgotten the session, the first call that notices
// opens a new one, once for all callers, however the server reports the loss; the customer that was switched to is
// switched to again, [OnReconnect] is called, and the calls go on. A broken event stream is resumed where the server
// numbers its events. A server that was reached before and takes no connections is waited for, ten seconds at most,
// whatever the retry policy: it is being deployed.
//
// # Malformed responses
//
// One malformed member costs neither the connection nor a list. A member with a plain meaning is repaired, such as []
// for an object without members. Others are ignored; a hint of a tool that is no bool counts as absent. A tool,
// resource or prompt with another malformed member is left out of its list. Each defect is reported once to the hooks
// and the log of the client, see [client.DefectHooks]. JSON and event streams are read under each other's content
// type.
package mcpclient
