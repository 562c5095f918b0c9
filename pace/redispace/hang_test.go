package redispace_test

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace/redispace"
)

// silentRedis accepts connections and never replies. Its client has the default options, with which go-redis waits
// for a reply for seconds and ignores the context.
func silentRedis(t *testing.T) (rdb redis.UniversalClient, connected <-chan struct{}) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	taken := make(chan struct{}, 100)
	var conns []net.Conn
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conns = append(conns, conn)
			taken <- struct{}{}
		}
	})
	rdb = redis.NewClient(&redis.Options{Addr: listener.Addr().String()})
	t.Cleanup(func() {
		assert.NoError(t, rdb.Close())
		assert.NoError(t, listener.Close())
		all.Wait()
		for _, c := range conns {
			assert.NoError(t, c.Close())
		}
	})
	return rdb, taken
}

// Calls do not wait for a Redis that accepts connections and does not reply, whatever the options of go-redis.
func TestSilentRedisDoesNotBlockCalls(t *testing.T) {
	t.Parallel()
	rdb, _ := silentRedis(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 100, Per: time.Second}, redispace.WithTimeout(20*time.Millisecond))
	ended := make(chan error, 1)
	go func() { ended <- l.Wait(t.Context(), key, time.Second) }()
	select {
	case err := <-ended:
		require.NoError(t, err)
	case <-time.After(2 * time.Second):
		require.Fail(t, "go-redis is waited for")
	}
}

// A call whose context ends while Redis is asked returns at once.
func TestWaitReturnsWhenContextEndsDuringRequest(t *testing.T) {
	t.Parallel()
	rdb, connected := silentRedis(t)
	l := limiter(t, rdb, redispace.Limit{Requests: 100, Per: time.Second}, redispace.WithTimeout(time.Minute))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	for range cap(ended) {
		go func() { ended <- l.Wait(ctx, key, time.Second) }()
	}
	<-connected
	cancel()
	for range cap(ended) {
		select {
		case err := <-ended:
			require.ErrorIs(t, err, context.Canceled)
		case <-time.After(2 * time.Second):
			require.Fail(t, "go-redis is waited for")
		}
	}
}
