// Package docs compiles and runs the Go code of the README and the guides.
package docs

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const module = "github.com/interchange-sdk/interchange-go"

// standard lists the packages of the standard library that fragments may use without an import.
var standard = []string{
	"bytes", "context", "crypto/tls", "crypto/x509", "errors", "fmt", "io", "log", "log/slog", "maps", "net/http",
	"net/url", "os", "os/signal", "slices", "strings", "sync", "testing", "time",
}

func TestDocumentsCompileAndRun(t *testing.T) {
	t.Parallel()
	root := projectRoot(t)
	guides, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	var blocks []block
	for _, file := range append(guides, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		blocks = append(blocks, blocksOf(file, string(text))...)
	}
	require.NotEmpty(t, blocks)
	w := newWorkspace(t, root)
	for _, b := range blocks {
		w.add(t, b)
	}
	w.build(t)
	w.runTests(t)
	w.runPrograms(t)
}

func projectRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	return root
}

// workspace holds packages inside the module that exist in an overlay of the build only.
type workspace struct {
	root, dir, bin string
	imports        map[string]string // by the name of the package
	overlay        map[string]string

	fragments, programs, tests []string // packages
}

func newWorkspace(t *testing.T, root string) *workspace {
	t.Helper()
	dir := t.TempDir()
	w := &workspace{
		root: root, dir: dir, imports: map[string]string{}, overlay: map[string]string{},
		bin: filepath.Join(dir, "bin"),
	}
	require.NoError(t, os.Mkdir(w.bin, 0o700))
	for _, name := range standard {
		w.imports[path.Base(name)] = name
	}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir():
			return err
		case name == ".":
			return nil
		case strings.HasPrefix(name, ".") || name == "internal" || name == "examples" || path.Base(name) == "testdata":
			return fs.SkipDir
		}
		if _, err := os.Stat(filepath.Join(root, name, "go.mod")); err == nil {
			return fs.SkipDir
		}
		w.imports[path.Base(name)] = module + "/" + name
		return nil
	})
	require.NoError(t, err)
	return w
}

// add writes a block as a package of its own.
func (w *workspace) add(t *testing.T, b block) {
	t.Helper()
	source, err := b.source(w.imports)
	if !assert.NoError(t, err) {
		return
	}
	name, dir := b.name()+".go", "internal/docs/blocks/"+b.name()
	switch {
	case b.test():
		name = b.name() + "_test.go"
		w.tests = append(w.tests, "./"+dir)
	case b.program():
		w.programs = append(w.programs, "./"+dir)
	default:
		w.fragments = append(w.fragments, "./"+dir)
	}
	file := filepath.Join(w.dir, name)
	require.NoError(t, os.WriteFile(file, []byte(source), 0o600))
	w.overlay[filepath.Join(w.root, filepath.FromSlash(dir), name)] = file
}

// build compiles all fragments and programs. With -o, go build leaves out the packages that are not programs.
func (w *workspace) build(t *testing.T) {
	t.Helper()
	if len(w.fragments) > 0 {
		out, err := w.goTool(t, "build", w.fragments...)
		assert.NoError(t, err, out)
	}
	if len(w.programs) > 0 {
		out, err := w.goTool(t, "build", append([]string{"-o", w.bin + string(filepath.Separator)}, w.programs...)...)
		assert.NoError(t, err, out)
	}
}

func (w *workspace) goTool(t *testing.T, command string, args ...string) (string, error) {
	t.Helper()
	overlay, err := json.Marshal(map[string]any{"Replace": w.overlay})
	require.NoError(t, err)
	file := filepath.Join(w.dir, "overlay.json")
	require.NoError(t, os.WriteFile(file, overlay, 0o600))
	cmd := exec.CommandContext(t.Context(), "go", append([]string{command, "-overlay=" + file}, args...)...)
	cmd.Dir = w.root
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// runTests builds the tests before it runs them, because go test needs the directory of a package to exist.
func (w *workspace) runTests(t *testing.T) {
	t.Helper()
	for _, pkg := range w.tests {
		binary := filepath.Join(w.dir, path.Base(pkg)+".exe")
		out, err := w.goTool(t, "test", "-c", "-vet=off", "-o", binary, pkg)
		if !assert.NoError(t, err, out) {
			continue
		}
		output, err := exec.CommandContext(t.Context(), binary).CombinedOutput()
		assert.NoError(t, err, "%s: %s", path.Base(pkg), output)
	}
}

// runPrograms runs each program against a sandbox of its own.
func (w *workspace) runPrograms(t *testing.T) {
	t.Helper()
	programs, err := filepath.Glob(filepath.Join(w.bin, "*"))
	require.NoError(t, err)
	for _, program := range programs {
		srv, err := sandbox.Start()
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		cmd := exec.CommandContext(ctx, program)
		cmd.Env = append(os.Environ(), "SCOPE3_API_KEY="+srv.AdminToken(), "SCOPE3_BASE_URL="+srv.URL())
		out, err := cmd.CombinedOutput()
		assert.NoError(t, err, "%s: %s", filepath.Base(program), out)
		assert.NotEmpty(t, srv.Requests(), "%s sends no request", filepath.Base(program))
		assert.Empty(t, srv.Violations(), filepath.Base(program))
		cancel()
		require.NoError(t, srv.Close())
	}
}

func TestBlocksAreFoundWithTheirPreamble(t *testing.T) {
	t.Parallel()
	text := "# Title\n<!-- preamble:\nvar x int\n-->\n\n```go\nfunc f() int { return x }\n```\n" +
		"```sh\ngo run .\n```\n<!-- preamble: var y int -->\ntext\n```go\nfmt.Println(1)\n```\n"
	assert.Equal(t, []block{
		{file: "a.md", line: 7, code: "func f() int { return x }\n", preamble: "\nvar x int\n"},
		{file: "a.md", line: 15, code: "fmt.Println(1)\n"},
	}, blocksOf("a.md", text))
}

func TestBlockThatDoesNotParseIsNamed(t *testing.T) {
	t.Parallel()
	_, err := block{file: "/a.md", line: 7, code: "func f() {\n\t…\n}\n"}.source(nil)
	require.ErrorContains(t, err, "/a.md:8:")
}

func TestBlockThatDoesNotCompileIsNamed(t *testing.T) {
	t.Parallel()
	root := projectRoot(t)
	w := newWorkspace(t, root)
	w.add(t, block{file: filepath.Join(root, "a.md"), line: 7, code: "fmt.Println(x)\n", preamble: "\nvar x int\n"})
	w.add(t, block{file: filepath.Join(root, "b.md"), line: 7, code: "var _ = fmt.Sprint(1)\n\nvar _ = y\n"})
	out, err := w.goTool(t, "build", w.fragments...)
	require.Error(t, err)
	assert.NotContains(t, out, "a.md")
	assert.Contains(t, out, "b.md:9:")
	assert.Contains(t, out, "undefined: y")
}
