package mcpclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/secret"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Reconnection describes a session that was opened in place of one that the server had forgotten.
type Reconnection struct {
	// Session is for calls that set up the new session; nil for the transport of another host.
	Session *Session
	// Cause is the error that showed the loss.
	Cause error
	// Count is the number of reconnections so far, including this one.
	Count int
}

// renewal opens a new session while calls wait.
type renewal struct {
	done chan struct{}
	err  error
}

// renewKey is the context key of the new session, for the messages that a renewal itself sends.
type renewKey struct{ *roundTripper }

func (rt *roundTripper) renewing(ctx context.Context) *session {
	s, _ := ctx.Value(renewKey{rt}).(*session)
	return s
}

const renewTimeout = time.Minute

// currentSession returns the session to send in, after a renewal in progress.
func (rt *roundTripper) currentSession(ctx context.Context) (*session, error) {
	if s := rt.renewing(ctx); s != nil {
		return s, nil
	}
	for {
		rt.mu.Lock()
		s, r := rt.session, rt.renewal
		rt.mu.Unlock()
		if r == nil {
			return s, nil
		}
		select {
		case <-r.done:
		case <-ctx.Done():
			return nil, contextError(ctx)
		}
	}
}

// ErrSessionLost is matched by the error of a call that was not made because the server also forgot the session that
// was opened for it. The call may be retried.
var ErrSessionLost = errors.New("the server keeps forgetting the session")

// lossIn classifies a response to a call or a stream. Responses and notifications that were sent to a lost session have
// no meaning in another one, and the next call notices the loss as well.
func (x *exchange) lossIn(resp *http.Response) loss {
	s := x.session
	if resp == nil || s == nil || s.id.IsZero() || x.msg.method == methodInitialize || x.msg.isResponse() ||
		(x.msg.method != "" && x.msg.id == nil) {
		return sessionKept
	}
	var body []byte
	switch held, ok := resp.Body.(*heldBody); {
	case resp.StatusCode != http.StatusOK && ok:
		return sessionKept // a success of another kind
	case resp.StatusCode != http.StatusOK:
		body, _ = io.ReadAll(resp.Body) // in memory
		resp.Body = io.NopCloser(bytes.NewReader(body))
	case !ok || !bytes.Contains(held.data, []byte(`"error"`)):
		return sessionKept
	default:
		m, isAnswer := x.responseIn(held.data)
		if !isAnswer || m.failed == nil {
			return sessionKept
		}
		body = m.raw
	}
	found := sessionLoss(resp.StatusCode, body, x.msg)
	standalone := x.msg.method == ""
	conflict := resp.StatusCode == http.StatusConflict || resp.StatusCode == http.StatusUnprocessableEntity
	if standalone && conflict && found == sessionDoubtful {
		return sessionKept // the stream is open already
	}
	return found
}

const (
	maxSuperseded = 3                // how often a call may find its session replaced already
	doubtMemory   = 10 * time.Second // how long a response that was wrongly read as a lost session is remembered
)

// recoverSession opens a new session, once for a call, if a response means that the server has forgotten this one. It
// reports whether to send the message again.
func (x *exchange) recoverSession(ctx context.Context, resp *http.Response, cause error) (again bool, err error) {
	found := x.lossIn(resp)
	if found == sessionKept {
		return false, nil
	}
	rt := x.rt
	if cause == nil { // the error came with a success status
		cause = rt.client.NewAPIError(x.operation(), resp.StatusCode, resp.Header, bodyOf(resp))
	}
	if x.superseded < maxSuperseded && rt.hasReplaced(ctx, x.session) {
		x.superseded++
		return true, nil
	}
	switch {
	case x.renewed && found == sessionGone:
		return false, x.notRenewed(fmt.Errorf("%w: %w", ErrSessionLost, wire.Bare(cause)))
	case x.renewed:
		rt.noteMisjudged(x.name())
		return false, nil
	case found == sessionDoubtful && rt.wasMisjudged(x.name()):
		return false, nil
	}
	x.renewed = true
	err = x.renewSession(ctx, x.session, cause)
	return err == nil, err
}

func bodyOf(resp *http.Response) []byte {
	if held, ok := resp.Body.(*heldBody); ok {
		return held.data
	}
	return nil
}

// hasReplaced reports whether s is no longer the session.
func (rt *roundTripper) hasReplaced(ctx context.Context, s *session) bool {
	if rt.renewing(ctx) != nil {
		return false
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.session != s
}

// noteMisjudged remembers that a new session did not help a call, so that repeating the call does not open one each
// time.
func (rt *roundTripper) noteMisjudged(name string) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.doubts == nil || len(rt.doubts) >= maxReported {
		rt.doubts = make(map[string]time.Time)
	}
	rt.doubts[name] = time.Now()
}

func (rt *roundTripper) wasMisjudged(name string) bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	at, ok := rt.doubts[name]
	return ok && time.Since(at) < doubtMemory
}

