package mcpclient_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// ledger is a tool that acts: it counts how often it ran for each key.
type ledger struct {
	mu   sync.Mutex
	runs map[string]int
}

type entry struct {
	Key string `json:"key"`
}

func (l *ledger) handle(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	var e entry
	if err := json.Unmarshal(req.Params.Arguments, &e); err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.runs[e.Key]++
	l.mu.Unlock()
	return saysOK(ctx, req)
}

func (l *ledger) ran(key string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.runs[key]
}

// rotating is a token source that makes a new token when one is refused.
type rotating struct {
	client.TokenVar
	next func(context.Context) (client.Token, error)
	told atomic.Int64
}

func (r *rotating) Invalidate(ctx context.Context, refused client.Token) {
	r.told.Add(1)
	if t, err := r.next(ctx); err == nil {
		r.Set(t)
	}
}

// crowd is many callers of one session, who do not stop.
type crowd struct {
	t       *testing.T
	s       *mcpclient.Session
	ledger  *ledger
	done    atomic.Int64 // calls that succeeded
	stopped atomic.Bool
	wg      sync.WaitGroup

	mu    sync.Mutex
	acted []string         // keys whose call succeeded
	lost  map[string]error // keys whose call failed
	other []error          // failures of reads
}

const crowdSize = 16

func gather(t *testing.T, s *mcpclient.Session, l *ledger) *crowd {
	t.Helper()
	c := &crowd{t: t, s: s, ledger: l, lost: make(map[string]error)}
	for i := range crowdSize {
		c.wg.Go(func() {
			for n := 0; !c.stopped.Load(); n++ {
				c.look()
				c.act(fmt.Sprint(i, "-", n))
			}
		})
	}
	t.Cleanup(c.disperse)
	return c
}

func (c *crowd) look() {
	if _, err := mcpclient.CallTool[okay](c.t.Context(), c.s, toolLook, nil); err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.other = append(c.other, err)
		return
	}
	c.done.Add(1)
}

func (c *crowd) act(key string) {
	_, err := mcpclient.CallTool[okay](c.t.Context(), c.s, toolAct, entry{key})
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.lost[key] = err
		return
	}
	c.acted = append(c.acted, key)
	c.done.Add(1)
}

// goesOn waits until every caller can have made some more calls.
func (c *crowd) goesOn() {
	c.t.Helper()
	from := c.done.Load()
	require.Eventually(c.t, func() bool { return c.done.Load() >= from+10*crowdSize }, 2*soon, time.Millisecond)
}

func (c *crowd) disperse() {
	c.stopped.Store(true)
	c.wg.Wait()
}

// settled checks what the calls so far have come to: reads never fail, and what acts has acted once for each success.
func (c *crowd) settled() {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	assert.Empty(c.t, c.other)
	for _, key := range c.acted {
		assert.Equal(c.t, 1, c.ledger.ran(key))
	}
}

// lostNone checks that no call that acts has failed either.
func (c *crowd) lostNone() {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	assert.Empty(c.t, c.lost)
}

// TestCrowdThroughRotationAndDeploys: sixteen callers notice nothing of a revoked token, of sessions that are forgotten and
// of a deploy, but for the calls that were on their way when the server went down.
func TestCrowdThroughRotationAndDeploys(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		t.Run(generation, func(t *testing.T) {
			t.Parallel()
			l := &ledger{runs: make(map[string]int)}
			srv := newSandbox(t, tool(toolAct, nil, l.handle), tool(toolLook, &mcp.ToolAnnotations{ReadOnlyHint: true}, nil))
			tokens := servicetokens.New(newRig(t, srv).client)
			var present *servicetokens.Created
			source := &rotating{next: func(ctx context.Context) (_ client.Token, err error) {
				if present, err = tokens.Create(ctx, servicetokens.CreateParams{}); err != nil {
					return client.Token{}, err
				}
				return present.Token, nil
			}}
			source.Invalidate(t.Context(), client.Token{})
			source.told.Store(0)

			r := newRig(t, srv, client.WithTokenSource(source), client.WithRetry(client.RetryPolicy{}))
			var reconnections []mcpclient.Reconnection // no lock: there is one at a time
			s := r.connect(mcpclient.WithProtocolVersion(generation),
				mcpclient.OnReconnect(func(ctx context.Context, re mcpclient.Reconnection) error {
					reconnections = append(reconnections, re)
					_, err := mcpclient.CallTool[okay](ctx, re.Session, toolLook, nil)
					return err
				}))
			c := gather(t, s, l)
			c.goesOn()

			require.NoError(t, tokens.Archive(t.Context(), present.ID))
			c.goesOn()
			assert.EqualValues(t, 1, source.told.Load(), "the source is told once, however many callers were refused")
			dropped := srv.DropSessions()
			c.goesOn()
			c.settled()
			c.lostNone()

			before := time.Now()
			require.NoError(t, srv.Restart(300*time.Millisecond))
			down := time.Since(before)
			c.goesOn()
			c.disperse()
			c.settled()
			// A request that the server may or may not have read when it went down is not sent again.
			assert.LessOrEqual(t, len(c.lost), crowdSize)
			for key, err := range c.lost {
				require.ErrorIs(t, err, client.ErrOutcomeUnknown)
				assert.LessOrEqual(t, l.ran(key), 1)
			}
			t.Logf("%d calls, %d of them with an unknown outcome after %s of restart", c.done.Load(), len(c.lost), down)

			opened := 0
			for _, req := range srv.Requests() {
				if req.RPC == "initialize" && req.Status == http.StatusOK {
					opened++
				}
			}
			if generation == withoutSessions {
				assert.Zero(t, opened)
				assert.Empty(t, reconnections)
				return
			}
			assert.Equal(t, 1, dropped)
			assert.Equal(t, 3, opened)
			assert.Equal(t, 1, srv.Sessions())
			require.Len(t, reconnections, 2)
			for i, re := range reconnections {
				assert.Equal(t, i+1, re.Count)
				require.ErrorIs(t, re.Cause, client.ErrNotFound)
			}
		})
	}
}

