// Package check validates the arguments of a call before it is sent.
package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Reporter collects problems by the path of the field; *client.ParamError is one.
type Reporter interface {
	Add(path, message string)
}

// MaxLength reports a value of more than n code points.
func MaxLength(r Reporter, path, value string, n int) {
	if len(value) <= n {
		return
	}
	if got := utf8.RuneCountInString(value); got > n {
		r.Add(path, fmt.Sprintf("must have at most %d characters, has %d", n, got))
	}
}

// Required reports the zero value. The reason, if any, completes "is required".
func Required[T comparable](r Reporter, path string, value T, reason string) {
	var zero T
	if value == zero {
		r.Add(path, strings.TrimSuffix("is required "+reason, " "))
	}
}

// AtLeast reports a value below low. The zero value means that none is given.
func AtLeast[T cmp.Ordered](r Reporter, path string, value, low T) {
	var zero T
	if value != zero && value < low {
		r.Add(path, fmt.Sprintf("must be at least %v", low))
	}
}

// EachOf reports every value of a list that is not known.
func EachOf[T ~string](r Reporter, path string, values []T, known ...T) {
	for i, value := range values {
		if value == "" {
			r.Add(fmt.Sprintf("%s[%d]", path, i), "must not be empty")
		}
		OneOf(r, fmt.Sprintf("%s[%d]", path, i), value, known...)
	}
}

// OneOf reports a value that is not known. The empty value means that none is given.
func OneOf[T ~string](r Reporter, path string, value T, known ...T) {
	if value == "" || slices.Contains(known, value) {
		return
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	r.Add(path, oneOf(names))
}
