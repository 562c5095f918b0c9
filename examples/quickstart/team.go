package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/seats"
)

// team is a group of workers that call the platform until they are stopped.
type team struct {
	done     []atomic.Int64 // calls that each worker finished
	failures atomic.Int64
	stop     context.CancelFunc
	workers  sync.WaitGroup
}

// startTeam starts n workers, each with a pause between two calls.
func startTeam(ctx context.Context, c *client.Client, n int, pause time.Duration) *team {
	ctx, stop := context.WithCancel(ctx)
	t := &team{done: make([]atomic.Int64, n), stop: stop}
	accounts := seats.New(c)
	for i := range n {
		t.workers.Go(func() {
			for ctx.Err() == nil {
				if _, err := accounts.Current(ctx); err != nil && ctx.Err() == nil {
					t.failures.Add(1)
				}
				t.done[i].Add(1)
				if pause > 0 {
					select {
					case <-time.After(pause):
					case <-ctx.Done():
					}
				}
			}
		})
	}
	return t
}

// eachFinishesACall waits until each worker has begun and finished a call.
func (t *team) eachFinishesACall(ctx context.Context) error {
	before := make([]int64, len(t.done))
	for i := range t.done {
		before[i] = t.done[i].Load()
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for i := 0; i < len(t.done); {
		if t.done[i].Load() >= before[i]+2 { // the first may have begun before
			i++
			continue
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// end stops the workers and returns the number of failed calls.
func (t *team) end() int64 {
	t.stop()
	t.workers.Wait()
	return t.failures.Load()
}
