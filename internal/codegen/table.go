package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"go/format"
	"slices"
	"strings"
	"text/template"

	"github.com/getkin/kin-openapi/openapi3"
)

//go:embed operations.tmpl
var operationsTemplate string

// clientPackage is where Operation lives; its own table names it without a qualifier.
const clientPackage = "client"

// table is the data of the template.
type table struct {
	GeneratedBy string
	Package     string
	Qualifier   string // "client." outside package client
	Imports     []string
	Operations  []operation
	Bodies      []checked
	Params      []params
	Rules       []ruleVar
	Methods     []method
	Wrappers    []method // one for each wrapper type
}

// checked is a type with a check method.
type checked struct{ Name, Rule string }

// params is the struct of an operation's query parameters.
type params struct {
	Name      string
	Operation string
	Fields    []field
	Rules     []string // literals of check.Field
	Check     string   // the function of package check for the rules
	Paged     bool
	Place     string // the field that positions a list; empty if there is none
}

// field is one query parameter.
type field struct {
	Name, Wire, Type string
	Comment          string
	Required         bool // sent even when it is zero
}

// The types of query parameters that need more than a comparison with their zero value.
const (
	fieldBool = clientPackage + ".Field[bool]" // may be given as false
	fieldInt  = clientPackage + ".Field[int]"  // may be given as 0
	queryTime = "time.Time"
	queryID   = clientPackage + ".ID"
)

// Repeats reports whether the parameter is sent once for each of its values.
func (f field) Repeats() bool { return strings.HasPrefix(f.Type, "[]") }

// Each returns the Go expression of one value of a repeated parameter.
func (f field) Each() string {
	if f.Type == "[]string" {
		return "one"
	}
	return "string(one)"
}

// Value returns the Go expression of the field as query text.
func (f field) Value() string {
	switch {
	case f.Type == "bool" && f.Required:
		return "strconv.FormatBool(p." + f.Name + ")"
	case f.Type == "bool":
		return `"true"`
	}
	switch f.Type {
	case fieldBool:
		return "strconv.FormatBool(p." + f.Name + ".Value())"
	case fieldInt:
		return "strconv.Itoa(p." + f.Name + ".Value())"
	case queryTime:
		return "p." + f.Name + ".UTC().Format(time.RFC3339Nano)"
	case "int":
		return "strconv.Itoa(p." + f.Name + ")"
	case "string":
		return "p." + f.Name
	default:
		return "string(p." + f.Name + ")"
	}
}

// Given returns the condition for sending the field, or "" if it is always sent.
func (f field) Given() string {
	switch f.Type {
	case "bool":
		if f.Required {
			return ""
		}
		return "p." + f.Name
	case "int":
		return "p." + f.Name + " != 0"
	case fieldBool, fieldInt, queryTime:
		return "!p." + f.Name + ".IsZero()"
	default:
		return "p." + f.Name + ` != ""`
	}
}

// needs returns the package that Value uses, or "".
func (f field) needs() string {
	if f.Type == "bool" && f.Required {
		return "strconv"
	}
	switch f.Type {
	case "int", fieldBool, fieldInt:
		return "strconv"
	case queryTime:
		return "time"
	default:
		return ""
	}
}

