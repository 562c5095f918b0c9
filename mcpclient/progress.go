package mcpclient

import (
	"context"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Progress is the server's progress report of a tool call.
type Progress struct {
	// Tool is the tool's name.
	Tool string
	// Call numbers the calls of a session, to distinguish concurrent calls of one tool.
	Call int64
	// Done and Total are in a unit of the server's; Total is 0 if it is not known.
	Done, Total float64
	// Message is for people.
	Message string
}

// OnProgress calls f with progress reports of tool calls: in order for each call, and never after the call has
// returned. ctx is the context of the call. f must return soon, because the response is read after it.
func OnProgress(f func(ctx context.Context, p Progress)) Option {
	return func(c *config) { c.onProgress = f }
}

// WithProgress returns a context for calls whose progress f gets, in addition to [OnProgress].
func WithProgress(ctx context.Context, f func(Progress)) context.Context {
	return context.WithValue(ctx, progressKey{}, f)
}

type progressKey struct{}

// progressCalls holds the calls of a session that may report progress, by their tokens.
type progressCalls struct {
	mu    sync.Mutex
	last  int64
	calls map[string]*progressCall
}

type progressCall struct {
	report func(Progress)
	about  Progress

	mu    sync.Mutex // held while report runs
	ended bool
}

// trackProgress registers a call if there is a function to report its progress to, and returns the token for the
// server. The token is empty otherwise. end waits for a report that is being made.
func (c *config) trackProgress(ctx context.Context, calls *progressCalls, tool string) (token string, end func()) {
	single, _ := ctx.Value(progressKey{}).(func(Progress))
	if c.onProgress == nil && single == nil {
		return "", func() {}
	}
	call := &progressCall{about: Progress{Tool: tool}, report: func(p Progress) {
		if c.onProgress != nil {
			c.onProgress(ctx, p)
		}
		if single != nil {
			single(p)
		}
	}}
	calls.mu.Lock()
	defer calls.mu.Unlock()
	calls.last++
	call.about.Call = calls.last
	token = "call-" + strconv.FormatInt(calls.last, 10)
	if calls.calls == nil {
		calls.calls = make(map[string]*progressCall)
	}
	calls.calls[token] = call
	return token, func() {
		calls.mu.Lock()
		delete(calls.calls, token)
		calls.mu.Unlock()
		call.mu.Lock()
		defer call.mu.Unlock()
		call.ended = true
	}
}

// notified reports a progress notification to its call.
func (p *progressCalls) notified(params jsontext.Value) {
	var said struct {
		Token    jsontext.Value `json:"progressToken"`
		Progress float64        `json:"progress"`
		Total    float64        `json:"total"`
		Message  jsontext.Value `json:"message"`
	}
	if json.Unmarshal(params, &said, jsontext.AllowInvalidUTF8(true)) != nil {
		return
	}
	p.mu.Lock()
	call := p.calls[textOf(said.Token)]
	p.mu.Unlock()
	if call == nil {
		return
	}
	call.mu.Lock()
	defer call.mu.Unlock()
	if call.ended {
		return
	}
	report := call.about
	report.Done, report.Total, report.Message = said.Progress, said.Total, textOf(said.Message)
	call.report(report)
}
