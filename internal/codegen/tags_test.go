package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dollsSpec has a second tag, which shares a schema with the first, and a body that is composed by hand.
const dollsSpec = `
openapi: 3.0.3
info: {title: Toys, version: '1'}
paths:
  /api/v2/toys:
    post:
      operationId: makeToy
      tags: [Toys]
      x-mount: shared
      x-effect: once
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/ToyBody'}}}}
      responses:
        '200': {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
  /api/v2/dolls:
    get:
      operationId: getDoll
      tags: [Dolls and bears]
      x-mount: shared
      x-effect: read
      responses:
        '200': {description: A doll., content: {application/json: {schema: {$ref: '#/components/schemas/Doll'}}}}
components:
  schemas:
    ToyBody:
      description: The body.
      x-go-handwritten: true
      allOf:
        - $ref: '#/components/schemas/ToyParams'
        - $ref: '#/components/schemas/ToySecret'
    ToySecret:
      x-go-handwritten: true
      type: object
      properties:
        kind: {type: string, maxLength: 3, description: What kind of key.}
    ToyParams:
      type: object
      description: ToyParams says what to make.
      required: [name]
      properties:
        name: {type: string, maxLength: 9, description: A name.}
        key: {type: string, description: The key., x-go-type: Key, x-go-json-ignore: true}
    Toy:
      type: object
      description: Toy is a toy.
      properties:
        name: {type: string, description: A name.}
    Doll:
      type: object
      description: Doll is a doll.
      properties:
        toy:
          allOf: [{$ref: '#/components/schemas/Toy'}]
          description: What it plays with.
`

func TestSeveralTagsShareAPackage(t *testing.T) {
	t.Parallel()
	files, err := generate(t.Context(), []byte(dollsSpec), target{Package: "toys", Tags: "Toys,Dolls and bears"})
	require.NoError(t, err)
	require.Len(t, files, 4)
	models, dolls := string(files["models.gen.go"]), string(files["dolls_and_bears_models.gen.go"])
	assert.Contains(t, models, "type Toy struct")
	assert.NotContains(t, dolls, "type Toy struct", "a schema belongs to the first tag that reaches it")
	assert.Regexp(t, "Toy +Toy +`json:\"toy,omitzero\"`", dolls)
	assert.Contains(t, string(files["operations.gen.go"]), "opMakeToy")
	assert.Contains(t, string(files["dolls_and_bears_operations.gen.go"]), "opGetDoll")
}

func TestABodyComposedByHandIsCheckedInItsGeneratedParts(t *testing.T) {
	t.Parallel()
	files, err := generate(t.Context(), []byte(dollsSpec), target{Package: "toys", Tags: "Toys"})
	require.NoError(t, err)
	models, table := string(files["models.gen.go"]), string(files["operations.gen.go"])
	assert.Regexp(t, "Key +Key +`json:\"-\"`", models, "left to be encoded by hand")
	assert.NotContains(t, models, "ToyBody")
	assert.NotContains(t, models, "ToySecret")
	assert.Contains(t, table, "func (p ToyParams) check(r check.Reporter) { ruleToyParams.Value(r, p) }")
	assert.Contains(t, table, `{Name: "name", Rule: &check.Rule{Type: check.String, MaxSize: 9}, Required: true}`)
	assert.NotContains(t, table, "kind")
}
