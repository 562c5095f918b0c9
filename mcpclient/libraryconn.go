package mcpclient

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
)

// libraryConn is one connection of the MCP library, with the round tripper under it.
type libraryConn struct {
	library *mcp.ClientSession
	rt      *roundTripper
}

// dial connects the library. It returns when ctx ends, even if the library has not noticed.
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
	op := c.op("connect", http.MethodPost, client.EffectRead)
	select {
	case r := <-connected:
		if r.err != nil {
			rt.close()
			return nil, c.callError(ctx, op, call, r.err)
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
		return nil, c.client.NewTransportError(op, contextError(ctx))
	}
}

func (c *config) libraryOptions(rt *roundTripper) *mcp.ClientOptions {
	o := &mcp.ClientOptions{Capabilities: &mcp.ClientCapabilities{}, ElicitationHandler: checkElicitation(c.elicit)}
	if changed := c.onListChanged; changed != nil {
		o.ToolListChangedHandler = func(ctx context.Context, _ *mcp.ToolListChangedRequest) {
			rt.forgetTools()
			changed(ctx, ChangedTools)
		}
		o.PromptListChangedHandler = func(ctx context.Context, _ *mcp.PromptListChangedRequest) {
			changed(ctx, ChangedPrompts)
		}
		o.ResourceListChangedHandler = func(ctx context.Context, _ *mcp.ResourceListChangedRequest) {
			changed(ctx, ChangedResources)
		}
	}
	return o
}

// closeGrace limits the wait of close for pending calls, if its context allows more.
const closeGrace = 10 * time.Second

var errAborted = errors.New("interchange: the MCP session ended during the call")

func (conn *libraryConn) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, closeGrace, errAborted)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = conn.library.Close() // the outcome of the DELETE
		conn.rt.close()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		conn.rt.end(ErrClosed)
		return contextError(ctx)
	}
}

// inherit takes over the state of a connection that is replaced. Calls wait, as for a renewal, until it is restored.
func (rt *roundTripper) inherit(dead *roundTripper) *renewal {
	dead.mu.Lock()
	customerSwitch, renewals, settings := dead.customerSwitch, dead.renewals, dead.hostSettings.clone()
	dead.mu.Unlock()
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.customerSwitch, rt.renewals, rt.hostSettings = customerSwitch, renewals, settings
	if rt.session == nil {
		return nil // a protocol without sessions has nothing to restore
	}
	rt.renewal = &renewal{done: make(chan struct{})}
	return rt.renewal
}

// finishReplacement restores the inherited state and releases the calls that wait.
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
