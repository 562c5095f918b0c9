package client

import (
	"errors"
	"strings"
)

// Issue is one thing wrong with one field.
type Issue struct {
	// Path is the field in the wire's own spelling, dotted below the top, such as "filters.0.name".
	Path string `json:"path"`
	// Message says what is wrong with it.
	Message string `json:"message"`
}

// ParamError says everything that is wrong with the arguments of a call. Nothing was sent: correct them and
// call again. It matches [ErrInvalidParams]. Its text names fields and rules and never repeats a value.
type ParamError struct {
	// Operation is the operation the arguments were for.
	Operation string
	// Issues lists what is wrong, field by field; never empty.
	Issues []Issue

	cause error
}

// Add notes one more issue.
func (e *ParamError) Add(path, message string) {
	e.Issues = append(e.Issues, Issue{Path: path, Message: message})
}

// Err returns e if it has issues and nil otherwise.
func (e *ParamError) Err() error {
	if e == nil || len(e.Issues) == 0 {
		return nil
	}
	return e
}

// Error lists the issues.
func (e *ParamError) Error() string {
	var b strings.Builder
	b.WriteString("interchange: ")
	if e.Operation != "" {
		b.WriteString(e.Operation)
		b.WriteString(": ")
	}
	for i, issue := range e.Issues {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(issue.Path)
		b.WriteByte(' ')
		b.WriteString(issue.Message)
	}
	return b.String()
}

// Unwrap gives why a body cannot be encoded; it may quote the body. Mostly there is nothing to unwrap.
func (e *ParamError) Unwrap() error { return e.cause }

// Is matches ErrInvalidParams.
func (e *ParamError) Is(target error) bool { return target == ErrInvalidParams }

// ErrInvalidParams is matched by every [ParamError].
var ErrInvalidParams = errors.New("interchange: invalid parameters")
