package sandbox_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

// soon is the time that a test waits for what ought to happen at once.
const soon = 5 * time.Second

// listen opens the stream of a session that only listens, and returns when it is open.
func (u user) listen(session string) *http.Response {
	u.t.Helper()
	req := u.request(http.MethodGet, buyer, "")
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Mcp-Session-Id", session)
	resp, err := u.srv.HTTPClient().Do(req)
	require.NoError(u.t, err)
	u.t.Cleanup(func() { _ = resp.Body.Close() })
	require.Equal(u.t, http.StatusOK, resp.StatusCode)
	line, err := bufio.NewReader(resp.Body).ReadString('\n')
	require.NoError(u.t, err)
	require.Equal(u.t, ": ok\n", line)
	return resp
}

// unreachable waits until nobody takes connections at the sandbox's address.
func (u user) unreachable() {
	u.t.Helper()
	_, addr, _ := strings.Cut(u.srv.URL(), "://")
	require.Eventually(u.t, func() bool {
		conn, err := new(net.Dialer).DialContext(u.t.Context(), "tcp", addr)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, soon, time.Millisecond)
}

// ping asks a session whether it is there.
func (u user) ping(session string) response {
	u.t.Helper()
	req := u.request(http.MethodPost, buyer, `{"jsonrpc":"2.0","id":1,"method":"ping"}`)
	req.Header.Set("Accept", "application/json, text/event-stream")
	req.Header.Set("Mcp-Session-Id", session)
	return u.send(req)
}

func TestDroppedSessionsAreNotFound(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithCustomers(1001, 1002))
	one, other := admin.connect(legacy), admin.connect(legacy)
	single := admin.connect(modern)
	for _, p := range []peer{one, other, single} {
		p.object("customer_switch", `{"customerId":1002}`)
	}
	stream := admin.listen(one.session.ID())
	defer stream.Body.Close()
	require.Equal(t, 2, srv.Sessions())
	require.Equal(t, 2, srv.DropSessions())
	require.Zero(t, srv.DropSessions())
	require.Zero(t, srv.Sessions())

	_, err := io.ReadAll(stream.Body)
	require.NoError(t, err, "the stream ended")
	require.Equal(t, http.StatusNotFound, admin.ping(one.session.ID()).status)
	_, err = other.try("health", "")
	require.ErrorIs(t, err, mcp.ErrSessionMissing)
	require.Equal(t, "ok", single.object("health", "")["status"], "the stateless protocol has nothing to lose")
	require.EqualValues(t, 1002, single.object("user_get_current", "")["customer"].(map[string]any)["id"])

	again := admin.connect(legacy)
	require.Equal(t, 1, srv.Sessions())
	again.refused("CUSTOMER_SCOPE_REQUIRED", "api_call", `{"operation":"create_service_token","body":{}}`)
}

// A deploy lets what it has begun come to its end.
func TestDroppingSessionsLeavesTheRequestsInHand(t *testing.T) {
	t.Parallel()
	begun, release := make(chan struct{}), make(chan struct{})
	srv, admin := startSandbox(t, echo("slow", func(context.Context) {
		close(begun)
		<-release
	}))
	p := admin.connect(legacy)
	var calling sync.WaitGroup
	calling.Go(func() {
		res, err := p.try("slow", `{"a":1}`)
		if err != nil || res.IsError {
			t.Error(err)
		}
	})
	<-begun
	require.Equal(t, 1, srv.DropSessions())
	close(release)
	calling.Wait()
	_, err := p.try("slow", "")
	require.ErrorIs(t, err, mcp.ErrSessionMissing)
	require.Equal(t, 1, srv.ToolRuns("slow"))
}

func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithMCPSessionLifetime(50*time.Millisecond))
	p := admin.connect(legacy)
	require.Eventually(t, func() bool { return srv.Sessions() == 0 }, soon, time.Millisecond)
	require.Equal(t, http.StatusNotFound, admin.ping(p.session.ID()).status)
}

func TestRestartKeepsAddressAndState(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]sandbox.Option{nil, {sandbox.WithTLS()}} {
		srv, admin := startSandbox(t, opts...)
		url := srv.URL()
		admin.create(`{"name":"before"}`)
		old, single := admin.connect(legacy), admin.connect(modern)
		stream := admin.listen(old.session.ID())
		defer stream.Body.Close()

		restarted := make(chan error, 1)
		go func() { restarted <- srv.Restart(200 * time.Millisecond) }()
		_, _ = io.ReadAll(stream.Body) // until it is cut
		admin.unreachable()
		require.Error(t, admin.try(http.MethodGet, "/health", ""))
		require.NoError(t, <-restarted)

		require.Equal(t, url, srv.URL())
		require.Zero(t, srv.Sessions())
		require.Equal(t, []string{"10001"}, admin.get(tokensPath).ids())
		require.Equal(t, 1, srv.Effects(create))
		require.Equal(t, http.StatusNotFound, admin.ping(old.session.ID()).status)
		require.Equal(t, "ok", single.object("health", "")["status"])
		require.Equal(t, "ok", admin.connect(legacy).object("health", "")["status"])
	}
}

