package upstream

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// difference is one point in which openapi.yaml and a document of the platform differ.
type difference struct {
	operation string // its id; empty for one that has none of ours
	route     string
	at        string // such as "response.campaigns[].name"
	kind      string // what differs, such as "required" or "maximum"
	ours      string
	theirs    string
}

func (d difference) String() string {
	return fmt.Sprintf("%s (%s): %s: %s: ours %s, theirs %s", d.operation, d.route, d.at, d.kind,
		cmp.Or(d.ours, "nothing"), cmp.Or(d.theirs, "nothing"))
}

// comparison collects the differences of one operation.
type comparison struct {
	operation, route string
	found            []difference
}

func (c *comparison) note(at, kind, ours, theirs string) {
	c.found = append(c.found, difference{c.operation, c.route, at, kind, ours, theirs})
}

// same notes a difference between two texts.
func (c *comparison) same(at, kind, ours, theirs string) {
	if ours != theirs {
		c.note(at, kind, ours, theirs)
	}
}

// compare returns every difference between our operations and those of a document of the platform.
func compare(ours, theirs []*operation) []difference {
	known := byRoute(ours)
	var all []difference
	for _, op := range theirs {
		mine := known[op.route()]
		if mine == nil {
			all = append(all, difference{op.id, op.route(), "operation", "missing", "", op.id})
			continue
		}
		c := &comparison{operation: mine.id, route: op.route()}
		c.operations(mine, op)
		all = append(all, c.found...)
	}
	return all
}

// withdrawn returns our operations that no document of the platform has.
func withdrawn(ours, theirs []*operation) []difference {
	known := byRoute(theirs)
	var all []difference
	for _, op := range ours {
		if known[op.route()] == nil {
			all = append(all, difference{op.id, op.route(), "operation", "extra", op.id, ""})
		}
	}
	return all
}

func byRoute(ops []*operation) map[string]*operation {
	all := make(map[string]*operation, len(ops))
	for _, op := range ops {
		all[op.route()] = op
	}
	return all
}

func (c *comparison) operations(ours, theirs *operation) {
	c.same("operation", "operationId", ours.id, theirs.id)
	c.same("operation", "public", fmt.Sprint(ours.public), fmt.Sprint(theirs.public))
	c.same("operation", "deprecated", fmt.Sprint(ours.deprecated), fmt.Sprint(theirs.deprecated))
	c.parameters(ours, theirs)
	switch {
	case ours.body != nil && theirs.body != nil:
		c.same("request", "required", fmt.Sprint(ours.required), fmt.Sprint(theirs.required))
		c.same("request", "media", ours.body.media, theirs.body.media)
		c.shapes("request", ours.body.shape, theirs.body.shape)
	case ours.body != nil || theirs.body != nil:
		c.note("request", "body", presence(ours.body != nil), presence(theirs.body != nil))
	}
	for _, want := range theirs.successes {
		at := slices.IndexFunc(ours.successes, func(o content) bool { return o.status == want.status })
		if at < 0 {
			c.note("response", "status", "", want.status)
			continue
		}
		c.response(ours.successes[at], want, theirs.path)
	}
	for _, got := range ours.successes {
		if !slices.ContainsFunc(theirs.successes, func(o content) bool { return o.status == got.status }) {
			c.note("response", "status", got.status, "")
		}
	}
	for _, e := range theirs.errors {
		c.note("error", "schema", "Error", e[0]+" "+e[1])
	}
}

func presence(there bool) string {
	if there {
		return "present"
	}
	return ""
}

// parameters compares query and header parameters by name, and path parameters by position.
func (c *comparison) parameters(ours, theirs *operation) {
	pathAt := 0
	for i, want := range theirs.parameters {
		at := slices.IndexFunc(ours.parameters, func(o parameter) bool { return o.in == want.in && o.name == want.name })
		if want.in == "path" {
			at, pathAt = i, i+1
		}
		where := want.in + "." + want.name
		if at < 0 {
			c.note(where, "parameter", "", "present")
			continue
		}
		got := ours.parameters[at]
		c.same(where, "required", fmt.Sprint(got.required), fmt.Sprint(want.required))
		c.shapes(where, got.shape, want.shape)
	}
	for _, got := range ours.parameters[pathAt:] {
		if !slices.ContainsFunc(theirs.parameters, func(o parameter) bool { return o.in == got.in && o.name == got.name }) {
			c.note(got.in+"."+got.name, "parameter", "present", "")
		}
	}
}

