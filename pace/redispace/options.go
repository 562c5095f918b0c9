package redispace

import (
	"errors"
	"log/slog"
	"strings"
	"time"
)

// Option configures a [Limiter].
type Option func(*Limiter)

const (
	defaultShare   = 0.25
	defaultPrefix  = "interchange:"
	defaultTimeout = 500 * time.Millisecond
	defaultReports = 10 * time.Second
)

// WithShare sets the part of the limit that this process uses while Redis is away. With 1 divided by the number of
// processes, all of them together keep to the limit. Default 0.25.
func WithShare(share float64) Option {
	return func(l *Limiter) {
		if !(share > 0 && share <= 1) {
			l.errs = append(l.errs, errors.New("redispace: the share must be above 0 and at most 1"))
		}
		l.share = share
	}
}

// WithClassLimit sets a separate budget for a class of calls ([pace.Key]). Classes without one share the
// budget of [New].
func WithClassLimit(class string, limit Limit) Option {
	return func(l *Limiter) {
		if err := limit.check(); err != nil {
			l.errs = append(l.errs, err)
		}
		l.classes[class] = limit
	}
}

// WithPrefix sets how the names of all keys in Redis start. Default "interchange:". A hash and the class follow;
// neither reveals the credential. An ACL needs this prefix and nothing else, such as ~interchange:*.
func WithPrefix(prefix string) Option {
	return func(l *Limiter) {
		// Redis Cluster ignores an empty hash tag, and would spread the keys of one budget over several nodes.
		if strings.Contains(prefix, "{}") {
			l.errs = append(l.errs, errors.New("redispace: the prefix must not contain {}"))
		}
		l.prefix = prefix
	}
}

// WithTimeout limits each request to Redis. Default 500 ms. A Redis that takes longer counts as away. Set
// ContextTimeoutEnabled in the options of go-redis; without it, go-redis occupies a connection for its own timeouts.
func WithTimeout(d time.Duration) Option {
	return func(l *Limiter) {
		if d <= 0 {
			l.errs = append(l.errs, errors.New("redispace: the timeout must be positive"))
		}
		l.timeout = d
	}
}

// WithLogger sets where problems with Redis are reported: that it is away, misconfigured or back, and that it lost
// a budget. Default [slog.Default]; nil reports nothing. (go-redis itself writes to standard error about
// connections that it cannot make; its SetLogger silences it.)
func WithLogger(log *slog.Logger) Option { return func(l *Limiter) { l.reports.log = log } }

// WithReportInterval sets the least time between two reports of a problem that lasts. Default 10 s.
func WithReportInterval(d time.Duration) Option {
	return func(l *Limiter) {
		if d <= 0 {
			l.errs = append(l.errs, errors.New("redispace: the report interval must be positive"))
		}
		l.reports.interval = d
	}
}
