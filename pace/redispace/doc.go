// Package redispace shares one rate limit among all machines that use the same key: a [client.Limiter] that counts
// in Redis.
//
// The platform counts by account and by address, not by process. Four machines that each keep to the limit exceed
// it together. With this package they draw from one budget:
//
//	limiter, err := redispace.New(rdb, redispace.Limit{Requests: 100, Per: time.Minute})
//	err = limiter.Check(ctx)
//	c, err := client.New(client.FromEnv(), client.WithLimiter(limiter))
//	defer limiter.Close()
//
// It is a separate module, so that programs without Redis do not depend on it. The budget follows the generic cell
// rate algorithm (GCRA). One script in Redis does the counting by the clock of Redis, so the clocks of the machines
// do not matter.
//
// # Setting up Redis
//
// The server must be able to run scripts: Redis 5 or later, or a compatible one. With Redis Cluster, use a cluster
// client; the two keys of a budget are on the same node.
//
// The names of all keys start with a prefix, by default "interchange:" ([WithPrefix]). An ACL for the prefix needs
// no more than:
//
//	ACL SETUSER pacer on >password resetkeys ~interchange:* -@all +eval +evalsha +get +set +pttl +time
//
// A cluster client of go-redis needs +cluster|slots, too.
//
// Set maxmemory-policy to noeviction. Other policies may evict the budget: allkeys-lru and the like at any time,
// and volatile-ttl first of all, because the keys expire within minutes. A process that knows more of the budget
// than Redis restores it with its next request and logs a warning, so that an eviction or FLUSHALL does not exceed
// the limit by much. A process that was just started cannot do that. If Redis loses the budget again within ten
// seconds, the processes use their shares, as if Redis were away, until it keeps the budget.
//
// The throughput does not depend on the round trip to Redis as long as enough calls wait: slots are reserved at
// least 50 ms ahead, and for two round trips. Slots that were reserved by a process that ends are lost.
//
// Set ContextTimeoutEnabled in the options of go-redis, so that it keeps to the timeout ([WithTimeout]).
//
// # When Redis is away
//
// No call fails because Redis is away, slow or misconfigured. Each process uses its share of the limit
// ([WithShare]) until Redis is back. The problem is logged when it begins, repeatedly while it lasts
// ([WithReportInterval]), and when it ends. [Limiter.Check] reports it at start; the error matches
// [ErrMisconfigured] if it does not end by itself.
package redispace
