//go:build !race

package guarantees

const raceDetector = false
