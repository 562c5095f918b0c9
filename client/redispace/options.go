package redispace

import (
	"errors"
	"log/slog"
	"time"
)

// Option sets up a [Limiter].
type Option func(*Limiter)

const (
	defaultShare   = 0.25
	defaultPrefix  = "interchange:"
	defaultTimeout = 500 * time.Millisecond
	firstProbe     = 250 * time.Millisecond
	lastProbe      = 5 * time.Second
)

// WithShare sets the part of the limit that this process takes by itself while Redis is away: 1 divided by the number of
// processes keeps to the limit. Default 0.25.
func WithShare(share float64) Option {
	return func(l *Limiter) {
		if !(share > 0 && share <= 1) {
			l.errs = append(l.errs, errors.New("redispace: the share must be above 0 and at most 1"))
		}
		l.share = share
	}
}

// WithClassLimit gives a class of calls ([client.LimitKey]) a budget of its own; the classes without one share that of
// [New].
func WithClassLimit(class string, limit Limit) Option {
	return func(l *Limiter) {
		if err := limit.check(); err != nil {
			l.errs = append(l.errs, err)
		}
		l.classes[class] = limit
	}
}

// WithPrefix begins the names of the keys in Redis. Default "interchange:". Behind it stand a hash and a class; neither tells
// the credential.
func WithPrefix(prefix string) Option { return func(l *Limiter) { l.prefix = prefix } }

// WithTimeout limits each question to Redis. Default 500 ms. One that takes longer counts as Redis being away. With
// ContextTimeoutEnabled in its options, go-redis gives it up then, too; otherwise it keeps a connection for its own time.
func WithTimeout(d time.Duration) Option {
	return func(l *Limiter) {
		if d <= 0 {
			l.errs = append(l.errs, errors.New("redispace: the timeout must be positive"))
		}
		l.timeout = d
	}
}

// WithLogger says once that Redis is away, and once that it is back. Default: nothing is logged. (go-redis writes lines of
// its own to standard error about connections it cannot make; its SetLogger silences them.)
func WithLogger(log *slog.Logger) Option { return func(l *Limiter) { l.log = log } }
