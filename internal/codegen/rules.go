package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// ruleSet collects the variables that hold the rules of the request schemas of one file. Components share them, also
// with the files of other tags.
type ruleSet struct {
	defined map[string]bool // variables of the package
	open    []string        // components under construction
	Vars    []ruleVar
}

// ruleVar is one variable.
type ruleVar struct{ Name, Value string }

// field returns the literal of a check.Field, or "" if every value is allowed.
func (s *ruleSet) field(at, name string, required bool, ref *openapi3.SchemaRef) (string, error) {
	required = required && !(ref.Value.Extensions[extGoIgnored] == true)
	return s.forced(at, name, required, required || isField(ref), ref)
}

// forced returns the literal of a check.Field that has a rule even if its schema sets no bounds.
func (s *ruleSet) forced(at, name string, required, forced bool, ref *openapi3.SchemaRef) (string, error) {
	rule, err := s.expr(join(at, name), ref, forced)
	if err != nil || rule == "" && !required {
		return "", err
	}
	text := fmt.Sprintf("{Name: %q", name)
	if rule != "" {
		text += ", Rule: " + rule
	}
	if required {
		text += ", Required: true"
	}
	return text + "}", nil
}

// isField reports whether the Go type can hold null although the schema may not allow it.
func isField(ref *openapi3.SchemaRef) bool {
	return strings.HasPrefix(stringExt(ref.Value.Extensions, extGoType), "client.Field[")
}

// expr returns an expression for the rule of a schema, or "" if every value is allowed. Forced, it returns a rule
// that at least rejects null and, where the value is required, an empty one.
func (s *ruleSet) expr(at string, ref *openapi3.SchemaRef, forced bool) (string, error) {
	if ref.Ref == "" {
		return s.literal(at, ref.Value, forced)
	}
	component := strings.TrimPrefix(ref.Ref, componentPrefix)
	name := "rule" + upperFirst(component)
	if s.defined[name] {
		return "&" + name, nil
	}
	if slices.Contains(s.open, component) {
		cycle := strings.Join(append(s.open, component), " > ")
		return "", fmt.Errorf("%s refers to itself: a recursive request has no rules", cycle)
	}
	s.open = append(s.open, component)
	defer func() { s.open = s.open[:len(s.open)-1] }()
	value, err := s.literal(component, ref.Value, forced)
	if err != nil || value == "" || len(ref.Value.Properties) == 0 && len(ref.Value.Enum) == 0 {
		return value, err
	}
	s.defined[name] = true
	s.Vars = append(s.Vars, ruleVar{name, strings.TrimPrefix(value, "&")})
	return "&" + name, nil
}

// literal returns the composite literal of a rule, or "" if every value is allowed.
func (s *ruleSet) literal(at string, schema *openapi3.Schema, forced bool) (string, error) {
	l := &ruleLiteral{set: s, at: at}
	err := errors.Join(
		l.text(schema), l.number(schema), l.sizes(schema), l.fields(schema), l.union(schema), l.all(schema),
	)
	if err != nil {
		return "", err
	}
	if len(l.parts) == 0 && !forced {
		return "", nil
	}
	if l.reference != "" && len(l.parts) == 1 && ruleType(schema) == "" {
		if !schema.Nullable {
			return l.reference, nil
		}
		l.parts[0] = "Ref: " + l.reference
	}
	if schema.Nullable || l.nullable {
		l.parts = slices.Insert(l.parts, 0, "Nullable: true")
	}
	if name := ruleType(schema); name != "" {
		l.parts = slices.Insert(l.parts, 0, "Type: check."+name)
	}
	return "&check.Rule{" + strings.Join(l.parts, ", ") + "}", nil
}

func ruleType(schema *openapi3.Schema) string {
	switch {
	case schema.Type == nil && len(schema.Properties) > 0:
		return "Object"
	case stringExt(schema.Extensions, extGoType) == queryID: // text in Go, whatever is sent
		return ""
	case schema.Type == nil:
		return ""
	case schema.Type.Is("integer"):
		return "Number"
	default:
		return upperFirst(schema.Type.Slice()[0])
	}
}

