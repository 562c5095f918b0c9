package client

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/textproto"
	"os"
	"slices"
	"strings"
	"time"
)

// Option configures a Client: see [New] and [Client.With].
type Option interface{ apply(*config) }

// CallOption configures one call.
type CallOption interface{ applyCall(*callConfig) }

// SharedOption configures one call, or, given to [New] or [Client.With], all calls of a Client.
// What is given to a call wins.
type SharedOption interface {
	Option
	CallOption
}

type (
	option       func(*config)
	callOption   func(*callConfig)
	sharedOption func(*callConfig)
)

func (o option) apply(c *config)               { o(c) }
func (o callOption) applyCall(c *callConfig)   { o(c) }
func (o sharedOption) apply(c *config)         { o(&c.call) }
func (o sharedOption) applyCall(c *callConfig) { o(c) }
func (c *config) fail(err error)               { c.errs = append(c.errs, err) }
func (c *callConfig) fail(field, message string) {
	c.issues = append(slices.Clip(c.issues), Issue{field, message})
}

func (c *config) failf(format string, args ...any) {
	c.fail(fmt.Errorf("interchange: "+format, args...))
}

type config struct {
	profile      Profile
	environment  Environment // empty: the profile's
	fromEnv      bool
	unversioned  bool
	source       TokenSource
	keyHeader    string // empty: the profile's
	seatHeader   string
	userAgent    string
	transport    http.RoundTripper
	limiter      Limiter
	hooks        []Hooks
	maxBody      int64
	maxErrorBody int64
	maxListSize  int64
	call         callConfig
	errs         []error

	newConnection, newCredentials bool // what an option changed
}

type callConfig struct {
	seat       string
	header     []headerField
	idempotent bool
	retry      RetryPolicy
	timeout    time.Duration
	stall      stallShare
	responses  []*Response
	prefetch   prefetch
	spares     *spareBuffer   // of a list
	held       *time.Duration // receives the time before attempts
	issues     []Issue
}

// callOptionsOf returns the configuration that the options alone produce.
func callOptionsOf(opts []CallOption) (c callConfig) {
	c.apply(opts)
	return c
}

func (c *callConfig) apply(opts []CallOption) {
	for _, o := range opts {
		if o != nil {
			o.applyCall(c)
		}
	}
}

type headerField struct {
	key   string
	value []string
}

// The environment variables that FromEnv reads.
const (
	EnvAPIKey  = "SCOPE3_API_KEY"
	EnvBaseURL = "SCOPE3_BASE_URL"
)

// FromEnv reads the token from SCOPE3_API_KEY, on every attempt, and the base URL from SCOPE3_BASE_URL (see [BaseURL]).
// If SCOPE3_BASE_URL is not set, the base URL stays the default; if it is set and empty, [New] returns an error.
// Without this option a Client reads no environment variables, except for those of proxies.
func FromEnv() Option {
	return option(func(c *config) {
		c.source, c.newCredentials, c.fromEnv = EnvToken(EnvAPIKey), true, true
		if base, set := os.LookupEnv(EnvBaseURL); set {
			c.setEnvironment(BaseURL(base), EnvBaseURL)
		}
	})
}

// WithToken sends t with every request.
func WithToken(t Token) Option {
	if t.IsZero() {
		return option(func(c *config) { c.fail(fmt.Errorf("%w: the one given is the zero Token", ErrNoToken)) })
	}
	return WithTokenSource(StaticToken(t))
}

// WithTokenSource asks source for the token of every attempt.
func WithTokenSource(source TokenSource) Option {
	return option(func(c *config) {
		if isNil(source) {
			c.fail(fmt.Errorf("%w: the source is nil", ErrNoToken))
		}
		c.source, c.newCredentials = source, true
	})
}

// WithProfile says which API the Client speaks. Default [ProfileInterchange]. It is for [New] only: another API has
// other credentials.
func WithProfile(p Profile) Option {
	return option(func(c *config) { c.profile = p })
}

// WithEnvironment sets the environment. Without it, calls go to [Production], or to [Bullseye] with [ProfilePartner].
// An empty environment is an error, and so is a host of the other API: its credentials must not be mixed up.
func WithEnvironment(e Environment) Option {
	return option(func(c *config) { c.setEnvironment(e, "WithEnvironment") })
}

func (c *config) setEnvironment(e Environment, setting string) {
	if e == "" {
		c.failf("%s: the base URL is empty: set it, or remove %s to use the default", setting, setting)
	}
	c.environment, c.newCredentials = e, true
}

