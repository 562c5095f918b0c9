package client

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxSegment is far above any id and far below what servers cut off.
const maxSegment = 1024

// expand is the one place where a path is built: it puts values, in order, in place of the {names} of a
// template. It returns the path as sent and, where that differs, its decoded form.
func expand(e *ParamError, template string, values []string) (escaped string) {
	if !strings.Contains(template, "{") {
		if len(values) > 0 {
			e.Add("path", fmt.Sprintf("takes no values, got %d", len(values)))
		}
		return template
	}
	var b strings.Builder
	used := 0
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			e.Add("path", "has an unclosed brace in its template")
			return ""
		}
		template = after
		if used == len(values) {
			e.Add(name, "is required")
			used++
			values = append(values[:len(values):len(values)], "")
			continue
		}
		value := values[used]
		used++
		if problem := checkSegment(value); problem != "" {
			e.Add(name, problem)
			continue
		}
		b.WriteString(url.PathEscape(value))
	}
	if used < len(values) {
		e.Add("path", fmt.Sprintf("takes %d values, got %d", used, len(values)))
	}
	return b.String()
}

// checkSegment says why a value cannot be one segment of a path, or nothing. Escaping alone is not enough: an
// empty value addresses the collection, dots address its parent, and there are servers and proxies that decode
// before they split.
func checkSegment(value string) string {
	switch {
	case value == "":
		return "is empty"
	case len(value) > maxSegment:
		return fmt.Sprintf("is longer than %d bytes", maxSegment)
	case !utf8.ValidString(value):
		return "is not valid UTF-8"
	}
	if strings.Trim(value, ".") == "" {
		return "must not consist of dots"
	}
	for _, r := range value {
		switch {
		case r < ' ' || (r >= 0x7f && r <= 0x9f):
			return "contains a control character"
		case strings.ContainsRune(`/\?#%;`, r):
			return fmt.Sprintf("contains %q, which cannot stand in an id", r)
		}
	}
	return ""
}
