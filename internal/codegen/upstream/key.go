package upstream

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// key identifies a shape with its use: equal keys mean equal structure.
func (s *shape) key() string {
	if s == nil {
		return "-"
	}
	var b strings.Builder
	b.WriteString(s.bareKey())
	for _, mark := range []struct {
		on   bool
		text string
	}{{s.nullable, "?"}, {s.fallback != "", "=" + s.fallback}, {s.deprecated, "!"}, {s.writeOnly, "w"}} {
		if mark.on {
			b.WriteString(mark.text)
		}
	}
	return b.String()
}

// bareKey identifies a shape apart from its use.
func (s *shape) bareKey() string {
	if s.identity == "" {
		s.identity = s.buildKey()
	}
	return s.identity
}

func (s *shape) buildKey() string {
	if s.cycle != "" {
		return "cycle " + s.cycle
	}
	var b strings.Builder
	put := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(strconv.Itoa(len(p)) + ":" + p)
		}
	}
	put(s.types...)
	put("f", s.format, "p", s.pattern, "d", s.discriminator)
	if s.never {
		put("never")
	}
	put("enum")
	put(sorted(s.enum)...)
	for _, name := range boundNames() {
		if v := s.bounds[name]; v != "" {
			put(name, v)
		}
	}
	fields := slices.Clone(s.fields)
	slices.SortFunc(fields, func(a, b field) int { return strings.Compare(a.name, b.name) })
	for _, f := range fields {
		put("field", f.name, strconv.FormatBool(f.required), f.shape.key())
	}
	put("items", s.items.key(), "values", s.values.key())
	var variants []string
	for _, v := range s.union {
		variants = append(variants, v.key())
	}
	put("union")
	put(sorted(variants)...)
	put("all")
	for _, v := range s.all {
		put(v.key())
	}
	return hash(b.String())
}

func sorted(all []string) []string {
	all = slices.Clone(all)
	slices.Sort(all)
	return all
}

// describe names the kind of value that a shape allows, for reports.
func (s *shape) describe() string {
	switch {
	case s == nil:
		return "nothing"
	case s.never:
		return "never"
	case s.cycle != "":
		return s.cycle
	case len(s.all) > 0:
		return "allOf"
	case len(s.union) > 0:
		var kinds []string
		for _, v := range s.union {
			kinds = append(kinds, v.describe())
		}
		return strings.Join(slices.Compact(sorted(kinds)), "|")
	case len(s.types) > 0:
		return strings.Join(s.types, "|")
	case len(s.enum) > 0:
		return "enum"
	default:
		return "any"
	}
}

// encode returns a scalar, a list or a map as JSON.
func encode(node *yaml.Node) string {
	var v any
	if node.Tag == "!!timestamp" || node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		v = node.Value
	} else if err := node.Decode(&v); err != nil {
		v = node.Value
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return strconv.Quote(node.Value)
	}
	return string(raw)
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:12])
}
