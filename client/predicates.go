package client

import (
	"errors"
	"time"
)

// MayHaveApplied reports whether the call behind err is a write that took effect or may have: its outcome is unknown
// ([ErrOutcomeUnknown]), or it succeeded and its response cannot be used ([DecodeError]). If so, check before repeating
// the call. It looks at all errors that err wraps or joins, and returns false for nil.
//
// A type may take part with a method MayHaveApplied() bool.
func MayHaveApplied(err error) bool {
	if errors.Is(err, ErrOutcomeUnknown) {
		return true
	}
	for e := range tree(err) {
		switch e := e.(type) { //nolint:errorlint // tree visits what each error wraps
		case *DecodeError:
			if e != nil && e.WriteSucceeded {
				return true
			}
		case interface{ MayHaveApplied() bool }:
			if e.MayHaveApplied() {
				return true
			}
		}
	}
	return false
}

// RetryAfter returns how long to wait before repeating the call, where err says so: for an [APIError] with a delay that
// the server named, and for a [LimitError]. Of several errors that err wraps or joins, the longest delay counts. ok is
// false if there is none, and for nil.
//
//	if errors.Is(err, client.ErrRateLimited) {
//		wait, ok := client.RetryAfter(err)
//		if !ok {
//			wait = time.Minute // the length of the platform's window
//		}
//		…
//	}
//
// A type may take part with a method RetryDelay() time.Duration.
func RetryAfter(err error) (wait time.Duration, ok bool) {
	for e := range tree(err) {
		if delayed, is := e.(interface{ RetryDelay() time.Duration }); is {
			wait = max(wait, delayed.RetryDelay())
		}
	}
	return wait, wait > 0
}

// tree iterates over err and all errors that it wraps or joins.
func tree(err error) func(yield func(error) bool) {
	return func(yield func(error) bool) { visit(err, yield) }
}

func visit(err error, yield func(error) bool) bool {
	if err == nil {
		return true
	}
	if !yield(err) {
		return false
	}
	switch e := err.(type) { //nolint:errorlint // visits the tree itself
	case interface{ Unwrap() error }:
		return visit(e.Unwrap(), yield)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if !visit(inner, yield) {
				return false
			}
		}
	}
	return true
}
