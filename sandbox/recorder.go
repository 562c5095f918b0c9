package sandbox

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	maxRequests   = 100_000
	maxViolations = 1_000
	maxBody       = 64 << 10
)

// Request is the record of a request and its response. It has no credential: the values of headers
// that could carry one are replaced, and so is everything that looks like a token.
type Request struct {
	Time     time.Time // when it arrived, by the sandbox's clock
	ID       string    // the x-request-id of the response
	Method   string
	Path     string
	Route    string // as [Server.Effects] takes it; empty if openapi.yaml has no such operation
	RPC      string // the MCP message, as [Fault.RPC] takes it: "tools/call health"; empty for REST, and for an answer
	Query    url.Values
	Header   http.Header
	Body     string    // of a JSON request, up to 64 KiB
	ClientID string    // the public half of the credential, whether or not it works; empty if there is none such
	SeatID   string    // the value of X-SCOPE3-SEAT-ID
	Session  bool      // an Mcp-Session-Id was sent; its value is not kept
	Fault    FaultKind // the fault that hit it; empty if none did
	Status   int       // of the response; 0 if none was sent, or not yet

	// Violation describes how the request or response violates openapi.yaml; empty if it does not.
	Violation string
}

// Requests returns the requests since the start or the last ResetRequests, in the order of their arrival. Beyond
// 100,000 the oldest are forgotten.
func (s *Server) Requests() []Request {
	return s.recorder.all()
}

// ResetRequests forgets the requests so far. It leaves violations, effects and tokens.
func (s *Server) ResetRequests() {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	s.recorder.requests = nil
}

// Violations returns the requests and responses that did not match openapi.yaml, at most the first 1,000. A request
// does not match if its path or method is not there, or if its parameters or body are not as declared; a missing
// credential does not count. Answers that a fault makes up are not looked at. Faults and questions about routes that
// do not exist are listed too.
func (s *Server) Violations() []string {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	return slices.Clone(s.recorder.violations)
}

type recorder struct {
	mu         sync.Mutex
	requests   []*Request
	violations []string
}

// add puts a request at the end of the list. From then on it may only be changed through update.
func (r *recorder) add(req *Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.requests) >= 2*maxRequests {
		r.requests = append([]*Request(nil), r.requests[len(r.requests)-maxRequests:]...)
	}
	r.requests = append(r.requests, req)
}

func (r *recorder) update(req *Request, change func(*Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(req)
}

// violate notes problems on the request and in the list.
func (r *recorder) violate(req *Request, subject string, issues []issue) {
	if len(issues) == 0 {
		return
	}
	text := redact(subject + ": " + issueTexts(issues))
	r.mu.Lock()
	defer r.mu.Unlock()
	if req.Violation != "" {
		req.Violation += "; "
	}
	req.Violation += text
	if len(r.violations) < maxViolations {
		r.violations = append(r.violations, req.Method+" "+req.Path+": "+text)
	}
}

// noteIssues lists problems of an operation that was not asked for by a request of its own.
func (r *recorder) noteIssues(subject string, issues []issue) {
	if len(issues) > 0 {
		r.note(subject + issueTexts(issues))
	}
}

func issueTexts(issues []issue) string {
	texts := make([]string, len(issues))
	for i, one := range issues {
		texts[i] = one.String()
	}
	return strings.Join(texts, "; ")
}

// note lists a mistake of the test that uses the sandbox.
func (r *recorder) note(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.violations) < maxViolations {
		r.violations = append(r.violations, redact(text))
	}
}

func (r *recorder) all() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	from := max(0, len(r.requests)-maxRequests)
	all := make([]Request, 0, len(r.requests)-from)
	for _, req := range r.requests[from:] {
		one := *req
		one.Query = url.Values(cloneValues(req.Query))
		one.Header = req.Header.Clone()
		all = append(all, one)
	}
	return all
}

func cloneValues(m map[string][]string) map[string][]string {
	out := maps.Clone(m)
	for k, v := range out {
		out[k] = slices.Clone(v)
	}
	return out
}

// hidden stands for a value that is not shown.
const hidden = "[hidden]"

// safeHeader copies headers without what could be secret in them.
func safeHeader(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		if carriesSecrets(name) {
			out[name] = []string{hidden}
			continue
		}
		out[name] = redactAll(values)
	}
	return out
}

func safeQuery(q url.Values) url.Values {
	out := make(url.Values, len(q))
	for name, values := range q {
		if carriesSecrets(name) {
			out[redact(name)] = []string{hidden}
			continue
		}
		out[redact(name)] = redactAll(values)
	}
	return out
}

// carriesSecrets goes by the name of a header or parameter.
func carriesSecrets(name string) bool {
	name = strings.ToLower(name)
	if name == "idempotency-key" {
		return false
	}
	for _, word := range [...]string{"auth", "key", "token", "secret", "cookie", "password", "session"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

func redactAll(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = redact(v)
	}
	return out
}

// redact replaces everything in a text that looks like a token or a key of the platforms.
func redact(text string) string {
	return redactAfter(redactAfter(text, "scope3_"), partnerKeyPrefix)
}

func redactAfter(text, prefix string) string {
	if !strings.Contains(text, prefix) {
		return text
	}
	var out strings.Builder
	for {
		before, after, ok := strings.Cut(text, prefix)
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		out.WriteString(prefix + hidden)
		text = strings.TrimLeft(after, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")
	}
}
