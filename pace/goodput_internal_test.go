package pace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

var (
	simulatedBucket = simulatedLimit{requests: 200, per: time.Second, burst: 20, headers: true}
	slowBucket      = simulatedLimit{requests: 10, per: time.Second, burst: 5, headers: true}
	deepBucket      = simulatedLimit{requests: 10, per: time.Second, burst: 100, headers: true}
	simulatedWindow = simulatedLimit{requests: 100, per: 2 * time.Second, headers: true}
	minuteWindow    = simulatedLimit{requests: 100, per: time.Minute, headers: true}
)

func withoutHeaders(l simulatedLimit) simulatedLimit {
	l.headers = false
	return l
}

func changing(requests ...float64) func(l *simulatedLimit) map[time.Duration]func() {
	return func(l *simulatedLimit) map[time.Duration]func() {
		at := map[time.Duration]func(){}
		for i, n := range requests {
			at[time.Duration(3+4*i)*time.Second] = func() { l.requests = n }
		}
		return at
	}
}

func TestIndependentLimitersShareOneLimit(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		limit    simulatedLimit
		calls    int
		ideal    time.Duration
		goodput  float64
		refusals int
	}{
		"bucket":             {simulatedBucket, 2000, 9900 * time.Millisecond, 0.97, 20},
		"window":             {simulatedWindow, 500, 8 * time.Second, 0.98, 20},
		"bucket, no headers": {withoutHeaders(simulatedBucket), 2000, 9900 * time.Millisecond, 0.88, 60},
		"window, no headers": {withoutHeaders(simulatedWindow), 500, 8 * time.Second, 0.95, 30},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limit := tc.limit
			s := simulation{workers: 16, clients: 2, calls: tc.calls, server: limit.respond}
			s.latency = jitter(1, 135*time.Microsecond, 165*time.Microsecond)
			took := s.run()
			goodput := tc.ideal.Seconds() / took.Seconds()
			t.Logf("%.1f %%, %v, %d refused, at most %d times", 100*goodput, took, s.refused, s.worst)
			assert.GreaterOrEqual(t, goodput, tc.goodput)
			assert.LessOrEqual(t, s.refused, tc.refusals)
			assert.Less(t, s.worst, 6, "refusals of one call")
		})
	}
}

// TestLimiterUsesTheQuota compares the throughput with what the limit permits. No call may be refused so often that its
// retries run out.
func TestLimiterUsesTheQuota(t *testing.T) {
	t.Parallel()
	const loopback, far = 300 * time.Microsecond, 20 * time.Millisecond // round trips
	for name, tc := range map[string]struct {
		limit          simulatedLimit
		workers, calls int
		trip           time.Duration
		ideal          time.Duration
		at             func(l *simulatedLimit) map[time.Duration]func()
		goodput        float64
		refusals       int
	}{
		"bucket":             {simulatedBucket, 32, 2000, loopback, 9900 * time.Millisecond, nil, 0.99, 10},
		"bucket, far":        {simulatedBucket, 32, 2000, far, 9900 * time.Millisecond, nil, 0.90, 20},
		"bucket, no headers": {withoutHeaders(simulatedBucket), 32, 2000, loopback, 9900 * time.Millisecond, nil, 0.90, 60},
		"bucket, change": {
			simulatedBucket, 32, 2000, loopback, 11900 * time.Millisecond, changing(100, 200), 0.98, 20,
		},
		"slow bucket":        {slowBucket, 8, 300, loopback, 29500 * time.Millisecond, nil, 0.95, 6},
		"deep bucket":        {deepBucket, 8, 400, loopback, 30 * time.Second, nil, 0.99, 1},
		"window":             {simulatedWindow, 8, 500, loopback, 8 * time.Second, nil, 0.995, 0},
		"window, far":        {simulatedWindow, 8, 500, far, 8 * time.Second, nil, 0.95, 0},
		"window, no headers": {withoutHeaders(simulatedWindow), 8, 500, loopback, 8 * time.Second, nil, 0.98, 12},
		"window, change":     {simulatedWindow, 8, 600, loopback, 12 * time.Second, changing(50, 100), 0.99, 0},
		"minute":             {minuteWindow, 8, 350, loopback, 3 * time.Minute, nil, 0.999, 0},
		"minute, no headers": {withoutHeaders(minuteWindow), 8, 350, loopback, 3 * time.Minute, nil, 0.99, 12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limit := tc.limit
			s := simulation{workers: tc.workers, calls: tc.calls, server: limit.respond}
			if tc.at != nil {
				s.at = tc.at(&limit)
			}
			s.latency = jitter(1, tc.trip*9/20, tc.trip*11/20)
			took := s.run()
			goodput := tc.ideal.Seconds() / took.Seconds()
			t.Logf("%.1f %%, %v, %d refused", 100*goodput, took, s.refused)
			assert.GreaterOrEqual(t, goodput, tc.goodput)
			assert.LessOrEqual(t, s.refused, tc.refusals)
			assert.Less(t, s.worst, 4, "refusals of one call")
			assert.Equal(t, tc.calls, s.ended)
		})
	}
}
