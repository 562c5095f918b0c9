package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// serve carries out an operation that has no action of its own, as its path and its schemas describe it.
func (p *platform) serve(op *operation, c *call) reply {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	r := op.resource
	for _, above := range r.parents {
		if above.collection == r.collection {
			continue
		}
		k, coll := p.open(above.collection, c)
		if _, ok := p.indexOf(k, coll, c, c.vars[above.idVar]); !ok {
			return missing(k)
		}
	}
	switch r.role {
	case roleList:
		return p.serveList(op, c)
	case roleCreate:
		return p.serveCreate(op, c)
	case roleItem, roleAct:
		return p.serveItem(op, c)
	default:
		return p.serveSingle(op, c)
	}
}

func missing(k *kind) reply { return notFound("There is no such " + strings.ToLower(k.name)) }

// open returns the records of a collection. It starts empty if the document lets callers create them, unless it is one
// of the presets.
func (p *platform) open(template string, c *call) (*kind, *collection) {
	k := p.kinds[anonymous(template)]
	seeds := k.count(p.cfg)
	if k.creatable && !k.preset {
		seeds = 0
	}
	return k, p.store.collection(template, c, seeds)
}

// indexOf finds the record of an id that the caller sees.
func (p *platform) indexOf(k *kind, coll *collection, c *call, id string) (int, bool) {
	i, ok := coll.chosen[id]
	if !ok {
		i, ok = k.indexBelow(p.cfg, id, coll.total)
	}
	return i, ok && coll.visible(c.caller, i, true)
}

// ownersOf are the ids in the path.
func ownersOf(c *call) record {
	owners := make(record, len(c.vars))
	for name, id := range c.vars {
		owners[name] = id
		owners[snakeCase(name)] = id
	}
	return owners
}

// overlay sets the values that a schema with these members has and allows.
func overlay(out, values record, props map[string]*openapi3.Schema) {
	for name, value := range values {
		prop, ok := props[name]
		if !ok {
			continue
		}
		if text, isText := value.(string); isText && isNumeric(prop) {
			if n, ok := idNumber(text); ok {
				value = float64(n)
			}
		}
		if accepts(prop, value) {
			out[name] = value
		}
	}
}

func (p *platform) serveCreate(op *operation, c *call) reply {
	r := op.resource
	k, coll := p.open(r.collection, c)
	values := maps.Clone(c.body)
	if values == nil {
		values = make(record)
	}
	idName, _ := idMember(properties(r.entity()), k.idVar)
	id, chosen := values[idName].(string)
	if _, taken := p.indexOf(k, coll, c, id); chosen && taken {
		return refuse(http.StatusConflict, "CONFLICT", "There is a "+strings.ToLower(k.name)+" with this id")
	}
	for _, member := range [...]string{"createdAt", "updatedAt", "created_at", "updated_at"} {
		values[member] = stamp(c.now)
	}
	i := coll.add(values, c.caller.seatID)
	if chosen {
		coll.chosen[id] = i
	}
	return p.itemReply(r, k, coll, c, i)
}

func (p *platform) serveItem(op *operation, c *call) reply {
	r := op.resource
	k, coll := p.open(r.collection, c)
	i, ok := p.indexOf(k, coll, c, c.vars[r.idVar])
	if !ok {
		return missing(k)
	}
	if r.method == http.MethodGet {
		return p.itemReply(r, k, coll, c, i)
	}
	e := coll.write(i)
	entity := k.entity
	switch {
	case r.verb != "":
		if e.archived && statusFor(r.verb, entity) == nil {
			return refuse(http.StatusConflict, "CONFLICT", "The "+strings.ToLower(k.name)+" is archived")
		}
		if status := statusFor(r.verb, entity); status != nil {
			e.values["status"] = status
			e.archived = strings.EqualFold(fmt.Sprint(status), "archived")
		}
		merge(e.values, c.body)
	case r.method == http.MethodDelete:
		if e.archived {
			return missing(k)
		}
		e.removed, e.archived = !p.archives(e, entity, c), true
	case e.archived:
		return refuse(http.StatusConflict, "CONFLICT", "The "+strings.ToLower(k.name)+" is archived")
	default:
		merge(e.values, c.body)
	}
	e.values["updatedAt"], e.values["updated_at"] = stamp(c.now), stamp(c.now)
	return p.itemReply(r, k, coll, c, i)
}

