package pace

import (
	"cmp"
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// simulation is a crowd of workers, a line and a server, in a time of its own and in one goroutine: exact, and the
// same every time. A call that is refused waits as long as it was told and lines up again, as those of package client do.
type simulation struct {
	server         func(now time.Time) Answer // At is filled in
	workers, calls int
	latency        func() time.Duration // one way
	at             map[time.Duration]func()
	clients        int           // each has a line of its own; 0 means 1
	longest        time.Duration // that is waited for when the server names it; 0 means a minute
	stop           time.Duration // when the run is cut off; 0 never
	lines          []line
	now, began     time.Time
	events         events
	started, ended int
	refused        int
	refusals       map[int]int // by worker, of the call under way
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

// run returns how long the calls took.
func (s *simulation) run() time.Duration {
	s.now, s.began = simulationStart, simulationStart
	s.lines = make([]line, max(s.clients, 1))
	for i := range s.lines {
		s.lines[i].model = newModel(s.now)
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
		s.serve()
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
	s.lineUp(id)
}

func (s *simulation) lineUp(id int) {
	l := s.line(id)
	l.model.advance(s.now)
	w := &waiter{longest: cmp.Or(s.longest, time.Minute), ready: make(chan struct{}, 1)}
	s.waiters[w] = id
	l.push(w)
}

func (s *simulation) line(worker int) *line { return &s.lines[worker%len(s.lines)] }

// serve is what the goroutines of the waiters do.
func (s *simulation) serve() {
	for i := range s.lines {
		s.lines[i].serve(s.now)
	}
	for w, id := range s.waiters {
		if w.granted {
			delete(s.waiters, w)
			s.order = append(s.order, id)
		}
	}
	slices.Sort(s.order) // at one moment
	for _, id := range s.order {
		s.send(id)
	}
	s.order = s.order[:0]
	for i := range s.lines {
		l := &s.lines[i]
		if w := l.first; w != nil && !w.set.Equal(l.at) {
			w.set = l.at
			s.after(l.at.Sub(s.now), func() {})
		}
	}
}

func (s *simulation) send(id int) {
	s.after(s.latency(), func() {
		a := s.server(s.now)
		reset := a.Reset.Sub(s.now) // told as seconds to go, which are counted from the arrival
		s.after(s.latency(), func() {
			if !a.Reset.IsZero() {
				a.Reset = s.now.Add(reset)
			}
			s.receive(id, a)
		})
	})
}

func (s *simulation) receive(id int, a Answer) {
	a.At = s.now
	l := s.line(id)
	l.model.advance(s.now)
	l.model.answer(a)
	if a.Refused {
		s.refused++
		l.dismiss()
		s.refusals[id]++
		s.worst = max(s.worst, s.refusals[id])
		s.after(a.RetryAfter, func() { s.lineUp(id) })
		return
	}
	s.ended++
	s.begin(id)
}

func wholeSeconds(d time.Duration) time.Duration {
	return time.Duration(math.Ceil(d.Seconds())) * time.Second
}

// simulatedLimit answers like a server; its fields may change during a run.
type simulatedLimit struct {
	requests float64 // in per
	per      time.Duration
	burst    float64 // 0 for a window
	headers  bool

	since time.Time
	spent float64
}

func (l *simulatedLimit) answer(now time.Time) Answer {
	a := Answer{Told: l.headers, Remaining: -1}
	var reset, retry time.Duration
	if l.burst > 0 {
		each := float64(l.per) / l.requests
		l.spent = max(0, l.spent-float64(now.Sub(l.since))/each)
		l.since = now
		a.Refused = l.spent+1 > l.burst+1e-6
		if !a.Refused {
			l.spent++
		}
		a.Limit, a.Remaining = int64(l.burst), int64(max(0, math.Floor(l.burst-l.spent+1e-6)))
		reset, retry = time.Duration(l.spent*each), time.Duration(max(0, l.spent+1-l.burst)*each)
	} else {
		if l.since.IsZero() || now.Sub(l.since) >= l.per {
			l.since, l.spent = now, 0
		}
		a.Refused = l.spent >= l.requests
		if !a.Refused {
			l.spent++
		}
		a.Limit, a.Remaining = int64(l.requests), int64(max(0, l.requests-l.spent))
		reset = l.since.Add(l.per).Sub(now)
		retry = reset
	}
	a.Reset = now.Add(wholeSeconds(reset))
	if a.Refused {
		a.RetryAfter = wholeSeconds(retry)
	}
	if !l.headers {
		a.Limit, a.Remaining, a.Reset = 0, -1, time.Time{}
	}
	return a
}

func jitter(seed uint64, from, to time.Duration) func() time.Duration {
	r := rand.New(rand.NewPCG(seed, 1))
	return func() time.Duration { return from + time.Duration(r.Int64N(int64(to-from))) }
}