func (c *comparison) response(ours, theirs content, path string) {
	c.same("response", "media", ours.media, theirs.media)
	if ours.shape != nil && theirs.shape != nil {
		c.shapes("response", payload(ours.shape, path), payload(theirs.shape, path))
	}
}

// payload returns what the envelope of a response contains. Documents of the platform mostly leave the envelope out;
// it is there where data is the only field besides success, error and meta. MCP responses have none.
func payload(s *shape, path string) *shape {
	if strings.HasPrefix(path, mcpPrefix) {
		return s
	}
	var data *shape
	for _, f := range s.fields {
		switch f.name {
		case "data":
			data = f.shape
		case "success", "error", "meta":
		default:
			return s
		}
	}
	if data == nil {
		return s
	}
	return data
}

const mcpPrefix = "/mcp/"

// shapes compares two schemas. Below a difference of kind nothing is compared.
func (c *comparison) shapes(at string, ours, theirs *shape) {
	if ours.key() == theirs.key() {
		return
	}
	c.same(at, "nullable", fmt.Sprint(ours.nullable), fmt.Sprint(theirs.nullable))
	c.same(at, "default", ours.fallback, theirs.fallback)
	c.same(at, "deprecated", fmt.Sprint(ours.deprecated), fmt.Sprint(theirs.deprecated))
	c.same(at, "writeOnly", fmt.Sprint(ours.writeOnly), fmt.Sprint(theirs.writeOnly))
	if ours.bareKey() == theirs.bareKey() {
		return
	}
	before := len(c.found)
	if c.same(at, "type", ours.describe(), theirs.describe()); len(c.found) > before {
		return
	}
	c.same(at, "format", ours.format, theirs.format)
	c.same(at, "pattern", ours.pattern, theirs.pattern)
	c.same(at, "discriminator", ours.discriminator, theirs.discriminator)
	c.same(at, "enum", strings.Join(sorted(ours.enum), " "), strings.Join(sorted(theirs.enum), " "))
	for _, name := range boundNames() {
		c.same(at, name, ours.bounds[name], theirs.bounds[name])
	}
	c.fields(at, ours.fields, theirs.fields)
	c.inner(at+"[]", "items", ours.items, theirs.items)
	c.inner(at+"{}", "values", ours.values, theirs.values)
	c.variants(at, ours.union, theirs.union)
	c.variants(at, ours.all, theirs.all)
}

// inner compares the items of arrays or the values of maps.
func (c *comparison) inner(at, kind string, ours, theirs *shape) {
	if ours == nil && theirs == nil {
		return
	}
	if ours == nil || theirs == nil {
		c.note(at, kind, presence(ours != nil), presence(theirs != nil))
		return
	}
	c.shapes(at, ours, theirs)
}

func (c *comparison) fields(at string, ours, theirs []field) {
	for _, want := range theirs {
		where := at + "." + want.name
		i := slices.IndexFunc(ours, func(o field) bool { return o.name == want.name })
		if i < 0 {
			c.note(where, "field", "", want.shape.describe())
			continue
		}
		c.same(where, "required", fmt.Sprint(ours[i].required), fmt.Sprint(want.required))
		c.shapes(where, ours[i].shape, want.shape)
	}
	for _, got := range ours {
		if !slices.ContainsFunc(theirs, func(o field) bool { return o.name == got.name }) {
			c.note(at+"."+got.name, "field", got.shape.describe(), "")
		}
	}
}

// variants compares the variants of a union: equal ones are put aside, and the rest is compared in order.
func (c *comparison) variants(at string, ours, theirs []*shape) {
	rest := func(from, without []*shape) []*shape {
		return slices.DeleteFunc(slices.Clone(from), func(s *shape) bool {
			return slices.ContainsFunc(without, func(o *shape) bool { return o.key() == s.key() })
		})
	}
	left, right := rest(ours, theirs), rest(theirs, ours)
	if len(left) != len(right) {
		c.note(at, "variants", fmt.Sprint(len(ours)), fmt.Sprint(len(theirs)))
		return
	}
	for i := range left {
		c.shapes(fmt.Sprintf("%s<%d>", at, i+1), left[i], right[i])
	}
}
