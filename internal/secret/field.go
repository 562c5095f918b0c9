package secret

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Field reads a field of a response that holds a secret. A number is accepted, as its text. Otherwise problem
// describes why the field has no text, without quoting the value.
func Field(value jsontext.Value) (text, problem string) {
	switch value.Kind() {
	case '0':
		return string(value), ""
	case '"':
		if err := json.Unmarshal(value, &text, jsontext.AllowInvalidUTF8(true)); err != nil {
			return "", "it is not valid JSON"
		}
		return text, ""
	case 'n', 0:
		return "", "it is missing"
	default:
		return "", "it is not a string"
	}
}
