package sandbox

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// Option sets up a [Server].
type Option func(*config)

type config struct {
	tls          bool
	clock        func() time.Time
	seed         uint64
	seats        []Seat
	limit        *RateLimit
	list         ListShape
	listLag      time.Duration
	numericIDs   bool
	bare         bool
	termsPending bool
	accounts     []Account
	mcp          mcpConfig
	records      int
	recordsOf    map[string]int // by list
	origin       string         // where the sandbox listens
	tasks        TaskPlan
	addr         string
	page         http.Handler
}

// WithTLS serves HTTPS with a certificate made for the occasion, which only [Server.HTTPClient] trusts.
func WithTLS() Option {
	return func(c *config) { c.tls = true }
}

// WithAddress sets the loopback address and port to listen on, such as "127.0.0.1:8787". The default is a free port of
// 127.0.0.1.
func WithAddress(addr string) Option {
	return func(c *config) { c.addr = addr }
}

// WithPage serves requests for "/" and for paths below "/_/" with a handler of yours, such as a page that shows the
// state of the sandbox. They are not recorded, limited or hit by faults.
func WithPage(h http.Handler) Option {
	return func(c *config) { c.page = h }
}

// WithClock sets the clock for the creation and expiry of tokens, rate limits, and the Date header.
// The function is called from many goroutines at once. The default is time.Now. Delays of faults always pass in
// real time.
func WithClock(now func() time.Time) Option {
	return func(c *config) { c.clock = now }
}

// WithSeed chooses which requests a [Fault] with a Rate hits. The default is fixed, so that runs repeat.
func WithSeed(seed uint64) Option {
	return func(c *config) { c.seed = seed }
}

// WithSeats replaces the customer's seats. The default is seat_101 Acme (BUYER), seat_102 Globex (BUYER) and
// seat_103 Globex (ACTIVATION).
func WithSeats(seats ...Seat) Option {
	return func(c *config) { c.seats = append([]Seat(nil), seats...) }
}

// WithRateLimit limits every credential to a number of requests. There is no limit by default.
func WithRateLimit(limit RateLimit) Option {
	return func(c *config) { c.limit = &limit }
}

// WithListShape chooses among the shapes in which the platform may answer GET /api/v2/service-tokens, which it does
// not document. The default is [ListDataArray].
func WithListShape(shape ListShape) Option {
	return func(c *config) { c.list = shape }
}

// WithListLag makes the lists of service tokens and partner keys lag: they show the state of this long ago, by the
// sandbox's clock. Single tokens and authentication do not lag.
func WithListLag(lag time.Duration) Option {
	return func(c *config) { c.listLag = lag }
}

// WithNumericIDs sends the ids of tokens, customers, seats and users as JSON numbers, as the platform's earlier
// generation did: seat_101 becomes 101. The id of a seat must then end in a number of its own.
func WithNumericIDs() Option {
	return func(c *config) { c.numericIDs = true }
}

// WithBareResponses sends successful responses without the envelope of data and error, as the example in the platform's
// service-token guide shows them.
func WithBareResponses() Option {
	return func(c *config) { c.bare = true }
}

// WithTermsPending starts with terms of service that all accounts have yet to accept: writes respond with 403
// TOS_ACCEPTANCE_REQUIRED until [Server.AcceptTerms] is called or a direct administrator of the account accepts,
// while reads work. [WithAccounts] says so of each account.
func WithTermsPending() Option {
	return func(c *config) { c.termsPending = true }
}

func newConfig(opts []Option) (config, error) {
	c := config{
		clock:    time.Now,
		seed:     1,
		accounts: []Account{{ID: customerNumber}},
		records:  defaultRecords,
		addr:     "127.0.0.1:0",
		tasks:    TaskPlan{Polls: 2},
		seats: []Seat{
			{ID: "seat_101", Name: "Acme", Type: SeatBuyer},
			{ID: "seat_102", Name: "Globex", Type: SeatBuyer},
			{ID: "seat_103", Name: "Globex", Type: SeatActivation},
		},
	}
	for _, opt := range opts {
		if opt != nil {
			opt(&c)
		}
	}

	var errs []error
	if c.clock == nil {
		errs = append(errs, errors.New("sandbox: WithClock needs a function"))
	}
	if c.list < ListDataArray || c.list > ListBareObject {
		errs = append(errs, fmt.Errorf("sandbox: list shape %d is unknown", c.list))
	}
	errs = append(errs, checkAddress(c.addr))
	if c.listLag < 0 {
		errs = append(errs, errors.New("sandbox: WithListLag must not be negative"))
	}
	if c.limit != nil {
		errs = append(errs, c.limit.check())
	}
	errs = append(errs, checkAccounts(c.accounts), checkSeats(c.seats, c.accounts, c.numericIDs), c.mcp.check(),
		c.checkRecords(), c.tasks.check())
	return c, errors.Join(errs...)
}

// now is the sandbox's time at the precision that the wire has.
func (c *config) now() time.Time {
	return c.clock().UTC().Truncate(time.Millisecond)
}

// checkAddress rejects addresses that other machines could reach.
func checkAddress(addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("sandbox: invalid address %q", addr)
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() || port == "" {
		return fmt.Errorf("sandbox: address %q must be a loopback address and a port", addr)
	}
	return nil
}
