package wire

import (
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

// Bare is an error within the text of another one, which has named the project already.
func Bare(err error) error { return bare{err} }

type bare struct{ error }

func (b bare) Error() string { return strings.TrimPrefix(b.error.Error(), "interchange: ") }

func (b bare) Unwrap() error { return b.error }
