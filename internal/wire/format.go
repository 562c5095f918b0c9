package wire

import (
	"errors"
	"fmt"
	"strings"
)

// Format prints text for every verb, for values that must not be printed in another form.
func Format(f fmt.State, verb rune, text string) {
	if verb == 'q' {
		fmt.Fprintf(f, "%q", text)
		return
	}
	fmt.Fprint(f, text)
}

// Bare removes the prefix of the project from an error, for use inside another error. A nil error becomes "unknown
// cause".
func Bare(err error) error {
	if err == nil {
		return errUnknownCause
	}
	return bare{err}
}

var errUnknownCause = errors.New("unknown cause")

type bare struct{ error }

func (b bare) Error() string { return strings.TrimPrefix(b.error.Error(), "interchange: ") }

func (b bare) Unwrap() error { return b.error }
