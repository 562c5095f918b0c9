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

// Reconnection tells that the server had forgotten the session and that there is a new one.
type Reconnection struct {
	// Session is the session, to call again what has to be set up; nil where the transport was handed to another host.
	Session *Session
	// Cause is the error by which the loss was noticed.
	Cause error
	// Count counts the reconnections of this connection, this one included.
	Count int
}

// renewal is the making of a new session while the calls wait.
type renewal struct {
	done chan struct{}
	err  error
}

// renewKey leads, in the context of what a renewal itself sends, to the session in the making.
type renewKey struct{ *carrier }

func (w *carrier) renewing(ctx context.Context) *session {
	s, _ := ctx.Value(renewKey{w}).(*session)
	return s
}

// renewTimeout limits a renewal as a whole, whoever waits for it.
const renewTimeout = time.Minute

// present is the session to send in. While a new one is being made, calls wait for it.
func (w *carrier) present(ctx context.Context) (*session, error) {
	if s := w.renewing(ctx); s != nil {
		return s, nil
	}
	for {
		w.mu.Lock()
		s, r := w.session, w.renewal
		w.mu.Unlock()
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

// ErrSessionLost is matched by the error of a call that was not made, because the server forgot the session that was
// opened for it, too.
var ErrSessionLost = errors.New("the server keeps forgetting the session")

// lossIn decides whether a response means that the server has forgotten the session. Only calls ask: a response or a
// notification to a lost session has no meaning in another, and the next call notices the loss as well.
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
		m, isAnswer := x.answerIn(held.data)
		if !isAnswer || m.failed == nil {
			return sessionKept
		}
		body = m.raw
	}
	found := sessionLoss(resp.StatusCode, body, x.msg)
	standalone := x.msg.method == ""
	conflict := resp.StatusCode == http.StatusConflict || resp.StatusCode == http.StatusUnprocessableEntity
	if standalone && conflict && found == sessionDoubtful {
		return sessionKept // there is such a stream already
	}
	return found
}

// The bounds of a recovery: how often a call may find its session replaced already, and how long a response that was
// wrongly taken for a lost session is remembered.
const (
	maxSuperseded = 3
	doubtMemory   = 10 * time.Second
)

// recoverSession opens a new session if a response means that the server has forgotten this one, once for a call.
// It reports whether to send the message again.
func (x *exchange) recoverSession(ctx context.Context, resp *http.Response, cause error) (again bool, err error) {
	found := x.lossIn(resp)
	if found == sessionKept {
		return false, nil
	}
	w := x.wire
	if cause == nil { // the error came with a success status
		cause = w.client.NewAPIError(x.operation(), resp.StatusCode, resp.Header, bodyOf(resp))
	}
	if x.superseded < maxSuperseded && w.hasReplaced(ctx, x.session) {
		x.superseded++
		return true, nil
	}
	switch {
	case x.renewed && found == sessionGone:
		return false, x.notRenewed(fmt.Errorf("%w: %w", ErrSessionLost, wire.Bare(cause)))
	case x.renewed:
		w.misjudged(x.name())
		return false, nil
	case found == sessionDoubtful && w.wasMisjudged(x.name()):
		return false, nil
	}
	x.renewed = true
	err = x.renew(ctx, x.session, cause)
	return err == nil, err
}

func bodyOf(resp *http.Response) []byte {
	if held, ok := resp.Body.(*heldBody); ok {
		return held.data
	}
	return nil
}

