package mcpclient

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// Request holds the arguments of one operation that is called through the gateway tool.
type Request struct {
	// PathParams are the values of the operation's path template, by name.
	PathParams map[string]string `json:"pathParams,omitzero"`
	// Params are the query parameters. The gateway takes text only; lists are separated by commas
	// (docs/platform.md#paging, #mcp).
	Params map[string]string `json:"params,omitzero"`
	// Body is sent as JSON; nil sends none. Raw JSON must be a jsontext.Value.
	Body any `json:"body,omitzero"`
}

// GatewayForm is how the gateway tool wants to be told what to do (docs/platform.md#mcp).
type GatewayForm int

const (
	// GatewayByOperation names the operation: the current form, in which a method and a path are refused.
	GatewayByOperation GatewayForm = iota
	// GatewayByPath gives method and path: the form of the published OpenAPI files and of the older clients. The
	// operation of [CallAPI] is then the method and the path template, such as "GET /advertisers/{id}": below
	// /api/v2/buyer, as the examples that were published have it.
	GatewayByPath
)

// WithGateway says how the gateway tool is called. Default [GatewayByOperation], and the tool's name "api_call"; an
// empty name leaves it.
func WithGateway(form GatewayForm, tool string) Option {
	return func(c *config) {
		if form != GatewayByOperation && form != GatewayByPath {
			c.failf("the gateway form is unknown")
		}
		c.gateway = form
		if tool != "" {
			c.gatewayTool = tool
		}
	}
}

// CallAPI calls a REST operation through the gateway tool of the buyer or storefront endpoint. Operations are named in
// snake case, such as list_advertisers; not all names follow from the REST documentation (docs/platform.md#mcp).
//
// Reading, errors and repetition are those of [CallTool]: the gateway is one tool for reading and writing, so the
// server cannot annotate it, and a call that broke off is repeated only with [client.AssumeIdempotent].
func CallAPI[Out any](ctx context.Context, s *Session, operation string, req Request, opts ...client.CallOption) (Out, error) {
	if err := s.ready(ctx); err != nil {
		var none Out
		return none, err
	}
	args, err := s.cfg.gatewayArguments(operation, req)
	if err != nil {
		var none Out
		return none, err
	}
	return CallTool[Out](ctx, s, s.cfg.gatewayTool, args, opts...)
}

type byOperation struct {
	Operation string `json:"operation"`
	Request
}

type byPath struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Query  map[string]string `json:"query,omitzero"`
	Body   any               `json:"body,omitzero"`
}

func (c *config) gatewayArguments(operation string, req Request) (any, error) {
	problems := client.ParamError{Operation: methodCallTool + " " + c.gatewayTool}
	if problem := check.Encodable(req.Body); problem != "" {
		problems.Add("body", problem)
	}
	if c.gateway == GatewayByOperation {
		if strings.Trim(operation, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || operation == "" {
			problems.Add("operation", "must be a name in snake case, such as list_advertisers")
		}
		for _, name := range slices.Sorted(maps.Keys(req.PathParams)) { // the server puts them into a path
			if problem := check.Segment(req.PathParams[name]); problem != "" {
				problems.Add(name, problem)
			}
		}
		return byOperation{operation, req}, problems.Err()
	}
	method, template, ok := strings.Cut(operation, " ")
	if !ok || !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, method) || !strings.HasPrefix(template, "/") {
		problems.Add("operation", "must be a method and a path, such as GET /advertisers/{id}")
		return nil, &problems
	}
	left := maps.Clone(req.PathParams)
	segments := strings.Split(template, "/")
	for i, segment := range segments {
		name, opens := strings.CutPrefix(segment, "{")
		name, closes := strings.CutSuffix(name, "}")
		if !opens || !closes {
			continue
		}
		value, given := left[name]
		delete(left, name)
		if problem := check.Segment(value); !given {
			problems.Add(name, "is required")
		} else if problem != "" {
			problems.Add(name, problem)
		}
		segments[i] = url.PathEscape(value)
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		problems.Add(name, "is not in the path")
	}
	return byPath{method, strings.Join(segments, "/"), req.Params, req.Body}, problems.Err()
}