// renew replaces the lost session. The first caller starts the renewal, and all wait for it.
func (rt *roundTripper) renew(ctx context.Context, lost *session, cause error) error {
	if rt.renewing(ctx) != nil {
		return fmt.Errorf("%w: %w", ErrSessionLost, wire.Bare(cause)) // the new one, too
	}
	rt.mu.Lock()
	if rt.session != lost {
		rt.mu.Unlock()
		return nil
	}
	r := rt.renewal
	mine := r == nil
	if mine {
		r = &renewal{done: make(chan struct{})}
		rt.renewal = r
	}
	rt.mu.Unlock()
	if mine {
		rt.start(func() { rt.reinitialize(r, lost, cause) }) //nolint:contextcheck // it goes on when this call ends
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return contextError(ctx)
	}
}

// notRenewed returns the error of a call that was refused because its session was lost and could not be replaced.
func (x *exchange) notRenewed(err error) error {
	op := x.rt.cfg.op(x.name(), http.MethodPost, client.EffectRead) // the server refused it
	return x.rt.client.NewTransportError(op, fmt.Errorf("the session could not be renewed: %w", wire.Bare(err)))
}

// reinitialize opens a session with the initialize request of the lost one, and restores its state.
func (rt *roundTripper) reinitialize(r *renewal, lost *session, cause error) {
	ctx, cancel := context.WithTimeout(rt.life, renewTimeout)
	defer cancel()
	next := &session{hello: lost.hello}
	ctx = context.WithValue(ctx, renewKey{rt}, next)
	r.err = rt.reopen(ctx, next, cause)
	if r.err != nil {
		rt.deleteSession(ctx, next, nil)
	}
	rt.mu.Lock()
	if r.err == nil {
		rt.session = next
		rt.doubts = nil
	}
	rt.renewal = nil
	rt.mu.Unlock()
	close(r.done)
}

func (rt *roundTripper) reopen(ctx context.Context, next *session, cause error) error {
	hello := next.hello
	if _, err := rt.sendAndWait(ctx, nil, &hello); err != nil {
		return err
	}
	rt.forgetTools() // the server may be another build
	initialized := newRequest("", methodInitialized, nil)
	rt.sendInitialized(ctx, rt.exchange(rt.versionHeader(next), &initialized, new(callState)))
	if err := ctx.Err(); err != nil {
		return contextError(ctx)
	}
	return rt.restoreAndNotify(ctx, next, cause)
}

// restoreAndNotify restores the state of the previous session in the new one and calls the hook.
func (rt *roundTripper) restoreAndNotify(ctx context.Context, next *session, cause error) error {
	if err := rt.restore(ctx, rt.versionHeader(next)); err != nil {
		return err
	}
	rt.mu.Lock()
	rt.renewals++
	count := rt.renewals
	rt.mu.Unlock()
	if hook := rt.cfg.onReconnect; hook != nil {
		return hook(ctx, Reconnection{Session: rt.cfg.owner, Cause: cause, Count: count})
	}
	return nil
}

func (rt *roundTripper) versionHeader(s *session) http.Header {
	if s.version == "" {
		return nil
	}
	return http.Header{headerVersion: {s.version}}
}

// openSession notes the session that a response to initialize has opened.
func (x *exchange) openSession(ctx context.Context, resp *http.Response) error {
	id := resp.Header.Get(headerSession)
	if !validSessionID(id) {
		_ = resp.Body.Close()
		return client.NewDecodeError(x.operation(), resp.StatusCode, nil, nil, errSessionID)
	}
	if s := x.rt.renewing(ctx); s != nil {
		s.id = secret.New(id)
		x.opened = s
		return nil
	}
	rt := x.rt
	rt.mu.Lock()
	defer rt.mu.Unlock()
	x.opened = &session{id: secret.New(id), hello: x.msg.clone()}
	rt.session = x.opened
	return nil
}

// validSessionID reports whether an id is empty or has the characters that the protocol allows.
func validSessionID(id string) bool {
	const longest = 4 << 10
	for i := range len(id) {
		if id[i] < 0x21 || id[i] > 0x7e {
			return false
		}
	}
	return len(id) <= longest
}

// sendAndWait sends a message that the library does not know of and waits for the response.
func (rt *roundTripper) sendAndWait(ctx context.Context, header http.Header, m *message) (*message, error) {
	return rt.exchange(header, m, new(callState)).sendAndWait(ctx)
}

func (x *exchange) sendAndWait(ctx context.Context) (*message, error) {
	ctx, cancel := context.WithCancel(ctx)
	resp, err := x.send(ctx) //nolint:bodyclose // a stream, or in memory
	if err != nil {
		cancel()
		return nil, err
	}
	if isEventStream(resp.Header) {
		stream := newCallStream(ctx, cancel, x, resp) // which ends it
		err = stream.readToResponse()
		_ = stream.Close()
	} else {
		_, err = x.readResponse(ctx, resp)
		cancel()
	}
	if err != nil {
		return nil, err
	}
	o := x.call.outcome()
	if o.err != nil {
		return nil, o.err
	}
	m, err := readMessage(o.raw)
	if err != nil {
		return nil, err
	}
	if m.failed != nil {
		return nil, x.rt.client.NewAPIError(x.operation(), http.StatusOK, nil, o.raw)
	}
	return &m, nil
}

var errSessionID = errors.New("its session id has characters that the protocol does not allow")
