package m2m

import (
	"errors"
	"time"

	"github.com/interchange-sdk/interchange-go/internal/retry"
)

const (
	// firstHold is the time the first failure is returned without another request, so that many callers without a token
	// do not become many requests.
	firstHold = time.Second
	// longestHold bounds the hold after failures that the endpoint answered, such as invalid_client: they rarely pass by
	// themselves. A Retry-After is obeyed up to the same bound.
	longestHold = 5 * time.Minute
	// longestOutage bounds it while the endpoint cannot be reached, which may pass at any moment.
	longestOutage = 30 * time.Second
)

// failureHold returns how long the nth failure in a row is returned without another request: a second, doubled with
// each further failure, and up to a quarter less from the second on, so that processes that fail together do not ask
// together.
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
