package pace

import (
	"os"
	"testing"
	"time"
)

func TestTrace(t *testing.T) {
	l := simulatedLimit{requests: 200, per: time.Second, burst: 20, headers: os.Getenv("H") == "1"}
	s := simulation{workers: 32, calls: 2000}
	if os.Getenv("W") == "1" {
		l = simulatedLimit{requests: 100, per: 2 * time.Second, headers: os.Getenv("H") == "1"}
		s = simulation{workers: 8, calls: 500}
	}
	s.server = l.answer
	rtt, _ := time.ParseDuration(os.Getenv("RTT"))
	s.latency = jitter(1, rtt*9/10, rtt*11/10)
	s.trace = t.Logf
	s.run()
}
