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

// manifest lists the files of a finished run. It is written last.
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

// openOutput locks a directory for this run until it is closed or the process ends. A directory with a manifest is
// refused: it holds a finished run.
func openOutput(path string) (_ *output, err error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	dir, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	o := &output{Root: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.Close())
		}
	}()
	const lockName = ".lock"
	file, err := openRegular(dir, lockName, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(path, lockName))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, err
	case !locked:
		return nil, fmt.Errorf("another run is writing to %s", path)
	}
	o.lock = lock
	var done manifest
	err = readJSON(dir, manifestName, &done)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return o, nil
	case err == nil:
		return nil, fmt.Errorf("%s holds a run that was finished on %s: choose another directory",
			path, done.FinishedAt.Format(time.RFC3339))
	}
	return nil, err
}

// output is the directory of a run, locked.
type output struct {
	*os.Root
	lock *flock.Flock
}

// Close releases the directory.
func (o *output) Close() error {
	err := o.Root.Close()
	if o.lock != nil {
		err = errors.Join(err, o.lock.Close())
	}
	return err
}

func (s *sink) summary() entry {
	return entry{
		Resource: s.name, File: s.finalName(),
		Records: s.state.Records, Bytes: s.state.Bytes, SHA256: s.state.SHA256,
	}
}