// ruleLiteral is the literal of a rule while it is made.
type ruleLiteral struct {
	set       *ruleSet
	at        string
	parts     []string
	reference string // the expression of the only part of an allOf
	nullable  bool   // one variant of a union is null
}

func (l *ruleLiteral) add(format string, args ...any) {
	l.parts = append(l.parts, fmt.Sprintf(format, args...))
}

func (l *ruleLiteral) text(schema *openapi3.Schema) error {
	switch {
	case schema.Format == "date":
		l.add("Format: check.FormatDate")
	case schema.Format == "date-time":
		l.add("Format: check.FormatTime")
	case dayOrTime(schema):
		l.add("Format: check.FormatDateOrTime")
	}
	pattern := schema.Pattern
	if instead := stringExt(schema.Extensions, extPattern); instead != "" {
		pattern = instead
	}
	if pattern != "" {
		if _, err := regexp.Compile(pattern); err != nil {
			return fmt.Errorf("%s.pattern: %w; state it in Go's syntax with %s", l.at, err, extPattern)
		}
		message := stringExt(schema.Extensions, extMessage)
		if message != "" {
			message = fmt.Sprintf(", Message: %q", message)
		}
		l.add("Pattern: &check.Pattern{Expr: %s%s}", quote(pattern), message)
	}
	if len(schema.Enum) > 0 {
		l.enum(schema.Enum)
	}
	return nil
}

func quote(text string) string {
	if strconv.CanBackquote(text) {
		return "`" + text + "`"
	}
	return strconv.Quote(text)
}

// enum adds the allowed values. A null among them makes the value nullable.
func (l *ruleLiteral) enum(values []any) {
	var known []string
	for _, value := range values {
		if value == nil {
			l.nullable = true
			continue
		}
		known = append(known, fmt.Sprintf("%q", scalar(value)))
	}
	if len(known) > 0 {
		l.add("Enum: []string{%s}", strings.Join(known, ", "))
	}
}

