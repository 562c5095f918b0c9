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
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// sink writes the records of one resource to a file, one per line. The file is called name.ndjson.part until it is
// complete. A checkpoint beside it holds the length that is committed and the page token that follows. The next run
// cuts off what was written after the last checkpoint and fetches it again, so that no record is lost or duplicated.
type sink struct {
	dir   *os.Root
	name  string
	file  *os.File
	out   *bufio.Writer
	sum   hash.Hash
	state checkpoint
}

// checkpoint is the state of a sink that survives the process.
type checkpoint struct {
	Records int64            `json:"records"`
	Bytes   int64            `json:"bytes"`
	Next    client.PageToken `json:"next"` // page token of the rest
	Done    bool             `json:"done"`
	SHA256  string           `json:"sha256,omitzero"` // once it is done
	Source  source           `json:"source"`
}

// source identifies what a run reads. Pages of another account, or after another day, must not be appended.
type source struct {
	Platform string `json:"platform"`
	ClientID string `json:"clientId,omitzero"`
	Since    string `json:"since,omitzero"`
}

// openSink creates a file or continues an unfinished one.
func openSink(dir *os.Root, name string, from source) (*sink, error) {
	s := &sink{dir: dir, name: name, sum: sha256.New()}
	err := readJSON(dir, s.checkpointName(), &s.state)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.state.Source = from
	case err != nil:
		return nil, err
	case s.state.Source != from:
		return nil, fmt.Errorf("%s holds the beginning of another run (%s): finish that or choose another directory",
			dir.Name(), s.state.Source.differences(from))
	}
	if s.state.Done {
		// The process may have ended between the checkpoint and the renaming.
		if err := dir.Rename(s.partName(), s.finalName()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if info, err := dir.Lstat(s.finalName()); err != nil || !info.Mode().IsRegular() || info.Size() != s.state.Bytes {
			return nil, errors.Join(fmt.Errorf("%s does not match its checkpoint: remove %s to pull it again",
				s.finalName(), s.checkpointName()), err)
		}
		return s, nil
	}
	file, err := openRegular(dir, s.partName(), os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	// The checksum covers what an earlier run wrote, too.
	if _, err := io.CopyN(s.sum, file, s.state.Bytes); err != nil {
		return nil, errors.Join(fmt.Errorf("%s does not match its checkpoint: remove %s to pull it again: %w",
			s.partName(), s.checkpointName(), err), file.Close())
	}
	if err := file.Truncate(s.state.Bytes); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	s.file = file
	s.out = bufio.NewWriterSize(io.MultiWriter(file, s.sum), 1<<20)
	return s, nil
}

// add writes the records of a page and remembers the token of the next.
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

// commit makes all records so far survive a crash of the process or the machine: first the data, then the checkpoint.
func (s *sink) commit() error {
	if err := s.out.Flush(); err != nil {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	return writeJSON(s.dir, s.checkpointName(), s.state)
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
	return s.dir.Rename(s.partName(), s.finalName())
}

func (s *sink) close() error {
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return file.Close()
}

func (s *sink) partName() string       { return s.finalName() + ".part" }
func (s *sink) finalName() string      { return s.name + ".ndjson" }
func (s *sink) checkpointName() string { return "." + s.name + ".checkpoint" }

// differences describes the settings in which two sources differ.
func (s source) differences(other source) string {
	var all []string
	for _, setting := range []struct{ name, mine, other string }{
		{"platform", s.Platform, other.Platform}, {"client id", s.ClientID, other.ClientID}, {"-since", s.Since, other.Since},
	} {
		if setting.mine != setting.other {
			all = append(all, fmt.Sprintf("%s %q, not %q", setting.name, setting.mine, setting.other))
		}
	}
	return strings.Join(all, "; ")
}
