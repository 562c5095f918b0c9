package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"

	"github.com/interchange-sdk/interchange-go/client"
	oauthjson "github.com/interchange-sdk/interchange-go/internal/oauth"
)

const (
	// ConsentLimit bounds the time a person may take.
	ConsentLimit = 5 * time.Minute
	// failureHold is the time during which later callers get the same failure: they were refused before it.
	failureHold = time.Second
)

// Authorizer obtains, holds and renews tokens: give it to mcpclient.WithOAuth. Several sessions on the same base URL
// may share it; a person then consents once for all of them. It is safe for concurrent use.
//
// A token that the platform refuses with 401 is replaced only if it is at least 30 seconds old: a platform that refuses
// every token must not cause a token request, or a question to the person, for each call.
type Authorizer struct {
	hidden func() *flow // a func, because printers that use reflection do not look there
}

// FromHandler returns an Authorizer that asks a handler of the MCP library, such as those of its package extauth. Those
// are not safe for concurrent use, so the handler is called once at a time.
func FromHandler(h auth.OAuthHandler) (*Authorizer, error) {
	if h == nil {
		return nil, errors.New("interchange: OAuth: the handler is nil")
	}
	f := newFlow()
	f.handler = h
	return &Authorizer{func() *flow { return f }}, nil
}

var errNotMade = errors.New("interchange: OAuth: the Authorizer must be made with New or FromHandler")

// Bind ties the Authorizer to the base URL and the transport of c. mcpclient calls it. It returns an error if the
// Authorizer already serves another base URL, whose tokens must not be sent to this one.
func (a *Authorizer) Bind(c *client.Client) error {
	if a == nil || a.hidden == nil {
		return errNotMade
	}
	f := a.hidden()
	f.mu.Lock()
	defer f.mu.Unlock()
	switch base := c.BaseURL(); f.base {
	case base:
	case "":
		f.base = base
		if f.own != nil {
			f.own.http = newHTTPClient(c.Transport())
		}
	default:
		return errors.New("interchange: OAuth: the Authorizer is in use with another base URL: make one for each")
	}
	return nil
}

// Token returns the current token, or [client.Anonymous] while there is none. It waits for a renewal as long as ctx
// allows; one renewal serves all callers. It does not wait for a person.
func (a *Authorizer) Token(ctx context.Context) (client.Token, error) {
	if a == nil || a.hidden == nil {
		return client.Token{}, errNotMade
	}
	return a.hidden().token(ctx)
}

// Authorize handles the response to a request that was sent with the token refused; mcpclient calls it. It reports
// whether there is another token now, with which to repeat the request. There is none for a 403 that is not about
// scopes, nor for a response without its request. It closes the body of the response.
//
// All refused callers share one consent. It continues while any of them waits, and ends with the last one.
func (a *Authorizer) Authorize(
	ctx context.Context, refused client.Token, resp *http.Response,
) (changed bool, err error) {
	defer resp.Body.Close()
	if a == nil || a.hidden == nil {
		return false, errNotMade
	}
	if resp.Request == nil {
		return false, nil
	}
	return a.hidden().authorize(ctx, refused, resp)
}

// flow is the state of an Authorizer.
type flow struct {
	handler  auth.OAuthHandler
	resource *url.URL
	limit    time.Duration // of a consent
	minAge   time.Duration // of a refused token that is replaced, after one that was not that old

	// busy is held while calling the handler. It is a channel, so that waiting for it can end. It guards own and
	// forced.
	busy   chan struct{}
	own    *codeHandler // the handler if it is this package's, else nil
	forced client.Token // from a renewal before the previous token expired

	mu          sync.Mutex
	base        string        // of the platform; empty before Bind
	held        *heldToken    // nil while there is none
	replaced    time.Time     // when a refused token was last replaced before its end
	renewal     *tokenRenewal // in progress
	renewErr    error         // of the last one, until renewErrEnd
	renewErrEnd time.Time
	consent     *consent // in progress
	consentErr  error    // of the last one, until consentEnd
	consentEnd  time.Time
}

type tokenRenewal struct {
	done chan struct{}
	held *heldToken
	err  error
}

type consent struct {
	done    chan struct{}
	err     error
	waiting int
	stop    context.CancelCauseFunc
}

