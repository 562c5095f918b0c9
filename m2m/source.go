package m2m

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/oauth"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

const (
	// refreshEarly is the time before its end a token is replaced, as the platform's SDK does
	// (docs/platform.md#authentication). A token with a short life is used for refreshShare of it at least.
	refreshEarly = time.Minute
	refreshShare = 0.8
	// fetchTimeout bounds one fetch with all its retries, as the platform's SDK does (docs/platform.md#authentication).
	fetchTimeout = 30 * time.Second
	// refreshHold is the shortest time between two fetches while there is a token that still works.
	refreshHold = 5 * time.Second
)

// ErrClosed is matched by the errors of a [Source] that was closed.
var ErrClosed = errors.New("interchange: m2m: the source is closed")

var (
	errNotMade    = errors.New("interchange: m2m: the source must be made with New")
	errNilContext = errors.New("interchange: m2m: the context must not be nil")
)

// Source gives access tokens. It is a client.TokenSource and a client.TokenInvalidator, and safe for concurrent use;
// make one for an application and share it, for each has its own token.
//
// It answers from memory. A token is replaced a minute before it ends, in the background; until that succeeds or the
// token ends, the old one is returned. Without a token, all callers wait for one fetch together. A fetch goes on when a
// caller gives up, and ends after 30 seconds at the latest, retries included.
//
// The token endpoint is spared if something is wrong. After a failure Token returns the same error without a request,
// for a second at first and twice as long after each further failure, up to five minutes; 30 seconds if the endpoint
// cannot be reached. A token that the platform refuses is replaced only once it is [Config.MinTokenAge] old: an API
// that refuses every token would otherwise cause a request for each call. [Source.SetSecret] ends both waits.
type Source struct {
	cfg  Config
	ctx  context.Context // what fetches run under: they outlive the calls they began in
	stop context.CancelCauseFunc

	fetches sync.WaitGroup

	mu          sync.Mutex
	token       client.Token
	refreshAt   time.Time
	expiresAt   time.Time
	replaceable time.Time // from when on a refused token is replaced
	fetch       *fetch    // under way
	failure     error     // of the last one
	failures    int       // in a row
	failedUntil time.Time
	secrets     int // counts the secrets: what came of an earlier one says nothing about the present one
	closed      bool
}

var (
	_ client.TokenSource      = (*Source)(nil)
	_ client.TokenInvalidator = (*Source)(nil)
)

// fetch is one exchange with the token endpoint, and what came of it once done is closed.
type fetch struct {
	done    chan struct{}
	secrets int
	token   client.Token
	err     error
	stale   bool // it failed with a secret that was replaced meanwhile
}

// New makes a Source. The whole configuration is checked, and everything wrong with it is returned at once. Nothing
// is sent until the first token is wanted.
func New(cfg Config) (*Source, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.TokenURL == "" {
		cfg.TokenURL = DefaultTokenURL
	}
	if cfg.Transport == nil {
		transport := client.NewTransport()
		// It is used once in the life of a token, and a connection kept open would long be gone by then.
		transport.DisableKeepAlives = true
		cfg.Transport = transport
	}
	// Dumpers that use reflection would find the secret in the buffers of its connections.
	transport := cfg.Transport
	cfg.Transport = hiddenTransport(func() http.RoundTripper { return transport })
	if cfg.MinTokenAge == 0 {
		cfg.MinTokenAge = oauth.MinTokenAge
	}
	cfg.Scopes = append([]Scope(nil), cfg.Scopes...)
	s := &Source{cfg: cfg}
	s.ctx, s.stop = context.WithCancelCause(context.Background())
	return s, nil
}

// Token gives a token that has not ended, as far as its announced life reports. It waits only where there is none, for
// as long as ctx allows. Errors are an [*Error], [ErrClosed], or that of ctx.
func (s *Source) Token(ctx context.Context) (client.Token, error) {
	if err := s.check(); err != nil {
		return client.Token{}, err
	}
	if ctx == nil {
		return client.Token{}, errNilContext
	}
	for {
		token, wait, err := s.join(ctx)
		if wait == nil {
			return token, err
		}
		select {
		case <-wait.done:
			if !wait.stale {
				return wait.token, wait.err
			}
		case <-ctx.Done():
			return client.Token{}, gaveUp(ctx)
		}
	}
}

