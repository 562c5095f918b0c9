package upstream

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// Import adds to openapi.yaml the operations of documents of the platform that it lacks, and prints what it added.
// What is there stays as it is. The arguments are those of the command.
func Import(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	spec := flags.String("spec", "openapi.yaml", "our OpenAPI document")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("import requires the documents of the platform")
	}
	ours, raw, err := readDocument(*spec)
	if err != nil {
		return err
	}
	var theirs []*document
	for _, file := range flags.Args() {
		doc, _, err := readDocument(file)
		if err != nil {
			return err
		}
		theirs = append(theirs, doc)
	}
	merged, added, err := merge(ours, raw, theirs)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d operations and %d schemas added\n", added.operations, added.schemas)
	if bytes.Equal(raw, merged) {
		return nil
	}
	return os.WriteFile(*spec, merged, 0o644) //nolint:gosec // a source file is world-readable
}

// addition counts what an import adds.
type addition struct{ operations, schemas int }

// merge returns our document with the operations that it lacks. Only lines are added to it.
func merge(ours *document, raw []byte, theirs []*document) ([]byte, addition, error) {
	mine, err := ours.operations()
	if err != nil {
		return nil, addition{}, err
	}
	words, err := readWording()
	if err != nil {
		return nil, addition{}, err
	}
	fresh, err := newOperations(mine, theirs, words)
	if err != nil || len(fresh) == 0 {
		return raw, addition{}, err
	}
	names := nameSchemas(ours, fresh)
	b := &builder{wording: words, names: names.names, paths: ours.paths(), inserted: make(map[int]string)}
	b.operations(fresh)
	schemas := b.schemas(names.order)
	merged, err := ours.insert(raw, b.inserted, b.newPaths, schemas)
	return merged, addition{len(fresh), len(names.order)}, err
}

// newOperations returns the operations that are not in our document, each once, by area, path and method.
func newOperations(mine []*operation, theirs []*document, words wording) ([]*operation, error) {
	known := byRoute(mine)
	ids := make(map[string]bool)
	for _, op := range mine {
		ids[op.id] = true
	}
	var fresh []*operation
	for _, doc := range theirs {
		ops, err := doc.operations()
		if err != nil {
			return nil, err
		}
		for _, op := range ops {
			route := op.route()
			if known[route] != nil {
				continue
			}
			if area, _ := areaOf(route); area == "" {
				return nil, fmt.Errorf("%s belongs to no area; add its prefix to areas.tsv", route)
			}
			known[route] = op
			op.id = cmp.Or(words.IDs[route], op.id)
			if ids[op.id] {
				return nil, fmt.Errorf("%s: the operation id %s is taken; add another one to wording.yaml", route, op.id)
			}
			ids[op.id] = true
			fresh = append(fresh, op)
		}
	}
	slices.SortStableFunc(fresh, func(a, b *operation) int {
		_, x := areaOf(a.route())
		_, y := areaOf(b.route())
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.path, b.path), cmp.Compare(methodOrder(a), methodOrder(b)))
	})
	return fresh, nil
}

func methodOrder(op *operation) int {
	return slices.Index([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, op.method)
}

// nameSchemas names every distinct schema of the operations.
func nameSchemas(ours *document, fresh []*operation) *naming {
	n := newNaming(ours)
	roots := make([][]root, len(fresh))
	for i, op := range fresh {
		roots[i] = rootsOf(op)
		for _, r := range roots[i] {
			n.count(r.shape, r.part.suffix, r.side)
		}
	}
	n.takePlatformNames()
	visited := make(map[string]bool)
	for _, all := range roots {
		for _, r := range all {
			n.assign(r.shape, r.parent, r.part, visited)
		}
	}
	return n
}

// root is a schema of an operation with the parts of its name.
type root struct {
	part

	parent string
	side   side
}

func rootsOf(op *operation) []root {
	name := upperFirst(op.id)
	var all []root
	for _, p := range op.parameters {
		s, field := p.shape, camel(p.name)
		if s.items != nil {
			s, field = s.items, singular(field)
		}
		all = append(all, root{part{s, field, true}, name, inRequest})
	}
	if op.body != nil {
		all = append(all, root{part{op.body.shape, "Body", false}, name, inRequest})
	}
	for _, r := range op.successes {
		if r.shape != nil {
			result := part{payload(r.shape, op.path), "Result", false}
			all = append(all, root{result, strings.TrimPrefix(name, "Get"), inResponse})
		}
	}
	return all
}

// insert adds methods to paths that exist, and new paths and schemas at the ends of their sections. The sections are
// taken to be paths and, last in the document, components with schemas as their last part.
func (d *document) insert(raw []byte, methods map[int]string, paths, schemas string) ([]byte, error) {
	starts := make(map[int]int) // the line after each path item
	previous := 0
	for key := range pairs(get(d.root, "paths")) {
		starts[previous], previous = key.Line, key.Line
	}
	end := 0
	var last, lastPart string
	for key := range pairs(d.root) {
		if last = key.Value; last == "components" {
			end = key.Line
		}
	}
	for key := range pairs(get(d.root, "components")) {
		lastPart = key.Value
	}
	if last != "components" || lastPart != "schemas" {
		return nil, fmt.Errorf("%s must end with components, and these with schemas", d.name)
	}
	starts[previous] = end
	at := make(map[int]string)
	for line, text := range methods {
		at[starts[line]] += text
	}
	at[end] += "\n" + paths
	lines := slices.Collect(strings.Lines(string(raw)))
	var out strings.Builder
	copied := 0
	for _, line := range slices.Sorted(maps.Keys(at)) {
		out.WriteString(strings.TrimRight(strings.Join(lines[copied:line-1], ""), "\n") + "\n")
		out.WriteString(strings.TrimRight(at[line], "\n") + "\n\n")
		copied = line - 1
	}
	out.WriteString(strings.TrimRight(strings.Join(lines[copied:], ""), "\n") + "\n")
	if schemas != "" {
		out.WriteString("\n" + schemas)
	}
	return []byte(out.String()), nil
}
