package sandbox

import (
	"maps"

	"github.com/getkin/kin-openapi/openapi3"
)

// form is a record as a schema has it, but for what makes each record differ.
type form struct {
	base    record
	idName  string
	names   []string // members that hold the name
	times   []string // members that hold the time of the record
	props   map[string]*openapi3.Schema
	allowed map[string]bool // whether the schema allows a member of the preset
}

type formKey struct {
	kind   *kind
	schema *openapi3.Schema
}

func (p *platform) formOf(k *kind, schema *openapi3.Schema) *form {
	key := formKey{k, schema}
	if f := p.store.forms[key]; f != nil {
		return f
	}
	f := &form{props: properties(schema), allowed: make(map[string]bool)}
	f.idName, _ = idMember(f.props, k.idVar)
	g := generator{id: k.id(0), idName: f.idName, name: k.named(0), at: recordsBegin}
	f.base, _ = g.generate(schema).(record)
	for name, value := range f.base {
		switch {
		case value == g.name:
			f.names = append(f.names, name)
		case value == stamp(g.at):
			f.times = append(f.times, name)
		}
	}
	p.store.forms[key] = f
	return f
}

// show returns a record in the form of a schema: what was written to it, what the preset says, and generated values for
// the rest.
func (p *platform) show(k *kind, coll *collection, c *call, schema *openapi3.Schema, i int) record {
	f := p.formOf(k, schema)
	out := maps.Clone(f.base)
	if out == nil {
		out = make(record)
	}
	if prop := f.props[f.idName]; prop != nil {
		out[f.idName] = generator{id: k.id(i)}.idOf(prop)
		if id := p.cfg.id(k.id(i)); !isNumeric(prop) && accepts(prop, id) {
			out[f.idName] = id
		}
	}
	for _, name := range f.names {
		out[name] = k.named(i)
	}
	for _, name := range f.times {
		out[name] = at(i)
	}
	overlay(out, ownersOf(c), f.props)
	if k.one != nil {
		for name, value := range k.one(p.cfg, i) {
			if f.props[name] == nil {
				continue
			}
			allowed, known := f.allowed[name]
			if !known {
				sent, err := decodeJSON(encodeJSON(value))
				allowed = err == nil && accepts(f.props[name], sent)
				f.allowed[name] = allowed
			}
			if allowed {
				out[name] = value
			}
		}
	}
	if e := coll.written[i]; e != nil {
		overlay(out, e.values, f.props)
	}
	if k.shape != nil {
		k.shape(p.cfg, c, out)
	}
	return out
}
