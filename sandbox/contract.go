package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"

	interchange "github.com/interchange-sdk/interchange-go"
)

// contract is an OpenAPI document as the sandbox reads it: which operation a path means, and what may be sent and
// answered.
type contract struct {
	literal   map[string]*pathItem
	templated []*pathItem           // fewest variables first
	named     map[string]*operation // by the name that MCP has for them
	kinds     map[string]*kind      // by the template of their collection
}

// place is a path of the contract.
type pathItem struct {
	template string
	segments []string
	ops      map[string]*operation // by method
}

// operation is one method on one path.
type operation struct {
	route     string // "GET /api/v2/service-tokens/{id}"
	name      string // in the spelling of MCP: get_service_token
	writes    bool   // changes something
	public    bool   // needs no credential
	scope     string // what a key of the Partner API must be allowed to
	path      []*openapi3.Parameter
	query     []*openapi3.Parameter
	body      *openapi3.Schema // nil if the operation takes none
	responses map[string]*openapi3.Response
	action    action
	resource  *resource
}

// visit is a path found in the contract.
type match struct {
	path *pathItem         // nil if the contract does not have the path
	op   *operation        // nil if it does not have the method there
	vars map[string]string // the variable segments, decoded
}

// loadContract returns the contract that all sandboxes of a process share. It is read once, because that takes longer
// than the rest of a start. The value is immutable, so that this is not shared state.
var loadContract = sync.OnceValues(func() (*contract, error) { return newContract(actions()) })

func newContract(actions map[string]action) (*contract, error) {
	return readContract("openapi.yaml", interchange.OpenAPI(), actions)
}

func readContract(name string, document []byte, actions map[string]action) (*contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %s: %w", name, err)
	}
	c := &contract{literal: make(map[string]*pathItem), named: make(map[string]*operation), kinds: make(map[string]*kind)}
	for template, item := range doc.Paths.Map() {
		p := &pathItem{template: template, segments: strings.Split(template, "/"), ops: make(map[string]*operation)}
		for method, spec := range item.Operations() {
			op := newOperation(doc, method+" "+template, item, spec, actions[spec.OperationID])
			p.ops[method] = op
			c.named[op.name] = op
		}
		if strings.Contains(template, "{") {
			c.templated = append(c.templated, p)
		} else {
			c.literal[template] = p
		}
	}
	slices.SortFunc(c.templated, func(a, b *pathItem) int {
		return cmp.Or(
			cmp.Compare(strings.Count(a.template, "{"), strings.Count(b.template, "{")),
			cmp.Compare(a.template, b.template))
	})
	c.deriveResources()
	return c, nil
}

func newOperation(
	doc *openapi3.T, route string, item *openapi3.PathItem, spec *openapi3.Operation, act action,
) *operation {
	security := &doc.Security
	if spec.Security != nil {
		security = spec.Security
	}
	op := &operation{
		route:     route,
		name:      snakeCase(spec.OperationID),
		writes:    writes(route),
		public:    len(*security) == 0,
		responses: make(map[string]*openapi3.Response),
		action:    act,
	}
	op.scope, _ = spec.Extensions["x-level"].(string)
	for _, ref := range slices.Concat(item.Parameters, spec.Parameters) {
		switch ref.Value.In {
		case openapi3.ParameterInPath:
			op.path = append(op.path, ref.Value)
		case openapi3.ParameterInQuery:
			op.query = append(op.query, ref.Value)
		}
	}
	if ref := spec.RequestBody; ref != nil {
		if media := ref.Value.Content.Get("application/json"); media != nil && media.Schema != nil {
			op.body = media.Schema.Value
		}
	}
	for status, ref := range spec.Responses.Map() {
		op.responses[status] = ref.Value
	}
	return op
}

// find looks up a path as it was sent, before decoding, so that an encoded slash stays inside its segment.
func (c *contract) find(method, escapedPath string) match {
	if p := c.literal[escapedPath]; p != nil {
		return match{path: p, op: p.ops[method]}
	}
	segments := strings.Split(escapedPath, "/")
	for _, p := range c.templated {
		if vars, ok := p.match(segments); ok {
			return match{path: p, op: p.ops[method], vars: vars}
		}
	}
	return match{}
}

// has reports whether the contract has a route.
func (c *contract) has(method, template string) bool {
	if p := c.literal[template]; p != nil {
		return p.ops[method] != nil
	}
	for _, p := range c.templated {
		if p.template == template {
			return p.ops[method] != nil
		}
	}
	return false
}

