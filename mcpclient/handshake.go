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
	// longestHandshakeWait limits the wait for an optional message of the handshake.
	longestHandshakeWait = 5 * time.Second
)

var (
	errConnectTimeout = errors.New("connecting took too long")
	errNoDiscovery    = errors.New("the server does not respond to server/discover")
)

// connectLimit returns the time limit of connecting, including the time for a person's consent.
func (c *config) connectLimit() time.Duration {
	switch {
	case c.connectTimeout > 0:
		return c.connectTimeout
	case c.auth != nil:
		return defaultConnectTimeout + oauth.ConsentLimit
	}
	return defaultConnectTimeout
}

// handshakeWait returns how long to wait for an optional message: a part of the remaining time, so that the rest
// suffices for the next step.
func (c *config) handshakeWait(ctx context.Context) time.Duration {
	wait := min(longestHandshakeWait, c.connectLimit()/3)
	if deadline, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(deadline)/3)
	}
	return wait
}

// tryDiscover sends server/discover, which servers of the older protocol do not know. Some never respond to it, or
// close the connection; the library then tries the older protocol. If the stateless protocol is configured, tryDiscover
// waits.
func (rt *roundTripper) tryDiscover(
	ctx context.Context, cancel context.CancelFunc, x *exchange,
) (*http.Response, error) {
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

// sendInitialized sends notifications/initialized. A session may work although the server refuses the notification or
// never responds to it. If it does not work, the next call fails with the reason.
func (rt *roundTripper) sendInitialized(ctx context.Context, x *exchange) {
	ctx, stop := context.WithTimeout(ctx, rt.cfg.handshakeWait(ctx))
	defer stop()
	if resp, err := x.send(ctx); err == nil {
		_ = resp.Body.Close()
	}
}

// outage is a time in which a server that was reached before takes no connections, as during a deploy. The attempts of
// the client do not suffice: many callers use up those that are allowed for all calls within a moment.
type outage struct {
	since time.Time
	tries int
}

const (
	longestOutage  = 10 * time.Second // that a call waits for
	outageInterval = 500 * time.Millisecond
)

// waitForServer waits a moment if err means that nothing was sent because the server took no connection. It reports
// whether to try again.
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
	return time.Since(a.since) < longestOutage &&
		retry.Wait(ctx, retry.Backoff(a.tries, reconnectBase, outageInterval)) == nil
}
