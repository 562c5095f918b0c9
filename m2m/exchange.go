package m2m

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/netfailure"
	"github.com/interchange-sdk/interchange-go/internal/oauth"
	"github.com/interchange-sdk/interchange-go/internal/retry"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

const (
	maxAttempts    = 4
	attemptTimeout = 10 * time.Second
	backoffBase    = 250 * time.Millisecond
	backoffLimit   = 4 * time.Second
	maxResponse    = 1 << 20
	// defaultLife applies to a token without expires_in, which RFC 6749 §5.1 only recommends. It is short, because an
	// additional fetch is cheap.
	defaultLife = 5 * time.Minute
	// minLife limits the requests to an endpoint whose tokens end immediately.
	minLife = time.Second
	maxCode = 64 // characters of an error code
)

// grant is a token from the token endpoint.
type grant struct {
	token client.Token
	life  time.Duration
	asked time.Time // the start of its life, which is no later by the clock of the endpoint
}

// fetch requests a token and retries temporary failures.
//
// It does not use golang.org/x/oauth2/clientcredentials, which quotes response bodies in errors, follows redirects with
// the secret in the form, and would be a fourth module in programs that only call REST.
func (c *Config) fetch(ctx context.Context) (grant, error) {
	for n := 1; ; n++ {
		granted, err := c.attempt(ctx)
		if err == nil {
			return granted, nil
		}
		err.Attempts = n
		if n == maxAttempts || !err.temporary() || ctx.Err() != nil {
			return grant{}, err
		}
		delay := max(retry.Backoff(n, backoffBase, backoffLimit), err.RetryAfter)
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= delay {
			return grant{}, err
		}
		if retry.Wait(ctx, delay) != nil {
			return grant{}, err
		}
	}
}

func (c *Config) attempt(ctx context.Context) (grant, *Error) {
	ctx, cancel := context.WithTimeoutCause(ctx, attemptTimeout, client.ErrAttemptTimeout)
	defer cancel()
	req, err := c.request(ctx)
	if err != nil {
		return grant{}, &Error{reason: "the request cannot be made", final: true}
	}
	watch := new(netfailure.Watch)
	req = req.WithContext(httptrace.WithClientTrace(ctx, watch.Trace()))
	asked := time.Now()
	// An http.Client would follow redirects with the secret in the form.
	resp, err := netfailure.Direct(c.transport()).RoundTrip(req)
	switch {
	case err != nil:
		return grant{}, c.transportError(req, watch, err)
	case resp == nil:
		return grant{}, &Error{reason: "the transport returned neither a response nor an error", final: true}
	case resp.Body == nil:
		resp.Body = http.NoBody
	}
	watch.Answered()
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	if err != nil {
		return grant{}, c.transportError(req, watch, err)
	}
	granted, failed := c.read(resp, body)
	granted.asked = asked
	return granted, failed
}

func (c *Config) request(ctx context.Context) (*http.Request, error) {
	form := url.Values{
		"grant_type":    {"client_credentials"},
		"client_id":     {c.ClientID},
		"client_secret": {c.ClientSecret.text.Reveal()},
	}
	if len(c.Scopes) > 0 {
		scopes := make([]string, len(c.Scopes))
		for i, scope := range c.Scopes {
			scopes[i] = string(scope)
		}
		form.Set("scope", strings.Join(scopes, " "))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "interchange-go/"+client.Version)
	return req, nil
}

func (c *Config) read(resp *http.Response, body []byte) (grant, *Error) {
	failed := &Error{StatusCode: resp.StatusCode}
	if d, ok := wire.RetryAfter(resp.Header, time.Now()); ok {
		failed.RetryAfter = d
	}
	switch {
	case resp.StatusCode/100 == 3:
		failed.reason = "redirects are not followed"
		return grant{}, failed
	case len(body) > maxResponse:
		failed.reason = "the response is larger than 1 MiB"
		return grant{}, failed
	}
	granted, code, reason := parseResponse(body)
	if !strings.Contains(code, c.ClientSecret.text.Reveal()) { // the endpoint may quote the request
		failed.Code = wire.Printable(code, maxCode)
	}
	switch {
	case resp.StatusCode/100 != 2:
		return grant{}, failed
	case reason != "":
		failed.reason = reason
		return grant{}, failed
	}
	return granted, nil
}

// parseResponse reads a success or an error of the token endpoint (RFC 6749 §5.1, §5.2). The reason why there is no
// token does not quote the response.
func parseResponse(body []byte) (g grant, code, reason string) {
	o, ok := oauth.ParseObject(body)
	if !ok {
		return g, "", "the response is not a JSON object"
	}
	code = o.ErrorCode()
	granted, reason := oauth.ReadToken(o)
	if reason != "" {
		return g, code, reason
	}
	token, err := client.ParseToken(granted.AccessToken)
	if err != nil {
		token, err = client.ParseOpaqueToken(granted.AccessToken)
	}
	if err != nil {
		return g, code, "the access_token has characters that a header cannot have"
	}
	life := max(granted.Lifetime, minLife)
	if granted.Lifetime <= 0 {
		life = defaultLife
	}
	return grant{token: token, life: life}, code, ""
}
