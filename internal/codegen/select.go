package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// node is a piece of the document handed to oapi-codegen.
type node = map[string]any

// modelSet holds the named schemas of one package, as oapi-codegen reads them.
type modelSet struct {
	Schemas   node              // by Go name
	ConstDocs map[string]string // comments on enum constants, which oapi-codegen has no notion of
}

// selector copies the schemas that the operations reach, without what does not decide the Go type: rules check the
// constraints, nullable would create pointers, and a named scalar such as ID replaces its references.
type selector struct {
	doc     *openapi3.T
	pkg     string
	set     modelSet
	sources map[string]string // Go name to component, to notice clashes; of the tags before, too
	request bool              // whether a request is being walked
	errs    []error
}

// selectModels collects the models of a tag. A component that an earlier tag has defined is only referred to.
func selectModels(doc *openapi3.T, ops []operation, pkg string, defined map[string]string) (modelSet, error) {
	p := &selector{
		doc: doc, pkg: pkg, sources: defined,
		set: modelSet{Schemas: node{}, ConstDocs: map[string]string{}},
	}
	for _, op := range ops { // first, because a union of a request is never one struct
		p.request = true
		p.root(op.ID, op.Body)
	}
	for _, op := range ops {
		p.request = false
		p.root(op.ID, op.Result)
		for _, param := range op.Query {
			for _, ref := range []*openapi3.SchemaRef{param.Schema, param.Schema.Value.Items} {
				if ref != nil && ref.Ref != "" {
					p.use(ref.Ref)
				}
			}
		}
	}
	return p.set, errors.Join(p.errs...)
}

func (p *selector) root(operation string, ref *openapi3.SchemaRef) {
	switch {
	case ref == nil:
	case ref.Ref == "":
		p.fail(operation, "a body or a payload is a named component, so that its type has a name")
	default:
		p.use(ref.Ref)
	}
}

func (p *selector) fail(where, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("%s: "+format, append([]any{where}, args...)...))
}

// use returns the replacement of a reference: the same under its Go name, or a Go type that is written by hand.
func (p *selector) use(ref string) node {
	name := strings.TrimPrefix(ref, componentPrefix)
	component, ok := p.doc.Components.Schemas[name]
	if !ok {
		p.fail(name, "only schemas under %s can be referred to", componentPrefix)
		return node{}
	}
	if stringExt(component.Value.Extensions, extGoType) != "" {
		return p.goType(component.Value)
	}
	goName := nameOf(name, component.Value)
	switch seen, ok := p.sources[goName]; {
	case ok && seen != name:
		p.fail(name, "its Go name %s is also that of %s", goName, seen)
	case !ok:
		p.sources[goName] = name
		p.define(goName, component.Value)
	}
	if _, ok := p.set.Schemas[goName]; !ok {
		return node{extGoType: goName}
	}
	return node{"$ref": componentPrefix + goName}
}

func isHandwritten(schema *openapi3.Schema) bool {
	handwritten, _ := schema.Extensions[extHandwritten].(bool)
	return handwritten
}

// define adds a component. The parts of a hand-written type are generated although the type is not.
func (p *selector) define(goName string, schema *openapi3.Schema) {
	if isHandwritten(schema) {
		if union := slices.Concat(schema.AnyOf, schema.OneOf); len(union) > 0 {
			for _, one := range union {
				p.ref(goName, one)
			}
			return
		}
		p.schema(goName, schema)
		return
	}
	if first, _, _ := strings.Cut(schema.Description, " "); first != goName {
		p.fail(goName, "its description becomes the doc comment and begins with %q", goName)
	}
	p.set.Schemas[goName] = node{} // known from here on, so that a schema may refer to itself
	p.set.Schemas[goName] = p.schema(goName, schema)
}

func (p *selector) ref(where string, ref *openapi3.SchemaRef) node {
	if ref.Ref != "" {
		return p.use(ref.Ref)
	}
	return p.schema(where, ref.Value)
}

func (p *selector) schema(where string, s *openapi3.Schema) node {
	if stringExt(s.Extensions, extGoType) != "" {
		return p.goType(s)
	}
	if len(s.AnyOf)+len(s.OneOf) > 0 {
		return p.union(where, s)
	}
	out := node{}
	if len(s.AllOf) == 1 && len(s.Properties) == 0 {
		// The wrapper that gives a reference a description of its own.
		out = maps.Clone(p.ref(where, s.AllOf[0]))
		if ref, ok := out["$ref"]; ok {
			out = node{"allOf": []any{node{"$ref": ref}}}
		}
	} else if len(s.AllOf) > 0 {
		members := make([]any, len(s.AllOf))
		for i, member := range s.AllOf {
			members[i] = p.ref(where, member)
		}
		out["allOf"] = members
	}
	if s.Type != nil {
		out["type"] = s.Type.Slice()[0]
	}
	if s.Format != "" {
		out["format"] = s.Format
	}
	if s.Description != "" {
		out["description"] = s.Description
	}
	if s.Items != nil {
		out["items"] = p.ref(where, s.Items)
	}
	if extra := s.AdditionalProperties.Schema; extra != nil && (len(s.Properties) == 0 || !free(extra)) {
		out["additionalProperties"] = p.ref(where, s.AdditionalProperties.Schema)
	}
	if len(s.Enum) > 0 {
		p.enum(where, s, out)
	}
	if len(s.Properties) > 0 {
		p.properties(where, s, out)
	}
	return out
}

