package check

import (
	"encoding"
	"io"
	"reflect"

	"github.com/go-json-experiment/json"
)

// Encodable describes why a value must not be encoded as JSON, or returns "". Bytes would be sent as Base64,
// text as a JSON string, a reader as {}. Types that encode themselves, such as json.RawMessage, pass.
func Encodable(value any) string {
	switch value.(type) {
	case nil, json.MarshalerTo, encoding.TextMarshaler, encoding.TextAppender, interface{ MarshalJSON() ([]byte, error) }:
		return ""
	case io.Reader:
		return "must be a jsontext.Value for raw JSON, not an io.Reader: read it first"
	}
	t := reflect.TypeOf(value)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.String:
		return "must be a jsontext.Value for raw JSON, not a string: convert it with jsontext.Value(text)"
	case (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) && t.Elem().Kind() == reflect.Uint8:
		return "must be a jsontext.Value for raw JSON, not []byte: convert it with jsontext.Value(bytes)"
	}
	return ""
}
