// Package check validates the arguments of a call before it is sent.
package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Sink collects problems. *client.ParamError implements it.
type Sink interface {
	Add(path, message string)
}

// MaxLength allows at most n characters.
func MaxLength(s Sink, path, value string, n int) {
	if len(value) <= n {
		return
	}
	if got := utf8.RuneCountInString(value); got > n {
		s.Add(path, fmt.Sprintf("must have at most %d characters, has %d", n, got))
	}
}

// Required reports a zero value. why completes "is required", for example "with scope SEAT"; it may be empty.
func Required[T comparable](s Sink, path string, value T, why string) {
	var zero T
	if value == zero {
		s.Add(path, strings.TrimSuffix("is required "+why, " "))
	}
}

// Between allows low to high. The zero value counts as not set.
func Between[T cmp.Ordered](s Sink, path string, value, low, high T) {
	var zero T
	if value != zero && (value < low || value > high) {
		s.Add(path, fmt.Sprintf("must be between %v and %v", low, high))
	}
}

// AtLeast allows low and above. The zero value counts as not set.
func AtLeast[T cmp.Ordered](s Sink, path string, value, low T) {
	var zero T
	if value != zero && value < low {
		s.Add(path, fmt.Sprintf("must be at least %v", low))
	}
}

// Date allows a calendar day as YYYY-MM-DD. The empty string counts as not set.
func Date(s Sink, path, value string) {
	if _, err := time.Parse(time.DateOnly, value); value != "" && err != nil {
		s.Add(path, "must be a day, as YYYY-MM-DD")
	}
}

// DayOrTime allows a day as Date does, and a time by RFC 3339.
func DayOrTime(s Sink, path, value string) {
	_, day := time.Parse(time.DateOnly, value)
	if _, at := time.Parse(time.RFC3339, value); value != "" && day != nil && at != nil {
		s.Add(path, "must be a day, as YYYY-MM-DD, or a time, as RFC 3339")
	}
}

// EachOf allows known values in a list.
func EachOf[T ~string](s Sink, path string, values []T, known ...T) {
	for i, value := range values {
		if value == "" {
			s.Add(fmt.Sprintf("%s.%d", path, i), "is empty")
		}
		OneOf(s, fmt.Sprintf("%s.%d", path, i), value, known...)
	}
}

// EachGiven reports empty values in a list.
func EachGiven[T ~string](s Sink, path string, values []T) {
	for i, value := range values {
		if value == "" {
			s.Add(fmt.Sprintf("%s.%d", path, i), "is empty")
		}
	}
}

// OneOf allows the known values. The empty string counts as not set.
func OneOf[T ~string](s Sink, path string, value T, known ...T) {
	if value == "" || slices.Contains(known, value) {
		return
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	s.Add(path, "must be one of "+strings.Join(names, ", "))
}
