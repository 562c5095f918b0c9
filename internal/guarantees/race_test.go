//go:build race

package guarantees

// raceDetector is set if the race detector runs, which needs memory itself.
const raceDetector = true
