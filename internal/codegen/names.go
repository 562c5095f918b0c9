package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// nameOf is the Go name of a component.
func nameOf(component string, schema *openapi3.Schema) string {
	if name := stringExt(schema.Extensions, extGoName); name != "" {
		return name
	}
	return component
}

// memberName is the Go name of a member of an object. oapi-codegen is told it, so that the check methods and the
// structs agree.
func memberName(wire string, ref *openapi3.SchemaRef) string {
	if name := stringExt(ref.Value.Extensions, extGoName); name != "" {
		return name
	}
	return goName(wire)
}

// constNames returns the Go names of the values of an enum: those that x-enum-varnames lists, or else the name of its
// type followed by the value.
func constNames(typeName string, s *openapi3.Schema) ([]string, error) {
	listed, _ := s.Extensions[extEnumNames].([]any)
	if listed != nil && len(listed) != len(s.Enum) {
		return nil, fmt.Errorf("%s must have one entry for each of the %d values", extEnumNames, len(s.Enum))
	}
	if listed == nil && strings.Contains(typeName, ".") {
		return nil, fmt.Errorf("an enum without %s must be a named component", extEnumNames)
	}
	names := make([]string, len(s.Enum))
	for i, value := range s.Enum {
		if listed != nil {
			names[i] = fmt.Sprint(listed[i])
			continue
		}
		names[i] = typeName + goName(strings.ToLower(fmt.Sprint(value)))
	}
	return names, nil
}

// goName turns a name of the wire, camelCase or snake_case, into an exported Go name.
func goName(wire string) string {
	var out strings.Builder
	for _, w := range words(wire) {
		upper := strings.ToUpper(w)
		switch singular := strings.TrimSuffix(upper, "S"); {
		case isInitialism(upper):
			out.WriteString(upper)
		case isInitialism(singular):
			out.WriteString(singular + "s")
		default:
			out.WriteString(upperFirst(w))
		}
	}
	return out.String()
}

// words splits where a separator stands and before every capital letter that follows a small one or a digit.
func words(name string) []string {
	var out []string
	var current []rune
	flush := func() {
		if len(current) > 0 {
			out = append(out, string(current))
			current = nil
		}
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
			continue
		}
		if unicode.IsUpper(r) && len(current) > 0 && !unicode.IsUpper(current[len(current)-1]) {
			flush()
		}
		current = append(current, r)
	}
	flush()
	return out
}

func isInitialism(upper string) bool {
	switch upper {
	case "A2A", "API", "ASIN", "CPM", "CSS", "CSV", "CTV", "DMA", "DOOH", "GUID", "HTML", "HTTP", "HTTPS", "ID", "IOS",
		"IP", "JSON", "JWT", "MCP", "OK", "REST", "RSS", "SHA", "SQL", "TLS", "TTL", "TV", "UI", "UID", "URI", "URL", "UTC",
		"UUID", "VAST", "XML":
		return true
	default:
		return false
	}
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
