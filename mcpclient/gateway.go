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

// Request holds the arguments of an operation for [CallAPI].
type Request struct {
	// PathParams are the values of the operation's path template, by name.
	PathParams map[string]string `json:"pathParams,omitzero"`
	// Params are the query parameters, as text; lists are separated by commas (docs/platform.md#paging, #mcp).
	Params map[string]string `json:"params,omitzero"`
	// Body is sent as JSON; nil sends none. Raw JSON must be a jsontext.Value.
	Body any `json:"body,omitzero"`
}

// GatewayForm selects how the gateway tool is called (docs/platform.md#mcp).
type GatewayForm int

const (
	// GatewayByOperation names the operation: the current form.
	GatewayByOperation GatewayForm = iota
	// GatewayByPath sends a method and a path: the form of the published OpenAPI files and of older clients. The
	// operation of [CallAPI] is then a method and a path template below /api/v2/buyer, such as "GET /advertisers/{id}".
	GatewayByPath
)

// WithGateway sets how the gateway tool is called. Defaults: [GatewayByOperation] and the name "api_call", which an
// empty name keeps.
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
// Decoding, errors and retries are those of [CallTool]. The gateway is one tool for reads and writes, so the server
// cannot annotate it: a call whose response was lost is retried only with [client.AssumeIdempotent].
func CallAPI[Out any](
	ctx context.Context, s *Session, operation string, req Request, opts ...client.CallOption,
) (Out, error) {
	if err := s.ready(ctx); err != nil {
		return *new(Out), err
	}
	args, err := s.cfg.gatewayArguments(operation, req)
	if err != nil {
		return *new(Out), err
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
	if !ok || !isOperationMethod(method) || !strings.HasPrefix(template, "/") {
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
