package wire

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// MaskJSON applies mask to the decoded strings, names and numbers of a JSON value. If mask changes nothing, the value
// is returned as it is. Text that is not JSON is dropped.
func MaskJSON(value jsontext.Value, mask func(string) string) jsontext.Value {
	var out bytes.Buffer
	lenient := []jsontext.Options{jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)}
	dec := jsontext.NewDecoder(bytes.NewReader(value), lenient...)
	enc := jsontext.NewEncoder(&out, lenient...)
	for changed := false; ; {
		token, err := dec.ReadToken()
		switch {
		case errors.Is(err, io.EOF) && changed:
			return bytes.TrimSpace(out.Bytes())
		case errors.Is(err, io.EOF):
			return value
		case err != nil:
			return nil
		}
		if kind := token.Kind(); kind == '"' || kind == '0' {
			if text := token.String(); mask(text) != text {
				token, changed = jsontext.String(mask(text)), true
			}
		}
		if enc.WriteToken(token) != nil {
			return nil
		}
	}
}
