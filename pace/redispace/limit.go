package redispace

import (
	"errors"
	"time"
)

// Limit is the number of requests that all machines together may send.
type Limit struct {
	// Requests are allowed in each span of Per. The platform documents 100 a minute for each address.
	Requests int
	// Per is the span. It is at least a millisecond, and at least a microsecond for each request.
	Per time.Duration
	// Burst is the number of requests that may be sent at once after a pause. It defaults to a twentieth of
	// Requests, and at least 1. That is well below what the platform accepts, because requests that were granted
	// one after the other may arrive together. A platform that counts in fixed windows accepts a burst at the end
	// of one window and another at the beginning of the next; keep it small there.
	Burst int
}

func (l Limit) check() error {
	switch {
	case l.Requests < 1:
		return errors.New("redispace: Limit.Requests must be at least 1")
	case l.Per < time.Millisecond:
		return errors.New("redispace: Limit.Per must be at least a millisecond")
	case l.Per.Microseconds() < int64(l.Requests):
		return errors.New("redispace: Limit must not exceed one request per microsecond")
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

// interval is the time between two requests of an even flow, in nanoseconds.
func (l Limit) interval() float64 { return float64(l.Per) / float64(l.Requests) }

// horizon limits how far ahead slots are reserved by all machines together.
func (l Limit) horizon() time.Duration { return min(max(l.Per, time.Second), time.Minute) }
