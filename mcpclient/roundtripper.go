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

// roundTripper is the http.RoundTripper under one connection of the MCP library. It never returns an HTTP failure,
// because the library ends its session over most of them: a failure becomes an error of package client, which the
// library treats as the failure of one call. It also retries, and reopens sessions that the server has forgotten.
type roundTripper struct {
	cfg    *config
	client *client.Client
	life   context.Context //nolint:containedctx // that of the connection
	end    context.CancelCauseFunc

	mu             sync.Mutex
	session        *session       // nil before the first initialize, and in a protocol without sessions
	renewal        *renewal       // in progress
	renewals       int            // that reached the hook
	customerSwitch jsontext.Value // the params of the tools/call to repeat in a new session
	hostSettings   hostSettings   // to repeat in a new session, too
	noLegacy       error          // of server/discover, if it is no reason to try an older protocol
	listing        chan struct{}  // held while rt itself lists the tools
	tools          map[string]knownTool
	listed         bool            // tools is complete
	pendingRounds  map[string]bool // calls, by callKey, whose last result needs input
	reported       map[client.Defect]bool
	doubts         map[string]time.Time // when a response to a call was wrongly read as a lost session

	closed   bool
	shutdown sync.WaitGroup

	connected atomic.Bool // the server was reached once
	readers   sync.Pool   // of *bufio.Reader
}

// session identifies a connection to a server of the older protocol. Its id stays here: the library gets an alias.
type session struct {
	id      secret.Text
	hello   message // the initialize request that opened it
	version string  // of the protocol, as negotiated
}

// alias is the session id that the library gets, so that it cannot print the real one.
const alias = "session"

const (
	headerSession = "Mcp-Session-Id"
	headerVersion = "Mcp-Protocol-Version"
	typeJSON      = "application/json"
	typeEvents    = "text/event-stream"
	acceptBoth    = typeJSON + ", " + typeEvents
)

func newRoundTripper(cfg *config) *roundTripper {
	rt := &roundTripper{cfg: cfg, client: cfg.client, listing: make(chan struct{}, 1), tools: make(map[string]knownTool)}
	rt.life, rt.end = context.WithCancelCause(context.Background())
	return rt
}

// close aborts all requests and waits for the goroutines of the round tripper.
func (rt *roundTripper) close() {
	rt.end(ErrClosed)
	rt.mu.Lock()
	rt.closed = true
	rt.mu.Unlock()
	rt.shutdown.Wait()
}

// start runs f in a goroutine that close waits for, or at once after close.
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
		return newResponse(typeJSON, []byte{}), nil
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

// post sends one message of the library and returns the response.
func (rt *roundTripper) post(
	ctx context.Context, cancel context.CancelFunc, header http.Header, m *message,
) (*http.Response, error) {
	x := rt.exchange(header, m, rt.callStateOf(ctx, m))
	if v := rt.cfg.protocol; m.method == methodDiscover && v != "" && v < ProtocolStateless {
		cancel() // a host that looks for the newest protocol must take the one that is configured
		const fixed = `{"code":-32601,"message":"the protocol version is fixed"}`
		return newResponse(typeJSON, rejection(m.id, jsontext.Value(fixed))), nil
	}
	if m.method == methodListen { // no call waits for it: it is opened when it is read, like the server's own stream
		return newStreamResponse(&stream{ctx: ctx, cancel: cancel, x: x, delay: -1, live: true}), nil
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
		return newResponse("", nil), nil
	case methodDiscover:
		return rt.tryDiscover(ctx, cancel, x)
	}
	return rt.sendMessage(ctx, cancel, x)
}

// sendMessage sends a message and returns the response in the form that the library reads.
func (rt *roundTripper) sendMessage(
	ctx context.Context, cancel context.CancelFunc, x *exchange,
) (*http.Response, error) {
	resp, err := x.send(ctx)
	if err != nil {
		return x.failSend(cancel, resp, err)
	}
	if !x.msg.isCall() {
		cancel()
		_ = resp.Body.Close()
		return newResponse("", nil), nil
	}
	if isEventStream(resp.Header) {
		return x.streamResponse(newCallStream(ctx, cancel, x, resp))
	}
	defer cancel()
	body, err := x.readResponse(ctx, resp)
	if err != nil {
		return nil, x.fail(err)
	}
	return x.completeResponse(body)
}