func (p *pathItem) match(segments []string) (map[string]string, bool) {
	if !matchSegments(p.segments, segments) {
		return nil, false
	}
	vars := make(map[string]string)
	for i, s := range p.segments {
		if !isVariable(s) {
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, false
		}
		vars[s[1:len(s)-1]] = value
	}
	return vars, true
}

// matchSegments compares a template with a path; a variable stands for any segment that is not empty.
func matchSegments(template, path []string) bool {
	if len(template) != len(path) {
		return false
	}
	for i, s := range template {
		if isVariable(s) && path[i] != "" {
			continue
		}
		if s != path[i] {
			return false
		}
	}
	return true
}

func isVariable(segment string) bool {
	return len(segment) > 2 && segment[0] == '{' && segment[len(segment)-1] == '}'
}

// snakeCase spells an operation id as MCP does.
func snakeCase(id string) string {
	var out strings.Builder
	for i, r := range id {
		if unicode.IsUpper(r) && i > 0 {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

// methods lists the methods a place has, as an Allow header wants them.
func (p *pathItem) methods() string {
	var all []string
	for m := range p.ops {
		all = append(all, m)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// checkParams parses the declared parameters and returns their problems. Undeclared ones are ignored.
func (op *operation) checkParams(vars map[string]string, query url.Values) (map[string]any, []issue) {
	values := make(map[string]any)
	var found []issue
	for _, p := range op.path {
		found = append(found, checkSent(p.Schema.Value, parseParam(p.Schema.Value, vars[p.Name]), p.Name)...)
	}
	for _, p := range op.query {
		sent, ok := query[p.Name]
		switch {
		case !ok && p.Required && p.Schema.Value.Default != nil:
			values[p.Name] = p.Schema.Value.Default // documents of the platform require some that it sets itself
		case !ok && p.Required:
			found = append(found, issue{Path: p.Name, Message: "is required"})
		case ok && p.Schema.Value.Type.Is(openapi3.TypeArray):
			values[p.Name] = listParam(sent)
			found = append(found, checkSent(p.Schema.Value, values[p.Name], p.Name)...)
		case len(sent) > 1:
			found = append(found, issue{Path: p.Name, Message: "is given more than once"})
		case ok:
			value := parseParam(p.Schema.Value, sent[0])
			values[p.Name] = value
			found = append(found, checkSent(p.Schema.Value, value, p.Name)...)
		}
	}
	return values, found
}

// undeclared lists the query parameters that the operation does not have. They are violations, but not refused.
func (op *operation) undeclared(query url.Values) (found []issue) {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.ContainsFunc(op.query, func(p *openapi3.Parameter) bool { return p.Name == name }) {
			found = append(found, issue{Path: redact(name), Message: "is not a parameter of the operation"})
		}
	}
	return found
}

// parseParam reads a parameter as its schema says. What cannot be read so stays a string, which the schema refuses.
func parseParam(schema *openapi3.Schema, sent string) any {
	switch {
	case schema.Type.Is(openapi3.TypeInteger):
		if n, err := strconv.ParseInt(sent, 10, 54); err == nil {
			return float64(n)
		}
	case schema.Type.Is(openapi3.TypeBoolean):
		switch sent {
		case "true":
			return true
		case "false":
			return false
		}
	}
	return sent
}

// listParam reads a list of texts, which may be given one by one, joined by commas, or both.
func listParam(sent []string) []any {
	var all []any
	for _, one := range sent {
		for text := range strings.SplitSeq(one, ",") {
			all = append(all, text)
		}
	}
	return all
}

// checkReply returns the violations of a response. A bare response is checked as what its envelope
// would hold.
func (op *operation) checkReply(rep reply) []issue {
	spec := op.responses[strconv.Itoa(rep.status)]
	if spec == nil {
		spec = op.responses["default"]
	}
	if spec == nil {
		return []issue{{Message: "the status " + strconv.Itoa(rep.status) + " is not declared"}}
	}
	if len(spec.Content) == 0 {
		if len(rep.body) > 0 {
			return []issue{{Message: "the body is not declared"}}
		}
		return nil
	}
	media := spec.Content.Get(rep.contentType)
	if media == nil || media.Schema == nil {
		return []issue{{Message: "the content type is not declared"}}
	}
	if rep.contentType != jsonType {
		return nil
	}
	value, err := decodeJSON(rep.body)
	if err != nil {
		return []issue{{Message: "the body is not JSON"}}
	}
	if rep.bare {
		value = map[string]any{"data": value}
	}
	return checkReceived(media.Schema.Value, value)
}

// writes reports whether the method of a route is one that changes something.
func writes(route string) bool {
	method, _, _ := strings.Cut(route, " ")
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}
