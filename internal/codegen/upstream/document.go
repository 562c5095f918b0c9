package upstream

import (
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// componentPrefix begins every reference to a named schema.
const componentPrefix = "#/components/schemas/"

// document is an OpenAPI document, of ours or of the platform.
type document struct {
	name string
	root *yaml.Node
	// schemas memoizes the shapes of named schemas; nil while one is being read.
	schemas   map[string]*shape
	recursive map[string]bool // named schemas that contain themselves
	unknown   []string        // keywords that are not understood
}

// operation is one operation of a document.
type operation struct {
	id         string
	method     string // in upper case
	path       string // with the mount
	parameters []parameter
	body       *content // nil without a request body
	required   bool     // the request body must be sent
	successes  []content
	// errors lists failure responses whose schema is not the shared error: status and schema.
	errors     [][2]string
	public     bool // needs no credential
	deprecated bool
	item       *yaml.Node // the path item
}

// parameter is one parameter of an operation.
type parameter struct {
	name, in string
	required bool
	shape    *shape
}

// content is a request body or a response: one media type and its schema.
type content struct {
	status string // of a response
	media  string // empty without content
	shape  *shape // nil without content
}

// parse reads a document. It does not validate: documents of the platform have known defects.
func parse(name string, raw []byte) (*document, error) {
	var node yaml.Node
	if err := yaml.Unmarshal(raw, &node); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(node.Content) == 0 || get(node.Content[0], "paths") == nil {
		return nil, fmt.Errorf("%s: not an OpenAPI document: it has no paths", name)
	}
	return &document{
		name: name, root: node.Content[0], schemas: make(map[string]*shape), recursive: make(map[string]bool),
	}, nil
}

// get returns the value of a key, following aliases; nil if the node is no mapping or lacks the key.
func get(node *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		var found *yaml.Node
		for k, v := range pairs(node) {
			if k.Value == key {
				found = v
				break
			}
		}
		node = found
	}
	return node
}

// pairs yields the keys and values of a mapping.
func pairs(node *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(*yaml.Node, *yaml.Node) bool) {
		if node == nil || node.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i], target(node.Content[i+1])) {
				return
			}
		}
	}
}

// list returns the elements of a sequence.
func list(node *yaml.Node) []*yaml.Node {
	if node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	all := make([]*yaml.Node, len(node.Content))
	for i, n := range node.Content {
		all[i] = target(n)
	}
	return all
}

