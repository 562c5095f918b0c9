package wire

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecodeMember(t *testing.T) {
	t.Parallel()
	one := thing{ID: "7"}
	for _, tt := range []struct {
		name, body string
		want       thing
	}{
		{"under its name", `{"thing":{"id":"7"}}`, one},
		{"beside others", `{"total":1,"thing":{"id":"7"},"id":"8"}`, one},
		{"the body itself", `{"id":"7"}`, one},
		{"a member of the name that is no object", `{"id":"7","thing":"x"}`, one},
		{"a null of the name", `{"id":"7","thing":null}`, one},
		{"inside an envelope", `{"data":{"thing":{"id":"7"}},"error":null}`, one},
		{"an envelope without the name", `{"data":{"id":"7"},"error":null}`, one},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got thing
			require.NoError(t, DecodeMember([]byte(tt.body), "thing", &got))
			assert.Equal(t, tt.want, got)
		})
	}
	for name, body := range map[string]string{
		"nothing": "", "a name in other letters": `{"Thing":{"id":"7"}}`, "no object": `[1]`, "cut": `{"thing":{"id":"7"}`,
		"of another type": `{"thing":{"id":{"secret":1}}}`, "twice": `{"thing":{},"thing":{}}`,
	} {
		var got thing
		err := DecodeMember([]byte(body), "thing", &got)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "secret")
	}
}

// A result reads the same under its name as alone, and nothing of a body that cannot be read is in the error.
func FuzzDecodeMember(f *testing.F) {
	for _, s := range []string{
		`{"id":"7"}`, `{"id":7}`, `{"thing":{"id":"7"}}`, `{"data":{}}`, `{"a":1,"a":2}`, `{`,
		`null`, `{"id":"\ud83d"}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, object string) {
		if len(object) > 4<<10 || !strings.HasPrefix(object, "{") || strings.Contains(object, "thing") ||
			strings.Contains(object, `\u`) || looksWrapped([]byte(object)) {
			return
		}
		var alone, named thing
		errAlone := DecodeMember([]byte(object), "thing", &alone)
		errNamed := DecodeMember([]byte(`{"x":1,"thing":`+object+`}`), "thing", &named)
		if (errAlone == nil) != (errNamed == nil) {
			t.Fatalf("%q: alone %v, named %v", object, errAlone, errNamed)
		}
		if errAlone == nil {
			assert.Equal(t, alone, named)
		}
	})
}
