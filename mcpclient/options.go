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

// Option configures [Connect], [NewTransport] and [NewRoundTripper].
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

	owner *Session // nil for another host
	errs  []error
}

func (c *config) failf(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("interchange: "+format, args...))
}

func positive[T int | time.Duration](c *config, name string, n T) T {
	if n <= 0 {
		c.failf("%s must be positive", name)
	}
	return n
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
	derived := []client.Option{client.WithMaxBody(int64(cfg.maxEvent), 0)} // a whole response counts as an event
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

// op returns an operation: MCP has one path, and the method is in the body.
func (c *config) op(id, method string, effect client.Effect) *client.Operation {
	return &client.Operation{ID: id, Method: method, Mount: c.mount, Effect: effect, Class: client.ClassMCP}
}

// listens reports whether the server's own stream is needed.
func (c *config) listens() bool { return c.onListChanged != nil || c.elicit != nil }

func (c *config) endpoint() string { return c.client.BaseURL() + string(c.mount) }

// WithStorefront connects to the storefront's endpoint instead of the buyer's.
func WithStorefront() Option { return func(c *config) { c.mount = client.MountMCPStorefront } }

// WithPath connects to another endpoint of the same host, such as /mcp of the first platform or the agent of one
// storefront, /storefront/{platformId}/mcp (docs/platform.md#hosts). A [client.Unversioned] client removes a /v2.
func WithPath(path string) Option {
	return func(c *config) {
		path = strings.TrimRight(path, "/")
		segments := strings.Split(path, "/")
		bad := func(segment string) bool { return check.Segment(segment) != "" || strings.ContainsAny(segment, " {}") }
		if segments[0] != "" || slices.ContainsFunc(segments[1:], bad) {
			c.failf("the path of an MCP endpoint must begin with a slash and have no query, fragment, escapes, " +
				"or empty or dotted segments")
		}
		c.mount = client.Mount(path)
	}
}

// WithClientInfo sets the name and version that the server sees. Default: those of this module.
func WithClientInfo(name, version string) Option {
	return func(c *config) {
		if name == "" {
			c.failf("the client's name is empty")
		}
		c.info = mcp.Implementation{Name: name, Version: version}
	}
}

// Versions of MCP for [WithProtocolVersion].
const (
	// ProtocolSessions is the newest version with sessions.
	ProtocolSessions = "2025-11-25"
	// ProtocolStateless is the first version without sessions.
	ProtocolStateless = "2026-07-28"
)

// WithProtocolVersion requests one version of MCP, such as [ProtocolSessions]. By default the newest is tried first,
// and the server chooses; see [Session.ProtocolVersion]. The platform does not document its versions. Another host
// chooses by itself, but cannot use the stateless protocol if an older version is requested here.
func WithProtocolVersion(version string) Option {
	return func(c *config) {
		if known := mcp.SupportedProtocolVersions(); version != "" && !slices.Contains(known, version) {
			c.failf("the version of MCP must be one of %s", strings.Join(known, ", "))
		}
		c.protocol = version
	}
}

// WithCallTimeout limits calls whose context has no deadline. Default 5 minutes: some calls of the platform take 210
// seconds (docs/platform.md#rate-limits).
func WithCallTimeout(d time.Duration) Option {
	return func(c *config) { c.timeout = positive(c, "the call timeout", d) }
}

// WithConnectTimeout limits connecting, also when a lost connection is replaced. Default 30 seconds, and five minutes
// more with [WithOAuth]. If a server does not respond to server/discover within 5 seconds, or a third of the limit, the
// older protocol is tried.
func WithConnectTimeout(d time.Duration) Option {
	return func(c *config) { c.connectTimeout = positive(c, "the connect timeout", d) }
}

// WithStreamIdle ends the event stream of a call that brings no message for d; heartbeats and comments do not count.
// Default 5 minutes, or the call timeout if that is longer; zero means no limit. It does not apply to the stream of
// [OnListChanged].
func WithStreamIdle(d time.Duration) Option {
	return func(c *config) {
		if d < 0 {
			c.failf("the idle time of a stream must not be negative")
			d = 0
		}
		c.idle = d
	}
}

// WithMaxEvent limits a server-sent event, and a response that is no stream, to n bytes after decompression, instead of
// client.WithMaxBody. Default 16 MiB. A message that takes far more memory than its size to decode is rejected, too.
func WithMaxEvent(n int) Option {
	return func(c *config) { c.maxEvent = positive(c, "the limit of an event", n) }
}

// WithAPIKeyHeader sends the credential as x-scope3-api-key instead of as a bearer token: the first platform's form,
// which the MCP endpoints still accept (docs/platform.md#authentication).
func WithAPIKeyHeader() Option { return func(c *config) { c.key = true } }

// WithGuard asks g before every tool call is sent, including those of other hosts. Several guards are all asked, see
// [Guards].
func WithGuard(g Guard) Option {
	return func(c *config) {
		if g == nil {
			c.failf("the guard is nil")
		}
		c.guard = Guards(c.guard, g)
	}
}

// TrustReadOnlyHints makes guards trust the server's readOnlyHint. By default they use the SDK's own list: a
// compromised server could annotate a tool that spends money as read-only.
func TrustReadOnlyHints() Option { return func(c *config) { c.trustHints = true } }

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

// OnReconnect calls f after a session replaced one that the server had forgotten, before the waiting calls continue.
// The customer is already switched; f restores other state, with its ctx. An error of f fails the waiting calls.
func OnReconnect(f func(context.Context, Reconnection) error) Option {
	return func(c *config) { c.onReconnect = f }
}

// ChangedList names a list that the server has changed.
type ChangedList string

// Lists of a server.
const (
	ChangedTools     ChangedList = "tools"
	ChangedPrompts   ChangedList = "prompts"
	ChangedResources ChangedList = "resources"
)

// OnListChanged calls f when the server reports a changed list. It keeps a stream open; without it, a session uses no
// connection between calls.
func OnListChanged(f func(context.Context, ChangedList)) Option {
	return func(c *config) { c.onListChanged = f }
}

// OnElicitation calls f when a tool asks for a person's input (MCP elicitation). A request with a URL that is not https
// is rejected without calling f. Without this option, the server knows that no person can be asked. Like
// [OnListChanged], it keeps a stream open.
func OnElicitation(f func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error)) Option {
	return func(c *config) { c.elicit = f }
}
