package redispace

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// takeScript checks the hold and takes slots from the budget in one step (GCRA, by the clock of Redis).
//
// Slots that are free are granted at once. Beyond those, each run may reserve a quantum, but no slot behind its
// horizon. A process sends the next request when its reservation is nearly used, so all get equal parts.
//
// The budget is one number: the time in microseconds at which everything granted so far is paid for. A caller
// passes the latest value that it knows, so that a budget which was evicted or flushed continues where it was. The
// value is kept for a minute after it is needed. If it is missing within 50 s, Redis lost it.
//
// The script always writes the budget. A probe that asks for no slots therefore finds out about missing permissions
// and read-only replicas, too.
const takeScript = `
local wanted, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local horizon, quantum, ahead = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local hold, longest, known = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])

local stored = redis.call('PTTL', KEYS[2])
if stored == -1 or stored > longest then
  hold = longest
  redis.call('SET', KEYS[2], '', 'PX', hold)
elseif stored >= hold then
  hold = math.max(stored, 0)
elseif hold > 0 then
  hold = math.min(hold, longest)
  redis.call('SET', KEYS[2], '', 'PX', hold)
end

local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local paid = tonumber(redis.call('GET', KEYS[1]) or '')
local lost = 0
if not paid and known > now - 50000000 and known <= now + ahead then
  lost = 1
end
if not (paid and paid > now and paid <= now + ahead) then
  paid = now
end
if known > paid and known <= now + ahead then
  paid, lost = known, 1
end

local debt = paid - now
local granted = 0
if hold == 0 then
  local within = math.floor((horizon - debt) / interval) + burst
  local free = math.max(0, math.floor(-debt / interval) + burst)
  granted = math.max(0, math.min(wanted, within, free + math.max(1, math.floor(quantum / interval))))
end
paid = paid + granted * interval
local value = string.format('%.3f', paid)
redis.call('SET', KEYS[1], value, 'PX', math.ceil((paid - now) / 1000) + 60000)
return {granted, math.ceil(debt), hold, lost, value}
`

// scriptArgs holds the arguments of one run of the script.
type scriptArgs struct {
	wanted  int
	horizon time.Duration // no slot may be later
	quantum time.Duration // of the even flow, reserved beyond what is free
	hold    time.Duration // the caller's own hold; 0 if there is none
	until   time.Time     // the end of that hold by the local clock
	known   string        // the caller's latest value of the budget; empty if there is none
}

// reply holds the results of one run of the script.
type reply struct {
	granted int
	debt    time.Duration // how far the budget was paid for ahead of time, before the grant
	hold    time.Duration // how long all machines are held
	lost    bool          // Redis had lost the budget, or a part of it
	known   string
}

// delay is the time until a slot may be used. The first slot of the reply is number 1. The slot after the last one
// granted has a delay, too: that until it will be free.
func (r reply) delay(slot int, limit Limit) time.Duration {
	return r.debt + time.Duration(float64(slot-limit.burst())*limit.interval())
}

// run runs the script on the two keys of a budget.
func (l *Limiter) run(ctx context.Context, key string, limit Limit, args scriptArgs) (r reply, err error) {
	defer func() {
		// The Redis client is foreign code with hooks of its own, and no caller could recover in this goroutine.
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: the Redis client panicked", ErrMisconfigured)
		}
	}()
	known := args.known
	if known == "" {
		known = "0"
	}
	raw, err := l.script.Run(ctx, l.rdb, []string{key, key + ":hold"},
		args.wanted, strconv.FormatFloat(limit.interval()/float64(time.Microsecond), 'f', -1, 64), limit.burst(),
		args.horizon.Microseconds(), args.quantum.Microseconds(), (limit.Per + 2*limit.horizon()).Microseconds(),
		min(args.hold, longestHold).Milliseconds(), longestHold.Milliseconds(), known,
	).Slice()
	if err != nil {
		return reply{}, err
	}
	return parseReply(raw)
}

var errReply = errors.New("the reply of the script is malformed")

// parseReply reads the five values that the script returns.
func parseReply(raw []any) (reply, error) {
	if len(raw) != 5 {
		return reply{}, errReply
	}
	var n [4]int64
	for i := range n {
		v, ok := raw[i].(int64)
		if !ok {
			return reply{}, errReply
		}
		n[i] = v
	}
	known, ok := raw[4].(string)
	if _, err := strconv.ParseFloat(known, 64); !ok || err != nil {
		return reply{}, errReply
	}
	const most = math.MaxInt64 / int64(time.Millisecond) / 2
	if n[0] < 0 || n[0] > math.MaxInt32 || n[1] < 0 || n[1] > most || n[2] < 0 || n[2] > most {
		return reply{}, errReply
	}
	return reply{
		granted: int(n[0]),
		debt:    time.Duration(n[1]) * time.Microsecond,
		hold:    time.Duration(n[2]) * time.Millisecond,
		lost:    n[3] != 0,
		known:   known,
	}, nil
}

func newScript() *redis.Script { return redis.NewScript(takeScript) }
