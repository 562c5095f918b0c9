// Package budget_test keeps what the SDK costs its users within limits: the modules they link, the size of their
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
	// Of these 7.25 MiB, net/http, go-retryablehttp and go-json-experiment take 6.6 by themselves.
	maxBytes = 7<<20 + 256<<10
)

// The program is built for one platform whatever the machine, so that the size is the same everywhere.
func TestCoreProgram(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "core")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "./core")
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)

	info, err := buildinfo.ReadFile(binary)
	require.NoError(t, err)
	linked := make([]string, len(info.Deps))
	for i, m := range info.Deps {
		linked[i] = m.Path + "@" + m.Version
	}
	assert.LessOrEqual(t, len(linked), maxModules, "modules linked: %s", strings.Join(linked, ", "))

	file, err := os.Stat(binary)
	require.NoError(t, err)
	assert.Less(t, file.Size(), int64(maxBytes), "bytes of the stripped program")
	t.Logf("%d bytes, linking %s", file.Size(), strings.Join(linked, ", "))
}

// Neither the MCP library nor anything that only the generator, the sandbox and the tests need comes with a core
// package.
func TestCorePackagesReachNoHeavyLibrary(t *testing.T) {
	t.Parallel()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", module+"/client", module+"/servicetokens", module+"/seats", module+"/m2m")
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
