package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// sink is the file that one resource goes to: a line for each record. While it grows it is called name.ndjson.part, and a
// checkpoint beside it says how much of it counts and where in the list that was. What a killed run wrote after its last
// checkpoint is cut off by the next, and fetched again: nothing is lost, nothing is there twice.
type sink struct {
	dir, name string
	file      *os.File
	out       *bufio.Writer
	sum       hash.Hash
	state     checkpoint
}

// checkpoint is the state of a sink that survives the process.
type checkpoint struct {
	Records int64            `json:"records"`
	Bytes   int64            `json:"bytes"`
	Next    client.PageToken `json:"next"` // where the list goes on
	Done    bool             `json:"done"`
	SHA256  string           `json:"sha256,omitzero"` // once it is done
	Since   string           `json:"since,omitzero"`
}

// openSink begins a file or goes on with the one that is there.
func openSink(dir, name, since string) (*sink, error) {
	s := &sink{dir: dir, name: name, sum: sha256.New()}
	if err := readJSON(s.checkpointPath(), &s.state); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if s.state.Since != since {
		return nil, fmt.Errorf("%s holds the beginning of another run (-since %q): finish that or choose another directory", dir, s.state.Since)
	}
	if s.state.Done {
		// The process may have ended between the checkpoint and the renaming.
		if err := os.Rename(s.partPath(), s.finalPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if info, err := os.Stat(s.finalPath()); err != nil || info.Size() != s.state.Bytes {
			return nil, errors.Join(fmt.Errorf("%s is not as its checkpoint says: remove %s to pull it again", s.finalPath(), s.checkpointPath()), err)
		}
		return s, nil
	}
	file, err := os.OpenFile(s.partPath(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	// The checksum covers what an earlier run wrote, too.
	if _, err := io.CopyN(s.sum, file, s.state.Bytes); err != nil {
		return nil, errors.Join(fmt.Errorf("%s is shorter than its checkpoint says: remove %s to pull it again: %w", s.partPath(), s.checkpointPath(), err), file.Close())
	}
	if err := file.Truncate(s.state.Bytes); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	s.file = file
	s.out = bufio.NewWriterSize(io.MultiWriter(file, s.sum), 1<<20)
	return s, nil
}

// add writes the records of a page, and notes where the next one begins.
func (s *sink) add(records []jsontext.Value, next client.PageToken) error {
	for _, r := range records {
		if err := r.Compact(); err != nil { // a record is one line
			return err
		}
		n, err := s.out.Write(append(r, '\n'))
		s.state.Bytes += int64(n)
		if err != nil {
			return err
		}
	}
	s.state.Records += int64(len(records))
	s.state.Next = next
	return nil
}

// commit makes everything so far survive whatever happens to the process or to the machine: first the data, then the
// checkpoint that counts on it.
func (s *sink) commit() error {
	if err := s.out.Flush(); err != nil {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	return writeJSON(s.checkpointPath(), s.state)
}

// finish gives the file its name.
func (s *sink) finish() error {
	if s.state.Done {
		return nil
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	s.state.Done, s.state.SHA256 = true, hex.EncodeToString(s.sum.Sum(nil))
	if err := s.commit(); err != nil {
		return err
	}
	if err := s.close(); err != nil {
		return err
	}
	return os.Rename(s.partPath(), s.finalPath())
}

func (s *sink) close() error {
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return file.Close()
}

func (s *sink) partPath() string       { return s.finalPath() + ".part" }
func (s *sink) finalPath() string      { return filepath.Join(s.dir, s.name+".ndjson") }
func (s *sink) checkpointPath() string { return filepath.Join(s.dir, "."+s.name+".checkpoint") }

func readJSON(path string, v any) error {
	raw, err := os.ReadFile(path) //nolint:gosec // the caller's own directory
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}

// writeJSON replaces a file in one step: whoever reads it finds the old content or the new.
func writeJSON(path string, v any) error {
	raw, err := json.Marshal(v, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".tmp-")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already, if all went well
	_, err = tmp.Write(append(raw, '\n'))
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