// archives marks a record as archived if its schema can show that, and reports whether it does.
func (p *platform) archives(e *entry, entity *openapi3.Schema, c *call) bool {
	props := properties(entity)
	done := false
	if at := props["archivedAt"]; at != nil {
		e.values["archivedAt"], done = stamp(c.now), true
	}
	if status := statusFor("archive", entity); status != nil {
		e.values["status"], done = status, true
	}
	return done
}

// statusFor is the status that a verb leads to; nil if the schema has none like it.
func statusFor(verb string, entity *openapi3.Schema) any {
	status := properties(entity)["status"]
	if status == nil {
		return nil
	}
	enum := enumOf(status)
	stem := strings.ToLower(strings.TrimSuffix(verb, "e"))
	switch verb {
	case "resume", "activate", "execute", "launch", "start", "restore", "reactivate", "unarchive", "unpause":
		stem = "activ"
	}
	for _, value := range enum {
		if text, ok := value.(string); ok && strings.HasPrefix(strings.ToLower(text), stem) {
			return value
		}
	}
	return nil
}

func enumOf(schema *openapi3.Schema) []any {
	if len(schema.Enum) > 0 {
		return schema.Enum
	}
	for _, refs := range [...]openapi3.SchemaRefs{schema.AllOf, schema.OneOf, schema.AnyOf} {
		for _, one := range refs {
			if enum := enumOf(one.Value); enum != nil {
				return enum
			}
		}
	}
	return nil
}

// itemReply shows a record as the operation's response has it. Where that is about something else, it is generated.
func (p *platform) itemReply(r *resource, k *kind, coll *collection, c *call, i int) reply {
	if r.payload == nil || !isObject(r.payload) {
		return p.success(r, p.generated(r.payload, c))
	}
	if r.wrapper == "" {
		return p.success(r, p.show(k, coll, c, r.payload, i))
	}
	out, _ := p.generated(r.payload, c).(record)
	out[r.wrapper] = p.show(k, coll, c, r.entity(), i)
	return p.success(r, out)
}

func (p *platform) generated(schema *openapi3.Schema, c *call) any {
	if schema == nil {
		return nil
	}
	value := generator{at: c.now}.generate(schema)
	if out, ok := value.(record); ok {
		props := properties(schema)
		overlay(out, ownersOf(c), props)
		overlay(out, c.body, props)
	}
	return value
}

// serveSingle reads or changes the one object at a path. The response to a POST is generated, with the members of its
// body.
func (p *platform) serveSingle(op *operation, c *call) reply {
	r := op.resource
	key := fmt.Sprintf("%d %s %s", c.customer, c.caller.seatID, fill(r.collection, c.vars))
	values := p.store.singles[key]
	switch r.method {
	case http.MethodPut, http.MethodPatch:
		if values == nil {
			values = make(record)
			p.store.singles[key] = values
		}
		merge(values, c.body)
	case http.MethodDelete:
		delete(p.store.singles, key)
	}
	value := p.generated(r.payload, c)
	if out, ok := value.(record); ok {
		into, schema := out, r.payload
		if r.wrapper != "" {
			into, _ = out[r.wrapper].(record)
			schema = r.entity()
		}
		overlay(into, values, properties(schema))
	}
	return p.success(r, value)
}

// success is a reply with the payload of an operation.
func (p *platform) success(r *resource, payload any) reply {
	switch {
	case r.media == "" || r.status == http.StatusNoContent:
		return reply{status: r.status}
	case r.media != jsonType:
		return reply{status: r.status, contentType: r.media, body: []byte("sandbox\n")}
	case r.enveloped && p.cfg.bare:
		return bare(payload)
	case r.enveloped:
		return plain(r.status, r.wrap(record{"data": payload, "error": nil}))
	default:
		return plain(r.status, payload)
	}
}