func target(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

func text(node *yaml.Node, keys ...string) string {
	if n := get(node, keys...); n != nil {
		return n.Value
	}
	return ""
}

func isTrue(node *yaml.Node, key string) bool { return text(node, key) == "true" }

// resolve follows a reference to a component of any section; nil if it leads nowhere.
func (d *document) resolve(node *yaml.Node) *yaml.Node {
	for range 10 {
		ref := text(node, "$ref")
		if ref == "" {
			return node
		}
		keys := strings.Split(strings.TrimPrefix(ref, "#/"), "/")
		if node = get(d.root, keys...); node == nil {
			return nil
		}
	}
	return nil
}

// operations reads all operations, in the order of the document.
func (d *document) operations() ([]*operation, error) {
	var all []*operation
	for path, item := range pairs(get(d.root, "paths")) {
		for method, node := range pairs(item) {
			if !slices.Contains([]string{"get", "post", "put", "patch", "delete", "head"}, method.Value) {
				continue
			}
			op, err := d.operation(path.Value, method.Value, item, node)
			if err != nil {
				return nil, fmt.Errorf("%s: %s %s: %w", d.name, method.Value, path.Value, err)
			}
			all = append(all, op)
		}
	}
	if len(d.unknown) > 0 {
		return nil, fmt.Errorf("%s has schemas with unknown keywords: %s", d.name, strings.Join(d.unknown, ", "))
	}
	return all, nil
}

func (d *document) operation(path, method string, item, node *yaml.Node) (*operation, error) {
	mount, err := mountPath(get(node, "servers"), get(item, "servers"), get(d.root, "servers"))
	if err != nil {
		return nil, err
	}
	security := get(node, "security")
	op := &operation{
		id: text(node, "operationId"), method: strings.ToUpper(method), path: joinPath(mount, path), item: item,
		public:     security != nil && len(security.Content) == 0,
		deprecated: isTrue(node, "deprecated"),
	}
	op.parameters = d.parameters(op.path, list(get(item, "parameters")), list(get(node, "parameters")))
	if body := d.resolve(get(node, "requestBody")); body != nil {
		c := d.content("", get(body, "content"))
		op.body, op.required = &c, isTrue(body, "required")
	}
	for status, ref := range pairs(get(node, "responses")) {
		response := get(d.resolve(ref), "content")
		if strings.HasPrefix(status.Value, "2") {
			op.successes = append(op.successes, d.content(status.Value, response))
			continue
		}
		schema := get(response, "application/json", "schema")
		if ref := text(schema, "$ref"); d.resolve(schema) == nil || !strings.HasPrefix(ref, componentPrefix+"Error") {
			op.errors = append(op.errors, [2]string{status.Value, ref})
		}
	}
	return op, nil
}

// mountPath returns the path of the first server of the innermost list.
func mountPath(lists ...*yaml.Node) (string, error) {
	for _, servers := range lists {
		if all := list(servers); len(all) > 0 {
			u, err := url.Parse(text(all[0], "url"))
			if err != nil {
				return "", fmt.Errorf("cannot parse the server: %w", err)
			}
			return strings.TrimSuffix(u.Path, "/"), nil
		}
	}
	return "", nil
}

func joinPath(mount, path string) string {
	if path == "/" && mount != "" {
		return mount
	}
	return mount + path
}

// content reads the first media type; no operation of the platform has more than one.
func (d *document) content(status string, node *yaml.Node) content {
	for media, value := range pairs(node) {
		return content{status: status, media: media.Value, shape: d.shape(get(value, "schema"))}
	}
	return content{status: status}
}

// parameters merges the parameters of a path and an operation. Path parameters are named after the template, in its
// order: documents of the platform declare some under another name, and some not at all.
func (d *document) parameters(path string, lists ...[]*yaml.Node) []parameter {
	var declared []parameter
	for _, node := range slices.Concat(lists...) {
		node = d.resolve(node)
		p := parameter{
			name: text(node, "name"), in: text(node, "in"), required: isTrue(node, "required"),
			shape: d.shape(get(node, "schema")),
		}
		if i := slices.IndexFunc(declared, func(o parameter) bool { return o.name == p.name && o.in == p.in }); i >= 0 {
			declared[i] = p
			continue
		}
		declared = append(declared, p)
	}
	var inPath, all []parameter
	for _, p := range declared {
		if p.in == "path" {
			inPath = append(inPath, p)
			continue
		}
		all = append(all, p)
	}
	var named []parameter
	for _, name := range variables(path) {
		at := slices.IndexFunc(inPath, func(p parameter) bool { return p.name == name })
		if at < 0 {
			at = slices.IndexFunc(inPath, func(p parameter) bool { return !slices.Contains(variables(path), p.name) })
		}
		p := parameter{name: name, in: "path", shape: &shape{types: []string{"string"}}}
		if at >= 0 {
			p.shape = inPath[at].shape
			inPath = slices.Delete(inPath, at, at+1)
		}
		p.required = true
		named = append(named, p)
	}
	return append(named, all...)
}

// variables lists the names between braces in a path.
func variables(path string) []string {
	var names []string
	for segment := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(segment, "{") {
			names = append(names, strings.Trim(segment, "{}"))
		}
	}
	return names
}

// route identifies an operation in every document: the names of path parameters do not count.
func (op *operation) route() string {
	segments := strings.Split(op.path, "/")
	for i, s := range segments {
		if strings.HasPrefix(s, "{") {
			segments[i] = "{}"
		}
	}
	return op.method + " " + strings.Join(segments, "/")
}
