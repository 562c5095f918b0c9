package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// toySpec is a document with one of everything the generator distinguishes.
const toySpec = `
openapi: 3.0.3
info: {title: Toys, version: '1'}
paths:
  /api/v2/buyer/toys:
    get:
      operationId: listToys
      tags: [Toys]
      x-mount: buyer
      x-effect: read
      x-paging: cursor
      x-items: toys
      x-go-params: ListParams
      parameters:
        - {name: colour, in: query, description: Only this colour., schema: {$ref: '#/components/schemas/Colour'}}
        - {name: broken, in: query, description: Broken ones too., schema: {type: boolean, default: false}}
        - name: loud
          in: query
          description: Only those that are loud, or that are not.
          schema: {type: boolean, x-go-type: 'client.Field[bool]'}
        - {name: owner, in: query, description: Only those of this child., schema: {$ref: '#/components/schemas/ID'}}
        - {name: shades, in: query, description: Only these colours., schema: {type: array,
          items: {$ref: '#/components/schemas/Colour'}}}
        - {name: since, in: query, description: Only those made since then., schema: {type: string, format: date-time}}
        - {name: day, in: query, description: Only those made that day., schema: {type: string, format: date}}
        - name: days
          in: query
          description: How far to look back.
          schema: {type: integer, minimum: 0, maximum: 9, x-go-type: 'client.Field[int]'}
        - {name: view, in: query, x-go-omit: true, schema: {type: string}}
        - {name: limit, in: query, description: Items a page., schema: {type: integer, minimum: 1, maximum: 9,
          default: 5}}
        - {name: cursor, in: query, schema: {type: string}}
      responses:
        '200':
          description: Toys.
          content:
            application/json:
              schema:
                allOf:
                  - $ref: '#/components/schemas/Envelope'
                  - properties:
                      data:
                        properties:
                          toys: {type: array, items: {$ref: '#/components/schemas/Toy'}}
  /api/v2/boxes:
    get:
      operationId: listBoxes
      tags: [Toys]
      x-mount: shared
      x-effect: read
      x-paging: none
      x-items: boxes
      x-go-params: BoxParams
      parameters:
        - {name: full, in: query, description: Only full ones., schema: {type: boolean}}
        - {name: ownerId, in: query, description: Only those of this owner., schema: {$ref: '#/components/schemas/ID'}}
      responses:
        '200':
          description: All boxes.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Toy'}}
  /health:
    post:
      operationId: poke
      tags: [Toys]
      x-mount: root
      x-effect: once
      x-level: admin
      x-class: auth
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/PokeParams'}
      responses:
        '204': {description: Poked.}
components:
  schemas:
    Envelope: {type: object, properties: {data: {}}}
    Colour:
      type: string
      description: Colour describes what a toy looks like.
      enum: [RED, BLUE]
      x-enum-varnames: [ColourRed, ColourBlue]
      x-enum-descriptions: [ColourRed is like blood., ColourBlue is like the sky.]
    ID:
      oneOf: [{type: string}, {type: integer}]
      x-go-type: client.ID
      x-go-type-import: &client {name: client, path: github.com/interchange-sdk/interchange-go/client}
    Toy:
      type: object
      description: Toy is played with.
      required: [id, weight]
      properties:
        weight: {type: number, nullable: true, description: In grams.}
        id: {allOf: [{$ref: '#/components/schemas/ID'}], description: The id.}
        parentIds: {type: array, items: {$ref: '#/components/schemas/ID'}, description: Where it comes from.}
        colour: {allOf: [{$ref: '#/components/schemas/Colour'}], nullable: true, description: Its look.}
        batch: {type: string, format: uuid, nullable: true, description: When it was made.}
        labels: {type: object, additionalProperties: {type: string, nullable: true},
          description: What is written on it.}
        madeAt: {type: string, format: date-time, nullable: true, description: When it was made.}
        parts: {type: array, items: {$ref: '#/components/schemas/Toy'}, description: What it is made of.}
    PokeParams:
      type: object
      description: PokeParams says how to poke.
      required: [why]
      properties:
        why: {type: string, maxLength: 9, description: The reason.}
        note: {type: string, nullable: true, maxLength: 5, x-go-type: 'client.Field[string]',
          x-go-type-import: *client, description: A note.}
        force: {type: integer, minimum: 0, description: In newtons.}
        colour: {allOf: [{$ref: '#/components/schemas/Colour'}], description: What to poke.}
        pokes: {type: array, items: {$ref: '#/components/schemas/Poke'}, description: One by one.}
    Poke:
      type: object
      description: Poke is one of many.
      required: [where]
      properties:
        where: {type: string, description: The place.}
        parts: {type: array, items: {$ref: '#/components/schemas/Part'}, minItems: 1, description: The parts.}
    Part:
      type: object
      description: Part is one of several.
      properties:
        size: {type: integer, maximum: 9, description: The size.}
`