func createToken(ctx context.Context, s *mcpclient.Session) error {
	_, err := mcpclient.CallAPI[struct{}](ctx, s, "create_service_token", mcpclient.Request{Body: map[string]any{"name": "x"}})
	return err
}

// TestCustomerIsSwitchedToAgain: what customer_switch has chosen outlives the session that it was chosen in.
func TestCustomerIsSwitchedToAgain(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		t.Run(generation, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, newSandbox(t, sandbox.WithCustomers(1001, 1002)))
			s := r.connect(mcpclient.WithProtocolVersion(generation))
			require.ErrorIs(t, createToken(t.Context(), s), client.ErrCustomerScopeRequired)
			require.NoError(t, s.SwitchCustomer(t.Context(), 1001))
			require.NoError(t, s.SwitchCustomer(t.Context(), 1002))
			require.Error(t, s.SwitchCustomer(t.Context(), 9), "what was refused is not what was chosen")
			for i, strike := range []func(*rig) error{dropSessions, restart} {
				require.NoError(t, strike(r))
				require.NoError(t, createToken(t.Context(), s))
				require.Equal(t, i+1, r.srv.Effects("POST /api/v2/service-tokens"))
				user, err := s.CurrentUser(t.Context())
				require.NoError(t, err)
				require.EqualValues(t, "1002", user.Customer.ID)
			}
			if generation == withSessions {
				require.Equal(t, 5, count(r.srv, http.MethodPost, "tools/call customer_switch"))
			}
		})
	}
}

// TestReconnectHookThatFails: the call that waits gets the hook's error, and the next one tries again.
func TestReconnectHookThatFails(t *testing.T) {
	t.Parallel()
	r := newRig(t, newSandbox(t, threeTools()...))
	errHook := errors.New("not yet")
	var asked atomic.Int64
	s := r.connect(mcpclient.WithProtocolVersion(withSessions),
		mcpclient.OnReconnect(func(context.Context, mcpclient.Reconnection) error {
			if asked.Add(1) == 1 {
				return errHook
			}
			return nil
		}))
	r.srv.DropSessions()
	_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
	require.ErrorIs(t, err, errHook)
	require.Zero(t, r.srv.ToolRuns(toolAct))
	callers[0].works(t, r, s)
	require.EqualValues(t, 2, asked.Load())
}

// TestReconnectHookThatMustLearn: the hook's own call may have to look up a tool while the call that lost the session is
// doing just that.
func TestReconnectHookThatMustLearn(t *testing.T) {
	t.Parallel()
	r := newRig(t, newSandbox(t, threeTools()...))
	s := r.connect(mcpclient.WithProtocolVersion(withSessions),
		mcpclient.OnReconnect(func(ctx context.Context, re mcpclient.Reconnection) error {
			_, err := mcpclient.CallTool[okay](ctx, re.Session, toolPut, nil)
			return err
		}))
	for _, f := range []sandbox.Fault{
		{RPC: "tools/call " + toolLook}, {RPC: "tools/list", Status: 404}, {RPC: "tools/call " + toolPut},
	} {
		f.Times = 1
		r.srv.Inject(f)
	}
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	_, err := mcpclient.CallTool[okay](ctx, s, toolLook, nil)
	require.NoError(t, err)
	require.Equal(t, 1, r.srv.ToolRuns(toolPut))
}