// Unversioned drops the version from the paths, so that calls go to whatever major version is current; the
// platform answers 308, which is followed on its origin. The aliases are documented for the buyer and storefront
// mounts and for MCP (docs/platform.md#hosts); that the shared mount has one too is assumed.
func Unversioned() Option { return option(func(c *config) { c.unversioned = true }) }

// WithKeyHeader sends the bare token in the named header instead of as an Authorization bearer: x-scope3-api-key
// on the first platform's MCP endpoints (docs/platform.md#authentication).
func WithKeyHeader(name string) Option {
	return option(func(c *config) {
		switch {
		case !validHeaderName(name):
			c.failf("the key header's name is not a header name")
		case reservedHeader(name) && !carriesKeys(name):
			c.failf("the key header cannot be %s", textproto.CanonicalMIMEHeaderKey(name))
		}
		c.keyHeader, c.newCredentials = textproto.CanonicalMIMEHeaderKey(name), true
	})
}

// WithSeatHeader names the header in which [WithSeat] sends the seat. Default X-SCOPE3-SEAT-ID: the only one the
// platform's documents mention, without saying that it selects a seat (docs/platform.md#authentication).
func WithSeatHeader(name string) Option {
	return option(func(c *config) {
		if !validHeaderName(name) || reservedHeader(name) {
			c.failf("the seat header's name is not one that can be set")
		}
		c.seatHeader = textproto.CanonicalMIMEHeaderKey(name)
	})
}

// WithApplication puts the caller's name and version into the User-Agent, before this module's.
func WithApplication(name, version string) Option {
	return option(func(c *config) {
		product := strings.TrimSuffix(name+"/"+version, "/")
		if name == "" || !validHeaderValue(product) {
			c.failf("the application's name and version must be printable ASCII")
			return
		}
		c.userAgent = product + " " + c.userAgent
	})
}

// WithTransport sends requests through rt, such as an otelhttp transport around [NewTransport]. It must not follow
// redirects, retry, or set credentials.
func WithTransport(rt http.RoundTripper) Option {
	return option(func(c *config) {
		if isNil(rt) {
			c.failf("the transport is nil")
		}
		c.transport, c.newConnection = rt, true
	})
}

// WithLimiter lets l decide when attempts are sent. Give the same one to several clients to share a budget.
func WithLimiter(l Limiter) Option {
	return option(func(c *config) {
		if isNil(l) {
			c.failf("the limiter is nil")
		}
		c.limiter = l
	})
}

// WithLogger logs every attempt: operation, method, route template, number, status, request id and durations, and
// never an id, query, header or body: answers at debug level, what will be repeated at info, failures at warn.
// Default: nothing is logged.
func WithLogger(l *slog.Logger) Option {
	if l == nil {
		return option(func(*config) {})
	}
	return WithHooks(logHooks{l})
}

// WithHooks adds h to the hooks that are called for every attempt.
func WithHooks(h Hooks) Option {
	return option(func(c *config) {
		if isNil(h) {
			c.failf("the hooks are nil")
			return
		}
		c.hooks = append(slices.Clip(c.hooks), h)
	})
}

// WithMaxBody limits the size of answers after decompression. Defaults: 32 MiB, and 1 MiB for error answers, which
// are cut, not refused. Zero leaves a default. Except for lists without pages, a response is also refused if the body
// and what it decodes into would take more than about 32 MiB together.
func WithMaxBody(answer, errorAnswer int64) Option {
	return option(func(c *config) {
		if answer < 0 || errorAnswer < 0 {
			c.failf("body limits must not be negative")
		}
		if answer > 0 {
			c.maxBody = answer
		}
		if errorAnswer > 0 {
			c.maxErrorBody = errorAnswer
		}
	})
}

// WithMaxListMemory limits the memory that the decoded items of one list response may take: the number of items times
// the size of an item. By default, or with zero, a list response and its items together may take as much as any other
// response, some 40 MiB. A response of a few MiB can hold millions of items.
//
// Independently, a page with more than twice the requested items, and more than 1,000, is an error.
func WithMaxListMemory(bytes int64) Option {
	return option(func(c *config) {
		if bytes < 0 {
			c.failf("the memory limit of lists must not be negative")
		}
		if bytes > 0 {
			c.maxListSize = bytes
		}
	})
}

// WithSeat acts for one seat, where a customer-scoped token may choose (docs/platform.md#service-tokens: "per-request
// seat selection"). The header is not documented beyond its name, see [WithSeatHeader]. In particular it is not
// documented to narrow lists: what a list shows may be of every seat, so filter by seat as well where the list can
// (SeatID of its parameters), and look at the seat of what comes.
func WithSeat(id ID) SharedOption {
	return sharedOption(func(c *callConfig) {
		c.seat = string(id)
		if strings.TrimSpace(c.seat) != c.seat || c.seat == "" || !validHeaderValue(c.seat) {
			c.fail("seat", "must be printable ASCII and not empty")
		}
	})
}

