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
	wire   *carrier
	header http.Header
	msg    *message
	rec    *record

	repeatable bool         // the last request was one that may be repeated
	opened     *session     // by an initialize
	tool       string       // that a tools/call names
	token      client.Token // at the latest the one that the last request carried; for consents
	op         *client.Operation
	session    *session         // that the last request named
	attempts   int              // of all requests
	harmless   bool             // nobody is told that it may have acted
	renewed    bool             // a new session was opened for this call
	superseded int              // how often its session had been replaced already
	silent     func(error) bool // for server/discover: whether an error means that the server did not answer it
	uncertain  bool             // an earlier request may have been processed
}

func (w *carrier) exchange(header http.Header, m *message, rec *record) *exchange {
	x := &exchange{wire: w, header: header, msg: m, rec: rec}
	if m.method == methodCallTool {
		x.tool = m.toolName()
	}
	return x
}

// note keeps an error where the call finds it.
func (x *exchange) note(err error) error {
	err = counted(err, x.attempts)
	x.rec.setErr(err)
	return err
}

// effect tells what sending a message twice would do.
func (x *exchange) effect() client.Effect {
	if x.harmless || !x.msg.isCall() {
		return client.EffectRead
	}
	switch x.msg.method {
	case methodCallTool:
		return x.wire.toolEffect(x.tool)
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
	x.op = x.wire.cfg.op(x.name(), http.MethodPost, effect)
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
	w := x.wire
	var consented bool
	var absent absence
	for {
		s, err := w.present(ctx)
		if err != nil {
			return nil, err
		}
		x.session = s
		resp, err := x.request(ctx, s)
		if err == nil {
			w.connected.Store(true)
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
		case !consented && w.cfg.auth != nil && resp != nil && isRefusal(resp.StatusCode):
			consented = true
			changed, authErr := x.consent(ctx, resp)
			if authErr != nil {
				return nil, authErr
			}
			if changed {
				continue
			}
		case w.connected.Load() && absent.endure(ctx, err):
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

// renew makes a new session for the call. Where the state of the lost one cannot be restored, and the call is there
// to set it, it is set instead.
func (x *exchange) renew(ctx context.Context, lost *session, cause error) error {
	w := x.wire
	err := w.renew(ctx, lost, cause)
	if err != nil && isStateful(x.tool) && ctx.Err() == nil {
		w.mu.Lock()
		state := w.state
		w.state = nil
		w.mu.Unlock()
		if state != nil {
			err = w.renew(ctx, lost, cause)
			w.mu.Lock()
			if w.state == nil { // until the call has succeeded the old one is what the caller knows of
				w.state = state
			}
			w.mu.Unlock()
		}
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return w.client.NewTransportError(w.cfg.op(x.name(), http.MethodPost, client.EffectRead), contextError(ctx))
	}
	return x.notRenewed(err)
}

func isRefusal(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// unsure makes of an error what is known of the outcome. A success status says of a tool neither that it ran nor that
// it did well, and a request that was made again does not make up for the one before.
func (x *exchange) unsure(err error) error {
	op := x.operation()
	if x.msg.method != methodCallTool || op.Effect == client.EffectRead || errors.Is(err, client.ErrOutcomeUnknown) {
		return err
	}
	var unread *client.DecodeError
	if x.uncertain || errors.As(err, &unread) {
		return x.wire.client.NewTransportError(op, err)
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
	w, op := x.wire, x.operation()
	if x.msg.method == methodInitialize {
		s = nil
	}
	if w.cfg.auth != nil {
		var err error
		if x.token, err = w.client.Token(ctx); err != nil {
			return nil, err
		}
	}
	var meta client.Response
	opts := append(headers(x.header, s), client.WithResponse(&meta))
	switch x.msg.method {
	case methodCallTool: // a tool may be silent while it works
		opts = append(opts, client.WithTimeout(w.patience(ctx)), client.WithStallShare(0))
	case methodListen:
		opts = append(opts, client.WithStallShare(0))
	}
	opts = append(opts, x.rec.opts...)
	x.rec.mu.Lock()
	x.rec.sent = true
	x.rec.mu.Unlock()
	resp, err := w.client.Stream(ctx, op, client.Request{Body: jsontext.Value(x.msg.raw), Accept: acceptBoth}, opts...)
	if resp != nil && x.msg.method != methodInitialize {
		resp.Header.Del(headerSession) // some servers repeat it with every answer
	}
	x.attempts += meta.Attempts
	x.rec.mu.Lock()
	x.rec.header = meta.Header
	x.rec.mu.Unlock()
	x.repeatable = meta.Effect != client.EffectOnce && meta.Effect != client.EffectByMethod
	return resp, err
}

// patience is how long a tool may take to begin its answer: as long as the call has, whose own end comes first then.
func (w *carrier) patience(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return max(time.Until(deadline), 0) + time.Second
	}
	return w.cfg.timeout
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
	return x.wire.cfg.auth.Authorize(ctx, x.token, resp)
}

// digestible tells whether the library can read a message: it ends its session over one that it cannot. In a result
// there is little that it stumbles over, but for depth.
func digestible(m *message) bool {
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
	return x.unproven(status, header, body, reason)
}

var (
	errNotAnswer = errors.New("it is not the JSON-RPC answer to the call")
	errHTML      = errors.New("it is an HTML or XML page")
	errEmpty     = errors.New("it is empty")
)

// answered takes note of an answer before the library sees it.
func (x *exchange) answered(m *message) {
	w := x.wire
	x.rec.mu.Lock()
	x.rec.raw, x.rec.done, x.rec.err = m.raw, m.result, nil
	x.rec.mu.Unlock()
	if m.failed != nil {
		return
	}
	switch x.msg.method {
	case methodInitialize:
		w.mu.Lock()
		if x.opened != nil {
			x.opened.version = textOf(member(m.result, "protocolVersion"))
		}
		w.mu.Unlock()
	case methodListTools:
		w.learn(m.result)
	case methodSetLevel, methodSubscribe, methodUnsubscribe:
		w.remember(x.msg)
	case methodCallTool:
		w.noteAsking(x.msg, asksBack(m.result))
		if !isStateful(x.tool) {
			break
		}
		if r, err := readResult(w.client, x.operation(), nil, m.result); err == nil && r.failure() == nil {
			w.setState(x.msg.clone().params)
		}
	}
}

func (w *carrier) setState(params jsontext.Value) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state = params
}

// isStateful tells the tools whose effect lasts as long as the session, so that a new one needs it again
// (docs/platform.md#mcp).
func isStateful(tool string) bool { return tool == toolSwitchCustomer }
