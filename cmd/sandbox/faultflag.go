package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

// namedFault is a fault with the text that described it.
type namedFault struct {
	text  string
	fault sandbox.Fault
}

// faultsFlag collects the -fault flags.
type faultsFlag []namedFault

func (f *faultsFlag) String() string { return "" }

func (f *faultsFlag) Set(text string) error {
	fault, err := parseFault(text)
	if err != nil {
		return err
	}
	*f = append(*f, namedFault{text: text, fault: fault})
	return nil
}

// faultFields returns the setters of a fault's fields by their key.
func faultFields() map[string]func(*sandbox.Fault, string) error {
	return map[string]func(*sandbox.Fault, string) error{
		"kind":        func(f *sandbox.Fault, v string) error { f.Kind = sandbox.FaultKind(v); return checkKind(f.Kind) },
		"status":      func(f *sandbox.Fault, v string) (err error) { f.Status, err = between(v, 200, 599); return err },
		"rpc":         func(f *sandbox.Fault, v string) error { f.RPC = strings.ReplaceAll(v, "+", " "); return nil },
		"seat":        func(f *sandbox.Fault, v string) error { f.Seat = v; return nil },
		"retry-after": func(f *sandbox.Fault, v string) error { f.RetryAfter = v; return nil },
		"location":    func(f *sandbox.Fault, v string) error { f.Location = v; return nil },
		"delay":       func(f *sandbox.Fault, v string) (err error) { f.Delay, err = time.ParseDuration(v); return err },
		"times":       func(f *sandbox.Fault, v string) (err error) { f.Times, err = between(v, 0, 1<<30); return err },
		"after":       func(f *sandbox.Fault, v string) (err error) { f.After, err = between(v, 0, 1<<30); return err },
		"size": func(f *sandbox.Fault, v string) error {
			n, err := between(v, 0, 1<<30)
			f.Size = int64(n)
			return err
		},
		"rate": func(f *sandbox.Fault, v string) (err error) {
			if f.Rate, err = strconv.ParseFloat(v, 64); err == nil && (f.Rate <= 0 || f.Rate > 1) {
				err = errors.New("must be above 0 and at most 1")
			}
			return err
		},
	}
}

func faultKeys() []string { return slices.Sorted(maps.Keys(faultFields())) }

// parseFault reads "[METHOD] [PATH] key=value …". Plus signs in the value of rpc stand for spaces.
func parseFault(text string) (sandbox.Fault, error) {
	var f sandbox.Fault
	fields := faultFields()
	for i, word := range strings.Fields(text) {
		key, value, isField := strings.Cut(word, "=")
		switch {
		case isField && fields[key] == nil:
			return f, fmt.Errorf("fault %q: unknown key %q; known keys: %s", text, key, strings.Join(faultKeys(), ", "))
		case isField:
			if err := fields[key](&f, value); err != nil {
				return f, fmt.Errorf("fault %q: %s: %w", text, key, err)
			}
		case strings.HasPrefix(word, "/") && f.Route == "":
			f.Route = word
		case i == 0 && isMethod(word):
			f.Method = word
		default:
			return f, fmt.Errorf("fault %q: %q is neither a method, a path, nor key=value", text, word)
		}
	}
	return f, nil
}

func isMethod(word string) bool {
	return word != "" && strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func between(text string, low, high int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("must be an integer from %d to %d", low, high)
	}
	return n, nil
}

func checkKind(kind sandbox.FaultKind) error {
	if !slices.Contains(faultKinds(), kind) {
		return fmt.Errorf("unknown kind %q; known kinds: %v", kind, faultKinds())
	}
	return nil
}

func faultKinds() []sandbox.FaultKind {
	return []sandbox.FaultKind{
		sandbox.FaultStatus, sandbox.FaultHTML, sandbox.FaultRedirect, sandbox.FaultResetBefore, sandbox.FaultResetAfter,
		sandbox.FaultDelay, sandbox.FaultTruncate, sandbox.FaultOversize, sandbox.FaultEmpty,
	}
}

// limitFlag reads a rate limit: requests/window, with an optional ,burst=n.
type limitFlag struct {
	limit sandbox.RateLimit
	set   bool
}

func (l *limitFlag) String() string { return "" }

func (l *limitFlag) Set(text string) (err error) {
	l.limit, err = parseLimit(text)
	l.set = err == nil
	return err
}

func parseLimit(text string) (limit sandbox.RateLimit, err error) {
	rate, burst, hasBurst := strings.Cut(text, ",burst=")
	requests, window, ok := strings.Cut(rate, "/")
	if !ok {
		return limit, fmt.Errorf("limit %q must have the form requests/window, such as 100/1m", text)
	}
	if limit.Requests, err = between(requests, 1, 1<<30); err != nil {
		return limit, fmt.Errorf("limit %q: requests: %w", text, err)
	}
	if limit.Window, err = time.ParseDuration(window); err != nil || limit.Window <= 0 {
		return limit, fmt.Errorf("limit %q: the window must be a positive duration, such as 1m", text)
	}
	if hasBurst {
		if limit.Burst, err = between(burst, 1, 1<<30); err != nil {
			return limit, fmt.Errorf("limit %q: burst: %w", text, err)
		}
	}
	return limit, nil
}
