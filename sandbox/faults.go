package sandbox

import (
	"net/url"
	"strings"
	"sync"
	"time"
)

// FaultKind selects the failure.
type FaultKind string

// The kinds. Those that stand in for the platform (status, HTML, redirect, reset before) come before it has done
// anything; with the others it does its work, and the effect takes place. An MCP stream that only listens counts as
// answered once it is open; a stream of events is truncated in the middle of its last event.
//
// On a connection that it has used before, net/http by itself repeats a GET, and any request that has an
// Idempotency-Key header, after a reset: such a request shows up twice in [Server.Requests].
const (
	FaultStatus      FaultKind = "status"       // a response with Status (503 if not set), usually an error
	FaultHTML        FaultKind = "html"         // the HTML page of a proxy, with Status (502 if not set)
	FaultRedirect    FaultKind = "redirect"     // a response with Status (307 if not set) and Location
	FaultResetBefore FaultKind = "reset-before" // the connection is reset instead of doing anything
	// the work is done, then the connection is reset before any byte of the reply
	FaultResetAfter FaultKind = "reset-after"
	FaultDelay      FaultKind = "delay" // Delay passes, then everything goes well, even if the caller has left
	// the reply stops half way through its body, or before the end of its headers if it has none
	FaultTruncate FaultKind = "truncate"
	// the reply has Size bytes (48 MiB if not set) of well-formed JSON, compressed if gzip is accepted
	FaultOversize FaultKind = "oversize"
	FaultEmpty    FaultKind = "empty" // the reply has Status (200 if not set) and an empty body
)

// Fault describes a failure of some requests. The zero Fault responds with 503 to every request.
type Fault struct {
	// Route limits the fault to a path, with or without a method before it: "POST /api/v2/service-tokens",
	// "/api/v2/service-tokens/{id}". A segment in braces stands for any. Empty means every route.
	Route string
	// Method limits the fault to a method where Route names none. Empty means every method.
	Method string
	// RPC limits the fault to an MCP message: "initialize", "server/discover", "tools/list", "tools/call", or
	// "tools/call health" for one tool. Empty means every request.
	RPC string
	// Seat limits the fault to requests that name this seat in X-SCOPE3-SEAT-ID. Empty means every request.
	Seat string
	// Kind selects the failure. Empty means FaultStatus.
	Kind FaultKind

	// Status is the status of the response, 200 to 599, where the kind has one. FaultOversize keeps the real one if it is
	// not set.
	Status int
	// RetryAfter is sent as the Retry-After header, as it is, with FaultStatus and FaultHTML.
	RetryAfter string
	// Body and ContentType replace the body of FaultStatus and FaultHTML. The default is the error that the platform
	// documents for the Status, or a page.
	Body        string
	ContentType string
	// Location is the target of FaultRedirect.
	Location string
	// Size is about how many bytes FaultOversize sends, before compression.
	Size int64
	// Delay passes before the fault does its work, whatever its kind. Close cuts it: the connection is then reset
	// and nothing takes place.
	Delay time.Duration

	// Rate is the share of the matching requests that the fault hits, above 0 and below 1; anything else means all.
	// Which ones they are follows from [WithSeed], from how many faults were injected before and from the count of
	// matching requests, not from the timing.
	Rate float64
	// Times limits how often the fault hits; 0 means no limit.
	Times int
	// After is the number of matching requests that pass first.
	After int
}

// Injection is a fault at work.
type Injection struct {
	set     *faultSet
	fault   Fault
	number  uint64
	method  string
	pattern []string // nil for every path

	seen, fired int // guarded by set.mu
}

// faultSet holds the faults at work, in the order of their injection.
type faultSet struct {
	seed uint64

	mu       sync.Mutex
	injected uint64
	active   []*Injection
}

// Inject puts a fault to work. A request meets the faults in the order of their injection until one of them hits it;
// the later ones neither see nor count it. A path that the sandbox does not serve is one of the [Server.Violations]:
// a fault there would never be met.
func (s *Server) Inject(f Fault) *Injection {
	method, path := f.Method, f.Route
	if m, p, ok := strings.Cut(f.Route, " "); ok {
		method, path = m, strings.TrimSpace(p)
	}
	i := &Injection{set: s.faults, fault: f, method: strings.ToUpper(method)}
	if path != "" {
		i.pattern = strings.Split(path, "/")
		if !s.serves(path) {
			s.recorder.note("fault for " + f.Route + ": openapi.yaml has no such path")
		}
		if f.RPC != "" && !isMCP(path) {
			s.recorder.note("fault for " + f.RPC + ": there is no MCP at " + path)
		}
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	i.number = s.faults.injected
	s.faults.injected++
	s.faults.active = append(s.faults.active, i)
	return i
}

// serves reports whether the path, or the path it is an alias of, exists.
func (s *Server) serves(path string) bool {
	u := url.URL{Path: path}
	if to, ok := pinned(&u); ok {
		path = to
	}
	pattern := strings.Split(path, "/")
	for _, endpoint := range [...]string{mcpBuyer, mcpStorefront, reportFile} {
		if matchSegments(pattern, strings.Split(endpoint, "/")) {
			return true
		}
	}
	return s.contractOf(path).find("", path).path != nil
}

// ClearFaults removes all faults.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.active = nil
}

// Remove ends the fault. Requests that it already hit are not affected.
func (i *Injection) Remove() {
	i.set.mu.Lock()
	defer i.set.mu.Unlock()
	var rest []*Injection
	for _, other := range i.set.active {
		if other != i {
			rest = append(rest, other)
		}
	}
	i.set.active = rest
}

// Seen returns the number of requests that matched the fault's route, method, message and seat while it was active.
func (i *Injection) Seen() int {
	i.set.mu.Lock()
	defer i.set.mu.Unlock()
	return i.seen
}

// Fired returns the number of requests that the fault hit.
func (i *Injection) Fired() int {
	i.set.mu.Lock()
	defer i.set.mu.Unlock()
	return i.fired
}

// draw picks the fault that hits a request, if one does.
func (f *faultSet) draw(method, path, seat string, message rpc) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.active) == 0 {
		return Fault{}, false
	}
	segments := strings.Split(path, "/")
	for _, i := range f.active {
		if i.method != "" && i.method != method || i.pattern != nil && !matchSegments(i.pattern, segments) {
			continue
		}
		if i.fault.Seat != "" && i.fault.Seat != seat {
			continue
		}
		if i.fault.RPC != "" && !message.named(i.fault.RPC) {
			continue
		}
		i.seen++
		match := i.seen - i.fault.After
		if match <= 0 || i.fault.Times > 0 && i.fired >= i.fault.Times {
			continue
		}
		if r := i.fault.Rate; r > 0 && r < 1 && lot(f.seed, i.number, uint64(match)) >= r {
			continue
		}
		i.fired++
		hit := i.fault
		if hit.Kind == "" {
			hit.Kind = FaultStatus
		}
		return hit, true
	}
	return Fault{}, false
}

// lot is a number in [0, 1) that depends on nothing but its arguments.
func lot(seed, fault, match uint64) float64 {
	x := mix(seed ^ mix(fault^mix(match)))
	return float64(x>>11) / (1 << 53)
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
