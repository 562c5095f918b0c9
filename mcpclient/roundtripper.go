package mcpclient

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/secret"
)

// roundTripper is the network as the MCP library sees it: an http.RoundTripper that never lets an HTTP failure through, because
// the library ends its session over most of them. What fails becomes an error of package client, which the library
// takes as the failure of one call; what may be repeated is repeated; sessions that the server forgot are opened anew
// under the library's feet. It serves one connection of the library.
type roundTripper struct {
	cfg    *config
	client *client.Client
	life   context.Context //nolint:containedctx // that of the connection
	end    context.CancelCauseFunc

	mu             sync.Mutex
	session        *session       // nil before the first initialize, and always where the protocol has no sessions
	renewal        *renewal       // nil while none is under way
	renewals       int            // that came as far as the hook
	customerSwitch jsontext.Value // the params of the tools/call that has to be repeated in a new session
	hostSettings   hostSettings   // of the host, which have to be repeated in a new session, too
	noLegacy       error          // why server/discover failed, where that is no reason to try an older protocol
	listing        chan struct{}  // held while the tools are listed on the round tripper's own account
	tools          map[string]knownTool
	pendingRounds  map[string]bool // the calls, see callKey, whose last result asked back
	listed         bool            // tools holds all of them
	reported       map[client.Defect]bool
	doubts         map[string]time.Time // when a response to a call was wrongly taken for a lost session

	closed   bool
	shutdown sync.WaitGroup

	connected atomic.Bool // the server was reached once
	readers   sync.Pool   // of *bufio.Reader
}

// session is what the server knows a legacy connection by. Its id never leaves the round tripper: the library is told another.
type session struct {
	id      secret.Text
	hello   message // the initialize request that opened it
	version string  // of the protocol, as negotiated
}

// alias is what the library is told as the session's id, so that it cannot print the real one.
const alias = "session"

const (
	headerSession = "Mcp-Session-Id"
	headerVersion = "Mcp-Protocol-Version"
	acceptBoth    = "application/json, text/event-stream"
	acceptEvents  = "text/event-stream"
)

func newRoundTripper(cfg *config) *roundTripper {
	rt := &roundTripper{cfg: cfg, client: cfg.client, listing: make(chan struct{}, 1), tools: make(map[string]knownTool)}
	rt.life, rt.end = context.WithCancelCause(context.Background())
	return rt
}

// close breaks off whatever is under way and waits for the goroutines of the round tripper.
func (rt *roundTripper) close() {
	rt.end(ErrClosed)
	rt.mu.Lock()
	rt.closed = true
	rt.mu.Unlock()
	rt.shutdown.Wait()
}

// start runs f beside the calls. Once the round tripper is closed nobody would wait for it, so it runs here.
func (rt *roundTripper) start(f func()) {
	rt.mu.Lock()
	closed := rt.closed
	if !closed {
		rt.shutdown.Add(1)
	}
	rt.mu.Unlock()
	if closed {
		f()
		return
	}
	go func() {
		defer rt.shutdown.Done()
		f()
	}()
}

var (
	errOtherURL    = errors.New("interchange: the request is not for the MCP endpoint of the client")
	errOtherMethod = errors.New("interchange: the method of an MCP request must be POST, GET or DELETE")
)

