package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// family is a group of scenarios with the same figures. Each family has its own file.
type family struct {
	name      string
	title     string
	note      string   // explains the figures in one paragraph
	columns   []string // headings of the figures
	scenarios []scenario
	charted   bool // its goodput is in the chart
}

// families returns all families in the order of the report.
func families() []family {
	return []family{calls(), limits(), machines()}
}

// scenario is one measurement.
type scenario struct {
	name  string
	what  string // one line
	short bool   // part of the short form
	goal  string // in words
	peer  peer   // the best other SDK
	run   func(ctx context.Context, short bool) (measurement, error)
}

// measurement is a result: one value for each column of the family.
type measurement struct {
	values  []string
	goodput float64 // of the ideal, from 0 to 1; for the chart
	met     bool    // the goal is met
}

// bar is one scenario in the chart.
type bar struct {
	label         string
	ours, theirs  float64
	theirsUnknown bool
}

// report runs the scenarios of a family one after the other and writes their table.
func (f *family) report(ctx context.Context, out io.Writer, short bool) ([]bar, error) {
	fmt.Fprintf(out, "## %s\n\n%s\n\n", f.title, f.note)
	heads := append(append([]string{"scenario"}, f.columns...), "best other SDK", "goal", "met")
	fmt.Fprintf(out, "| %s |\n|%s\n", strings.Join(heads, " | "), strings.Repeat("---|", len(heads)))
	var bars []bar
	for _, s := range f.scenarios {
		m, err := s.run(ctx, short)
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", f.name, s.name, err)
		}
		met := "yes"
		if !m.met {
			met = "NO"
		}
		cells := append(append([]string{s.what}, m.values...), s.peer.String(), s.goal, met)
		fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
		if !f.charted {
			continue
		}
		bars = append(bars, bar{label: s.name, ours: m.goodput, theirs: s.peer.goodput, theirsUnknown: s.peer.name == ""})
	}
	_, err := fmt.Fprintln(out)
	return bars, err
}