func TestModels(t *testing.T) {
	t.Parallel()
	files, err := generate(t.Context(), []byte(toySpec), target{Package: "toys", Tags: "Toys"})
	require.NoError(t, err)
	assert.Equal(t, `// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package toys

import (
	"time"

	"github.com/interchange-sdk/interchange-go/client"
)

// The known values of Colour.
const (
	// ColourBlue is like the sky.
	ColourBlue Colour = "BLUE"
	// ColourRed is like blood.
	ColourRed Colour = "RED"
)

// Colour describes what a toy looks like.
type Colour string

// Part is one of several.
type Part struct {
	// The size.
	Size int64 `+"`json:\"size,omitzero\"`"+`
}

// Poke is one of many.
type Poke struct {
	// The place.
	Where string `+"`json:\"where\"`"+`

	// The parts.
	Parts []Part `+"`json:\"parts,omitzero\"`"+`
}

// PokeParams says how to poke.
type PokeParams struct {
	// The reason.
	Why string `+"`json:\"why\"`"+`

	// A note.
	Note client.Field[string] `+"`json:\"note,omitzero\"`"+`

	// In newtons.
	Force int64 `+"`json:\"force,omitzero\"`"+`

	// What to poke.
	Colour Colour `+"`json:\"colour,omitzero\"`"+`

	// One by one.
	Pokes []Poke `+"`json:\"pokes,omitzero\"`"+`
}

// Toy is played with.
type Toy struct {
	// In grams.
	Weight float64 `+"`json:\"weight\"`"+`

	// The id.
	ID client.ID `+"`json:\"id\"`"+`

	// Where it comes from.
	ParentIDs []client.ID `+"`json:\"parentIds,omitzero\"`"+`

	// Its look.
	Colour Colour `+"`json:\"colour,omitzero\"`"+`

	// When it was made.
	Batch string `+"`json:\"batch,omitzero\"`"+`

	// What is written on it.
	Labels map[string]string `+"`json:\"labels,omitzero\"`"+`

	// When it was made.
	MadeAt time.Time `+"`json:\"madeAt,omitzero\"`"+`

	// What it is made of.
	Parts []Toy `+"`json:\"parts,omitzero\"`"+`
}
`, string(files[modelsFile]))
}

