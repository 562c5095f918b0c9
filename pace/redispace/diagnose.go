package redispace

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"github.com/redis/go-redis/v9"
)

// diagnose looks for the cause of an error that may have several: a server that does not reply, or that closes the
// connection, may be down, or expect TLS, or not expect it, or miss a client certificate. It opens a connection of
// its own, and sends no credentials.
func (l *Limiter) diagnose(ctx context.Context, err error) error {
	vague := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET)
	network, addr, config := endpoint(l.rdb)
	if errors.Is(err, ErrMisconfigured) || !vague || addr == "" || ctx.Err() != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	half, cancelHalf := context.WithTimeout(ctx, l.timeout/2)
	defer cancelHalf()
	if config == nil {
		conn, cause := dial(half, network, addr)
		if cause != nil {
			return fmt.Errorf("redis does not reply: %w", cause)
		}
		defer func() { _ = conn.Close() }()
		// Whether the server speaks TLS is the question, not who it is. Nothing is sent over this connection.
		secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // see above
		var alert *net.OpError
		cause = secure.HandshakeContext(half)
		if cause == nil || (errors.As(cause, &alert) && alert.Op == "remote error") {
			return misconfigured("the server requires TLS", "")
		}
		return err
	}
	if cause := ping(half, network, addr, config); cause != nil && isTLS(cause) {
		return misconfigured("the TLS connection failed", cause.Error())
	}
	if ping(ctx, network, addr, nil) == nil {
		return misconfigured("the server does not use TLS", "")
	}
	return err
}

// ping reports why a server does not reply to PING. A refusal is a reply, too.
func ping(ctx context.Context, network, addr string, config *tls.Config) error {
	conn, err := dial(ctx, network, addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if config != nil {
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return err
		}
		conn = secure
	}
	if _, err := io.WriteString(conn, "PING\r\n"); err != nil {
		return err
	}
	var first [1]byte
	if _, err := io.ReadFull(conn, first[:]); err != nil {
		return err
	}
	if first[0] != '+' && first[0] != '-' {
		return errors.New("the reply is not one of Redis")
	}
	return nil
}

func dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	if deadline, has := ctx.Deadline(); has {
		if err := conn.SetDeadline(deadline); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

// endpoint returns the address of a server that rdb connects to, and the TLS configuration if it uses one. The
// address is empty if it is unknown.
func endpoint(rdb redis.UniversalClient) (network, addr string, config *tls.Config) {
	network = "tcp"
	switch c := rdb.(type) {
	case *redis.Client:
		options := c.Options()
		if options.Addr == "FailoverClient" { // what go-redis puts there when sentinels name the server
			return "", "", nil
		}
		network, addr, config = options.Network, options.Addr, options.TLSConfig
	case *redis.ClusterClient:
		if options := c.Options(); len(options.Addrs) > 0 {
			addr, config = options.Addrs[0], options.TLSConfig
		}
	}
	if config != nil && config.ServerName == "" {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			host = addr
		}
		config = config.Clone()
		config.ServerName = host
	}
	return network, addr, config
}
