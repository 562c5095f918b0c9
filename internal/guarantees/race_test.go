//go:build race

package guarantees

// raceDetector is set if the race detector runs, which takes memory of its own.
const raceDetector = true
