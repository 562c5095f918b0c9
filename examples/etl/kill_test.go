package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// build compiles the command and returns a function that starts a job in a directory.
func build(t *testing.T) (start func(dir string) *exec.Cmd) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "etl")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return func(dir string) *exec.Cmd {
		cmd := exec.CommandContext(context.WithoutCancel(t.Context()), binary, "-out", dir, "-records", "20000")
		for _, v := range os.Environ() {
			if !strings.HasPrefix(v, client.EnvAPIKey+"=") {
				cmd.Env = append(cmd.Env, v)
			}
		}
		cmd.Stderr = os.Stderr
		require.NoError(t, cmd.Start())
		return cmd
	}
}

func readManifest(t *testing.T, dir string) manifest {
	t.Helper()
	var m manifest
	require.NoError(t, readJSON(openDir(t, dir), manifestName, &m))
	return m
}

func TestKilledJobLosesAndDuplicatesNoRecord(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the job some twenty times")
	}
	whole, pieces := t.TempDir(), t.TempDir()
	start := build(t)
	began := time.Now()
	require.NoError(t, start(whole).Wait())
	took := time.Since(began)

	random := rand.New(rand.NewPCG(1, 2))
	for killed := 0; killed < 20; {
		job := start(pieces)
		time.AfterFunc(time.Duration(random.Int64N(int64(took))), func() { _ = job.Process.Kill() })
		if err := job.Wait(); err != nil {
			require.Equal(t, -1, job.ProcessState.ExitCode(), "the job failed by itself")
			killed++
			continue
		}
		sameAs(t, whole, pieces) // it ended before it was killed: start over
		pieces = t.TempDir()
	}
	require.NoError(t, start(pieces).Wait())
	sameAs(t, whole, pieces)
}

// sameAs compares the output of a job in two directories.
func sameAs(t *testing.T, whole, pieces string) {
	t.Helper()
	want, got := readManifest(t, whole), readManifest(t, pieces)
	assert.Equal(t, want.Resources, got.Resources)
	for _, e := range got.Resources {
		raw, err := os.ReadFile(filepath.Join(pieces, e.File))
		require.NoError(t, err)
		sum := sha256.Sum256(raw)
		assert.Equal(t, e.SHA256, hex.EncodeToString(sum[:]), e.File)
		assert.Equal(t, e.Records, int64(bytes.Count(raw, []byte("\n"))), e.File)
		assert.Positive(t, e.Records, e.File)
		seen := make(map[string]bool)
		for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
			require.False(t, seen[lines.Text()], "%s has a record twice", e.File)
			seen[lines.Text()] = true
		}
	}
	left, err := filepath.Glob(filepath.Join(pieces, "*.part"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestSinkContinuesAfterItsCheckpoint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	records := func(names ...string) (all []jsontext.Value) {
		for _, n := range names {
			raw, err := json.Marshal(map[string]string{"id": n})
			require.NoError(t, err)
			all = append(all, raw)
		}
		return all
	}
	root, from := openDir(t, dir), source{Platform: "https://api.example", ClientID: "ak_1"}
	s, err := openSink(root, "toys", from)
	require.NoError(t, err)
	require.NoError(t, s.add(records("a", "b"), "offset:2"))
	require.NoError(t, s.commit())
	require.NoError(t, s.add(records("c"), "offset:3"))
	require.NoError(t, s.out.Flush())
	require.NoError(t, s.close()) // the process is gone

	s, err = openSink(root, "toys", from)
	require.NoError(t, err)
	assert.Equal(t, client.PageToken("offset:2"), s.state.Next)
	require.NoError(t, s.add(records("c", "d"), ""))
	require.NoError(t, s.finish())

	raw, err := os.ReadFile(filepath.Join(dir, "toys.ndjson"))
	require.NoError(t, err)
	assert.Equal(t, `{"id":"a"}`+"\n"+`{"id":"b"}`+"\n"+`{"id":"c"}`+"\n"+`{"id":"d"}`+"\n", string(raw))
	assert.Equal(t, int64(4), s.summary().Records)

	again, err := openSink(root, "toys", from)
	require.NoError(t, err)
	assert.Equal(t, s.summary(), again.summary())

	for text, other := range map[string]source{
		`-since "", not "2026-01-01"`: {
			Platform: from.Platform, ClientID: from.ClientID,
			Since: "2026-01-01",
		},
		`client id "ak_1", not "ak_2"`:                            {Platform: from.Platform, ClientID: "ak_2"},
		`platform "https://api.example", not "https://b.example"`: {Platform: "https://b.example", ClientID: from.ClientID},
	} {
		_, err = openSink(root, "toys", other)
		require.ErrorContains(t, err, "another run")
		require.ErrorContains(t, err, text)
	}
}

// openDir opens a directory until the test ends.
func openDir(t *testing.T, path string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, root.Close()) })
	return root
}
