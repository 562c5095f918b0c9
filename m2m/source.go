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
	// refreshEarly is the time before its end at which a token is replaced, as in the platform's SDK
	// (docs/platform.md#authentication). A short-lived token is used for at least refreshShare of its life.
	refreshEarly = time.Minute
	refreshShare = 0.8
	// fetchTimeout limits one fetch with all its retries, as in the platform's SDK.
	fetchTimeout = 30 * time.Second
	// refreshHold is the least time between two fetches while the current token still works.
	refreshHold = 5 * time.Second
)

// ErrClosed is returned by a [Source] after Close.
var ErrClosed = errors.New("interchange: m2m: the source is closed")

var (
	errNotMade    = errors.New("interchange: m2m: the source must be made with New")
	errNilContext = errors.New("interchange: m2m: the context must not be nil")
)

// Source is a client.TokenSource and a client.TokenInvalidator. It is safe for concurrent use; create one per
// application and share it, because each has its own token.
//
// Source caches the token. It replaces it in the background a minute before it ends, and returns the old one until that
// succeeds or the token ends. Without a token, all callers wait for the same fetch. A fetch continues if a caller gives
// up, and ends within 30 seconds, including retries.
//
// After a failure, Token returns the same error without a request: for a second at first, twice as long after each
// further failure, at most five minutes, or 30 seconds if the endpoint cannot be reached. A token that the platform
// refuses is replaced only once it is [Config.MinTokenAge] old. Otherwise, an API that refuses every token would cause
// a token request per call. [Source.SetSecret] ends both waits.
type Source struct {
	cfg  Config
	ctx  context.Context // of fetches, which outlive the calls that started them
	stop context.CancelCauseFunc

	fetches sync.WaitGroup

	mu          sync.Mutex
	token       client.Token
	refreshAt   time.Time
	expiresAt   time.Time
	replaceable time.Time // when a refused token may be replaced
	fetch       *fetch    // in progress; nil if none
	failure     error     // of the last fetch
	failures    int       // consecutive
	failedUntil time.Time
	secrets     int // incremented by SetSecret; the result of an earlier secret does not count
	closed      bool
}

var (
	_ client.TokenSource      = (*Source)(nil)
	_ client.TokenInvalidator = (*Source)(nil)
)

// fetch is a request for a token. The result is set before done is closed.
type fetch struct {
	done    chan struct{}
	secrets int
	token   client.Token
	err     error
	stale   bool // failed with a secret that was replaced meanwhile
}

// New returns a Source, or an error that joins all problems of the configuration. Nothing is sent until the first call
// of Token.
func New(cfg Config) (*Source, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.TokenURL == "" {
		cfg.TokenURL = DefaultTokenURL
	}
	transport := cfg.Transport
	if transport == nil {
		own := client.NewTransport()
		own.DisableKeepAlives = true // an idle connection would be closed before the next fetch
		transport = own
	}
	cfg.Transport, cfg.transport = nil, func() http.RoundTripper { return transport }
	if cfg.MinTokenAge == 0 {
		cfg.MinTokenAge = oauth.MinTokenAge
	}
	cfg.Scopes = append([]Scope(nil), cfg.Scopes...)
	s := &Source{cfg: cfg}
	s.ctx, s.stop = context.WithCancelCause(context.Background())
	return s, nil
}

// Token returns a token whose announced lifetime has not ended. If there is none, it waits for a fetch until ctx ends.
// Errors: [*Error], [ErrClosed], and the error of ctx. A retry is safe.
func (s *Source) Token(ctx context.Context) (client.Token, error) {
	switch {
	case !s.isMade():
		return client.Token{}, errNotMade
	case ctx == nil:
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
			return client.Token{}, contextError(ctx)
		}
	}
}

// isMade reports whether New returned s.
func (s *Source) isMade() bool { return s != nil && s.ctx != nil }

// join returns the token or the error that is known, or else the fetch to wait for.
func (s *Source) join(ctx context.Context) (client.Token, *fetch, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	switch {
	case s.closed:
		return client.Token{}, nil, ErrClosed
	case !s.token.IsZero() && now.Before(s.expiresAt):
		if s.fetch == nil && !now.Before(s.refreshAt) {
			s.begin() //nolint:contextcheck // a fetch outlives its caller
		}
		return s.token, nil, nil
	case s.fetch != nil:
	case now.Before(s.failedUntil):
		return client.Token{}, nil, s.failure
	case ctx.Err() != nil:
		return client.Token{}, nil, contextError(ctx)
	default:
		s.begin() //nolint:contextcheck // a fetch outlives its caller
	}
	return client.Token{}, s.fetch, nil
}

func contextError(ctx context.Context) error {
	return fmt.Errorf("interchange: m2m: waiting for a token: %w", ctx.Err())
}

// begin starts a fetch. The caller holds s.mu.
func (s *Source) begin() {
	f := &fetch{done: make(chan struct{}), secrets: s.secrets}
	s.fetch = f
	cfg := s.cfg // with the current secret
	s.fetches.Go(func() {
		ctx, cancel := context.WithTimeoutCause(s.ctx, fetchTimeout, client.ErrAttemptTimeout)
		defer cancel()
		granted, err := cfg.fetch(ctx)
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

// Invalidate discards the refused token, so that the next [Source.Token] fetches another. A different token, and one
// that is younger than [Config.MinTokenAge], is kept: the platform would probably refuse the next one, too.
func (s *Source) Invalidate(_ context.Context, refused client.Token) {
	if !s.isMade() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == refused && !time.Now().Before(s.replaceable) {
		s.token = client.Token{}
	}
}

// SetSecret replaces the secret of the application, for example after a rotation. The current token stays in use until
// it ends or is refused. Failures with the old secret are forgotten.
func (s *Source) SetSecret(secret Secret) error {
	if !s.isMade() {
		return errNotMade
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

// Close cancels the fetch in progress, waits for it and discards the token. It returns nil and may be called again. A
// Source that is never closed leaks nothing once its last fetch has ended.
func (s *Source) Close() error {
	if !s.isMade() {
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

// String returns the client id of the application.
func (s *Source) String() string {
	if s == nil {
		return "m2m source (nil)"
	}
	return "m2m source of " + wire.Printable(s.cfg.ClientID, 64)
}

// Format prints String, whatever the verb.
func (s *Source) Format(f fmt.State, verb rune) { wire.Format(f, verb, s.String()) }

// LogValue returns String.
func (s *Source) LogValue() slog.Value { return slog.StringValue(s.String()) }
