package pace

import (
	"cmp"
	"container/heap"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// simulation runs workers, queues and a server in simulated time and one goroutine, so it is exact and reproducible. A
// refused call waits for Retry-After and joins the queue again, as in package client.
type simulation struct {
	server         func(now time.Time) Observation // At is set by the simulation
	workers, calls int
	latency        func() time.Duration // one way
	at             map[time.Duration]func()
	clients        int           // each has its own queue; 0 means 1
	longest        time.Duration // accepted Retry-After; 0 means a minute
	stop           time.Duration // ends the run; 0 means never
	queues         []queue
	now, began     time.Time
	events         events
	started, ended int
	refused        int
	refusals       map[int]int // by worker, of the current call
	worst          int         // the most refusals of one call
	waiters        map[*waiter]int
	order          []int
}

type event struct {
	at  time.Time
	seq int
	do  func()
}

type events struct {
	list []event
	seq  int
}

func (e *events) Len() int { return len(e.list) }
func (e *events) Less(i, j int) bool {
	if e.list[i].at.Equal(e.list[j].at) {
		return e.list[i].seq < e.list[j].seq
	}
	return e.list[i].at.Before(e.list[j].at)
}
func (e *events) Swap(i, j int) { e.list[i], e.list[j] = e.list[j], e.list[i] }
func (e *events) Push(x any)    { e.list = append(e.list, x.(event)) }
func (e *events) Pop() any {
	last := e.list[len(e.list)-1]
	e.list = e.list[:len(e.list)-1]
	return last
}

func (s *simulation) after(d time.Duration, do func()) {
	s.events.seq++
	heap.Push(&s.events, event{s.now.Add(d), s.events.seq, do})
}

var simulationStart = time.Date(2026, 4, 26, 16, 30, 0, 0, time.UTC)

// run returns the time that the calls took.
func (s *simulation) run() time.Duration {
	s.now, s.began = simulationStart, simulationStart
	s.queues = make([]queue, max(s.clients, 1))
	for i := range s.queues {
		s.queues[i].model = newModel(s.now)
	}
	s.refusals, s.waiters = map[int]int{}, map[*waiter]int{}
	if s.latency == nil {
		s.latency = func() time.Duration { return 150 * time.Microsecond }
	}
	for d, f := range s.at {
		s.after(d, f)
	}
	for id := range s.workers {
		s.after(time.Duration(id)*10*time.Microsecond, func() { s.begin(id) })
	}
	last := s.now
	for s.events.Len() > 0 && s.ended < s.calls {
		e := heap.Pop(&s.events).(event)
		s.now = e.at
		if s.stop > 0 && s.now.Sub(s.began) >= s.stop {
			break
		}
		e.do()
		s.dispatch()
		if s.ended > 0 {
			last = s.now
		}
	}
	return last.Sub(s.began)
}

func (s *simulation) begin(id int) {
	if s.started == s.calls {
		return
	}
	s.started++
	s.refusals[id] = 0
	s.enqueue(id)
}

func (s *simulation) enqueue(id int) {
	q := s.queue(id)
	q.model.advance(s.now)
	w := newWaiter(cmp.Or(s.longest, time.Minute))
	s.waiters[w] = id
	q.push(w)
}

func (s *simulation) queue(worker int) *queue { return &s.queues[worker%len(s.queues)] }

// dispatch does the work of the waiters' goroutines.
func (s *simulation) dispatch() {
	for i := range s.queues {
		s.queues[i].dispatch(s.now)
	}
	for w, id := range s.waiters {
		if w.granted {
			delete(s.waiters, w)
			s.order = append(s.order, id)
		}
	}
	slices.Sort(s.order) // those of the same time
	for _, id := range s.order {
		s.send(id)
	}
	s.order = s.order[:0]
	for i := range s.queues {
		q := &s.queues[i]
		if w := q.first; w != nil && !w.timerAt.Equal(q.nextAt) {
			w.timerAt = q.nextAt
			s.after(q.nextAt.Sub(s.now), func() {})
		}
	}
}

func (s *simulation) send(id int) {
	s.after(s.latency(), func() {
		o := s.server(s.now)
		reset := o.Quota.Reset.Sub(s.now) // sent as seconds, which count from the arrival
		s.after(s.latency(), func() {
			if !o.Quota.Reset.IsZero() {
				o.Quota.Reset = s.now.Add(reset)
			}
			s.receive(id, o)
		})
	})
}

func (s *simulation) receive(id int, o Observation) {
	o.At = s.now
	q := s.queue(id)
	q.model.advance(s.now)
	q.model.observe(o)
	if o.refused() {
		s.refused++
		q.rejectLate()
		s.refusals[id]++
		s.worst = max(s.worst, s.refusals[id])
		s.after(o.RetryAfter, func() { s.enqueue(id) })
		return
	}
	s.ended++
	s.begin(id)
}

func wholeSeconds(d time.Duration) time.Duration {
	return time.Duration(math.Ceil(d.Seconds())) * time.Second
}

// simulatedLimit is a server with one limit. Its fields may change during a run.
type simulatedLimit struct {
	requests float64 // in per
	per      time.Duration
	burst    float64 // 0 for a window
	headers  bool

	since time.Time
	spent float64
}

func (l *simulatedLimit) respond(now time.Time) Observation {
	var quota Quota
	var reset, retry time.Duration
	var refused bool
	if l.burst > 0 {
		each := float64(l.per) / l.requests
		l.spent = max(0, l.spent-float64(now.Sub(l.since))/each)
		l.since = now
		if refused = l.spent+1 > l.burst+1e-6; !refused {
			l.spent++
		}
		quota.Limit, quota.Remaining = int64(l.burst), int64(max(0, math.Floor(l.burst-l.spent+1e-6)))
		reset, retry = time.Duration(l.spent*each), time.Duration(max(0, l.spent+1-l.burst)*each)
	} else {
		if l.since.IsZero() || now.Sub(l.since) >= l.per {
			l.since, l.spent = now, 0
		}
		if refused = l.spent >= l.requests; !refused {
			l.spent++
		}
		quota.Limit, quota.Remaining = int64(l.requests), int64(max(0, l.requests-l.spent))
		reset = l.since.Add(l.per).Sub(now)
		retry = reset
	}
	o := Observation{StatusCode: http.StatusOK}
	if refused {
		o = refused429(wholeSeconds(retry))
	}
	if l.headers {
		quota.Known, quota.Reset = true, now.Add(wholeSeconds(reset))
		o.Quota = quota
	}
	return o
}

func refused429(retryAfter time.Duration) Observation {
	return Observation{StatusCode: http.StatusTooManyRequests, RetryAfter: retryAfter}
}

func jitter(seed uint64, from, to time.Duration) func() time.Duration {
	r := rand.New(rand.NewPCG(seed, 1))
	return func() time.Duration { return from + time.Duration(r.Int64N(int64(to-from))) }
}
