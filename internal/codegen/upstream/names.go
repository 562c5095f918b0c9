package upstream

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// naming gives every distinct shape that is worth a component one name.
type naming struct {
	names  map[string]string // by bareKey
	taken  map[string]bool
	fields map[string]map[string]bool // the shapes seen under a field name, by their keys
	fresh  map[string]bool            // the shapes that are not in our document, by their keys
	order  []*shape                   // the same, in the order in which they were named
	refs   map[string][]string        // the component names that the platform has for a shape
	sides  map[string][2]bool         // whether a shape is in requests, and in responses
}

func newNaming(ours *document) *naming {
	n := &naming{
		names: make(map[string]string), taken: make(map[string]bool), fields: make(map[string]map[string]bool),
		fresh: make(map[string]bool), refs: make(map[string][]string), sides: make(map[string][2]bool),
	}
	for key, node := range pairs(get(ours.root, "components", "schemas")) {
		n.taken[key.Value] = true
		s := ours.named(key.Value)
		handwritten := get(node, "x-go-type") != nil || get(node, "x-go-handwritten") != nil
		if _, known := n.names[s.bareKey()]; !known && !handwritten && deservesName(s) {
			n.names[s.bareKey()] = key.Value
		}
	}
	return n
}

// deservesName reports whether a shape becomes a component: objects with fields, their unions, and string enums.
func deservesName(s *shape) bool {
	return s.recursive || len(s.fields) > 0 || len(s.all) > 0 || slices.ContainsFunc(s.union, deservesName) ||
		len(s.union) == 0 && len(s.enum) > 1 && slices.Equal(s.types, []string{"string"})
}

// side says where a shape was found.
type side int

const (
	inRequest side = iota
	inResponse
)

// count records a shape and everything below it.
func (n *naming) count(s *shape, name string, where side) {
	if s == nil || s.cycle != "" {
		return
	}
	if deservesName(s) {
		key := s.bareKey()
		sides := n.sides[key]
		if s.ref != "" && !slices.Contains(n.refs[key], s.ref) {
			n.refs[key] = append(n.refs[key], s.ref)
		}
		if n.fields[name] == nil {
			n.fields[name] = make(map[string]bool)
		}
		n.fields[name][key] = true
		if sides[where] {
			return // with all that is below it
		}
		sides[where] = true
		n.sides[key] = sides
	}
	for _, p := range parts(s) {
		n.count(p.shape, fieldName(p, name), where)
	}
}

// part is a schema inside another one.
type part struct {
	shape  *shape
	suffix string // of its name
	own    bool   // the suffix is the name of a field, which may do as a name alone
}

func fieldName(p part, name string) string {
	if p.own {
		return p.suffix
	}
	return name
}

// parts lists the schemas directly inside a shape.
func parts(s *shape) []part {
	var all []part
	for _, f := range s.fields {
		name := camel(f.name)
		inner := f.shape
		for inner.items != nil {
			inner, name = inner.items, singular(name)
		}
		if inner.values != nil && len(inner.fields) == 0 {
			inner, name = inner.values, singular(name)
		}
		all = append(all, part{inner, name, true})
	}
	if s.items != nil {
		all = append(all, part{s.items, "Item", false})
	}
	if s.values != nil {
		all = append(all, part{s.values, "Value", false})
	}
	for i, v := range s.union {
		all = append(all, part{v, variantName(s, i), false})
	}
	for _, v := range s.all {
		all = append(all, part{v, "Part", false})
	}
	return all
}

// variantName names a variant of a union after a constant that no other variant has, else after a field that no other
// variant has.
func variantName(s *shape, at int) string {
	v := s.union[at]
	unique := func(f field, same func(field) bool) bool {
		return !slices.ContainsFunc(s.union, func(o *shape) bool {
			return o != v && slices.ContainsFunc(o.fields, func(g field) bool { return g.name == f.name && same(g) })
		})
	}
	for _, f := range v.fields {
		if len(f.shape.enum) == 1 && strings.HasPrefix(f.shape.enum[0], `"`) && unique(f, func(g field) bool {
			return slices.Contains(g.shape.enum, f.shape.enum[0])
		}) {
			return camel(strings.ToLower(strings.Trim(f.shape.enum[0], `"`)))
		}
	}
	if len(v.fields) == 0 {
		return camel(strings.Join(v.types, "_"))
	}
	for _, f := range v.fields {
		if unique(f, func(field) bool { return true }) {
			return "By" + camel(f.name)
		}
	}
	return strconv.Itoa(at + 1)
}

