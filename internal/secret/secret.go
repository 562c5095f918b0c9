// Package secret hides text from everything that prints values.
package secret

import (
	"crypto/rand"
	"sync"
)

// Text is a secret. It is comparable, and the zero Text is empty.
//
// Dumpers that use reflection (testify's diffs, spew, fmt on an unexported field) walk into unexported fields
// and through pointers, past every String method. So the bytes are kept masked with a pad that lives as long as
// the process, and such a dumper prints noise.
type Text struct{ masked string }

// New returns s as a secret.
func New(s string) Text {
	return Text{mask(s)}
}

// IsZero reports whether the secret is empty.
func (t Text) IsZero() bool { return t == Text{} }

// Reveal returns the text.
func (t Text) Reveal() string {
	return mask(t.masked)
}

func mask(s string) string {
	pad := pad()
	out := make([]byte, len(s))
	for i := range out {
		out[i] = s[i] ^ pad[i%len(pad)]
	}
	return string(out)
}

var pad = sync.OnceValue(func() []byte {
	b := make([]byte, 256)
	rand.Read(b) // never fails: the runtime ends the program first
	return b
})
