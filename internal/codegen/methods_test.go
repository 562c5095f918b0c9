package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// gearsSpec has an operation of each form that a generated method can have.
const gearsSpec = `
openapi: 3.0.3
info: {title: Gears, version: '1'}
paths:
  /api/v2/buyer/boxes/{boxId}/gears/{gearId}:
    parameters:
      - {name: boxId, in: path, required: true, schema: {type: string, minLength: 1}}
      - {name: gearId, in: path, required: true, schema: {type: integer, minimum: 1}}
    get:
      operationId: getGear
      tags: [Gears]
      summary: Returns one gear.
      x-go-method: GearService.Get
      x-go-params: GearGetParams
      parameters: [{name: full, in: query, description: All fields., schema: {type: boolean}}]
      responses:
        '200':
          description: A gear.
          content:
            application/json:
              schema:
                properties: {gear: {description: The gear., allOf: [{$ref: '#/components/schemas/Gear'}]}}
    put:
      operationId: replaceGear
      tags: [Gears]
      summary: Replaces a gear.
      description: |
        All fields are
        replaced.
      x-go-method: GearService.Replace
      x-level: write
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/GearParams'}}}}
      responses:
        '200': {description: Its price., content: {application/json: {schema: {$ref: '#/components/schemas/Price'}}}}
    delete:
      operationId: deleteGear
      tags: [Gears]
      summary: Deletes a gear.
      x-go-method: GearService.Delete
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/GearParams'}}}}
      responses:
        '204': {description: Deleted.}
    post:
      operationId: turnGear
      tags: [Gears]
      summary: Turns a gear.
      x-go-method: GearService.Turn
      responses:
        '200': {description: Anything., content: {application/json: {schema: {$ref: '#/components/schemas/Any'}}}}
  /gears.pdf:
    get:
      operationId: printGears
      tags: [Gears]
      summary: Returns the gears as PDF. The caller must close it.
      x-go-method: Service.Print
      responses:
        '200': {description: A file., content: {application/pdf: {schema: {type: string, format: binary}}}}
components:
  schemas:
    Any:
      x-go-type: jsontext.Value
      x-go-type-import: {name: jsontext, path: github.com/go-json-experiment/json/jsontext}
    Gear:
      type: object
      description: Gear is a wheel.
      required: [id]
      properties: {id: {type: string, description: The id.}}
    Price: {type: object, description: Price is an amount., properties: {amount: {type: integer,
          description: In cents.}}}
    GearParams:
      type: object
      description: GearParams describes a gear.
      properties: {teeth: {type: integer, minimum: 3, description: The number of teeth.}}
`

func TestMethods(t *testing.T) {
	t.Parallel()
	doc, err := load(t.Context(), []byte(gearsSpec))
	require.NoError(t, err)
	ops, err := operations(doc, "Gears")
	require.NoError(t, err)
	source, err := renderOperations(ops, "gears", map[string]bool{})
	require.NoError(t, err)
	text := string(source)
	i := strings.Index(text, "// gearWithID")
	require.Positive(t, i, text)
	want, err := os.ReadFile("testdata/gears.golden")
	require.NoError(t, err)
	assert.Equal(t, string(want), text[i:])
	assert.Contains(t, text, `Mount:  client.MountBuyer,
		Path:   "/boxes/{boxId}/gears/{gearId}",
		Effect: client.EffectRead,
		Result: "gear",`)
	assert.Regexp(t, `ID: +"deleteGear",\s+Method: +"DELETE",\s+Mount: .*\s+Path: .*\s+Effect: client.EffectIdempotent`,
		text)
	assert.Regexp(t, `ID: +"turnGear",\s+Method: +"POST",\s+Mount: .*\s+Path: .*\s+Effect: client.EffectOnce`, text)
	assert.Contains(t, text, `import (
	"context"
	"io"
	"net/url"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/operation"
)`)
}

func TestMethodsThatCannotBeGenerated(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ old, new, want string }{
		"no service": {
			"x-go-method: GearService.Turn",
			"x-go-method: Turn",
			"turnGear: x-go-method must be Service.Method",
		},
		"a list": {
			"x-go-method: GearService.Turn",
			"x-go-method: GearService.Turn\n      x-paging: none\n      x-items: gears",
			"no such array",
		},
		"no method type": {
			"schema: {$ref: '#/components/schemas/Price'}",
			"schema: {type: object, properties: {a: {type: string}}}",
			"a body or a payload is a named component",
		},
	} {
		spec := replaceOnce(t, gearsSpec, tt.old, tt.new)
		_, err := generate(t.Context(), []byte(spec), target{Package: "gears", Tags: "Gears"})
		require.ErrorContains(t, err, tt.want, name)
	}
}

func TestArgumentNames(t *testing.T) {
	t.Parallel()
	for wire, want := range map[string]string{
		"id": "id", "organizationId": "organizationID", "url_path": "urlPath",
		"HTMLText": "htmlText",
	} {
		assert.Equal(t, want, lowerFirst(goName(wire)), wire)
	}
}
