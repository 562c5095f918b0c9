package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/interchange-sdk/interchange-go/internal/netfailure"
	"github.com/interchange-sdk/interchange-go/internal/retry"
	"github.com/interchange-sdk/interchange-go/internal/wire"
	"github.com/interchange-sdk/interchange-go/pace"
)

// Version is the version of this module, as the User-Agent shows it.
const Version = "0.1.0"

const (
	defaultTimeout      = time.Minute
	defaultMaxBody      = 32 << 20
	defaultMaxErrorBody = 1 << 20
	defaultSeatHeader   = "X-Scope3-Seat-Id"
	bearerHeader        = "Authorization"
)

// Client is a connection to the platform. It is immutable and safe for concurrent use; make one with [New] and share
// it. Calls of a nil or zero Client return a [*ParamError].
type Client struct {
	// core is behind a func: dumpers that use reflection would find credentials in the buffers of its connections.
	core func() *core
}

// core holds the parts of a Client.
type core struct {
	cfg    config
	base   *url.URL
	conn   *connection
	creds  *credentials
	header string // what the credential goes in
	agent  []string
	policy RetryPolicy
}

// connection holds the state that derived Clients share.
type connection struct {
	http    *retryablehttp.Client
	raw     http.RoundTripper
	quota   *retry.Quota
	buffers sync.Pool // of *[]byte, for bodies
	spares  sync.Pool // of *[]byte, for those that are longer than maxPieces
}

// New makes a Client. All options are checked, and everything wrong with them is returned at once. It does not
// touch the network, nor the environment unless [FromEnv] is among the options.
func New(opts ...Option) (*Client, error) {
	c := &core{cfg: config{
		seatHeader:     defaultSeatHeader,
		userAgent:      "interchange-go/" + Version + " (" + runtime.Version() + ")",
		maxBody:        defaultMaxBody,
		maxErrorBody:   defaultMaxErrorBody,
		call:           callConfig{timeout: defaultTimeout},
		newConnection:  true,
		newCredentials: true,
	}}
	return c.build(opts)
}

// With derives a Client with further options. It shares the connections, the limiter and the token source, as far
// as the options do not replace them.
func (c *Client) With(opts ...Option) (*Client, error) {
	in := c.in()
	if in == nil {
		return nil, errNotMade
	}
	derived := *in
	derived.cfg.newConnection, derived.cfg.newCredentials = false, false
	return derived.build(opts)
}

// ForSeat derives a Client whose calls act for one seat, see [WithSeat], also for what that does not narrow. An id that
// cannot be sent is reported by the calls.
func (c *Client) ForSeat(id ID) *Client {
	in := c.in()
	if in == nil {
		return new(Client) // its calls return the error
	}
	derived := *in
	WithSeat(id).applyCall(&derived.cfg.call)
	return derived.client()
}

// build applies options to a fresh copy of a Client.
func (c *core) build(opts []Option) (*Client, error) {
	cfg := &c.cfg
	cfg.errs = nil
	before := cfg.profile
	for _, o := range opts {
		if o != nil {
			o.apply(cfg)
		}
	}
	cfg.checkProfile(before, c.creds != nil)
	api := cfg.profile.spec()
	base, err := cmp.Or(cfg.environment, api.environment).parse()
	if err != nil {
		cfg.fail(err)
	} else {
		cfg.checkHost(base.Hostname())
	}
	switch source := cfg.source.(type) {
	case nil:
		if !errors.Is(errors.Join(cfg.errs...), ErrNoToken) {
			cfg.fail(errNoCredential)
		}
	case envToken: // of all sources this one can tell now
		if _, err := source.read(); err != nil {
			cfg.fail(err)
		}
	}
	if len(cfg.call.issues) > 0 {
		cfg.fail(&ParamError{Operation: "options", Issues: cfg.call.issues})
	}
	if err := errors.Join(cfg.errs...); err != nil {
		return nil, err
	}
	c.base = base
	c.header = cmp.Or(cfg.keyHeader, api.keyHeader, bearerHeader)
	c.agent = []string{cfg.userAgent}
	c.policy = cfg.call.retry.withDefaults()
	if cfg.limiter == nil {
		cfg.limiter = new(pace.Limiter)
	}
	if cfg.newConnection {
		if cfg.transport == nil {
			cfg.transport = NewTransport()
		}
		c.conn = newConnection(cfg.transport)
	}
	if cfg.newCredentials {
		scheme := ""
		if c.header == bearerHeader {
			scheme = "Bearer "
		}
		c.creds = newCredentials(cfg.source, scheme, base.Host, api)
	}
	return c.client(), nil
}

func (c *core) client() *Client { return &Client{core: func() *core { return c }} }

// in returns what the Client consists of, or nil for a nil or zero Client.
func (c *Client) in() *core {
	if c == nil || c.core == nil {
		return nil
	}
	return c.core()
}

func newConnection(transport http.RoundTripper) *connection {
	return &connection{
		raw:   transport,
		quota: retry.NewQuota(retryQuota),
		http: &retryablehttp.Client{
			HTTPClient: &http.Client{
				Transport:     attemptTransport{netfailure.Direct(transport), newSpareTransport(transport)},
				CheckRedirect: checkRedirect,
			},
			RetryMax:     math.MaxInt32, // CheckRetry decides
			CheckRetry:   checkRetry,
			Backoff:      noBackoff,
			PrepareRetry: prepareRetry,
			ErrorHandler: retryablehttp.PassthroughErrorHandler,
		},
	}
}

// BaseURL returns the base URL of the Client's calls, without the path of an operation.
func (c *Client) BaseURL() string {
	in := c.in()
	if in == nil {
		return ""
	}
	return in.base.String()
}

// Transport returns what the Client's requests go through, without credentials or retries: to reach other services
// through the same proxies and with the same trust.
func (c *Client) Transport() http.RoundTripper {
	in := c.in()
	if in == nil {
		return notMade{}
	}
	return in.conn.raw
}

// Limiter returns the Limiter of the Client, so that another one can wrap it.
func (c *Client) Limiter() Limiter {
	in := c.in()
	if in == nil {
		return notMade{}
	}
	return in.cfg.limiter
}

// CloseIdleConnections closes the connections that no call uses. Later calls open new ones. Tests that look for leaks
// and programs that are done need it.
func (c *Client) CloseIdleConnections() {
	if idle, ok := c.Transport().(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

// Token returns the token that the next attempt would carry.
func (c *Client) Token(ctx context.Context) (Token, error) {
	in := c.in()
	switch {
	case in == nil:
		return Token{}, errNotMade
	case ctx == nil:
		return Token{}, errors.New("interchange: context must not be nil")
	}
	cred, err := in.creds.get(ctx)
	if err != nil {
		return Token{}, err
	}
	return cred.token, nil
}

// String shows the base URL, the seat and the token that was used last, or the one it was given.
func (c *Client) String() string {
	in := c.in()
	if in == nil {
		return "client without options"
	}
	token, _ := in.creds.source.(staticToken)
	if used := in.creds.current.Load(); used != nil {
		token.token = used.token
	}
	seat := wire.Printable(in.cfg.call.seat, 64)
	if seat != "" {
		seat = ", seat " + seat
	}
	return fmt.Sprint("client of ", in.base, seat, ", token ", token.token)
}

// Format shows String, whatever the verb.
func (c *Client) Format(f fmt.State, verb rune) { wire.Format(f, verb, c.String()) }

// LogValue shows String.
func (c *Client) LogValue() slog.Value { return slog.StringValue(c.String()) }
