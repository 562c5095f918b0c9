package redispace

import (
	"errors"
	"time"

	"github.com/go-redis/redis_rate/v10"
)

// Limit is what all machines together may send.
type Limit struct {
	// Requests are allowed in each span of Per: for the current platform 100 a minute for each address (facts §D).
	Requests int
	// Per is the span; at least a millisecond.
	Per time.Duration
	// Burst is how many may be sent at once after a pause. Default: a twentieth of Requests, at least 1: well below what the
	// platform lets through, since requests that were granted one after the other may arrive together. A platform that counts in
	// fixed windows lets a burst through at the end of one and at the beginning of the next; keep it small there.
	Burst int
}

func (l Limit) check() error {
	switch {
	case l.Requests < 1:
		return errors.New("redispace: Limit.Requests must be at least 1")
	case l.Per < time.Millisecond:
		return errors.New("redispace: Limit.Per must be at least a millisecond")
	case l.Burst < 0 || l.Burst > l.Requests:
		return errors.New("redispace: Limit.Burst must be between 0 and Limit.Requests")
	}
	return nil
}

func (l Limit) burst() int {
	if l.Burst > 0 {
		return l.Burst
	}
	return max(1, l.Requests/20)
}

// interval is the time between two requests of an even flow.
func (l Limit) interval() time.Duration { return l.Per / time.Duration(l.Requests) }

func (l Limit) gcra() redis_rate.Limit {
	return redis_rate.Limit{Rate: l.Requests, Period: l.Per, Burst: l.burst()}
}
