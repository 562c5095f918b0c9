package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// block is a Go code block of a document.
type block struct {
	file     string // absolute
	line     int    // of the first line of code
	code     string
	preamble string // declarations that the block assumes
}

var (
	fence    = regexp.MustCompile("^```(\\w*)$")
	preamble = regexp.MustCompile(`(?s)<!-- preamble:(.*?)-->\s*$`)
	testFunc = regexp.MustCompile(`(?m)^func Test`)
)

// blocksOf returns the Go blocks of a document. An HTML comment that begins with "preamble:" right before a block holds
// the declarations that it assumes.
func blocksOf(file, text string) []block {
	var blocks []block
	var before, code strings.Builder
	language, inside, start := "", false, 0
	for i, line := range strings.Split(text, "\n") {
		mark := fence.FindStringSubmatch(line)
		switch {
		case mark == nil && inside:
			code.WriteString(line + "\n")
		case mark == nil:
			before.WriteString(line + "\n")
		case !inside:
			language, inside, start = mark[1], true, i+2
		default:
			if language == "go" {
				b := block{file: file, line: start, code: code.String()}
				if assumed := preamble.FindStringSubmatch(before.String()); assumed != nil {
					b.preamble = assumed[1]
				}
				blocks = append(blocks, b)
			}
			inside = false
			before.Reset()
			code.Reset()
		}
	}
	return blocks
}

// program reports whether a block is a complete program.
func (b block) program() bool { return strings.HasPrefix(b.code, "package main\n") }

// test reports whether a block has tests.
func (b block) test() bool { return testFunc.MatchString(b.code) }

// name returns the name of the package for a block, for example README_37.
func (b block) name() string {
	return strings.TrimSuffix(filepath.Base(b.file), ".md") + fmt.Sprintf("_%d", b.line)
}

// source returns the block as a Go file whose positions are those in the document. Fragments get a package clause and
// the imports they use; statements get a function around them.
func (b block) source(imports map[string]string) (string, error) {
	code := fmt.Sprintf("//line %s:%d\n%s", filepath.ToSlash(b.file), b.line, b.code)
	if b.program() {
		return code, nil
	}
	clause := "package " + b.name() + "\n"
	file, err := parse(clause + b.preamble + code)
	if err != nil {
		code = "func _() {\n" + code + "}\n"
		statements, statementsErr := parse(clause + b.preamble + code)
		if statementsErr != nil {
			return "", err
		}
		file = statements
	}
	used := map[string]bool{}
	for _, name := range file.Unresolved {
		if path, known := imports[name.Name]; known && len(file.Imports) == 0 {
			used[fmt.Sprintf("import %q\n", path)] = true
		}
	}
	return clause + strings.Join(slices.Sorted(maps.Keys(used)), "") + b.preamble + code, nil
}

func parse(source string) (*ast.File, error) {
	return parser.ParseFile(token.NewFileSet(), "", source, 0)
}
