package mcpclient

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// exchange is one message on its way to the server, through as many requests as it takes.
type exchange struct {
	rt     *roundTripper
	header http.Header
	msg    *message
	call   *callState

	repeatable  bool         // the last request was one that may be repeated
	opened      *session     // by an initialize
	tool        string       // that a tools/call names
	token       client.Token // at the latest the one that the last request carried; for consents
	op          *client.Operation
	session     *session         // that the last request named
	attempts    int              // of all requests
	assumeRead  bool             // nobody is told that it may have acted
	renewed     bool             // a new session was opened for this call
	superseded  int              // how often its session had been replaced already
	noDiscovery func(error) bool // for server/discover: whether an error means that the server did not answer it
	uncertain   bool             // an earlier request may have been processed
}

func (rt *roundTripper) exchange(header http.Header, m *message, call *callState) *exchange {
	x := &exchange{rt: rt, header: header, msg: m, call: call}
	if m.method == methodCallTool {
		x.tool = m.toolName()
	}
	return x
}

// fail keeps an error where the call finds it.
func (x *exchange) fail(err error) error {
	err = withAttempts(err, x.attempts)
	x.call.setErr(err)
	return err
}

// effect tells what sending a message twice would do.
func (x *exchange) effect() client.Effect {
	if x.assumeRead || !x.msg.isCall() {
		return client.EffectRead
	}
	switch x.msg.method {
	case methodCallTool:
		return x.rt.toolEffect(x.tool)
	case methodInitialize, methodDiscover, methodListen, methodListTools, "ping", "completion/complete",
		"resources/list", "resources/templates/list", "resources/read", "prompts/list", "prompts/get":
		return client.EffectRead
	case methodSetLevel, methodSubscribe, methodUnsubscribe:
		return client.EffectIdempotent
	}
	return client.EffectOnce
}

// operation is the row that the call shows in errors, hooks and logs.
func (x *exchange) operation() *client.Operation {
	effect := x.effect()
	if x.op != nil && x.op.Effect == effect {
		return x.op
	}
	x.op = x.rt.cfg.op(x.name(), http.MethodPost, effect)
	return x.op
}

// name is what the message is called in errors, hooks and logs.
func (x *exchange) name() string {
	switch x.msg.method {
	case "":
		return "response"
	case methodCallTool:
		return callOf(x.tool)
	}
	return x.msg.method
}

// send makes requests until one is answered with a success, or none can be: beside what the client repeats by itself,
// one more in a new session where the server has forgotten the present one, one after a consent, and one if a tool that
// broke off turns out to be safe to call again.
func (x *exchange) send(ctx context.Context) (*http.Response, error) {
	rt := x.rt
	var consented bool
	var absent outage
	for {
		s, err := rt.currentSession(ctx)
		if err != nil {
			return nil, err
		}
		x.session = s
		resp, err := x.request(ctx, s)
		if err == nil {
			rt.connected.Store(true)
			if err = x.received(ctx, resp); err != nil {
				return nil, err
			}
		}
		again, renewErr := x.recoverSession(ctx, resp, err)
		switch {
		case renewErr != nil:
			return nil, renewErr
		case again:
			continue
		case err == nil:
			return resp, nil
		case !consented && rt.cfg.auth != nil && resp != nil && isRefusal(resp.StatusCode):
			consented = true
			changed, authErr := x.consent(ctx, resp)
			if authErr != nil {
				return nil, authErr
			}
			if changed {
				continue
			}
		case rt.connected.Load() && absent.waitForServer(ctx, err):
			continue
		case resp != nil && isForeign(err):
			return nil, x.unreadable(ctx, resp.StatusCode, resp.Header, nil, errHTML)
		case (errors.Is(err, client.ErrOutcomeUnknown) || cutOff(err)) && x.mayRepeat(ctx):
			x.uncertain = true
			continue
		}
		return resp, err
	}
}

// renewSession makes a new session for the call. Where the state of the lost one cannot be restored, and the call is there
// to set it, it is set instead.
func (x *exchange) renewSession(ctx context.Context, lost *session, cause error) error {
	rt := x.rt
	err := rt.renew(ctx, lost, cause)
	if err != nil && isStateful(x.tool) && ctx.Err() == nil {
		rt.mu.Lock()
		state := rt.customerSwitch
		rt.customerSwitch = nil
		rt.mu.Unlock()
		if state != nil {
			err = rt.renew(ctx, lost, cause)
			rt.mu.Lock()
			if rt.customerSwitch == nil { // until the call has succeeded the old one is what the caller knows of
				rt.customerSwitch = state
			}
			rt.mu.Unlock()
		}
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return rt.client.NewTransportError(rt.cfg.op(x.name(), http.MethodPost, client.EffectRead), contextError(ctx))
	}
	return x.notRenewed(err)
}

