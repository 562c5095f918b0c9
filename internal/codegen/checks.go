package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// checksOf writes the statements that check a value against its schema: at most one rule for each member, in the
// words of internal/check. The zero value means «not given», so only a required member is wanted. A rule that
// cannot be said with internal/check is refused, so that none is lost in silence.
func checksOf(goName, wireName string, required bool, ref *openapi3.SchemaRef) ([]string, error) {
	s := ref.Value
	target := s
	var component string
	if ref.Ref != "" {
		component = ref.Ref
	} else if len(s.AllOf) == 1 {
		component, target = s.AllOf[0].Ref, s.AllOf[0].Value
	}
	value := "p." + goName
	if strings.HasPrefix(word(s.Extensions, extGoType), "client.Field[") {
		value += ".Value()"
	}
	var rules []string
	if required && wanted(target) {
		rules = append(rules, fmt.Sprintf("check.Required(s, %q, %s, \"\")", wireName, value))
	}
	if target.Type.Is("array") && component == "" && target.Items.Ref != "" && len(target.Items.Value.Enum) > 0 {
		each, err := checksOf(goName, wireName, false, target.Items)
		for i, rule := range each {
			each[i] = strings.Replace(rule, "check.OneOf(", "check.EachOf(", 1)
		}
		return append(rules, each...), err
	}
	switch {
	case target.Format == "date":
		rules = append(rules, fmt.Sprintf("check.Date(s, %q, %s)", wireName, value))
	case dayOrTime(target):
		rules = append(rules, fmt.Sprintf("check.DayOrTime(s, %q, %s)", wireName, value))
	case len(target.Enum) > 0:
		if component == "" {
			return nil, fmt.Errorf("%s: an enum must be a named component", wireName)
		}
		known, err := constNames(nameOf(strings.TrimPrefix(component, componentPrefix), target), target)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", wireName, err)
		}
		rules = append(rules, fmt.Sprintf("check.OneOf(s, %q, %s, %s)", wireName, value, strings.Join(known, ", ")))
	case target.MaxLength != nil:
		if word(s.Extensions, extGoType) == queryID {
			value = "string(" + value + ")"
		}
		rules = append(rules, fmt.Sprintf("check.MaxLength(s, %q, %s, %d)", wireName, value, *target.MaxLength))
	case target.Min != nil && target.Max != nil:
		rules = append(rules, fmt.Sprintf("check.Between(s, %q, %s, %s, %s)", wireName, value, number(*target.Min), number(*target.Max)))
	case target.Min != nil:
		rules = append(rules, fmt.Sprintf("check.AtLeast(s, %q, %s, %s)", wireName, value, number(*target.Min)))
	case target.Max != nil:
		return nil, fmt.Errorf("%s: a maximum without a minimum has no rule in internal/check", wireName)
	}
	return rules, nil
}

// dayOrTime tells a text that is either of the two.
func dayOrTime(s *openapi3.Schema) bool {
	return len(s.AnyOf) == 2 && s.AnyOf[0].Value.Format == "date" && s.AnyOf[1].Value.Format == "date-time"
}

// wanted tells whether the zero value of a required member surely means that it was forgotten.
func wanted(s *openapi3.Schema) bool {
	return s.Type.Is("string") || s.Type.Is("integer") && s.Min != nil && *s.Min > 0 ||
		word(s.Extensions, extGoType) == "client.ID"
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
