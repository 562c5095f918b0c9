// Package budget_test limits the cost of the SDK for its users: the modules they link, the size of their
// program, and what the core packages may reach.
package budget_test

import (
	"debug/buildinfo"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	module     = "github.com/interchange-sdk/interchange-go"
	maxModules = 3
	// maxBytesOverFloor limits the size that the SDK adds to a program that uses the same libraries directly.
	maxBytesOverFloor = 6 << 20 / 10
)

func TestCoreProgram(t *testing.T) {
	t.Parallel()
	core, floor := build(t, "core"), build(t, "floor")
	info, err := buildinfo.ReadFile(core)
	require.NoError(t, err)
	linked := make([]string, len(info.Deps))
	for i, m := range info.Deps {
		linked[i] = m.Path + "@" + m.Version
	}
	assert.LessOrEqual(t, len(linked), maxModules, "modules linked: %s", strings.Join(linked, ", "))

	added := size(t, core) - size(t, floor)
	assert.LessOrEqual(t, added, int64(maxBytesOverFloor), "bytes over a program with the same libraries")
	t.Logf("%d bytes over the floor of %d, linking %s", added, size(t, floor), strings.Join(linked, ", "))
}

// build compiles a program of this directory for one platform, so that sizes are the same on every machine.
func build(t *testing.T, name string) (binary string) {
	t.Helper()
	binary = filepath.Join(t.TempDir(), name)
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", binary,
		"./"+name)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return binary
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	file, err := os.Stat(path)
	require.NoError(t, err)
	return file.Size()
}

// Neither the MCP library nor anything that only the generator, the sandbox and the tests need comes with a core
// package.
func TestCorePackagesReachNoHeavyLibrary(t *testing.T) {
	t.Parallel()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", module+"/client", module+"/servicetokens",
		module+"/seats", module+"/agents", module+"/buyer", module+"/partner", module+"/m2m")
	list.Stderr = os.Stderr
	out, err := list.Output()
	require.NoError(t, err)
	for unwanted, why := range map[string]string{
		"github.com/modelcontextprotocol/": "MCP is for those who import mcpclient",
		"github.com/getkin/kin-openapi":    "the specification is read by the generator and the sandbox",
		"github.com/oapi-codegen/":         "generated code needs no runtime",
		module + "/sandbox":                "the sandbox is for tests and first steps",
		"\ntesting\n":                      "testing belongs to tests",
	} {
		assert.NotContains(t, "\n"+string(out), unwanted, why)
	}
}
