package sandbox

import (
	"sync"
	"time"
)

// drainGroup counts running goroutines. One caller may wait for all of them; from then on, enter returns false.
type drainGroup struct {
	mu     sync.Mutex
	n      int
	closed bool
	empty  chan struct{}
}

// enter counts the caller in, and reports whether it is welcome; it must leave either way.
func (c *drainGroup) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return !c.closed
}

func (c *drainGroup) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n--
	if c.n == 0 && c.empty != nil {
		close(c.empty)
		c.empty = nil
	}
}

// wait waits, at most for the given time, until all have left. It returns how many have not.
func (c *drainGroup) wait(most time.Duration) int {
	c.mu.Lock()
	c.closed = true
	if c.n == 0 {
		c.mu.Unlock()
		return 0
	}
	empty := make(chan struct{})
	c.empty = empty
	c.mu.Unlock()

	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-empty:
	case <-timer.C:
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}
