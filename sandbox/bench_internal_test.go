package sandbox

import "testing"

// BenchmarkReadContract measures what the first sandbox of a process does and later ones do not.
func BenchmarkReadContract(b *testing.B) {
	for b.Loop() {
		if _, err := newContract(actions()); err != nil {
			b.Fatal(err)
		}
	}
}
