package client

import (
	"errors"
	"fmt"
)

// Issue is one thing wrong with one field.
type Issue struct {
	// Path is the field as spelled in JSON, such as "filters[0].name".
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

// Add notes one more issue. It is called in so many places that it had better not be in each of them.
//
//go:noinline
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

// Error lists the issues, as many as have room in 2 KiB, on one line.
func (e *ParamError) Error() string {
	text := "interchange: " + prefixed(e.Operation)
	for i, issue := range e.Issues {
		said := issue.Path + " " + issue.Message
		if i > 0 {
			said = "; " + said
		}
		const more = "; and %d more problems"
		if i > 0 && len(text)+len(said)+len(more)+20 > maxErrorText {
			return text + fmt.Sprintf(more, len(e.Issues)-i)
		}
		text += said
	}
	return clip(text)
}

// Unwrap gives why a body cannot be encoded; it may quote the body. Mostly there is nothing to unwrap.
func (e *ParamError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.cause
}

// Is matches ErrInvalidParams.
func (e *ParamError) Is(target error) bool { return target == ErrInvalidParams }

// ErrInvalidParams is matched by every [ParamError].
var ErrInvalidParams = errors.New("interchange: invalid parameters")
