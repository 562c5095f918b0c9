package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// generateToy generates the models of a spec in which a field of Toy has another schema.
func generateToy(t *testing.T, schema string) (string, error) {
	t.Helper()
	const field = "batch: {type: string, format: uuid, nullable: true, description: When it was made.}"
	spec := replaceOnce(t, toySpec, field, "batch: "+schema)
	files, err := generate(t.Context(), []byte(spec), target{Package: "toys", Tags: "Toys"})
	return string(files[modelsFile]), err
}

func TestTypesWithoutAName(t *testing.T) {
	t.Parallel()
	models, err := generateToy(t, `{description: B., type: object, properties: {
          size: {type: string, enum: [big, small], description: S.},
          tags: {type: array, description: T., items: {type: object, properties: {name: {type: string,
          description: N.}}}}}}`)
	require.NoError(t, err)
	assert.Contains(t, models, "// ToyBatch is the type of Toy.batch.\ntype ToyBatch struct {")
	assert.Regexp(t, `Batch +ToyBatch +`, models)
	assert.Regexp(t, `Size +ToyBatchSize +`, models)
	assert.Regexp(t, `Tags +\[\]ToyBatchTagsItem +`, models)
	assert.Regexp(t, `ToyBatchSizeBig +ToyBatchSize = "big"`, models)
	_, err = generateToy(t, "{description: B., type: string, enum: [a]}\n"+
		"        parts2: {$ref: '#/components/schemas/ToyBatch'}\n"+
		"    ToyBatch: {type: object, description: ToyBatch is one.}\n"+
		"    Rest:\n      properties:\n        x: {type: string}")
	require.ErrorContains(t, err, "its Go name ToyBatch is also that of")
}

func TestUnionsOfResponses(t *testing.T) {
	t.Parallel()
	variant := func(kind, fields string) string {
		return "{type: object, required: [kind, n], properties: {kind: {type: string, enum: [" + kind +
			"], description: K.}, " +
			"n: {type: integer, description: N.}, " + fields + "}}"
	}
	for name, tt := range map[string]struct{ schema, want string }{
		"or null": {"{description: B., anyOf: [{type: string}, {nullable: true, enum: [null]}]}", "Batch string `json"},
		"ref or null": {
			"{description: B., anyOf: [{$ref: '#/components/schemas/Part'}, {nullable: true, enum: [null]}]}",
			"Batch Part `json",
		},
		"constants": {
			"{description: B., anyOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
			"ToyBatchA ToyBatch = \"a\" ToyBatchB ToyBatch = \"b\"",
		},
		"discriminator": {
			"{description: B., oneOf: [" + variant("a", "x: {type: string, description: X.}") + ", " +
				variant("b", "y: {type: string, description: Y.}") + "]}",
			"type ToyBatch struct { // K. Kind ToyBatchKind `json:\"kind\"` // N. N int64 `json:\"n\"` " +
				"// X. X string `json:\"x,omitzero\"` // Y. Y string `json:\"y,omitzero\"` }",
		},
	} {
		models, err := generateToy(t, tt.schema)
		require.NoError(t, err, name)
		assert.Contains(t, strings.Join(strings.Fields(models), " "), tt.want, name)
	}
	_, err := generateToy(t,
		"{description: B., oneOf: ["+variant("a", "x: {type: string}")+", "+variant("b", "x: {type: integer}")+"]}")
	require.ErrorContains(t, err, "ToyBatch: the variants of a union have different types of x; write a Go type by hand")
}
