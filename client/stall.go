package client

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/netfailure"
	"github.com/interchange-sdk/interchange-go/internal/retry"
)

const (
	// defaultStallShare leaves as much time for the attempts after a stall as the stalled one took. A response that takes
	// up to half of the time that the caller has is never cut off.
	defaultStallShare = 0.5
	// shortestStall is the silence that a connection may show in any case: a slow network is no stalled connection.
	shortestStall = 250 * time.Millisecond
)

// stallShare is the share that an option set. Without one the default applies, unless the call is a long poll.
type stallShare struct {
	set   bool
	share float64
}

// WithStallShare sets how long the connection of a read may be silent: a share of the time that is left until the
// deadline of the context when the attempt begins. If nothing arrives for that long, neither headers nor a further
// part of the body, the attempt is canceled and the call is repeated on a new connection. It counts as an attempt of
// [RetryPolicy] and is made without a delay.
//
// Default 0.5: with 20 s left the first attempt may be silent for 10 s, the second one for 5 s, the third for 2.5 s.
// A server that always needs more than half of the deadline to respond therefore needs a longer deadline or a larger
// share. The last attempt that the policy allows has all the time that is left, and so has an attempt whose share is
// below 250 ms.
//
// Without a deadline, and where the share is longer, only [WithTimeout] applies. Writes are never repeated for
// silence. By default neither are calls whose [WithTimeout] exceeds a minute, such as long polls, which the server
// holds open. Zero switches it off; the share must be less than 1.
//
// The new connection is certain with an [http.Transport]. A wrapper around one may choose the stalled HTTP/2 connection
// again.
func WithStallShare(share float64) SharedOption {
	return sharedOption(func(c *callConfig) {
		if !(share >= 0 && share < 1) { // NaN is neither
			c.fail("stallShare", "must be at least 0 and less than 1")
			return
		}
		c.stall = stallShare{set: true, share: share}
	})
}

// stalledError is why an attempt was canceled.
type stalledError struct{ silence time.Duration }

func (e *stalledError) Error() string {
	return "nothing arrived for " + e.silence.Round(time.Millisecond).String()
}

// Is matches ErrAttemptTimeout: the attempt took longer than it may.
func (e *stalledError) Is(target error) bool { return target == ErrAttemptTimeout }

// isStalled reports whether an attempt failed because nothing arrived.
func isStalled(err error) bool {
	var stalled *stalledError
	return errors.As(err, &stalled)
}

// stallAfter returns the silence after which the attempt is canceled, or 0 for never.
func (k *call) stallAfter() time.Duration {
	share := k.cfg.stall.share
	if !k.cfg.stall.set && k.cfg.timeout <= defaultTimeout {
		share = defaultStallShare
	}
	deadline, ok := k.ctx.Deadline()
	if !ok || share == 0 || k.effect != EffectRead || k.attempts >= k.policy.MaxAttempts {
		return 0
	}
	after := time.Duration(math.Round(share * float64(time.Until(deadline))))
	if after < shortestStall || after >= k.cfg.timeout {
		return 0
	}
	return after
}

// stallWatch cancels an attempt when nothing has arrived for a while.
type stallWatch struct {
	timer   *time.Timer
	silence time.Duration
}

// watchStall puts the attempt under watch.
func (k *call) watchStall() {
	k.watch = nil
	silence := k.stallAfter()
	if silence == 0 {
		return
	}
	ctx, cancel := context.WithCancelCause(k.attempt)
	quota := k.client.conn.quota
	timer := time.AfterFunc(silence, func() {
		if quota.Allows(retry.CostFailure) { // or nothing would come after it
			cancel(&stalledError{silence})
		}
	})
	end := k.cancel
	k.attempt, k.cancel = ctx, func() {
		timer.Stop()
		cancel(nil)
		end()
	}
	k.watch = &stallWatch{timer, silence}
}

// arrived notes that something arrived.
func (w *stallWatch) arrived() { w.timer.Reset(w.silence) }

// stop ends the watch.
func (w *stallWatch) stop() {
	if w != nil {
		w.timer.Stop()
	}
}

// watchedBody is the body of a response whose attempt is under watch.
type watchedBody struct {
	io.ReadCloser
	watch *stallWatch
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 && err == nil {
		b.watch.arrived()
	}
	return n, err
}

// spareTransport makes a new connection for every request. It is for the attempts after a stall: with HTTP/2 the
// transport would choose the stalled connection again, which may have other calls on it and must not be closed.
type spareTransport struct {
	of   *http.Transport // nil if unknown
	once sync.Once
	made http.RoundTripper
}

func newSpareTransport(rt http.RoundTripper) *spareTransport {
	of, _ := rt.(*http.Transport)
	return &spareTransport{of: of}
}

// get returns the transport, or nil if there is none.
func (s *spareTransport) get() http.RoundTripper {
	if s.of == nil {
		return nil
	}
	s.once.Do(func() {
		made := s.of.Clone()
		made.DisableKeepAlives = true
		s.made = netfailure.Direct(made)
	})
	return s.made
}
