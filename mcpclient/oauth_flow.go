package mcpclient

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
)

const (
	// consentLimit bounds the time a person may take.
	consentLimit = 5 * time.Minute
	// oauthFailureHold is the time during which later callers get the same failure: they were refused before it.
	oauthFailureHold = time.Second
)

// authorizer is a token source backed by an OAuth handler. At first it has no token. Its state is behind a func because
// printers that use reflection do not look there; the library's types keep tokens in exported fields.
type authorizer struct{ hidden func() *oauthFlow }

// newHandlerAuthorizer uses any handler, such as those of the library's package extauth. Those are not safe for
// concurrent use, so a handler is called once at a time.
func newHandlerAuthorizer(h auth.OAuthHandler) *authorizer {
	flow := newOAuthFlow()
	flow.handler = h
	return &authorizer{func() *oauthFlow { return flow }}
}

// Token returns the current token, or client.Anonymous while there is none. It waits for a renewal as long as ctx
// allows; one renewal serves all callers. It does not wait for a person.
func (a *authorizer) Token(ctx context.Context) (client.Token, error) { return a.hidden().token(ctx) }

// authorize handles the response to a refused request, which had the token refused. It reports whether there is another
// token now, with which to repeat the request. There is none for a 403 that is not about scopes, nor without a request.
// It closes the body of the response.
//
// All refused callers share one consent. It continues while any of them waits, and ends with the last one.
func (a *authorizer) authorize(
	ctx context.Context, refused client.Token, req *http.Request, resp *http.Response,
) (changed bool, err error) {
	defer resp.Body.Close()
	if req == nil {
		return false, nil
	}
	return a.hidden().authorize(ctx, refused, req, resp)
}

type oauthFlow struct {
	handler  auth.OAuthHandler
	resource *url.URL
	limit    time.Duration

	// busy is held while calling the handler. It is a channel, so that waiting for it can end. It guards own and forced.
	busy   chan struct{}
	own    *codeHandler // the handler if it is this package's, else nil
	forced client.Token // from a renewal before the previous token expired

	mu          sync.Mutex
	held        *heldToken    // nil while there is none
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

func newOAuthFlow() *oauthFlow {
	return &oauthFlow{limit: consentLimit, busy: make(chan struct{}, 1)}
}

func (f *oauthFlow) token(ctx context.Context) (client.Token, error) {
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
func (f *oauthFlow) renew(ctx context.Context, r *tokenRenewal, last *heldToken) {
	f.busy <- struct{}{}
	defer func() { <-f.busy }() // after the outcome is stored, so that outcomes stay in order
	r.held, r.err = f.ask(ctx, last)
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.err != nil {
		r.err = cleanOAuthError("no token", r.err)
		f.renewErr, f.renewErrEnd = r.err, time.Now().Add(oauthFailureHold)
	} else {
		f.held = r.held
	}
	f.renewal = nil
	close(r.done)
}

// ask returns the handler's token, nil if it has none. The caller holds busy.
func (f *oauthFlow) ask(ctx context.Context, last *heldToken) (*heldToken, error) {
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
		// The handlers of extauth make token sources that live under the context of the Authorize they were made in. They
		// give their first token and cannot renew it; Authorize can.
		return nil, nil
	case !errors.As(err, &network) && last != nil && !last.refreshToken:
		return nil, nil // expired, and there is no refresh token
	}
	return nil, err
}

func (f *oauthFlow) authorize(
	ctx context.Context, refused client.Token, req *http.Request, resp *http.Response,
) (bool, error) {
	challenges, header := readChallenges(resp.Header)
	stepUp := resp.StatusCode == http.StatusForbidden && challengeParameter(challenges, "error") == "insufficient_scope"
	if resp.StatusCode != http.StatusUnauthorized && !stepUp {
		return false, nil
	}
	if f.resource != nil && !sameOAuthOrigin(f.resource, req.URL) {
		return false, &OAuthError{step: "no consent", reason: "Resource is on another origin than the endpoint"}
	}
	f.mu.Lock()
	switch {
	case f.held.fresh() && f.held.token != refused:
		f.mu.Unlock()
		return true, nil
	case ctx.Err() != nil:
		f.mu.Unlock()
		return false, fmt.Errorf("interchange: OAuth: waiting for consent: %w", ctx.Err())
	case f.consent == nil && time.Now().Before(f.consentEnd):
		defer f.mu.Unlock()
		return false, f.consentErr
	case f.consent == nil:
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
func (f *oauthFlow) leave(c *consent) {
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
func (f *oauthFlow) begin(
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
		late := &OAuthError{reason: fmt.Sprintf("there was no consent within %s", f.limit)}
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

func (f *oauthFlow) finish(c *consent, held *heldToken, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err == nil:
		f.held = held
		f.consentErr, f.consentEnd = nil, time.Time{}
	case !errors.Is(err, errNobodyWaits):
		c.err = cleanOAuthError("no consent", err)
		f.consentErr, f.consentEnd = c.err, time.Now().Add(oauthFailureHold)
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
func (f *oauthFlow) obtain(
	ctx context.Context, last *heldToken, refused client.Token, stepUp bool, req *http.Request, resp *http.Response,
) (*heldToken, error) {
	held, err := f.ask(ctx, last)
	switch {
	case err != nil: // not refused, only unavailable
		return nil, cleanOAuthError("no token", err)
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
			return nil, cleanOAuthError("no token", err)
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
		err = &OAuthError{reason: "the authorization server gave no token"}
	}
	return held, err
}