// TestLostSessionsByOtherAnswers: some servers say 400 and name the session in the error.
func TestLostSessionsByOtherAnswers(t *testing.T) {
	t.Parallel()
	r := newRig(t, newSandbox(t, threeTools()...))
	s := r.connect(mcpclient.WithProtocolVersion(withSessions))
	r.srv.Inject(sandbox.Fault{
		RPC: "tools/call", Status: 400, Times: 1,
		Body: `{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: No valid session ID provided"}}`,
	})
	callers[0].works(t, r, s)
	require.Equal(t, 2, count(r.srv, http.MethodPost, "initialize"))
}

// TestProtocolIsNotDowngradedByTrouble: only an answer that speaks of the protocol makes a session one of an older version.
func TestProtocolIsNotDowngradedByTrouble(t *testing.T) {
	t.Parallel()
	for _, f := range []sandbox.Fault{
		{Kind: sandbox.FaultStatus, Status: 503},
		{Kind: sandbox.FaultStatus, Status: 500},
		{Kind: sandbox.FaultStatus, Status: 429},
		{Kind: sandbox.FaultHTML},
		{Kind: sandbox.FaultResetBefore},
		{Kind: sandbox.FaultTruncate},
	} {
		r := newRig(t, newSandbox(t))
		f.RPC, f.Times = "server/discover", 1
		r.srv.Inject(f)
		require.Equal(t, withoutSessions, r.connect().ProtocolVersion(), "%+v", f)
	}

	for _, code := range []int{401, 403, 408, 429, 502, 503, 504} {
		srv := newSandbox(t)
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
		r := newRig(t, newSandbox(t, sandbox.WithMCPVersions(versions...)))
		s := r.connect()
		require.Equal(t, versions[0], s.ProtocolVersion())
		_, err := s.Health(t.Context())
		require.NoError(t, err)
	}
	r := newRig(t, newSandbox(t, sandbox.WithMCPVersions(withoutSessions)))
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

// late is how much later than asked a call may return.
const late = 100 * time.Millisecond

// punctual checks that something takes no longer than it may, in one of three attempts: machines do other things as well.
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
	token, err := client.OpaqueToken("canary-token")
	require.NoError(t, err)
	for _, version := range []string{"", withSessions} {
		for _, patience := range []time.Duration{50 * time.Millisecond, 200 * time.Millisecond} {
			there := goleak.IgnoreCurrent()
			c, err := client.New(client.WithEnvironment(client.At(url)), client.WithToken(token))
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

// TestCloseKeepsItsDeadline with a call that hangs, and breaks the call off.
func TestCloseKeepsItsDeadline(t *testing.T) { //nolint:paralleltest // time is measured
	const patience = 100 * time.Millisecond
	for _, generation := range []string{withSessions, withoutSessions} {
		begun := make(chan struct{}, 1)
		r := newRig(t, newSandbox(t, hanging(begun)))
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
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			before := time.Now()
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
		r := newRig(t, newSandbox(t, threeTools()...))
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
		r := newRig(t, newSandbox(t, tool(toolAct, nil, func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
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
	r := newRig(t, newSandbox(t, threeTools()...))
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
	r := newRig(t, newSandbox(t, threeTools()...))
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

// TestSessionIDsAreKeptSecret: whoever has the id of a session can act in it, so it is in no error, log or dump.
func TestSessionIDsAreKeptSecret(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(locked{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r := newRig(t, newSandbox(t, threeTools()...), client.WithLogger(logger))
	var seen []string
	s := r.connect(mcpclient.WithProtocolVersion(withSessions), mcpclient.OnReconnect(
		func(_ context.Context, re mcpclient.Reconnection) error {
			seen = append(seen, fmt.Sprintf("%+v %#v", re, re.Cause))
			return nil
		}))
	host, err := mcp.NewClient(&mcp.Implementation{Name: "host"}, nil).Connect(t.Context(), s.Transport(),
		&mcp.ClientSessionOptions{ProtocolVersion: withSessions})
	require.NoError(t, err)
	for i := range troubles {
		k := &troubles[i]
		if k.retryAfter > 0 || k.fault.Kind == sandbox.FaultTruncate {
			continue // they take time
		}
		if k.strike != nil {
			require.NoError(t, k.strike(r))
		} else {
			defer k.inject(r.srv, toolAct, 2).Remove()
		}
		_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
		seen = append(seen, fmt.Sprintf("%v %+v %#v", err, err, err))
		_, err = host.CallTool(t.Context(), &mcp.CallToolParams{Name: toolAct})
		seen = append(seen, fmt.Sprintf("%v %+v", err, err))
	}
	seen = append(seen, host.ID(), fmt.Sprintf("%+v", s))
	require.NoError(t, host.Close())
	closeSession(t, s)
	mu.Lock()
	defer mu.Unlock()
	ids := r.tap.sessions()
	require.Greater(t, len(ids), 4)
	all := strings.Join(append(seen, log.String()), "\n")
	require.Contains(t, all, "interchange attempt")
	for _, id := range ids {
		require.NotContains(t, all, id)
	}
}

type locked struct {
	mu *sync.Mutex
	to *strings.Builder
}

func (l locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}

// TestSessionIDsThatTheProtocolForbids are not sent back.
func TestSessionIDsThatTheProtocolForbids(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"long": strings.Repeat("x", 5<<10), "spaces": "a b", "not ASCII": "sess\xc3\xa9"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t)
			p.sessionID = id
			_, err := mcpclient.Connect(t.Context(), p.client(), mcpclient.WithProtocolVersion(withSessions))
			var unreadable *client.DecodeError
			require.ErrorAs(t, err, &unreadable)
			require.NotContains(t, err.Error(), id)
			require.Less(t, len(err.Error()), 2<<10)
			require.Equal(t, []string{"initialize"}, p.methods())
		})
	}
}

// TestUnversionedEndpoint: the alias redirects to the pinned path on its origin, and the session lives there.
func TestUnversionedEndpoint(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		r := newRig(t, newSandbox(t, threeTools()...), client.Unversioned())
		s := r.connect(mcpclient.WithProtocolVersion(generation))
		callers[0].works(t, r, s)
		r.srv.DropSessions()
		callers[0].works(t, r, s)
		alias := 0
		for _, req := range r.srv.Requests() {
			if req.Path == "/mcp/buyer" {
				alias++
				require.Equal(t, http.StatusPermanentRedirect, req.Status)
			}
		}
		require.Equal(t, len(r.srv.Requests()), 2*alias, "each request came by the alias")
	}
}

// TestRedirectsElsewhereAreNotFollowed: neither the credential nor the session, nor what was to be called.
func TestRedirectsElsewhereAreNotFollowed(t *testing.T) {
	t.Parallel()
	var visits atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer elsewhere.Close()
	for _, generation := range []string{withSessions, withoutSessions} {
		for _, code := range []int{301, 302, 303, 307, 308} {
			r := newRig(t, newSandbox(t, threeTools()...))
			s := r.connect(mcpclient.WithProtocolVersion(generation))
			redirect := sandbox.Fault{Kind: sandbox.FaultRedirect, Status: code, Location: elsewhere.URL + "/mcp?token=canary"}
			fault := r.srv.Inject(redirect)
			_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
			var refused *client.RedirectError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, code, refused.StatusCode)
			require.Equal(t, elsewhere.URL, refused.To)
			require.Equal(t, code < 307, errors.Is(err, client.ErrOutcomeUnknown))
			require.NotContains(t, err.Error(), "canary")
			_, err = mcpclient.Connect(t.Context(), r.client)
			require.ErrorAs(t, err, &refused)
			fault.Remove()
			callers[0].works(t, r, s)
		}
	}
	require.Zero(t, visits.Load())
}

// TestAPIKeyHeader: the first platform's header carries the credential, and no other does.
func TestAPIKeyHeader(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		r := newRig(t, newSandbox(t, threeTools()...))
		s, err := mcpclient.Connect(t.Context(), r.client, mcpclient.WithAPIKeyHeader(), mcpclient.WithProtocolVersion(generation))
		require.NoError(t, err)
		callers[0].works(t, r, s)
		r.srv.DropSessions()
		callers[0].works(t, r, s)
		closeSession(t, s)
		for _, req := range r.srv.Requests() {
			require.Contains(t, req.Header, "X-Scope3-Api-Key", req.RPC)
			require.NotContains(t, req.Header, "Authorization", req.RPC)
		}
	}
}

// swappable is a server of the library's own, another of which can take its place.
type swappable struct {
	t       *testing.T
	http    *httptest.Server
	handler atomic.Pointer[http.Handler]
	server  atomic.Pointer[mcp.Server]
}

func newSwappable(t *testing.T, generation string) (s *swappable, swap func()) {
	t.Helper()
	s = &swappable{t: t}
	s.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*s.handler.Load()).ServeHTTP(w, r) }))
	end := func(server *mcp.Server) {
		if server == nil {
			return
		}
		for one := range server.Sessions() {
			_ = one.Close()
		}
		s.http.CloseClientConnections()
	}
	swap = func() {
		server := mcp.NewServer(&mcp.Implementation{Name: "lists"}, &mcp.ServerOptions{
			Capabilities: &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{ListChanged: true}},
		})
		var h http.Handler = mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server },
			&mcp.StreamableHTTPOptions{Stateless: generation == withoutSessions})
		s.handler.Store(&h)
		end(s.server.Swap(server))
	}
	swap()
	t.Cleanup(func() {
		end(s.server.Load())
		s.http.Close()
	})
	return s, swap
}

