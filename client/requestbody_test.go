package client_test

import (
	"bytes"
	stdjson "encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

type (
	bodyText  string
	bodyBytes []byte
	bodyThing struct {
		Name string `json:"name"`
	}
)

// TestRequestBodyThatIsNotAValueIsRefused: it would arrive as Base64, as a string in quotes, or as {}.
func TestRequestBodyThatIsNotAValueIsRefused(t *testing.T) {
	t.Parallel()
	const raw = `{"name":"secret-name"}`
	text, octets := raw, []byte(raw)
	for name, tt := range map[string]struct {
		body any
		fix  string
	}{
		"bytes":               {octets, "jsontext.Value"},
		"no bytes":            {[]byte(nil), "jsontext.Value"},
		"a pointer to bytes":  {&octets, "jsontext.Value"},
		"a type of bytes":     {bodyBytes(raw), "jsontext.Value"},
		"an array of bytes":   {[3]byte{'{', '}', ' '}, "jsontext.Value"},
		"text":                {text, "jsontext.Value"},
		"no text":             {"", "jsontext.Value"},
		"a pointer to text":   {&text, "jsontext.Value"},
		"a type of text":      {bodyText(raw), "jsontext.Value"},
		"a buffer":            {bytes.NewBufferString(raw), "read it first"},
		"a reader":            {strings.NewReader(raw), "read it first"},
		"a nil pointer":       {(*bodyThing)(nil), "set Body to nil"},
		"raw, but not JSON":   {jsontext.Value(`{"name":`), "valid JSON"},
		"raw, and empty":      {jsontext.Value{}, "valid JSON"},
		"raw, with a BOM":     {jsontext.Value("\xef\xbb\xbf{}"), "valid JSON"},
		"v1 raw, and no JSON": {stdjson.RawMessage(`{"name":`), "cannot be encoded as JSON"},
		"cannot be encoded":   {make(chan int), "cannot be encoded as JSON"},
	} {
		c := pageClient(t, connRoundTrip(func(*http.Request) (*http.Response, error) {
			t.Error("it was sent")
			return nil, io.EOF
		}))
		_, err := client.Call[connThing](t.Context(), c, &connPost, client.Request{Body: tt.body})
		var problems *client.ParamError
		require.ErrorAs(t, err, &problems, name)
		require.Len(t, problems.Issues, 1)
		assert.Equal(t, "body", problems.Issues[0].Path)
		assert.Contains(t, problems.Issues[0].Message, tt.fix, name)
		assert.NotContains(t, err.Error(), "secret-name")
	}
}

func TestRequestBodyIsSentAsJSON(t *testing.T) {
	t.Parallel()
	const raw = `{"name":"x"}`
	value := jsontext.Value(raw)
	for name, tt := range map[string]struct {
		body any
		want string
	}{
		"raw":              {value, raw},
		"a pointer to raw": {&value, raw},
		"v1 raw":           {stdjson.RawMessage(raw), raw},
		"a struct":         {bodyThing{"x"}, raw},
		"a pointer":        {&bodyThing{"x"}, raw},
		"a map":            {map[string]string{"name": "x"}, raw},
		"a list of texts":  {[]string{"a", "b"}, `["a","b"]`},
		"a number":         {7, `7`},
		"nothing":          {nil, ""},
	} {
		sent := ""
		c := pageClient(t, connRoundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Body != nil {
				body, err := io.ReadAll(r.Body)
				require.NoError(t, err)
				sent = string(body)
			}
			return connAnswer(r, http.StatusOK, connOK), nil
		}))
		_, err := client.Call[connThing](t.Context(), c, &connPost, client.Request{Body: tt.body})
		require.NoError(t, err, name)
		assert.Equal(t, tt.want, sent, name)
	}
}
