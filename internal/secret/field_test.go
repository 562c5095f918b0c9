package secret_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/internal/secret"
)

func TestFieldReadsTextAndNumbers(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][2]string{
		`"a\u0062c"`: {"abc", ""},
		`""`:         {"", ""},
		`123`:        {"123", ""},
		``:           {"", "it is missing"},
		`null`:       {"", "it is missing"},
		`true`:       {"", "it is not a string"},
		`{"a":"b"}`:  {"", "it is not a string"},
		`["abc"]`:    {"", "it is not a string"},
	} {
		text, problem := secret.Field(jsontext.Value(value))
		assert.Equal(t, want, [2]string{text, problem}, value)
	}
}
