package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// gatewayName is the tool that stands for the whole of the REST API.
const gatewayName = "api_call"

// tool is api_call in this form.
func (f GatewayForm) tool() tool {
	t := tool{
		name:        gatewayName,
		description: "Calls an operation of the REST API by its name, such as list_service_tokens.",
		suggestion:  "Name an operation, such as list_service_tokens; a method and a path are not taken",
		do:          callOperation,
		input: `{"type": "object", "additionalProperties": false, "required": ["operation"], "properties": {
			"operation": {"type": "string", "minLength": 1, "description": "The name of the operation, in snake_case."},
			"pathParams": {"type": "object", "description": "The variables of the path.",
				"additionalProperties": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
			"params": {"type": "object", "description": "The query parameters, as text.",
				"additionalProperties": {"type": "string"}},
			"body": {"type": "object", "description": "The body of the request.", "additionalProperties": true}}}`,
	}
	if f == GatewayMethodPath {
		t.description = "Makes a request of the REST API, such as GET /service-tokens."
		t.suggestion = "Name a method and a path, such as GET /service-tokens"
		t.do = callPath
		t.input = `{"type": "object", "additionalProperties": false, "required": ["method", "path"], "properties": {
			"method": {"type": "string", "enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]},
			"path": {"type": "string", "minLength": 1, "description": "The path, below /api/v2."},
			"query": {"type": "object", "description": "The query parameters.", "additionalProperties":
				{"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]}},
			"body": {"type": "object", "description": "The body of the request.", "additionalProperties": true}}}`
	}
	return t
}

// callOperation is api_call in its current form.
func callOperation(s *Server, c *toolCall) result {
	name, _ := c.args["operation"].(string)
	op := s.contract.named[name]
	if op == nil {
		s.recorder.note(gatewayName + " " + name + ": no such operation")
		r := failed("NOT_FOUND", fmt.Sprintf("There is no operation %.64q", redact(name)))
		r.failure.Field = "operation"
		r.failure.Suggestion = "The operations are " + strings.Join(slices.Sorted(maps.Keys(s.contract.named)), ", ")
		return r
	}
	vars, found := op.readVars(members(c.args, "pathParams"))
	if len(found) > 0 {
		s.recorder.noteIssues(gatewayName+" "+name+": request: ", found)
		return invalidCall(found)
	}
	query := make(url.Values)
	for name, value := range members(c.args, "params") {
		query.Set(name, asText(value))
	}
	return s.gateway(c, op, vars, query)
}

// readVars reads the variables of the path.
func (op *operation) readVars(sent map[string]any) (map[string]string, []issue) {
	vars := make(map[string]string)
	for name, value := range sent {
		vars[name] = asText(value)
	}
	var found []issue
	for _, p := range op.path {
		if vars[p.Name] == "" {
			found = append(found, issue{Path: "pathParams." + p.Name, Message: "is required"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if !slices.ContainsFunc(op.path, func(p *openapi3.Parameter) bool { return p.Name == name }) {
			found = append(found, issue{Path: "pathParams." + name, Message: "is not a variable of the path"})
		}
	}
	return vars, found
}

// callPath is api_call in its older form.
func callPath(s *Server, c *toolCall) result {
	method, _ := c.args["method"].(string)
	sent, _ := c.args["path"].(string)
	u, err := url.Parse(sent)
	if err != nil || u.IsAbs() || u.Host != "" {
		return invalidCall([]issue{{Path: "path", Message: "is not a path"}})
	}
	path := u.EscapedPath()
	if _, whole := cutPrefix(path, "/api/v2"); !whole && path != "/health" {
		path = "/api/v2/" + strings.TrimPrefix(path, "/")
	}
	v := s.contract.find(method, path)
	if v.op == nil {
		s.recorder.note(gatewayName + " " + method + " " + path + ": no such operation")
		if v.path == nil {
			return failed("NOT_FOUND", "There is nothing at this path")
		}
		r := failed("METHOD_NOT_ALLOWED", "The path does not take this method")
		r.failure.Suggestion = "It takes " + v.path.methods()
		return r
	}
	query := u.Query()
	for name, value := range members(c.args, "query") {
		query.Set(name, asText(value))
	}
	return s.gateway(c, v.op, v.vars, query)
}

// gateway carries an operation out as REST would, for the customer that was chosen.
func (s *Server) gateway(c *toolCall, op *operation, vars map[string]string, query url.Values) result {
	o := &request{op: op, seat: c.header.Get("X-Scope3-Seat-Id"), vars: vars}
	o.params, o.issues = op.checkParams(vars, query)
	if op.body != nil {
		if body, sent := c.args["body"]; sent {
			o.setBody(body)
		} else {
			refusal := bodyRequired()
			o.refusal = &refusal
		}
	}
	s.recorder.noteIssues(gatewayName+" "+op.name+": request: ", append(op.undeclared(query), o.issues...))

	var chosen bool
	if o.customer, chosen = s.platform.actsOn(c.scope, c.caller); !chosen && op.writes && !op.action.selects {
		r := failed("CUSTOMER_SCOPE_REQUIRED", "The credential reaches several customers and none has been chosen")
		r.failure.Suggestion = "Call customer_switch with one of details.availableCustomers, then repeat the call"
		r.failure.Details = map[string]any{"availableCustomers": s.platform.reachOf(c.caller)}
		return r
	}
	var rep reply
	if op.public {
		rep = s.perform(holder{}, o)
	} else {
		rep = s.permitted(c.caller, o)
	}
	s.recorder.noteIssues(gatewayName+" "+op.name+": response: ", s.checkReply(op, rep))
	return s.fromReply(rep)
}

// fromReply converts a REST response to the result of a tool. Where REST has no body, the result has an empty envelope.
func (s *Server) fromReply(rep reply) result {
	switch {
	case rep.status == http.StatusNoContent:
		return result{body: s.cfg.respond(http.StatusOK, nil).body}
	case rep.status < 300:
		return result{body: rep.body}
	}
	var wrapped struct {
		Error apiError `json:"error"`
	}
	_ = json.Unmarshal(rep.body, &wrapped) // the sandbox's own
	r := failed(wrapped.Error.Code, wrapped.Error.Message)
	if d := wrapped.Error.Details; d != nil && len(d.Issues) > 0 {
		r.failure.Field = d.Issues[0].Path
		r.failure.Details = d
	}
	if wrapped.Error.Code == "TOS_ACCEPTANCE_REQUIRED" {
		r.failure.Suggestion = "Have an administrator call accept_tos, then repeat the call"
	}
	return r
}

// members is an argument that is an object; empty if it is absent.
func members(args map[string]any, name string) map[string]any {
	m, _ := args[name].(map[string]any)
	return m
}

// asText is a value as it stands in a path or a query.
func asText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}
