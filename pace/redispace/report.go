package redispace

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// reporter logs problems with Redis: when they begin, repeatedly while they last, and when they end.
type reporter struct {
	log      *slog.Logger // nil reports nothing
	interval time.Duration
	share    float64

	mu       sync.Mutex
	away     map[*queue]time.Time // queues without Redis, and when that was last noticed
	cause    error                // of the latest failure; nil unless a problem was reported
	reported time.Time
	lost     int // losses since the latest report of them
	lostAt   time.Time
}

// abandoned is the time after which a queue that no call uses, and so is not probed, no longer counts as away.
const abandoned = time.Minute

// failed notes that a queue cannot use Redis.
func (r *reporter) failed(ctx context.Context, q *queue, now time.Time, cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away == nil {
		r.away = make(map[*queue]time.Time)
	}
	r.away[q] = now
	before := r.cause
	r.cause = cause
	switch {
	case before == nil:
		r.report(ctx, now, "redis is away; using a share of the limit")
	case errors.Is(cause, ErrMisconfigured) != errors.Is(before, ErrMisconfigured):
		r.report(ctx, now, stillAway)
	default:
		r.remindLocked(ctx, now)
	}
}

const stillAway = "redis is still away; using a share of the limit"

// remind repeats the report if it is due. It is called for as long as the problem lasts.
func (r *reporter) remind(ctx context.Context, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remindLocked(ctx, now)
}

func (r *reporter) remindLocked(ctx context.Context, now time.Time) {
	if r.cause != nil && now.Sub(r.reported) >= r.interval {
		r.report(ctx, now, stillAway)
	}
}

func (r *reporter) report(ctx context.Context, now time.Time, text string) {
	r.reported = now
	level := slog.LevelWarn
	if errors.Is(r.cause, ErrMisconfigured) {
		level, text = slog.LevelError, "redis cannot be used until its configuration is corrected; using a share of the limit"
	}
	r.write(ctx, level, text, "share", r.share, "error", r.cause.Error())
}

// recovered notes that a queue uses Redis again.
func (r *reporter) recovered(ctx context.Context, q *queue, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.away, q)
	for other, noticed := range r.away {
		if now.Sub(noticed) > abandoned {
			delete(r.away, other)
		}
	}
	if len(r.away) > 0 || r.cause == nil {
		return
	}
	r.cause = nil
	r.write(ctx, slog.LevelInfo, "redis is back; the limit is shared again")
}

// forgotten notes that a budget was missing in Redis and was restored from the memory of this process.
func (r *reporter) forgotten(ctx context.Context, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lost++
	if now.Sub(r.lostAt) < r.interval {
		return
	}
	r.lostAt = now
	r.write(ctx, slog.LevelWarn, "redis lost the budget, which was restored; "+
		"look for a flush, a failover or a maxmemory-policy other than noeviction", "times", r.lost)
	r.lost = 0
}

func (r *reporter) write(ctx context.Context, level slog.Level, text string, args ...any) {
	if r.log != nil {
		r.log.Log(context.WithoutCancel(ctx), level, text, args...)
	}
}
