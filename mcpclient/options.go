package mcpclient

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/mcpclient/oauth"
)

// Option sets up a connection: see [Connect] and [NewTransport].
type Option func(*config)

const (
	defaultCallTimeout = 5 * time.Minute
	defaultMaxEvent    = 16 << 20
	shortestIdle       = 5 * time.Minute // unless [WithStreamIdle] sets another
)

type config struct {
	client   *client.Client
	mount    client.Mount
	info     mcp.Implementation
	protocol string
	timeout  time.Duration
	maxEvent int

	connectTimeout time.Duration // 0 for the default
	idle           time.Duration // of the event stream of a call; 0 for no limit

	onReconnect   func(context.Context, Reconnection) error
	onListChanged func(context.Context, ChangedList)
	onProgress    func(context.Context, Progress)
	elicit        func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error)

	guard      Guard
	trustHints bool // of the server, for guards
	key        bool // the credential goes into x-scope3-api-key
	auth       *oauth.Authorizer

	gateway     GatewayForm
	gatewayTool string

	shapes map[string]*shape // of results, by method

	owner *Session // whom the connection belongs to; nil where that is another host
	errs  []error
}

func (c *config) failf(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("interchange: "+format, args...))
}

func newConfig(c *client.Client, opts []Option) (*config, error) {
	if c.BaseURL() == "" {
		return nil, errors.New("interchange: an MCP connection needs a client that client.New made")
	}
	cfg := &config{
		client:      c,
		mount:       client.MountMCPBuyer,
		info:        mcp.Implementation{Name: "interchange-go", Version: client.Version},
		timeout:     defaultCallTimeout,
		maxEvent:    defaultMaxEvent,
		idle:        -1,
		gatewayTool: toolGateway,
		shapes:      newShapes(),
	}
	for _, o := range opts {
		if o != nil {
			o(cfg)
		}
	}
	if cfg.idle < 0 {
		cfg.idle = max(shortestIdle, cfg.timeout)
	}
	if cfg.auth != nil {
		if err := cfg.auth.Bind(c); err != nil {
			cfg.errs = append(cfg.errs, err)
		}
	}
	if cfg.key && cfg.auth != nil {
		cfg.failf("an OAuth token is a bearer token: it cannot go with WithAPIKeyHeader")
	}
	if len(cfg.errs) > 0 {
		return nil, optionErrors(cfg.errs)
	}
	derived := []client.Option{client.WithMaxBody(int64(cfg.maxEvent), 0)} // a response that is no stream is like an event
	if cfg.key {
		derived = append(derived, client.WithKeyHeader("x-scope3-api-key"))
	}
	if cfg.auth != nil {
		derived = append(derived, client.WithTokenSource(cfg.auth))
	}
	var err error
	if cfg.client, err = c.With(derived...); err != nil {
		return nil, err
	}
	return cfg, nil
}

// op is the row of an operation that is not in any table: MCP is one path, and its methods are in the body.
func (c *config) op(id, method string, effect client.Effect) *client.Operation {
	return &client.Operation{ID: id, Method: method, Mount: c.mount, Effect: effect, Class: client.ClassMCP}
}

// listens tells whether the server may have to say something outside of calls.
func (c *config) listens() bool { return c.onListChanged != nil || c.elicit != nil }

// endpoint is where the connection goes, for those who want to know.
func (c *config) endpoint() string { return c.client.BaseURL() + string(c.mount) }

// WithStorefront connects to the storefront's endpoint instead of the buyer's.
func WithStorefront() Option { return func(c *config) { c.mount = client.MountMCPStorefront } }

// WithPath connects to another endpoint of the same host, such as /mcp of the first platform or the agent of one
// storefront, /storefront/{platformId}/mcp (docs/platform.md#hosts). A client that is [client.Unversioned] drops a
// /v2 in it.
func WithPath(path string) Option {
	return func(c *config) {
		path = strings.TrimRight(path, "/")
		segments := strings.Split(path, "/")
		bad := func(segment string) bool { return check.Segment(segment) != "" || strings.ContainsAny(segment, " {}") }
		if segments[0] != "" || slices.ContainsFunc(segments[1:], bad) {
			c.failf("the path of an MCP endpoint begins with a slash and has no query, fragment, escapes, or empty or dotted segments")
		}
		c.mount = client.Mount(path)
	}
}

// WithClientInfo is what the server is told of the program. Default: this module and its version.
func WithClientInfo(name, version string) Option {
	return func(c *config) {
		if name == "" {
			c.failf("the client's name is empty")
		}
		c.info = mcp.Implementation{Name: name, Version: version}
	}
}

// The versions of MCP between which something changes for the user of a session.
const (
	// ProtocolSessions is the newest version with sessions, which a server may forget and a customer can be switched
	// in.
	ProtocolSessions = "2025-11-25"
	// ProtocolStateless is the first version without.
	ProtocolStateless = "2026-07-28"
)