// hasReplaced reports whether there is another session than s by now.
func (w *carrier) hasReplaced(ctx context.Context, s *session) bool {
	if w.renewing(ctx) != nil {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.session != s
}

// misjudged remembers that a new session did not help a call, so that repeating the call does not open one each time.
func (w *carrier) misjudged(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.doubts == nil || len(w.doubts) >= maxReported {
		w.doubts = make(map[string]time.Time)
	}
	w.doubts[name] = time.Now()
}

func (w *carrier) wasMisjudged(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	at, ok := w.doubts[name]
	return ok && time.Since(at) < doubtMemory
}

// renew sees to it that there is a session other than the lost one. Whoever comes first starts it, the others wait.
func (w *carrier) renew(ctx context.Context, lost *session, cause error) error {
	if w.renewing(ctx) != nil {
		return fmt.Errorf("%w: %w", ErrSessionLost, wire.Bare(cause)) // the new one, too
	}
	w.mu.Lock()
	if w.session != lost {
		w.mu.Unlock()
		return nil
	}
	r := w.renewal
	mine := r == nil
	if mine {
		r = &renewal{done: make(chan struct{})}
		w.renewal = r
	}
	w.mu.Unlock()
	if mine {
		w.start(func() { w.reinitialize(r, lost, cause) }) //nolint:contextcheck // it goes on when this call ends
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return contextError(ctx)
	}
}

// notRenewed is the error of a call that was refused for want of a session, and for which there is no other.
func (x *exchange) notRenewed(err error) error {
	op := x.wire.cfg.op(x.name(), http.MethodPost, client.EffectRead) // nothing came of it
	return x.wire.client.NewTransportError(op, fmt.Errorf("the session could not be renewed: %w", wire.Bare(err)))
}

// reinitialize opens a session as the lost one was opened, and puts it into the state that one had.
func (w *carrier) reinitialize(r *renewal, lost *session, cause error) {
	ctx, cancel := context.WithTimeout(w.life, renewTimeout)
	defer cancel()
	next := &session{hello: lost.hello}
	ctx = context.WithValue(ctx, renewKey{w}, next)
	r.err = w.reopen(ctx, next, cause)
	if r.err != nil {
		w.leave(ctx, next, nil)
	}
	w.mu.Lock()
	if r.err == nil {
		w.session = next
		w.doubts = nil // a new session is a new chance
	}
	w.renewal = nil
	w.mu.Unlock()
	close(r.done)
}

func (w *carrier) reopen(ctx context.Context, next *session, cause error) error {
	hello := next.hello
	if _, err := w.ask(ctx, nil, &hello); err != nil {
		return err
	}
	w.forget() // it may be another build of the server
	initialized := newRequest("", methodInitialized, nil)
	w.announce(ctx, w.exchange(w.versionHeader(next), &initialized, new(record)))
	if err := ctx.Err(); err != nil {
		return contextError(ctx)
	}
	return w.resume(ctx, next, cause)
}

// resume puts a new session into the state of the one before it, and tells the hook.
func (w *carrier) resume(ctx context.Context, next *session, cause error) error {
	if err := w.restore(ctx, w.versionHeader(next)); err != nil {
		return err
	}
	w.mu.Lock()
	w.renewals++
	count := w.renewals
	w.mu.Unlock()
	if hook := w.cfg.onReconnect; hook != nil {
		return hook(ctx, Reconnection{Session: w.cfg.owner, Cause: cause, Count: count})
	}
	return nil
}

func (w *carrier) versionHeader(s *session) http.Header {
	if s.version == "" {
		return nil
	}
	return http.Header{headerVersion: {s.version}}
}

// open notes the session that an answer to initialize has opened.
func (x *exchange) open(ctx context.Context, resp *http.Response) error {
	id := resp.Header.Get(headerSession)
	if !validSessionID(id) {
		_ = resp.Body.Close()
		return client.NewDecodeError(x.operation(), resp.StatusCode, nil, nil, errSessionID)
	}
	if s := x.wire.renewing(ctx); s != nil {
		s.id = secret.New(id)
		x.opened = s
		return nil
	}
	w := x.wire
	w.mu.Lock()
	defer w.mu.Unlock()
	x.opened = &session{id: secret.New(id), hello: x.msg.clone()}
	w.session = x.opened
	return nil
}

// validSessionID allows what the protocol does, and none at all.
func validSessionID(id string) bool {
	const longest = 4 << 10
	for i := range len(id) {
		if id[i] < 0x21 || id[i] > 0x7e {
			return false
		}
	}
	return len(id) <= longest
}

// ask sends a message of the carrier's own and waits for the answer.
func (w *carrier) ask(ctx context.Context, header http.Header, m *message) (*message, error) {
	return w.exchange(header, m, new(record)).ask(ctx)
}

func (x *exchange) ask(ctx context.Context) (*message, error) {
	ctx, cancel := context.WithCancel(ctx)
	resp, err := x.send(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	if isEventStream(resp.Header) {
		stream := newCallStream(ctx, cancel, x, resp) // which ends it
		err = stream.prefetch()
		_ = stream.Close()
	} else {
		_, err = x.readAnswer(ctx, resp)
		cancel()
	}
	if err != nil {
		return nil, err
	}
	raw, err, _ := x.rec.outcome()
	if err != nil {
		return nil, err
	}
	m, err := readMessage(raw)
	if err != nil {
		return nil, err
	}
	if m.failed != nil {
		return nil, x.wire.client.NewAPIError(x.operation(), http.StatusOK, nil, raw)
	}
	return &m, nil
}

var errSessionID = errors.New("its session id is not one that the protocol allows")
