// Package oauth reads the JSON documents of OAuth servers: metadata, registrations and token responses. Servers differ
// in how well they follow the RFCs, so a malformed member does not affect the others.
package oauth

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Object is a JSON object whose members are read one at a time.
type Object map[string]jsontext.Value

// ParseObject parses a JSON object. It skips a byte order mark.
func ParseObject(body []byte) (Object, bool) {
	body = wire.TrimMark(body)
	var o Object
	if json.Unmarshal(body, &o) != nil || o == nil {
		return nil, false
	}
	return o, true
}

// String returns a string member; empty if it is absent or of another type.
func (o Object) String(name string) string {
	var s string
	if v := o[name]; v.Kind() != '"' || json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

// Text returns a string member, or the digits of a number: some servers have numeric ids.
func (o Object) Text(name string) string {
	if v := o[name]; v.Kind() == '0' {
		return string(v)
	}
	return o.String(name)
}

// List returns the strings of an array, or those that a single string separates by spaces. It skips other items, and
// returns nil if there is none.
func (o Object) List(name string) []string {
	var list []string
	v := o[name]
	if v.Kind() != '[' {
		return append(list, strings.Fields(o.String(name))...)
	}
	var items []jsontext.Value
	if json.Unmarshal(v, &items) != nil {
		return nil
	}
	for _, item := range items {
		var s string
		if item.Kind() == '"' && json.Unmarshal(item, &s) == nil && s != "" {
			list = append(list, s)
		}
	}
	return list
}

// Bool reports whether a member is true, or the string "true".
func (o Object) Bool(name string) bool {
	return o[name].Kind() == 't' || strings.EqualFold(o.String(name), "true")
}

// Failed reports whether the object has an error member with content.
func (o Object) Failed() bool {
	switch v := o["error"]; v.Kind() {
	case '{', '[':
		return len(bytes.Trim(v, "{}[] \t\r\n")) > 0
	case '"':
		return o.String("error") != ""
	case '0':
		return strings.Trim(string(v), "-0.") != ""
	case 't':
		return true
	}
	return false
}

const maxCode = 64

// ErrorCode returns the error code, such as invalid_client (RFC 6749 §5.2); empty if there is none in the form of a
// code.
func (o Object) ErrorCode() string { return Code(o.String("error")) }

// Code returns s if it has the form of an error code. Other text could quote a secret.
func Code(s string) string {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.' {
			return ""
		}
	}
	if len(s) > maxCode {
		return ""
	}
	return s
}
