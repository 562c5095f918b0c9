package upstream

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newToys is a document of the platform with an operation on a known path, and some on new ones.
const newToys = `
openapi: 3.0.0
servers: [{url: https://api.example/api/v2/buyer}]
paths:
  /campaigns/{campaignId}:
    get:
      operationId: getCampaign
      parameters: [{name: campaignId, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: Their words., content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
  /discovery/{id}/toys:
    post:
      operationId: discoverToys
      summary: Their words.
      security: []
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: mode, in: query, description: Their words., schema: {type: string, enum: ['on', slow], default: 'on'}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              description: Their words.
              required: [filter]
              properties:
                filter:
                  oneOf:
                    - {type: object, properties: {kind: {type: string, enum: [by_size]}, size: {type: integer}}}
                    - {type: object, properties: {kind: {type: string, enum: [by_name]}, name: {type: string}}}
                label: {type: string, pattern: '^(?!a)b$', nullable: true, maxLength: 9}
      responses:
        '201':
          description: Their words.
          content:
            application/json:
              schema:
                type: object
                required: [data]
                properties:
                  data:
                    type: object
                    properties:
                      found: {type: array, items: {$ref: '#/components/schemas/KnownToy'}}
                      best: {nullable: true, allOf: [{$ref: '#/components/schemas/Toy'}]}
                      tree: {$ref: '#/components/schemas/Tree'}
                      owner: {type: object, properties: {id: {type: string}}}
                      maker: {type: object, properties: {id: {type: string}}}
    delete:
      operationId: removeToys
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '204': {description: Their words.}
  /discovery/{id}/file:
    get:
      operationId: getToyFile
      responses:
        '200': {description: A file., content: {application/pdf: {schema: {type: string, format: binary}}}}
  /discovery/start:
    post:
      operationId: startDiscovery
      responses:
        '200': {description: Nothing is known.}
components:
  schemas:
    Toy: {type: object, required: [wheels], properties: {wheels: {type: integer, minimum: 0}}}
    KnownToy:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 9}
        parts: {type: array, items: {type: integer, minimum: 1}}
        kind: {type: string, enum: [doll, car]}
    Tree: {type: object, properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
`

// merged imports documents of the platform into ours.
func merged(t *testing.T, ours string, theirs ...string) (string, addition) {
	t.Helper()
	doc, err := parse("openapi.yaml", []byte(ours))
	require.NoError(t, err)
	var docs []*document
	for _, raw := range theirs {
		d, err := parse("theirs.yaml", []byte(raw))
		require.NoError(t, err)
		docs = append(docs, d)
	}
	out, added, err := merge(doc, []byte(ours), docs)
	require.NoError(t, err)
	return string(out), added
}

func TestImportAddsWhatIsNew(t *testing.T) {
	t.Parallel()
	out, added := merged(t, toys, newToys)
	assert.Equal(t, 5, added.operations)
	for _, want := range []string{
		"    get:\n      operationId: getCampaign\n      tags: [buyer/campaigns]\n      summary: Returns one campaign.\n" +
			"      parameters:\n        - {name: id, in: path, required: true, schema: {type: string}}\n",
		"      operationId: discoverToys\n      tags: [buyer/discovery]\n",
		"      summary: Discovers toys.\n      security: []\n",
		"    parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n    post:\n",
		"{name: mode, in: query, schema: {allOf: [{$ref: '#/components/schemas/DiscoverToysMode'}], default: 'on'}}",
		"schema: {$ref: '#/components/schemas/DiscoverToysBody'}",
		"    DiscoverToysBodyFilter:\n      oneOf:\n        - {$ref: '#/components/schemas/DiscoverToysBodyFilterBySize'}\n",
		"label: {type: string, maxLength: 9, x-pattern: '^(?!a)b$', nullable: true}",
		"        found: {type: array, items: {$ref: '#/components/schemas/Toy'}}\n",
		"        best: {allOf: [{$ref: '#/components/schemas/ToyOutput'}], nullable: true}\n",
		"        owner: {$ref: '#/components/schemas/DiscoverToysResultOwner'}\n",
		"        maker: {$ref: '#/components/schemas/DiscoverToysResultOwner'}\n",
		"properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}\n",
		"        '204':\n          description: Done.\n        default:",
		"application/pdf:\n              schema: {type: string, format: binary}\n",
		"application/json:\n              schema: {$ref: '#/components/schemas/Undocumented'}\n",
	} {
		assert.Contains(t, out, want)
	}
	assert.NotContains(t, out, "Their words")
	assert.NotContains(t, out, "    KnownToy:", "a known shape is used, under the name that it has")
	assert.NotContains(t, out, "    ToyKind:", "and keeps the schemas inside it")

	doc, err := openapi3.NewLoader().LoadFromData([]byte(out))
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()))
}

func TestImportKeepsEveryLine(t *testing.T) {
	t.Parallel()
	out, _ := merged(t, toys, newToys)
	rest := out
	for line := range strings.Lines(strings.TrimSpace(toys)) {
		_, after, found := strings.Cut(rest, line)
		require.True(t, found, line)
		rest = after
	}
}

func TestImportIsIdempotentAndLeavesNoDrift(t *testing.T) {
	t.Parallel()
	out, _ := merged(t, toys, newToys, toyFactory)
	again, added := merged(t, out, newToys, toyFactory)
	assert.Equal(t, out, again)
	assert.Zero(t, added)
	once, _ := merged(t, toys, newToys)
	assert.Equal(t, once, out, "toyFactory has nothing new")

	var kinds []string
	for _, d := range compare(operationsOf(t, out), operationsOf(t, newToys)) {
		kinds = append(kinds, d.operation+" "+d.kind)
	}
	assert.Equal(t, []string{"startDiscovery media"}, kinds, "an undocumented response is read as any JSON")
}

func TestImportRefusesWhatItCannotPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ ours, theirs, want string }{
		"area":    {toys, strings.ReplaceAll(newToys, "/discovery/start", "/dolls"), "belongs to no area"},
		"id":      {toys, strings.ReplaceAll(newToys, "removeToys", "updateCampaign"), "is taken"},
		"section": {toys + "tags: []\n", newToys, "must end with components"},
	} {
		doc, err := parse("openapi.yaml", []byte(c.ours))
		require.NoError(t, err)
		theirs, err := parse("theirs.yaml", []byte(c.theirs))
		require.NoError(t, err)
		_, _, err = merge(doc, []byte(c.ours), []*document{theirs})
		assert.ErrorContains(t, err, c.want, name)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	ours, theirs := file("openapi.yaml", toys), file("theirs.yaml", newToys)
	var out bytes.Buffer
	require.ErrorIs(t, Drift([]string{"-spec", ours, "-v", theirs}, &out), ErrDrift)
	assert.Contains(t, out.String(), "getCampaign (GET /api/v2/buyer/campaigns/{}): operation: missing")
	assert.Regexp(t, `(?m)^buyer/discovery +0 of +4$`, out.String())
	assert.Contains(t, out.String(), "6 unexplained differences, 0 explained")

	out.Reset()
	require.NoError(t, Import([]string{"-spec", ours, theirs}, &out))
	assert.Regexp(t, `^5 operations and \d+ schemas added\n$`, out.String())
	out.Reset()
	require.ErrorIs(t, Drift([]string{"-spec", ours, theirs}, &out), ErrDrift, "unused exceptions are errors")
	assert.Contains(t, out.String(), "1 unexplained differences, 1 explained")

	for name, args := range map[string][]string{
		"no document": {"-spec", ours},
		"no file":     {"-spec", ours, filepath.Join(dir, "none.yaml")},
		"no OpenAPI":  {"-spec", ours, file("empty.yaml", "a: 1")},
		"no spec":     {"-spec", filepath.Join(dir, "none.yaml"), theirs},
	} {
		require.Error(t, Drift(args, &out), name)
		require.Error(t, Import(args, &out), name)
	}
}

// The tables are read by hand as well as by programs: every area has a place, and every summary is one sentence.
func TestTablesAreInOrder(t *testing.T) {
	t.Parallel()
	words, err := readWording()
	require.NoError(t, err)
	sentence := regexp.MustCompile(`^[A-Z][a-z]+s,? .*\.$`)
	for id, s := range words.Summaries {
		assert.Regexp(t, sentence, s, id)
	}
	for id, effect := range words.Effects {
		assert.Contains(t, []string{"read", "idempotent", "once"}, effect, id)
	}
	seen := make(map[string]bool)
	for line := range strings.Lines(areasFile) {
		prefix, area, ok := strings.Cut(strings.TrimSpace(line), "\t")
		assert.True(t, ok && area != "" && strings.HasPrefix(prefix, "/"), line)
		assert.False(t, seen[prefix], "%s is listed twice", prefix)
		seen[prefix] = true
	}
}

func TestSummariesByRule(t *testing.T) {
	t.Parallel()
	for id, c := range map[string]struct{ path, want string }{
		"listToys":           {"/toys", "Lists the toys."},
		"listParts":          {"/toys/{id}/parts", "Lists the parts of a toy."},
		"listToyParts":       {"/toys/{id}/parts", "Lists the toy parts."},
		"getToy":             {"/toys/{id}", "Returns one toy."},
		"getOwner":           {"/advertisers/{id}/owner", "Returns the owner of an advertiser."},
		"updateToy":          {"/toys/{id}", "Changes a toy."},
		"putEsaUrl":          {"/toys/{id}", "Replaces an ESA URL."},
		"applyAddress":       {"/toys", "Applies an address."},
		"attachToys":         {"/toys", "Attaches toys."},
		"payNow":             {"/toys", "Pays a now."},
		"syndicate":          {"/toys", "Syndicates."},
		"getBrandKitPolicy":  {"/policy", "Returns the brand kit policy."},
		"startAgentOAuthJob": {"/jobs", "Starts an agent OAuth job."},
	} {
		assert.Equal(t, c.want, wording{}.summary(&operation{id: id, path: c.path}), id)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for wire, want := range map[string]string{
		"pricing_options": "PricingOptions", "mediaBuyId": "MediaBuyId", "GCS": "Gcs", "300x250": "V300x250",
	} {
		assert.Equal(t, want, camel(wire))
	}
	for plural, want := range map[string]string{
		"Policies": "Policy", "Boxes": "Box", "Status": "Status", "Buys": "Buy", "Address": "Address",
	} {
		assert.Equal(t, want, singular(plural))
	}
	assert.Equal(t, "ToyPartSize", join("ToyPart", "PartSize"))
	assert.Equal(t, "ToyPart", join("Toy", "Part"))
	assert.Equal(t, []string{"ToyPart"}, shortened("ToyPart"))
	long := "CampaignMediaBuyProductPricingOptionBody"
	assert.Equal(t, []string{"OptionAreaUnit", "PricingOptionAreaUnit"},
		shortened("CampaignMediaBuyProductPricingOptionAreaUnit")[:2])
	assert.Equal(t, []string{long}, shortened(long))
}
