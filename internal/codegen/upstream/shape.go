package upstream

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// shape is the structure of a schema with all references resolved. Equivalent ways to write a schema have one shape:
// anyOf with null is nullable, anyOf of constants is an enum, and the forms of OpenAPI 3.1 become those of 3.0.
// Whether an object may have further fields is not part of it: readers ignore unknown fields.
type shape struct {
	ref           string   // name of the component that the schema refers to
	types         []string // sorted; empty for any value
	format        string
	pattern       string
	enum          []string // as JSON
	bounds        map[string]string
	fields        []field
	items         *shape
	values        *shape // of a map
	union         []*shape
	exclusive     bool // a union written as oneOf
	discriminator string
	all           []*shape // an intersection that is not a plain object
	never         bool     // no value is allowed
	cycle         string   // name of the component that contains this reference to itself
	recursive     bool     // a component that contains such references

	// The rest describes a use of the schema, not the schema itself.
	nullable   bool
	fallback   string // the default, as JSON
	deprecated bool
	writeOnly  bool

	identity string // see bareKey
}

// field is one property of an object.
type field struct {
	name     string
	required bool
	shape    *shape
}

// boundNames lists the keywords that limit a value, in the order in which they are written.
func boundNames() []string {
	return []string{
		"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
		"minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
	}
}

// shape reads a schema; a missing one allows any value.
func (d *document) shape(node *yaml.Node) *shape {
	if ref := text(node, "$ref"); ref != "" {
		return d.named(strings.TrimPrefix(ref, componentPrefix))
	}
	d.checkKeywords(node)
	s := &shape{
		format: text(node, "format"), pattern: text(node, "pattern"), bounds: make(map[string]string),
		nullable: isTrue(node, "nullable"), deprecated: isTrue(node, "deprecated"), writeOnly: isTrue(node, "writeOnly"),
		discriminator: text(node, "discriminator", "propertyName"),
	}
	if s.pattern == "" {
		s.pattern = text(node, extPattern)
	}
	if isPatternOf(s.format) {
		s.pattern = ""
	}
	if n := get(node, "default"); n != nil {
		s.fallback = encode(n)
	}
	d.readTypes(s, node)
	readBounds(s, node)
	d.readObject(s, node)
	if items := get(node, "items"); items != nil {
		s.items = d.shape(items)
	}
	if not := get(node, "not"); not != nil && len(not.Content) == 0 {
		s.never = true
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		if members := list(get(node, keyword)); members != nil {
			s.exclusive = keyword == "oneOf"
			s.types = nil
			for _, m := range members {
				s.addVariant(d.shape(m))
			}
		}
	}
	return d.readAllOf(simplify(s), node)
}

// checkKeywords notes keywords that shapes do not have, so that no rule of a document is lost silently.
func (d *document) checkKeywords(node *yaml.Node) {
	for key := range pairs(node) {
		switch key.Value {
		case "$ref", "type", "format", "pattern", "enum", "const", "default", "nullable", "deprecated", "writeOnly",
			"required", "properties", "additionalProperties", "items", "not", "anyOf", "oneOf", "allOf", "discriminator",
			"title", "description", "example", "examples", "externalDocs":
		default:
			if !strings.HasPrefix(key.Value, "x-") && !slices.Contains(boundNames(), key.Value) {
				d.unknown = append(d.unknown, fmt.Sprintf("line %d: %s", key.Line, key.Value))
			}
		}
	}
}

// extPattern holds a pattern that Go's regexp package cannot compile.
const extPattern = "x-pattern"

// isPatternOf reports whether a pattern next to a format only spells out that format.
func isPatternOf(format string) bool {
	return slices.Contains([]string{"date-time", "date", "uuid", "email"}, format)
}

func (d *document) named(name string) *shape {
	if s, ok := d.schemas[name]; ok {
		if s == nil {
			d.recursive[name] = true
			return &shape{ref: name, cycle: name}
		}
		return s
	}
	d.schemas[name] = nil
	s := *d.shape(get(d.root, "components", "schemas", name))
	s.ref, s.identity, s.recursive = name, "", d.recursive[name]
	d.schemas[name] = &s
	return &s
}

func (d *document) readTypes(s *shape, node *yaml.Node) {
	types := get(node, "type")
	if types != nil && types.Kind == yaml.ScalarNode {
		s.types = []string{types.Value}
	}
	for _, t := range list(types) {
		if t.Value == "null" {
			s.nullable = true
			continue
		}
		s.types = append(s.types, t.Value)
	}
	slices.Sort(s.types)
	values := list(get(node, "enum"))
	if constant := get(node, "const"); constant != nil {
		values = []*yaml.Node{constant}
	}
	for _, v := range values {
		if v.Tag == "!!null" {
			s.nullable = true
			continue
		}
		s.enum = append(s.enum, encode(v))
	}
	if len(values) > 0 && len(s.enum) == 0 {
		s.types = []string{"null"}
	}
	if slices.Equal(s.types, []string{"null"}) {
		s.nullable = true
	}
}

