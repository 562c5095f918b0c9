package client_test

import (
	"context"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// stallHooks keeps what went wrong with each attempt.
type stallHooks struct{ errs []error }

func (h *stallHooks) AttemptDone(_ context.Context, a client.Attempt) { h.errs = append(h.errs, a.Err) }

// stallServer is silent for the first requests, and answers from then on.
func stallServer(silent int, seen *atomic.Int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if seen.Add(1) <= int64(silent) {
			<-r.Context().Done()
			return
		}
		_, _ = io.WriteString(w, connOK)
	}
}

func TestStalledReadIsRepeatedOnAnotherConnection(t *testing.T) {
	const s = time.Second
	for _, tt := range []struct {
		name     string
		silent   int
		deadline time.Duration
		op       *client.Operation
		opts     []client.CallOption
		took     time.Duration
		attempts int
		fails    bool
	}{
		{name: "no stall", deadline: 8 * s, op: &connGet, attempts: 1},
		{name: "one", silent: 1, deadline: 8 * s, op: &connGet, took: 4 * s, attempts: 2},
		{name: "four", silent: 4, deadline: 8 * s, op: &connGet, took: 7500 * time.Millisecond, attempts: 5},
		{name: "all", silent: 99, deadline: 8 * s, op: &connGet, took: 8 * s, attempts: 6, fails: true},
		{
			name: "share", silent: 1, deadline: 8 * s, op: &connGet, took: 2 * s, attempts: 2,
			opts: []client.CallOption{client.WithStallShare(.25)},
		},
		{
			name: "off", silent: 1, deadline: 8 * s, op: &connGet, took: 8 * s, attempts: 1, fails: true,
			opts: []client.CallOption{client.WithStallShare(0)},
		},
		{
			name: "long poll", silent: 1, deadline: 100 * s, op: &connGet, took: 100 * s, attempts: 1, fails: true,
			opts: []client.CallOption{client.WithTimeout(3 * time.Minute)},
		},
		{
			name: "long poll with a share", silent: 1, deadline: 100 * s, op: &connGet, took: 50 * s, attempts: 2,
			opts: []client.CallOption{client.WithTimeout(3 * time.Minute), client.WithStallShare(.5)},
		},
		{name: "share beyond the timeout", silent: 1, deadline: 300 * s, op: &connGet, took: 60 * s, attempts: 2},
		{name: "no deadline", silent: 1, op: &connGet, took: 60 * s, attempts: 2},
		{name: "short deadline", silent: 1, deadline: s * 2 / 5, op: &connGet, took: s * 2 / 5, attempts: 1, fails: true},
		{
			name: "last attempt", silent: 2, deadline: 8 * s, op: &connGet, took: 8 * s, attempts: 2, fails: true,
			opts: []client.CallOption{client.WithRetry(client.RetryPolicy{MaxAttempts: 2})},
		},
		{name: "put", silent: 1, deadline: 8 * s, op: &connPut, took: 8 * s, attempts: 1, fails: true},
		{name: "delete", silent: 1, deadline: 8 * s, op: &connDelete, took: 8 * s, attempts: 1, fails: true},
		{name: "post", silent: 1, deadline: 8 * s, op: &connPost, took: 8 * s, attempts: 1, fails: true},
		{
			name: "assumed idempotent", silent: 1, deadline: 8 * s, op: &connPost, took: 8 * s, attempts: 1, fails: true,
			opts: []client.CallOption{client.AssumeIdempotent()},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var seen atomic.Int64
				c := connPiped(t, stallServer(tt.silent, &seen), client.WithRetry(client.RetryPolicy{BaseDelay: 1, MaxBackoff: 1}))
				ctx := t.Context()
				if tt.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.deadline)
					defer cancel()
				}
				var answer client.Response
				began := time.Now()
				_, err := connDo(ctx, c, tt.op, append(tt.opts, client.WithResponse(&answer))...)
				assert.InDelta(t, tt.took, time.Since(began), float64(time.Microsecond))
				assert.Equal(t, tt.attempts, answer.Attempts)
				assert.EqualValues(t, tt.attempts, seen.Load())
				if tt.fails {
					require.ErrorIs(t, err, context.DeadlineExceeded)
					return
				}
				require.NoError(t, err)
			})
		})
	}
}

