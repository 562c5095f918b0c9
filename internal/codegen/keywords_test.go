package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// partSpec has one operation with a body, a response and a parameter. Tests replace its markers.
const partSpec = `
openapi: 3.0.3
info: {title: Parts, version: '1'}
paths:
  /parts/{partId}:
    post:
      operationId: createPart
      tags: [Parts]
      x-mount: root
      x-effect: once
      #OPERATION
      parameters:
        - {name: partId, in: path, required: true, schema: {type: string}}
        #PARAMETER
      requestBody:
        #BODY
        content:
          application/json:
            #MEDIA
            schema: {$ref: '#/components/schemas/PartParams'}
          #REQUEST
      responses:
        '200':
          description: A part.
          content:
            application/json: {schema: {$ref: '#/components/schemas/Part'}}
            #RESPONSE
components:
  schemas:
    Part:
      type: object
      description: Part is one of several.
      properties:
        name: {description: The name., type: string}
        #PART
    PartParams:
      type: object
      description: PartParams describes a part.
      properties:
        name: {description: The name., type: string}
        #FIELD
`

// generatePart renders the operations. The models need oapi-codegen, which takes most of the time.
func generatePart(t *testing.T, marker, text string) (string, error) {
	t.Helper()
	require.Equal(t, 1, strings.Count(partSpec, marker))
	spec := strings.Replace(partSpec, marker, text, 1)
	doc, err := load(t.Context(), []byte(spec))
	if err != nil {
		return "", err
	}
	ops, err := operations(doc, "Parts")
	if err != nil {
		return "", err
	}
	if _, err := selectModels(doc, ops, "parts", map[string]string{}); err != nil {
		return "", err
	}
	table, err := renderOperations(ops, "parts", map[string]bool{})
	return string(table), err
}

