package client

import (
	"encoding"
	"io"
	"reflect"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// encodeBody encodes a request body once, for all attempts.
func encodeBody(problems *ParamError, body any) ([]byte, error) {
	raw, isRaw := body.(jsontext.Value)
	switch {
	case isRaw && raw.IsValid():
		return slices.Clone(raw), nil
	case isRaw:
		problems.Add("body", "must be valid JSON")
		return nil, problems
	}
	if problem := notJSON(body); problem != "" {
		problems.Add("body", problem)
		return nil, problems
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		problems.Add("body", "cannot be encoded as JSON")
		problems.cause = err
		return nil, problems
	}
	return encoded, nil
}

// notJSON describes a body whose encoding is never what the caller meant: bytes would be sent as Base64, text as a JSON
// string, a reader as {}. Types that encode themselves, such as json.RawMessage, are sent as they wish.
func notJSON(body any) string {
	if v := reflect.ValueOf(body); v.Kind() == reflect.Pointer && v.IsNil() {
		return "must not be a nil pointer: set Body to nil to send none"
	}
	switch body.(type) {
	case json.MarshalerTo, interface{ MarshalJSON() ([]byte, error) }, encoding.TextMarshaler, encoding.TextAppender:
		return ""
	case io.Reader:
		return "must be jsontext.Value for raw JSON, not an io.Reader: read it first"
	}
	t := reflect.TypeOf(body)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.String:
		return "must be jsontext.Value(body) for raw JSON, not a string"
	case (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) && t.Elem().Kind() == reflect.Uint8:
		return "must be jsontext.Value(body) for raw JSON, not []byte"
	}
	return ""
}
