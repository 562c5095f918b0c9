package upstream

import (
	"bytes"
	_ "embed" // for the exceptions
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed exceptions.yaml
var exceptionsFile []byte

// exceptions is a list of differences that are meant.
type exceptions struct {
	// Groups names sets of operations.
	Groups     map[string][]string `yaml:"groups"`
	Exceptions []*exception        `yaml:"exceptions"`
}

// exception explains differences. In its texts a star stands for any characters, and an empty text matches all.
type exception struct {
	Group      string   `yaml:"group"`
	Operations []string `yaml:"operations"`
	At         string   `yaml:"at"`
	Kinds      []string `yaml:"kinds"`
	Ours       *string  `yaml:"ours"`
	Theirs     *string  `yaml:"theirs"`
	Reason     string   `yaml:"reason"`

	used bool
}

func parseExceptions(raw []byte) (*exceptions, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	all := &exceptions{}
	if err := decoder.Decode(all); err != nil {
		return nil, fmt.Errorf("cannot read the exceptions: %w", err)
	}
	var errs []error
	for i, e := range all.Exceptions {
		if strings.TrimSpace(e.Reason) == "" {
			errs = append(errs, fmt.Errorf("exception %d has no reason", i+1))
		}
		if _, ok := all.Groups[e.Group]; e.Group != "" && !ok {
			errs = append(errs, fmt.Errorf("exception %d: group %q is not defined", i+1, e.Group))
		}
		e.Operations = append(e.Operations, all.Groups[e.Group]...)
	}
	return all, errors.Join(errs...)
}

// explains reports whether an exception matches a difference, and marks it as used.
func (x *exceptions) explains(d difference) bool {
	found := false
	for _, e := range x.Exceptions {
		if e.matches(d) {
			e.used, found = true, true
		}
	}
	return found
}

func (e *exception) matches(d difference) bool {
	return (len(e.Operations) == 0 || slices.Contains(e.Operations, d.operation)) &&
		(len(e.Kinds) == 0 || slices.Contains(e.Kinds, d.kind)) &&
		(e.At == "" || glob(e.At, d.at)) &&
		(e.Ours == nil || glob(*e.Ours, d.ours)) &&
		(e.Theirs == nil || glob(*e.Theirs, d.theirs))
}

// unused lists the exceptions that matched nothing, by their reasons.
func (x *exceptions) unused() []string {
	var all []string
	for i, e := range x.Exceptions {
		if !e.used {
			all = append(all, fmt.Sprintf("exception %d matches nothing: %s", i+1, e.Reason))
		}
	}
	return all
}

// glob matches a text with a pattern in which a star stands for any characters.
func glob(pattern, text string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	if !strings.HasPrefix(text, first) {
		return false
	}
	for text = text[len(first):]; ; text = text[1:] {
		if glob(rest, text) {
			return true
		}
		if text == "" {
			return false
		}
	}
}