func TestUnsupportedKeywordsFail(t *testing.T) {
	t.Parallel()
	const (
		op    = "paths./parts/{partId}.post"
		body  = "components.schemas.PartParams.properties.size"
		param = "- {name: size, in: query, description: The size., "
	)
	for name, tt := range map[string]struct{ marker, text, want string }{
		"uniqueItems": {
			"#FIELD",
			"size: {description: D., type: array, items: {type: string}, uniqueItems: true}",
			body + ".uniqueItems",
		},
		"multipleOf": {"#FIELD", "size: {description: D., type: integer, multipleOf: 5}", body + ".multipleOf"},
		"not":        {"#FIELD", "size: {description: D., not: {type: string}}", body + ".not"},
		"readOnly":   {"#FIELD", "size: {description: D., type: string, readOnly: true}", body + ".readOnly"},
		"writeOnly": {
			"#PART",
			"size: {description: D., type: string, writeOnly: true}",
			"components.schemas.Part.properties.size.writeOnly",
		},
		"xml":       {"#FIELD", "size: {description: D., type: string, xml: {name: x}}", body + ".xml"},
		"unknown":   {"#FIELD", "size: {description: D., type: string, dependencies: {}}", body + ".dependencies"},
		"extension": {"#FIELD", "size: {description: D., type: string, x-colour: red}", body + ".x-colour"},
		"format": {
			"#FIELD",
			"size: {description: D., type: string, format: color}",
			body + ".format color is not supported",
		},
		"nested": {
			"#FIELD",
			"size: {description: D., type: array, items: {type: string, x-a: 1}}",
			body + ".items.x-a",
		},
		"in a map": {
			"#FIELD",
			"size: {description: D., type: object, additionalProperties: {type: string, x-a: 1}}",
			body + ".additionalProperties.x-a",
		},
		"in a variant": {
			"#FIELD",
			"size: {description: D., x-go-type: any, anyOf: [{type: string, x-a: 1}]}",
			body + ".anyOf[0].x-a",
		},
		"fields and map": {
			"#FIELD",
			"size: {description: D., type: object, properties: {a: {type: string, description: A.}}, " +
				"additionalProperties: {type: string}}",
			body + ".additionalProperties",
		},
		"lookahead": {
			"#FIELD",
			"size: {description: D., type: string, pattern: '^(?=a)'}",
			"PartParams.size.pattern",
		},
		"exclusive": {
			"#FIELD",
			"size: {description: D., type: integer, exclusiveMinimum: true}",
			"PartParams.size: an exclusive bound",
		},
		"maxLength of 0": {
			"#FIELD",
			"size: {description: D., type: string, maxLength: 0}",
			"PartParams.size.maxLength: 0",
		},
		"recursion": {
			"#FIELD",
			"size: {description: D., type: array, items: {$ref: '#/components/schemas/PartParams'}}",
			"PartParams > PartParams refers to itself",
		},
		"request union": {
			"#FIELD",
			"size: {description: D., anyOf: [{type: string}, {type: integer}]}",
			"PartParams.size: a union has no Go type",
		},
		"callbacks": {"#OPERATION", "callbacks: {}\n      x-op: 1", op + ".x-op"},
		"servers":   {"#OPERATION", "servers: [{url: 'https://a.example'}]", op + ".servers"},
		"header": {
			"#PARAMETER",
			"- {name: size, in: header, schema: {type: string}}",
			op + ".parameters.size.in header",
		},
		"cookie": {
			"#PARAMETER",
			"- {name: size, in: cookie, schema: {type: string}}",
			op + ".parameters.size.in cookie",
		},
		"style": {
			"#PARAMETER",
			param + "style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}",
			op + ".parameters.size.style",
		},
		"explode": {
			"#PARAMETER",
			param + "explode: false, schema: {type: array, items: {type: string}}}",
			op + ".parameters.size.style form (explode: false)",
		},
		"allowReserved": {
			"#PARAMETER",
			param + "allowReserved: true, schema: {type: string}}",
			op + ".parameters.size.allowReserved",
		},
		"content": {
			"#PARAMETER",
			"- {name: size, in: query, content: {application/json: {schema: {type: string}}}}",
			op + ".parameters.size.content",
		},
		"encoding": {
			"#MEDIA",
			"encoding: {name: {contentType: text/plain}}",
			op + ".requestBody.content.application/json.encoding",
		},
		"request media":  {"#REQUEST", "text/xml: {schema: {type: string}}", op + ".requestBody.content.text/xml"},
		"response media": {"#RESPONSE", "text/xml: {schema: {type: string}}", op + ".responses.200.content.text/xml"},
		"body extension": {"#BODY", "x-body: 1", op + ".requestBody.x-body"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := generatePart(t, tt.marker, tt.text)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestSupportedKeywordsBecomeRules(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ schema, want string }{
		"none":    {"type: string", ""},
		"minimum": {"type: integer, minimum: 2", "Type: check.Number, Min: &check.Limit{Value: 2}"},
		"maximum": {"type: number, maximum: 2.5", "Type: check.Number, Max: &check.Limit{Value: 2.5}"},
		"exclusiveMinimum": {
			"type: number, minimum: 0, exclusiveMinimum: true",
			"Min: &check.Limit{Value: 0, Exclusive: true}",
		},
		"exclusiveMaximum": {
			"type: number, maximum: 1, exclusiveMaximum: true",
			"Max: &check.Limit{Value: 1, Exclusive: true}",
		},
		"width":     {"type: integer, maximum: 9007199254740991", ""},
		"minLength": {"type: string, minLength: 2", "Type: check.String, MinSize: 2"},
		"maxLength": {"type: string, maxLength: 9", "Type: check.String, MaxSize: 9"},
		"pattern":   {"type: string, pattern: '^a`$'", "Pattern: &check.Pattern{Expr: \"^a`$\"}"},
		"pattern message": {
			"type: string, pattern: '^a$', x-pattern-message: must be a",
			"Pattern: &check.Pattern{Expr: `^a$`, Message: \"must be a\"}",
		},
		"Go's pattern": {
			"type: string, pattern: '^(?=a)', x-go-pattern: '^a'",
			"Pattern: &check.Pattern{Expr: `^a`}",
		},
		"date":      {"type: string, format: date", "Format: check.FormatDate"},
		"date-time": {"type: string, format: date-time", "Format: check.FormatTime"},
		"date or time": {
			"x-go-type: string, anyOf: [{type: string, format: date}, {type: string, format: date-time}]",
			"Format: check.FormatDateOrTime",
		},
		"minItems": {"type: array, items: {type: string}, minItems: 1", "Type: check.Array, MinSize: 1"},
		"maxItems": {"type: array, items: {type: string}, maxItems: 5", "Type: check.Array, MaxSize: 5"},
		"items": {
			"type: array, items: {type: string, maxLength: 3}",
			"Type: check.Array, Items: &check.Rule{Type: check.String, MaxSize: 3}",
		},
		"maxProperties": {
			"type: object, additionalProperties: {type: string}, maxProperties: 5",
			"Type: check.Object, MaxSize: 5",
		},
		"minProperties": {
			"type: object, additionalProperties: {type: string}, minProperties: 1",
			"Type: check.Object, MinSize: 1",
		},
		"map": {
			"type: object, additionalProperties: {type: string, minLength: 1}",
			"Items: &check.Rule{Type: check.String, MinSize: 1}",
		},
		"nullable": {
			"type: string, nullable: true, minLength: 1",
			"Type: check.String, Nullable: true, MinSize: 1",
		},
		"Field": {
			"type: string, x-go-type: 'client.Field[string]'",
			"Rule: &check.Rule{Type: check.String}",
		},
		"reference": {"allOf: [{$ref: '#/components/schemas/Limited'}]", "Rule: &ruleLimited"},
		"nullable ref": {
			"nullable: true, allOf: [{$ref: '#/components/schemas/Limited'}]",
			"&check.Rule{Nullable: true, Ref: &ruleLimited}",
		},
		"allOf": {
			"x-go-type: string, allOf: [{type: string, minLength: 1}, {pattern: a}]",
			"AllOf: []*check.Rule{&check.Rule{Type: check.String, MinSize: 1}, &check.Rule{Pattern: " +
				"&check.Pattern{Expr: `a`}}}",
		},
		"anyOf": {
			"x-go-type: any, anyOf: [{type: string, minLength: 1}, {type: integer}]",
			"AnyOf: []*check.Rule{&check.Rule{Type: check.String, MinSize: 1}, &check.Rule{Type: check.Number}}",
		},
		"anyOf scalars": {"x-go-type: any, anyOf: [{type: string}, {type: integer}]", ""},
		"anyOf null": {
			"x-go-type: string, anyOf: [{type: string, minLength: 1}, {nullable: true, enum: [null]}]",
			"&check.Rule{Nullable: true, Ref: &check.Rule{Type: check.String, MinSize: 1}}",
		},
		"anyOf constants": {
			"x-go-type: string, anyOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]",
			`Enum: []string{"a", "b"}`,
		},
		"discriminator": {
			"x-go-type: any, oneOf: [{type: object, required: [kind], properties: {kind: {type: string, enum: [a]}}}, " +
				"{type: object, required: [kind, n], properties: {kind: {type: string, enum: [b]}, n: {type: integer}}}]",
			"Discriminator: \"kind\", Cases: []check.Case{\n\t\t{Value: \"a\", Rule: &check.Rule{",
		},
		"required inside": {
			"x-go-type: any, type: object, required: [n], properties: {n: {type: integer, enum: [1, 2]}}",
			`{Name: "n", Rule: &check.Rule{Type: check.Number, Enum: []string{"1", "2"}}, Required: true}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			field := "size: {description: D., " + tt.schema +
				"}\n    Limited: {type: string, description: Limited is limited., enum: [x]}"
			operations, err := generatePart(t, "#FIELD", field)
			require.NoError(t, err)
			if tt.want == "" {
				assert.NotContains(t, operations, "check.")
				return
			}
			assert.Contains(t, operations, tt.want)
		})
	}
}

func TestRulesOfQueries(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]string{
		"{type: integer, minimum: 1}":               "check.Numbers(r, queryCreatePart, p.query())",
		"{type: string, maxLength: 1}":              "check.Query(r, queryCreatePart, p.query())",
		"{type: array, items: {type: string}}":      "check.Query(r, queryCreatePart, p.query())",
		"{type: string, minLength: 1}":              "",
		"{type: string, minLength: 1}, required: 1": "check.Query(r, queryCreatePart, p.query())",
	} {
		required := strings.HasSuffix(schema, ", required: 1")
		parameter := "- {name: size, in: query, description: D., schema: " + strings.TrimSuffix(schema, ", required: 1") + "}"
		if required {
			parameter = strings.Replace(parameter, "in: query", "in: query, required: true", 1)
		}
		spec := strings.Replace(partSpec, "#OPERATION", "x-go-params: SizeParams", 1)
		doc, err := load(t.Context(), []byte(strings.Replace(spec, "#PARAMETER", parameter, 1)))
		require.NoError(t, err)
		ops, err := operations(doc, "Parts")
		require.NoError(t, err)
		table, err := renderOperations(ops, "parts", map[string]bool{})
		require.NoError(t, err)
		if want == "" {
			assert.NotContains(t, string(table), "queryCreatePart", "an empty text is not sent")
			continue
		}
		assert.Contains(t, string(table), want, schema)
	}
}

func TestIrrelevantKeywordsChangeNothing(t *testing.T) {
	t.Parallel()
	plain, err := generatePart(t, "#FIELD", "size: {description: D., type: string}")
	require.NoError(t, err)
	for _, extra := range []string{
		"title: T", "example: x", "deprecated: true", "externalDocs: {url: 'https://a.example'}", "default: x", "format: uri",
		"format: email", "format: uuid",
	} {
		got, err := generatePart(t, "#FIELD", "size: {description: D., type: string, "+extra+"}")
		require.NoError(t, err, extra)
		assert.Equal(t, plain, got, extra)
	}
}
