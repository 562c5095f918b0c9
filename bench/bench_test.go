package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestChart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "goodput.svg")
	require.NoError(t, writeChart(path, []bar{
		{label: "bucket", ours: 0.99, theirs: 0.826}, {label: "bucket-silent", ours: 0.9, theirsUnknown: true},
	}))
	svg, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, want := range []string{"<svg", "bucket-silent", "interchange-go", "best other Go SDK"} {
		assert.Contains(t, string(svg), want)
	}
}

// The expected times are calculated by hand.
func TestIdeal(t *testing.T) {
	t.Parallel()
	near := func(want time.Duration, l limited, calls int) {
		t.Helper()
		assert.InDelta(t, want.Seconds(), l.ideal(calls).Seconds(), 0.006)
	}
	near(9900*time.Millisecond, limited{limit: bucketLimit}, 2000)
	near(8*time.Second, limited{limit: windowLimit}, 500)
	near(0, limited{limit: windowLimit}, 100)
	halved := []change{{3 * time.Second, 100}, {7 * time.Second, 200}}
	near(11900*time.Millisecond, limited{limit: bucketLimit, changes: halved}, 2000)
}

func TestCommand(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), []string{"-list"}, &out))
	for _, want := range []string{"calls/walk", "limits/window-silent", "machines/outage"} {
		assert.Contains(t, out.String(), want)
	}
	require.ErrorContains(t, run(context.Background(), []string{"-scenario", "limits/none"}, &out), "-list")
	require.Error(t, run(context.Background(), []string{"-nonsense"}, &out))
}

func TestReadBenchmark(t *testing.T) {
	t.Parallel()
	units, err := readBenchmark([]byte("goos: linux\nBenchmarkOneObject \t      60\t         1.04 ×plain\t  1.5 " +
		"extra-allocs\t -3 extra-µs\nPASS\n"))
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"×plain": 1.04, "extra-allocs": 1.5, "extra-µs": -3}, units)
	_, err = readBenchmark([]byte("PASS\nok\n"))
	require.Error(t, err)
}

func TestMachine(t *testing.T) {
	t.Parallel()
	srv, err := sandbox.Start(sandbox.WithRateLimit(bucketLimit))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, srv.Close()) })
	server := miniredis.RunT(t)
	told, err := json.Marshal(assignment{
		Platform: srv.URL(), Token: srv.AdminToken(), Network: "tcp", Redis: server.Addr(),
		Workers: 4, Runs: 300 * time.Millisecond, Share: 0.25,
	})
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, machine(t.Context(), bytes.NewReader(told), &out))
	var o outcome
	require.NoError(t, json.Unmarshal(out.Bytes(), &o))
	assert.Positive(t, o.Done)
	assert.Zero(t, o.Failed)
	assert.Zero(t, o.Away)
}
