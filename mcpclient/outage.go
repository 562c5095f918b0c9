package mcpclient

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/retry"
)

// absence is a time in which a server that was there takes no connections, as during a deploy. The attempts of the client
// are not made for that: a crowd of callers has used up those that are allowed for all calls together within a moment.
type absence struct {
	since time.Time
	tries int
}

// The longest absence that a call waits for, and how long it waits between its attempts to connect.
const (
	longestAbsence  = 10 * time.Second
	absenceInterval = 500 * time.Millisecond
)

// endure waits for a moment where the server could not be connected to, so that nothing was sent. It tells whether to try
// again.
func (a *absence) endure(ctx context.Context, err error) bool {
	var failed *client.TransportError
	var op *net.OpError
	if !errors.As(err, &failed) || failed.OutcomeUnknown || !errors.As(err, &op) || op.Op != "dial" || ctx.Err() != nil {
		return false
	}
	if a.since.IsZero() {
		a.since = time.Now()
	}
	a.tries++
	return time.Since(a.since) < longestAbsence && retry.Wait(ctx, retry.Backoff(a.tries, reconnectBase, absenceInterval)) == nil
}
