package guarantees

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func start(t *testing.T, opts ...client.Option) (*sandbox.Server, *client.Client) {
	t.Helper()
	srv, err := sandbox.Start()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, srv.Close()) })
	token, err := client.ParseTokenWithClientID(srv.AdminToken(), srv.AdminClientID())
	require.NoError(t, err)
	c, err := client.New(append([]client.Option{
		client.WithEnvironment(client.BaseURL(srv.URL())), client.WithToken(token),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return srv, c
}

const workers = 32

// inParallel calls work for every number below n, on 32 workers.
func inParallel(n int, work func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	wg.Wait()
}

// 2,000 GETs, of which 10 % fail with 503, 2 % are reset and 1 % are slow: none fails by default settings.
func TestReadsSurviveFaults(t *testing.T) {
	srv, c := start(t)
	ctx := context.Background()
	tokens := servicetokens.New(c)
	created, err := tokens.Create(ctx, servicetokens.CreateParams{Name: "read", ExpiresInDays: 90})
	require.NoError(t, err)

	const route = "GET /api/v2/service-tokens/{id}"
	faults := []*sandbox.Injection{
		srv.Inject(sandbox.Fault{Route: route, Status: 503, Rate: 0.10}),
		srv.Inject(sandbox.Fault{Route: route, Kind: sandbox.FaultResetBefore, Rate: 0.02}),
		srv.Inject(sandbox.Fault{Route: route, Kind: sandbox.FaultDelay, Delay: 300 * time.Millisecond, Rate: 0.01}),
	}
	var failed atomic.Int64
	inParallel(2000, func(int) {
		got, err := tokens.Get(ctx, created.ID)
		if err != nil || got.ID != created.ID {
			failed.Add(1)
			t.Log(err)
		}
	})
	t.Logf("2000 GETs: %d failed; %d × 503, %d resets, %d slow, %d requests",
		failed.Load(), faults[0].Fired(), faults[1].Fired(), faults[2].Fired(), faults[0].Seen())
	assert.Zero(t, failed.Load())
	for _, fault := range faults {
		assert.Greater(t, fault.Fired(), 10)
	}
}

// 1,000 POSTs, of which 5 % are processed and then reset: none takes effect twice, and every lost response is
// reported as an unknown outcome.
func TestWritesAreNeverDoubled(t *testing.T) {
	srv, c := start(t)
	ctx := context.Background()
	tokens := servicetokens.New(c)
	const route = "POST /api/v2/service-tokens"
	fault := srv.Inject(sandbox.Fault{Route: route, Kind: sandbox.FaultResetAfter, Rate: 0.05})

	var unknown, other atomic.Int64
	inParallel(1000, func(i int) {
		_, err := tokens.Create(ctx, servicetokens.CreateParams{Name: strconv.Itoa(i), ExpiresInDays: 90})
		switch {
		case errors.Is(err, client.ErrOutcomeUnknown):
			unknown.Add(1)
		case err != nil:
			other.Add(1)
			t.Log(err)
		}
	})
	made := make(map[string]int)
	for _, token := range srv.Tokens() {
		made[token.Name]++
	}
	duplicates := 0
	for _, n := range made {
		duplicates += n - 1
	}
	t.Logf("1000 POSTs: %d duplicates, %d lost responses, %d reported as unknown, %d failed otherwise",
		duplicates, fault.Fired(), unknown.Load(), other.Load())
	assert.Zero(t, duplicates)
	assert.Len(t, made, 1000)
	assert.Greater(t, fault.Fired(), 30)
	assert.EqualValues(t, fault.Fired(), unknown.Load())
	assert.Zero(t, other.Load())
	assert.Equal(t, 1000, srv.Effects(route))
}
