package sandbox

import (
	"errors"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// issue is one problem of a request or response. It never quotes the offending value.
type issue struct {
	Path    string `json:"path"` // members joined by dots; empty for the whole
	Message string `json:"message"`
}

func (i issue) String() string {
	if i.Path == "" {
		return i.Message
	}
	return i.Path + ": " + i.Message
}

// checkSent lists everything in a parameter or a request body that its schema does not allow. The base is put before
// the paths.
func checkSent(schema *openapi3.Schema, value any, base string) []issue {
	return checkValue(schema, value, base, openapi3.VisitAsRequest())
}

// checkReceived does so for the body of a response.
func checkReceived(schema *openapi3.Schema, value any) []issue {
	return checkValue(schema, value, "", openapi3.VisitAsResponse())
}

func checkValue(schema *openapi3.Schema, value any, base string, direction openapi3.SchemaValidationOption) []issue {
	// The first pass stops at the first problem and describes nothing, which makes the usual case cheap.
	if schema.VisitJSON(value, visitOptions(direction, openapi3.FailFast())...) == nil {
		return nil
	}
	err := schema.VisitJSON(value, visitOptions(direction, openapi3.MultiErrors())...)
	if err == nil {
		return nil
	}
	return collect(nil, err, base)
}

// accepts reports whether a schema allows a value in a response.
func accepts(schema *openapi3.Schema, value any) bool {
	return schema.VisitJSON(value, visitOptions(openapi3.VisitAsResponse(), openapi3.FailFast())...) == nil
}

// visitOptions adds the compiler of patterns. A pattern that Go's regular expressions do not know allows every text.
func visitOptions(opts ...openapi3.SchemaValidationOption) []openapi3.SchemaValidationOption {
	return append(opts, openapi3.SetSchemaRegexCompiler(func(pattern string) (openapi3.RegexMatcher, error) {
		if compiled, err := regexp.Compile(pattern); err == nil {
			return compiled, nil
		}
		return anyText{}, nil
	}))
}

type anyText struct{}

func (anyText) MatchString(string) bool { return true }

// collect flattens an error of the validator into issues.
func collect(found []issue, err error, base string) []issue {
	var problem *openapi3.SchemaError
	switch e := err.(type) { //nolint:errorlint // each layer is peeled by hand, so that none of the problems is lost
	case openapi3.MultiError:
		for _, one := range e {
			found = collect(found, one, base)
		}
		return found
	case *openapi3.SchemaError:
		problem = e
	default:
		if inner := errors.Unwrap(err); inner != nil {
			return collect(found, inner, base)
		}
		return append(found, issue{Path: base, Message: "does not match the schema"})
	}
	if problem.SchemaField == "allOf" && problem.Origin != nil {
		return collect(found, problem.Origin, base)
	}
	path := problem.JSONPointer()
	if base != "" {
		path = append([]string{base}, path...)
	}
	message := problem.Reason
	if message == "" {
		message = "does not match the schema"
	}
	return append(found, issue{Path: strings.Join(path, "."), Message: message})
}
