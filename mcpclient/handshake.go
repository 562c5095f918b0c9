package mcpclient

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"

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
func (w *carrier) tryDiscover(ctx context.Context, cancel context.CancelFunc, x *exchange) (*http.Response, error) {
	if w.cfg.protocol >= ProtocolStateless {
		return w.exchangeCall(ctx, cancel, x)
	}
	limited, stop := context.WithTimeoutCause(ctx, w.cfg.handshakeWait(ctx), errNoDiscovery)
	x.silent = func(err error) bool {
		return ctx.Err() == nil && (limited.Err() != nil || closedByServer(err))
	}
	resp, err := w.exchangeCall(limited, func() {
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

// announce sends notifications/initialized. A session may work although the server refuses the notification or never
// responds to it. If it does not work, the next call fails with the reason.
func (w *carrier) announce(ctx context.Context, x *exchange) {
	ctx, stop := context.WithTimeout(ctx, w.cfg.handshakeWait(ctx))
	defer stop()
	if resp, err := x.send(ctx); err == nil {
		_ = resp.Body.Close()
	}
}
