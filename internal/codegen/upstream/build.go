package upstream

import (
	"slices"
	"strings"
)

// builder writes operations and schemas as they stand in openapi.yaml.
type builder struct {
	wording  wording
	names    map[string]string
	paths    map[string]knownPath // by template
	newPaths string
	inserted map[int]string // methods for the path at a line
}

func (b *builder) operations(fresh []*operation) {
	var groups [][]*operation
	for _, op := range fresh {
		last := len(groups) - 1
		if last >= 0 && template(groups[last][0]) == template(op) {
			groups[last] = append(groups[last], op)
			continue
		}
		groups = append(groups, []*operation{op})
	}
	var out strings.Builder
	for _, group := range groups {
		if known, ok := b.paths[template(group[0])]; ok {
			for _, op := range group {
				b.inserted[known.line] += b.method(op, known.parametersOf(op))
			}
			continue
		}
		out.WriteString(b.path(group))
	}
	b.newPaths = out.String()
}

// knownPath is a path of our document.
type knownPath struct {
	line      int
	variables []string // those that its methods declare, not the path itself
}

// paths returns the paths of our document by template.
func (d *document) paths() map[string]knownPath {
	all := make(map[string]knownPath)
	for key, item := range pairs(get(d.root, "paths")) {
		known := knownPath{line: key.Line, variables: variables(key.Value)}
		for _, p := range list(get(item, "parameters")) {
			if text(d.resolve(p), "in") == "path" {
				known.variables = nil
			}
		}
		all[template(&operation{path: key.Value})] = known
	}
	return all
}

// parametersOf returns the path parameters that a new method declares, under the names that the path has for them.
func (p knownPath) parametersOf(op *operation) []parameter {
	if p.variables == nil {
		return nil
	}
	own := pathParameters(op)
	for i := range own {
		own[i].name = p.variables[i]
	}
	return own
}

// template is the path of an operation without the names of its variables.
func template(op *operation) string {
	_, path, _ := strings.Cut(op.route(), " ")
	return path
}

// path writes a path with its methods. Path parameters that all methods share stand before them.
func (b *builder) path(group []*operation) string {
	w := &writer{names: b.names}
	w.line(2, "%s:", group[0].path)
	shared := pathParameters(group[0])
	for _, op := range group[1:] {
		if !slices.EqualFunc(shared, pathParameters(op), sameShape) {
			shared = nil
			break
		}
	}
	if len(shared) > 0 {
		w.write(4, "", entry{key: "parameters", elements: b.parameters(shared)})
	}
	for _, op := range group {
		own := pathParameters(op)
		if shared != nil {
			own = nil
		}
		w.out.WriteString(b.method(op, own))
	}
	w.out.WriteByte('\n')
	return w.out.String()
}

func sameShape(x, y parameter) bool { return x.shape.key() == y.shape.key() }

func pathParameters(op *operation) []parameter {
	return slices.DeleteFunc(slices.Clone(op.parameters), func(p parameter) bool { return p.in != "path" })
}

func (b *builder) parameters(all []parameter) []entry {
	w := &writer{names: b.names}
	var elements []entry
	for _, p := range all {
		entries := []entry{{key: "name", text: quote(p.name)}, {key: "in", text: p.in}}
		if p.required {
			entries = append(entries, entry{key: "required", text: "true"})
		}
		elements = append(elements, entry{entries: append(entries, entry{key: "schema", entries: w.use(p.shape)})})
	}
	return elements
}

// method writes one operation; own are the path parameters that do not stand at the path.
func (b *builder) method(op *operation, own []parameter) string {
	w := &writer{names: b.names}
	area, _ := areaOf(op.route())
	w.line(4, "%s:", strings.ToLower(op.method))
	w.line(6, "operationId: %s", op.id)
	w.line(6, "tags: [%s]", area)
	w.line(6, "summary: %s", quoteSentence(b.wording.summary(op)))
	if effect := b.wording.Effects[op.id]; effect != "" {
		w.line(6, "x-effect: %s", effect)
	}
	if op.public {
		w.line(6, "security: []")
	}
	if op.deprecated {
		w.line(6, "deprecated: true")
	}
	others := slices.DeleteFunc(slices.Clone(op.parameters), func(p parameter) bool { return p.in == "path" })
	if params := slices.Concat(own, others); len(params) > 0 {
		w.line(6, "parameters:")
		for _, e := range b.parameters(params) {
			w.write(8, "- ", e)
		}
	}
	if op.body != nil {
		w.line(6, "requestBody:")
		if op.required {
			w.line(8, "required: true")
		}
		b.content(w, 8, *op.body, w.use(op.body.shape))
	}
	w.line(6, "responses:")
	for _, r := range op.successes {
		w.line(8, "'%s':", r.status)
		w.line(10, "description: %s", outcome(r.status))
		switch {
		case r.media == jsonMedia && strings.HasPrefix(op.path, mcpPrefix):
			b.content(w, 10, r, w.use(r.shape))
		case r.media == jsonMedia:
			b.content(w, 10, r, enveloped(w.use(payload(r.shape, op.path))))
		case r.media != "":
			b.content(w, 10, r, w.use(r.shape))
		case r.status != "204":
			b.content(w, 10, content{media: jsonMedia}, []entry{refTo("Undocumented")})
		}
	}
	w.line(8, "default: {$ref: '#/components/responses/Error'}")
	return w.out.String()
}

const jsonMedia = "application/json"

func (b *builder) content(w *writer, indent int, c content, schema []entry) {
	w.line(indent, "content:")
	w.line(indent+2, "%s:", c.media)
	w.write(indent+4, "", entry{key: "schema", entries: schema})
}

// enveloped returns the envelope of a successful response around its payload.
func enveloped(data []entry) []entry {
	return []entry{{key: "allOf", elements: []entry{
		{entries: []entry{refTo("Envelope")}},
		{entries: []entry{{key: "properties", entries: []entry{{key: "data", entries: data}}}}},
	}}}
}

func outcome(status string) string {
	switch status {
	case "201":
		return "Created."
	case "202":
		return "Accepted."
	case "204":
		return "Done."
	default:
		return "The result."
	}
}

func quoteSentence(s string) string {
	if strings.Contains(s, ": ") || strings.Contains(s, " #") || strings.HasPrefix(s, "'") {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return s
}

// schemas writes the named schemas, in the order in which they were named.
func (b *builder) schemas(order []*shape) string {
	w := &writer{names: b.names}
	for _, s := range order {
		w.line(4, "%s:", b.names[s.bareKey()])
		for _, e := range w.structure(s) {
			w.write(6, "", e)
		}
	}
	return w.out.String()
}
