package wire

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Decode reads the result in a 2xx body into v: the data of an envelope, or the body itself. Errors: [*Failure] if the
// body carries an error, [*NotPlatformError] if it cannot be the platform's response to a call with a result like v,
// [ErrEmpty], [ErrMalformed], or a description of the first value that cannot be read. They never quote the body.
func Decode(body []byte, v any) error { return DecodeMember(body, "", v) }

// DecodeMember is Decode for a result under a name, such as {"partner": {…}}. If no object has that name, the result is
// the payload itself.
func DecodeMember(body []byte, name string, v any) error {
	payload, err := resultIn(body, name, v)
	if err != nil || payload == nil {
		return err
	}
	return cleanError(unmarshal(payload, v))
}

// DecodeSalvaging is DecodeMember for a response that contains a secret the platform shows once: a field that cannot
// be read is left zero instead of failing the rest. It returns the paths of those fields.
func DecodeSalvaging(body []byte, name string, v any) (unread []string, err error) {
	payload, err := resultIn(body, name, v)
	if err != nil || payload == nil {
		return nil, err
	}
	unread, err = unmarshalSalvaging(payload, v)
	return unread, cleanError(err)
}

// resultIn finds the JSON of a result like v. It is nil if v is a pointer that stays nil.
func resultIn(body []byte, name string, v any) (jsontext.Value, error) {
	s := shapeOf(reflect.TypeOf(v).Elem())
	found, err := interpret(body, s, name)
	if err != nil {
		return nil, err
	}
	payload, matched := found.payload, found.object.matched
	if name != "" && payload.Kind() == '{' {
		walk := scanObject(payload)
		for walk.next() {
			key, member := walk.name, walk.value
			if string(key) == name && member.Kind() == '{' {
				payload, matched = member, s.isOpen() || canBe(member, s)
			}
		}
	}
	switch {
	case s.anything && !found.enveloped && payload.Kind() != '{' && payload.Kind() != '[':
		return nil, &NotPlatformError{reason: "it is neither an object nor an array"}
	case s.isOpen():
	case payload.Kind() == 'n' && reflect.TypeOf(v).Elem().Kind() == reflect.Pointer:
		return nil, nil
	case payload.Kind() == 'n' && !found.enveloped:
		return nil, &NotPlatformError{reason: "it is null"}
	case payload.Kind() == 'n':
		return nil, errors.New("data is null")
	case payload.Kind() != '{' && found.enveloped:
		return nil, errors.New("data is not an object")
	case payload.Kind() != '{':
		return nil, &NotPlatformError{reason: "it is not an object"}
	case !matched && !isEmptyValue(payload) && found.enveloped:
		return nil, errors.New("data has none of the expected fields")
	case !matched && !isEmptyValue(payload):
		return nil, &NotPlatformError{reason: "it has none of the expected fields"}
	}
	return payload, s.checkDecoded(payload, s.layout, decodeBudget(body))
}

// isEmptyValue reports whether an object or array has nothing in it.
func isEmptyValue(v jsontext.Value) bool { return skipSpace(v, 1) >= len(v)-1 }

// cleanError drops what a decoding error quotes from the body: it may be a secret.
func cleanError(err error) error {
	if err == nil {
		return nil
	}
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		return fmt.Errorf("%s cannot be read", describePath(semantic.JSONPointer))
	}
	return ErrMalformed
}

// describePath names a value by its place, such as: item 3, field "expiresAt".
func describePath(pointer jsontext.Pointer) string {
	path := fieldPath(pointer)
	if path == "" {
		return "the value"
	}
	return "field " + strconv.Quote(path)
}

// fieldPath writes a JSON pointer as ParamError and the platform write paths: permissions[0].name.
func fieldPath(pointer jsontext.Pointer) string {
	var b strings.Builder
	for token := range pointer.Tokens() {
		if _, err := strconv.Atoi(token); err == nil {
			b.WriteString("[" + token + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(token)
	}
	return Printable(b.String(), textSample)
}

// Salvage decodes an object that is not a response: a field that cannot be read is left zero. It returns the paths of
// those fields.
func Salvage(object jsontext.Value, v any) (unread []string, err error) {
	unread, err = unmarshalSalvaging(object, v)
	return unread, cleanError(err)
}

// Text returns the content of a JSON string, or the digits of a number.
func Text(v jsontext.Value) string { return text(v) }

// Time returns a time in any of the spellings that results may have, or the zero time.
func Time(v jsontext.Value) time.Time {
	at, _ := parseTime(text(v), v.Kind() == '"')
	return at
}