func renderOperations(ops []operation, pkg string, defined map[string]bool) ([]byte, error) {
	rules := &ruleSet{defined: defined}
	t := table{GeneratedBy: generatedBy, Package: pkg, Operations: ops}
	if pkg != clientPackage {
		t.Qualifier = clientPackage + "."
	}
	var errs []error
	for _, op := range ops {
		if op.GoMethod != "" {
			m, err := rules.methodOf(op)
			errs = append(errs, err)
			t.Methods = append(t.Methods, m)
			known := slices.ContainsFunc(t.Wrappers, func(w method) bool { return w.Wrapper == m.Wrapper })
			if m.Wrapper != "" && !known {
				t.Wrappers = append(t.Wrappers, m)
			}
		}
		for _, ref := range bodies(op) {
			if op.GoMethod != "" {
				break // its schema is checked
			}
			body := checked{Name: nameOf(strings.TrimPrefix(ref.Ref, componentPrefix), ref.Value)}
			var err error
			if body.Rule, err = rules.expr("", ref, false); err != nil {
				errs = append(errs, err)
			}
			// Two operations may share a body.
			seen := slices.ContainsFunc(t.Bodies, func(c checked) bool { return c.Name == body.Name })
			body.Rule = strings.TrimPrefix(body.Rule, "&")
			if body.Rule != "" && !seen {
				t.Bodies = append(t.Bodies, body)
			}
		}
		if op.Params != "" {
			p, err := rules.paramsOf(op)
			if err != nil {
				errs = append(errs, err)
			}
			t.Params = append(t.Params, p)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	t.Rules = rules.Vars
	t.Imports = t.imports()
	tmpl, err := template.New("operations").Funcs(template.FuncMap{"upper": upperFirst}).Parse(operationsTemplate)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := tmpl.Execute(&out, t); err != nil {
		return nil, err
	}
	return format.Source(out.Bytes())
}

// imports lists the packages of the rendered file. An empty path separates the standard library from the others.
func (t table) imports() []string {
	var standard, own []string
	rules := len(t.Rules)+len(t.Bodies) > 0
	for _, p := range t.Params {
		rules = rules || len(p.Rules) > 0
		if !slices.Contains(standard, "net/url") {
			standard = append(standard, "net/url")
		}
		for _, f := range p.Fields {
			if needed := f.needs(); needed != "" && !slices.Contains(standard, needed) {
				standard = append(standard, needed)
			}
		}
	}
	const module = "github.com/interchange-sdk/interchange-go/"
	if t.Qualifier != "" {
		own = append(own, module+clientPackage)
	}
	for _, m := range t.Methods {
		standard = append(standard, "context")
		own = append(own, module+"internal/operation")
		rules = rules || strings.Contains(strings.Join(m.Fields, ""), "check.")
		switch m.Call {
		case "Download":
			standard = append(standard, "io")
		case "Raw":
			own = append(own, "github.com/go-json-experiment/json/jsontext")
		}
	}
	if rules {
		own = append(own, module+"internal/check")
	}
	slices.Sort(own)
	own = slices.Compact(own)
	slices.Sort(standard)
	standard = slices.Compact(standard)
	if len(standard) > 0 && len(own) > 0 {
		standard = append(standard, "")
	}
	return append(standard, own...)
}

// bodies lists the components that a request body is checked by: its own, or those of the generated types that one
// written by hand is composed of, and those of the items of its arrays.
func bodies(op operation) []*openapi3.SchemaRef {
	if op.Body == nil || op.Body.Ref == "" {
		return nil
	}
	if parts := op.Body.Value.AllOf; isHandwritten(op.Body.Value) && len(parts) > 0 {
		return slices.DeleteFunc(slices.Clone(parts), func(part *openapi3.SchemaRef) bool {
			return part.Ref == "" || isHandwritten(part.Value)
		})
	}
	found := []*openapi3.SchemaRef{op.Body}
	for _, name := range inOrder(op.Body.Value.Properties) {
		items := op.Body.Value.Properties[name].Value.Items
		if items != nil && items.Ref != "" && items.Value.Type.Is("object") {
			found = append(found, items)
		}
	}
	return found
}

// paramsOf derives the struct of an operation's query parameters.
func (s *ruleSet) paramsOf(op operation) (params, error) {
	p := params{Check: "Numbers", Name: op.Params, Operation: op.ID, Paged: op.Continues}
	var errs []error
	for _, source := range op.Query {
		if omitted, _ := source.Extensions[extOmit].(bool); omitted || op.Continues && source.Name == "cursor" {
			continue // the method gives it, or the page token
		}
		if source.Name == "skip" || source.Name == "offset" || source.Name == "page" {
			p.Place = goName(source.Name)
		}
		note := func(err error) { errs = append(errs, fmt.Errorf("%s: %s: %w", op.ID, source.Name, err)) }
		f := field{
			Name: paramName(op, source.Name), Wire: source.Name, Comment: wrap(commentOn(source)), Required: source.Required,
		}
		if source.Description == "" {
			note(errors.New("a query parameter needs a description"))
		}
		var err error
		if f.Type, err = queryType(source.Schema); err != nil {
			note(err)
		}
		rule, err := s.forced(op.ID, source.Name, source.Required, source.Schema.Value.Type.Is("array"), source.Schema)
		if err != nil {
			note(err)
		}
		if rule != "" && !unsendable(source.Name, rule) {
			p.Rules = append(p.Rules, rule)
			if !strings.Contains(rule, "Rule: &check.Rule{Type: check.Number, M") {
				p.Check = "Query"
			}
		}
		p.Fields = append(p.Fields, f)
	}
	return p, errors.Join(errs...)
}

// paramName returns the Go name of a query parameter. The size of a page is PageSize in every paging style.
func paramName(op operation, wire string) string {
	if op.Continues && (wire == "take" || wire == "limit" || wire == "pageSize") {
		return "PageSize"
	}
	return goName(wire)
}

// unsendable reports whether a rule of an optional parameter excludes only the empty text, which is never sent.
func unsendable(name, rule string) bool {
	return rule == fmt.Sprintf("{Name: %q, Rule: &check.Rule{MinSize: 1}}", name) ||
		rule == fmt.Sprintf("{Name: %q, Rule: &check.Rule{Type: check.String, MinSize: 1}}", name)
}

func queryType(ref *openapi3.SchemaRef) (string, error) {
	s := ref.Value
	switch {
	case stringExt(s.Extensions, extGoType) == fieldBool && s.Type.Is("boolean"):
		return fieldBool, nil
	case stringExt(s.Extensions, extGoType) == fieldInt && s.Type.Is("integer"):
		return fieldInt, nil
	case stringExt(s.Extensions, extGoType) == queryID:
		return queryID, nil
	case s.Type.Is("array") && s.Items.Value.Extensions[extGoType] == queryID:
		return "[]" + queryID, nil
	case s.Type.Is("array") && s.Items.Value.Type.Is("string"):
		item, err := queryType(s.Items)
		return "[]" + item, err
	case s.Type.Is("string") && s.Format == "date-time":
		return queryTime, nil
	case ref.Ref != "" && s.Type.Is("string"):
		return nameOf(strings.TrimPrefix(ref.Ref, componentPrefix), s), nil
	case s.Type.Is("string"):
		return "string", nil
	case s.Type.Is("integer"):
		return "int", nil
	case s.Type.Is("boolean") && s.Default != true:
		return "bool", nil
	default:
		return "", errors.New("a query parameter is a string, an integer, a time, an enum, a list of texts or ids, " +
			"or a boolean that is false by default")
	}
}

// commentOn adds the stated limits and default to a parameter's description. A default that is the zero value goes
// without saying.
func commentOn(source *openapi3.Parameter) string {
	s := source.Schema.Value
	var facts []string
	if s.Min != nil && s.Max != nil {
		facts = append(facts, fmt.Sprintf("%s to %s", number(*s.Min), number(*s.Max)))
	}
	if s.MaxLength != nil {
		facts = append(facts, fmt.Sprintf("at most %d characters", *s.MaxLength))
	}
	if d := fmt.Sprint(s.Default); s.Default != nil && d != "0" && d != "false" && d != "" {
		facts = append(facts, "the platform's default is "+d)
	}
	text := strings.TrimSpace(source.Description)
	if len(facts) == 0 {
		return text
	}
	return strings.TrimSuffix(text, ".") + ": " + strings.Join(facts, "; ") + "."
}
