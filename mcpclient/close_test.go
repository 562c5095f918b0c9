package mcpclient_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// TestCloseKeepsItsDeadline with a call that hangs, and breaks the call off.
func TestCloseKeepsItsDeadline(t *testing.T) { //nolint:paralleltest // time is measured
	const patience = 100 * time.Millisecond
	for _, generation := range []string{withSessions, withoutSessions} {
		begun := make(chan struct{}, 1)
		r := newRig(t, sandboxtest.Start(t, hanging(begun)))
		var calling sync.WaitGroup
		sessions := []*mcpclient.Session{}
		for range 3 {
			s := r.connect(mcpclient.WithProtocolVersion(generation))
			sessions = append(sessions, s)
			calling.Go(func() {
				_, err := mcpclient.CallTool[okay](t.Context(), s, "hang", nil)
				assert.ErrorIs(t, err, mcpclient.ErrClosed)
				assert.ErrorIs(t, err, client.ErrOutcomeUnknown)
				r.presentable(err)
			})
			<-begun
		}
		hangUp := func() {
			before := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			require.ErrorIs(t, sessions[0].Close(ctx), context.DeadlineExceeded)
			require.GreaterOrEqual(t, time.Since(before), patience)
			sessions = sessions[1:]
		}
		punctual(t, patience, hangUp)
		for len(sessions) > 0 {
			hangUp()
		}
		calling.Wait()
	}
}

// TestClosedSessions: after Close every kind of call says so, and nothing is sent.
func TestClosedSessions(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		r := newRig(t, sandboxtest.Start(t, threeTools()...))
		s, err := mcpclient.Connect(t.Context(), r.client, mcpclient.WithProtocolVersion(generation))
		require.NoError(t, err)
		callers[0].works(t, r, s)
		var closing sync.WaitGroup
		for range 2 {
			closing.Go(func() { assert.NoError(t, s.Close(t.Context())) })
		}
		closing.Wait()
		require.NoError(t, s.Close(t.Context()))
		deletes := 0
		if generation == withSessions {
			deletes = 1
		}
		require.Equal(t, deletes, count(r.srv, http.MethodDelete, ""), "the server is told once")
		require.Zero(t, r.srv.Sessions())

		r.srv.ResetRequests()
		_, err = mcpclient.CallTool[okay](t.Context(), s, toolLook, nil)
		require.ErrorIs(t, err, mcpclient.ErrClosed)
		require.ErrorIs(t, s.Ping(t.Context()), mcpclient.ErrClosed)
		for _, err := range s.Tools(t.Context()) {
			require.ErrorIs(t, err, mcpclient.ErrClosed)
		}
		require.Equal(t, generation, s.ProtocolVersion())
		require.Empty(t, r.srv.Requests())
	}
}

// TestCloseWaitsForCalls that can still end well.
func TestCloseWaitsForCalls(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		begun, release := make(chan struct{}), make(chan struct{})
		r := newRig(t, sandboxtest.Start(t, tool(toolAct, nil, func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			close(begun)
			<-release
			return saysOK(ctx, req)
		})))
		s := r.connect(mcpclient.WithProtocolVersion(generation))
		var calling sync.WaitGroup
		calling.Go(func() {
			_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			assert.NoError(t, err)
		})
		<-begun
		calling.Go(func() { assert.NoError(t, s.Close(t.Context())) })
		require.Eventually(t, func() bool {
			_, err := mcpclient.CallTool[okay](t.Context(), s, toolLook, nil)
			return errors.Is(err, mcpclient.ErrClosed)
		}, soon, time.Millisecond)
		close(release)
		calling.Wait()
	}
}

// TestCloseDuringARenewal ends both.
func TestCloseDuringARenewal(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandboxtest.Start(t, threeTools()...))
	s := r.connect(mcpclient.WithProtocolVersion(withSessions))
	r.srv.DropSessions()
	stuck := r.srv.Inject(sandbox.Fault{RPC: "initialize", Kind: sandbox.FaultDelay, Delay: time.Minute})
	var calling sync.WaitGroup
	for range 4 {
		calling.Go(func() {
			_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			assert.ErrorIs(t, err, mcpclient.ErrClosed)
			assert.NotErrorIs(t, err, client.ErrOutcomeUnknown, "the tool was not called")
		})
	}
	require.Eventually(t, func() bool { return stuck.Fired() == 1 }, soon, time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.Close(ctx), context.DeadlineExceeded)
	calling.Wait()
	require.Zero(t, r.srv.ToolRuns(toolAct))
}

// TestCallsLeaveARenewal when their own context ends; it goes on for the others.
func TestCallsLeaveARenewal(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandboxtest.Start(t, threeTools()...))
	s := r.connect(mcpclient.WithProtocolVersion(withSessions))
	r.srv.DropSessions()
	r.srv.Inject(sandbox.Fault{RPC: "initialize", Kind: sandbox.FaultDelay, Delay: 200 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := mcpclient.CallTool[okay](ctx, s, toolAct, nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Zero(t, r.srv.ToolRuns(toolAct))
	callers[0].works(t, r, s)
	require.Equal(t, 2, count(r.srv, http.MethodPost, "initialize"))
}
