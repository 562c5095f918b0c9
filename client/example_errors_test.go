package client_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func ExampleAPIError() {
	srv, c, stop := startSandbox()
	defer stop()
	srv.Inject(sandbox.Fault{Status: 429, RetryAfter: "120"}) // longer than a call waits by default

	_, err := c.Health(context.Background())
	switch {
	case errors.Is(err, client.ErrTermsAcceptanceRequired):
		fmt.Println("an admin must accept the terms")
	case errors.Is(err, client.ErrRateLimited):
		wait, ok := client.RetryAfter(err)
		fmt.Println("come back in", wait, ok)
	}
	var refusal *client.APIError
	if errors.As(err, &refusal) {
		fmt.Println(refusal.StatusCode, refusal.Code)
	}
	// Output:
	// come back in 2m0s true
	// 429 RATE_LIMITED
}

// A write whose response was lost may have taken effect: check before repeating it.
func ExampleMayHaveApplied() {
	srv, c, stop := startSandbox()
	defer stop()
	srv.Inject(sandbox.Fault{Route: "POST /api/v2/service-tokens", Kind: sandbox.FaultResetAfter})

	op := client.Operation{Method: "POST", Mount: client.MountShared, Path: "/service-tokens"}
	_, err := c.Do(context.Background(), &op, client.Request{Body: map[string]string{"name": "ETL"}})
	if client.MayHaveApplied(err) {
		fmt.Println("created", srv.Effects("POST /api/v2/service-tokens"), "time")
	}
	// Output: created 1 time
}
