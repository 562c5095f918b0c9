package wire

import (
	"errors"
	"fmt"
	"strings"
)

// Format shows text for a value that is safe to print in one form only, whatever the verb.
func Format(f fmt.State, verb rune, text string) {
	if verb == 'q' {
		fmt.Fprintf(f, "%q", text)
		return
	}
	fmt.Fprint(f, text)
}

// Bare is an error within the text of another one, which has named the project already. A nil error has an unknown
// cause.
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
