package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"text/tabwriter"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// tally counts attempts as client.Hooks.
type tally struct{ calls, retries, creations atomic.Int64 }

func newTally() *tally { return new(tally) }

// AttemptDone counts one attempt.
func (t *tally) AttemptDone(_ context.Context, a client.Attempt) {
	if a.Number > 1 {
		t.retries.Add(1)
		return
	}
	t.calls.Add(1)
	if a.Operation == "createServiceToken" {
		t.creations.Add(1)
	}
}

// report prints the figures, and fails if a call failed, a write was doubled or a token is left over.
func report(ctx context.Context, t *tally, failures int64, p *platform, tokens *servicetokens.Service,
	name string,
) error {
	orphaned := 0
	for token, err := range tokens.List(servicetokens.ListParams{}).All(ctx) {
		if err != nil {
			return err
		}
		if token.Name == name {
			orphaned++
		}
	}
	duplicates, known := p.duplicates(t.creations.Load())
	shown := "not known"
	if known {
		shown = strconv.FormatInt(duplicates, 10)
	}
	fmt.Println()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "calls\tretries\tfailures\tduplicates\torphaned tokens\t")
	fmt.Fprintf(table, "%d\t%d\t%d\t%s\t%d\t\n", t.calls.Load(), t.retries.Load(), failures, shown, orphaned)
	if err := table.Flush(); err != nil {
		return err
	}
	if failures != 0 || duplicates != 0 || orphaned != 0 {
		return fmt.Errorf("%d calls failed, %d writes were doubled, %d tokens are left over", failures, duplicates,
			orphaned)
	}
	return nil
}
