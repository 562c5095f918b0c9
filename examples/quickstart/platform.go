package main

import (
	"time"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const (
	createRoute  = "POST /api/v2/service-tokens"
	accountRoute = "GET /api/v2/accounts/current"
)

// platform is the sandbox or the real platform. Only a sandbox can be disturbed.
type platform struct {
	sandbox *sandbox.Server // nil for the real one
	workers int
	pause   time.Duration // between two calls of a worker, as others share the limit of the real platform
}

// disturb injects faults: a rate limit that holds all workers for a second, broken connections, errors, and a creation
// whose response is lost.
func (p *platform) disturb() {
	if p.sandbox == nil {
		return
	}
	p.sandbox.Inject(sandbox.Fault{Route: createRoute, Kind: sandbox.FaultResetAfter, Times: 1})
	p.sandbox.Inject(sandbox.Fault{Route: accountRoute, Status: 429, RetryAfter: "1", Times: 3})
	p.sandbox.Inject(sandbox.Fault{Route: accountRoute, Kind: sandbox.FaultResetAfter, Rate: 0.02})
	p.sandbox.Inject(sandbox.Fault{Route: accountRoute, Status: 503, Rate: 0.02})
}

func (p *platform) calm() {
	if p.sandbox != nil {
		p.sandbox.ClearFaults()
	}
}

// duplicates counts the creations that took effect more than once. The number is known for a sandbox only.
func (p *platform) duplicates(creations int64) (n int64, known bool) {
	if p.sandbox == nil {
		return 0, false
	}
	return max(int64(p.sandbox.Effects(createRoute))-creations, 0), true
}

func (p *platform) Close() error {
	if p.sandbox == nil {
		return nil
	}
	return p.sandbox.Close()
}
