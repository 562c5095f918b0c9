package mcpclient_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
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
			srv := sandboxtest.Start(t, tool(toolAct, nil, l.handle),
				tool(toolLook, &mcp.ToolAnnotations{ReadOnlyHint: true}, nil))
			tokens := servicetokens.New(newRig(t, srv).client)
			var present *servicetokens.Created
			source := &rotating{next: func(ctx context.Context) (_ client.Token, err error) {
				if present, err = tokens.Create(ctx, servicetokens.CreateParams{Name: "one", ExpiresInDays: 90}); err != nil {
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
