package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// role is the part that an operation plays for the data at its path.
type role int

const (
	roleSingle role = iota // reads or changes the one object at a path
	roleList               // reads a page of a collection
	roleCreate             // adds an item to a collection
	roleItem               // reads, changes or removes an item
	roleAct                // changes an item by a verb: POST /campaigns/{campaignId}/pause
)

// resource is the data that an operation is about, as its path and its schemas describe it.
type resource struct {
	role       role
	method     string
	collection string // template of the path of the collection; that of the object for roleSingle
	idVar      string // the variable that names the item
	verb       string // of roleAct
	status     int    // of a success
	media      string // content type of a success; empty if it has no body
	response   *openapi3.Schema
	payload    *openapi3.Schema // of the response, without its envelope
	enveloped  bool             // the payload is the member data
	items      string           // member of the payload that holds the items of a list; empty if the payload is the list
	item       *openapi3.Schema
	wrapper    string // member of the payload that holds the item; empty if the payload is the item
	parents    []parent
}

// parent is an item that a path runs through.
type parent struct {
	collection, idVar string
}

// deriveResources derives the resource of every operation. A path with a final variable is an item of the collection
// before it.
func (c *contract) deriveResources() {
	places := slices.Concat(slices.Collect(maps.Values(c.literal)), c.templated)
	byTemplate := make(map[string]*pathItem, len(places))
	for _, p := range places {
		byTemplate[anonymous(p.template)] = p
	}
	collections := make(map[string]bool) // anonymous
	for _, p := range places {
		parentPath, last := cutLast(p.template)
		if isVariable(last) {
			collections[anonymous(parentPath)] = true
		}
		for method, op := range p.ops {
			op.resource = newResource(method, p.template, op)
		}
	}
	for _, p := range places {
		for method, op := range p.ops {
			r := op.resource
			before, last := cutLast(p.template)
			switch {
			case isVariable(last):
				r.role, r.collection, r.idVar = roleItem, before, last[1:len(last)-1]
				if method == http.MethodPost {
					r.role = roleAct
				}
			case method == http.MethodGet && r.item != nil:
				r.role = roleList
			case method == http.MethodPost &&
				(collections[anonymous(p.template)] || r.status == http.StatusCreated || listed(p)):
				r.role = roleCreate
			case method != http.MethodGet:
				if above, id := cutLast(before); isVariable(id) && p.ops[http.MethodGet] == nil {
					r.role, r.collection, r.idVar, r.verb = roleAct, above, id[1:len(id)-1], last
				}
			}
			item := byTemplate[anonymous(r.collection)+"/{}"]
			if op.action.do == nil && r.idVar != "" && item != nil && item.handWritten() {
				r.role, r.collection, r.idVar, r.verb = roleSingle, p.template, "", ""
			}
			r.findParents(byTemplate)
			if r.role != roleList {
				r.unwrap()
			}
		}
	}
	for range 2 { // the second time, the variables that name the items are known
		for _, p := range places {
			for _, op := range p.ops {
				if op.resource.role != roleSingle {
					c.addKind(op.resource)
				}
			}
		}
	}
}

// addKind derives what the records of the resource's collection are made of.
func (c *contract) addKind(r *resource) {
	template := anonymous(r.collection)
	k := c.kinds[template]
	if k == nil {
		segments := strings.Split(r.collection, "/")
		named := slices.DeleteFunc(slices.Clone(segments), isVariable)
		noun := strings.ReplaceAll(strings.TrimSuffix(named[len(named)-1], "s"), "-", "_")
		k = &kind{list: segments[len(segments)-1], prefix: noun + "_", name: upperFirst(strings.ReplaceAll(noun, "_", " "))}
		if preset := presets()[template]; preset != nil {
			*k = *preset
			k.preset = true
		}
		c.kinds[template] = k
	}
	k.creatable = k.creatable || r.role == roleCreate
	if read := r.role == roleItem && r.method == http.MethodGet; read || k.entity == nil {
		k.entity = r.entity()
	}
	props := properties(r.entity())
	if r.idVar != "" {
		k.idVar = r.idVar
	} else if k.idVar == "" {
		first, rest, _ := strings.Cut(strings.ToLower(k.name), " ")
		k.idVar = first + strings.ReplaceAll(upperFirst(rest), " ", "") + "Id"
	}
	if name, ok := idMember(props, k.idVar); ok && !k.preset {
		k.chooseIDs(props[name])
	}
}

