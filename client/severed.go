package client

import (
	"errors"
	"io"
)

// endOfStream lists the errors that programs take for a connection which was idle when it closed, and repeat the call
// on. Google's ADK does so for tool calls, whatever they do.
var endOfStream = [...]error{io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe}

func isEndOfStream(err error) bool {
	for _, end := range endOfStream {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}

// severed is a cause without the end-of-stream errors in its chain. All others in it are still matched.
type severed struct{ cause error }

// severEndOfStream returns the cause of a write that must not be repeated blindly.
func severEndOfStream(cause error) error {
	if !isEndOfStream(cause) {
		return cause
	}
	return severed{cause}
}

func (s severed) Error() string { return s.cause.Error() }

// Is matches what the cause matches, except the end of a stream.
func (s severed) Is(target error) bool { return !isEndOfStream(target) && errors.Is(s.cause, target) }

// As finds what the cause holds.
func (s severed) As(target any) bool { return errors.As(s.cause, target) }
