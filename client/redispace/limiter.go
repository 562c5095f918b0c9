package redispace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"

	"github.com/interchange-sdk/interchange-go/client"
)

// Limiter draws from a budget in Redis. It is safe for concurrent use, and keeps no goroutine of its own: a question to Redis
// has one, which ends with the answer or when go-redis gives it up.
//
// Waiting calls of a process form one line: the first asks Redis, which takes two round trips, the others wait for their
// turn, in the order in which they came. A refusal by the platform (429) holds the calls of all machines until the moment that it names.
//
// While Redis does not answer, the process goes on with its share of the limit ([WithShare]); no call fails for it.
// Redis is asked again after 250 ms, then less often, at least every 5 s.
type Limiter struct {
	rdb     redis.UniversalClient
	gcra    *redis_rate.Limiter
	limit   Limit
	classes map[string]Limit
	share   float64
	prefix  string
	timeout time.Duration
	log     *slog.Logger
	errs    []error

	outage outage
	mu     sync.Mutex
	lines  map[client.LimitKey]*line
}

var _ client.Limiter = (*Limiter)(nil)

// New makes a Limiter whose budget is kept by rdb: a *redis.Client, a cluster or a sentinel client, which stays the caller's
// to close. It does not touch the network.
func New(rdb redis.UniversalClient, limit Limit, opts ...Option) (*Limiter, error) {
	l := &Limiter{
		rdb: rdb, limit: limit, share: defaultShare, prefix: defaultPrefix, timeout: defaultTimeout,
		classes: make(map[string]Limit), lines: make(map[client.LimitKey]*line),
	}
	if rdb == nil {
		l.errs = append(l.errs, errors.New("redispace: the Redis client is nil"))
	}
	if err := limit.check(); err != nil {
		l.errs = append(l.errs, err)
	}
	for _, o := range opts {
		if o != nil {
			o(l)
		}
	}
	if err := errors.Join(l.errs...); err != nil {
		return nil, err
	}
	l.gcra = redis_rate.NewLimiter(rdb)
	return l, nil
}

// Wait returns when one attempt may be sent. A wait that would outlast ctx is not begun, nor one, once it is the caller's
// turn, that would take longer than longest: it is a [*client.LimitError]. The place in the line is limited by ctx alone.
// That Redis is away is no error.
func (l *Limiter) Wait(ctx context.Context, key client.LimitKey, longest time.Duration) error {
	line := l.line(key)
	ahead := line.waiting.Add(1) - 1
	defer line.waiting.Add(-1)
	// What is ahead in this process takes at least so long; what other machines take comes on top.
	if err := refuseWait(ctx, time.Duration(max(0, ahead-int64(line.limit.burst())))*line.limit.interval(), math.MaxInt64); err != nil {
		return err
	}
	select {
	case line.turn <- struct{}{}:
		defer func() { <-line.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		wait := l.take(ctx, line)
		if wait <= 0 {
			return nil
		}
		if err := refuseWait(ctx, wait, longest); err != nil {
			return err
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

// refuseWait is the error for a wait that is too long.
func refuseWait(ctx context.Context, wait, longest time.Duration) error {
	deadline, has := ctx.Deadline()
	past := has && time.Until(deadline) < wait
	if wait <= 0 || (wait <= longest && !past) {
		return nil
	}
	return &client.LimitError{RetryAfter: wait, PastDeadline: past}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Observe holds the calls of all machines after a refusal that says for how long. Redis is told by the next call in line:
// Observe itself does not block.
func (l *Limiter) Observe(key client.LimitKey, o client.Observation) {
	if o.StatusCode == http.StatusTooManyRequests && o.RetryAfter > 0 {
		l.line(key).hold(o.At.Add(min(o.RetryAfter, longestHold)))
	}
}

// longestHold is after how long the platform is asked again, whatever it said: the longest window it documents.
const longestHold = time.Hour

// line is what this process knows of one budget.
type line struct {
	key     string // in Redis
	limit   Limit
	turn    chan struct{} // held by the call that asks Redis
	waiting atomic.Int64
	local   *bucket

	mu     sync.Mutex
	until  time.Time // the platform named it
	unsaid bool      // Redis has not been told of it
}

func (n *line) hold(until time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if until.After(n.until) {
		n.until, n.unsaid = until, true
	}
}

// held is until when calls are held, and whether Redis has yet to be told.
func (n *line) held() (until time.Time, unsaid bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.until, n.unsaid
}

// said notes what Redis has been told. That may have been surpassed in the meantime.
func (n *line) said(until time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.unsaid = n.until.After(until)
}

// maxLines bounds the memory of a process that rotates its credentials for years.
const maxLines = 1024

func (l *Limiter) line(key client.LimitKey) *line {
	limit, own := l.classes[key.Class]
	if !own {
		limit, key.Class = l.limit, ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := l.lines[key]; n != nil {
		return n
	}
	if len(l.lines) >= maxLines {
		for k, n := range l.lines {
			if until, _ := n.held(); n.waiting.Load() == 0 && !until.After(time.Now()) {
				delete(l.lines, k)
			}
		}
	}
	sum := sha256.Sum256([]byte(key.Host + "\x00" + key.Credential))
	n := &line{
		key: l.prefix + hex.EncodeToString(sum[:16]) + ":" + key.Class, limit: limit,
		turn: make(chan struct{}, 1), local: newBucket(limit, l.share),
	}
	l.lines[key] = n
	return n
}
