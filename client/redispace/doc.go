// Package redispace shares one rate limit among all machines that use the same key: a [client.Limiter] that counts in
// Redis.
//
// The platform counts by account and by address, not by process (facts §D), so four machines that each keep to the limit
// exceed it together. With this package they draw from one budget:
//
//	limiter, err := redispace.New(rdb, redispace.Limit{Requests: 100, Per: time.Minute})
//	c, err := client.New(client.FromEnv(), client.WithLimiter(limiter))
//
// It is a module of its own, so that programs without Redis do not have it among their dependencies. Counting is left to
// github.com/go-redis/redis_rate (GCRA, one script in Redis, by Redis' own clock, so the machines' clocks do not matter).
package redispace