// TestListChanges are told while nothing is called, also by the server that takes the place of another.
func TestListChanges(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		t.Run(generation, func(t *testing.T) {
			t.Parallel()
			server, swap := newSwappable(t, generation)
			token, err := client.OpaqueToken("canary-token")
			require.NoError(t, err)
			c, err := client.New(client.WithEnvironment(client.At(server.http.URL)), client.WithToken(token), client.WithRetry(impatient))
			require.NoError(t, err)
			t.Cleanup(c.CloseIdleConnections)
			var told atomic.Int64
			s, err := mcpclient.Connect(t.Context(), c, mcpclient.WithProtocolVersion(generation),
				mcpclient.OnListChanged(func(_ context.Context, list mcpclient.ChangedList) {
					if list == mcpclient.ChangedTools {
						told.Add(1)
					}
				}))
			require.NoError(t, err)
			t.Cleanup(func() { closeSession(t, s) })
			added := 0
			changes := func() {
				t.Helper()
				before := told.Load()
				require.Eventually(t, func() bool {
					added++
					server.server.Load().AddTool(&mcp.Tool{Name: fmt.Sprint("t", added), InputSchema: json.RawMessage(`{"type":"object"}`)}, saysOK)
					return told.Load() > before
				}, soon, 20*time.Millisecond)
			}
			changes()
			for range 2 {
				swap()
				changes()
			}
			_, err = mcpclient.CallTool[okay](t.Context(), s, fmt.Sprint("t", added), nil)
			require.NoError(t, err)
		})
	}
}

