package upstream

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// lineWidth is the length at which a schema no longer fits on one line.
const lineWidth = 120

// writer writes YAML: a mapping on one line where it fits, and one line for each key where it does not.
type writer struct {
	out   strings.Builder
	names map[string]string // of components, by bareKey
}

func (w *writer) line(indent int, format string, args ...any) {
	w.out.WriteString(strings.Repeat(" ", indent))
	fmt.Fprintf(&w.out, format, args...)
	w.out.WriteByte('\n')
}

// entry is one key of a mapping, or an element of a list, which has no key. Its value is text, entries or elements.
type entry struct {
	key      string
	text     string
	entries  []entry
	elements []entry
}

func (e entry) flow() string {
	var value string
	switch {
	case e.text != "":
		value = e.text
	case e.elements != nil:
		value = "[" + flows(e.elements) + "]"
	default:
		value = "{" + flows(e.entries) + "}"
	}
	if e.key == "" {
		return value
	}
	return quote(e.key) + ": " + value
}

func flows(all []entry) string {
	var parts []string
	for _, e := range all {
		parts = append(parts, e.flow())
	}
	return strings.Join(parts, ", ")
}

// write writes an entry; mark begins an element of a list.
func (w *writer) write(indent int, mark string, e entry) {
	flow := mark + e.flow()
	if indent+len(flow) <= lineWidth || e.text != "" {
		w.line(indent, "%s", flow)
		return
	}
	inner := indent + len(mark)
	if e.key != "" {
		w.line(indent, "%s%s:", mark, quote(e.key))
		inner, mark = inner+2, ""
	}
	for _, element := range e.elements {
		w.write(inner, "- ", element)
	}
	for i, each := range e.entries {
		if i > 0 || e.key != "" {
			w.write(inner, "", each)
			continue
		}
		w.write(indent, mark, each)
	}
}

func refTo(name string) entry {
	return entry{key: "$ref", text: "'" + componentPrefix + name + "'"}
}

// use returns a schema as it stands where it is used: a reference if it has a name.
func (w *writer) use(s *shape) []entry {
	name := w.names[s.bareKey()]
	if s.cycle != "" {
		name = s.cycle
	}
	if name == "" || !deservesName(s) && s.cycle == "" {
		return append(w.structure(s), w.attributes(s)...)
	}
	attributes := w.attributes(s)
	if len(attributes) == 0 {
		return []entry{refTo(name)}
	}
	return append([]entry{{key: "allOf", elements: []entry{{entries: []entry{refTo(name)}}}}}, attributes...)
}

// attributes returns what belongs to the use of a schema.
func (w *writer) attributes(s *shape) []entry {
	var all []entry
	for _, a := range []struct {
		key string
		on  bool
	}{{"nullable", s.nullable}, {"deprecated", s.deprecated}, {"writeOnly", s.writeOnly}} {
		if a.on {
			all = append(all, entry{key: a.key, text: "true"})
		}
	}
	if s.fallback != "" {
		all = append(all, jsonEntry("default", s.fallback))
	}
	return all
}

// structure returns a schema without what belongs to its use.
func (w *writer) structure(s *shape) []entry {
	var all []entry
	add := func(key, text string) {
		if text != "" {
			all = append(all, entry{key: key, text: text})
		}
	}
	switch {
	case slices.Equal(s.types, []string{"null"}):
		return []entry{{key: "enum", elements: []entry{{text: "null"}}}}
	case len(s.types) == 1:
		add("type", s.types[0])
	}
	add("format", quoteValue(s.format))
	for _, name := range boundNames() {
		add(name, s.bounds[name])
	}
	if s.pattern != "" {
		key := "pattern"
		if _, err := regexp.Compile(s.pattern); err != nil {
			key = extPattern
		}
		add(key, "'"+strings.ReplaceAll(s.pattern, "'", "''")+"'")
	}
	if len(s.enum) > 0 {
		all = append(all, entry{key: "enum", elements: texts(s.enum)})
	}
	if s.never {
		all = append(all, entry{key: "not", text: "{}"})
	}
	all = append(all, w.object(s)...)
	if s.items != nil {
		all = append(all, entry{key: "items", entries: w.use(s.items)})
	}
	if s.values != nil {
		all = append(all, entry{key: "additionalProperties", entries: w.use(s.values)})
	}
	if s.discriminator != "" {
		all = append(all, entry{key: "discriminator", entries: []entry{{key: "propertyName", text: s.discriminator}}})
	}
	keyword := "anyOf"
	if s.exclusive {
		keyword = "oneOf"
	}
	return append(all, w.members(keyword, s.union)...)
}

func (w *writer) object(s *shape) []entry {
	var all, fields []entry
	var required []entry
	for _, f := range s.fields {
		fields = append(fields, entry{key: f.name, entries: w.use(f.shape)})
		if f.required {
			required = append(required, entry{text: quote(f.name)})
		}
	}
	if required != nil {
		all = append(all, entry{key: "required", elements: required})
	}
	if fields != nil {
		all = append(all, entry{key: "properties", entries: fields})
	}
	return append(all, w.members("allOf", s.all)...)
}

func (w *writer) members(keyword string, shapes []*shape) []entry {
	if len(shapes) == 0 {
		return nil
	}
	var all []entry
	for _, s := range shapes {
		all = append(all, entry{entries: w.use(s)})
	}
	return []entry{{key: keyword, elements: all}}
}

func texts(values []string) []entry {
	var all []entry
	for _, v := range values {
		all = append(all, entry{text: fromJSON(v)})
	}
	return all
}

// jsonEntry writes a JSON value under a key.
func jsonEntry(key, value string) entry {
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(value), &members) != nil || len(members) == 0 {
		return entry{key: key, text: fromJSON(value)}
	}
	e := entry{key: key}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		e.entries = append(e.entries, jsonEntry(name, string(members[name])))
	}
	return e
}

// fromJSON writes a JSON value as YAML.
func fromJSON(value string) string {
	if unquoted, ok := strings.CutPrefix(value, `"`); ok && !strings.Contains(value, `\`) {
		return quote(strings.TrimSuffix(unquoted, `"`))
	}
	return value
}

// quoteValue quotes a text where YAML requires it; an empty text stays empty.
func quoteValue(s string) string {
	if s == "" {
		return ""
	}
	return quote(s)
}

// quote quotes a text unless YAML reads it as the same text without quotes.
func quote(s string) string {
	plain := s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !isPlain(r) }) &&
		(s[0] == '$' || s[0] == '_' || s[0] >= 'A')
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		plain = false
	}
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

func isPlain(r rune) bool {
	return r == '-' || r == '_' || r == '.' || r == '/' || r == '$' ||
		'0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}