func scalar(value any) string {
	if f, ok := value.(float64); ok {
		return number(f)
	}
	return fmt.Sprint(value)
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// dayOrTime reports whether a schema allows a text of either kind.
func dayOrTime(s *openapi3.Schema) bool {
	return len(s.AnyOf) == 2 && s.AnyOf[0].Value.Format == "date" && s.AnyOf[1].Value.Format == "date-time"
}

func (l *ruleLiteral) number(schema *openapi3.Schema) error {
	for _, bound := range []struct {
		name      string
		limit     *float64
		exclusive openapi3.ExclusiveBound
	}{{"Min", schema.Min, schema.ExclusiveMin}, {"Max", schema.Max, schema.ExclusiveMax}} {
		switch open := bound.exclusive.Bool != nil && *bound.exclusive.Bool; {
		case bound.exclusive.Value != nil || open && bound.limit == nil:
			return fmt.Errorf("%s: an exclusive bound must be a boolean next to the bound", l.at)
		case open:
			l.add("%s: &check.Limit{Value: %s, Exclusive: true}", bound.name, number(*bound.limit))
		case bound.limit != nil && !isWidth(*bound.limit):
			l.add("%s: &check.Limit{Value: %s}", bound.name, number(*bound.limit))
		}
	}
	return nil
}

// isWidth reports whether a bound is that of a number type and not of the API.
func isWidth(limit float64) bool { return limit >= 1<<53-1 || limit <= -(1<<53-1) }

func (l *ruleLiteral) sizes(schema *openapi3.Schema) error {
	for _, bound := range []struct {
		name string
		min  uint64
		max  *uint64
	}{
		{"Length", schema.MinLength, schema.MaxLength},
		{"Items", schema.MinItems, schema.MaxItems},
		{"Properties", schema.MinProps, schema.MaxProps},
	} {
		if bound.min > 0 {
			l.add("MinSize: %d", bound.min)
		}
		if bound.max != nil && *bound.max == 0 {
			return fmt.Errorf("%s.max%s: 0 is not supported", l.at, bound.name)
		} else if bound.max != nil {
			l.add("MaxSize: %d", *bound.max)
		}
	}
	return nil
}

func (l *ruleLiteral) fields(schema *openapi3.Schema) error {
	var fields []string
	var errs []error
	for _, name := range inOrder(schema.Properties) {
		field, err := l.set.field(l.at, name, slices.Contains(schema.Required, name), schema.Properties[name])
		if errs = append(errs, err); field != "" {
			fields = append(fields, field)
		}
	}
	for _, name := range schema.Required {
		if schema.Properties[name] == nil { // the field of another part of an allOf
			fields = append(fields, fmt.Sprintf("{Name: %q, Required: true}", name))
		}
	}
	if len(fields) > 0 {
		l.add("Fields: []check.Field{\n%s,\n}", strings.Join(fields, ",\n"))
	}
	items := schema.Items
	if items == nil {
		items = schema.AdditionalProperties.Schema
	}
	if items != nil {
		rule, err := l.set.expr(l.at+"[]", items, false)
		if errs = append(errs, err); rule != "" {
			l.add("Items: %s", rule)
		}
	}
	return errors.Join(errs...)
}

func (l *ruleLiteral) all(schema *openapi3.Schema) error {
	var rules []string
	for i, part := range schema.AllOf {
		rule, err := l.set.expr(fmt.Sprintf("%s.allOf[%d]", l.at, i), part, false)
		if err != nil {
			return err
		}
		if rule != "" {
			rules = append(rules, rule)
		}
	}
	if len(rules) == 1 {
		l.reference = rules[0]
	}
	if len(rules) > 0 {
		l.add("AllOf: []*check.Rule{%s}", strings.Join(rules, ", "))
	}
	return nil
}

// union adds the variants of an anyOf or oneOf: the known values if all are constants, the case that the discriminator
// selects if there is one, and otherwise the variants as they are.
func (l *ruleLiteral) union(schema *openapi3.Schema) error {
	variants := variantsOf(schema)
	if len(variants) == 0 || dayOrTime(schema) {
		return nil
	}
	u := unionOf(schema)
	l.nullable = u.nullable
	switch {
	case len(u.constants) > 0:
		l.enum(u.constants)
		return nil
	case u.discriminator != "":
		return l.cases(u)
	}
	rules := make([]string, len(u.variants))
	open := true
	for i, variant := range u.variants {
		rule, err := l.set.expr(fmt.Sprintf("%s.anyOf[%d]", l.at, i), variant, true)
		if err != nil {
			return err
		}
		unforced, err := l.set.literal(l.at, variant.Value, false)
		if err != nil {
			return err
		}
		rules[i], open = rule, open && unforced == "" && !variant.Value.Type.Is("object")
	}
	switch {
	case len(rules) == 1:
		l.add("Ref: %s", rules[0])
	case !open: // scalars without bounds differ only in their type, which the Go type decides
		l.add("AnyOf: []*check.Rule{%s}", strings.Join(rules, ", "))
	}
	return nil
}

func (l *ruleLiteral) cases(u union) error {
	var cases []string
	for _, value := range slices.Sorted(maps.Keys(u.cases)) {
		rule, err := l.set.expr(join(l.at, value), u.cases[value], true)
		if err != nil {
			return err
		}
		cases = append(cases, fmt.Sprintf("{Value: %q, Rule: %s}", value, rule))
	}
	l.add("Discriminator: %q", u.discriminator)
	l.add("Cases: []check.Case{\n%s,\n}", strings.Join(cases, ",\n"))
	return nil
}

func join(at, name string) string { return at + "." + name }