// check rejects a Source that was not made with New.
func (s *Source) check() error {
	if s.isZero() {
		return errNotMade
	}
	return nil
}

func (s *Source) isZero() bool { return s == nil || s.ctx == nil }

// join gives what is there, or the fetch to wait for.
func (s *Source) join(ctx context.Context) (client.Token, *fetch, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	switch {
	case s.closed:
		return client.Token{}, nil, ErrClosed
	case !s.token.IsZero() && now.Before(s.expiresAt):
		if s.fetch == nil && !now.Before(s.refreshAt) {
			s.begin() //nolint:contextcheck // a fetch is nobody's own
		}
		return s.token, nil, nil
	case s.fetch != nil:
	case now.Before(s.failedUntil):
		return client.Token{}, nil, s.failure
	case ctx.Err() != nil:
		return client.Token{}, nil, gaveUp(ctx)
	default:
		s.begin() //nolint:contextcheck // a fetch is nobody's own
	}
	return client.Token{}, s.fetch, nil
}

func gaveUp(ctx context.Context) error {
	return fmt.Errorf("interchange: m2m: waiting for a token: %w", ctx.Err())
}

// begin starts a fetch. The caller holds s.mu.
func (s *Source) begin() {
	f := &fetch{done: make(chan struct{}), secrets: s.secrets}
	s.fetch = f
	cfg := s.cfg // with the present secret
	s.fetches.Go(func() {
		ctx, cancel := context.WithTimeoutCause(s.ctx, fetchTimeout, client.ErrAttemptTimeout)
		defer cancel()
		granted, err := cfg.ask(ctx)
		s.finish(f, granted, err)
	})
}

func (s *Source) finish(f *fetch, granted grant, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	switch {
	case s.closed:
		f.err = ErrClosed
	case err != nil && f.secrets != s.secrets:
		f.err, f.stale = err, true
	case err != nil:
		f.err = err
		s.failures++
		hold := failureHold(err, s.failures)
		s.failure, s.failedUntil = err, now.Add(hold)
		s.refreshAt = now.Add(max(hold, refreshHold))
	default:
		f.token = granted.token
		early := min(refreshEarly, time.Duration((1-refreshShare)*float64(granted.life)))
		s.token = granted.token
		s.expiresAt = granted.asked.Add(granted.life)
		s.refreshAt = s.expiresAt.Add(-early)
		s.replaceable = now.Add(s.cfg.MinTokenAge)
		s.failure, s.failures, s.failedUntil = nil, 0, time.Time{}
	}
	s.fetch = nil
	close(f.done)
}

// Invalidate drops the token that was refused, and no other; the next [Source.Token] fetches one. A token that is
// younger than [Config.MinTokenAge] is kept: if the platform refuses it, it is likely to refuse the next one, too.
func (s *Source) Invalidate(_ context.Context, refused client.Token) {
	if s.check() != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == refused && !time.Now().Before(s.replaceable) {
		s.token = client.Token{}
	}
}

// SetSecret replaces the secret of the application, such as after it was rotated. Tokens that were granted before
// stay in use until they end or are refused. A failure with the old secret no longer counts.
func (s *Source) SetSecret(secret Secret) error {
	if err := s.check(); err != nil {
		return err
	}
	if reason := checkSecret(secret); reason != "" {
		return errors.New("interchange: m2m: " + reason)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.cfg.ClientSecret = secret
	s.secrets++
	s.failure, s.failures, s.failedUntil = nil, 0, time.Time{}
	s.replaceable = time.Time{}
	return nil
}

// Close ends the fetch under way, waits for its end and forgets the token. It may be called again, and returns nil.
// A Source that is not closed leaves nothing behind either, once its last fetch has ended by itself.
func (s *Source) Close() error {
	if s.isZero() {
		return nil
	}
	s.mu.Lock()
	s.closed = true
	s.token = client.Token{}
	s.mu.Unlock()
	s.stop(ErrClosed)
	s.fetches.Wait()
	return nil
}

// String names the application.
func (s *Source) String() string {
	if s == nil {
		return "m2m source (nil)"
	}
	return "m2m source of " + wire.Printable(s.cfg.ClientID, 64)
}

// Format shows String, whatever the verb.
func (s *Source) Format(f fmt.State, verb rune) { wire.Format(f, verb, s.String()) }

// LogValue shows String.
func (s *Source) LogValue() slog.Value { return slog.StringValue(s.String()) }