func isRefusal(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// withOutcome makes of an error what is known of the outcome. A success status says of a tool neither that it ran nor that
// it did well, and a request that was made again does not make up for the one before.
func (x *exchange) withOutcome(err error) error {
	op := x.operation()
	if x.msg.method != methodCallTool || op.Effect == client.EffectRead || errors.Is(err, client.ErrOutcomeUnknown) {
		return err
	}
	var unread *client.DecodeError
	if x.uncertain || errors.As(err, &unread) {
		return x.rt.client.NewTransportError(op, err)
	}
	return err
}

// cutOff tells an answer that broke off on its way. What acts has done so then, what does not may be called again.
func cutOff(err error) bool {
	var unread *client.DecodeError
	return errors.As(err, &unread) && !errors.Is(err, client.ErrBodyTooLarge)
}

// isForeign reports whether a page came instead of a response. A login page would only come again.
func isForeign(err error) bool {
	var page *wire.NotPlatformError
	return errors.As(err, &page)
}

// request makes one request; the client repeats it as far as its effect allows.
func (x *exchange) request(ctx context.Context, s *session) (*http.Response, error) {
	rt, op := x.rt, x.operation()
	if x.msg.method == methodInitialize {
		s = nil
	}
	if rt.cfg.auth != nil {
		var err error
		if x.token, err = rt.client.Token(ctx); err != nil {
			return nil, err
		}
	}
	var meta client.Response
	opts := append(headers(x.header, s), client.WithResponse(&meta))
	switch x.msg.method {
	case methodCallTool: // a tool may be silent while it works
		opts = append(opts, client.WithTimeout(rt.timeToFirstByte(ctx)), client.WithStallShare(0))
	case methodListen:
		opts = append(opts, client.WithStallShare(0))
	}
	opts = append(opts, x.call.opts...)
	x.call.mu.Lock()
	x.call.sent = true
	x.call.mu.Unlock()
	resp, err := rt.client.Stream(ctx, op, client.Request{Body: jsontext.Value(x.msg.raw), Accept: acceptBoth}, opts...)
	if resp != nil && x.msg.method != methodInitialize {
		resp.Header.Del(headerSession) // some servers repeat it with every answer
	}
	x.attempts += meta.Attempts
	x.call.mu.Lock()
	x.call.header = meta.Header
	x.call.mu.Unlock()
	x.repeatable = meta.Effect != client.EffectOnce && meta.Effect != client.EffectByMethod
	return resp, err
}

// timeToFirstByte is how long a tool may take to begin its answer: as long as the call has, whose own end comes first then.
func (rt *roundTripper) timeToFirstByte(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return max(time.Until(deadline), 0) + time.Second
	}
	return rt.cfg.timeout
}

// mayRepeat tells whether a call of which it is unknown whether it took effect may be made again, after all: if the
// tool turns out to be one that is annotated as read-only or idempotent. Whoever was repeatable before has had its
// attempts.
func (x *exchange) mayRepeat(ctx context.Context) bool {
	if x.repeatable || x.msg.method != methodCallTool || ctx.Err() != nil {
		return false
	}
	return x.effectAfterFailure(ctx) != client.EffectOnce && ctx.Err() == nil
}

// consent asks the user for what the server refused.
func (x *exchange) consent(ctx context.Context, resp *http.Response) (changed bool, err error) {
	return x.rt.cfg.auth.Authorize(ctx, x.token, resp)
}

// decodable tells whether the library can read a message: it ends its session over one that it cannot. In a result
// there is little that it stumbles over, but for depth.
func decodable(m *message) bool {
	const shallow = 500
	if m.method == "" && m.failed == nil && depthOf(m.raw) < shallow {
		return true
	}
	_, err := jsonrpc.DecodeMessage(m.raw)
	return err == nil
}

// unreadable is the error of a body that is not the response to the call. Whether the tool acts may have to be looked
// up.
func (x *exchange) unreadable(ctx context.Context, status int, header http.Header, body []byte, reason error) error {
	if x.msg.method == methodCallTool {
		_ = x.effectAfterFailure(ctx) // the operation has it from here on
	}
	return x.unprovenError(status, header, body, reason)
}

var (
	errNotResponse = errors.New("it is not the JSON-RPC answer to the call")
	errHTML        = errors.New("it is an HTML or XML page")
	errEmpty       = errors.New("it is empty")
)

// responded takes note of an answer before the library sees it.
func (x *exchange) responded(m *message) {
	rt := x.rt
	x.call.mu.Lock()
	x.call.raw, x.call.done, x.call.err = m.raw, m.result, nil
	x.call.mu.Unlock()
	if m.failed != nil {
		return
	}
	switch x.msg.method {
	case methodInitialize:
		rt.mu.Lock()
		if x.opened != nil {
			x.opened.version = textOf(member(m.result, "protocolVersion"))
		}
		rt.mu.Unlock()
	case methodListTools:
		rt.learnTools(m.result)
	case methodSetLevel, methodSubscribe, methodUnsubscribe:
		rt.rememberSetting(x.msg)
	case methodCallTool:
		rt.notePendingRound(x.msg, needsInput(m.result))
		if !isStateful(x.tool) {
			break
		}
		if r, err := readResult(rt.client, x.operation(), nil, m.result); err == nil && r.failure() == nil {
			rt.setCustomerSwitch(x.msg.clone().params)
		}
	}
}

func (rt *roundTripper) setCustomerSwitch(params jsontext.Value) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.customerSwitch = params
}

// isStateful tells the tools whose effect lasts as long as the session, so that a new one needs it again
// (docs/platform.md#mcp).
func isStateful(tool string) bool { return tool == toolSwitchCustomer }
