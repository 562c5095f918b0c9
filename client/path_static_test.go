package client

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pathLint finds the places of a file that build a path or a URL. There is one way to do that, expand, because there
// is one place where ids are checked.
type pathLint struct {
	file  string
	fset  *token.FileSet
	found []string
	fn    string // the function under way
}

// pathLintAllowed are the places that do it by design.
var pathLintAllowed = map[string]string{
	"environment.go: parse: url.Parse":           "the base URL itself, which no id goes into",
	"environment.go: parse: url.URL literal":     "likewise",
	"environment.go: parse: concatenation":       "a prefix to compare with",
	"attempt.go: prepare: url.URL literal":       "where the base, the mount and what expand returns come together",
	"attempt.go: prepare: sets Path":             "likewise",
	"attempt.go: prepare: sets RawPath":          "likewise",
	"attempt.go: prepare: expand":                "likewise",
	"client.go: New: concatenation":              "a User-Agent, name/version",
	"options.go: WithApplication: concatenation": "likewise",
}

var pathVerb = regexp.MustCompile(`/[^ ]*%`)

func (l *pathLint) report(what string) { l.found = append(l.found, l.file+": "+l.fn+": "+what) }

func (l *pathLint) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.FuncDecl:
		l.fn = n.Name.Name
	case *ast.ImportSpec:
		if name, _ := strconv.Unquote(n.Path.Value); name == "path" || name == "path/filepath" {
			l.report("imports " + name)
		}
	case *ast.CallExpr:
		l.call(n)
	case *ast.CompositeLit:
		if selector(n.Type) == "url.URL" {
			l.report("url.URL literal")
		}
	case *ast.AssignStmt:
		for _, left := range n.Lhs {
			if s, ok := left.(*ast.SelectorExpr); ok &&
				(s.Sel.Name == "Path" || s.Sel.Name == "RawPath" || s.Sel.Name == "Opaque") {
				l.report("sets " + s.Sel.Name)
			}
		}
	case *ast.BinaryExpr:
		if n.Op == token.ADD && concatenatesPath(n) {
			l.report("concatenation")
			return nil // once is enough
		}
	}
	return l
}

func (l *pathLint) call(n *ast.CallExpr) {
	switch name := selector(n.Fun); name {
	case "url.JoinPath", "url.Parse", "url.ParseRequestURI", "path.Join":
		l.report(name)
	case "expand":
		l.report(name)
	case "strings.Join":
		if len(n.Args) == 2 && strings.Contains(literal(n.Args[1]), "/") {
			l.report("strings.Join with a slash")
		}
	default:
		if s, ok := n.Fun.(*ast.SelectorExpr); ok &&
			(s.Sel.Name == "JoinPath" || s.Sel.Name == "ResolveReference" || s.Sel.Name == "PathEscape") && l.file != "path.go" {
			l.report(s.Sel.Name)
		}
	}
	for _, arg := range n.Args {
		if strings.HasSuffix(selector(n.Fun), "f") && pathVerb.MatchString(literal(arg)) {
			l.report("a format with a path in it")
		}
	}
}

// concatenatesPath reports whether n joins the beginning or end of a path with text that is not a constant.
func concatenatesPath(n *ast.BinaryExpr) bool {
	slash, variable := false, false
	var walk func(ast.Expr)
	walk = func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.BinaryExpr:
			walk(e.X)
			walk(e.Y)
		case *ast.ParenExpr:
			walk(e.X)
		case *ast.BasicLit:
			text := literal(e)
			slash = slash || strings.HasPrefix(text, "/") || (strings.HasSuffix(text, "/") && !strings.HasSuffix(text, "://"))
		default:
			variable = variable || selector(e) != "Version"
		}
	}
	walk(n)
	return slash && variable
}

func selector(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			return x.Name + "." + e.Sel.Name
		}
	}
	return ""
}

func literal(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		text, _ := strconv.Unquote(lit.Value)
		return text
	}
	return ""
}

// lintPaths gives what is found in one file, given or on disk.
func lintPaths(t *testing.T, name string, source any) []string {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
	require.NoError(t, err)
	l := &pathLint{file: filepath.Base(name), fset: fset}
	ast.Walk(l, file)
	return l.found
}

func TestPathsAreBuiltInOnePlace(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	files := 0
	for _, dir := range []string{".", "../servicetokens", "../seats"} {
		names, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			files++
			for _, found := range lintPaths(t, name, nil) {
				if _, ok := pathLintAllowed[found]; !ok || dir != "." {
					t.Errorf("%s: a path may only be built by expand", filepath.Join(dir, found))
				}
				seen[found]++
			}
		}
	}
	assert.Greater(t, files, 20)
	for allowed := range pathLintAllowed {
		assert.Contains(t, seen, allowed, "no longer needed")
	}
	assert.Equal(t, 1, seen["attempt.go: prepare: expand"])
}

// The check above finds what it is there for.
func TestPathLintFindsEveryWay(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		`_ = fmt.Sprintf("/things/%s", id)`,
		`_ = fmt.Sprintf("%s/things/%s", base, id)`,
		`fmt.Fprintf(w, "/things/%d/parts", id)`,
		`_ = fmt.Errorf("GET /things/%v", id)`,
		`_ = "/things/" + id`,
		`_ = base + "/things/" + id`,
		`_ = (base + "/") + id`,
		`_ = base + "things/" + id`,
		`_ = strings.Join([]string{"things", id}, "/")`,
		`_, _ = url.Parse(id)`,
		`_, _ = url.ParseRequestURI(id)`,
		`_, _ = url.JoinPath(base, id)`,
		`_ = u.JoinPath(id)`,
		`_ = u.ResolveReference(v)`,
		`_ = &url.URL{Path: id}`,
		`u.Path = id`,
		`u.RawPath += id`,
		`r.URL.Path = id`,
		`_ = path.Join(base, id)`,
		`_ = "/things/" + url.PathEscape(id)`,
		`_ = expand(p, base, nil)`,
	} {
		assert.NotEmpty(t, lintPaths(t, "x.go", "package x\nfunc f() {\n"+statement+"\n}"), statement)
	}
	for _, statement := range []string{
		`_ = Operation{Path: "/things/{id}"}`,
		`_ = client.Request{Path: []string{string(id)}}`,
		`_ = "interchange-go/" + Version`,
		`_ = scheme + "://" + host + ":" + port`,
		`_ = fmt.Sprintf("%d of %d", 1, 2)`,
		`_ = string(op.Mount) + op.Path`,
		`_ = method + " " + route`,
	} {
		assert.Empty(t, lintPaths(t, "x.go", "package x\nfunc f() {\n"+statement+"\n}"), statement)
	}
	assert.NotEmpty(t, lintPaths(t, "x.go", "package x\nimport _ \"path\""))
}