func newFlow() *flow {
	return &flow{limit: ConsentLimit, minAge: oauthjson.MinTokenAge, busy: make(chan struct{}, 1)}
}

func (f *flow) token(ctx context.Context) (client.Token, error) {
	f.mu.Lock()
	switch held := f.held; {
	case held.fresh():
		f.mu.Unlock()
		return held.token, nil
	case f.consent != nil: // a caller refused without a token waits in authorize
		f.mu.Unlock()
		return client.Anonymous(), nil
	case ctx.Err() != nil:
		f.mu.Unlock()
		return client.Token{}, fmt.Errorf("interchange: OAuth: waiting for a token: %w", ctx.Err())
	case f.renewal == nil && time.Now().Before(f.renewErrEnd):
		defer f.mu.Unlock()
		return client.Token{}, f.renewErr
	case f.renewal == nil:
		f.renewal = &tokenRenewal{done: make(chan struct{})}
		go f.renew(context.WithoutCancel(ctx), f.renewal, f.held)
	}
	r := f.renewal
	f.mu.Unlock()
	select {
	case <-r.done:
	case <-ctx.Done():
		return client.Token{}, fmt.Errorf("interchange: OAuth: waiting for a token: %w", ctx.Err())
	}
	switch {
	case r.err != nil:
		return client.Token{}, r.err
	case r.held == nil:
		return client.Anonymous(), nil
	}
	return r.held.token, nil
}

// renew asks the handler for its token. Token sources take no context; the timeout of their HTTP client bounds the
// call.
func (f *flow) renew(ctx context.Context, r *tokenRenewal, last *heldToken) {
	f.busy <- struct{}{}
	defer func() { <-f.busy }() // after the outcome is stored, so that outcomes stay in order
	r.held, r.err = f.ask(ctx, last)
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.err != nil {
		r.err = cleanError("no token", r.err)
		f.renewErr, f.renewErrEnd = r.err, time.Now().Add(failureHold)
	} else {
		f.hold(r.held)
	}
	f.renewal = nil
	close(r.done)
}

// hold stores a token. A token that is held already keeps its age. The caller holds f.mu.
func (f *flow) hold(next *heldToken) {
	if next != nil {
		next.since = time.Now()
		if f.held != nil && f.held.token == next.token {
			next.since = f.held.since
		}
	}
	f.held = next
}

// ask returns the handler's token, nil if it has none. The caller holds busy.
func (f *flow) ask(ctx context.Context, last *heldToken) (*heldToken, error) {
	source, err := f.handler.TokenSource(ctx)
	if err != nil || source == nil {
		return nil, err
	}
	t, err := source.Token()
	if err == nil {
		return holdToken(t)
	}
	var network *url.Error
	switch {
	case errors.Is(err, errTokenEnded), refreshRefused(err):
		return nil, nil
	case errors.Is(err, context.Canceled):
		// The handlers of extauth make token sources that live under the context of the Authorize they were made in.
		// They give their first token and cannot renew it; Authorize can.
		return nil, nil
	case !errors.As(err, &network) && last != nil && !last.refreshToken:
		return nil, nil // expired, and there is no refresh token
	}
	return nil, err
}

