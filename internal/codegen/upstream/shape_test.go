package upstream

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// schemaOf reads one schema next to some components.
func schemaOf(t *testing.T, schema string) *shape {
	t.Helper()
	doc, err := parse("test.yaml", []byte(`
paths: {}
components:
  schemas:
    Name: {type: string, maxLength: 9}
    Tree:
      type: object
      properties:
        children: {type: array, items: {$ref: '#/components/schemas/Tree'}}
    Root: `+schema+"\n"))
	require.NoError(t, err)
	return doc.named("Root")
}

func TestEquivalentSchemasHaveOneKey(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]string{
		"reference": {"{$ref: '#/components/schemas/Name'}", "{type: string, maxLength: 9}"},
		"wrapper": {
			"{allOf: [{$ref: '#/components/schemas/Name'}], nullable: true}",
			"{type: string, maxLength: 9, nullable: true}",
		},
		"null variant":    {"{anyOf: [{type: string}, {type: 'null'}]}", "{type: string, nullable: true}"},
		"null constant":   {"{anyOf: [{type: string}, {enum: [null]}]}", "{type: string, nullable: true}"},
		"null type":       {"{type: [string, 'null']}", "{type: string, nullable: true}"},
		"null in an enum": {"{type: string, enum: [a, b, null]}", "{type: string, enum: [b, a], nullable: true}"},
		"constants": {
			"{anyOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
			"{type: string, enum: [a, b]}",
		},
		"const":           {"{type: string, const: a}", "{type: string, enum: [a]}"},
		"exclusive bound": {"{type: number, exclusiveMinimum: 3}", "{type: number, minimum: 3.0, exclusiveMinimum: true}"},
		"safe integers":   {"{type: integer, maximum: 9007199254740991}", "{type: integer}"},
		"spelled format":  {"{type: string, format: date-time, pattern: 'x'}", "{type: string, format: date-time}"},
		"unusual pattern": {"{type: string, pattern: '(?!a)b'}", "{type: string, x-pattern: '(?!a)b'}"},
		"nested union": {
			"{anyOf: [{anyOf: [{type: string}, {type: number}]}, {type: boolean}]}",
			"{oneOf: [{type: boolean}, {type: number}, {type: string}]}",
		},
		"closed object": {"{type: object, properties: {a: {}}, additionalProperties: false}", "{properties: {a: {}}}"},
		"order": {
			"{properties: {a: {}, b: {}}, required: [a, b]}",
			"{required: [b, a], properties: {b: {}, a: {}}}",
		},
		"merged objects": {
			"{allOf: [{properties: {a: {}}}, {properties: {b: {}}, required: [b]}]}",
			"{properties: {a: {}, b: {}}, required: [b]}",
		},
	} {
		left, right := schemaOf(t, pair[0]), schemaOf(t, pair[1])
		assert.Equal(t, left.key(), right.key(), name)
	}
}

func TestDifferentSchemasHaveDifferentKeys(t *testing.T) {
	t.Parallel()
	seen := make(map[string]string)
	for _, schema := range []string{
		"{}", "{type: string}", "{type: string, nullable: true}", "{type: string, default: a}", "{type: string, enum: [a]}",
		"{type: string, format: uri}", "{type: string, pattern: a}", "{type: string, minLength: 1}",
		"{type: string, maxLength: 1}", "{type: string, deprecated: true}", "{type: string, writeOnly: true}",
		"{type: integer}", "{type: array}", "{type: array, items: {type: string}}", "{type: object}", "{not: {}}",
		"{properties: {a: {}}}", "{properties: {a: {}}, required: [a]}", "{properties: {b: {}}}",
		"{type: object, additionalProperties: {type: string}}", "{anyOf: [{type: string}, {type: number}]}",
		"{$ref: '#/components/schemas/Tree'}",
	} {
		key := schemaOf(t, schema).key()
		assert.Empty(t, seen[key], "%s has the key of %s", schema, seen[key])
		seen[key] = schema
	}
}

func TestObjectsThatDifferAboutAFieldStayApart(t *testing.T) {
	t.Parallel()
	s := schemaOf(t, "{allOf: [{properties: {a: {type: number, minimum: 0}}}, {properties: {a: {maximum: 1}}}]}")
	assert.Equal(t, "allOf", s.describe())
	require.Len(t, s.all, 2)
	assert.Equal(t, "0", s.all[0].fields[0].shape.bounds["minimum"])
	assert.Equal(t, "1", s.all[1].fields[0].shape.bounds["maximum"])
}

func TestUnknownKeywordsAreErrors(t *testing.T) {
	t.Parallel()
	doc, err := parse("test.yaml", []byte(`
paths:
  /toys:
    get:
      parameters: [{name: a, in: query, schema: {type: object, patternProperties: {}, x-order: 1}}]
`))
	require.NoError(t, err)
	_, err = doc.operations()
	assert.EqualError(t, err, "test.yaml has schemas with unknown keywords: line 5: patternProperties")
}

func TestPathParametersTakeTheNamesOfTheTemplate(t *testing.T) {
	t.Parallel()
	doc, err := parse("test.yaml", []byte(`
servers: [{url: https://api.example/v1}]
paths:
  /toys/{toyId}/parts/{partId}/{side}:
    servers: [{url: https://api.example/v2}]
    get:
      parameters:
        - {in: path, name: id, required: true, schema: {type: integer}}
        - {in: path, name: partId, required: true, schema: {type: boolean}}
`))
	require.NoError(t, err)
	ops, err := doc.operations()
	require.NoError(t, err)
	require.Len(t, ops, 1)
	var got []string
	for _, p := range ops[0].parameters {
		got = append(got, p.name+" "+p.shape.describe())
	}
	assert.Equal(t, []string{"toyId integer", "partId boolean", "side string"}, got)
	assert.Equal(t, "GET /v2/toys/{}/parts/{}/{}", ops[0].route(), "servers of a path replace those of the document")
}
