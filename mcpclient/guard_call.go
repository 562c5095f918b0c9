package mcpclient

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// ruleMalformed is the rule for calls that a guard and a server could read differently.
const ruleMalformed = "malformed"

// checkGuard asks the guard about a tool call, unless it is a further round of one.
func (x *exchange) checkGuard(ctx context.Context) error {
	cfg := x.rt.cfg
	if cfg.guard == nil || x.msg.method != methodCallTool || (x.msg.isLaterRound() && x.rt.isPendingRound(x.msg)) {
		return nil
	}
	arguments := member(x.msg.params, "arguments")
	call := &ToolCall{Tool: x.tool, Arguments: slices.Clone(arguments)}
	if cfg.trustHints {
		call.annotated = func(ctx context.Context) (annotations, error) { return x.rt.annotationsOf(ctx, x.header, x.msg) }
	}
	problem := callProblem(x.msg.params, arguments)
	if call.gateway = call.Tool == cfg.gatewayTool; call.gateway && problem == "" {
		call.Operation, problem = gatewayOperation(arguments)
	}
	if problem != "" {
		return call.Refuse(ruleMalformed, problem)
	}
	if err := cfg.guard.Check(ctx, call); err != nil {
		if ctx.Err() != nil {
			return cfg.client.NewTransportError(cfg.op(methodCallTool, http.MethodPost, client.EffectRead), contextError(ctx))
		}
		return err
	}
	return nil
}

// callProblem returns why a call is ambiguous, such as a name that occurs twice or in another case.
func callProblem(params, arguments jsontext.Value) string {
	if len(arguments) > 0 && arguments.Kind() != '{' && arguments.Kind() != 'n' {
		return "the arguments must be an object"
	}
	if !params.IsValid(jsontext.AllowInvalidUTF8(true)) { // duplicate names at any depth are invalid
		return "a name occurs twice in the call"
	}
	if other := otherSpelling(params, "name", "arguments"); other != "" {
		return "the call has a member that differs from " + other + " only in case"
	}
	return ""
}

// otherSpelling returns the first of names that an object has in another case, which a careless server would accept.
func otherSpelling(object jsontext.Value, names ...string) string {
	for exact := range wire.Members(object) {
		sent := strings.TrimSpace(strings.ReplaceAll(string(exact), "\x00", ""))
		for _, name := range names {
			if strings.EqualFold(sent, name) && string(exact) != name {
				return name
			}
		}
	}
	return ""
}

// gatewayOperation returns the operation of a gateway call, or why it is ambiguous.
func gatewayOperation(args jsontext.Value) (operation, problem string) {
	if other := otherSpelling(args, "operation", "method", "path", "pathParams", "params", "query", "body"); other != "" {
		return "", "the gateway is given a member that differs from " + other + " only in case"
	}
	for name, value := range wire.Members(member(args, "pathParams")) {
		text := textOf(value)
		if value.Kind() == '0' {
			text = string(value)
		}
		if problem := check.Segment(text); problem != "" || strings.ContainsAny(text, "\x00%\\?#") {
			return "", "the path parameter " + string(name) + " is not a plain path segment"
		}
	}
	named, method, path := member(args, "operation"), member(args, "method"), member(args, "path")
	switch {
	case named != nil && (method != nil || path != nil):
		return "", "the gateway is given an operation and a path: a server may take either"
	case named == nil && method == nil && path == nil:
		return "", "the gateway is given no operation"
	case named != nil:
		if operation = textOf(named); !isOperationName(operation) {
			return "", "the operation must be a name in snake case"
		}
		return operation, ""
	case !isOperationMethod(textOf(method)):
		return "", "the method must be GET, POST, PUT, PATCH or DELETE"
	case !isOperationPath(textOf(path)):
		return "", "the path must consist of plain segments"
	}
	return textOf(method) + " " + textOf(path), ""
}

// ReadOnly reports whether the call is known to change nothing, by the SDK's list of the platform's operations and
// tools or, with [TrustReadOnlyHints], by the server's annotations. It may list the server's tools once.
func (c *ToolCall) ReadOnly(ctx context.Context) (bool, error) {
	switch {
	case c == nil:
		return false, errors.New("interchange: the tool call is nil")
	case c.gateway:
		return isReadOperation(c.Operation), nil
	case isReadTool(c.Tool):
		return true, nil
	case c.annotated == nil:
		return false, nil
	}
	a, err := c.annotated(ctx)
	return a.ReadOnly, err
}

// callKey identifies the rounds of one call.
func (m *message) callKey() string {
	return string(member(m.params, "name")) + string(member(m.params, "arguments"))
}

// maxPendingRounds bounds the calls that are remembered: the next round may never come.
const maxPendingRounds = 1024

// notePendingRound remembers whether a call needs input. The guard is not asked again for its next round.
func (rt *roundTripper) notePendingRound(m *message, asked bool) {
	if rt.cfg.guard == nil {
		return
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	switch key := m.callKey(); {
	case !asked:
		delete(rt.pendingRounds, key)
	case len(rt.pendingRounds) < maxPendingRounds:
		if rt.pendingRounds == nil {
			rt.pendingRounds = make(map[string]bool)
		}
		rt.pendingRounds[key] = true
	}
}

func (rt *roundTripper) isPendingRound(m *message) bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.pendingRounds[m.callKey()]
}
