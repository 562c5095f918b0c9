package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

// TestIdeal: the figures that goodput is measured against, worked out by hand.
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
	assert.Contains(t, out.String(), "limits/window-silent")
	require.ErrorContains(t, run(context.Background(), []string{"-scenario", "limits/none"}, &out), "-list")
	require.Error(t, run(context.Background(), []string{"-nonsense"}, &out))
}