// WithProtocolVersion asks for one version of MCP, such as [ProtocolSessions]. By default the newest is tried first
// and the server's choice is taken; which versions the platform speaks is not documented. See
// [Session.ProtocolVersion]. Another host is kept from the stateless protocol where one with sessions was asked for,
// and else chooses by itself.
func WithProtocolVersion(version string) Option {
	return func(c *config) {
		if known := mcp.SupportedProtocolVersions(); version != "" && !slices.Contains(known, version) {
			c.failf("the version of MCP must be one of %s", strings.Join(known, ", "))
		}
		c.protocol = version
	}
}

// WithCallTimeout limits the calls whose context has no deadline. Default 5 minutes: the platform holds some calls open
// for 210 seconds (docs/platform.md#rate-limits).
func WithCallTimeout(d time.Duration) Option {
	return func(c *config) {
		if d <= 0 {
			c.failf("the call timeout must be positive")
		}
		c.timeout = d
	}
}

// WithConnectTimeout limits the time that connecting takes, also when a lost connection is replaced. Default 30
// seconds, and five minutes more if a person may have to consent, see [WithOAuth]. A deadline of the context may end it
// earlier.
// If a server does not answer server/discover within 5 seconds, or a third of the limit, the older protocol is tried.
func WithConnectTimeout(d time.Duration) Option {
	return func(c *config) {
		if d <= 0 {
			c.failf("the connect timeout must be positive")
		}
		c.connectTimeout = d
	}
}

// WithStreamIdle ends the event stream of a call that brings no message for d; heartbeats and comments are no messages.
// Default 5 minutes, or the call timeout if that is longer; zero sets no limit. The stream of [OnListChanged], which
// belongs to no call, may stay quiet.
func WithStreamIdle(d time.Duration) Option {
	return func(c *config) {
		if d < 0 {
			c.failf("the idle time of a stream must not be negative")
			d = 0
		}
		c.idle = d
	}
}

// WithMaxEvent limits the size of one server-sent event, and of an answer that is no stream, to n bytes after
// decompression, whatever client.WithMaxBody says. Default 16 MiB. A message that would take much more memory than its
// size to decode is refused as well.
func WithMaxEvent(n int) Option {
	return func(c *config) {
		if n <= 0 {
			c.failf("the limit of an event must be positive")
		}
		c.maxEvent = n
	}
}

// WithAPIKeyHeader sends the credential as x-scope3-api-key instead of as a bearer token: the first platform's form,
// which the MCP endpoints still take (docs/platform.md#authentication).
func WithAPIKeyHeader() Option { return func(c *config) { c.key = true } }

// WithGuard lets g decide about every tool call before it is sent, also those of a host that the transport was handed
// to. Given more than once, all are asked, see [Guards].
func WithGuard(g Guard) Option {
	return func(c *config) {
		if g == nil {
			c.failf("the guard is nil")
		}
		c.guard = Guards(c.guard, g)
	}
}

// TrustReadOnlyHints makes guards believe the server's readOnlyHint. Without it they go by the SDK's own list,
// because a server that is compromised could annotate a tool that spends money as read-only.
func TrustReadOnlyHints() Option {
	return func(c *config) { c.trustHints = true }
}

// WithOAuth takes the credential from a instead of from the client's token source, such as from a person's consent: for
// connectors, see package oauth. Give the client [client.Anonymous] as its token.
func WithOAuth(a *oauth.Authorizer) Option {
	return func(c *config) {
		if a == nil {
			c.failf("WithOAuth: the Authorizer is nil")
		}
		c.auth = a
	}
}

// OnReconnect calls f after the server had forgotten the session and a new one was opened, before the calls that wait
// for it go on. The customer that was switched to is restored by then; f restores what else there is, with the
// context that it is given. An error of f fails the calls that wait.
func OnReconnect(f func(context.Context, Reconnection) error) Option {
	return func(c *config) { c.onReconnect = f }
}

// ChangedList names a list that the server has changed.
type ChangedList string

// The lists.
const (
	ChangedTools     ChangedList = "tools"
	ChangedPrompts   ChangedList = "prompts"
	ChangedResources ChangedList = "resources"
)

// OnListChanged calls f when the server says that one of its lists has changed. It keeps a stream open for that;
// without it a session uses no connection between calls.
func OnListChanged(f func(context.Context, ChangedList)) Option {
	return func(c *config) { c.onListChanged = f }
}

// OnElicitation calls f when a tool asks for input from the person behind the program (MCP elicitation). A request
// with a URL that is not https is rejected without calling f. Without this option the server is informed that no
// person can be asked. Like [OnListChanged] it keeps a stream open.
func OnElicitation(f func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error)) Option {
	return func(c *config) { c.elicit = f }
}
