package redispace_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/client/redispace"
)

var key = client.LimitKey{Host: "api.test", Credential: "5f2c91e0"}

// frozen is a Redis in the process whose clock stands still.
func frozen(t *testing.T) (*miniredis.Miniredis, redis.UniversalClient) {
	t.Helper()
	server := miniredis.RunT(t)
	server.SetTime(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	return server, connect(t, "tcp", server.Addr())
}

func connect(t *testing.T, network, addr string) redis.UniversalClient {
	t.Helper()
	rdb := redis.NewClient(&redis.Options{Network: network, Addr: addr, ContextTimeoutEnabled: true, MaxRetries: -1})
	t.Cleanup(func() { require.NoError(t, rdb.Close()) })
	return rdb
}

func limiter(t *testing.T, rdb redis.UniversalClient, limit redispace.Limit, opts ...redispace.Option) *redispace.Limiter {
	t.Helper()
	l, err := redispace.New(rdb, limit, opts...)
	require.NoError(t, err)
	return l
}

// atOnce is a wait that must not take any time.
func atOnce(t *testing.T, l *redispace.Limiter, k client.LimitKey) error {
	t.Helper()
	return l.Wait(t.Context(), k, time.Nanosecond)
}

// realRedis is a redis-server of the test's own, on a socket in its directory.
type realRedis struct {
	t      *testing.T
	binary string
	socket string
	cmd    *exec.Cmd
}

func startRedis(t *testing.T) *realRedis {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("REDISPACE_REQUIRE_REDIS") != "" {
			require.NoError(t, err, "redis-server is required here")
		}
		t.Skip("redis-server is not installed")
	}
	dir, err := os.MkdirTemp("", "redis") //nolint:usetesting // a socket's path must be short
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	r := &realRedis{t: t, binary: binary, socket: filepath.Join(dir, "s")}
	r.start()
	t.Cleanup(r.kill)
	return r
}

func (r *realRedis) start() {
	r.t.Helper()
	r.cmd = exec.CommandContext(context.WithoutCancel(r.t.Context()), r.binary,
		"--port", "0", "--unixsocket", r.socket, "--save", "", "--appendonly", "no", "--dir", filepath.Dir(r.socket))
	require.NoError(r.t, r.cmd.Start())
	require.Eventually(r.t, func() bool {
		conn, err := new(net.Dialer).DialContext(r.t.Context(), "unix", r.socket)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	}, 10*time.Second, 5*time.Millisecond)
}

func (r *realRedis) kill() {
	if r.cmd == nil {
		return
	}
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
	r.cmd = nil
}
