package upstream

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// toys is our document, with the operation of the platform's document toyFactory in it.
const toys = `
openapi: 3.0.3
info: {title: Toys, version: '1'}
paths:
  /api/v2/buyer/campaigns/{id}:
    put:
      operationId: updateCampaign
      tags: [Buyer]
      summary: Changes a toy.
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: loud, in: query, schema: {type: boolean}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}
      responses:
        '200':
          description: The toy.
          content:
            application/json:
              schema:
                allOf:
                  - $ref: '#/components/schemas/Envelope'
                  - properties: {data: {$ref: '#/components/schemas/Toy'}}
        default: {$ref: '#/components/responses/Error'}
components:
  responses:
    Error: {description: Failed.}
  schemas:
    Envelope:
      type: object
      properties: {data: {}, error: {nullable: true}, meta: {}}
    Undocumented: {description: Any value.}
    Toy:
      type: object
      description: Toy is a toy.
      required: [name]
      properties:
        name: {type: string, maxLength: 9, description: Its name.}
        parts: {type: array, items: {type: integer, minimum: 1}}
        kind: {type: string, enum: [car, doll]}
`

// toyFactory is a document of the platform.
const toyFactory = `
openapi: 3.0.0
servers: [{url: https://api.example/api/v2/buyer}]
paths:
  /campaigns/{campaignId}:
    put:
      operationId: updateCampaign
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: loud, in: query, schema: {type: boolean}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/ToyBody'}}}
      responses:
        '200': {description: A toy., content: {application/json: {schema: {$ref: '#/components/schemas/ToyBody'}}}}
        '400': {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/ErrorResponse'}}}}
components:
  schemas:
    ErrorResponse: {type: object}
    ToyBody:
      type: object
      description: Words of the platform.
      required: [name]
      properties:
        name: {type: string, maxLength: 9}
        parts: {type: array, items: {type: integer, minimum: 1, maximum: 9007199254740991}}
        kind: {anyOf: [{type: string, enum: [doll]}, {type: string, enum: [car]}]}
`

func operationsOf(t *testing.T, raw string) []*operation {
	t.Helper()
	doc, err := parse("test.yaml", []byte(raw))
	require.NoError(t, err)
	ops, err := doc.operations()
	require.NoError(t, err)
	return ops
}

func TestEqualDocumentsHaveNoDifferences(t *testing.T) {
	t.Parallel()
	assert.Empty(t, compare(operationsOf(t, toys), operationsOf(t, toyFactory)))
}

func TestEveryKindOfDifferenceIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"operation":  {"put:", "patch:", "operation: missing"},
		"id":         {"operationId: updateCampaign", "operationId: changeCampaign", "operation: operationId"},
		"mount":      {"/api/v2/buyer}", "/api/v3/buyer}", "operation: missing"},
		"public":     {"parameters:", "security: []\n      parameters:", "operation: public"},
		"deprecated": {"parameters:", "deprecated: true\n      parameters:", "operation: deprecated"},
		"parameter":  {"name: loud", "name: quiet", "query.quiet: parameter: ours nothing"},
		"extra":      {"name: loud", "name: quiet", "query.loud: parameter: ours present"},
		"required":   {"in: query,", "in: query, required: true,", "query.loud: required"},
		"type":       {"{type: boolean}", "{type: string}", "query.loud: type"},
		"body":       {"required: true\n        content", "required: false\n        content", "request: required"},
		"media": {
			"content: {application/json: {schema: {$ref: '#/components/schemas/ToyBody'}}}\n      responses",
			"content: {text/csv: {schema: {$ref: '#/components/schemas/ToyBody'}}}\n      responses",
			"request: media",
		},
		"status":     {"'200'", "'201'", "response: status: ours nothing, theirs 201"},
		"error":      {"ErrorResponse'}", "Lost'}", "error: schema: ours Error, theirs 400 #/components/schemas/Lost"},
		"field":      {"name: {type", "nickname: {type", "response.nickname: field: ours nothing"},
		"our field":  {"name: {type", "nickname: {type", "request.name: field: ours string, theirs nothing"},
		"must":       {"required: [name]", "required: [name, kind]", "request.kind: required"},
		"bound":      {"maxLength: 9", "maxLength: 8", "request.name: maxLength: ours 9, theirs 8"},
		"format":     {"type: string, maxLength", "type: string, format: uri, maxLength", "request.name: format"},
		"pattern":    {"type: string, maxLength", "type: string, pattern: a, maxLength", "request.name: pattern"},
		"nullable":   {"type: string, maxLength", "type: string, nullable: true, maxLength", "request.name: nullable"},
		"default":    {"type: string, maxLength", "type: string, default: a, maxLength", "request.name: default"},
		"write only": {"type: string, maxLength", "type: string, writeOnly: true, maxLength", "request.name: writeOnly"},
		"deep bound": {"minimum: 1,", "minimum: 2,", "response.parts[]: minimum: ours 1, theirs 2"},
		"enum":       {"enum: [car]", "enum: [ball]", "request.kind: enum"},
		"items":      {", items: {type: integer, minimum: 1, maximum: 9007199254740991}", "", "request.parts[]: items"},
		"union": {
			"{type: integer, minimum: 1, maximum: 9007199254740991}",
			"{anyOf: [{type: integer}, {type: string}]}",
			"request.parts[]: type: ours integer, theirs integer|string",
		},
		"any variant": {
			"kind: {anyOf: [{type: string, enum: [doll]}, {type: string, enum: [car]}]}",
			"kind: {}",
			"request.kind: type: ours string, theirs any",
		},
	} {
		changed := strings.Replace(toyFactory, c.old, c.new, 1)
		require.NotEqual(t, toyFactory, changed, name)
		var found []string
		for _, d := range compare(operationsOf(t, toys), operationsOf(t, changed)) {
			found = append(found, d.String())
		}
		assert.Contains(t, strings.Join(found, "\n"), "): "+c.want, name)
	}
}

func TestOperationsOnlyWeHaveAreFound(t *testing.T) {
	t.Parallel()
	ours, theirs := operationsOf(t, toys), operationsOf(t, toyFactory)
	assert.Empty(t, withdrawn(ours, theirs))
	found := withdrawn(ours, nil)
	require.Len(t, found, 1)
	assert.Equal(t,
		"updateCampaign (PUT /api/v2/buyer/campaigns/{}): operation: extra: ours updateCampaign, theirs nothing",
		found[0].String())
}

func TestVariantsOfUnionsAreCompared(t *testing.T) {
	t.Parallel()
	union := func(members string) *shape { return schemaOf(t, "{oneOf: ["+members+"]}") }
	a, b := "{properties: {kind: {enum: [a]}}}", "{properties: {kind: {enum: [b]}, size: {type: integer}}}"
	for name, c := range map[string]struct {
		theirs string
		want   []string
	}{
		"order":   {b + ", " + a, nil},
		"fields":  {a + ", {properties: {kind: {enum: [b]}, size: {type: string}}}", []string{"response<1>.size: type"}},
		"missing": {a + ", " + b + ", {properties: {kind: {enum: [c]}}}", []string{"response: variants"}},
	} {
		found := &comparison{}
		found.shapes("response", union(a+", "+b), union(c.theirs))
		var got []string
		for _, d := range found.found {
			got = append(got, d.at+": "+d.kind)
		}
		assert.Equal(t, c.want, got, name)
	}
}

func TestResponsesAreComparedWithoutTheirEnvelopes(t *testing.T) {
	t.Parallel()
	data := "properties: {data: {type: string}"
	for schema, want := range map[string]string{
		"{" + data + "}}": "string",
		"{" + data + ", success: {type: boolean}}}": "string",
		"{" + data + ", meta: {}, error: {}}}":      "string",
		"{" + data + ", total: {type: integer}}}":   "object",
		"{properties: {success: {type: boolean}}}":  "object",
		"{type: array, items: {}}":                  "array",
	} {
		assert.Equal(t, want, payload(schemaOf(t, schema), "/api/v2/toys").describe(), schema)
	}
	assert.Equal(t, "object", payload(schemaOf(t, "{"+data+"}}"), "/mcp/v2/buyer").describe(), "MCP has no envelope")
}
