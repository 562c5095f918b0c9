// Command codegen writes the generated files of one public package from openapi.yaml: models.gen.go, through
// oapi-codegen, and operations.gen.go, through operations.tmpl.
//
// It is run by go generate, from the package's own directory:
//
//	//go:generate go run ../internal/codegen -package servicetokens -tag "Service tokens"
//
// A package with many operations names more tags, with commas between them, and gets a pair of files for each: the
// first tag's are called as above, and those of "Agent accounts" agent_accounts_models.gen.go and
// agent_accounts_operations.gen.go.
//
// Two subcommands follow the platform's own documents: drift compares openapi.yaml with them, and import adds their
// new operations to it. See package upstream.
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
	"strings"

	"github.com/interchange-sdk/interchange-go/internal/codegen/upstream"
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
	if len(args) > 0 {
		switch args[0] {
		case "drift":
			return upstream.Drift(args[1:], os.Stdout)
		case "import":
			return upstream.Import(args[1:], os.Stdout)
		}
	}
	flags := flag.NewFlagSet("codegen", flag.ContinueOnError)
	var t target
	flags.StringVar(&t.Package, "package", "", "name of the package to write")
	flags.StringVar(&t.Tags, "tag", "", "tags of the operations that belong to it, with commas between them")
	spec := flags.String("spec", filepath.Join("..", "openapi.yaml"), "the OpenAPI document")
	check := flags.Bool("check", false, "write nothing; fail if a file differs from what would be written")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if t.Package == "" || t.Tags == "" {
		return errors.New("-package and -tag are required")
	}
	raw, err := os.ReadFile(*spec)
	if err != nil {
		return err
	}
	t.Spec = filepath.Base(*spec)
	files, err := generate(ctx, raw, t)
	if err != nil {
		return fmt.Errorf("package %s: %w", t.Package, err)
	}
	if *check {
		return compare(files)
	}
	return write(files)
}

// target is the package that is written, the tags whose operations it gets, and the document that they are in.
type target struct{ Package, Tags, Spec string }

// Names of the generated files. A tag without models has no models file.
const (
	modelsFile     = "models.gen.go"
	operationsFile = "operations.gen.go"
)

// generate makes the files of all tags. The content of a file that is not to be is nil.
func generate(ctx context.Context, raw []byte, t target) (map[string][]byte, error) {
	doc, err := load(ctx, raw)
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	defined, rules := make(map[string]string), make(map[string]bool)
	for i, tag := range strings.Split(t.Tags, ",") {
		ops, err := operations(doc, tag)
		if err != nil {
			return nil, err
		}
		set, err := selectModels(doc, ops, t.Package, defined)
		if err != nil {
			return nil, err
		}
		models, err := renderModels(ctx, set, t.Package)
		if err != nil {
			return nil, err
		}
		table, err := renderOperations(ops, t.Package, rules)
		if err != nil {
			return nil, err
		}
		prefix := ""
		if i > 0 {
			prefix = strings.ToLower(strings.ReplaceAll(tag, " ", "_")) + "_"
		}
		files[prefix+modelsFile], files[prefix+operationsFile] = t.source(models), t.source(table)
	}
	return files, nil
}

// source has a file say which document it comes from.
func (t target) source(content []byte) []byte {
	if t.Spec == "" || content == nil {
		return content
	}
	return bytes.ReplaceAll(content, []byte("openapi.yaml"), []byte(t.Spec))
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
		got, err := os.ReadFile(name) //nolint:gosec // a name that generate made
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
