package mcpclient

import (
	"bytes"
	"encoding/base64"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// fits reports whether the library can decode a value of this shape. Null is no value, except in a list.
func (s shape) fits(v jsontext.Value) bool {
	k := v.Kind()
	switch want := s.kind(); {
	case want == 0 || k == 'n':
		return true
	case want == 't':
		return k == 't' || k == 'f'
	case k != want:
		return false
	}
	switch {
	case s == shapeInteger:
		return isInteger(v)
	case s == shapeEncoded:
		return isBase64(v)
	case s.kind() == '{':
		return s.fitsObject(v)
	case s.kind() == '[':
		item := s.item()
		for one := range items(v) {
			if one.Kind() == 'n' || !item.fits(one) {
				return false
			}
		}
	}
	return true
}

func (s shape) fitsObject(v jsontext.Value) bool {
	key := s.key()
	named := key == ""
	typed := s != shapeBlock
	for name, value := range members(v) {
		if !s.member(name).fits(value) {
			return false
		}
		named = named || string(name) == key && isNamed(value)
		typed = typed || string(name) == `"type"` && value.Kind() == '"'
	}
	return named && typed
}

// isNamed reports whether a value can identify an item.
func isNamed(v jsontext.Value) bool { return v.Kind() == '"' && len(v) > len(`""`) }

// isInteger reports whether a number is one that an int64 holds, in the form that the library reads.
func isInteger(v jsontext.Value) bool {
	_, err := strconv.ParseInt(string(v), 10, 64)
	return err == nil
}

// isBase64 reports whether a JSON string holds base64. It is lenient about its length: decoders differ there.
func isBase64(v jsontext.Value) bool {
	if bytes.IndexByte(v, '\\') >= 0 {
		_, err := base64.StdEncoding.DecodeString(textOf(v))
		return err == nil
	}
	body := v[1 : len(v)-1]
	trimmed := bytes.TrimRight(body, "=")
	if len(body)%4 != 0 || len(body)-len(trimmed) > 2 {
		return false
	}
	for _, c := range trimmed {
		if c != '+' && c != '/' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