func (f *flow) authorize(ctx context.Context, refused client.Token, resp *http.Response) (bool, error) {
	req := resp.Request
	challenges, header := readChallenges(resp.Header)
	stepUp := resp.StatusCode == http.StatusForbidden && challengeParameter(challenges, "error") == "insufficient_scope"
	if resp.StatusCode != http.StatusUnauthorized && !stepUp {
		return false, nil
	}
	if f.resource != nil && !sameOrigin(f.resource, req.URL) {
		return false, &Error{step: "no consent", reason: "Resource is on another origin than the endpoint"}
	}
	f.mu.Lock()
	switch {
	case f.held.fresh() && f.held.token != refused:
		f.mu.Unlock()
		return true, nil
	case !stepUp && f.consent == nil && f.held.fresh() && time.Since(f.held.since) < f.minAge &&
		time.Since(f.replaced) < f.minAge:
		f.mu.Unlock()
		return false, nil // the next token is likely to be refused, too
	case ctx.Err() != nil:
		f.mu.Unlock()
		return false, fmt.Errorf("interchange: OAuth: waiting for consent: %w", ctx.Err())
	case f.consent == nil && time.Now().Before(f.consentEnd):
		defer f.mu.Unlock()
		return false, f.consentErr
	case f.consent == nil:
		if !stepUp && f.held.fresh() {
			f.replaced = time.Now()
		}
		f.begin(ctx, refused, stepUp, req, &http.Response{
			Status: resp.Status, StatusCode: resp.StatusCode, Header: header,
			Proto: resp.Proto, ProtoMajor: resp.ProtoMajor, ProtoMinor: resp.ProtoMinor,
			Body: http.NoBody, // handlers read it to the end, and a stream has none
		})
	}
	c := f.consent
	c.waiting++
	f.mu.Unlock()
	select {
	case <-c.done:
	case <-ctx.Done():
		f.leave(c)
		return false, fmt.Errorf("interchange: OAuth: waiting for consent: %w", ctx.Err())
	}
	if c.err != nil {
		return false, c.err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.held != nil && f.held.token != refused, nil
}

// errNobodyWaits ends a consent that all callers have left.
var errNobodyWaits = errors.New("no call waits for the consent any more")

// leave removes a caller from a consent, and ends the consent with the last one. The next caller begins another.
func (f *flow) leave(c *consent) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.waiting--; c.waiting == 0 {
		c.stop(errNobodyWaits)
		if f.consent == c {
			f.consent = nil
		}
	}
}

// begin starts a consent. The caller holds f.mu.
func (f *flow) begin(
	ctx context.Context, refused client.Token, stepUp bool, req *http.Request, resp *http.Response,
) {
	ctx, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	c := &consent{done: make(chan struct{}), stop: stop}
	f.consent = c
	last := f.held
	req = req.Clone(ctx)
	req.Body = nil
	resp.Request = req
	go func() {
		defer stop(nil)
		late := &Error{reason: fmt.Sprintf("there was no consent within %s", f.limit)}
		ctx, cancel := context.WithTimeoutCause(ctx, f.limit, late)
		defer cancel()
		var (
			held *heldToken
			err  error
		)
		select {
		case f.busy <- struct{}{}:
			defer func() { <-f.busy }()
			held, err = f.obtain(ctx, last, refused, stepUp, req.WithContext(ctx), resp)
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		if err != nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		f.finish(c, held, err)
	}()
}

func (f *flow) finish(c *consent, held *heldToken, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err == nil:
		f.hold(held)
		f.consentErr, f.consentEnd = nil, time.Time{}
	case !errors.Is(err, errNobodyWaits):
		c.err = cleanError("no consent", err)
		f.consentErr, f.consentEnd = c.err, time.Now().Add(failureHold)
	default:
		c.err = err
	}
	if f.consent == c {
		f.consent = nil
	}
	close(c.done)
}

// obtain returns a token other than the refused one: one the handler already has, else one for its refresh token, else
// one by a consent. The caller holds busy.
func (f *flow) obtain(
	ctx context.Context, last *heldToken, refused client.Token, stepUp bool, req *http.Request, resp *http.Response,
) (*heldToken, error) {
	held, err := f.ask(ctx, last)
	switch {
	case err != nil: // not refused, only unavailable
		return nil, cleanError("no token", err)
	case held.fresh() && held.token != refused:
		return held, nil
	}
	// The platform may refuse a token early. If the refresh token is still good, no person needs to be asked. This is
	// tried once, because a platform that refuses every token would otherwise never lead to the person.
	if f.own != nil && f.own.source != nil && !stepUp && refused != f.forced && refused != client.Anonymous() {
		switch t, err := f.own.source.replace(ctx, refused.Reveal()); {
		case err == nil:
			if held, err := holdToken(t); err == nil && held.fresh() && held.token != refused {
				f.forced = held.token
				return held, nil
			}
		case !errors.Is(err, errTokenEnded) && !refreshRefused(err):
			return nil, cleanError("no token", err)
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err := f.handler.Authorize(ctx, req, resp); err != nil {
		return nil, err
	}
	held, err = f.ask(ctx, last)
	if err == nil && held == nil {
		err = &Error{reason: "the authorization server gave no token"}
	}
	return held, err
}
