package client

import (
	"context"
	"log/slog"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Hooks is told about every attempt, as it ends: the place for metrics and traces. Labels made of Operation,
// Method, Route and StatusCode have a bounded number of values. It is called from many goroutines at once and
// should return at once.
type Hooks interface {
	AttemptDone(ctx context.Context, a Attempt)
}

// Attempt describes one attempt of a call. It has no id, query, header or body.
type Attempt struct {
	// Operation names the operation, Method and Route are its method and its template with the mount.
	Operation, Method, Route string
	// Number counts the attempts of the call, from 1.
	Number int
	// StatusCode is the answer's status; 0 when there was none.
	StatusCode int
	// RequestID is the platform's id of the request.
	RequestID string
	// Err is why there was no usable answer; nil when there was one, whatever its status. Its text is safe to log.
	Err error
	// Waited is the time in the limiter. Duration is the time from then until the response was read.
	Waited, Duration time.Duration
	// Retrying reports whether another attempt follows, RetryIn after which delay.
	Retrying bool
	RetryIn  time.Duration
}

// logHooks logs from an allow-list: success at Debug, what will be repeated at Info, the rest at Warn. Only
// [WithLogger] leads here, so that a program that does not log does not link what slog needs.
type logHooks struct{ logger *slog.Logger }

// AttemptDone logs one attempt.
func (h logHooks) AttemptDone(ctx context.Context, a Attempt) {
	level := slog.LevelDebug
	switch {
	case a.Retrying:
		level = slog.LevelInfo
	case a.Err != nil || a.StatusCode >= 400:
		level = slog.LevelWarn
	}
	if !h.logger.Enabled(ctx, level) {
		return
	}
	attrs := make([]slog.Attr, 0, 10)
	attrs = append(attrs,
		slog.String("operation", a.Operation),
		slog.String("method", a.Method),
		slog.String("route", a.Route),
		slog.Int("attempt", a.Number),
		slog.Duration("duration", a.Duration),
	)
	if a.StatusCode != 0 {
		attrs = append(attrs, slog.Int("status", a.StatusCode))
	}
	if a.RequestID != "" {
		attrs = append(attrs, slog.String("request_id", wire.Printable(a.RequestID, 64)))
	}
	if a.Waited > time.Millisecond {
		attrs = append(attrs, slog.Duration("waited", a.Waited))
	}
	if a.Retrying {
		attrs = append(attrs, slog.Duration("retry_in", a.RetryIn))
	}
	if a.Err != nil {
		attrs = append(attrs, slog.String("error", a.Err.Error()))
	}
	h.logger.LogAttrs(ctx, level, "interchange attempt", attrs...)
}
