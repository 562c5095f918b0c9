package client

import (
	"errors"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Timestamp is a time whose form the platform does not document. It keeps the text as sent, so that an unusual value
// never costs the response it is in; [Timestamp.Time] parses it. A number reads as its digits, null as the empty text,
// and any other JSON value as itself.
type Timestamp string

// Time parses the text as times in responses are parsed: RFC 3339, also with a space or without a zone, which means
// UTC, a day, and Unix seconds or milliseconds. The empty text and 0000-00-00 are the zero time.
func (t Timestamp) Time() (time.Time, error) {
	at, ok := wire.ParseTime(string(t))
	if !ok {
		return time.Time{}, errors.New("client: timestamp must be a time in a known form")
	}
	return at, nil
}

// UnmarshalJSONFrom keeps the value as text, whatever its type.
func (t *Timestamp) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case '"':
		return json.UnmarshalDecode(dec, (*string)(t))
	case 'n':
		*t = ""
		return dec.SkipValue()
	default:
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		*t = Timestamp(value)
		return nil
	}
}

// UnmarshalJSON is UnmarshalJSONFrom for encoding/json.
func (t *Timestamp) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, t) }