func TestOperations(t *testing.T) {
	t.Parallel()
	doc, err := load(t.Context(), []byte(toySpec))
	require.NoError(t, err)
	ops, err := operations(doc, "Toys")
	require.NoError(t, err)
	got, err := renderOperations(ops, "toys", map[string]bool{})
	require.NoError(t, err)
	assert.Equal(t, `// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package toys

import (
	"net/url"
	"strconv"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// The operations of openapi.yaml that this package calls.
var (
	opListBoxes = client.Operation{
		ID:     "listBoxes",
		Method: "GET",
		Mount:  client.MountShared,
		Path:   "/boxes",
		Effect: client.EffectRead,
		Paging: client.PagingNone,
		Items:  "boxes",
	}
	opListToys = client.Operation{
		ID:      "listToys",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/toys",
		Effect:  client.EffectRead,
		Paging:  client.PagingCursor,
		MaxPage: 9,
		Items:   "toys",
	}
	opPoke = client.Operation{
		ID:     "poke",
		Method: "POST",
		Mount:  client.MountRoot,
		Path:   "/health",
		Effect: client.EffectOnce,
		Class:  client.ClassAuth,
		Level:  client.LevelAdmin,
	}
)

// ruleColour is the schema of a request.
var ruleColour = check.Rule{Type: check.String, Enum: []string{"RED", "BLUE"}}

// rulePart is the schema of a request.
var rulePart = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "size", Rule: &check.Rule{Type: check.Number, Max: &check.Limit{Value: 9}}},
}}

// rulePoke is the schema of a request.
var rulePoke = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "where", Rule: &check.Rule{Type: check.String}, Required: true},
	{Name: "parts", Rule: &check.Rule{Type: check.Array, MinSize: 1, Items: &rulePart}},
}}

// rulePokeParams is the schema of a request.
var rulePokeParams = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "why", Rule: &check.Rule{Type: check.String, MaxSize: 9}, Required: true},
	{Name: "note", Rule: &check.Rule{Type: check.String, Nullable: true, MaxSize: 5}},
	{Name: "force", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
	{Name: "colour", Rule: &ruleColour},
	{Name: "pokes", Rule: &check.Rule{Type: check.Array, Items: &rulePoke}},
}}

// check reports every field that its schema does not allow.
func (p PokeParams) check(r check.Reporter) { rulePokeParams.Value(r, p) }

// check reports every field that its schema does not allow.
func (p Poke) check(r check.Reporter) { rulePoke.Value(r, p) }

// BoxParams narrows listBoxes. Zero fields are not sent.
type BoxParams struct {
	// Only full ones.
	Full bool
	// Only those of this owner.
	OwnerID client.ID
}

// query returns the query string, or nil without parameters.
func (p BoxParams) query() url.Values {
	v := url.Values{}
	if p.Full {
		v.Set("full", "true")
	}
	if p.OwnerID != "" {
		v.Set("ownerId", string(p.OwnerID))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// ListParams narrows listToys. Zero fields are not sent.
type ListParams struct {
	// Only this colour.
	Colour Colour
	// Broken ones too.
	Broken bool
	// Only those that are loud, or that are not.
	Loud client.Field[bool]
	// Only those of this child.
	Owner client.ID
	// Only these colours.
	Shades []Colour
	// Only those made since then.
	Since time.Time
	// Only those made that day.
	Day string
	// How far to look back: 0 to 9.
	Days client.Field[int]
	// Items a page: 1 to 9; the platform's default is 5.
	PageSize int
	// PageToken continues from Page.Next of an earlier page.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
func (p ListParams) query() url.Values {
	v := url.Values{}
	if p.Colour != "" {
		v.Set("colour", string(p.Colour))
	}
	if p.Broken {
		v.Set("broken", "true")
	}
	if !p.Loud.IsZero() {
		v.Set("loud", strconv.FormatBool(p.Loud.Value()))
	}
	if p.Owner != "" {
		v.Set("owner", string(p.Owner))
	}
	for _, one := range p.Shades {
		v.Add("shades", string(one))
	}
	if !p.Since.IsZero() {
		v.Set("since", p.Since.UTC().Format(time.RFC3339Nano))
	}
	if p.Day != "" {
		v.Set("day", p.Day)
	}
	if !p.Days.IsZero() {
		v.Set("days", strconv.Itoa(p.Days.Value()))
	}
	if p.PageSize != 0 {
		v.Set("limit", strconv.Itoa(p.PageSize))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// queryListToys holds the schemas of the parameters of listToys.
var queryListToys = []check.Field{
	{Name: "colour", Rule: &ruleColour},
	{Name: "shades", Rule: &check.Rule{Type: check.Array, Items: &ruleColour}},
	{Name: "since", Rule: &check.Rule{Type: check.String, Format: check.FormatTime}},
	{Name: "day", Rule: &check.Rule{Type: check.String, Format: check.FormatDate}},
	{Name: "days", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}, Max: &check.Limit{Value: 9}}},
	{Name: "limit", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 9}}},
}

// check reports every parameter that its schema does not allow.
func (p ListParams) check(r check.Reporter) { check.Query(r, queryListToys, p.query()) }
`, string(got))
}

// An answer that comes in several shapes has a type written by hand, and its shapes are generated.
func TestShapesOfAnAnswer(t *testing.T) {
	t.Parallel()
	spec := strings.Replace(toySpec, "{type: array, items: {$ref: '#/components/schemas/Toy'}}\n  /health",
		"{type: array, items: {$ref: '#/components/schemas/Box'}}\n  /health", 1) + `
    Box:
      x-go-handwritten: true
      anyOf: [{$ref: '#/components/schemas/Crate'}, {$ref: '#/components/schemas/Bag'}]
    Crate: {type: object, description: Crate is hard., properties: {size: {type: number, description: In litres.}}}
    Bag: {type: object, description: Bag is soft., properties: {size: {type: number, description: In litres.}}}
`
	files, err := generate(t.Context(), []byte(spec), target{Package: "toys", Tags: "Toys"})
	require.NoError(t, err)
	models := string(files[modelsFile])
	assert.Contains(t, models, "type Crate struct")
	assert.Contains(t, models, "type Bag struct")
	assert.NotContains(t, models, "type Box ")
}

