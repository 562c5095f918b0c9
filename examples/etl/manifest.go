package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// manifest tells what a finished run has written; it is there when everything else is.
type manifest struct {
	Platform   string    `json:"platform"`
	Since      string    `json:"since,omitzero"`
	FinishedAt time.Time `json:"finishedAt"`
	Resources  []entry   `json:"resources"`
}

// entry is one file of a run.
type entry struct {
	Resource string `json:"resource"`
	File     string `json:"file"`
	Records  int64  `json:"records"`
	Bytes    int64  `json:"bytes"`
	SHA256   string `json:"sha256"`
}

const manifestName = "manifest.json"

// takeOver makes a directory that of this run alone, until unlock is called or the process ends. One with a manifest is
// refused: what it holds is as old as the manifest says.
func takeOver(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, ".lock"))
	switch mine, err := lock.TryLock(); {
	case err != nil:
		return nil, err
	case !mine:
		return nil, fmt.Errorf("another run is writing to %s", dir)
	}
	var done manifest
	err = readJSON(filepath.Join(dir, manifestName), &done)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return lock.Close, nil
	case err == nil:
		err = fmt.Errorf("%s holds a run that was finished on %s: choose another directory", dir, done.FinishedAt.Format(time.RFC3339))
	}
	return nil, errors.Join(err, lock.Close())
}

func (m manifest) write(dir string) error { return writeJSON(filepath.Join(dir, manifestName), m) }

func (s *sink) summary() entry {
	return entry{
		Resource: s.name, File: filepath.Base(s.finalPath()),
		Records: s.state.Records, Bytes: s.state.Bytes, SHA256: s.state.SHA256,
	}
}
