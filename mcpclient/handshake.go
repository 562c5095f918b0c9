package mcpclient

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/retry"
	"github.com/interchange-sdk/interchange-go/mcpclient/oauth"
)

const (
	defaultConnectTimeout = 30 * time.Second
	// longestHandshakeWait is how long connecting waits for a message of the handshake that it can do without.
	longestHandshakeWait = 5 * time.Second
)

var (
	errConnectTimeout = errors.New("connecting took too long")
	errNoDiscovery    = errors.New("the server does not answer server/discover")
)

// connectLimit returns the time limit of connecting. A person who has to consent gets the time for it.
func (c *config) connectLimit() time.Duration {
	switch {
	case c.connectTimeout > 0:
		return c.connectTimeout
	case c.auth != nil:
		return defaultConnectTimeout + oauth.ConsentLimit
	}
	return defaultConnectTimeout
}

// handshakeWait returns how long to wait for a message that connecting can do without: a part of the time that is left,
// so that the rest suffices for the next step.
func (c *config) handshakeWait(ctx context.Context) time.Duration {
	wait := min(longestHandshakeWait, c.connectLimit()/3)
	if deadline, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(deadline)/3)
	}
	return wait
}

// tryDiscover sends server/discover, which servers of the older protocol do not know. Some do not answer it at all, or
// close the connection. The error then lets the library try the older protocol. A program that asked for the stateless
// protocol waits for it instead.
func (rt *roundTripper) tryDiscover(ctx context.Context, cancel context.CancelFunc, x *exchange) (*http.Response, error) {
	if rt.cfg.protocol >= ProtocolStateless {
		return rt.sendMessage(ctx, cancel, x)
	}
	withCallTimeout, stop := context.WithTimeoutCause(ctx, rt.cfg.handshakeWait(ctx), errNoDiscovery)
	x.noDiscovery = func(err error) bool {
		return ctx.Err() == nil && (withCallTimeout.Err() != nil || closedByServer(err))
	}
	resp, err := rt.sendMessage(withCallTimeout, func() {
		stop()
		cancel()
	}, x)
	if err != nil {
		stop()
	}
	return resp, err
}

// closedByServer reports whether an error means that the server accepted the connection and closed it.
func closedByServer(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return false
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// sendInitialized sends notifications/initialized. A session may work although the server refuses the notification or never
// responds to it. If it does not work, the next call fails with the reason.
func (rt *roundTripper) sendInitialized(ctx context.Context, x *exchange) {
	ctx, stop := context.WithTimeout(ctx, rt.cfg.handshakeWait(ctx))
	defer stop()
	if resp, err := x.send(ctx); err == nil {
		_ = resp.Body.Close()
	}
}

// outage is a time in which a server that was there takes no connections, as during a deploy. The attempts of the client
// are not made for that: a crowd of callers has used up those that are allowed for all calls together within a moment.
type outage struct {
	since time.Time
	tries int
}

// The longest absence that a call waits for, and how long it waits between its attempts to connect.
const (
	longestOutage  = 10 * time.Second
	outageInterval = 500 * time.Millisecond
)

// waitForServer waits for a moment where the server could not be connected to, so that nothing was sent. It tells whether to try
// again.
func (a *outage) waitForServer(ctx context.Context, err error) bool {
	var failed *client.TransportError
	var op *net.OpError
	if !errors.As(err, &failed) || failed.OutcomeUnknown || !errors.As(err, &op) || op.Op != "dial" || ctx.Err() != nil {
		return false
	}
	if a.since.IsZero() {
		a.since = time.Now()
	}
	a.tries++
	return time.Since(a.since) < longestOutage && retry.Wait(ctx, retry.Backoff(a.tries, reconnectBase, outageInterval)) == nil
}
