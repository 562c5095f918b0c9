// Package secret keeps text where nothing that prints values can find it.
package secret

import (
	"crypto/rand"
	"sync"
)

// Text is a secret. It is comparable, and the zero Text is empty.
//
// Dumpers that use reflection (testify's diffs, spew, fmt on an unexported field) walk into unexported fields
// and through pointers, past every String method. So the bytes are kept masked with a pad that lives as long as
// the process, and what such a dumper finds is noise.
type Text struct{ masked string }

// New keeps s.
func New(s string) Text {
	return Text{mask(s)}
}

// IsZero tells whether there is nothing in it.
func (t Text) IsZero() bool { return t == Text{} }

// Reveal returns what was kept.
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
