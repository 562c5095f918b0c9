package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace/redispace"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// shared is a number of processes that draw from one budget in Redis.
type shared struct {
	machines int
	workers  int // of each
	runs     time.Duration
	briefly  time.Duration // in the short form
	outage   time.Duration // of Redis in the middle of the run; requires a real one

	goodput float64 // goal of all together
	share   float64 // goal of each, of an equal part
}

func machines() family {
	row := func(name, what string, short bool, s shared) scenario {
		goal := "0 failed, recovers"
		if s.outage == 0 {
			goal = fmt.Sprintf("≥ %.0f %%, 0 failed, each ≥ %.0f %% of its share", 100*s.goodput, 100*s.share)
		}
		return scenario{name: name, what: what, short: short, goal: goal, peer: peer{}, run: s.run}
	}
	return family{
		name:  "machines",
		title: "One key on many machines, with pace/redispace",
		note: "Processes of 16 workers share a bucket of 200/s, burst 20, and are configured with its rate. Goodput is the " +
			"number of their calls, divided by the number that the limit permits. No other SDK has this.",
		charted: true,
		columns: []string{"calls", "goodput", "failed", "refusals", "least share", "outages logged"},
		scenarios: []scenario{
			row("four", "4 processes, one Redis", true,
				shared{machines: 4, workers: 16, runs: 10 * time.Second, briefly: 3 * time.Second, goodput: 0.95, share: 0.6}),
			row("outage", "the same, and Redis is killed for 5 s", false,
				shared{machines: 4, workers: 16, runs: 15 * time.Second, outage: 5 * time.Second, share: 0.6}),
		},
	}
}

// assignment is the input of a process, and outcome its output.
type assignment struct {
	Platform, Token, Network, Redis string
	Workers                         int
	Runs                            time.Duration
	Share                           float64
}

type outcome struct {
	Done, Failed int64
	Away, Back   int // how often it logged that Redis was away and back
	Error        string
}

func (s shared) run(ctx context.Context, short bool) (_ measurement, err error) {
	if short {
		s.runs = s.briefly
	}
	srv, err := sandbox.Start(sandbox.WithRateLimit(bucketLimit)) //nolint:contextcheck // lives until it is closed
	if err != nil {
		return measurement{}, err
	}
	defer func() { err = errors.Join(err, srv.Close()) }()
	server, err := startRedis(ctx)
	if err != nil {
		return measurement{}, err
	}
	defer server.stop()
	if s.outage > 0 {
		if server.binary == "" {
			return measurement{}, errors.New("redis-server is not installed")
		}
		timer := time.AfterFunc((s.runs-s.outage)/2, server.stop)
		defer timer.Stop()
		again := time.AfterFunc((s.runs+s.outage)/2, func() { _ = server.start(ctx) })
		defer again.Stop()
	}
	outcomes := make([]outcome, s.machines)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() {
			outcomes[i] = s.process(ctx, assignment{
				Platform: srv.URL(), Token: srv.AdminToken(), Network: server.network, Redis: server.addr,
				Workers: s.workers, Runs: s.runs, Share: 1 / float64(s.machines),
			})
		})
	}
	all.Wait()
	return s.measure(outcomes, srv)
}

func (s shared) measure(outcomes []outcome, srv *sandbox.Server) (measurement, error) {
	var done, failed, least int64
	outages := make([]string, len(outcomes))
	recovered := true
	for i, o := range outcomes {
		if o.Error != "" {
			return measurement{}, errors.New(o.Error)
		}
		done, failed = done+o.Done, failed+o.Failed
		if i == 0 || o.Done < least {
			least = o.Done
		}
		outages[i] = fmt.Sprintf("%d/%d", o.Away, o.Back)
		recovered = recovered && o.Away == 1 && o.Back == 1
	}
	refused := 0
	for _, r := range srv.Requests() {
		if r.Status == 429 {
			refused++
		}
	}
	ideal := float64(bucketLimit.Burst) + float64(bucketLimit.Requests)*s.runs.Seconds()/bucketLimit.Window.Seconds()
	goodput, share := min(1, float64(done)/ideal), float64(least)*float64(s.machines)/float64(max(done, 1))
	met := failed == 0 && share >= s.share && goodput >= s.goodput
	if s.outage > 0 {
		met = failed == 0 && recovered
	}
	return measurement{
		values: []string{
			fmt.Sprint(done), fmt.Sprintf("%.1f %%", 100*goodput), fmt.Sprint(failed), fmt.Sprint(refused),
			fmt.Sprintf("%.0f %%", 100*share), strings.Join(outages, " "),
		},
		goodput: goodput,
		met:     met,
	}, nil
}