// A body that stops arriving is a stall, one that arrives slowly is not.
func TestStalledBodyIsReadAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		pause    time.Duration // after each byte
		took     time.Duration
		attempts int
	}{
		"slow":    {100 * time.Millisecond, 3200 * time.Millisecond, 1},
		"stalled": {time.Hour, 4 * time.Second, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var seen atomic.Int64
				hooks := new(stallHooks)
				c := connPiped(t, func(w http.ResponseWriter, r *http.Request) {
					if seen.Add(1) > 1 {
						_, _ = io.WriteString(w, connOK)
						return
					}
					for i := range len(connOK) {
						_, _ = io.WriteString(w, connOK[i:i+1])
						_ = http.NewResponseController(w).Flush()
						select {
						case <-time.After(tt.pause):
						case <-r.Context().Done():
							return
						}
					}
				}, client.WithHooks(hooks))
				ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
				defer cancel()
				began := time.Now()
				got, err := connDo(ctx, c, &connGet)
				require.NoError(t, err)
				assert.Equal(t, "7", got.ID)
				assert.InDelta(t, tt.took, time.Since(began), float64(time.Millisecond))
				require.Len(t, hooks.errs, tt.attempts)
				if tt.attempts > 1 {
					require.ErrorContains(t, hooks.errs[0], "nothing arrived for 4s")
					require.ErrorIs(t, hooks.errs[0], client.ErrAttemptTimeout)
					require.NotErrorIs(t, hooks.errs[0], context.DeadlineExceeded)
				}
			})
		})
	}
}

// A stream is watched up to its headers: from then on it may be silent.
func TestStreamMayBeSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen atomic.Int64
		c := connPiped(t, func(w http.ResponseWriter, r *http.Request) {
			if seen.Add(1) == 1 {
				<-r.Context().Done()
				return
			}
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "a")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(time.Minute)
			_, _ = io.WriteString(w, "b")
		}, client.WithStallShare(.01))
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
		defer cancel()
		resp, err := c.Stream(ctx, &connGet, client.Request{})
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, "ab", string(body))
		assert.EqualValues(t, 2, seen.Load())
	})
}

// Where the retry quota is used up nothing would come after a canceled attempt, so it is not canceled.
func TestStallWithoutQuotaIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen atomic.Int64
		c := connPiped(t, stallServer(math.MaxInt, &seen), client.WithRetry(client.RetryPolicy{MaxAttempts: 2}))
		var answer client.Response
		for answer.Attempts != 1 {
			ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
			began := time.Now()
			_, err := connDo(ctx, c, &connGet, client.WithResponse(&answer))
			cancel()
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, 8*time.Second, time.Since(began))
			require.Less(t, seen.Load(), int64(100))
		}
	})
}

func TestStallShareIsChecked(t *testing.T) {
	for _, share := range []float64{-.1, 1, 1.5, math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := client.New(client.WithToken(connToken(t, connSecret)), client.WithStallShare(share))
		require.ErrorContains(t, err, "stallShare must be at least 0 and less than 1", share)
	}
}

// stallRelay forwards connections to a server, until it is told to let the first one go silent.
type stallRelay struct {
	frozen atomic.Bool
	thaw   chan struct{}
	conns  atomic.Int64
}

func (r *stallRelay) listen(t *testing.T, to string) string {
	t.Helper()
	return connListen(t, func(n int, near net.Conn) {
		r.conns.Add(1)
		far, err := new(net.Dialer).DialContext(t.Context(), "tcp", to)
		if !assert.NoError(t, err) {
			return
		}
		var both sync.WaitGroup
		forward := func(to, from net.Conn) {
			buf := make([]byte, 4096)
			for {
				k, err := from.Read(buf)
				if n == 1 && r.frozen.Load() {
					<-r.thaw
				}
				if _, werr := to.Write(buf[:k]); err != nil || werr != nil {
					_ = to.Close()
					return
				}
			}
		}
		both.Go(func() { forward(far, near) })
		both.Go(func() { forward(near, far) })
		both.Wait()
	})
}

// With HTTP/2 all calls share a connection. One read that stalls moves to another, and the write beside it is not
// broken off: it may still succeed.
func TestStalledHTTP2ReadLeavesConnectionToOthers(t *testing.T) {
	var posts atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.Method == http.MethodPost {
			posts.Add(1)
		}
		assert.Equal(t, 2, r.ProtoMajor)
		_, _ = io.WriteString(w, connOK)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	relay := &stallRelay{thaw: make(chan struct{})}
	addr := relay.listen(t, server.Listener.Addr().String())
	transport := connTransport(t)
	transport.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	c := connClient(t, "https://"+addr, client.WithTransport(transport))
	_, err := connDo(t.Context(), c, &connGet)
	require.NoError(t, err)

	relay.frozen.Store(true)
	written := make(chan error, 1)
	go func() {
		_, err := connDo(t.Context(), c, &connPost)
		written <- err
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var answer client.Response
	_, err = connDo(ctx, c, &connGet, client.WithStallShare(.01), client.WithResponse(&answer))
	require.NoError(t, err)
	assert.Equal(t, 2, answer.Attempts)
	assert.EqualValues(t, 2, relay.conns.Load())
	assert.Empty(t, written)

	relay.frozen.Store(false)
	close(relay.thaw)
	require.NoError(t, <-written)
	assert.EqualValues(t, 1, posts.Load())
	c.CloseIdleConnections()
}
