package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// limited is a number of workers against a limit that the client has to learn.
type limited struct {
	limit   sandbox.RateLimit
	workers int
	calls   int
	few     int // calls of the short form
	changes []change

	goodput  float64 // goal
	refusals int     // goal: at most; -1 for any number
}

// change sets another number of requests in the window during the run.
type change struct {
	after    time.Duration
	requests int
}

var (
	bucketLimit = sandbox.RateLimit{Requests: 200, Window: time.Second, Burst: 20}
	windowLimit = sandbox.RateLimit{Requests: 100, Window: 2 * time.Second}
)

func silent(l sandbox.RateLimit) sandbox.RateLimit {
	l.Headers = sandbox.HeadersRetryAfter
	return l
}

func limits() family {
	row := func(name, what string, short bool, p peer, l limited) scenario {
		goal := fmt.Sprintf("≥ %.0f %%, 0 failed", 100*l.goodput)
		if l.refusals >= 0 {
			goal += fmt.Sprintf(", ≤ %d refusals", l.refusals)
		}
		return scenario{name: name, what: what, short: short, goal: goal, peer: p, run: l.run}
	}
	return family{
		name:  "limits",
		title: "Rate limits, by default settings, not configured",
		note: "Goodput is the time that the limit alone requires, divided by the time taken. Refusals are responses with " +
			"status 429, whose Retry-After is in whole seconds.",
		charted: true,
		columns: []string{"calls", "goodput", "time", "failed", "refusals", "connections"},
		scenarios: []scenario{
			row("bucket", "bucket of 200/s, burst 20; 32 workers", true, peerBucket,
				limited{limit: bucketLimit, workers: 32, calls: 2000, few: 800, goodput: 0.97, refusals: 40}),
			row("window", "window of 100 in 2 s; 8 workers", true, peerWindow,
				limited{limit: windowLimit, workers: 8, calls: 500, few: 300, goodput: 0.99, refusals: 8}),
			row("bucket-silent", "the same bucket, only Retry-After", false, peer{},
				limited{limit: silent(bucketLimit), workers: 32, calls: 2000, goodput: 0.90, refusals: -1}),
			row("window-silent", "the same window, only Retry-After", true, peer{},
				limited{limit: silent(windowLimit), workers: 8, calls: 500, few: 300, goodput: 0.90, refusals: -1}),
			row("bucket-change", "the bucket halves after 3 s and doubles after 7 s", false, peer{},
				limited{
					limit: bucketLimit, workers: 32, calls: 2000, goodput: 0.90, refusals: -1,
					changes: []change{{3 * time.Second, 100}, {7 * time.Second, 200}},
				}),
			row("window-change", "the window halves after 3 s and doubles after 7 s", false, peer{},
				limited{
					limit: windowLimit, workers: 8, calls: 1000, goodput: 0.90, refusals: -1,
					changes: []change{{3 * time.Second, 50}, {7 * time.Second, 100}},
				}),
		},
	}
}

func (l limited) run(ctx context.Context, short bool) (measurement, error) {
	calls := l.calls
	if short && l.few > 0 {
		calls = l.few
	}
	srv, err := sandbox.Start(sandbox.WithRateLimit(l.limit)) //nolint:contextcheck // lives until it is closed
	if err != nil {
		return measurement{}, err
	}
	took, failed, connections, err := l.send(ctx, srv, calls)
	refused := 0
	for _, r := range srv.Requests() {
		if r.Status == 429 {
			refused++
		}
	}
	if err := errors.Join(err, srv.Close()); err != nil {
		return measurement{}, err
	}
	ideal := l.ideal(calls)
	goodput := min(1, ideal.Seconds()/took.Seconds()) * float64(calls-failed) / float64(calls)
	return measurement{
		values: []string{
			fmt.Sprint(calls), fmt.Sprintf("%.1f %%", 100*goodput),
			fmt.Sprintf("%.2f s of %.2f s", took.Seconds(), ideal.Seconds()),
			fmt.Sprint(failed), fmt.Sprint(refused), fmt.Sprint(connections),
		},
		goodput: goodput,
		met: goodput >= l.goodput && failed == 0 && (l.refusals < 0 || refused <= l.refusals) &&
			connections <= l.workers,
	}, nil
}

// send makes the calls.
func (l limited) send(ctx context.Context, srv *sandbox.Server, calls int) (took time.Duration,
	failed, connections int, err error,
) {
	token, err := client.ParseTokenWithClientID(srv.AdminToken(), srv.AdminClientID())
	if err != nil {
		return 0, 0, 0, err
	}
	c, err := client.New(client.WithEnvironment(client.BaseURL(srv.URL())), client.WithToken(token))
	if err != nil {
		return 0, 0, 0, err
	}
	defer c.CloseIdleConnections()
	op := client.Operation{ID: "getCurrentAccount", Mount: client.MountShared, Path: "/accounts/current"}

	var opened, lost, next atomic.Int64
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if !info.Reused {
			opened.Add(1)
		}
	}})
	began := time.Now()
	for _, change := range l.changes {
		to := l.limit
		to.Requests = change.requests
		timer := time.AfterFunc(change.after, func() { _ = srv.SetRateLimit(to) })
		defer timer.Stop()
	}
	var wg sync.WaitGroup
	for range l.workers {
		wg.Go(func() {
			for next.Add(1) <= int64(calls) {
				if _, err := c.Do(ctx, &op, client.Request{}); err != nil {
					lost.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return time.Since(began), int(lost.Load()), int(opened.Load()), ctx.Err()
}

// ideal returns the time that the calls take a client that knows the limit and loses no time.
func (l limited) ideal(calls int) time.Duration {
	const step = 100 * time.Microsecond
	limit, spent := l.limit, 0
	credit := float64(limit.Burst)
	changes := l.changes
	for at := time.Duration(0); ; at += step {
		if len(changes) > 0 && at >= changes[0].after {
			limit.Requests, changes = changes[0].requests, changes[1:]
		}
		switch {
		case limit.Burst > 0:
			credit += float64(limit.Requests) * float64(step) / float64(limit.Window)
			now := min(int(credit), calls)
			calls -= now
			credit -= float64(now)
		case at%limit.Window == 0:
			spent = 0
			fallthrough
		default:
			now := min(max(limit.Requests-spent, 0), calls)
			calls -= now
			spent += now
		}
		if calls == 0 {
			return at
		}
	}
}
