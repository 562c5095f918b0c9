package redispace_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/pace/redispace"
)

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) lines(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.b.String(), text)
}

// eventually waits until text was logged, which must happen once.
func (l *lockedBuffer) eventually(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return l.lines(text) > 0 }, 10*time.Second, time.Millisecond, text)
	assert.Equal(t, 1, l.lines(text), text)
}

func logTo(log *lockedBuffer) redispace.Option {
	return redispace.WithLogger(slog.New(slog.NewTextHandler(log, nil)))
}

// Without Redis a machine uses its share, reports that once, and uses Redis again when it is back.
func TestOutageIsReportedAndEnds(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	var log lockedBuffer
	l := limiter(t, connect(t, "unix", server.socket), redispace.Limit{Requests: 1000, Per: time.Second, Burst: 100},
		redispace.WithShare(0.5), logTo(&log))
	require.NoError(t, l.Wait(t.Context(), key, time.Second))

	server.kill()
	began := time.Now()
	for range 200 {
		require.NoError(t, l.Wait(t.Context(), key, time.Second))
	}
	assert.GreaterOrEqual(t, time.Since(began), 250*time.Millisecond,
		"200 requests at half of 1000 a second, less a burst of 50, take 0.3 s")
	log.eventually(t, "redis is away")
	assert.Zero(t, log.lines("redis is back"))

	server.start()
	require.Eventually(t, func() bool {
		return assert.NoError(t, l.Wait(t.Context(), key, time.Second)) && log.lines("redis is back") == 1
	}, 10*time.Second, time.Millisecond)
	for range 20 {
		require.NoError(t, l.Wait(t.Context(), key, time.Second))
	}
	assert.Equal(t, 1, log.lines("redis is away"))
	assert.Equal(t, 1, log.lines("redis is back"))
}

// A Redis that was never reachable does not fail calls.
func TestUnreachableRedisDoesNotFailCalls(t *testing.T) {
	t.Parallel()
	l := limiter(t, connect(t, "unix", t.TempDir()+"/none"), redispace.Limit{Requests: 100, Per: time.Second})
	for range 3 {
		require.NoError(t, l.Wait(t.Context(), key, time.Second))
	}
}

// Processes without a pause keep the limit together.
func TestRealRedisKeepsTheLimit(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	const machines, workers = 4, 4
	limit := redispace.Limit{Requests: 500, Per: time.Second, Burst: 10}
	granted := make([]int, machines)
	began := time.Now()
	var all sync.WaitGroup
	for m := range machines {
		l := limiter(t, connect(t, "unix", server.socket), limit)
		var mu sync.Mutex
		for range workers {
			all.Go(func() {
				for time.Since(began) < 500*time.Millisecond {
					if assert.NoError(t, l.Wait(t.Context(), key, time.Second)) {
						mu.Lock()
						granted[m]++
						mu.Unlock()
					}
				}
			})
		}
	}
	all.Wait()
	took, sum := time.Since(began), 0
	for _, n := range granted {
		sum += n
		assert.Positive(t, n)
	}
	assert.LessOrEqual(t, float64(sum), 10+took.Seconds()*500+1)
	t.Logf("%d of %.0f in %v: %v", sum, 10+took.Seconds()*500, took, granted)
}
