package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every package that asks for generated files has the ones that openapi.yaml yields today.
func TestGeneratedFilesAreFresh(t *testing.T) {
	directive := regexp.MustCompile(`(?m)^//go:generate go run \.\./internal/codegen -package (\S+) -tag ` +
		`("[^"\n]+"|\S+)(.*)$`)
	asking, err := filepath.Glob(filepath.Join("..", "..", "*", "generate.go"))
	require.NoError(t, err)
	require.NotEmpty(t, asking)
	for _, file := range asking {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			matches := directive.FindAllStringSubmatch(string(source), -1)
			require.Len(t, matches, strings.Count(string(source), "//go:generate"), "%s holds a directive of an unknown form",
				file)
			require.NotEmpty(t, matches)
			t.Chdir(dir)
			for _, match := range matches {
				args := append([]string{"-check", "-package", match[1], "-tag", strings.Trim(match[2], `"`)},
					strings.Fields(match[3])...)
				require.NoError(t, run(t.Context(), args))
			}
		})
	}
}

// What oapi-codegen would do if left alone, and what would break callers: pointers to scalars, omitempty (which
// drops the null and the "" of a client.Field), unions, and its runtime in the user's binary.
func TestGeneratedFilesStayPlain(t *testing.T) {
	t.Parallel()
	marker := regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)
	pointer := regexp.MustCompile(`(?m)^\t\w+ +\S*\*[a-zA-Z]`) // a field
	files, err := filepath.Glob(filepath.Join("..", "..", "*", "*.gen.go"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	lines := make(map[string]int)
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		text := string(source)
		assert.Regexp(t, marker, text, file)
		assert.NotRegexp(t, pointer, text, file)
		for _, unwanted := range []string{
			"omitempty", "union", "interface{}", "float32", "encoding/json", "oapi-codegen", "openapi HTTP API",
		} {
			assert.NotContains(t, text, unwanted, file)
		}
		lines[filepath.Dir(file)] += strings.Count(text, "\n")
	}
	// What users compile: components that are shared stay shared.
	const maxLines = 6000
	for dir, n := range lines {
		assert.Less(t, n, maxLines, "generated lines in %s", dir)
	}
}