// process runs this program again as one of the machines.
func (s shared) process(ctx context.Context, a assignment) (o outcome) {
	input, err := json.Marshal(a)
	if err != nil {
		return outcome{Error: err.Error()}
	}
	self, err := os.Executable()
	if err != nil {
		return outcome{Error: err.Error()}
	}
	cmd := exec.CommandContext(ctx, self, "-machine") //nolint:gosec // this program
	cmd.Stdin = bytes.NewReader(input)
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &o)
	}
	if err != nil {
		o.Error = err.Error()
	}
	return o
}

// machine is the main function of one of the processes.
func machine(ctx context.Context, in io.Reader, out io.Writer) error {
	var a assignment
	if err := json.NewDecoder(in).Decode(&a); err != nil {
		return err
	}
	token, err := client.ParseToken(a.Token)
	if err != nil {
		return err
	}
	rdb := redis.NewClient(&redis.Options{Network: a.Network, Addr: a.Redis, ContextTimeoutEnabled: true})
	defer func() { _ = rdb.Close() }()
	var log lines
	limiter, err := redispace.New(rdb, redispace.Limit{Requests: bucketLimit.Requests, Per: bucketLimit.Window},
		redispace.WithShare(a.Share), redispace.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		return err
	}
	defer func() { _ = limiter.Close() }()
	c, err := client.New(client.WithEnvironment(client.BaseURL(a.Platform)), client.WithToken(token),
		client.WithLimiter(limiter))
	if err != nil {
		return err
	}
	defer c.CloseIdleConnections()
	op := client.Operation{ID: "getCurrentAccount", Mount: client.MountShared, Path: "/accounts/current"}
	var done, failed atomic.Int64
	until := time.Now().Add(a.Runs)
	var wg sync.WaitGroup
	for range a.Workers {
		wg.Go(func() {
			for time.Now().Before(until) {
				_, err := c.Do(ctx, &op, client.Request{})
				switch {
				case err != nil:
					failed.Add(1)
				case time.Now().Before(until):
					done.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return json.NewEncoder(out).Encode(outcome{
		Done: done.Load(), Failed: failed.Load(), Away: log.count("redis is away"), Back: log.count("redis is back"),
	})
}

// lines is a log whose lines can be counted.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) count(words string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), words)
}

// redisServer is a redis-server process, or miniredis if redis-server is not installed.
type redisServer struct {
	network, addr string

	binary string
	mu     sync.Mutex
	cmd    *exec.Cmd
	dir    string
	inside *miniredis.Miniredis
}

func startRedis(ctx context.Context) (*redisServer, error) {
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		inside, err := miniredis.Run()
		if err != nil {
			return nil, err
		}
		return &redisServer{network: "tcp", addr: inside.Addr(), inside: inside}, nil
	}
	dir, err := os.MkdirTemp("", "redis")
	if err != nil {
		return nil, err
	}
	s := &redisServer{network: "unix", addr: filepath.Join(dir, "s"), binary: binary, dir: dir}
	return s, s.start(ctx)
}

func (s *redisServer) start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	//nolint:gosec // our own directory
	cmd := exec.CommandContext(ctx, s.binary, "--port", "0", "--unixsocket", s.addr, "--save", "",
		"--appendonly", "no", "--dir", s.dir)
	if err := cmd.Start(); err != nil {
		return err
	}
	s.cmd = cmd
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if conn, err := new(net.Dialer).DialContext(ctx, s.network, s.addr); err == nil {
			return conn.Close()
		}
	}
	return errors.New("redis-server does not respond")
}

// stop ends the server. A process may be started again.
func (s *redisServer) stop() {
	if s.inside != nil {
		s.inside.Close()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}
