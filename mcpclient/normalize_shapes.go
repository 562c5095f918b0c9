package mcpclient

import (
	"bytes"
	"encoding/base64"
	"maps"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// shape describes the values that the MCP library can decode. A nil shape accepts any value.
type shape struct {
	form   form
	item   *shape // of a list
	fields fields // of an object
	// key names the field without which an item of a list is useless. An item with such a field is left out of its list
	// when a field of it is malformed; other objects lose the field only.
	key string
}

type fields map[string]*shape

type form uint8

// Forms up to formBase64 are strings, those up to formNumber are numbers, and those from formObject on are objects.
const (
	formText   form = iota
	formJoined      // a list of strings is joined
	formLoose       // any other value becomes its JSON text
	formCursor      // a number becomes a string; other values stay and fail loudly
	formBase64
	formInteger
	formNumber
	formFlag
	formList
	formObject
	formFeature // an object for which true may stand
	formBlock
	formMessage
	formContents
	formIcon
	formArgument
)

func (s *shape) kind() jsontext.Kind {
	switch {
	case s == nil:
		return 0
	case s.form <= formBase64:
		return '"'
	case s.form <= formNumber:
		return '0'
	case s.form == formFlag:
		return 't'
	case s.form == formList:
		return '['
	}
	return '{'
}

func (s *shape) isKey(name []byte) bool { return s.key != "" && string(name) == s.key }

func (s *shape) isListOf(item form) bool { return s.form == formList && s.item.form == item }

// newShapes returns the shapes of results by method.
func newShapes() map[string]*shape {
	str, loose, base64 := &shape{form: formText}, &shape{form: formLoose}, &shape{form: formBase64}
	number, whole, boolean := &shape{form: formNumber}, &shape{form: formInteger}, &shape{form: formFlag}
	mapping := &shape{form: formObject}
	listOf := func(item *shape) *shape { return &shape{form: formList, item: item} }
	with := func(common, more fields) fields {
		all := maps.Clone(common)
		maps.Copy(all, more)
		return all
	}
	strs := listOf(str)
	described := fields{"name": str, "title": str, "description": str}
	icons := listOf(&shape{form: formIcon, fields: fields{"src": str, "theme": str, "mimeType": str, "sizes": strs}})
	shown := with(described, fields{"_meta": mapping, "icons": icons})
	content := with(shown, fields{"mimeType": str, "annotations": {form: formObject, fields: fields{
		"audience": strs, "lastModified": str, "priority": number,
	}}})
	embedded := &shape{form: formContents, fields: fields{
		"_meta": mapping, "mimeType": str, "uri": str, "text": loose, "blob": base64,
	}}
	contentBlock := &shape{form: formBlock, fields: with(content, fields{
		"type": str, "uri": str, "size": whole, "text": loose, "data": base64, "resource": embedded,
	})}
	hints := &shape{form: formObject, fields: fields{
		"title": str, "readOnlyHint": boolean, "idempotentHint": boolean,
		"destructiveHint": boolean, "openWorldHint": boolean,
	}}
	tool := &shape{form: formObject, key: "name", fields: with(shown, fields{"annotations": hints})}
	resource := &shape{form: formObject, key: "uri", fields: with(content, fields{"uri": str, "size": whole})}
	template := &shape{form: formObject, key: "uriTemplate", fields: with(content, fields{"uriTemplate": str})}
	prompt := &shape{form: formObject, key: "name", fields: with(shown, fields{
		"arguments": listOf(&shape{form: formArgument, key: "name", fields: with(described, fields{"required": boolean})}),
	})}
	capability := &shape{form: formFeature, fields: fields{"listChanged": boolean, "subscribe": boolean}}
	capabilities := &shape{form: formObject, fields: fields{
		"experimental": mapping, "extensions": mapping, "completions": {form: formFeature}, "logging": {form: formFeature},
		"prompts": capability, "resources": capability, "tools": capability,
	}}
	implementation := &shape{form: formObject, fields: with(described, fields{
		"icons": icons, "version": str, "websiteUrl": str,
	})}
	result := func(more fields) *shape {
		return &shape{form: formObject, fields: with(fields{
			"_meta": mapping, "resultType": str, "cacheScope": str, "protocolVersion": str,
			"ttlMs": whole, "nextCursor": {form: formCursor},
		}, more)}
	}
	server := result(fields{
		"capabilities": capabilities, "instructions": {form: formJoined}, "serverInfo": implementation,
		"supportedVersions": strs,
	})
	return map[string]*shape{
		methodInitialize:           server,
		methodDiscover:             server,
		methodListTools:            result(fields{"tools": listOf(tool)}),
		methodCallTool:             result(fields{"content": listOf(contentBlock)}),
		"resources/list":           result(fields{"resources": listOf(resource)}),
		"resources/templates/list": result(fields{"resourceTemplates": listOf(template)}),
		"resources/read":           result(fields{"contents": listOf(embedded)}),
		"prompts/list":             result(fields{"prompts": listOf(prompt)}),
		"prompts/get": result(fields{"description": str, "messages": listOf(&shape{form: formMessage, fields: fields{
			"role": str, "content": contentBlock,
		}})}),
	}
}

// fits reports whether the library can decode a value of this shape. Null is no value, except in a list.
func (s *shape) fits(v jsontext.Value) bool {
	k := v.Kind()
	switch want := s.kind(); {
	case want == 0 || k == 'n':
		return true
	case want == 't':
		return k == 't' || k == 'f'
	case k != want:
		return false
	case s.form == formInteger:
		_, err := strconv.ParseInt(string(v), 10, 64)
		return err == nil
	case s.form == formBase64:
		return isBase64(v)
	case want == '{':
		return s.fitsObject(v)
	case want == '[':
		for one := range wire.Elements(v) {
			if one.Kind() == 'n' || !s.item.fits(one) {
				return false
			}
		}
	}
	return true
}

func (s *shape) fitsObject(v jsontext.Value) bool {
	named, typed := s.key == "", s.form != formBlock
	for name, value := range wire.Members(v) {
		if !s.fields[string(name)].fits(value) {
			return false
		}
		named = named || s.isKey(name) && isNonEmptyString(value)
		typed = typed || string(name) == "type" && value.Kind() == '"'
	}
	return named && typed
}

func isNonEmptyString(v jsontext.Value) bool { return v.Kind() == '"' && len(v) > len(`""`) }

// isBase64 reports whether a JSON string holds base64. It is lenient about the unused bits of the last letter.
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
