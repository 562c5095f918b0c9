package upstream

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ErrDrift is returned by Drift when openapi.yaml and a document of the platform differ without an explanation.
var ErrDrift = errors.New("openapi.yaml differs from the platform")

// Drift compares openapi.yaml with documents of the platform and prints every difference that no exception explains.
// It returns ErrDrift if there are any, or if an exception explains nothing. The arguments are those of the command.
func Drift(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("drift", flag.ContinueOnError)
	spec := flags.String("spec", "openapi.yaml", "our OpenAPI document")
	verbose := flags.Bool("v", false, "also print the coverage of each area")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("drift requires the documents of the platform")
	}
	ours, err := readOperations(*spec)
	if err != nil {
		return err
	}
	known, err := parseExceptions(exceptionsFile)
	if err != nil {
		return err
	}
	var all []*operation
	var found []difference
	for _, file := range flags.Args() {
		theirs, err := readOperations(file)
		if err != nil {
			return err
		}
		all = append(all, theirs...)
		found = append(found, compare(ours, theirs)...)
	}
	found = append(found, withdrawn(ours, all)...)
	unexplained := 0
	for _, d := range found {
		if !known.explains(d) {
			unexplained++
			fmt.Fprintln(out, d)
		}
	}
	unused := known.unused()
	for _, u := range unused {
		fmt.Fprintln(out, u)
	}
	if *verbose {
		if err := printCoverage(out, ours, all); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%d unexplained differences, %d explained, %d unused exceptions\n",
		unexplained, len(found)-unexplained, len(unused))
	if unexplained > 0 || len(unused) > 0 {
		return ErrDrift
	}
	return nil
}

func readDocument(file string) (*document, []byte, error) {
	raw, err := os.ReadFile(file) //nolint:gosec // the command reads the files it is given
	if err != nil {
		return nil, nil, err
	}
	doc, err := parse(filepath.Base(file), raw)
	return doc, raw, err
}

func readOperations(file string) ([]*operation, error) {
	doc, _, err := readDocument(file)
	if err != nil {
		return nil, err
	}
	return doc.operations()
}
