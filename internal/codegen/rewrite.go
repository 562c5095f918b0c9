package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
)

// generatedBy is the line by which Go tools recognise a generated file.
const generatedBy = "// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT."

// commentWidth is where a long line of a comment is wrapped.
const commentWidth = 112

// edit replaces a stretch of source.
type edit struct {
	from, to int
	text     string
}

// tidy makes oapi-codegen's output read like written code: its header gives way to the generated-code marker, and
// comments lose the name that oapi-codegen puts before every description. Enum constants get their comments, and
// imports lose names that say what their path says.
func rewrite(source []byte, constDocs map[string]string) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "models.go", source, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	offset := func(p token.Pos) int { return files.Position(p).Offset }
	edits := []edit{{0, offset(file.Package), generatedBy + "\n\n"}}
	comment := func(group *ast.CommentGroup, text string) {
		if group != nil {
			edits = append(edits, edit{offset(group.Pos()), offset(group.End()), text})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			switch n.Tok {
			case token.TYPE:
				comment(n.Doc, typeComment(n.Doc.Text(), n.Specs[0].(*ast.TypeSpec).Name.Name))
			case token.CONST:
				comment(n.Doc, wrap(strings.Replace(n.Doc.Text(), "Defines values for ", "The known values of ", 1)))
			default:
			}
		case *ast.ImportSpec:
			if n.Name != nil && n.Name.Name == path.Base(strings.Trim(n.Path.Value, `"`)) {
				edits = append(edits, edit{offset(n.Name.Pos()), offset(n.Path.Pos()), ""})
			}
		case *ast.ValueSpec:
			if doc := constDocs[n.Names[0].Name]; doc != "" {
				at := offset(n.Pos())
				edits = append(edits, edit{at, at, wrap(doc) + "\n"})
			}
		case *ast.Field:
			if n.Doc != nil && len(n.Names) == 1 {
				comment(n.Doc, wrap(strings.TrimPrefix(n.Doc.Text(), n.Names[0].Name+" ")))
			}
		}
		return true
	})
	return apply(source, edits)
}

// typeComment drops the first of two equal words.
func typeComment(text, name string) string {
	if rest := strings.TrimPrefix(text, name+" "); strings.HasPrefix(rest, name+" ") {
		text = rest
	}
	return wrap(text)
}

func apply(source []byte, edits []edit) ([]byte, error) {
	slices.SortFunc(edits, func(a, b edit) int { return a.from - b.from })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(source[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(source[at:])
	return format.Source(out.Bytes())
}

// wrap makes a comment of a text. Lines keep their ends; only those that are too long are broken.
func wrap(text string) string {
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		lines = append(lines, wrapLine(strings.TrimRight(line, " \n"))...)
	}
	return strings.Join(lines, "\n")
}

func wrapLine(line string) []string {
	if len(line)+len("// ") <= commentWidth {
		return []string{strings.TrimRight("// "+line, " ")}
	}
	var lines []string
	current := "//"
	for _, w := range strings.Fields(line) {
		if len(current)+1+len(w) > commentWidth {
			lines = append(lines, current)
			current = "//"
		}
		current = fmt.Sprintf("%s %s", current, w)
	}
	return append(lines, current)
}
