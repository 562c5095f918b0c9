package mcpclient

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Session is a connection to one of the platform's MCP endpoints that is kept alive: make one and share it, it is safe
// for concurrent use. Close it in the end.
type Session struct {
	cfg      *config
	progress progressCalls

	mu      sync.Mutex
	conn    *libraryConn
	closed  bool
	dialing chan struct{} // held by who replaces the link
}

// libraryConn is one connection of the MCP library.
type libraryConn struct {
	library *mcp.ClientSession
	rt      *roundTripper
}

// Connect opens a session on the buyer endpoint: the pinned one, or the alias where the client is
// [client.Unversioned]. It uses the client's token source, limiter, retry policy, hooks, transport and redirect rules.
//
// The session outlives lost connections, deploys and rotated tokens: see the package's comment. ctx is for connecting
// only, which is also limited by [WithConnectTimeout]. Errors: those of [client.Call].
func Connect(ctx context.Context, c *client.Client, opts ...Option) (*Session, error) {
	if ctx == nil {
		return nil, errNilContext
	}
	cfg, err := newConfig(c, opts) //nolint:contextcheck // it looks for a free port and lets it go
	if err != nil {
		return nil, err
	}
	s := &Session{cfg: cfg, dialing: make(chan struct{}, 1)}
	cfg.owner = s
	l, err := cfg.dial(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock() // a hook may have the session already
	s.conn = l
	s.mu.Unlock()
	return s, nil
}

// String names the endpoint.
func (s *Session) String() string {
	if s == nil || s.cfg == nil {
		return "MCP session without a connection"
	}
	return "MCP session of " + s.cfg.endpoint()
}

// Format shows String, whatever the verb.
func (s *Session) Format(f fmt.State, verb rune) { wire.Format(f, verb, s.String()) }

// LogValue shows String.
func (s *Session) LogValue() slog.Value { return slog.StringValue(s.String()) }

// NewTransport makes the transport of a session for another host that is built on the MCP library: to be passed to one
// mcp.Client.Connect. All that keeps a [Session] alive is in it. Errors of calls match with errors.Is and errors.As as
// those of this package do, but for the ones that come over a broken event stream, see [CodeTransport].
func NewTransport(c *client.Client, opts ...Option) (mcp.Transport, error) {
	cfg, err := newConfig(c, opts)
	if err != nil {
		return nil, err
	}
	return hostTransport{cfg}, nil
}

// Transport is [NewTransport] with the session's own set-up. The other host gets a connection of its own.
func (s *Session) Transport() mcp.Transport {
	if s == nil || s.cfg == nil {
		return hostTransport{}
	}
	cfg := *s.cfg
	cfg.owner = nil
	return hostTransport{&cfg}
}

// hostTransport is what another host connects with.
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

// transport is the library's own over rt.
func (rt *roundTripper) transport(events bool) *mcp.StreamableClientTransport {
	return &mcp.StreamableClientTransport{
		Endpoint:             rt.cfg.endpoint(),
		HTTPClient:           &http.Client{Transport: rt},
		DisableStandaloneSSE: !events,
		MaxEventSize:         -1, // the round tripper has its own limit
	}
}

// dial makes a connection of the library. It returns when ctx ends, whatever the library is doing.
func (c *config) dial(ctx context.Context) (*libraryConn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.connectLimit(), errConnectTimeout)
	defer cancel()
	rt := newRoundTripper(c)
	type result struct {
		library *mcp.ClientSession
		err     error
	}
	call := new(callState)
	ctx = context.WithValue(ctx, callStateKey{rt}, call)
	connected := make(chan result, 1)
	go func() {
		library := mcp.NewClient(&c.info, c.libraryOptions(rt))
		s, err := library.Connect(ctx, rt.transport(c.listens()), &mcp.ClientSessionOptions{ProtocolVersion: c.protocol})
		connected <- result{s, err}
	}()
	select {
	case r := <-connected:
		if r.err != nil {
			rt.close()
			return nil, c.callError(ctx, c.op("connect", http.MethodPost, client.EffectRead), call, r.err)
		}
		return &libraryConn{r.library, rt}, nil
	case <-ctx.Done():
		rt.end(ErrClosed)
		go func() { // until the library has noticed
			if r := <-connected; r.err == nil {
				_ = r.library.Close()
			}
			rt.close()
		}()
		return nil, c.client.NewTransportError(c.op("connect", http.MethodPost, client.EffectRead), contextError(ctx))
	}
}

func (c *config) libraryOptions(rt *roundTripper) *mcp.ClientOptions {
	o := &mcp.ClientOptions{Capabilities: &mcp.ClientCapabilities{}, ElicitationHandler: checkElicitation(c.elicit)}
	if changed := c.onListChanged; changed != nil {
		o.ToolListChangedHandler = func(ctx context.Context, _ *mcp.ToolListChangedRequest) {
			rt.forgetTools()
			changed(ctx, ChangedTools)
		}
		o.PromptListChangedHandler = func(ctx context.Context, _ *mcp.PromptListChangedRequest) { changed(ctx, ChangedPrompts) }
		o.ResourceListChangedHandler = func(ctx context.Context, _ *mcp.ResourceListChangedRequest) { changed(ctx, ChangedResources) }
	}
	return o
}

