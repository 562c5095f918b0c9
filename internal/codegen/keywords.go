package main

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// side is the direction in which a value travels.
type side uint8

const (
	inRequest side = 1 << iota
	inResponse
	both = inRequest | inResponse
)

// keywords lists the keywords of one kind of object with the sides on which they are supported. A keyword is
// supported if it has an effect on the generated code, or if it cannot have one there, such as a comment or a bound
// on a response. Generation fails on every other one.
type keywords map[string]side

func schemaKeywords() keywords {
	return keywords{
		"type": both, "format": both, "enum": both, "nullable": both, "properties": both, "required": both, "items": both,
		"additionalProperties": both, "allOf": both, "anyOf": both, "oneOf": both, "discriminator": both,
		"minimum": both, "maximum": both, "exclusiveMinimum": both, "exclusiveMaximum": both,
		"minLength": both, "maxLength": both, "pattern": both,
		"minItems": both, "maxItems": both, "minProperties": both, "maxProperties": both,
		"description": both, "default": both,
		extGoName: both, extGoType: both, extGoImport: both, extGoIgnored: both, extHandwritten: both, extEnumNames: both,
		extEnumDocs: both, extPattern: both, extMessage: both,
		// Bounds on a response: responses are decoded, not validated.
		"uniqueItems": inResponse, "multipleOf": inResponse, "not": inResponse, "readOnly": inResponse,
		"writeOnly": inRequest,
		// Irrelevant to Go code.
		"title": both, "example": both, "externalDocs": both, "deprecated": both,
	}
}

func operationKeywords() keywords {
	return keywords{
		"operationId": both, "tags": both, "summary": both, "description": both, "parameters": both, "requestBody": both,
		"responses": both, extMount: both, extEffect: both, extLevel: both, extClass: both, extPaging: both, extItems: both,
		extResult: both, extMethod: both, extParams: both, extHandwritten: both,
		// The client knows the credentials of a mount. Documentation does not change code.
		"security": both, "externalDocs": both, "deprecated": both,
	}
}

func parameterKeywords() keywords {
	return keywords{
		"name": both, "in": both, "description": both, "required": both, "schema": both, "style": both, "explode": both,
		extOmit: both, extGoName: both,
		"example": both, "examples": both, "deprecated": both,
	}
}

func bodyKeywords() keywords  { return keywords{"content": both, "required": both, "description": both} }
func mediaKeywords() keywords { return keywords{"schema": both, "example": both, "examples": both} }
func responseKeywords() keywords {
	return keywords{"description": both, "content": both, "headers": both}
}

func pathKeywords() keywords {
	return keywords{"parameters": both, "summary": both, "description": both, "servers": both}
}

// formats lists the formats of strings and numbers. Only date and date-time are checked: the others are annotations,
// and the document has a pattern where the platform checks more.
func formats() []string {
	return []string{
		"date", "date-time", "uri", "email", "uuid", "hostname", "binary", "int32", "int64", "float", "double",
	}
}

// support walks what an operation reaches and collects everything that the generator does not support.
type support struct {
	seen map[supported]bool
	errs []error
}

type supported struct {
	schema *openapi3.Schema
	side   side
}

// unsupported returns an error for each keyword, extension, media type or style that an operation uses and the
// generator does not support. Errors name the JSON path.
func (s *support) unsupported(path, method string, item *openapi3.PathItem, op *openapi3.Operation) error {
	s.errs = nil
	at := "paths." + path
	known := pathKeywords()
	for m := range item.Operations() {
		known[strings.ToLower(m)] = both
	}
	s.check(at, item, known, both)
	at += "." + strings.ToLower(method)
	s.check(at, op, operationKeywords(), both)
	for _, ref := range slices.Concat(item.Parameters, op.Parameters) {
		s.parameter(at+".parameters."+ref.Value.Name, ref.Value)
	}
	if op.RequestBody != nil {
		body := op.RequestBody.Value
		s.check(at+".requestBody", body, bodyKeywords(), both)
		s.content(at+".requestBody.content", body.Content, inRequest, requestMedia())
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses.Map())) {
		if !strings.HasPrefix(status, "2") {
			continue // the client reads errors
		}
		response, in := op.Responses.Value(status).Value, at+".responses."+status
		s.check(in, response, responseKeywords(), both)
		s.content(in+".content", response.Content, inResponse, responseMedia())
	}
	return errors.Join(s.errs...)
}

// unsupported checks all operations of a document.
func unsupported(doc *openapi3.T) error {
	var s support
	var errs []error
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			errs = append(errs, s.unsupported(path, method, item, op))
		}
	}
	return errors.Join(errs...)
}

