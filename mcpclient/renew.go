package mcpclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
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

// lost tells whether an answer says that the server does not know the session: the status that the protocol gives it, or
// the 400 with which some servers say so. Either comes before any work.
func (x *exchange) lost(resp *http.Response, s *session) bool {
	if resp == nil || s == nil || s.id.IsZero() || x.msg.method == methodInitialize {
		return false
	}
	switch resp.StatusCode {
	case http.StatusNotFound:
		return true
	case http.StatusBadRequest:
		if x.doubted { // it may be about something else that is called a session
			return false
		}
		x.doubted = true
		var body bytes.Buffer
		_, _ = body.ReadFrom(resp.Body) // in memory
		resp.Body = io.NopCloser(bytes.NewReader(body.Bytes()))
		m, err := readMessage(body.Bytes())
		return err == nil && m.failed != nil && strings.Contains(strings.ToLower(textOf(member(m.failed, "message"))), "session")
	}
	return false
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
	initialized := newRequest("", "notifications/initialized", nil)
	x := w.exchange(w.versionHeader(next), &initialized, new(record))
	resp, err := x.send(ctx)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
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
