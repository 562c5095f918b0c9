package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// openRegular opens a file of the output directory. It does not follow symbolic links: the job often has more rights
// than other users who can write to the directory.
func openRegular(dir *os.Root, name string, flag int) (*os.File, error) {
	info, err := dir.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if flag&os.O_CREATE != 0 {
			flag |= os.O_EXCL // fails if a link appears meanwhile
		}
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s in %s is not a regular file: remove it or choose another directory", name, dir.Name())
	}
	return dir.OpenFile(name, flag, 0o600)
}

func readJSON(dir *os.Root, name string, v any) error {
	file, err := openRegular(dir, name, os.O_RDONLY)
	if err != nil {
		return err
	}
	raw, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}

// writeJSON replaces a file atomically.
func writeJSON(dir *os.Root, name string, v any) error {
	raw, err := json.Marshal(v, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	temporary := ".tmp-" + name
	if err := dir.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) { // of a run that was killed
		return err
	}
	file, err := dir.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(raw, '\n'))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, dir.Remove(temporary))
	}
	if err := dir.Rename(temporary, name); err != nil {
		return err
	}
	self, err := dir.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(self.Sync(), self.Close())
}
