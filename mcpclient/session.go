package mcpclient

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Session is a connection to one of the platform's MCP endpoints that is kept alive. Create one with [Connect] and
// share it: it is safe for concurrent use. Close it when done.
type Session struct {
	cfg      *config
	progress progressCalls

	mu      sync.Mutex
	conn    *libraryConn
	closed  bool
	dialing chan struct{} // held while conn is replaced
}

// ErrClosed is matched by the errors of calls on a [Session] that was closed.
var ErrClosed = errors.New("interchange: the MCP session is closed")

var (
	errNotConnected = errors.New("interchange: the MCP session must be made with Connect")
	errNilContext   = errors.New("interchange: the context must not be nil")
)

// Connect opens a session on the buyer endpoint: the pinned one, or the alias if the client is [client.Unversioned]. It
// uses the client's token source, limiter, retry policy, hooks, transport and redirect rules.
//
// The session outlives lost connections, deploys and rotated tokens, see the package comment. ctx is for connecting
// only, which [WithConnectTimeout] also limits. Errors: those of [client.Call].
func Connect(ctx context.Context, c *client.Client, opts ...Option) (*Session, error) {
	if ctx == nil {
		return nil, errNilContext
	}
	cfg, err := newConfig(c, opts)
	if err != nil {
		return nil, err
	}
	s := &Session{cfg: cfg, dialing: make(chan struct{}, 1)}
	cfg.owner = s
	conn, err := cfg.dial(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock() // a hook may have the session already
	s.conn = conn
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

// ProtocolVersion returns the negotiated version of MCP.
func (s *Session) ProtocolVersion() string { return s.server().ProtocolVersion }

// ServerInfo returns the name and version of the server.
func (s *Session) ServerInfo() mcp.Implementation {
	if info := s.server().ServerInfo; info != nil {
		return *info
	}
	return mcp.Implementation{}
}

// Instructions returns the server's instructions for a model; empty if there are none.
func (s *Session) Instructions() string { return s.server().Instructions }

func (s *Session) server() *mcp.InitializeResult {
	if s == nil || s.cfg == nil {
		return &mcp.InitializeResult{}
	}
	if r := s.current().library.InitializeResult(); r != nil {
		return r
	}
	return &mcp.InitializeResult{}
}

// current returns the connection, which must have been made.
func (s *Session) current() *libraryConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

// Close ends the session, at the server too. Pending calls may finish until ctx ends, for 10 seconds at most; the rest
// are aborted. Later calls fail with [ErrClosed]. The client is not closed.
func (s *Session) Close(ctx context.Context) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	conn, closed := s.conn, s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return nil
	}
	return conn.close(ctx)
}

// ready returns an error for a nil or zero Session and for a nil context.
func (s *Session) ready(ctx context.Context) error {
	switch {
	case s == nil || s.cfg == nil:
		return errNotConnected
	case ctx == nil:
		return errNilContext
	}
	return nil
}

// do runs one call of the library. If the library has given up its connection, the call is made on a new one, unless it
// was already sent.
func (s *Session) do(
	ctx context.Context, op *client.Operation, call *callState, f func(context.Context, *mcp.ClientSession) error,
) error {
	for again := false; ; again = true {
		s.mu.Lock()
		conn, closed := s.conn, s.closed
		s.mu.Unlock()
		if closed || conn == nil { // nil for a hook that runs while the session connects
			return ErrClosed
		}
		err := f(context.WithValue(ctx, callStateKey{conn.rt}, call), conn.library)
		if err == nil || call.outcome().complete {
			return nil
		}
		if !errors.Is(err, mcp.ErrConnectionClosed) || again || call.outcome().sent {
			return s.cfg.callError(ctx, op, call, err)
		}
		if err := s.replace(ctx, conn, err); err != nil {
			return err
		}
	}
}

// replace dials again after the library gave up a connection, once for all callers.
func (s *Session) replace(ctx context.Context, dead *libraryConn, cause error) error {
	select {
	case s.dialing <- struct{}{}:
		defer func() { <-s.dialing }()
	case <-ctx.Done():
		return contextError(ctx)
	}
	s.mu.Lock()
	conn, closed := s.conn, s.closed
	s.mu.Unlock()
	switch {
	case closed:
		return ErrClosed
	case conn != dead:
		return nil
	}
	next, err := s.cfg.dial(ctx)
	if err != nil {
		return err
	}
	next.rt.start(func() { _ = dead.close(context.Background()) }) //nolint:contextcheck // its calls have their own time
	r := next.rt.inherit(dead.rt)
	s.mu.Lock()
	if closed = s.closed; !closed {
		s.conn = next // for the hook; other calls wait for the renewal
	}
	s.mu.Unlock()
	if closed {
		err = ErrClosed
	} else {
		err = next.rt.finishReplacement(ctx, r, cause)
	}
	if err != nil {
		_ = next.close(ctx) // the next call tries again
	}
	return err
}
