package agents

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/retry"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Wait says how often to look. The zero value is polite.
type Wait struct {
	// Interval is the first time between two looks, default 2 s. It grows by half each time, and is varied by up to a
	// quarter, so that those who began together do not go on together.
	Interval time.Duration
	// MaxInterval is the longest time between two looks, default 30 s.
	MaxInterval time.Duration
}

const (
	defaultInterval    = 2 * time.Second
	defaultMaxInterval = 30 * time.Second
	// maxFailures limits the consecutive reads that may fail. The client retries each before it counts.
	maxFailures = 5
)

// ErrSourceDisabled is matched by the error of a wait for a source that was disabled.
var ErrSourceDisabled = errors.New("interchange: the source is disabled")

// WaitError says why [Service.WaitUntilConfigured] ended without success. It matches its cause: the context's error,
// [ErrSourceDisabled], or that of the last look.
type WaitError struct {
	// SourceID is the source that was waited for.
	SourceID string
	// AuthorizationURL is where a person has yet to consent, if the platform said so. It is not part of any text, as it
	// contains the state of the consent.
	AuthorizationURL string

	cause error
}

// Error returns the cause, and whether a person has to consent.
func (e *WaitError) Error() string {
	text := fmt.Sprintf("interchange: the authentication of source %q is not configured: %v",
		wire.Printable(e.SourceID, 128), wire.Bare(e.cause))
	if e.AuthorizationURL != "" && !errors.Is(e.cause, ErrSourceDisabled) {
		text += "; a person has to consent, at AuthorizationURL of this error"
	}
	return text
}

// Unwrap returns the cause.
func (e *WaitError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.cause
}

// Format prints Error for every verb.
func (e *WaitError) Format(f fmt.State, verb rune) { wire.Format(f, verb, e.Error()) }

// MarshalText returns Error, so that encoders do not write the URL.
func (e *WaitError) MarshalText() ([]byte, error) { return []byte(e.Error()), nil }

// WaitUntilConfigured looks at a source until its authentication is configured, and returns it. The platform does not
// tell when a person has consented, so it is asked: at once, then at intervals that grow; a Retry-After is obeyed. It
// ends with a [*WaitError] when ctx does, when the source is disabled, when looking fails for good, or five times in a
// row. Give ctx the time that a person needs.
//
// A source with AuthenticationNone needs no configuration and is returned at once.
func (s *Service) WaitUntilConfigured(ctx context.Context, sourceID string, w Wait, opts ...client.CallOption) (*Source,
	error,
) {
	if err := w.defaults(); err != nil {
		return nil, err
	}
	failure := &WaitError{SourceID: sourceID}
	failures := 0
	for n := 1; ; n++ {
		source, err := s.GetSource(ctx, sourceID, opts...)
		pause := retry.Poll(n, w.Interval, w.MaxInterval)
		switch {
		case err == nil && source.configured():
			return source, nil
		case err == nil && source.Status == StatusDisabled:
			failure.cause = ErrSourceDisabled
			return nil, failure
		case err == nil:
			failures = 0
			if source.OAuth.AuthorizationURL != "" {
				failure.AuthorizationURL = source.OAuth.AuthorizationURL
			}
		case !passes(err) || ctx.Err() != nil || failures+1 == maxFailures:
			failure.cause = err
			return nil, failure
		default:
			failures++
			wait, _ := client.RetryAfter(err)
			pause = max(pause, wait)
		}
		if ended := s.wait(ctx, pause); ended != nil {
			failure.cause = ended
			if err != nil {
				failure.cause = errors.Join(ended, err)
			}
			return nil, failure
		}
	}
}

func (w *Wait) defaults() error {
	problems := newProblems("WaitUntilConfigured")
	check.AtLeast(problems, "interval", w.Interval, time.Millisecond)
	check.AtLeast(problems, "maxInterval", w.MaxInterval, time.Millisecond)
	if w.Interval == 0 {
		w.Interval = defaultInterval
	}
	if w.MaxInterval == 0 {
		w.MaxInterval = max(defaultMaxInterval, w.Interval)
	}
	if w.MaxInterval < w.Interval {
		problems.Add("maxInterval", "must not be shorter than interval")
	}
	return problems.err()
}

// configured reports whether the platform has what it needs to authenticate to the agent.
func (s *Source) configured() bool {
	return s.Status != StatusDisabled && (s.AuthConfigured || s.AuthenticationType == AuthenticationNone)
}

// passes reports whether the next read may succeed after err.
func passes(err error) bool {
	var refusal *client.APIError
	if errors.As(err, &refusal) {
		return refusal.Retryable()
	}
	var broken *client.TransportError
	var held *client.LimitError
	return errors.As(err, &broken) || errors.As(err, &held)
}
