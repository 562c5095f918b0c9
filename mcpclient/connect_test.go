package mcpclient_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// TestFailuresDoNotDowngradeTheProtocol: only an answer that speaks of the protocol makes a session one of an older
// version.
func TestFailuresDoNotDowngradeTheProtocol(t *testing.T) {
	t.Parallel()
	for _, f := range []sandbox.Fault{
		{Kind: sandbox.FaultStatus, Status: 503},
		{Kind: sandbox.FaultStatus, Status: 500},
		{Kind: sandbox.FaultStatus, Status: 429},
		{Kind: sandbox.FaultHTML},
		{Kind: sandbox.FaultResetBefore},
		{Kind: sandbox.FaultTruncate},
	} {
		r := newRig(t, startSandbox(t))
		f.RPC, f.Times = "server/discover", 1
		r.srv.Inject(f)
		require.Equal(t, withoutSessions, r.connect().ProtocolVersion(), "%+v", f)
	}

	for _, code := range []int{401, 403, 408, 429, 502, 503, 504} {
		srv := startSandbox(t)
		r := newRig(t, srv)
		srv.Inject(sandbox.Fault{RPC: "server/discover", Status: code})
		_, err := mcpclient.Connect(t.Context(), r.client)
		var failed *client.APIError
		require.ErrorAs(t, err, &failed)
		require.Equal(t, code, failed.StatusCode)
		require.Zero(t, count(srv, http.MethodPost, "initialize"), code)
		r.presentable(err)
	}

	for _, versions := range [][]string{{withSessions}, {"2025-06-18"}, {"2025-03-26"}} {
		r := newRig(t, startSandbox(t, sandbox.WithMCPVersions(versions...)))
		s := r.connect()
		require.Equal(t, versions[0], s.ProtocolVersion())
		_, err := s.Health(t.Context())
		require.NoError(t, err)
	}
	r := newRig(t, startSandbox(t, sandbox.WithMCPVersions(withoutSessions)))
	_, err := mcpclient.Connect(t.Context(), r.client, mcpclient.WithProtocolVersion(withSessions))
	require.ErrorIs(t, err, client.ErrBadRequest)
}

// silent accepts connections and says nothing.
func silent(t *testing.T) (url string) {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			defer func() { _ = conn.Close() }()
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		serving.Wait()
	})
	return "http://" + ln.Addr().String()
}

// late bounds the delay after a deadline.
const late = 100 * time.Millisecond

// punctual checks that something takes no longer than it may, in one of three attempts: machines do other things as
// well.
func punctual(t *testing.T, asked time.Duration, do func()) {
	t.Helper()
	var took time.Duration
	for range 3 {
		before := time.Now()
		do()
		if took = time.Since(before); took < asked+late {
			t.Logf("asked for %s, took %s", asked, took)
			return
		}
	}
	t.Fatalf("asked for %s, took %s", asked, took)
}

// TestConnectKeepsItsDeadline and leaves nothing behind, while the peer is still silent.
func TestConnectKeepsItsDeadline(t *testing.T) { //nolint:paralleltest // goroutines are counted
	url := silent(t)
	token, err := client.ParseOpaqueToken("canary-token")
	require.NoError(t, err)
	for _, version := range []string{"", withSessions} {
		for _, patience := range []time.Duration{50 * time.Millisecond, 200 * time.Millisecond} {
			there := goleak.IgnoreCurrent()
			c, err := client.New(client.WithEnvironment(client.BaseURL(url)), client.WithToken(token))
			require.NoError(t, err)
			punctual(t, patience, func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				_, err = mcpclient.Connect(ctx, c, mcpclient.WithProtocolVersion(version))
			})
			require.ErrorIs(t, err, context.DeadlineExceeded)
			var failed *client.TransportError
			require.ErrorAs(t, err, &failed)
			require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
			require.Eventually(t, func() bool {
				c.CloseIdleConnections() // net/http may have got one ready for a request that was no longer there
				return goleak.Find(there) == nil
			}, soon, time.Millisecond)
		}
	}
}

// hanging is a tool that hangs until its server is closed.
func hanging(begun chan<- struct{}) sandbox.Option {
	return tool("hang", nil, func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		begun <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	})
}
