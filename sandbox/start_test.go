package sandbox_test

import (
	"context"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	interchange "github.com/interchange-sdk/interchange-go"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestStartSaysWhatIsWrongWithItsOptions(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]sandbox.Option{
		"no clock":           {sandbox.WithClock(nil)},
		"unknown list shape": {sandbox.WithListShape(99)},
		"empty rate limit":   {sandbox.WithRateLimit(sandbox.RateLimit{})},
		"unknown headers":    {sandbox.WithRateLimit(sandbox.RateLimit{Requests: 1, Window: time.Second, Headers: 99})},
		"nameless seat":      {sandbox.WithSeats(sandbox.Seat{ID: "seat_1"})},
		"unknown seat type":  {sandbox.WithSeats(sandbox.Seat{ID: "seat_1", Name: "A", Type: "SELLER"})},
		"equal seats":        {sandbox.WithSeats(sandbox.Seat{ID: "s", Name: "A"}, sandbox.Seat{ID: "s", Name: "B"})},
		"seat of no number":  {sandbox.WithSeats(sandbox.Seat{ID: "seat", Name: "A"}), sandbox.WithNumericIDs()},
		"equal seat numbers": {
			sandbox.WithSeats(sandbox.Seat{ID: "a_1", Name: "A"}, sandbox.Seat{ID: "b_1", Name: "B"}),
			sandbox.WithNumericIDs(),
		},
	} {
		srv, err := sandbox.Start(opts...)
		require.Error(t, err, name)
		require.Nil(t, srv, name)
	}

	_, err := sandbox.Start(sandbox.WithClock(nil), sandbox.WithListShape(99))
	require.ErrorContains(t, err, "WithClock")
	require.ErrorContains(t, err, "list shape")
}

func TestAdminTokenHasTheDocumentedForm(t *testing.T) {
	t.Parallel()
	srv, _ := startSandbox(t)
	require.True(t, strings.HasPrefix(srv.AdminToken(), "scope3_"+srv.AdminClientID()+"_sk_live_"))
	require.Regexp(t, `^ak_[0-9A-Z]{26}$`, srv.AdminClientID())
	require.True(t, srv.Authenticates(srv.AdminToken()))
	require.False(t, srv.Authenticates(srv.AdminToken()+"0"))
	require.False(t, srv.Authenticates(""))
}

func TestTwoSandboxesShareNothing(t *testing.T) {
	t.Parallel()
	one, admin := startSandbox(t)
	two, other := startSandbox(t)
	require.NotEqual(t, one.URL(), two.URL())
	admin.create(`{"name":"here"}`)

	require.Len(t, one.Tokens(), 1)
	require.Empty(t, two.Tokens())
	require.False(t, two.Authenticates(one.AdminToken()))
	other.as(one.AdminToken()).get(tokensPath).refused(http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestTLS(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithTLS())
	require.True(t, strings.HasPrefix(srv.URL(), "https://127.0.0.1:"))
	require.Equal(t, http.StatusOK, admin.get(tokensPath).status)

	stranger := &http.Client{Transport: &http.Transport{}}
	defer stranger.CloseIdleConnections()
	_, err := stranger.Get(srv.URL() + "/health") //nolint:bodyclose,noctx // there is no answer
	require.ErrorContains(t, err, "certificate")
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	for _, opts := range [][]sandbox.Option{nil, {sandbox.WithTLS()}} {
		srv, err := sandbox.Start(opts...)
		require.NoError(t, err)
		u := user{t: t, srv: srv, token: srv.AdminToken()}
		u.get(tokensPath)
		srv.Inject(sandbox.Fault{Kind: sandbox.FaultResetAfter, Times: 1})
		require.Error(t, u.try(http.MethodPost, tokensPath, `{}`))

		require.NoError(t, srv.Close())
		require.NoError(t, srv.Close())
		goleak.VerifyNone(t, ignore)

		require.Error(t, u.try(http.MethodGet, "/health", ""))
		require.Len(t, srv.Tokens(), 1, "what was seen stays readable")
		require.Len(t, srv.Requests(), 2)
	}
}

func TestCloseCutsDelaysAndFloods(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	srv, err := sandbox.Start()
	require.NoError(t, err)
	u := user{t: t, srv: srv, token: srv.AdminToken()}
	delay := srv.Inject(sandbox.Fault{Route: "POST " + tokensPath, Kind: sandbox.FaultDelay, Delay: time.Hour})
	srv.Inject(sandbox.Fault{Route: "GET " + tokensPath, Kind: sandbox.FaultOversize})

	// This reader opens the flood and does not drink; the server is stuck in a write.
	req := u.request(http.MethodGet, tokensPath, "")
	req.Header.Set("Accept-Encoding", "identity")
	resp, err := srv.HTTPClient().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()

	failed := make(chan error, 1)
	create := u.request(http.MethodPost, tokensPath, `{}`)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		resp, err := srv.HTTPClient().Do(create)
		if err == nil {
			_ = resp.Body.Close()
		}
		failed <- err
	})
	require.Eventually(t, func() bool { return delay.Fired() == 1 }, 5*time.Second, time.Millisecond)

	begun := time.Now()
	require.NoError(t, srv.Close())
	require.Less(t, time.Since(begun), 5*time.Second)
	require.Error(t, <-failed)
	waiting.Wait()
	require.Empty(t, srv.Tokens(), "what the delay held back never happened")
	require.NoError(t, resp.Body.Close())
	goleak.VerifyNone(t, ignore)
}

func TestCloseDuringTraffic(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	srv, err := sandbox.Start()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var traffic sync.WaitGroup
	for range 8 {
		traffic.Go(func() {
			for ctx.Err() == nil {
				req, _ := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL()+"/health", nil)
				if resp, err := srv.HTTPClient().Do(req); err == nil {
					_ = resp.Body.Close()
				}
			}
		})
	}
	require.Eventually(t, func() bool { return len(srv.Requests()) > 50 }, 5*time.Second, time.Millisecond)
	var closers sync.WaitGroup
	for range 3 {
		closers.Go(func() {
			if err := srv.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	closers.Wait()
	stop()
	traffic.Wait()
	srv.HTTPClient().CloseIdleConnections()
	goleak.VerifyNone(t, ignore)
}

// TestIndependence keeps the sandbox a second witness: it may not use what it is there to test.
func TestIndependence(t *testing.T) {
	t.Parallel()
	const module = "github.com/interchange-sdk/interchange-go"
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{join .Deps "\n"}}`, module+"/sandbox").Output()
	require.NoError(t, err)
	for _, dep := range strings.Fields(string(out)) {
		require.False(t, strings.HasPrefix(dep, module+"/"), dep)
	}
	direct, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{join .Imports "\n"}}`,
		module+"/sandbox").Output()
	require.NoError(t, err)
	for _, dep := range strings.Fields(string(direct)) {
		if strings.Contains(dep, ".") {
			require.Contains(t, []string{
				module,
				"github.com/getkin/kin-openapi/openapi3",
				"github.com/modelcontextprotocol/go-sdk/mcp",
			}, dep)
		}
	}
}

func TestOpenAPIIsACopy(t *testing.T) {
	t.Parallel()
	first := interchange.OpenAPI()
	require.NotEmpty(t, first)
	clear(first)
	require.Contains(t, string(interchange.OpenAPI()), "openapi: 3.0")
}
