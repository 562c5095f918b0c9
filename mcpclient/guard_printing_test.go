package mcpclient_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/mcpclient"
)

func TestEncodedToolCallsDoNotContainTheArguments(t *testing.T) {
	t.Parallel()
	call := mcpclient.ToolCall{
		Tool: "register", Operation: "agents_register", Arguments: jsontext.Value(`{"key":"hush-hush"}`),
	}
	encoders := map[string]func(any) ([]byte, error){
		"JSON":    json.Marshal,
		"JSON v2": func(v any) ([]byte, error) { return jsonv2.Marshal(v) },
		"XML":     xml.Marshal,
		"gob": func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(v)
			return b.Bytes(), err
		},
	}
	type event struct{ Call mcpclient.ToolCall }
	for name, encode := range encoders {
		for _, value := range []any{call, &call, event{call}, []mcpclient.ToolCall{call}} {
			text, err := encode(value)
			require.NoError(t, err, name)
			assert.NotContains(t, string(text), "hush", name)
			assert.NotContains(t, string(text), "aHVzaC1odXNo", name)
			assert.Contains(t, string(text), "register agents_register with 19 bytes of arguments", name)
		}
	}
}
