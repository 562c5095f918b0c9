package redispace_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// realRedis is a redis-server that belongs to one test. It has a socket in a directory of its own and, if the test asks
// for one, a port on the loopback interface.
type realRedis struct {
	t       *testing.T
	socket  string
	args    []string // of the test
	command []string // all arguments
	cmd     *exec.Cmd
	stdin   io.Closer
	pid     string
}

// startRedis starts a redis-server with more arguments. The test is skipped if there is no redis-server.
func startRedis(t *testing.T, args ...string) *realRedis {
	t.Helper()
	requireCommand(t, "redis-server")
	dir := shortDir(t)
	r := &realRedis{t: t, socket: filepath.Join(dir, "s"), args: args}
	r.command = []string{"--unixsocket", r.socket, "--save", "", "--appendonly", "no", "--dir", dir}
	if !slices.Contains(args, "--port") {
		r.command = append(r.command, "--port", "0")
	}
	r.command = append(r.command, args...)
	r.start()
	t.Cleanup(r.kill)
	return r
}

// startSentinel starts a sentinel with lines of its configuration.
func startSentinel(t *testing.T, lines ...string) *realRedis {
	t.Helper()
	requireCommand(t, "redis-server")
	dir := shortDir(t)
	r := &realRedis{t: t, socket: filepath.Join(dir, "s")}
	lines = append(lines, "dir "+dir, "unixsocket "+r.socket)
	config := filepath.Join(dir, "sentinel.conf") // the sentinel changes it
	require.NoError(t, os.WriteFile(config, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	r.command = []string{config, "--sentinel"}
	r.start()
	t.Cleanup(r.kill)
	return r
}

// shortDir returns a directory whose path is short enough for a socket.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "redis") //nolint:usetesting // those of testing have long paths
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

func requireCommand(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("REDISPACE_REQUIRE_REDIS") != "" {
			require.NoError(t, err, "redis-server is required here")
		}
		t.Skip(name + " is not installed")
	}
}

// guard starts a program, prints its process id, and kills it when its own standard input ends: also when the test
// process is killed.
const guard = `"$@" >/dev/null & echo $!; read -r _; kill -9 $!; wait $!`

func (r *realRedis) start() {
	r.t.Helper()
	args := append([]string{"-c", guard, "sh", "redis-server"}, r.command...)
	r.cmd = exec.CommandContext(context.WithoutCancel(r.t.Context()), "sh", args...)
	stdin, err := r.cmd.StdinPipe()
	require.NoError(r.t, err)
	stdout, err := r.cmd.StdoutPipe()
	require.NoError(r.t, err)
	require.NoError(r.t, r.cmd.Start())
	r.stdin = stdin
	pid, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(r.t, err)
	r.pid = strings.TrimSpace(pid)
	require.Eventually(r.t, func() bool {
		conn, err := new(net.Dialer).DialContext(r.t.Context(), "unix", r.socket)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	}, 10*time.Second, 5*time.Millisecond, "redis-server does not start")
}

// kill ends the server without notice. It may be started again.
func (r *realRedis) kill() {
	if r.cmd == nil {
		return
	}
	_ = r.stdin.Close()
	_ = r.cmd.Wait()
	r.cmd = nil
}

// signal sends the server a signal, such as STOP.
func (r *realRedis) signal(name string) {
	r.t.Helper()
	require.NoError(r.t, exec.CommandContext(r.t.Context(), "kill", "-"+name, r.pid).Run())
}

// do runs commands as an administrator.
func (r *realRedis) do(commands ...string) {
	r.t.Helper()
	admin := redis.NewClient(&redis.Options{Network: "unix", Addr: r.socket})
	defer func() { require.NoError(r.t, admin.Close()) }()
	for _, command := range commands {
		var args []any
		for _, word := range strings.Fields(command) {
			args = append(args, word)
		}
		require.NoError(r.t, admin.Do(r.t.Context(), args...).Err(), command)
	}
}

// freePort returns a port of the loopback interface that nothing listens on.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// arg returns the value of an argument that the server was started with.
func (r *realRedis) arg(name string) string {
	return r.args[slices.Index(r.args, name)+1]
}
