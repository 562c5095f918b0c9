package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// compared is a benchmark of internal/guarantees, which alternates between this module and plain net/http with
// encoding/json, or the bare MCP library. The table shows its figures.
type compared struct {
	benchmark string // pattern of go test -bench
	rounds    int
	few       int // rounds of the short form

	ratio float64 // goal: the median of the ratios of time
	per   string  // the unit of allocations that is shown
	most  float64 // goal; 0 for none
}

func calls() family {
	row := func(name, what string, short bool, p peer, c compared) scenario {
		goal := fmt.Sprintf("≤ %.2f×", c.ratio)
		if c.most > 0 {
			goal += fmt.Sprintf(", ≤ %g %s", c.most, c.per)
		}
		return scenario{name: name, what: what, short: short, goal: goal, peer: p, run: c.run}
	}
	return family{
		name:  "calls",
		title: "Calls and lists, against net/http and encoding/json",
		note: "Time is the median of the ratios of alternating rounds; below 1 is faster than hand-written code. " +
			"The benchmarks are those of internal/guarantees.",
		columns: []string{"time", "allocations"},
		scenarios: []scenario{
			row("object", "one small object", true, peerObject,
				compared{benchmark: "BenchmarkOneObject$", rounds: 60, few: 10, ratio: 1.10, per: "extra-allocs"}),
			row("page", "a page of 100", true, peerPage,
				compared{benchmark: "BenchmarkPageOf100$", rounds: 60, few: 10, ratio: 0.60, per: "extra-allocs"}),
			row("walk", "10,000 objects, a page at a time", true, peerWalk,
				compared{
					benchmark: "BenchmarkWalkOf10000Objects$/in_turn", rounds: 20, few: 3, ratio: 0.60, per: "allocs/object",
					most: 6,
				}),
			row("walk-ahead", "10,000 objects, 8 pages ahead", false, peerWalk,
				compared{
					benchmark: "BenchmarkWalkOf10000Objects$/8_ahead", rounds: 20, ratio: 0.60, per: "allocs/object",
					most: 6,
				}),
			row("walk-20ms", "100 pages of 20 ms, 8 ahead, against a loop of 8 by hand", false, peerLatency,
				compared{benchmark: "BenchmarkWalkOf100PagesOf20ms$", rounds: 10, ratio: 1.05, per: "extra-allocs"}),
			row("tool", "one tool call, against the bare MCP library", true, peer{},
				compared{benchmark: "BenchmarkToolCall$/json/2025-11-25", rounds: 40, few: 10, ratio: 1.10, per: "extra-allocs"}),
		},
	}
}

func (c compared) run(ctx context.Context, short bool) (measurement, error) {
	rounds := c.rounds
	if short && c.few > 0 {
		rounds = c.few
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^"+c.benchmark, //nolint:gosec // constants
		"-benchtime", strconv.Itoa(rounds)+"x", "./internal/guarantees")
	cmd.Dir = ".."
	out, err := cmd.CombinedOutput()
	if err != nil {
		return measurement{}, fmt.Errorf("%w\n%s", err, out)
	}
	units, err := readBenchmark(out)
	if err != nil {
		return measurement{}, fmt.Errorf("%w in:\n%s", err, out)
	}
	ratio, allocs := units["×plain"], units[c.per]
	return measurement{
		values: []string{fmt.Sprintf("%.2f×", ratio), fmt.Sprintf("%.3g %s", allocs, c.per)},
		met:    ratio <= c.ratio && (c.most == 0 || allocs <= c.most),
	}, nil
}

// readBenchmark reads the line of the one benchmark that ran: its name, the rounds, then values with their units.
func readBenchmark(out []byte) (map[string]float64, error) {
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		units := make(map[string]float64)
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, err
			}
			units[fields[i+1]] = value
		}
		return units, nil
	}
	return nil, errors.New("no benchmark ran")
}
