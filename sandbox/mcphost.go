package sandbox

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// The paths of the MCP endpoints.
const (
	mcpBuyer      = "/mcp/v2/buyer"
	mcpStorefront = "/mcp/v2/storefront"
)

// stateless is the version of the protocol from which on there are no sessions. Versions compare as text.
const stateless = "2026-07-28"

// host serves MCP until its sessions are forgotten: then another takes its place.
type host struct {
	endpoints map[string]endpoint // by path

	inside drainGroup // the requests being answered
	// streams ends when the streams that only listen are to end, work when everything is.
	streams context.Context
	hangUp  context.CancelFunc
	work    context.Context
	finish  context.CancelFunc
}

// endpoint is one path. The library's handler serves either the generations of the protocol that have sessions or the
// one that has none, so there are two of them in front of one server.
type endpoint struct {
	server   *mcp.Server
	sessions http.Handler
	single   http.Handler
}

// newHost makes the host of a shift. Nothing in here fails: the options have been checked.
func (s *Server) newHost(l *listener) *host {
	h := &host{endpoints: make(map[string]endpoint)}
	h.work, h.finish = context.WithCancel(l.work)
	h.streams, h.hangUp = context.WithCancel(h.work)
	for _, path := range [...]string{mcpBuyer, mcpStorefront} {
		server := mcp.NewServer(&mcp.Implementation{Name: "interchange-sandbox", Version: sandboxVersion}, &mcp.ServerOptions{
			Instructions:              "The Interchange platform in a sandbox. Call help first.",
			SupportedProtocolVersions: s.cfg.mcp.versions,
		})
		s.addTools(h, server)
		get := func(*http.Request) *mcp.Server { return server }
		opts := mcp.StreamableHTTPOptions{
			JSONResponse: s.cfg.mcp.json,
			// Whoever points a host name at the sandbox means to; over REST it may.
			DisableLocalhostProtection: true,
		}
		single := opts
		single.Stateless = true
		opts.SessionTimeout = s.cfg.mcp.lifetime
		if s.cfg.mcp.resumable {
			opts.EventStore = mcp.NewMemoryEventStore(nil)
		}
		h.endpoints[path] = endpoint{
			server:   server,
			sessions: mcp.NewStreamableHTTPHandler(get, &opts),
			single:   mcp.NewStreamableHTTPHandler(get, &single),
		}
	}
	return h
}

// live lists the sessions that are initialized. Requests of the stateless protocol have one too, which has no id.
func (h *host) live() []*mcp.ServerSession {
	return slices.DeleteFunc(h.all(), func(one *mcp.ServerSession) bool { return one.InitializeParams() == nil })
}

func (h *host) all() []*mcp.ServerSession {
	var all []*mcp.ServerSession
	for _, e := range h.endpoints {
		for one := range e.server.Sessions() {
			if one.ID() != "" {
				all = append(all, one)
			}
		}
	}
	return all
}

// close ends the sessions. It waits for the tools that still run, at most for the given time, and returns how many
// sessions are not at an end then.
func (h *host) close(most time.Duration) int {
	h.finish()
	var closers drainGroup
	for _, one := range h.all() {
		closers.enter()
		go func() {
			defer closers.leave()
			_ = one.Close() // what is closed twice, or has lost its peer, is closed
		}()
	}
	return closers.wait(most)
}

// Sessions returns the number of open MCP sessions. The stateless protocol has none.
func (s *Server) Sessions() int {
	s.mu.Lock()
	h := s.host
	s.mu.Unlock()
	return len(h.live())
}

// DropSessions forgets all MCP sessions, as a deploy does: what then names one gets HTTP 404. It returns how many there
// were. Their requests in hand are still answered; the streams that only listen end at once.
func (s *Server) DropSessions() int {
	s.mu.Lock()
	l, old := s.listener, s.host
	if l.ended {
		s.mu.Unlock()
		return len(old.live())
	}
	s.host = s.newHost(l)
	l.handlers.enter() // for the goroutine below; that the shift ends does not turn it away
	s.mu.Unlock()

	n := len(old.live())
	s.platform.forgetSessions()
	old.hangUp()
	go func() {
		defer l.handlers.leave()
		old.inside.wait(patience)
		old.close(grace)
	}()
	return n
}

// enter counts a request into the host at hand.
func (s *Server) enter() *host {
	for {
		s.mu.Lock()
		h := s.host
		s.mu.Unlock()
		if h.inside.enter() {
			return h
		}
		h.inside.leave() // it was replaced just now
	}
}
