package client

import (
	"reflect"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/check"
)

// encodeBody encodes a request body once, for all attempts.
func encodeBody(problems *ParamError, body any) ([]byte, error) {
	if raw, ok := body.(jsontext.Value); ok {
		if !raw.IsValid() {
			problems.Add("body", "must be valid JSON")
			return nil, problems
		}
		return slices.Clone(raw), nil
	}
	problem := check.Encodable(body)
	if v := reflect.ValueOf(body); v.Kind() == reflect.Pointer && v.IsNil() {
		problem = "must not be a nil pointer: set Body to nil to send none"
	}
	if problem != "" {
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