// TestProgressAndElicitation: what a tool says and asks while it runs reaches the program, and the answer reaches the tool.
func TestProgressAndElicitation(t *testing.T) {
	t.Parallel()
	ask := &mcp.ElicitParams{Message: "Spend it?", RequestedSchema: json.RawMessage(`{"type":"object","properties":{"yes":{"type":"boolean"}}}`)}
	report := func(ctx context.Context, req *mcp.CallToolRequest) error {
		return req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{
			ProgressToken: req.Params.GetProgressToken(), Progress: 1, Total: 2, Message: "half way",
		})
	}
	asking := map[string]mcp.ToolHandler{
		withSessions: func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			if err := report(ctx, req); err != nil {
				return nil, err
			}
			said, err := req.Session.Elicit(ctx, ask)
			if err != nil {
				return nil, err
			}
			return answered(said.Action), nil
		},
		withoutSessions: func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			if said, ok := req.Params.InputResponses["spend"].(*mcp.ElicitResult); ok {
				return answered(said.Action), nil
			}
			if err := report(ctx, req); err != nil {
				return nil, err
			}
			return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{"spend": ask}, RequestState: "half"}, nil
		},
	}
	for _, generation := range []string{withSessions, withoutSessions} {
		t.Run(generation, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, newSandbox(t, tool(toolAct, nil, asking[generation])))
			var progress []mcpclient.Progress
			var asked []string
			var mu sync.Mutex
			s := r.connect(mcpclient.WithProtocolVersion(generation),
				mcpclient.OnProgress(func(_ context.Context, p mcpclient.Progress) {
					mu.Lock()
					defer mu.Unlock()
					progress = append(progress, p)
				}),
				mcpclient.OnElicitation(func(_ context.Context, req *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
					mu.Lock()
					defer mu.Unlock()
					asked = append(asked, req.Params.Message)
					return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"yes": true}}, nil
				}))
			got, err := mcpclient.CallTool[string](t.Context(), s, toolAct, nil)
			require.NoError(t, err)
			require.Equal(t, "accept", got)
			mu.Lock()
			defer mu.Unlock()
			require.Equal(t, []string{"Spend it?"}, asked)
			require.Equal(t, []mcpclient.Progress{{Tool: toolAct, Done: 1, Total: 2, Message: "half way"}}, progress)
		})
	}
}

func answered(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}
}
