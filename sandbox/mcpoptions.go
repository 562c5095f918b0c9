package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// GatewayForm selects how the tool api_call names an operation.
type GatewayForm int

// The forms. The platform has changed from the second to the first.
const (
	GatewayOperation  GatewayForm = iota // {operation, pathParams, params, body}
	GatewayMethodPath                    // {method, path, body, query}
)

// mcpConfig holds the MCP options.
type mcpConfig struct {
	versions   []string // empty for all of them
	json       bool
	resumable  bool
	structured bool
	first      bool
	lifetime   time.Duration
	gateway    GatewayForm
	tools      []customTool
}

type customTool struct {
	tool    *mcp.Tool
	handler mcp.ToolHandler
}

// WithMCPVersions chooses the versions of MCP that the sandbox speaks. The default is all that the library does: those
// with sessions, which begin with initialize, and the stateless 2026-07-28, which begins with server/discover.
//
// Without 2026-07-28 a message of that version, server/discover included, is answered as an older server does: HTTP
// 400 with the JSON-RPC error -32600. With nothing else, messages of the older versions, initialize included, get HTTP
// 400 with the JSON-RPC error -32022, which lists what is spoken.
func WithMCPVersions(versions ...string) Option {
	return func(c *config) { c.mcp.versions = append([]string{}, versions...) }
}

// WithMCPJSON responds to MCP requests with JSON instead of event streams.
func WithMCPJSON() Option {
	return func(c *config) { c.mcp.json = true }
}

// WithMCPResumable gives the events of MCP sessions ids, and replays what came after the one that a GET names in
// Last-Event-ID. The stateless protocol has no such thing.
func WithMCPResumable() Option {
	return func(c *config) { c.mcp.resumable = true }
}

// WithMCPSessionLifetime forgets MCP sessions that have had no message for so long, in real time. By default they live
// as long as the sandbox.
func WithMCPSessionLifetime(d time.Duration) Option {
	return func(c *config) { c.mcp.lifetime = d }
}

// WithMCPTool adds a tool to both MCP endpoints. It may be given many times. A tool that is named like one of the
// sandbox's own takes its place. The context of the handler ends when the sandbox or the session does, though not when
// the caller leaves.
func WithMCPTool(tool *mcp.Tool, handler mcp.ToolHandler) Option {
	return func(c *config) { c.mcp.tools = append(c.mcp.tools, customTool{tool, handler}) }
}

// WithMCPGateway chooses the form of the tool api_call. The default is [GatewayOperation].
func WithMCPGateway(form GatewayForm) Option {
	return func(c *config) { c.mcp.gateway = form }
}

// WithMCPStructured sends the results of tools that are JSON as structuredContent too, not in a text block only.
func WithMCPStructured() Option {
	return func(c *config) { c.mcp.structured = true }
}

// WithFirstPlatformTools adds tools of the platform's first generation: auth_check, also under its documented name
// check_auth_status, signals/get-partner-seats, and sales_agents_ and signals_agent_ with register, list, update and
// unregister. Their results are JSON in a text block. Errors of all tools then
// have that generation's form too: a text block like any other, with success, error, errorCode and details.
func WithFirstPlatformTools() Option {
	return func(c *config) { c.mcp.first = true }
}

func (c *mcpConfig) check() error {
	var errs []error
	if c.versions != nil && len(c.versions) == 0 {
		errs = append(errs, errors.New("sandbox: WithMCPVersions needs a version"))
	}
	for _, v := range c.versions {
		if !slices.Contains(mcp.SupportedProtocolVersions(), v) {
			errs = append(errs, fmt.Errorf("sandbox: the MCP version %q is unknown", v))
		}
	}
	if c.lifetime < 0 {
		errs = append(errs, errors.New("sandbox: the lifetime of MCP sessions is negative"))
	}
	if c.gateway < GatewayOperation || c.gateway > GatewayMethodPath {
		errs = append(errs, fmt.Errorf("sandbox: gateway form %d is unknown", c.gateway))
	}
	for _, one := range c.tools {
		errs = append(errs, one.check())
	}
	return errors.Join(errs...)
}

// check finds out whether the library takes the tool, which it says by panicking.
func (t customTool) check() (err error) {
	if t.tool == nil || t.handler == nil {
		return errors.New("sandbox: WithMCPTool needs a tool and a handler")
	}
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("sandbox: %v", problem)
		}
	}()
	mcp.NewServer(&mcp.Implementation{}, nil).AddTool(t.tool, t.handler)
	return nil
}

// speaks reports whether the sandbox supports the stateless protocol, and one with sessions.
func (c *mcpConfig) speaks() (single, sessions bool) {
	if len(c.versions) == 0 {
		return true, true
	}
	for _, v := range c.versions {
		single = single || v >= stateless
		sessions = sessions || v < stateless
	}
	return single, sessions
}
