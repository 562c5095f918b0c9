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
	maxAnswer      = 1 << 20
	// defaultLife is assumed of a token that comes without expires_in, which RFC 6749 §5.1 only recommends: short,
	// as a fetch too many is cheap, and a token that ends sooner is replaced when it is refused.
	defaultLife = 5 * time.Minute
	// minLife bounds the requests to an endpoint whose tokens end at once.
	minLife = time.Second
)

// grant is a token that was given.
type grant struct {
	token client.Token
	life  time.Duration
	asked time.Time // from when on its life is counted: the endpoint's clock began no sooner
}

// ask asks for a token, again where the failure may pass.
//
// The one POST is made here rather than by golang.org/x/oauth2/clientcredentials: that quotes the body of a failure
// in its errors, follows redirects with the secret in the form, would be a fourth module linked into programs that
// only call REST, and the retries around it would have to take its errors apart for the status.
func (c *Config) ask(ctx context.Context) (grant, error) {
	for n := 1; ; n++ {
		granted, err := c.askOnce(ctx)
		if err == nil {
			return granted, nil
		}
		err.Attempts = n
		if n == maxAttempts || !err.passing() || ctx.Err() != nil {
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

func (c *Config) askOnce(ctx context.Context) (grant, *Error) {
	ctx, cancel := context.WithTimeoutCause(ctx, attemptTimeout, client.ErrAttemptTimeout)
	defer cancel()
	req, err := c.request(ctx)
	if err != nil {
		return grant{}, &Error{reason: "the request cannot be made", final: true}
	}
	watch := new(netfailure.Watch)
	req = req.WithContext(httptrace.WithClientTrace(ctx, watch.Trace()))
	asked := time.Now()
	// The RoundTripper itself: an http.Client would follow redirects with the secret in the form, and quote those it
	// cannot follow.
	resp, err := netfailure.Direct(revealed(c.Transport)).RoundTrip(req)
	switch {
	case err != nil:
		return grant{}, c.brokenOff(req, watch, err)
	case resp == nil:
		return grant{}, &Error{reason: "the transport returned neither a response nor an error", final: true}
	case resp.Body == nil:
		resp.Body = http.NoBody
	}
	watch.Answered()
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return grant{}, c.brokenOff(req, watch, err)
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

// read makes a token or an error of an answer.
func (c *Config) read(resp *http.Response, body []byte) (grant, *Error) {
	failed := &Error{StatusCode: resp.StatusCode}
	if d, ok := wire.RetryAfter(resp.Header, time.Now()); ok {
		failed.RetryAfter = d
	}
	switch {
	case resp.StatusCode/100 == 3:
		failed.reason = "redirects are not followed"
		return grant{}, failed
	case len(body) > maxAnswer:
		failed.reason = "the answer is larger than 1 MiB"
		return grant{}, failed
	}
	a, reason := readAnswer(body)
	// An endpoint that quotes what it refuses does not bring the secret into the error.
	if !strings.Contains(a.code, c.ClientSecret.text.Reveal()) {
		failed.Code = wire.Printable(a.code, maxCode)
	}
	switch {
	case resp.StatusCode/100 != 2:
		return grant{}, failed
	case reason != "":
		failed.reason = reason
		return grant{}, failed
	}
	return grant{token: a.token, life: a.life}, nil
}

const maxCode = 64

// answer is a response of the token endpoint (RFC 6749 §5.1 and §5.2).
type answer struct {
	code  string // of a failure
	token client.Token
	life  time.Duration
}

// readAnswer reads a response of either kind. The reason why there is no token quotes nothing of it.
func readAnswer(body []byte) (a answer, reason string) {
	o, ok := oauth.ParseObject(body)
	if !ok {
		return a, "the response is not a JSON object"
	}
	a.code = o.ErrorCode()
	granted, reason := oauth.ReadToken(o)
	if reason != "" {
		return a, reason
	}
	token, err := client.ParseToken(granted.AccessToken)
	if err != nil {
		token, err = client.ParseOpaqueToken(granted.AccessToken)
	}
	if err != nil {
		return a, "the access_token cannot stand in a header"
	}
	a.token, a.life = token, max(granted.Lifetime, minLife)
	if granted.Lifetime <= 0 {
		a.life = defaultLife
	}
	return a, ""
}
