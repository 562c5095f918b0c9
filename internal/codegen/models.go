package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// modelsConfig makes oapi-codegen write plain types: no pointers, no Valid methods, constants named as the document
// says, numbers wide enough for any value, and formats that would drag in its runtime as strings.
const modelsConfig = `package: %s
generate:
  models: true
compatibility:
  disable-enum-value-conflict-resolution: true
output-options:
  skip-prune: true
  skip-enum-validate: true
  name-normalizer: ToCamelCaseWithInitialisms
  prefer-skip-optional-pointer: true
  type-mapping:
    integer: {default: {type: int64}}
    number: {default: {type: float64}, formats: {float: {type: float64}}}
    string: {formats: {date: {type: string}, email: {type: string}, uuid: {type: string}}}
`

// renderModels runs oapi-codegen, the tool of go.mod, on the set and tidies what it writes. A package without
// models has no file.
func renderModels(ctx context.Context, set modelSet, pkg string) (content []byte, err error) {
	if len(set.Schemas) == 0 {
		return nil, nil
	}
	spec, err := json.Marshal(node{
		"openapi":    "3.0.3",
		"info":       node{"title": pkg, "version": "0"},
		"paths":      node{},
		"components": node{"schemas": set.Schemas},
	})
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "codegen-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	specFile, configFile := filepath.Join(dir, "spec.json"), filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(specFile, spec, 0o600); err != nil {
		return nil, err
	}
	if err := os.WriteFile(configFile, fmt.Appendf(nil, modelsConfig, pkg), 0o600); err != nil {
		return nil, err
	}
	var out, complaints bytes.Buffer
	args := []string{"tool", "oapi-codegen", "-config", configFile, specFile}
	cmd := exec.CommandContext(ctx, "go", args...) //nolint:gosec // our own temporary files
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("oapi-codegen: %w\n%s", err, bytes.TrimSpace(complaints.Bytes()))
	}
	return rewrite(out.Bytes(), set.ConstDocs)
}