// streamResponse returns an event stream, or only its first event if that is the response, as it usually is: the
// library then need not read a stream.
func (x *exchange) streamResponse(s *stream) (*http.Response, error) {
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
	return x.withSession(newStreamResponse(s)), nil
}

// completeResponse returns a response that was received as a whole. If the call reads it by itself, the library gets an
// error instead: its decoder takes 32 KiB for each value that it looks at.
func (x *exchange) completeResponse(body []byte) (*http.Response, error) {
	if result := x.call.outcome().result; result != nil && x.readsResult(&message{result: result}) {
		x.call.update(func(o *outcome) { o.complete = true })
		return nil, errReadByCall
	}
	return x.withSession(newResponse(typeJSON, body)), nil
}

var errReadByCall = errors.New("the call reads the response by itself")

// failSend returns the error for the library, or the response of a server that supports other versions of the protocol,
// which the library reads from it.
func (x *exchange) failSend(cancel context.CancelFunc, resp *http.Response, err error) (*http.Response, error) {
	err = x.fail(x.withOutcome(err))
	if x.msg.method != methodDiscover {
		return nil, err
	}
	if !mayDowngrade(err) && (x.noDiscovery == nil || !x.noDiscovery(err)) {
		x.rt.mu.Lock()
		x.rt.noLegacy = err
		x.rt.mu.Unlock()
		return nil, err
	}
	if resp == nil {
		return nil, err
	}
	body, _ := io.ReadAll(resp.Body) // in memory
	m, readErr := readMessage(body)
	if readErr != nil || m.failed == nil {
		return nil, err
	}
	raw := rejection(x.msg.id, m.failed)
	if m, readErr := readMessage(raw); readErr != nil || !decodable(&m) {
		return nil, err
	}
	cancel()
	return newResponse(typeJSON, raw), nil
}

// mayDowngrade reports whether a failure of server/discover may mean that the server does not know the method. Other
// failures must not lead to the older protocol.
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

// withSession adds the alias of the session that an initialize has opened.
func (x *exchange) withSession(resp *http.Response) *http.Response {
	x.rt.mu.Lock()
	defer x.rt.mu.Unlock()
	if s := x.rt.session; x.msg.method == methodInitialize && s != nil && !s.id.IsZero() {
		resp.Header.Set(headerSession, alias)
	}
	return resp
}

// endSession ends the session at the server, as far as it can be reached.
func (rt *roundTripper) endSession(ctx context.Context, header http.Header) {
	rt.mu.Lock()
	s := rt.session
	rt.session = nil
	rt.mu.Unlock()
	if s != nil {
		rt.deleteSession(ctx, s, header)
	}
}

func (rt *roundTripper) deleteSession(ctx context.Context, s *session, header http.Header) {
	if s.id.IsZero() {
		return
	}
	opts := append(headers(header, s), client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	op := rt.cfg.op("DELETE session", http.MethodDelete, client.EffectIdempotent)
	_, _ = rt.client.Do(ctx, op, client.Request{}, opts...)
}

// newResponse returns a response for the library: 200 with a body, or 202 without one.
func newResponse(contentType string, body []byte) *http.Response {
	resp := newStreamResponse(io.NopCloser(bytes.NewReader(body)))
	resp.Header.Set("Content-Type", contentType)
	if body == nil {
		resp.StatusCode, resp.Body = http.StatusAccepted, http.NoBody
		resp.Header.Del("Content-Type")
	}
	return resp
}

func newStreamResponse(body io.ReadCloser) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {typeEvents}}, Body: body, ContentLength: -1,
	}
}

func isEventStream(h http.Header) bool { return mediaType(h) == typeEvents }

// mediaType returns the media type in lower case, without parameters.
func mediaType(h http.Header) string {
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// headers returns the library's MCP headers, with the real id of the session.
func headers(from http.Header, s *session) []client.CallOption {
	opts := make([]client.CallOption, 0, len(from)+2)
	for name, values := range from {
		known := name == headerSession || (name == headerVersion && s != nil && s.version != "")
		if strings.HasPrefix(name, "Mcp-") && !known && len(values) > 0 {
			opts = append(opts, client.WithHeader(name, values[0]))
		}
	}
	if s != nil && s.version != "" {
		opts = append(opts, client.WithHeader(headerVersion, s.version))
	}
	if s != nil && !s.id.IsZero() {
		opts = append(opts, client.WithHeader(headerSession, s.id.Reveal()))
	}
	return opts
}
