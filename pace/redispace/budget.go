package redispace

import (
	"math/rand/v2"
	"time"
)

const (
	// longestHold is the time when the platform is asked again, whatever it said: the longest window it documents.
	longestHold = time.Hour
	// repeatHold is the number of times Redis is reminded of a hold, which it may have lost.
	repeatHold = time.Second
	// leastQuantum is long enough for round trips up to 20 ms, so that processes with such have equal quanta.
	leastQuantum = 50 * time.Millisecond
	// leastMargin is the time before a slot the reply that grants it should arrive.
	leastMargin = 2 * time.Millisecond
	// leastValid is the time a slot is valid, unless bursts take longer. Timers are not more precise on a busy machine.
	leastValid = 50 * time.Millisecond
	// leastSlow is the time calls wait for Redis, unless round trips are known to be long. The rest of the timeout
	// passes in the background.
	leastSlow = 100 * time.Millisecond
)

// budget holds what this process knows of a budget in Redis.
type budget struct {
	limit     Limit
	known     string        // the latest value in Redis; empty if there is none
	roundTrip time.Duration // of recent requests, rather too long than too short
	next      time.Time     // when the next slot is free, as far as known
	ask       time.Time     // when to ask for it

	held   time.Time // until then, because the platform refused a call of this process
	told   time.Time // the value of held that Redis has learned
	toldAt time.Time
}

func (b *budget) hold(until time.Time) {
	if until.After(b.held) {
		b.held = until
	}
}

// mustTell reports whether Redis must learn of the hold.
func (b *budget) mustTell(now time.Time) bool {
	return b.held.After(now) && (!b.told.Equal(b.held) || now.Sub(b.toldAt) >= repeatHold)
}

// quantum is the amount of the even flow one request reserves: enough to cover the time until the reply to the next
// one.
func (b *budget) quantum() time.Duration {
	return max(leastQuantum, 2*b.roundTrip+leastMargin)
}

// slow is the time a request takes before calls stop waiting for it.
func (b *budget) slow() time.Duration { return max(leastSlow, 2*b.roundTrip) }

// valid is the time after its time a slot may be used: as long as a burst takes, less the delay of the reply beyond the
// usual round trip.
func (b *budget) valid(sent, now time.Time) time.Duration {
	valid := max(leastValid, time.Duration(float64(b.limit.burst())*b.limit.interval()))
	if b.roundTrip > 0 {
		valid -= max(0, now.Sub(sent)-2*b.roundTrip)
	}
	return valid
}

// apply notes the reply to a request that was sent at sent. It returns the time until the next slot is free.
func (b *budget) apply(q question, r reply, sent, now time.Time) time.Duration {
	b.known = r.known
	// Grow at once and shrink slowly: an estimate that is too low costs throughput.
	took := now.Sub(sent)
	b.roundTrip = max(took, b.roundTrip-(b.roundTrip-took)/4)
	b.told, b.toldAt = q.until, now
	if r.hold > 0 {
		// Machines that wait for the same moment should not all ask at once, nor the same one first each time.
		b.next = now.Add(r.hold)
		apart := max(min(time.Duration(b.limit.interval())/4, 50*time.Millisecond), time.Microsecond)
		b.ask = b.next.Add(rand.N(apart)) //nolint:gosec // not a secret
		return r.hold
	}
	wait := r.delay(r.granted+1, b.limit)
	b.next = now.Add(wait)
	b.ask = b.next
	switch {
	case r.granted > 0:
		b.ask = now.Add(r.delay(r.granted, b.limit))
	case q.horizon < min(wait, b.limit.horizon()):
		// The least patient call decided the horizon. A more patient one may get a slot.
		b.ask = now
	}
	// Ask early enough for the reply to arrive in time, at a random moment for the same reason.
	margin := leastMargin + b.roundTrip/2
	b.ask = b.ask.Add(-b.roundTrip - margin + rand.N(margin)) //nolint:gosec // not a secret
	return wait
}