// chooseIDs selects ids that a schema allows: by default a noun and a number, else a number, a UUID, or the
// values of an enum.
func (k *kind) chooseIDs(schema *openapi3.Schema) {
	if enum := enumOf(schema); enum != nil {
		k.ids = nil
		for _, id := range enum {
			k.ids = append(k.ids, fmt.Sprint(id))
		}
		return
	}
	uuids := kind{prefix: "00000000-0000-4000-8000-", digits: 12}
	for _, form := range [...]kind{{prefix: k.prefix, digits: k.digits}, {}, uuids} {
		if id := form.id(0); !isNumeric(schema) && accepts(schema, id) && (schema.Format != "uuid" || form.digits == 12) ||
			isNumeric(schema) && form.prefix == "" {
			k.prefix, k.digits = form.prefix, form.digits
			return
		}
	}
}

func isNumeric(schema *openapi3.Schema) bool {
	return schema.Type.Is(openapi3.TypeInteger) || schema.Type.Is(openapi3.TypeNumber)
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// handWritten reports whether the items at a path are not in the store, because an action reads them.
func (p *pathItem) handWritten() bool {
	get := p.ops[http.MethodGet]
	return get != nil && get.action.do != nil
}

func listed(p *pathItem) bool {
	get := p.ops[http.MethodGet]
	return get != nil && get.resource.item != nil
}

func newResource(method, template string, op *operation) *resource {
	r := &resource{role: roleSingle, method: method, collection: template, status: http.StatusOK}
	for _, status := range slices.Sorted(maps.Keys(op.responses)) {
		code, err := strconv.Atoi(status)
		if err != nil || code < 200 || code > 299 {
			continue
		}
		r.status = code
		for media, content := range op.responses[status].Content {
			if r.media = media; content.Schema != nil {
				r.payload = content.Schema.Value
			}
		}
		break
	}
	r.response = r.payload
	if data, ok := property(r.payload, "data"); ok {
		_, failure := property(r.payload, "error")
		_, meta := property(r.payload, "meta")
		if failure || meta || len(properties(r.payload)) == 1 {
			r.payload, r.enveloped = data, true
		}
	}
	if method == http.MethodGet {
		r.findItems()
	}
	return r
}

// findItems finds the member of the payload that holds the items. An object is a list if it has only arrays, or an
// array and members that count or page.
func (r *resource) findItems() {
	if r.payload == nil {
		return
	}
	if r.payload.Type.Is(openapi3.TypeArray) {
		if items := r.payload.Items; items != nil {
			r.item = items.Value
		}
		return
	}
	props := properties(r.payload)
	arrays, others, paging := "", 0, 0
	for _, name := range slices.Sorted(maps.Keys(props)) {
		schema := props[name]
		switch {
		case schema.Type.Is(openapi3.TypeArray) && schema.Items != nil && isObject(schema.Items.Value):
			if arrays == "" || name == "items" || name == "data" {
				arrays = name
			}
		case pagingMember(name):
			paging++
		default:
			others++
		}
	}
	if arrays != "" && (others == 0 || paging > 0) {
		r.items, r.item = arrays, props[arrays].Items.Value
	}
}

// unwrap finds the member of the payload that holds the item.
func (r *resource) unwrap() {
	if r.payload == nil || !isObject(r.payload) {
		return
	}
	props := properties(r.payload)
	if _, ok := idMember(props, r.idVar); ok {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(props)) {
		if _, ok := idMember(properties(props[name]), r.idVar); ok && len(props) <= 3 {
			r.wrapper = name
			return
		}
	}
}

// findParents lists the items that the path of the collection runs through, as far as an operation reads them.
func (r *resource) findParents(places map[string]*pathItem) {
	segments := strings.Split(r.collection, "/")
	for i, s := range segments {
		if !isVariable(s) {
			continue
		}
		at := places[anonymous(strings.Join(segments[:i+1], "/"))]
		if at == nil || at.ops[http.MethodGet] == nil || at.handWritten() {
			continue
		}
		r.parents = append(r.parents, parent{collection: strings.Join(segments[:i], "/"), idVar: s[1 : len(s)-1]})
	}
}

// member returns the schema of a nested member of the response; nil if there is none.
func (r *resource) member(path ...string) *openapi3.Schema {
	at := r.response
	for _, name := range path {
		at, _ = property(at, name)
	}
	return at
}

// wrap drops the members of an envelope that the response does not have.
func (r *resource) wrap(envelope record) record {
	props := properties(r.response)
	maps.DeleteFunc(envelope, func(name string, _ any) bool { return props[name] == nil })
	return envelope
}

// entity is the schema of the item in the payload.
func (r *resource) entity() *openapi3.Schema {
	if r.role == roleList {
		return r.item
	}
	if r.wrapper != "" {
		return properties(r.payload)[r.wrapper]
	}
	return r.payload
}

// anonymous drops the names of the variables, which differ between the paths of one collection.
func anonymous(template string) string {
	segments := strings.Split(template, "/")
	for i, s := range segments {
		if isVariable(s) {
			segments[i] = "{}"
		}
	}
	return strings.Join(segments, "/")
}

func cutLast(template string) (before, last string) {
	i := strings.LastIndexByte(template, '/')
	return template[:i], template[i+1:]
}

func pagingMember(name string) bool {
	switch name {
	case "total", "totalCount", "count", "unreadCount", "hasMore", "nextOffset", "nextCursor", "skip", "take", "offset",
		"limit", "page", "pageSize", "totalPages", "cursor", "pagination", "meta":
		return true
	}
	return false
}

// idMember finds the member that holds the id of an item, by the name of the variable in its path.
func idMember(props map[string]*openapi3.Schema, idVar string) (string, bool) {
	candidates := []string{"id"}
	if idVar != "" {
		candidates = []string{idVar, snakeCase(idVar), "id"}
	}
	for _, name := range candidates {
		if _, ok := props[name]; ok {
			return name, true
		}
	}
	return "", false
}

// properties are the members of an object, with those of allOf and of the first alternative that is an object.
func properties(schema *openapi3.Schema) map[string]*openapi3.Schema {
	all := make(map[string]*openapi3.Schema)
	collectProperties(schema, all, 0)
	return all
}

func collectProperties(schema *openapi3.Schema, all map[string]*openapi3.Schema, depth int) {
	if schema == nil || depth > 8 {
		return
	}
	for _, part := range schema.AllOf {
		collectProperties(part.Value, all, depth+1)
	}
	for name, ref := range schema.Properties {
		all[name] = ref.Value
	}
	for _, alternatives := range [...]openapi3.SchemaRefs{schema.OneOf, schema.AnyOf} {
		for _, one := range alternatives {
			if isObject(one.Value) {
				collectProperties(one.Value, all, depth+1)
				break
			}
		}
	}
}

func property(schema *openapi3.Schema, name string) (*openapi3.Schema, bool) {
	found, ok := properties(schema)[name]
	return found, ok
}

func isObject(schema *openapi3.Schema) bool {
	return schema != nil && (schema.Type.Is(openapi3.TypeObject) || len(properties(schema)) > 0)
}
