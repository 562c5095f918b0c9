package m2m

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

const (
	// refreshEarly is how long before its end a token is replaced, as the platform's SDK does (facts §B). A token
	// with a short life is used for refreshShare of it at least.
	refreshEarly = time.Minute
	refreshShare = 0.8
	// fetchTimeout bounds one fetch with all its retries, as the platform's SDK does (facts §B).
	fetchTimeout = 30 * time.Second
	// failureHold is how long a failure stands for those that come after it, so that a crowd without a token does
	// not turn into requests. A Retry-After makes it longer, up to maxFailureHold.
	failureHold    = time.Second
	maxFailureHold = time.Minute
	// refreshHold is the same while there is a token that still works, and nobody waits.
	refreshHold = 5 * time.Second
)

// ErrClosed is matched by the errors of a [Source] that was closed.
var ErrClosed = errors.New("interchange: m2m: the source is closed")

// Source gives access tokens. It is a client.TokenSource and a client.TokenInvalidator, and safe for concurrent use;
// make one for an application and share it, for each has its own token.
//
// It answers from memory. A token is replaced a minute before it ends, in the background; until that succeeded or it
// ended, the old one goes on being given. Where there is none, all callers wait for one fetch together. A fetch is
// nobody's own: it goes on when a caller gives up, and ends after 30 seconds at the latest, retries included.
type Source struct {
	cfg  Config
	ctx  context.Context // what fetches run under: they outlive the calls they began in
	stop context.CancelCauseFunc

	fetches sync.WaitGroup

	mu          sync.Mutex
	token       client.Token
	refreshAt   time.Time
	expiresAt   time.Time
	fetch       *fetch // under way
	failure     error  // of the last one
	failedUntil time.Time
	closed      bool
}

var (
	_ client.TokenSource      = (*Source)(nil)
	_ client.TokenInvalidator = (*Source)(nil)
)

// fetch is one exchange with the token endpoint, and what came of it once done is closed.
type fetch struct {
	done  chan struct{}
	token client.Token
	err   error
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
	cfg.Scopes = append([]Scope(nil), cfg.Scopes...)
	s := &Source{cfg: cfg}
	s.ctx, s.stop = context.WithCancelCause(context.Background())
	return s, nil
}

// Token gives a token that has not ended, as far as its announced life tells. It waits only where there is none, for
// as long as ctx allows. Errors are an [*Error], [ErrClosed], or that of ctx.
func (s *Source) Token(ctx context.Context) (client.Token, error) {
	token, wait, err := s.join(ctx)
	if wait == nil {
		return token, err
	}
	select {
	case <-wait.done:
		return wait.token, wait.err
	case <-ctx.Done():
		return client.Token{}, gaveUp(ctx)
	}
}

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
	f := &fetch{done: make(chan struct{})}
	s.fetch = f
	s.fetches.Go(func() {
		ctx, cancel := context.WithTimeoutCause(s.ctx, fetchTimeout, client.ErrAttemptTimeout)
		defer cancel()
		granted, err := s.cfg.ask(ctx)
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
	case err != nil:
		f.err = err
		hold := failureHold
		var failed *Error
		if errors.As(err, &failed) {
			hold = min(max(hold, failed.RetryAfter), maxFailureHold)
		}
		s.failure, s.failedUntil = err, now.Add(hold)
		s.refreshAt = now.Add(max(hold, refreshHold))
	default:
		f.token = granted.token
		early := min(refreshEarly, time.Duration((1-refreshShare)*float64(granted.life)))
		s.token = granted.token
		s.expiresAt = granted.asked.Add(granted.life)
		s.refreshAt = s.expiresAt.Add(-early)
		s.failure, s.failedUntil = nil, time.Time{}
	}
	s.fetch = nil
	close(f.done)
}

// Invalidate drops the token that was refused, and no other; the next [Source.Token] fetches one.
func (s *Source) Invalidate(_ context.Context, refused client.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == refused {
		s.token = client.Token{}
	}
}

// Close ends the fetch under way, waits for its end and forgets the token. It may be called again, and returns nil.
// A Source that is not closed leaves nothing behind either, once its last fetch has ended by itself.
func (s *Source) Close() error {
	s.mu.Lock()
	s.closed = true
	s.token = client.Token{}
	s.mu.Unlock()
	s.stop(ErrClosed)
	s.fetches.Wait()
	return nil
}

// String names the application.
func (s *Source) String() string { return "m2m source of " + wire.Printable(s.cfg.ClientID, 64) }

// Format shows String, whatever the verb.
func (s *Source) Format(f fmt.State, verb rune) { wire.Format(f, verb, s.String()) }

// LogValue shows String.
func (s *Source) LogValue() slog.Value { return slog.StringValue(s.String()) }
