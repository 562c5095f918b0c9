package redispace

import (
	"math/rand/v2"
	"time"
)

const (
	// longestHold limits every hold, whatever the platform names: the longest window that it documents.
	longestHold = time.Hour
	// repeatHold is the interval at which a hold is sent again, since Redis may have lost it.
	repeatHold = time.Second
	// minQuantum is long enough for round trips up to 20 ms, so that processes with such have equal quanta.
	minQuantum = 50 * time.Millisecond
	// minMargin is the time between the reply that grants a slot and the slot.
	minMargin = 2 * time.Millisecond
	// minValid is the least validity of a slot; bursts may take longer. Timers are not more precise on a busy machine.
	minValid = 50 * time.Millisecond
	// minSlow is the least time that calls wait for Redis; it grows with the round trip. The rest of the timeout
	// passes in the background.
	minSlow = 100 * time.Millisecond
)

// budget holds what this process knows of a budget in Redis.
type budget struct {
	limit     Limit
	known     string        // the latest value in Redis; empty if there is none
	roundTrip time.Duration // of recent requests, rather too long than too short
	next      time.Time     // when the next slot is free, as far as known
	requestAt time.Time     // when to request it

	held       time.Time // until then, because the platform refused a call of this process
	sharedHold time.Time // the value of held that Redis has
	sharedAt   time.Time
}

func (b *budget) hold(until time.Time) {
	if until.After(b.held) {
		b.held = until
	}
}

// mustShareHold reports whether the hold must be sent to Redis.
func (b *budget) mustShareHold(now time.Time) bool {
	return b.held.After(now) && (!b.sharedHold.Equal(b.held) || now.Sub(b.sharedAt) >= repeatHold)
}

// quantum returns the part of the even flow that one request reserves: enough until the reply to the next one.
func (b *budget) quantum() time.Duration {
	return max(minQuantum, 2*b.roundTrip+minMargin)
}

// slow returns the time after which calls stop waiting for a request.
func (b *budget) slow() time.Duration { return max(minSlow, 2*b.roundTrip) }

// valid returns how long after its time a slot may be used: the duration of a burst, less the delay of the reply
// beyond the usual round trip.
func (b *budget) valid(sent, now time.Time) time.Duration {
	valid := max(minValid, time.Duration(float64(b.limit.burst())*b.limit.interval()))
	if b.roundTrip > 0 {
		valid -= max(0, now.Sub(sent)-2*b.roundTrip)
	}
	return valid
}

// apply notes the reply to a request that was sent at sent. It returns the time until the next slot is free.
func (b *budget) apply(args scriptArgs, r reply, sent, now time.Time) time.Duration {
	b.known = r.known
	// Grow at once and shrink slowly: an estimate that is too low costs throughput.
	took := now.Sub(sent)
	b.roundTrip = max(took, b.roundTrip-(b.roundTrip-took)/4)
	b.sharedHold, b.sharedAt = args.until, now
	if r.hold > 0 {
		// Machines that wait for the same moment should not all send at once, nor always in the same order.
		b.next = now.Add(r.hold)
		apart := max(min(time.Duration(b.limit.interval())/4, 50*time.Millisecond), time.Microsecond)
		b.requestAt = b.next.Add(rand.N(apart)) //nolint:gosec // not a secret
		return r.hold
	}
	wait := r.delay(r.granted+1, b.limit)
	b.next = now.Add(wait)
	b.requestAt = b.next
	switch {
	case r.granted > 0:
		b.requestAt = now.Add(r.delay(r.granted, b.limit))
	case args.horizon < min(wait, b.limit.horizon()):
		// The least patient call decided the horizon. A more patient one may get a slot.
		b.requestAt = now
	}
	// Ask early enough for the reply to arrive in time, at a random moment for the same reason.
	margin := minMargin + b.roundTrip/2
	b.requestAt = b.requestAt.Add(-b.roundTrip - margin + rand.N(margin)) //nolint:gosec // not a secret
	return wait
}
