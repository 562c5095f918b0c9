package main

import (
	"context"
	"os"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// platform is the sandbox, or the real platform if there is none.
type platform struct{ sandbox *sandbox.Server }

func connect() (*client.Client, platform, error) {
	if os.Getenv(client.EnvAPIKey) != "" {
		c, err := client.New(client.FromEnv())
		return c, platform{}, err
	}
	srv, err := sandbox.Start(sandbox.WithMCPVersions("2025-11-25")) // with sessions, so that one can be lost
	if err != nil {
		return nil, platform{}, err
	}
	token, err := client.ParseToken(srv.AdminToken())
	if err != nil {
		return nil, platform{srv}, err
	}
	c, err := client.New(client.WithEnvironment(client.BaseURL(srv.URL())), client.WithToken(token))
	return c, platform{srv}, err
}

// Close ends the sandbox.
func (p platform) Close() {
	if p.sandbox != nil {
		_ = p.sandbox.Close()
	}
}

// limits returns the guard of the model: read-only on the real platform, confirmed calls in the sandbox.
func (p platform) limits() mcpclient.Guard {
	if p.sandbox == nil {
		return mcpclient.ReadOnly()
	}
	return mcpclient.ConfirmSpend(func(_ context.Context, call *mcpclient.ToolCall) (bool, error) {
		yes := call.Operation != "archive_service_token"
		answer := map[bool]string{true: "yes", false: "no"}[yes]
		note("may it %s? A person says %s", call.Operation, answer)
		return yes, nil
	}, "ask_about_capability")
}

// before disturbs the sandbox before some turns: it drops sessions or enforces a limit. The model does not notice.
func (p platform) before(turn int) {
	if p.sandbox == nil {
		return
	}
	switch turn {
	case 4:
		note("meanwhile the platform restarts")
		if err := p.sandbox.Restart(50 * time.Millisecond); err != nil {
			note("%v", err)
		}
	case 5:
		note("meanwhile the rate limit is hit")
		p.sandbox.Inject(sandbox.Fault{RPC: "tools/call", Status: 429, RetryAfter: "1", Times: 1})
	}
}
