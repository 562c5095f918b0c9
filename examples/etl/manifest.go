package main

import (
	"path/filepath"
	"time"
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

func (m manifest) write(dir string) error { return writeJSON(filepath.Join(dir, manifestName), m) }

func (s *sink) summary() entry {
	return entry{
		Resource: s.name, File: filepath.Base(s.finalPath()),
		Records: s.state.Records, Bytes: s.state.Bytes, SHA256: s.state.SHA256,
	}
}
