package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// union is an anyOf or a oneOf, without the variant that is null.
type union struct {
	nullable bool
	variants openapi3.SchemaRefs
	// constants are the values if every variant is an enum.
	constants []any
	// discriminator is the field whose value selects the variant; empty if there is none.
	discriminator string
	cases         map[string]*openapi3.SchemaRef
}

func variantsOf(schema *openapi3.Schema) openapi3.SchemaRefs {
	return slices.Concat(schema.AnyOf, schema.OneOf)
}

// unionOf reads the union of a schema.
func unionOf(schema *openapi3.Schema) union {
	var u union
	for _, variant := range variantsOf(schema) {
		if isNull(variant.Value) {
			u.nullable = true
			continue
		}
		u.variants = append(u.variants, variant)
	}
	constant := func(v *openapi3.SchemaRef) bool { return len(v.Value.Enum) > 0 && !v.Value.Type.Is("object") }
	if !slices.ContainsFunc(u.variants, func(v *openapi3.SchemaRef) bool { return !constant(v) }) {
		for _, variant := range u.variants {
			u.constants = append(u.constants, variant.Value.Enum...)
		}
		return u
	}
	for _, name := range discriminators(schema, u.variants) {
		if cases := casesBy(name, u.variants); cases != nil {
			u.discriminator, u.cases = name, cases
			return u
		}
	}
	return u
}

// isNull reports whether a schema allows only null.
func isNull(schema *openapi3.Schema) bool {
	return schema.Type.Is("null") || len(schema.Enum) == 1 && schema.Enum[0] == nil
}

// discriminators lists the fields that may select a variant, the documented one first.
func discriminators(schema *openapi3.Schema, variants openapi3.SchemaRefs) []string {
	var names []string
	if schema.Discriminator != nil {
		names = append(names, schema.Discriminator.PropertyName)
	}
	if len(variants) < 2 {
		return names
	}
	return append(names, slices.Sorted(maps.Keys(variants[0].Value.Properties))...)
}

// casesBy returns the variants by the constant that each requires in a field, or nil if two of them share one or one of
// them has none.
func casesBy(name string, variants openapi3.SchemaRefs) map[string]*openapi3.SchemaRef {
	cases := make(map[string]*openapi3.SchemaRef)
	for _, variant := range variants {
		field := variant.Value.Properties[name]
		if field == nil || len(field.Value.Enum) == 0 || !slices.Contains(variant.Value.Required, name) {
			return nil
		}
		for _, value := range field.Value.Enum {
			text, ok := value.(string)
			if !ok || cases[text] != nil {
				return nil
			}
			cases[text] = variant
		}
	}
	return cases
}

// flatten merges the variants of a response into one object with the fields of all. A field that every variant requires
// stays required, and the values of a discriminator become one enum.
func flatten(schema *openapi3.Schema, u union) (*openapi3.Schema, error) {
	merged := &openapi3.Schema{
		Type: &openapi3.Types{"object"}, Description: schema.Description, Properties: openapi3.Schemas{},
		Required: slices.Clone(u.variants[0].Value.Required),
	}
	for _, variant := range u.variants {
		if len(variant.Value.Properties) == 0 || len(variant.Value.AllOf) > 0 {
			return nil, errors.New("a union of other things than objects has no Go type")
		}
		required := variant.Value.Required
		merged.Required = slices.DeleteFunc(merged.Required, func(name string) bool {
			return !slices.Contains(required, name)
		})
		for name, field := range variant.Value.Properties {
			known, ok := merged.Properties[name]
			switch {
			case !ok:
				merged.Properties[name] = field
			case name == u.discriminator:
				one := *known.Value
				one.Enum = slices.Concat(one.Enum, field.Value.Enum)
				merged.Properties[name] = &openapi3.SchemaRef{Value: &one}
			case !sameType(known, field):
				return nil, fmt.Errorf("the variants of a union have different types of %s", name)
			}
		}
	}
	return merged, nil
}

// sameType reports whether two fields have one Go type.
func sameType(a, b *openapi3.SchemaRef) bool {
	if a.Ref != "" || b.Ref != "" {
		return a.Ref == b.Ref
	}
	x, y := a.Value, b.Value
	simple := len(x.Properties)+len(y.Properties)+len(x.AllOf)+len(y.AllOf)+len(variantsOf(x))+len(variantsOf(y)) == 0
	return simple && fmt.Sprint(x.Type) == fmt.Sprint(y.Type) && x.Format == y.Format && slices.Equal(x.Enum, y.Enum) &&
		(x.Items == nil) == (y.Items == nil) && (x.Items == nil || sameType(x.Items, y.Items)) &&
		stringExt(x.Extensions, extGoType) == stringExt(y.Extensions, extGoType)
}