// field returns the schema of a field. An object or enum without a name gets that of its path: Toy.size becomes
// ToySize.
func (p *selector) field(at string, ref *openapi3.SchemaRef) node {
	s := ref.Value
	if ref.Ref != "" || stringExt(s.Extensions, extGoType) != "" {
		return p.ref(at, ref)
	}
	if s.Type.Is("array") && s.Items.Ref == "" && p.nameless(s.Items.Value) {
		items := p.name(at+".item", s.Items.Value)
		out := node{"type": "array", "items": items}
		if s.Description != "" {
			out["description"] = s.Description
		}
		return out
	}
	if p.nameless(s) {
		return p.name(at, s)
	}
	return p.schema(at, s)
}

// nameless reports whether a schema needs a Go type and has no name for it.
func (p *selector) nameless(s *openapi3.Schema) bool {
	if stringExt(s.Extensions, extGoType) != "" {
		return false
	}
	u := unionOf(s)
	return len(s.Properties) > 0 || len(s.Enum) > 0 && s.Extensions[extEnumNames] == nil ||
		len(variantsOf(s)) > 0 && (len(u.constants) > 0 || len(u.variants) > 1 && !p.request)
}

// name defines a type that is named after its path.
func (p *selector) name(at string, s *openapi3.Schema) node {
	var name strings.Builder
	for _, part := range strings.Split(at, ".") {
		name.WriteString(upperFirst(goName(part)))
	}
	named := *s
	named.Description = fmt.Sprintf("%s is the type of %s.", name.String(), at)
	if seen, ok := p.sources[name.String()]; ok && seen != at {
		p.fail(at, "its Go name %s is also that of %s", name.String(), seen)
		return node{}
	} else if !ok {
		p.sources[name.String()] = at
		p.define(name.String(), &named)
	}
	return node{"$ref": componentPrefix + name.String()}
}

// union returns the type of a union: that of the only variant besides null, an enum of constants, or, in a response,
// one struct with the fields of all variants. A request has a Go type of its own for each variant, written by hand.
func (p *selector) union(where string, s *openapi3.Schema) node {
	u := unionOf(s)
	switch {
	case len(u.constants) > 0:
		out := node{"type": "string", "description": s.Description}
		constants := *s
		constants.Enum = slices.DeleteFunc(slices.Clone(u.constants), func(v any) bool { return v == nil })
		p.enum(where, &constants, out)
		return out
	case len(u.variants) == 1:
		out := maps.Clone(p.ref(where, u.variants[0]))
		if ref, ok := out["$ref"]; ok {
			out = node{"allOf": []any{node{"$ref": ref}}}
		}
		if s.Description != "" {
			out["description"] = s.Description
		}
		return out
	case p.request:
		p.fail(where, "a union has no Go type: write one by hand and name it with %s", extGoType)
		return node{}
	}
	merged, err := flatten(s, u)
	if err != nil {
		p.fail(where, "%w; write a Go type by hand and name it with %s", err, extGoType)
		return node{}
	}
	return p.schema(where, merged)
}

// goType returns the type that x-go-type names. Inside its own package the type needs no qualifier.
func (p *selector) goType(s *openapi3.Schema) node {
	out := node{extGoType: stringExt(s.Extensions, extGoType)}
	if s.Description != "" {
		out["description"] = s.Description
	}
	from, _ := s.Extensions[extGoImport].(node)
	if from == nil {
		return out
	}
	if name, _ := from["name"].(string); name == p.pkg {
		out[extGoType] = strings.ReplaceAll(stringExt(s.Extensions, extGoType), name+".", "")
		return out
	}
	out[extGoImport] = from
	return out
}

// enum names every constant: names made up by oapi-codegen change when another enum appears. Comments are optional.
func (p *selector) enum(where string, s *openapi3.Schema, out node) {
	names, err := constNames(where, s)
	if err != nil {
		p.fail(where, "%w", err)
		return
	}
	docs, _ := s.Extensions[extEnumDocs].([]any)
	if docs != nil && len(docs) != len(s.Enum) {
		p.fail(where, "%s must have one entry for each of the %d values", extEnumDocs, len(s.Enum))
		return
	}
	out["enum"], out[extEnumNames] = s.Enum, names
	for i, doc := range docs {
		p.set.ConstDocs[names[i]] = fmt.Sprint(doc)
	}
}

// properties copies the fields in the order of the document, each with its tag: an optional field is omitted when it
// is zero. Without x-omitempty oapi-codegen would also write omitempty, which in
// go-json-experiment drops "" and null and so breaks client.Field.
func (p *selector) properties(where string, s *openapi3.Schema, out node) {
	members := node{}
	for i, name := range inOrder(s.Properties) {
		at := where + "." + name
		source := s.Properties[name]
		member := maps.Clone(p.field(at, source))
		if ref, ok := member["$ref"]; ok {
			member = node{"allOf": []any{node{"$ref": ref}}, "description": source.Value.Description}
		}
		if d, _ := member["description"].(string); d == "" {
			p.fail(at, "a field needs a description, which becomes its comment")
		}
		member[extGoName] = memberName(name, source)
		if ignored, _ := source.Value.Extensions[extGoIgnored].(bool); ignored {
			member[extGoIgnored] = true
		}
		member["x-order"] = i + 1
		member["x-omitempty"] = false
		member["x-omitzero"] = !slices.Contains(s.Required, name)
		member["x-go-type-skip-optional-pointer"] = true
		members[name] = member
	}
	out["properties"] = members
	if len(s.Required) > 0 {
		out["required"] = s.Required
	}
}

// inOrder sorts fields by their position in the document.
func inOrder(members openapi3.Schemas) []string {
	names := slices.Sorted(maps.Keys(members))
	slices.SortStableFunc(names, func(a, b string) int { return place(members[a]) - place(members[b]) })
	return names
}

func place(ref *openapi3.SchemaRef) int {
	origin := ref.Origin
	if origin == nil && ref.Ref == "" {
		origin = ref.Value.Origin
	}
	if origin == nil || origin.Key == nil {
		return 0
	}
	return origin.Key.Line
}