func requestMedia() []string { return []string{"application/json"} }

func responseMedia() []string { return append(downloads(), "application/json") }

// downloads lists the media types of files, which are streamed.
func downloads() []string {
	return []string{"application/pdf", "text/csv", "application/zip", "application/octet-stream"}
}

func (s *support) fail(at, format string, args ...any) {
	s.errs = append(s.errs, fmt.Errorf("%s "+format, append([]any{at}, args...)...))
}

// check reports the keywords of an object that are not known.
func (s *support) check(at string, object any, known keywords, in side) {
	for _, name := range keywordsOf(object) {
		if known[name]&in == 0 {
			s.fail(at+"."+name, "is not supported")
		}
	}
}

// keywordsOf lists the keywords that an object of the document uses, extensions included.
func keywordsOf(object any) []string {
	v := reflect.Indirect(reflect.ValueOf(object))
	var found []string
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		switch {
		case v.Type().Field(i).Name == "Extensions":
			for _, key := range v.Field(i).MapKeys() {
				found = append(found, key.String())
			}
		case v.Type().Field(i).Name == "Always" && !v.Field(i).IsZero():
			found = append(found, "boolean schema")
		case name != "" && name != "-" && !v.Field(i).IsZero():
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

func (s *support) parameter(at string, p *openapi3.Parameter) {
	s.check(at, p, parameterKeywords(), both)
	method, err := p.SerializationMethod()
	switch {
	case err != nil:
		s.fail(at, "%w", err)
	case p.In != openapi3.ParameterInQuery && p.In != openapi3.ParameterInPath:
		s.fail(at+".in", "%s is not supported", p.In)
	case p.In == openapi3.ParameterInQuery && (method.Style != "form" || !method.Explode),
		p.In == openapi3.ParameterInPath && method.Style != "simple":
		s.fail(at+".style", "%s (explode: %t) is not supported", method.Style, method.Explode)
	}
	if p.Schema == nil {
		s.fail(at+".schema", "is missing")
		return
	}
	s.schema(at+".schema", p.Schema, inRequest)
}

func (s *support) content(at string, content openapi3.Content, in side, media []string) {
	for _, name := range slices.Sorted(maps.Keys(content)) {
		if !slices.Contains(media, name) {
			s.fail(at+"."+name, "is not supported")
			continue
		}
		s.check(at+"."+name, content[name], mediaKeywords(), both)
		if schema := content[name].Schema; schema != nil {
			s.schema(at+"."+name+".schema", schema, in)
		}
	}
}

// schema checks a schema and what it consists of, once for each side.
func (s *support) schema(at string, ref *openapi3.SchemaRef, in side) {
	if ref.Ref != "" {
		at = strings.ReplaceAll(strings.TrimPrefix(ref.Ref, "#/"), "/", ".")
	}
	schema := ref.Value
	if key := (supported{schema, in}); s.seen[key] {
		return
	} else if s.seen == nil {
		s.seen = map[supported]bool{key: true}
	} else {
		s.seen[key] = true
	}
	s.check(at, schema, schemaKeywords(), in)
	if schema.Type != nil && len(schema.Type.Slice()) != 1 {
		s.fail(at+".type", "must be one type")
	}
	if schema.Format != "" && !slices.Contains(formats(), schema.Format) {
		s.fail(at+".format", "%s is not supported", schema.Format)
	}
	hasGoType := stringExt(schema.Extensions, extGoType) != ""
	if extra := schema.AdditionalProperties.Schema; len(schema.Properties) > 0 && !free(extra) && !hasGoType {
		s.fail(at+".additionalProperties", "next to properties has no Go type: name one with %s", extGoType)
	}
	for _, list := range []struct {
		name string
		refs openapi3.SchemaRefs
	}{{"allOf", schema.AllOf}, {"anyOf", schema.AnyOf}, {"oneOf", schema.OneOf}} {
		for i, one := range list.refs {
			s.schema(fmt.Sprintf("%s.%s[%d]", at, list.name, i), one, in)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		s.schema(at+".properties."+name, schema.Properties[name], in)
	}
	if schema.Items != nil {
		s.schema(at+".items", schema.Items, in)
	}
	if schema.AdditionalProperties.Schema != nil {
		s.schema(at+".additionalProperties", schema.AdditionalProperties.Schema, in)
	}
}

// free reports whether a schema is absent or allows everything. Next to properties it adds nothing to a Go type:
// unknown fields of responses are ignored, and requests do not need them.
func free(ref *openapi3.SchemaRef) bool {
	return ref == nil || ref.Ref == "" && len(keywordsOf(ref.Value)) == 0
}