// Whatever the generator needs and does not find is said in words that name the place.
func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ old, new, want string }{
		"operationId":   {"operationId: poke", "summary: poke", "POST /health: operationId is missing"},
		"unknown mount": {"x-mount: root", "x-mount: roof", `x-mount is "roof"`},
		"wrong mount": {
			"x-mount: buyer", "x-mount: shared",
			`x-mount is shared, and a path under "/api/v2/buyer" wants buyer`,
		},
		"class":  {"x-class: auth", "x-class: oath", `x-class is "oath"; it is one of exports, auth`},
		"level":  {"x-level: admin", "x-level: root", `x-level is "root"; it is one of read, write, admin, unknown`},
		"items":  {"      x-items: toys\n", "", "GET /api/v2/buyer/toys: x-paging and x-items come together"},
		"paging": {"      x-paging: cursor\n", "", "x-paging and x-items come together"},
		"wrong items": {
			"x-items: toys", "x-items: dolls",
			`x-items is "dolls", and the success response has no such array`,
		},
		"params": {
			"      x-go-params: ListParams\n", "",
			"x-go-params names the struct of the query parameters; there are 11 of them",
		},
		"path parameter": {"  /health:", "  /health/{part}:", "missing: [part]"},
		"enum names": {
			"x-enum-varnames: [ColourRed, ColourBlue]", "x-enum-varnames: [ColourRed]",
			"Colour: x-enum-varnames",
		},
		"type comment": {
			"Toy is played with.", "Children like it.",
			`Toy: its description becomes the doc comment and begins with "Toy"`,
		},
		"field comment": {", description: In grams.", "", "Toy.weight: a field needs a description"},
		"union": {
			"batch: {type: string, format: uuid,", "batch: {anyOf: [{type: string}, {type: integer}],",
			"ToyBatch: a union of other things than objects",
		},
		"inline body": {
			"schema: {$ref: '#/components/schemas/PokeParams'}", "schema: {type: object}",
			"poke: a body or a payload is a named component",
		},
		"clashing names": {
			"      description: Toy is played with.",
			"      x-go-name: Colour\n      description: Colour is played with.", "its Go name Colour is also that of",
		},
		"query type": {
			"schema: {type: boolean, default: false}", "schema: {type: boolean, default: true}",
			"listToys: broken: a query parameter is",
		},
		"query comment": {
			"description: Only this colour., ", "",
			"listToys: colour: a query parameter needs a description",
		},
		"broken document": {"title: Toys, ", "", "value of title must be a non-empty string"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, 1, strings.Count(toySpec, test.old), "the test changes one place")
			spec := strings.Replace(toySpec, test.old, test.new, 1)
			_, err := generate(t.Context(), []byte(spec), target{Package: "toys", Tags: "Toys"})
			require.ErrorContains(t, err, test.want)
		})
	}
	_, err := generate(t.Context(), []byte(toySpec), target{Package: "toys", Tags: "Dolls"})
	require.EqualError(t, err, `no operation has the tag "Dolls"`)
}

// A result may stand in a member of its own; where the document has a named schema for the whole, that is the result.
func TestResultInAMember(t *testing.T) {
	t.Parallel()
	const bare, inline, named = "'204': {description: Poked.}",
		"'200': {description: A toy., content: {application/json: {schema: {properties: {toy: {$ref: " +
			"'#/components/schemas/Toy'}}}}}}",
		"'200': {description: A toy., content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}"
	poke := func(member, answer string) ([]operation, error) {
		spec := strings.Replace(toySpec, bare, answer, 1)
		spec = strings.Replace(spec, "      operationId: poke\n", "      operationId: poke\n      x-result: "+member+"\n", 1)
		doc, err := load(t.Context(), []byte(spec))
		require.NoError(t, err)
		return operations(doc, "Toys")
	}
	for _, answer := range []string{inline, named} {
		ops, err := poke("toy", answer)
		require.NoError(t, err)
		assert.Equal(t, componentPrefix+"Toy", ops[1].Result.Ref)
		table, err := renderOperations(ops, "toys", map[string]bool{})
		require.NoError(t, err)
		assert.Regexp(t, `Result: +"toy",`, string(table))
	}
	_, err := poke("doll", inline)
	require.ErrorContains(t, err, `x-result is "doll", and the success response has no such member`)
}

// Files say which document they are from.
func TestSource(t *testing.T) {
	t.Parallel()
	assert.Nil(t, target{Spec: "dolls.yaml"}.source(nil))
	assert.Equal(t, "// from dolls.yaml", string(target{Spec: "dolls.yaml"}.source([]byte("// from openapi.yaml"))))
	assert.Equal(t, "// from openapi.yaml", string(target{}.source([]byte("// from openapi.yaml"))))
}