// takePlatformNames uses the platform's own component names: for several names of one shape the shortest.
func (n *naming) takePlatformNames() {
	var keys []string
	for key := range n.refs {
		if n.names[key] == "" {
			slices.SortFunc(n.refs[key], shorterFirst)
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int {
		if c := shorterFirst(n.refs[a][0], n.refs[b][0]); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	for _, key := range keys {
		n.names[key], n.fresh[key] = n.free(key, n.refs[key]...), true
	}
}

func shorterFirst(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// free takes the first name that is not taken. If all are, requests get Input and responses Output.
func (n *naming) free(key string, candidates ...string) string {
	last := candidates[len(candidates)-1]
	suffix := "Output"
	if sides := n.sides[key]; sides[inRequest] && !sides[inResponse] {
		suffix = "Input"
	}
	if !strings.HasSuffix(last, suffix) {
		candidates = append(candidates, last+suffix)
	}
	for _, digit := range "23456789" {
		candidates = append(candidates, last+string(digit))
	}
	for _, name := range candidates {
		if !n.taken[name] {
			n.taken[name] = true
			return name
		}
	}
	return ""
}

// assign names a shape and everything below it, parents first. The name of a shape without one of the platform's is
// its field, where no other shape has a field of that name, or else that of its parent and its field.
func (n *naming) assign(s *shape, parent string, p part, visited map[string]bool) {
	if s == nil || s.cycle != "" {
		return
	}
	name := join(parent, p.suffix)
	if deservesName(s) {
		key := s.bareKey()
		if visited[key] {
			return
		}
		visited[key] = true
		if n.names[key] == "" {
			candidates := shortened(name)
			if p.own && len(n.fields[p.suffix]) == 1 && len(words(p.suffix)) > 1 {
				candidates = append([]string{p.suffix}, candidates...)
			}
			n.names[key], n.fresh[key] = n.free(key, candidates...), true
		}
		if !n.fresh[key] {
			return // what is in our document stays as it is written there
		}
		n.order = append(n.order, s)
		name = n.names[key]
	}
	for _, inner := range parts(s) {
		n.assign(inner.shape, name, inner, visited)
	}
}

// join appends a suffix to a name without repeating the words in which one ends and the other begins.
func join(parent, suffix string) string {
	for i := range len(suffix) {
		end := suffix[:len(suffix)-i]
		if strings.HasSuffix(parent, end) && (i == 0 || unicode.IsUpper(rune(suffix[len(suffix)-i]))) &&
			(i > 0 || len(parent) > len(end)) {
			return parent + suffix[len(suffix)-i:]
		}
	}
	return parent + suffix
}

// maxName is the length from which on a name loses words at its beginning.
const maxName = 40

// shortened returns the ends of a long name that are at least three words, shortest first, and the name itself.
func shortened(name string) []string {
	all := words(name)
	if len(name) <= maxName {
		return []string{name}
	}
	var candidates []string
	for n := 3; n < len(all); n++ {
		end := all[len(all)-n:]
		if !slices.Contains([]string{"Array", "Body", "By", "Item", "Output", "Part", "Result", "V"}, end[0]) {
			candidates = append(candidates, strings.Join(end, ""))
		}
	}
	return append(candidates, name)
}

// words splits a name in camel case.
func words(name string) []string {
	var all []string
	from := 0
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			all = append(all, name[from:i])
			from = i
		}
	}
	return append(all, name[from:])
}

// camel turns a name of the wire into camel case that begins with a capital.
func camel(wire string) string {
	var out strings.Builder
	for _, w := range strings.FieldsFunc(wire, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if w == strings.ToUpper(w) {
			w = strings.ToLower(w)
		}
		out.WriteString(upperFirst(w))
	}
	name := out.String()
	if name == "" || !unicode.IsLetter(rune(name[0])) {
		return "V" + name
	}
	return name
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// singular returns the singular of an English noun.
func singular(noun string) string {
	switch {
	case strings.HasSuffix(noun, "ies"):
		return strings.TrimSuffix(noun, "ies") + "y"
	case strings.HasSuffix(noun, "sses"), strings.HasSuffix(noun, "xes"), strings.HasSuffix(noun, "ches"),
		strings.HasSuffix(noun, "shes"):
		return strings.TrimSuffix(noun, "es")
	case strings.HasSuffix(noun, "ss"), strings.HasSuffix(noun, "us"), strings.HasSuffix(noun, "is"),
		!strings.HasSuffix(noun, "s"):
		return noun
	default:
		return strings.TrimSuffix(noun, "s")
	}
}
