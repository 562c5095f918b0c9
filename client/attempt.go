package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/interchange-sdk/interchange-go/internal/netfailure"
	"github.com/interchange-sdk/interchange-go/internal/retry"
	"github.com/interchange-sdk/interchange-go/internal/wire"
	"github.com/interchange-sdk/interchange-go/pace"
)

// call is one call under way.
type call struct {
	// ctx is the caller's. It is the only context that token sources, limiters and hooks get: it leads to nothing of ours.
	ctx context.Context //nolint:containedctx // a call has one
	// request is the context of the request, by which the hooks of go-retryablehttp and the transport find the call.
	request callContext

	client *core
	op     *Operation
	cfg    callConfig
	policy RetryPolicy
	effect Effect
	req    retryablehttp.Request
	values []string // of the path

	cred           *credential
	key            pace.Key // what the attempt was allowed for
	allowed        bool     // and the limiter waits to hear of it
	attempts       int
	internalErrors int // answers with status 500
	quotaTaken     int
	replaced       bool // a refused token was replaced once
	notSentAtAll   bool // the last attempt surely did not reach the server

	// outcomeUncertain is the one rule for "an earlier attempt may have taken effect": its response was lost, or had a
	// status that leaves open whether the request was processed.
	outcomeUncertain bool

	// The attempt under way, or the last one.
	attempt  context.Context //nolint:containedctx // ends with the attempt
	cancel   context.CancelFunc
	progress progress
	watch    *stallWatch // nil while a silent connection is not given up
	stalled  bool        // an attempt of the call was given up for it
	started  time.Time
	waited   time.Duration

	// Its answer.
	answered time.Time
	status   int
	header   http.Header
	body     []byte
	buffer   *[]byte

	bodyTaken bool // body is used after the call

	// What Stream wants instead of a body that was read.
	open      bool           // leave it to the caller where it may be long
	markup    bool           // HTML or XML is wanted
	answer    *http.Response // the last one
	handed    bool           // its body is still to be read
	kept      bool           // by the caller, until its body is closed
	stopClock func() bool    // ends the time limit of the attempt

	done   bool // a decision was made to stop; failure is the result
	delay  time.Duration
	failed error // why the last attempt, or the call, failed

	refusal *APIError // the last attempt's error response
}

// progress records how far a request got.
type progress struct {
	netfailure.Watch
	wrote atomic.Bool // the first bytes went out
}

// ErrAttemptTimeout is matched by the error of an attempt that took longer than [WithTimeout] allows, or was silent for
// longer than [WithStallShare] allows, while the caller's context had not ended.
var ErrAttemptTimeout = errors.New("the attempt timed out")