// ProtocolVersion is the version of MCP that was agreed on.
func (s *Session) ProtocolVersion() string { return s.server().ProtocolVersion }

// ServerInfo is what the server says of itself.
func (s *Session) ServerInfo() mcp.Implementation {
	if info := s.server().ServerInfo; info != nil {
		return *info
	}
	return mcp.Implementation{}
}

// Instructions is what the server wants a model to be told; empty when there is nothing.
func (s *Session) Instructions() string { return s.server().Instructions }

func (s *Session) server() *mcp.InitializeResult {
	if s == nil || s.cfg == nil {
		return &mcp.InitializeResult{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.conn.library.InitializeResult(); r != nil {
		return r
	}
	return &mcp.InitializeResult{}
}

// closeGrace is how long Close lets calls finish whose context would let it wait longer.
const closeGrace = 10 * time.Second

// Close ends the session, at the server too. Calls under way may finish until ctx ends, for 10 seconds at most; what is
// then left is broken off. Calls that begin later fail with [ErrClosed]. The client is not closed.
func (s *Session) Close(ctx context.Context) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	l, closed := s.conn, s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return nil
	}
	return l.close(ctx)
}

func (l *libraryConn) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, closeGrace, errBrokenOff)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = l.library.Close() // what it has to say is how the DELETE went
		l.rt.close()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		l.rt.end(ErrClosed)
		return contextError(ctx)
	}
}

var errBrokenOff = errors.New("interchange: calls of the MCP session were broken off by its end")

// do runs one call of the library. Where the library's session is dead, which takes something that the round tripper could not
// hold off it, the call is made on a new one, if nothing of it was sent.
func (s *Session) do(ctx context.Context, op *client.Operation, call *callState, f func(context.Context, *mcp.ClientSession) error) error {
	for again := false; ; again = true {
		s.mu.Lock()
		l, closed := s.conn, s.closed
		s.mu.Unlock()
		if closed || l == nil { // l is missing to a hook that is called while the session is being connected
			return ErrClosed
		}
		err := f(context.WithValue(ctx, callStateKey{l.rt}, call), l.library)
		if err == nil || call.isComplete() {
			return nil
		}
		if _, _, sent := call.outcome(); !errors.Is(err, mcp.ErrConnectionClosed) || again || sent {
			return s.cfg.callError(ctx, op, call, err)
		}
		if err := s.replace(ctx, l, err); err != nil {
			return err
		}
	}
}

// replace connects anew after the library gave up a connection, once for all callers.
func (s *Session) replace(ctx context.Context, dead *libraryConn, cause error) error {
	select {
	case s.dialing <- struct{}{}:
		defer func() { <-s.dialing }()
	case <-ctx.Done():
		return contextError(ctx)
	}
	s.mu.Lock()
	present, closed := s.conn, s.closed
	s.mu.Unlock()
	switch {
	case closed:
		return ErrClosed
	case present != dead:
		return nil
	}
	next, err := s.cfg.dial(ctx)
	if err != nil {
		return err
	}
	next.rt.start(func() { _ = dead.close(context.Background()) }) //nolint:contextcheck // its calls have their own time
	r := next.rt.inherit(dead.rt)
	s.mu.Lock()
	closed = s.closed
	if !closed {
		s.conn = next // for the hook; the others wait for the renewal
	}
	s.mu.Unlock()
	if closed {
		_ = next.close(ctx)
		return ErrClosed
	}
	err = next.rt.finishReplacement(ctx, r, cause)
	if err != nil {
		_ = next.close(ctx) // the next call tries again
	}
	return err
}

// inherit takes the state of a connection over that is replaced. Until that is settled, calls wait as for a renewal.
func (rt *roundTripper) inherit(dead *roundTripper) *renewal {
	dead.mu.Lock()
	state, renewals, wanted := dead.customerSwitch, dead.renewals, dead.hostSettings.clone()
	dead.mu.Unlock()
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.customerSwitch, rt.renewals, rt.hostSettings = state, renewals, wanted
	if rt.session == nil {
		return nil // a protocol without sessions has nothing to restore
	}
	rt.renewal = &renewal{done: make(chan struct{})}
	return rt.renewal
}

// finishReplacement restores what was inherited, and lets the calls go on.
func (rt *roundTripper) finishReplacement(ctx context.Context, r *renewal, cause error) error {
	if r == nil {
		return nil
	}
	rt.mu.Lock()
	s := rt.session
	rt.mu.Unlock()
	r.err = rt.restoreAndNotify(context.WithValue(ctx, renewKey{rt}, s), s, cause)
	rt.mu.Lock()
	rt.renewal = nil
	rt.mu.Unlock()
	close(r.done)
	return r.err
}
