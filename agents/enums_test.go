package agents_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
)

// Every enum of a response is open: a value that is not known is kept, and null and the empty text read as empty.
func TestUnknownEnumValuesAreKept(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, item := range []any{
		new(agents.Source), new(agents.Agent), new(agents.Detail), new(agents.DiscoveryTest), new(agents.TestStep),
		new(agents.TestRun), new(agents.DiagnosticsSource), new(agents.Support), new(agents.Health), new(agents.Performance),
		new(agents.Diagnosis), new(agents.Issue), new(agents.Publisher), new(agents.LinkedAccount),
		new(agents.ConnectionContract),
	} {
		of := reflect.TypeOf(item).Elem()
		for field := range of.Fields() {
			if field.Type.Kind() != reflect.String || field.Type.PkgPath() != of.PkgPath() {
				continue
			}
			checked++
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			for sent, want := range map[string]string{`"a new value"`: "a new value", `""`: "", `null`: ""} {
				value := reflect.New(of)
				require.NoError(t, json.Unmarshal([]byte(`{"`+name+`":`+sent+`}`), value.Interface()), "%s.%s", of, name)
				assert.Equal(t, want, value.Elem().FieldByIndex(field.Index).String(), "%s.%s", of, name)
			}
		}
	}
	assert.Greater(t, checked, 20)
}
