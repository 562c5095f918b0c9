package wire

import "fmt"

// Format shows text for a value that is safe to print in one form only, whatever the verb.
func Format(f fmt.State, verb rune, text string) {
	if verb == 'q' {
		fmt.Fprintf(f, "%q", text)
		return
	}
	fmt.Fprint(f, text)
}
