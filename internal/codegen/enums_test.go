package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ballsSpec has enums without names, and parameters that repeat or are always sent.
const ballsSpec = `
openapi: 3.0.3
info: {title: Balls, version: '1'}
paths:
  /api/v2/balls:
    get:
      operationId: listBalls
      tags: [Balls]
      x-mount: shared
      x-effect: read
      x-paging: none
      x-items: balls
      x-go-params: BallParams
      parameters:
        - {name: demo, in: query, required: true, description: Made-up ones., schema: {type: boolean, default: false}}
        - name: maker
          in: query
          description: Only those of these makers.
          schema: {type: array, items: {type: string}}
        - name: ballId
          in: query
          description: Only these.
          schema: {type: array, items: {$ref: '#/components/schemas/ID'}}
        - {name: rubber, in: query, description: Only of this kind., schema: {$ref: '#/components/schemas/Rubber'}}
      responses:
        '200':
          description: Balls.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Ball'}}}}
components:
  schemas:
    ID:
      oneOf: [{type: string}, {type: integer}]
      x-go-type: client.ID
      x-go-type-import: {name: client, path: github.com/interchange-sdk/interchange-go/client}
    Rubber:
      type: string
      x-go-name: Matter
      description: Matter is the material of a ball.
      enum: [HARD_RUBBER, as-of, a.b_c, HTML]
    Ball:
      type: object
      description: Ball is round.
      properties:
        rubber: {allOf: [{$ref: '#/components/schemas/Rubber'}], nullable: true, description: Its kind.}
`

func TestEnumConstantsAreNamedAfterTypeAndValue(t *testing.T) {
	t.Parallel()
	files, err := generate(t.Context(), []byte(ballsSpec), target{Package: "balls", Tags: "Balls"})
	require.NoError(t, err)
	assert.Contains(t, string(files[modelsFile]), `// The known values of Matter.
const (
	MatterABC        Matter = "a.b_c"
	MatterAsOf       Matter = "as-of"
	MatterHTML       Matter = "HTML"
	MatterHardRubber Matter = "HARD_RUBBER"
)
`)
	assert.Contains(t, string(files[operationsFile]),
		`check.Rule{Type: check.String, Enum: []string{"HARD_RUBBER", "as-of", "a.b_c", "HTML"}}`)
}

func TestParametersThatRepeatOrAreAlwaysSent(t *testing.T) {
	t.Parallel()
	files, err := generate(t.Context(), []byte(ballsSpec), target{Package: "balls", Tags: "Balls"})
	require.NoError(t, err)
	operations := string(files[operationsFile])
	assert.Contains(t, operations, `	v := url.Values{}
	v.Set("demo", strconv.FormatBool(p.Demo))
	for _, one := range p.Maker {
		v.Add("maker", one)
	}
	for _, one := range p.BallID {
		v.Add("ballId", string(one))
	}
`)
	assert.Contains(t, operations, "Demo bool\n")
	assert.Contains(t, operations, "Maker []string\n")
	assert.Contains(t, operations, "BallID []client.ID\n")
	assert.Contains(t, operations, `{Name: "maker", Rule: &check.Rule{Type: check.Array}},`)
}

func TestEnumCommentsMustBeComplete(t *testing.T) {
	t.Parallel()
	const old = "enum: [HARD_RUBBER, as-of, a.b_c, HTML]"
	for name, c := range map[string]struct{ text, want string }{
		"comments": {
			old + "\n      x-enum-descriptions: [One.]",
			"Matter: x-enum-descriptions must have one entry for each of the 4 values",
		},
		"names": {
			old + "\n      x-enum-varnames: [One]",
			"Matter: x-enum-varnames must have one entry for each of the 4 values",
		},
	} {
		_, err := generate(t.Context(), []byte(replaceOnce(t, ballsSpec, old, c.text)), target{
			Package: "balls",
			Tags:    "Balls",
		})
		require.ErrorContains(t, err, c.want, name)
	}
}

func replaceOnce(t *testing.T, text, before, after string) string {
	t.Helper()
	require.Equal(t, 1, strings.Count(text, before), "the test changes one place")
	return strings.Replace(text, before, after, 1)
}
