// Command bench measures the goals of the SDK over real sockets against the sandbox. It prints tables that compare the
// SDK with the best other Go SDK by default settings. It is a module of its own; in its directory:
//
//	go run . -list
//	go run . -scenario limits           # one family; limits/bucket is one scenario
//	go run . -scenario limits -short    # fewer calls and scenarios, for CI
//	go run . -svg goodput.svg           # all families, and a chart
//
// The figures are printed, not asserted: a busy machine makes them worse.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("scenario", "", "run one family, or one scenario as family/name; default all")
	short := flags.Bool("short", false, "run the short form: fewer calls, and not all scenarios")
	svg := flags.String("svg", "", "write a chart of goodput to this file")
	list := flags.Bool("list", false, "list the scenarios")
	asMachine := flags.Bool("machine", false, "run as one of the processes of the family machines (internal)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *asMachine {
		return machine(ctx, os.Stdin, out)
	}
	if *list {
		for _, f := range families() {
			for _, s := range f.scenarios {
				fmt.Fprintf(out, "%s/%s\t%s\n", f.name, s.name, s.what)
			}
		}
		return nil
	}
	var all []bar
	found := false
	for _, f := range families() {
		f.scenarios = slices.DeleteFunc(f.scenarios, func(s scenario) bool {
			return !chosen(*only, f.name, s.name) || (*short && !s.short)
		})
		if len(f.scenarios) == 0 {
			continue
		}
		found = true
		bars, err := f.report(ctx, out, *short)
		if err != nil {
			return err
		}
		all = append(all, bars...)
	}
	if !found {
		return fmt.Errorf("no scenario %q; see -list", *only)
	}
	if *svg == "" {
		return nil
	}
	return writeChart(*svg, all)
}

func chosen(only, family, name string) bool {
	wanted, one, _ := strings.Cut(only, "/")
	return only == "" || (wanted == family && (one == "" || one == name))
}
