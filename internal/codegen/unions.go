package main

import (
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
