package sandbox_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	const users, rounds = 8, 15
	srv, admin := startSandbox(t, sandbox.WithRateLimit(sandbox.RateLimit{Requests: 1e6, Window: time.Minute}))
	lost := srv.Inject(sandbox.Fault{Route: create, Kind: sandbox.FaultResetAfter, Rate: 0.1})
	srv.Inject(sandbox.Fault{Route: "GET " + tokensPath, Status: http.StatusServiceUnavailable, Rate: 0.1})

	var all sync.WaitGroup
	for n := range users {
		all.Go(func() {
			for i := range rounds {
				// Nothing here fails the test from a goroutine but through t.Error.
				_ = admin.try(http.MethodPost, tokensPath, fmt.Sprintf(`{"name":"%d/%d"}`, n, i))
				_ = admin.try(http.MethodGet, tokensPath, "")
				_ = admin.try(http.MethodPut, tokensPath+"/10001", `{"name":"shared"}`)
				if _, _, err := srv.Grant(sandbox.Grant{}); err != nil {
					t.Error(err)
				}
				srv.Requests()
				srv.Violations()
				srv.Tokens()
				srv.Authenticates(srv.AdminToken())
				srv.Inject(sandbox.Fault{Route: "/health"}).Remove()
			}
		})
	}
	all.Wait()

	require.Len(t, srv.Tokens(), users*rounds, "each creation took place once, its reply lost or not")
	require.Equal(t, users*rounds, srv.Effects(create))
	require.Equal(t, users*rounds, lost.Seen())
	ids := map[string]bool{}
	for _, token := range srv.Tokens() {
		ids[token.ID] = true
	}
	require.Len(t, ids, users*rounds)
	require.Len(t, srv.Requests(), 3*users*rounds)
	require.Empty(t, srv.Violations())
}

// TestRatesDoNotDependOnTiming sends the same number of requests in parallel: the count of hits stays the same.
func TestRatesDoNotDependOnTiming(t *testing.T) {
	t.Parallel()
	run := func() int {
		srv, admin := startSandbox(t)
		fault := srv.Inject(sandbox.Fault{Rate: 0.3})
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range 25 {
					if err := admin.try(http.MethodGet, "/health", ""); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		return fault.Fired()
	}
	require.Equal(t, run(), run())
}