func readBounds(s *shape, node *yaml.Node) {
	for _, name := range boundNames() {
		value := text(node, name)
		if value == "" || value == "false" {
			continue
		}
		number, err := strconv.ParseFloat(value, 64)
		if err == nil && math.Abs(number) == maxSafeInteger {
			continue
		}
		if err == nil {
			value = strconv.FormatFloat(number, 'f', -1, 64)
		}
		limit, ok := strings.CutPrefix(name, "exclusive")
		if ok && err == nil { // of OpenAPI 3.1
			s.bounds[strings.ToLower(limit)] = value
			value = "true"
		}
		s.bounds[name] = value
	}
}

// maxSafeInteger is written by generators as a bound of every integer; it states nothing about the field.
const maxSafeInteger = 1<<53 - 1

func (d *document) readObject(s *shape, node *yaml.Node) {
	var required []string
	for _, n := range list(get(node, "required")) {
		required = append(required, n.Value)
	}
	for key, value := range pairs(get(node, "properties")) {
		s.fields = append(s.fields, field{key.Value, slices.Contains(required, key.Value), d.shape(value)})
	}
	if len(s.fields) > 0 && len(s.types) == 0 {
		s.types = []string{"object"}
	}
	if values := get(node, "additionalProperties"); values != nil && len(values.Content) > 0 {
		s.values = d.shape(values)
	}
}

// addVariant adds a variant to a union. Unions of unions become flat, null makes the union nullable, and constants
// of one type become one enum.
func (s *shape) addVariant(v *shape) {
	switch {
	case slices.Equal(v.types, []string{"null"}), v.cycle == "" && v.isAny() && v.nullable:
		s.nullable = true
	case len(v.union) > 0:
		s.nullable = s.nullable || v.nullable
		for _, inner := range v.union {
			s.addVariant(inner)
		}
	default:
		at := slices.IndexFunc(s.union, func(o *shape) bool {
			return len(v.enum) > 0 && len(o.enum) > 0 && slices.Equal(o.types, v.types)
		})
		if at < 0 {
			s.union = append(s.union, v)
			return
		}
		merged := *s.union[at]
		merged.enum = slices.Clone(merged.enum)
		for _, value := range v.enum {
			if !slices.Contains(merged.enum, value) {
				merged.enum = append(merged.enum, value)
			}
		}
		merged.ref, merged.identity = "", ""
		s.union[at] = &merged
	}
}

func (s *shape) isAny() bool {
	return len(s.types) == 0 && len(s.enum) == 0 && len(s.union) == 0 && len(s.all) == 0 && !s.never && s.cycle == ""
}

// simplify turns a union of one variant into that variant.
func simplify(s *shape) *shape {
	if len(s.union) != 1 || len(s.fields) > 0 {
		return s
	}
	return s.union[0].usedAs(s)
}

// usedAs returns the shape with what another one says about its use.
func (s *shape) usedAs(use *shape) *shape {
	out := *s
	out.nullable = s.nullable || use.nullable
	out.deprecated = s.deprecated || use.deprecated
	out.writeOnly = s.writeOnly || use.writeOnly
	if use.fallback != "" {
		out.fallback = use.fallback
	}
	out.identity = ""
	return &out
}

// readAllOf adds the members of allOf. One alone is that member, and plain objects become one object.
func (d *document) readAllOf(s *shape, node *yaml.Node) *shape {
	var members []*shape
	for _, m := range list(get(node, "allOf")) {
		members = append(members, d.shape(m))
	}
	if len(members) == 0 {
		return s
	}
	if len(members) == 1 && len(s.fields) == 0 && len(s.union) == 0 && len(s.enum) == 0 {
		return members[0].usedAs(s)
	}
	if len(s.fields) > 0 || len(s.union) > 0 {
		own := *s
		own.nullable, own.fallback = false, ""
		members = append(members, &own)
	}
	merged := mergeObjects(members)
	if merged == nil {
		merged = &shape{all: members, bounds: make(map[string]string)}
	}
	return merged.usedAs(s)
}

// mergeObjects returns one object with the fields of all; nil if not all are plain objects, or if they differ about a
// field.
func mergeObjects(members []*shape) *shape {
	merged := &shape{types: []string{"object"}, bounds: make(map[string]string)}
	for _, m := range members {
		if !slices.Equal(m.types, merged.types) || m.values != nil || len(m.union) > 0 {
			return nil
		}
		for _, f := range m.fields {
			at := slices.IndexFunc(merged.fields, func(o field) bool { return o.name == f.name })
			switch {
			case at < 0:
				merged.fields = append(merged.fields, f)
			case merged.fields[at].shape.isAny() || merged.fields[at].shape.key() == f.shape.key():
				f.required = f.required || merged.fields[at].required
				merged.fields[at] = f
			default:
				return nil
			}
		}
	}
	return merged
}
