// Command codegen writes the generated files of one public package from openapi.yaml: models.gen.go, through
// oapi-codegen, and operations.gen.go, through operations.tmpl.
//
// It is run by go generate, from the package's own directory:
//
//	//go:generate go run ../internal/codegen -package servicetokens -tag "Service tokens"
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "codegen:", err)
		os.Exit(1)
	}
}

// run does what the arguments ask for, in the current directory.
func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("codegen", flag.ContinueOnError)
	var t target
	flags.StringVar(&t.Package, "package", "", "name of the package to write")
	flags.StringVar(&t.Tag, "tag", "", "tag of the operations that belong to it")
	spec := flags.String("spec", filepath.Join("..", "openapi.yaml"), "the OpenAPI document")
	prefix := flags.String("prefix", "", "what the names of the files begin with, where a package has several tags")
	check := flags.Bool("check", false, "write nothing; fail if a file differs from what would be written")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if t.Package == "" || t.Tag == "" {
		return errors.New("-package and -tag are required")
	}
	raw, err := os.ReadFile(*spec)
	if err != nil {
		return err
	}
	files, err := generate(ctx, raw, t)
	if err != nil {
		return fmt.Errorf("package %s: %w", t.Package, err)
	}
	files = named(files, *prefix, filepath.Base(*spec))
	if *check {
		return compare(files)
	}
	return write(files)
}

// target is the package that is written, and the tag whose operations it gets.
type target struct{ Package, Tag string }

// Names of the generated files. A package without models has no models file.
const (
	modelsFile     = "models.gen.go"
	operationsFile = "operations.gen.go"
)

// generate makes both files. The content of a file that is not to be is nil.
func generate(ctx context.Context, raw []byte, t target) (map[string][]byte, error) {
	doc, err := load(ctx, raw)
	if err != nil {
		return nil, err
	}
	ops, err := operations(doc, t.Tag)
	if err != nil {
		return nil, err
	}
	set, err := prune(doc, ops, t.Package)
	if err != nil {
		return nil, err
	}
	models, err := renderModels(ctx, set, t.Package)
	if err != nil {
		return nil, err
	}
	table, err := renderOperations(ops, t.Package)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{modelsFile: models, operationsFile: table}, nil
}

// named gives the files the names that were asked for, and has them say which document they come from.
func named(files map[string][]byte, prefix, spec string) map[string][]byte {
	if prefix != "" {
		prefix += "_"
	}
	out := make(map[string][]byte, len(files))
	for name, content := range files {
		out[prefix+name] = bytes.ReplaceAll(content, []byte("openapi.yaml"), []byte(spec))
	}
	return out
}

func write(files map[string][]byte) error {
	var errs []error
	for name, content := range files {
		if content == nil {
			if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, err)
			}
			continue
		}
		errs = append(errs, os.WriteFile(name, content, 0o644)) //nolint:gosec // source files are world-readable
	}
	return errors.Join(errs...)
}

func compare(files map[string][]byte) error {
	var errs []error
	for name, want := range files {
		got, err := os.ReadFile(name) //nolint:gosec // one of two constant names
		switch {
		case errors.Is(err, fs.ErrNotExist) && want == nil:
		case err != nil:
			errs = append(errs, err)
		case want == nil || !bytes.Equal(got, want):
			errs = append(errs, fmt.Errorf("%s is stale; go generate ./... renews it", name))
		}
	}
	return errors.Join(errs...)
}