// RoundTrip sends one message of the host (POST), opens the server's own stream (GET), or ends the session (DELETE).
func (rt *roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := rt.serve(req)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

func (rt *roundTripper) serve(req *http.Request) (*http.Response, error) {
	body := req.Body
	if body == nil {
		body = http.NoBody
	}
	defer body.Close()
	if req.URL.String() != rt.cfg.endpoint() {
		return nil, errOtherURL
	}
	ctx, cancel := rt.boundContext(req.Context())
	switch req.Method {
	case http.MethodGet:
		return rt.listen(ctx, cancel, req.Header), nil
	case http.MethodDelete:
		defer cancel()
		rt.endSession(ctx, req.Header)
		rt.end(ErrClosed) // the library sends this last
		return newResponse(http.StatusOK, nil, nil), nil
	case http.MethodPost:
		raw, err := io.ReadAll(body)
		if err != nil {
			cancel()
			return nil, err
		}
		m, err := readMessage(raw)
		if err != nil {
			cancel()
			return nil, err
		}
		resp, err := rt.post(ctx, cancel, req.Header, &m)
		if err != nil {
			cancel()
		}
		return resp, err
	}
	cancel()
	return nil, errOtherMethod
}

// boundContext derives a context that ends with the connection, too.
func (rt *roundTripper) boundContext(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(rt.life, func() { cancel(ErrClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// post takes one message of the library to the server, and what comes of it back.
func (rt *roundTripper) post(ctx context.Context, cancel context.CancelFunc, header http.Header, m *message) (*http.Response, error) {
	x := rt.exchange(header, m, rt.callStateOf(ctx, m))
	if v := rt.cfg.protocol; m.method == methodDiscover && v != "" && v < ProtocolStateless {
		cancel() // a host that looks for the newest protocol is to take the one that was asked for
		return newResponse(http.StatusOK, http.Header{"Content-Type": {"application/json"}},
			io.NopCloser(bytes.NewReader(rejection(m.id, jsontext.Value(`{"code":-32601,"message":"the protocol version is fixed"}`))))), nil
	}
	if m.method == methodListen { // nobody waits for it: like the server's own stream it is opened as it is read
		return newResponse(http.StatusOK, http.Header{"Content-Type": {acceptEvents}}, &stream{ctx: ctx, cancel: cancel, x: x, delay: -1, live: true}), nil
	}
	if m.method == methodInitialize {
		rt.mu.Lock()
		err := rt.noLegacy
		rt.mu.Unlock()
		if err != nil {
			return nil, x.fail(err)
		}
	}
	if err := x.checkGuard(ctx); err != nil {
		return nil, x.fail(err)
	}
	switch m.method {
	case methodInitialized:
		defer cancel()
		rt.sendInitialized(ctx, x)
		if ctx.Err() != nil {
			return nil, contextError(ctx)
		}
		return newResponse(http.StatusAccepted, nil, nil), nil
	case methodDiscover:
		return rt.tryDiscover(ctx, cancel, x)
	}
	return rt.sendMessage(ctx, cancel, x)
}

// sendMessage sends a message and returns the response in the form that the library reads.
func (rt *roundTripper) sendMessage(ctx context.Context, cancel context.CancelFunc, x *exchange) (*http.Response, error) {
	m := x.msg
	resp, err := x.send(ctx)
	if err != nil {
		return x.failSend(cancel, resp, err)
	}
	if !m.isCall() {
		cancel()
		_ = resp.Body.Close()
		return newResponse(http.StatusAccepted, nil, nil), nil
	}
	if isEventStream(resp.Header) {
		return x.stream(newCallStream(ctx, cancel, x, resp))
	}
	defer cancel()
	body, err := x.readResponse(ctx, resp)
	if err != nil {
		return nil, x.fail(err)
	}
	return x.completeResponse(body)
}

// stream gives the library an event stream, or, where the first event is the answer, as it mostly is, the answer alone.
// To wait for that event here, where the library would wait for the headers, costs nothing and spares it a stream.
func (x *exchange) stream(s *stream) (*http.Response, error) {
	for len(s.out) == 0 && !s.done {
		s.advance()
	}
	switch {
	case s.responded && !s.live:
		_ = s.Close()
		return x.completeResponse(x.call.outcome().raw)
	case s.done && !s.responded:
		_ = s.Close()
		return nil, x.call.outcome().err
	}
	s.live = true
	h := http.Header{"Content-Type": {acceptEvents}}
	x.nameSession(h)
	return newResponse(http.StatusOK, h, s), nil
}

// completeResponse gives the library an answer that is there. Where the call reads the result of its tool by itself, it has it
// already, and the library, whose decoder takes 32 KiB for each value it looks at, is spared it: for all that it knows the
// request was not sent.
func (x *exchange) completeResponse(body []byte) (*http.Response, error) {
	if result := x.call.outcome().result; x.call.own && x.msg.method == methodCallTool && result != nil && !needsInput(result) {
		x.call.update(func(o *outcome) { o.complete = true })
		return nil, errReadByCall
	}
	h := http.Header{"Content-Type": {"application/json"}}
	x.nameSession(h)
	return newResponse(http.StatusOK, h, io.NopCloser(bytes.NewReader(body))), nil
}

var errReadByCall = errors.New("the answer is read by the call itself")

// failSend turns an error into what the library should see.
func (x *exchange) failSend(cancel context.CancelFunc, resp *http.Response, err error) (*http.Response, error) {
	rt := x.rt
	err = x.fail(x.withOutcome(err))
	if x.msg.method != methodDiscover {
		return nil, err
	}
	if !mayDowngrade(err) && (x.noDiscovery == nil || !x.noDiscovery(err)) {
		rt.mu.Lock()
		rt.noLegacy = err
		rt.mu.Unlock()
		return nil, err
	}
	// The library reads the supported versions from the error of a server that wants another one.
	if resp != nil {
		body, _ := io.ReadAll(resp.Body) // in memory
		if m, readErr := readMessage(body); readErr == nil && m.failed != nil {
			said := rejection(x.msg.id, m.failed)
			if said, readErr := readMessage(said); readErr != nil || !decodable(&said) {
				return nil, err
			}
			cancel()
			return newResponse(http.StatusOK, http.Header{"Content-Type": {"application/json"}}, io.NopCloser(bytes.NewReader(said))), nil
		}
	}
	return nil, err
}

// mayDowngrade tells whether a failure of server/discover may mean that the server does not know it. One that says
// nothing about the protocol must not cost the connection its generation.
func mayDowngrade(err error) bool {
	var api *client.APIError
	if !errors.As(err, &api) {
		var unreadable *client.DecodeError
		return errors.As(err, &unreadable)
	}
	switch api.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	case http.StatusInternalServerError, http.StatusNotImplemented:
		return true
	}
	return api.StatusCode < http.StatusInternalServerError
}

// nameSession tells the library about the session that an initialize has opened.
func (x *exchange) nameSession(h http.Header) {
	x.rt.mu.Lock()
	defer x.rt.mu.Unlock()
	if s := x.rt.session; x.msg.method == methodInitialize && s != nil && !s.id.IsZero() {
		h.Set(headerSession, alias)
	}
}

// endSession ends the session at the server. Nothing depends on whether it hears it.
func (rt *roundTripper) endSession(ctx context.Context, header http.Header) {
	rt.mu.Lock()
	s := rt.session
	rt.session = nil
	rt.mu.Unlock()
	if s != nil {
		rt.deleteSession(ctx, s, header)
	}
}

// deleteSession tells the server that a session is not needed any more.
func (rt *roundTripper) deleteSession(ctx context.Context, s *session, header http.Header) {
	if s.id.IsZero() {
		return
	}
	opts := append(headers(header, s), client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	_, _ = rt.client.Do(ctx, rt.cfg.op("DELETE session", http.MethodDelete, client.EffectIdempotent), client.Request{}, opts...)
}

// newResponse makes a response for the library.
func newResponse(status int, h http.Header, body io.ReadCloser) *http.Response {
	if h == nil {
		h = make(http.Header)
	}
	if body == nil {
		body = http.NoBody
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: body, ContentLength: -1,
	}
}

func isEventStream(h http.Header) bool {
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(media), acceptEvents)
}

// headers are those of MCP that go out with a request: the library's, with the session's real id.
func headers(from http.Header, s *session) []client.CallOption {
	opts := make([]client.CallOption, 0, len(from)+2)
	for name, values := range from {
		if !strings.HasPrefix(name, "Mcp-") || name == headerSession || len(values) == 0 {
			continue
		}
		if name == headerVersion && s != nil && s.version != "" {
			continue
		}
		opts = append(opts, client.WithHeader(name, values[0]))
	}
	if s == nil {
		return opts
	}
	if s.version != "" {
		opts = append(opts, client.WithHeader(headerVersion, s.version))
	}
	if !s.id.IsZero() {
		opts = append(opts, client.WithHeader(headerSession, s.id.Reveal()))
	}
	return opts
}
