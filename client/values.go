package client

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// ID is an id of the platform. It reads from a JSON string or number (the platform sends both,
// docs/platform.md#service-tokens), null reads as empty, and it is sent as a string.
type ID string

// UnmarshalJSONFrom reads an id from a string, a whole number or null.
func (id *ID) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == '"' { // the decoder remembers strings: the objects of a page have many ids in common
		return json.UnmarshalDecode(dec, (*string)(id))
	}
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	switch kind := token.Kind(); kind {
	case '0':
		*id = ID(wire.WholeNumber(token.String()))
	case 'n':
		*id = ""
	default:
		return fmt.Errorf("an id is a string or a number, not %s", kind)
	}
	return nil
}

// UnmarshalJSON is UnmarshalJSONFrom for encoding/json.
func (id *ID) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, id) }

// Int64 is the id as a number, for the operations that want one.
func (id ID) Int64() (int64, error) {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("client: id %q is not a number", string(id))
	}
	return n, nil
}

// Field is a member of a request that may be left alone, cleared or set. The zero Field is left alone.
// Fields are comparable.
type Field[T any] struct {
	value T
	state fieldState
}

type fieldState uint8

const (
	fieldAbsent fieldState = iota
	fieldNull
	fieldSet
)

// Set is a Field that is sent with value v, which may be a zero value.
func Set[T any](v T) Field[T] { return Field[T]{value: v, state: fieldSet} }

// Null is a Field that is sent as null, to clear it.
func Null[T any]() Field[T] { return Field[T]{state: fieldNull} }

// Get returns the value, and whether there is one.
func (f Field[T]) Get() (T, bool) { return f.value, f.state == fieldSet }

// Value returns the value, or the zero value where there is none.
func (f Field[T]) Value() T { return f.value }

// IsNull reports whether the field is sent as null.
func (f Field[T]) IsNull() bool { return f.state == fieldNull }

// IsZero reports whether the field is left alone; encoders leave out members for which it holds.
func (f Field[T]) IsZero() bool { return f.state == fieldAbsent }

// MarshalJSONTo writes the value, or null.
func (f Field[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	if f.state != fieldSet {
		return enc.WriteToken(jsontext.Null)
	}
	return json.MarshalEncode(enc, f.value)
}

// MarshalJSON is MarshalJSONTo for encoding/json.
func (f Field[T]) MarshalJSON() ([]byte, error) { return json.Marshal(f) }

// UnmarshalJSONFrom reads a value or null.
func (f *Field[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == 'n' {
		*f = Null[T]()
		return dec.SkipValue()
	}
	var v T
	if err := json.UnmarshalDecode(dec, &v); err != nil {
		return err
	}
	*f = Set(v)
	return nil
}

// UnmarshalJSON is UnmarshalJSONFrom for encoding/json.
func (f *Field[T]) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, f) }
