package client

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

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
		if problem := check.Segment(value); problem != "" {
			e.Add(name, problem)
			continue
		}
		if wire.HoldsCredential(value) {
			e.Add(name, "is a credential, which must not be part of a URL")
			continue
		}
		b.WriteString(url.PathEscape(value))
	}
	if used < len(values) {
		e.Add("path", fmt.Sprintf("takes %d values, got %d", used, len(values)))
	}
	return b.String()
}
