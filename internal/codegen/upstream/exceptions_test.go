package upstream

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExceptionsMatchByAllTheyState(t *testing.T) {
	t.Parallel()
	known, err := parseExceptions([]byte(`
groups:
  toys: [getToy, listToys]
exceptions:
  - {group: toys, at: 'response*.id', kinds: [type, format], ours: 'int*', reason: Ids may be numbers.}
  - {theirs: '', kinds: [media], reason: Nothing is documented.}
  - {operations: [payNow], reason: Unused.}
`))
	require.NoError(t, err)
	id := difference{operation: "getToy", at: "response.parts[].id", kind: "type", ours: "integer", theirs: "string"}
	assert.True(t, known.explains(id))
	for name, change := range map[string]func(*difference){
		"operation": func(d *difference) { d.operation = "getDoll" },
		"place":     func(d *difference) { d.at = "response.parts[].idle" },
		"kind":      func(d *difference) { d.kind = "required" },
		"ours":      func(d *difference) { d.ours = "string" },
	} {
		other := id
		change(&other)
		assert.False(t, known.explains(other), name)
	}
	assert.False(t, known.explains(difference{kind: "media", theirs: "text/csv"}), "an empty text matches only itself")
	assert.Equal(t, []string{
		"exception 2 matches nothing: Nothing is documented.", "exception 3 matches nothing: Unused.",
	}, known.unused())
	assert.True(t, known.explains(difference{kind: "media"}))
	assert.Len(t, known.unused(), 1)
}

func TestExceptionsMustBeComplete(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][2]string{
		"reason":        {"exceptions: [{at: request}]", "exception 1 has no reason"},
		"group":         {"exceptions: [{group: toys, reason: a}]", `group "toys" is not defined`},
		"unknown field": {"exceptions: [{where: request, reason: a}]", "field where not found"},
	} {
		_, err := parseExceptions([]byte(c[0]))
		assert.ErrorContains(t, err, c[1], name)
	}
	_, err := parseExceptions(exceptionsFile)
	assert.NoError(t, err)
}

func TestGlob(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"a*c", "abc", true},
		{"a*c", "ac", true},
		{"a*c", "acd", false},
		{"*[]*", "x[].y", true},
		{"a*b*c", "a-c-b", false},
	} {
		assert.Equal(t, c.want, glob(c.pattern, c.text), "%q %q", c.pattern, c.text)
	}
}
