// Package pace implements an adaptive rate limiter. It learns the limits of a server from its responses, so that a
// client uses its whole quota and is rarely refused. A [Limiter] is the default limiter of package client; use this
// package directly to share one, to state a limit in advance ([Known]), or to inspect it ([Limiter.All]).
//
// # States
//
// A Limiter keeps separate state for each [Key]:
//
//	    first request
//	          |
//	          v
//	    +-----------+    no quota headers      +-----------+
//	    |  probing  | -----------------------> | unlimited |
//	    +-----------+                          +-----------+
//	          |                                      |
//	          | quota headers (from any state)       | 429 with Retry-After
//	          v                                      v
//	    +-----------+    429 with Retry-After     +------+
//	+-- |  window   | --------------------------> |      |
//	|   +-----------+                             |      |
//	|         | refills before its reset          | held |
//	|         v                                   |      |
//	|   +-----------+    429 with a delay         |      |
//	|   |  bucket   | --------------------------> |      |
//	|   +-----------+    beyond rounding          +------+
//	|         ^                                      |
//	|         | accepts more than before             | hold ends
//	|         |                                      v
//	|         |                              +--------------+    first response
//	|         +----------------------------- |  recovering  | ------------------> window
//	+--------------------------------------> +--------------+                  or unlimited
//	   exhausted window resets
//
// In detail:
//   - probing: a new key has up to 16 requests in flight until the first response. The number doubles after each
//     200 ms without one.
//   - unlimited: no limit is known, and nothing waits.
//   - window: a fixed number of requests per period. Remaining quota is used immediately, and an exhausted window is
//     waited out. One early request may test whether the limit is in fact a bucket.
//   - bucket: a token bucket. Announced tokens are used immediately. Beyond them, requests are sent at the estimated
//     refill rate, which follows the headers or the requests accepted between two refusals.
//   - held: every caller of the key waits until the time that Retry-After named, at most an hour.
//   - recovering: one request goes first. The others resume with its response: at once if headers announce the
//     quota, otherwise ramping up by one per response.
//
// # Without quota headers
//
// The limiter counts the requests that were accepted between two refusals. After a hold it sends as many, then tries
// for more, one by one and faster with each response. A window refuses them. A bucket accepts them, and the next
// refusal shows its rate. Once a count repeats, the window is waited out without a refusal, and tested again only
// occasionally. A raised or lowered limit is noticed at once from headers, and within seconds from refusals.
//
// # Rounded delays
//
// Retry-After is in whole seconds, in which a bucket may refill many times. If the limit is a bucket and rounding
// explains the delay, only the refused call waits it out; the others continue at the estimated rate. If the next
// attempt is refused too, all are held.
//
// # Two limits
//
// A 429 while the headers announce remaining quota comes from a second limit, which the headers do not describe. It is
// learned as if there were no headers, until they announce that nothing is left.
package pace
