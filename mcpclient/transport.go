package mcpclient

import (
	"context"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
)

// NewTransport returns the transport of a session for another host that is built on the MCP library, for one call of
// mcp.Client.Connect. It does all that keeps a [Session] alive. Errors of calls match with errors.Is and errors.As like
// those of this package, except those that come over a broken event stream, see [CodeTransport].
//
// For a host with another MCP library, or none, use [NewRoundTripper].
func NewTransport(c *client.Client, opts ...Option) (mcp.Transport, error) {
	cfg, err := newConfig(c, opts)
	if err != nil {
		return nil, err
	}
	return hostTransport{cfg}, nil
}

// NewRoundTripper returns the HTTP part of a session for a host that speaks MCP by itself, such as through another MCP
// library: set it as the Transport of that library's http.Client, with the endpoint
//
//	c.BaseURL() + string(client.MountMCPBuyer)
//
// (or the one of [WithStorefront] or [WithPath]). A request for another URL fails and is not sent.
//
// The host gets, for each POST with one JSON-RPC message: the credential, the limiter, the retries of [Connect] (reads,
// and tools that the server annotates as read-only or idempotent), guards, size limits, repaired results, hooks and
// logs. A lost session is opened again; the host sees the placeholder "session" as the session id. An HTTP failure,
// such as 429 or 503, is an error that matches those of [client.Call] with errors.Is and errors.As; the host's
// http.Client wraps it in a url.Error. A GET opens an event stream that is reconnected when it breaks. If the stream of
// a call breaks, the stream ends with a JSON-RPC error response, see [CodeTransport].
//
// The host's own job: initialize and notifications/initialized (or server/discover), message ids, the Mcp-* headers of
// its protocol version, reading JSON or an event stream by Content-Type, JSON-RPC errors, a result's isError, and a
// deadline in each request's context. [OnProgress], [OnListChanged] and [OnElicitation] have no effect: the host reads
// such messages from the stream.
//
// A round tripper serves one MCP connection: create another one to initialize again. A DELETE ends the session, and
// requests after it fail with [ErrClosed]. It is safe for concurrent use and need not be closed.
func NewRoundTripper(c *client.Client, opts ...Option) (http.RoundTripper, error) {
	cfg, err := newConfig(c, opts)
	if err != nil {
		return nil, err
	}
	return newRoundTripper(cfg), nil
}

// Transport is [NewTransport] with the session's own configuration. The other host gets a connection of its own.
func (s *Session) Transport() mcp.Transport {
	if s == nil || s.cfg == nil {
		return hostTransport{}
	}
	cfg := *s.cfg
	cfg.owner = nil
	return hostTransport{&cfg}
}

type hostTransport struct{ cfg *config }

// Connect serves mcp.Client.Connect.
func (t hostTransport) Connect(ctx context.Context) (mcp.Connection, error) {
	switch {
	case t.cfg == nil:
		return nil, errNotConnected
	case ctx == nil:
		return nil, errNilContext
	}
	rt := newRoundTripper(t.cfg)
	conn, err := rt.transport(true).Connect(ctx)
	if err != nil {
		rt.close()
		return nil, err
	}
	return conn, nil
}

// transport returns the library's transport on top of rt.
func (rt *roundTripper) transport(events bool) *mcp.StreamableClientTransport {
	return &mcp.StreamableClientTransport{
		Endpoint:             rt.cfg.endpoint(),
		HTTPClient:           &http.Client{Transport: rt},
		DisableStandaloneSSE: !events,
		MaxEventSize:         -1, // rt has its own limit
	}
}