// prepare checks the arguments and builds the request. Nothing is sent.
func (k *call) prepare(req Request) error {
	c, op := k.client, k.op
	problems := ParamError{Operation: op.name(), Issues: k.cfg.issues}
	k.effect = op.effect()
	if k.cfg.idempotent && k.effect == EffectOnce {
		k.effect = EffectIdempotent
	}
	if k.cfg.retry != c.cfg.call.retry {
		k.policy = k.cfg.retry.withDefaults()
	}
	op.check(&problems)
	c.cfg.profile.check(&problems, op.Mount, k.cfg.seat)
	path := expand(&problems, op.Path, req.Path)
	checkQuery(&problems, req.Query)
	if wire.HoldsCredential(k.cfg.seat) {
		problems.Add("seat", "is a credential: pass the id of the seat")
	}
	if err := problems.Err(); err != nil {
		return &problems
	}
	if err := k.ctx.Err(); err != nil {
		return k.transportError(context.Cause(k.ctx))
	}
	escaped := c.base.RawPath + op.Mount.path(c.cfg.unversioned) + path
	u := &url.URL{Scheme: c.base.Scheme, Host: c.base.Host, Path: escaped}
	if plain, err := url.PathUnescape(escaped); err == nil && plain != escaped {
		u.Path, u.RawPath = plain, escaped
	}
	if len(req.Query) > 0 {
		u.RawQuery = req.Query.Encode()
	}
	header := make(http.Header, 6+len(k.cfg.header))
	header["User-Agent"] = c.agent
	header["Accept"] = acceptJSON
	if req.Accept != "" {
		if !validHeaderValue(req.Accept) {
			problems.Add("accept", "has control or non-ASCII characters")
			return &problems
		}
		header["Accept"] = []string{req.Accept}
	}
	for _, field := range k.cfg.header {
		header[field.key] = append(header[field.key], field.value...)
	}
	if k.cfg.seat != "" {
		header[c.cfg.seatHeader] = []string{k.cfg.seat}
	}
	httpReq := &http.Request{
		Method: op.method(), URL: u, Host: u.Host, Header: header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	k.values = req.Path
	k.req.Request = httpReq.WithContext(&k.request)
	if req.Body == nil {
		return nil
	}
	body, err := encodeBody(&problems, req.Body)
	if err != nil {
		return err
	}
	header["Content-Type"] = contentJSON
	return k.req.SetBody(body)
}

var (
	acceptJSON  = []string{"application/json"}
	contentJSON = acceptJSON
)

// send makes the attempts. Its error is the result of the call.
func (k *call) send() error {
	if err := k.admit(k.req.Request); err != nil {
		k.done = true
		return k.notSent(err)
	}
	_, err := k.client.conn.http.Do(&k.req) //nolint:bodyclose // read and closed by checkRetry
	switch {
	case k.done:
		return k.failed
	case err == nil:
		return nil
	default: // the wait for the next attempt ended early, or the next attempt was not admitted
		return &interruptedError{operation: k.op.name(), ended: k.notSent(err), last: k.failed}
	}
}

// notSent wraps why an attempt was not begun.
func (k *call) notSent(err error) error {
	if ctxErr := k.ctx.Err(); ctxErr != nil {
		return k.contextError()
	}
	return asLimitError(err, k.op.name())
}

// admit makes a request ready for one attempt: the limiter's consent and the credential.
func (k *call) admit(req *http.Request) error {
	asked := time.Now()
	cred, err := k.credential()
	if err != nil {
		return err
	}
	k.key = cred.key
	k.key.Class = k.op.Class
	if err := k.client.cfg.limiter.Wait(k.ctx, k.key, k.policy.MaxDelay); err != nil {
		return err
	}
	k.allowed = true
	k.started = time.Now()
	k.waited = k.started.Sub(asked)
	if k.cfg.held != nil {
		*k.cfg.held += k.waited
	}
	if k.waited > time.Millisecond { // long enough for a rotation
		if cred, err = k.credential(); err != nil {
			k.releaseLimit(false)
			return err
		}
		if now := (pace.Key{Host: cred.key.Host, Credential: cred.key.Credential, Class: k.op.Class}); now != k.key {
			k.releaseLimit(false)
			k.key = now // whose limit the attempt counts against
		}
	}
	if err := k.ctx.Err(); err != nil { // whether or not source and limiter looked
		k.releaseLimit(false)
		return err
	}
	k.cred = cred
	k.attempts++
	name := k.client.header
	if value := cred.header(); value != nil {
		req.Header[name] = value
	} else {
		delete(req.Header, name) // an earlier attempt may have had one
	}
	return nil
}

// prepareRetry waits for the next attempt and makes the request ready for it. The headers of the last one may
// still be being read, so they are copied.
func prepareRetry(req *http.Request) error {
	k := callOf(req.Context())
	if k.delay > 0 {
		if err := retry.Wait(k.ctx, k.delay); err != nil {
			return err
		}
		if k.cfg.held != nil {
			*k.cfg.held += k.delay
		}
	}
	req.Header = req.Header.Clone()
	return k.admit(req)
}

// noBackoff leaves the wait to prepareRetry: go-retryablehttp does not say here which call it is for.
func noBackoff(time.Duration, time.Duration, int, *http.Response) time.Duration { return 0 }

// beginRoundTrip gives the context of the attempt; the hops of a redirect share it.
func (k *call) beginRoundTrip() context.Context {
	if k.attempt != nil {
		return k.attempt
	}
	k.attempt, k.cancel = k.limited()
	k.watchStall()
	k.progress.Reset()
	k.progress.wrote.Store(false)
	trace := httptrace.ClientTrace{ // one for each attempt: a dial that goes on behind the last one still reads its own
		GetConn: k.progress.getConn, GotConn: k.progress.Given, TLSHandshakeDone: k.progress.HandshakeDone,
	}
	if k.effect != EffectRead {
		trace.GotConn, trace.WroteHeaderField = k.progress.gotConn, k.progress.wroteHeader
	}
	k.attempt = httptrace.WithClientTrace(k.attempt, &trace)
	return k.attempt
}

// limited is the context of an attempt. That of a stream lasts beyond the headers, where its clock is stopped.
func (k *call) limited() (context.Context, context.CancelFunc) {
	if !k.open {
		return context.WithTimeoutCause(&k.request, k.cfg.timeout, ErrAttemptTimeout)
	}
	ctx, cancel := context.WithCancelCause(&k.request)
	clock := time.AfterFunc(k.cfg.timeout, func() { cancel(ErrAttemptTimeout) })
	k.stopClock = clock.Stop
	return ctx, func() {
		clock.Stop()
		cancel(nil)
	}
}

// release gives back what the call held.
func (k *call) release() {
	if k.kept {
		return
	}
	if k.cancel != nil {
		k.cancel()
	}
	if k.allowed { // something panicked
		k.releaseLimit(true)
	}
	if k.buffer != nil && cap(k.body) <= maxPooledBuffer {
		*k.buffer = k.body[:0]
		k.client.conn.buffers.Put(k.buffer)
	} else if !k.bodyTaken {
		keepSpare(k.body, k.spares())
	}
	k.body, k.buffer = nil, nil
}

// readAnswer takes the answer of an attempt in, to the end or to the limit.
func (k *call) readAnswer(resp *http.Response) error {
	defer resp.Body.Close()
	k.status, k.header = resp.StatusCode, resp.Header
	k.answer = resp
	limit, kept := k.client.cfg.maxBody, int64(maxKeptBody)
	failed := k.status < 200 || k.status > 299
	if failed {
		limit = k.client.cfg.maxErrorBody
		kept = limit
	}
	if k.buffer == nil {
		if k.buffer, _ = k.client.conn.buffers.Get().(*[]byte); k.buffer == nil {
			k.buffer = new([]byte)
		}
	}
	var err error
	k.body, err = readAll(resp.Body, (*k.buffer)[:0], resp.ContentLength, limit, kept, k.spares())
	resp.Body = http.NoBody
	if errors.Is(err, ErrBodyTooLarge) && failed {
		return nil // enough of an error was read
	}
	return err
}

// contextError is the caller's context error, together with its cause where that says more.
func (k *call) contextError() error {
	err, cause := k.ctx.Err(), context.Cause(k.ctx)
	if errors.Is(cause, err) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}

// transportError is the error for an attempt without a usable answer.
func (k *call) transportError(err error) error {
	cause := k.cred.hideError(k.cause(err))
	return &TransportError{
		Operation: k.op.name(), Method: k.op.method(), Route: k.op.route(),
		Origin:         origin(k.client.base),
		Proxy:          proxyOf(cause),
		Attempts:       k.attempts,
		OutcomeUnknown: k.effect != EffectRead && k.outcomeUncertain,
		cause:          cause,
	}
}

// cause is why an attempt broke off: its context where that ended, rather than what came of it.
func (k *call) cause(err error) error {
	switch {
	case k.ctx.Err() != nil:
		return k.contextError()
	case k.attempt != nil && errors.Is(context.Cause(k.attempt), ErrAttemptTimeout):
		return context.Cause(k.attempt)
	}
	return k.describe(err)
}

// surelyNotSent reports whether nothing of the request reached the server.
func (k *call) surelyNotSent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return true
	}
	var described *netfailure.Error
	if errors.As(err, &described) && described.NotSent {
		return true
	}
	if refusedStream(err) {
		return true
	}
	if k.attempt != nil && k.attempt.Err() != nil && k.progress.WasGiven() {
		return false // an attempt that is cut off may be writing at this moment
	}
	return k.progress.WasAsked() && !k.progress.wrote.Load()
}

// http2StreamError has the fields of net/http's own HTTP/2 stream error, which copies itself into such a type.
type http2StreamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (http2StreamError) Error() string { return "http2: stream error" }

// refusedStream reports whether err has the HTTP/2 code of a server that did not process the request.
func refusedStream(err error) bool {
	const refused = 7
	var stream http2StreamError
	return errors.As(err, &stream) && stream.Code == refused
}
