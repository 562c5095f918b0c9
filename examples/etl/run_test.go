package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// smallJob returns the settings of a job on a small sandbox.
func smallJob(t *testing.T, dir string) settings {
	t.Helper()
	t.Setenv(client.EnvAPIKey, "")
	return settings{dir: dir, concurrency: 4, ahead: 2, limit: 100, records: 50}
}

func TestRunRefusesFinishedDirectory(t *testing.T) {
	s := smallJob(t, t.TempDir())
	require.NoError(t, run(s))
	before, err := os.ReadFile(filepath.Join(s.dir, manifestName))
	require.NoError(t, err)
	require.ErrorContains(t, run(s), "choose another directory")
	after, err := os.ReadFile(filepath.Join(s.dir, manifestName))
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
}

func TestRunLocksDirectory(t *testing.T) {
	s := smallJob(t, t.TempDir())
	out, err := openOutput(s.dir)
	require.NoError(t, err)
	require.ErrorContains(t, run(s), "another run")
	require.NoError(t, out.Close())
	require.NoError(t, run(s))
}

func TestFailureInTemporaryDirectoryNamesNoDirectory(t *testing.T) {
	s := smallJob(t, "")
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv(client.EnvAPIKey, "scope3_none_such")
	t.Setenv(client.EnvBaseURL, "http://127.0.0.1:1")
	err := run(s)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "start it again")
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestRunRefusesFilesThatContradictTheirCheckpoint(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		finished bool
		damage   func(path string) error
	}{
		"finished, gone":   {true, os.Remove},
		"finished, cut":    {true, func(path string) error { return os.Truncate(path, 3) }},
		"unfinished, gone": {false, os.Remove},
		"unfinished, cut":  {false, func(path string) error { return os.Truncate(path, 3) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := openDir(t, t.TempDir())
			s, err := openSink(dir, "toys", source{})
			require.NoError(t, err)
			require.NoError(t, s.add([]jsontext.Value{[]byte(`{"id":"a"}`)}, "offset:1"))
			path := filepath.Join(dir.Name(), s.partName())
			if tc.finished {
				require.NoError(t, s.finish())
				path = filepath.Join(dir.Name(), s.finalName())
			} else {
				require.NoError(t, s.commit())
				require.NoError(t, s.close())
			}
			require.NoError(t, tc.damage(path))
			_, err = openSink(dir, "toys", source{})
			require.ErrorContains(t, err, "does not match its checkpoint")
			require.ErrorContains(t, err, ".toys.checkpoint", "what to do")
		})
	}
}

func TestFullDiskKeepsCommittedRecords(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full")
	}
	dir := openDir(t, t.TempDir())
	s, err := openSink(dir, "toys", source{})
	require.NoError(t, err)
	require.NoError(t, s.add([]jsontext.Value{[]byte(`{"id":"a"}`)}, "offset:1"))
	require.NoError(t, s.commit())
	require.NoError(t, s.close())

	s, err = openSink(dir, "toys", source{})
	require.NoError(t, err)
	require.NoError(t, s.close())
	s.file = full
	s.out.Reset(full)
	require.NoError(t, s.add([]jsontext.Value{[]byte(`{"id":"b"}`)}, "offset:2"))
	require.Error(t, s.commit())
	require.Error(t, s.finish())
	require.NoError(t, s.close())

	s, err = openSink(dir, "toys", source{})
	require.NoError(t, err)
	assert.Equal(t, checkpoint{Records: 1, Bytes: 11, Next: "offset:1"}, s.state)
	require.NoError(t, s.close())
}

func TestSymbolicLinksAreNotFollowed(t *testing.T) {
	s := smallJob(t, "")
	for _, name := range []string{
		".lock", manifestName, ".advertisers.checkpoint", "advertisers.ndjson.part", "advertisers.ndjson",
	} {
		outside := filepath.Join(t.TempDir(), "outside")
		require.NoError(t, os.WriteFile(outside, []byte("{}"), 0o600))
		for kind, target := range map[string]string{
			"outside": outside, "inside": "other",
			"dangling": filepath.Join(t.TempDir(), "none"),
		} {
			s.dir = t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(s.dir, "other"), []byte("{}"), 0o600))
			require.NoError(t, os.Symlink(target, filepath.Join(s.dir, name)))
			err := run(s)
			if name != "advertisers.ndjson" { // that one is replaced by renaming
				require.ErrorContains(t, err, "is not a regular file", "%s, %s", name, kind)
			} else {
				require.NoError(t, err)
			}
			for _, path := range []string{outside, filepath.Join(s.dir, "other")} {
				content, err := os.ReadFile(path)
				require.NoError(t, err)
				assert.Equal(t, "{}", string(content), "%s, %s", name, kind)
			}
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := settings{since: "yesterday"}
	require.ErrorContains(t, s.check(), "-since")
	require.ErrorContains(t, s.check(), "-concurrency")
	s = settings{since: "2026-01-31", concurrency: 1, limit: 1}
	require.NoError(t, s.check())
	since := newPuller(nil, s).since("startTime", time.RFC3339)
	assert.Equal(t, "2026-01-31T00:00:00Z", since.Get("startTime"))
	assert.Nil(t, newPuller(nil, settings{}).since("startTime", time.RFC3339))
}
