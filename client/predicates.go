package client

import (
	"errors"
	"slices"
	"time"
)

// MayHaveApplied reports whether the call behind err is a write that took effect or may have: its outcome is unknown
// ([ErrOutcomeUnknown]), or it succeeded and its response cannot be used ([DecodeError]). If so, check before repeating
// the call. It looks at all errors that err wraps or joins, and returns false for nil.
//
// A type may take part with a method MayHaveApplied() bool.
func MayHaveApplied(err error) bool {
	return errors.Is(err, ErrOutcomeUnknown) || anyError(err, func(e error) bool {
		switch e := e.(type) { //nolint:errorlint // anyError visits what each error wraps
		case *DecodeError:
			return e != nil && e.WriteSucceeded
		case interface{ MayHaveApplied() bool }:
			return e.MayHaveApplied()
		}
		return false
	})
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
	anyError(err, func(e error) bool {
		if delayed, is := e.(interface{ RetryDelay() time.Duration }); is {
			wait = max(wait, delayed.RetryDelay())
		}
		return false // the longest counts
	})
	return wait, wait > 0
}

// anyError reports whether err, or an error that it wraps or joins, matches.
func anyError(err error, matches func(error) bool) bool {
	if err == nil {
		return false
	}
	if matches(err) {
		return true
	}
	switch e := err.(type) { //nolint:errorlint // visits the tree itself
	case interface{ Unwrap() error }:
		return anyError(e.Unwrap(), matches)
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), func(inner error) bool { return anyError(inner, matches) })
	}
	return false
}
