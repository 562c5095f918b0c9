package mcpclient

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// exchange sends one message to the server, in as many requests as it takes.
type exchange struct {
	rt     *roundTripper
	header http.Header
	msg    *message
	call   *callState
	tool   string // of a tools/call
	op     *client.Operation

	repeatable  bool             // the last request was allowed to be repeated
	opened      *session         // by an initialize
	token       client.Token     // of the last request or an earlier one, for consents
	session     *session         // of the last request
	attempts    int              // of all requests
	assumeRead  bool             // errors do not report that the message may have taken effect
	renewed     bool             // a new session was opened for this call
	superseded  int              // how often its session had been replaced already
	noDiscovery func(error) bool // reports whether an error means that the server did not answer server/discover
	uncertain   bool             // an earlier request may have been processed
}

func (rt *roundTripper) exchange(header http.Header, m *message, call *callState) *exchange {
	x := &exchange{rt: rt, header: header, msg: m, call: call}
	if m.method == methodCallTool {
		x.tool = m.toolName()
	}
	return x
}

// fail records the error of the call and returns it.
func (x *exchange) fail(err error) error {
	err = withAttempts(err, x.attempts)
	x.call.update(func(o *outcome) { o.err = err })
	return err
}

// effect returns what sending a message twice would do.
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

// operation returns the operation that errors, hooks and logs name.
func (x *exchange) operation() *client.Operation {
	if effect := x.effect(); x.op == nil || x.op.Effect != effect {
		x.op = x.rt.cfg.op(x.name(), http.MethodPost, effect)
	}
	return x.op
}

func (x *exchange) name() string {
	switch x.msg.method {
	case "":
		return "response"
	case methodCallTool:
		return callOf(x.tool)
	}
	return x.msg.method
}

// send makes requests until one succeeds or no other may be made. Beside the retries of the client, it makes one more
// request in a new session if the server has forgotten this one, one after a consent, and one if a tool whose response
// was lost turns out to be safe to call again.
func (x *exchange) send(ctx context.Context) (*http.Response, error) {
	rt := x.rt
	var consented bool
	var down outage
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
		case !consented && rt.cfg.auth != nil && isRefusal(resp):
			consented = true
			changed, authErr := rt.cfg.auth.Authorize(ctx, x.token, resp)
			if authErr != nil {
				return nil, authErr
			}
			if changed {
				continue
			}
		case rt.connected.Load() && down.waitForServer(ctx, err):
			continue
		case resp != nil && isForeign(err):
			return nil, x.unreadable(ctx, resp.StatusCode, resp.Header, nil, errHTML)
		case (errors.Is(err, client.ErrOutcomeUnknown) || isCutOff(err)) && x.mayRepeat(ctx):
			x.uncertain = true
			continue
		}
		return resp, err
	}
}

// renewSession opens a new session for the call. A call that sets the state of a session does not need the old state:
// if that cannot be restored, it goes on without.
func (x *exchange) renewSession(ctx context.Context, lost *session, cause error) error {
	rt := x.rt
	err := rt.renew(ctx, lost, cause)
	if err != nil && isStateful(x.tool) && ctx.Err() == nil {
		rt.mu.Lock()
		previous := rt.customerSwitch
		rt.customerSwitch = nil
		rt.mu.Unlock()
		if previous != nil {
			err = rt.renew(ctx, lost, cause)
			rt.mu.Lock()
			if rt.customerSwitch == nil { // until the call has succeeded, the caller knows of the previous one
				rt.customerSwitch = previous
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

func isRefusal(resp *http.Response) bool {
	return resp != nil && (resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden)
}

// withOutcome returns the error, marked as of unknown outcome if the call may have taken effect. A success status does
// not prove that a tool ran, and a request that was repeated does not make up for the one before.
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

// isCutOff reports whether a response broke off. A tool that acts has acted by then; one that reads may be called
// again.
func isCutOff(err error) bool {
	var unread *client.DecodeError
	return errors.As(err, &unread) && !errors.Is(err, client.ErrBodyTooLarge)
}

// isForeign reports whether a page came instead of a response. A login page would only come again.
func isForeign(err error) bool {
	var page *wire.NotPlatformError
	return errors.As(err, &page)
}

// request makes one request, which the client retries as far as its effect allows.
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
	x.call.update(func(o *outcome) { o.sent = true })
	resp, err := rt.client.Stream(ctx, op, client.Request{Body: jsontext.Value(x.msg.raw), Accept: acceptBoth},
		append(opts, x.call.opts...)...)
	if resp != nil && x.msg.method != methodInitialize {
		resp.Header.Del(headerSession) // some servers repeat it in every response
	}
	x.attempts += meta.Attempts
	x.call.update(func(o *outcome) { o.header = meta.Header })
	x.repeatable = meta.Effect != client.EffectOnce && meta.Effect != client.EffectByMethod
	return resp, err
}

// timeToFirstByte returns how long a tool may take until its response begins: a little longer than the call may take,
// so that the call's own deadline comes first.
func (rt *roundTripper) timeToFirstByte(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return max(time.Until(deadline), 0) + time.Second
	}
	return rt.cfg.timeout
}

// mayRepeat reports whether a call of unknown outcome may be made again after all, because its tool turns out to be
// annotated as read-only or idempotent. Calls that were repeatable before have had their attempts.
func (x *exchange) mayRepeat(ctx context.Context) bool {
	if x.repeatable || x.msg.method != methodCallTool || ctx.Err() != nil {
		return false
	}
	return x.effectAfterFailure(ctx) != client.EffectOnce && ctx.Err() == nil
}

// unreadable returns the error of a body that is not the response to the call. The tools may be listed for it.
func (x *exchange) unreadable(ctx context.Context, status int, header http.Header, body []byte, reason error) error {
	if x.msg.method == methodCallTool {
		_ = x.effectAfterFailure(ctx) // x.operation knows the effect from here on
	}
	return x.unprovenError(status, header, body, reason)
}

var (
	errNotResponse = errors.New("it is not the JSON-RPC response to the call")
	errHTML        = errors.New("it is an HTML or XML page")
	errEmpty       = errors.New("it is empty")
)

// responded notes a response before the library reads it.
func (x *exchange) responded(m *message) {
	rt := x.rt
	x.call.update(func(o *outcome) { o.raw, o.result, o.err = m.raw, m.result, nil })
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
			rt.mu.Lock()
			rt.customerSwitch = x.msg.clone().params
			rt.mu.Unlock()
		}
	}
}

// isStateful reports whether the effect of a tool lasts as long as the session, so that a new session needs it again
// (docs/platform.md#mcp).
func isStateful(tool string) bool { return tool == toolSwitchCustomer }