// WithHeader adds a header. Headers that this package is responsible for are refused, and so is Idempotency-Key: the
// platform knows no such header, while net/http takes it as the permission to send a POST twice.
func WithHeader(key, value string) SharedOption {
	name := textproto.CanonicalMIMEHeaderKey(key)
	return sharedOption(func(c *callConfig) {
		switch {
		case !validHeaderName(key):
			c.fail("header", "has a name that is not a header name")
		case reservedHeader(key):
			c.fail("header", name+" is set by this package itself")
		case !validHeaderValue(value):
			c.fail("header", "has a value with control or non-ASCII characters")
		default:
			// A slice of its own: the options of a Client are shared by its calls.
			c.header = append(slices.Clip(c.header),
				headerField{name, []string{value}})
		}
	})
}

// WithRetry sets how failed attempts are repeated. Zero fields of p take the defaults, also where a call's policy
// replaces that of its Client.
func WithRetry(p RetryPolicy) SharedOption {
	return sharedOption(func(c *callConfig) {
		if err := p.check(); err != nil {
			c.fail("retry", "must not have negative fields")
		}
		c.retry = p
	})
}

// WithTimeout limits each attempt, from dialling to the last byte of the answer. Default 60 s; an operation that the
// server holds open wants more. To limit a call as a whole, use its context. A read may be repeated earlier if
// nothing arrives, see [WithStallShare].
func WithTimeout(d time.Duration) SharedOption {
	return sharedOption(func(c *callConfig) {
		if d <= 0 {
			c.fail("timeout", "must be positive")
		}
		c.timeout = d
	})
}

// AssumeIdempotent lets a call be repeated like a PUT, after failures that leave open whether it was processed.
// Only the caller can know that: because the body carries an idempotency key, or a row id that makes it an upsert.
func AssumeIdempotent() CallOption { return callOption(func(c *callConfig) { c.idempotent = true }) }

// WithResponse fills r when the call ends, also with an error. A list fills it with each page. If the option is given
// more than once, each r is filled.
func WithResponse(r *Response) CallOption {
	return callOption(func(c *callConfig) {
		if r != nil {
			c.responses = append(slices.Clip(c.responses), r)
		}
	})
}

// WithPrefetch fixes the number of pages that [List.All] and [List.Pages] request ahead of the loop, at most 16; 0
// requests each page when the loop needs it. The loop gets the same items in the same order.
//
// By default the number adapts: a list starts with one request and, while the loop waits for the network and the
// limiter has room, grows to 8 in flight. A slow loop or a short list causes no extra requests. Lists with cursors
// request one page ahead. If the platform does not state the total, fewer pages are requested in vain than were read.
//
// Each page is a call with its own retries and its own permission of the [Limiter]. When the loop or its context ends,
// or a page fails, requests in flight behind it are cancelled and have ended when the loop has. Pages that were read
// ahead are dropped and read again if a page turns out to have another length, or if the total changes. A list that
// changes without a total to show it may lose items between two pages.
func WithPrefetch(n int) CallOption {
	return callOption(func(c *callConfig) {
		if n < 0 || n > maxPrefetch {
			c.fail("prefetch", fmt.Sprintf("must be between 0 and %d pages", maxPrefetch))
		}
		c.prefetch = prefetch{pages: n, fixed: true}
	})
}

func validHeaderName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letterOrDigit := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letterOrDigit && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}

func validHeaderValue(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// carriesKeys reports whether a header can carry a credential.
func carriesKeys(name string) bool {
	switch textproto.CanonicalMIMEHeaderKey(name) {
	case "Authorization", "X-Scope3-Api-Key", "X-Partner-Api-Key":
		return true
	}
	return false
}

// reservedHeader reports whether callers must not set a header: those of credentials and those that net/http derives.
func reservedHeader(name string) bool {
	if carriesKeys(name) {
		return true
	}
	switch textproto.CanonicalMIMEHeaderKey(name) {
	case "Proxy-Authorization", "Cookie", "Host", "User-Agent",
		"Accept", "Idempotency-Key", "X-Idempotency-Key", "Accept-Encoding", "Content-Type", "Content-Length",
		"Content-Encoding",
		"Transfer-Encoding", "Connection", "Trailer", "Te", "Upgrade", "Expect":
		return true
	}
	return false
}

var errNoCredential = errors.New("interchange: a Client needs a credential: FromEnv, WithToken or WithTokenSource")
