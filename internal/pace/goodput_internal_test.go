package pace

import (
	"testing"
	"time"
)

func TestTry(t *testing.T) {
	for name, tc := range map[string]struct {
		l              simulatedLimit
		workers, calls int
		ideal          float64
		at             func(l *simulatedLimit) map[time.Duration]func()
	}{
		"bucket":       {simulatedLimit{requests: 200, per: time.Second, burst: 20, headers: true}, 32, 2000, 9.9, nil},
		"window":       {simulatedLimit{requests: 100, per: 2 * time.Second, headers: true}, 8, 500, 8, nil},
		"bucket blind": {simulatedLimit{requests: 200, per: time.Second, burst: 20}, 32, 2000, 9.9, nil},
		"window blind": {simulatedLimit{requests: 100, per: 2 * time.Second}, 8, 500, 8, nil},
		"bucket slow":  {simulatedLimit{requests: 10, per: time.Second, burst: 5, headers: true}, 8, 300, 29.5, nil},
		"bucket deep":  {simulatedLimit{requests: 10, per: time.Second, burst: 100, headers: true}, 8, 400, 30, nil},
		"minute":       {simulatedLimit{requests: 100, per: time.Minute, headers: true}, 8, 350, 180, nil},
		"minute blind": {simulatedLimit{requests: 100, per: time.Minute}, 8, 350, 180, nil},
		"bucket change": {simulatedLimit{requests: 200, per: time.Second, burst: 20, headers: true}, 32, 2000, 3 + 4 + 4.9, func(l *simulatedLimit) map[time.Duration]func() {
			return map[time.Duration]func(){3 * time.Second: func() { l.requests = 100 }, 7 * time.Second: func() { l.requests = 200 }}
		}},
		"bucket change blind": {simulatedLimit{requests: 200, per: time.Second, burst: 20}, 32, 2000, 3 + 4 + 4.9, func(l *simulatedLimit) map[time.Duration]func() {
			return map[time.Duration]func(){3 * time.Second: func() { l.requests = 100 }, 7 * time.Second: func() { l.requests = 200 }}
		}},
		"window change": {simulatedLimit{requests: 100, per: 2 * time.Second, headers: true}, 8, 600, 12, func(l *simulatedLimit) map[time.Duration]func() {
			return map[time.Duration]func(){3 * time.Second: func() { l.requests = 50 }, 7 * time.Second: func() { l.requests = 100 }}
		}},
		"window change blind": {simulatedLimit{requests: 100, per: 2 * time.Second}, 8, 600, 12, func(l *simulatedLimit) map[time.Duration]func() {
			return map[time.Duration]func(){3 * time.Second: func() { l.requests = 50 }, 7 * time.Second: func() { l.requests = 100 }}
		}},
	} {
		for _, rtt := range []time.Duration{150 * time.Microsecond, 10 * time.Millisecond, 50 * time.Millisecond} {
			s := simulation{workers: tc.workers, calls: tc.calls}
			l := tc.l
			s.server = l.answer
			if tc.at != nil {
				s.at = tc.at(&l)
			}
			s.latency = jitter(1, rtt*9/10, rtt*11/10)
			d := s.run()
			t.Logf("%-20s %8v: %5.1f %% (%v), refused %d, worst %d, left %d", name, rtt, 100*tc.ideal/d.Seconds(), d, s.refused, s.worst, s.calls-s.ended)
		}
	}
}