func TestRestartLetsRequestsFinishAndCutsTheRest(t *testing.T) {
	t.Parallel()
	begun, release := make(chan struct{}), make(chan struct{})
	srv, admin := startSandbox(t,
		echo("quick", func(context.Context) {
			close(begun)
			<-release
		}),
		echo("stuck", func(ctx context.Context) { <-ctx.Done() }))
	quick, stuck, single := admin.connect(legacy), admin.connect(legacy), admin.connect(modern)
	var calling sync.WaitGroup
	calling.Go(func() {
		if _, err := quick.try("quick", ""); err != nil {
			t.Error(err)
		}
	})
	for _, p := range []peer{stuck, single} {
		calling.Go(func() {
			if res, err := p.try("stuck", ""); err == nil {
				t.Error("an answer although the call was cut", res)
			}
		})
	}
	<-begun
	require.Eventually(t, func() bool { return srv.ToolRuns("stuck") == 2 }, soon, time.Millisecond)
	restarted := make(chan error, 1)
	go func() { restarted <- srv.Restart(0) }()
	admin.unreachable()
	close(release)
	require.NoError(t, <-restarted)
	calling.Wait()
	require.Equal(t, 2, srv.ToolRuns("stuck"))
	require.Equal(t, http.StatusOK, admin.get("/health").status)
}

func TestCloseEndsStreamsAndTools(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	srv, err := sandbox.Start(sandbox.WithMCPResumable(), echo("stuck", func(ctx context.Context) { <-ctx.Done() }))
	require.NoError(t, err)
	admin := user{t: t, srv: srv, token: srv.AdminToken()}
	p, err := admin.dial(buyer, legacy, func(tr *mcp.StreamableClientTransport) { tr.DisableStandaloneSSE = false })
	require.NoError(t, err)
	hand := admin.connect(legacy)
	stream := admin.listen(hand.session.ID())

	ctx, leave := context.WithCancel(t.Context())
	var calling sync.WaitGroup
	callers := []*mcp.ClientSession{p, hand.session}
	for _, version := range generations {
		c := admin.connect(version)
		callers = append(callers, c.session)
		calling.Go(func() { _, _ = c.session.CallTool(ctx, &mcp.CallToolParams{Name: "stuck"}) })
	}
	require.Eventually(t, func() bool { return srv.ToolRuns("stuck") == 2 }, soon, time.Millisecond)
	begun := time.Now()
	require.NoError(t, srv.Close())
	require.Less(t, time.Since(begun), soon)
	leave()
	calling.Wait()
	_ = stream.Body.Close()
	for _, one := range callers {
		_ = one.Close() // they have goroutines too
	}
	require.Zero(t, srv.Sessions())
	require.Zero(t, srv.DropSessions())
	require.Error(t, srv.Restart(0))
	goleak.VerifyNone(t, ignore)
}

func TestCloseCutsRestartShort(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	srv, err := sandbox.Start()
	require.NoError(t, err)
	restarted := make(chan error, 1)
	go func() { restarted <- srv.Restart(time.Hour) }()
	user{t: t, srv: srv}.unreachable()
	require.NoError(t, srv.Close())
	require.Error(t, <-restarted)
	goleak.VerifyNone(t, ignore)
}

func TestRestartDuringTraffic(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	srv, err := sandbox.Start()
	require.NoError(t, err)
	admin := user{t: t, srv: srv, token: srv.AdminToken()}
	ctx, stop := context.WithCancel(t.Context())
	var traffic sync.WaitGroup
	for n := range 6 {
		traffic.Go(func() {
			for ctx.Err() == nil {
				if n%2 == 0 {
					_ = admin.try(http.MethodGet, "/health", "") //nolint:contextcheck // the test's context is in the user
					srv.DropSessions()
					continue
				}
				session, err := admin.dial(buyer, generations[n%4/2]) //nolint:contextcheck // as above
				if err != nil {
					continue
				}
				_, _ = session.CallTool(ctx, &mcp.CallToolParams{Name: "health"})
				_ = session.Close()
			}
		})
	}
	for range 3 {
		before := srv.ToolRuns("health")
		require.Eventually(t, func() bool { return srv.ToolRuns("health") > before }, soon, time.Millisecond)
		var restarts sync.WaitGroup
		for range 2 {
			restarts.Go(func() {
				if err := srv.Restart(time.Millisecond); err != nil {
					t.Error(err)
				}
			})
		}
		restarts.Wait()
	}
	require.NoError(t, srv.Close())
	stop()
	traffic.Wait()
	srv.HTTPClient().CloseIdleConnections()
	goleak.VerifyNone(t, ignore)
}
