package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// method is the Go method of an operation.
type method struct {
	Comment  string
	Receiver string
	Name     string
	Args     string // with a trailing comma
	Results  string
	Zero     string
	Op       string
	Schema   string // the variable of the operation.Schema, or nil
	Fields   []string
	Call     string // the function of package operation
	Request  string
	Wrapper  string // a type that adds the check of the id to the result; empty for none
	Result   string // the Go type of the result
}

// methodOf derives the method of an operation.
func (s *ruleSet) methodOf(op operation) (method, error) {
	receiver, name, ok := strings.Cut(op.GoMethod, ".")
	if !ok {
		return method{}, fmt.Errorf("%s: %s must be Service.Method", op.ID, extMethod)
	}
	if op.Paging != nil {
		return method{}, fmt.Errorf("%s: a list has no generated method", op.ID)
	}
	m := method{
		Receiver: receiver, Name: name, Op: "op" + upperFirst(op.ID), Schema: "nil", Comment: wrap(op.comment(name)),
	}
	var request []string
	var errs []error
	path, rules, err := s.pathOf(op)
	errs = append(errs, err)
	for _, arg := range path {
		m.Args += arg.name + " " + arg.goType + ", "
	}
	if len(path) > 0 {
		request = append(request, "Path: []string{"+joined(path)+"}")
	}
	if len(rules) > 0 {
		m.Fields = append(m.Fields, "Path: []check.Field{"+strings.Join(rules, ", ")+"}")
	}
	if op.Params != "" {
		m.Args += "params " + op.Params + ", "
		request = append(request, "Query: params.query()")
		m.Fields = append(m.Fields, "Query: query"+upperFirst(op.ID))
	}
	if op.Body != nil {
		m.Args += "p " + nameOf(strings.TrimPrefix(op.Body.Ref, componentPrefix), op.Body.Value) + ", "
		request = append(request, "Body: p")
		rule, err := s.expr("", op.Body, false)
		errs = append(errs, err)
		if rule != "" {
			m.Fields = append(m.Fields, "Body: "+rule)
		}
	}
	if op.Accept != "" {
		request = append(request, fmt.Sprintf("Accept: %q", op.Accept))
	}
	if len(m.Fields) > 0 {
		m.Schema = "&schema" + upperFirst(op.ID)
	}
	m.Request = "client.Request{" + strings.Join(request, ", ") + "}"
	m.result(op)
	return m, errors.Join(errs...)
}

// result decides what the method returns.
func (m *method) result(op operation) {
	switch {
	case op.Accept != "":
		m.Call, m.Results = "Download", "(io.ReadCloser, error)"
	case op.Result == nil:
		m.Call, m.Results = "Send", "error"
	case stringExt(op.Result.Value.Extensions, extGoType) == "jsontext.Value":
		m.Call, m.Results = "Raw", "(jsontext.Value, error)"
	default:
		m.Result = nameOf(strings.TrimPrefix(op.Result.Ref, componentPrefix), op.Result.Value)
		m.Call, m.Results = "Call["+m.Result+"]", "(*"+m.Result+", error)"
		if requiresID(op.Result.Value) {
			m.Wrapper = lowerFirst(m.Result) + "WithID"
			m.Call = "Call[" + m.Wrapper + "]"
		}
	}
}

// requiresID reports whether every response of a type has an id of its own.
func requiresID(schema *openapi3.Schema) bool {
	return slices.ContainsFunc(schema.Required, func(name string) bool {
		field := schema.Properties[name]
		return field != nil && memberName(name, field) == "ID"
	})
}

// argument is one argument of a method.
type argument struct{ name, goType string }

func joined(args []argument) string {
	texts := make([]string, len(args))
	for i, arg := range args {
		texts[i] = "string(" + arg.name + ")"
	}
	return strings.Join(texts, ", ")
}

// pathOf returns the arguments for the path of an operation, and the literals of their rules. Without any bounds there
// are no rules.
func (s *ruleSet) pathOf(op operation) (args []argument, rules []string, err error) {
	bounded := false
	for _, segment := range strings.Split(op.Path, "/") {
		wire, ok := strings.CutPrefix(segment, "{")
		if !ok {
			continue
		}
		wire = strings.TrimSuffix(wire, "}")
		source := op.parameter(openapi3.ParameterInPath, wire)
		if source == nil {
			return nil, nil, fmt.Errorf("%s: the path has {%s}, which is no parameter", op.ID, wire)
		}
		arg := argument{lowerFirst(goName(wire)), clientPackage + ".ID"}
		if ref := source.Schema; ref.Ref != "" && len(ref.Value.Enum) > 0 {
			arg.goType = nameOf(strings.TrimPrefix(ref.Ref, componentPrefix), ref.Value)
		}
		args = append(args, arg)
		rule, err := s.forced(op.ID, wire, false, false, source.Schema)
		if err != nil {
			return nil, nil, err
		}
		if rule == "" {
			rule = fmt.Sprintf("{Name: %q}", wire)
		} else if rule != fmt.Sprintf("{Name: %q, Rule: &check.Rule{Type: check.String, MinSize: 1}}", wire) {
			bounded = true // the client rejects the empty one
		}
		rules = append(rules, rule)
	}
	if !bounded {
		rules = nil
	}
	return args, rules, nil
}

// parameter finds a parameter of the operation or of its path.
func (op operation) parameter(in, name string) *openapi3.Parameter {
	for _, list := range []openapi3.Parameters{op.source.Parameters, op.item.Parameters} {
		if found := list.GetByInAndName(in, name); found != nil {
			return found
		}
	}
	return nil
}

// comment returns the doc comment of a method: what it does, the access it takes and whether it is retried.
func (op operation) comment(name string) string {
	text := name + " " + lowerFirst(strings.TrimSuffix(strings.TrimSpace(op.source.Summary), ".")) + "."
	if op.source.Description != "" {
		text += " " + paragraphs(op.source.Description)
	}
	if op.Level != nil && op.Level.Word != "unknown" {
		text += fmt.Sprintf(" Requires [client.%s].", op.Level.Const)
	}
	if op.Effect.Word != "once" {
		return text + " Safe to retry."
	}
	return text +
		"\n\nIt is retried only if the platform surely has not processed it. If the response was lost, the error " +
		"matches [client.ErrOutcomeUnknown]."
}

// paragraphs joins the lines of each paragraph, so that they can be wrapped again.
func paragraphs(text string) string {
	parts := strings.Split(strings.TrimSpace(text), "\n\n")
	for i, part := range parts {
		parts[i] = strings.Join(strings.Fields(part), " ")
	}
	return strings.Join(parts, "\n\n")
}

// lowerFirst makes a name unexported: organizationID, urlPath, id.
func lowerFirst(name string) string {
	capitals := len(name) - len(strings.TrimLeft(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	switch rest := name[capitals:]; {
	case rest == "" || rest == "s":
		return strings.ToLower(name)
	case capitals > 1:
		capitals--
	}
	return strings.ToLower(name[:capitals]) + name[capitals:]
}
