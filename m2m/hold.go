package m2m

import (
	"errors"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/retry"
)

const (
	// firstHold is the time for which the first failure is returned without another request, so that many callers
	// without a token do not cause many requests.
	firstHold = time.Second
	// longestHold limits the hold after error responses such as invalid_client, which rarely pass by themselves, and
	// Retry-After.
	longestHold = 5 * time.Minute
	// longestOutage limits it while the endpoint cannot be reached, which may pass at any time.
	longestOutage = 30 * time.Second
)

// failureHold returns how long the nth failure in a row is returned without another request: a second, doubled with
// each further failure. From the second on, up to a quarter is taken off at random, to spread the processes.
func failureHold(err error, n int) time.Duration {
	limit, asked := longestOutage, time.Duration(0)
	var failed *Error
	if errors.As(err, &failed) {
		asked = failed.RetryAfter
		if failed.StatusCode != 0 {
			limit = longestHold
		}
	}
	hold := firstHold
	for range n - 1 {
		if hold *= 2; hold >= limit {
			hold = limit
			break
		}
	}
	if n > 1 {
		hold -= retry.Backoff(1, hold/4, hold/4)
	}
	return min(max(hold, asked), longestHold)
}
