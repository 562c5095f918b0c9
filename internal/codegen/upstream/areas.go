package upstream

import (
	"cmp"
	_ "embed" // for the table of areas
	"fmt"
	"io"
	"slices"
	"strings"
)

// areasFile maps routes to areas: a line has a path prefix, in which {} is any parameter, and the area.
//
//go:embed areas.tsv
var areasFile string

// areaOf returns the area of the longest prefix of a route's path, and its place in the table; empty if none fits.
func areaOf(route string) (area string, order int) {
	_, path, _ := strings.Cut(route, " ")
	longest := 0
	n := 0
	for line := range strings.Lines(areasFile) {
		n++
		prefix, name, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && len(prefix) > longest && (path == prefix || strings.HasPrefix(path, prefix+"/")) {
			longest, area = len(prefix), name
		}
	}
	if area == "" {
		return "", n
	}
	return area, areaOrder(area)
}

// areaOrder is the first line of an area.
func areaOrder(area string) int {
	n := 0
	for line := range strings.Lines(areasFile) {
		if strings.HasSuffix(strings.TrimSpace(line), "\t"+area) {
			return n
		}
		n++
	}
	return n
}

// printCoverage prints how many operations of the platform each area has, and how many are in openapi.yaml.
func printCoverage(out io.Writer, ours, theirs []*operation) error {
	known := byRoute(ours)
	type row struct{ all, known int }
	rows := make(map[string]*row)
	seen := make(map[string]bool)
	var areas []string
	for _, op := range theirs {
		route := op.route()
		if seen[route] {
			continue
		}
		seen[route] = true
		area, _ := areaOf(route)
		if rows[area] == nil {
			rows[area] = &row{}
			areas = append(areas, area)
		}
		rows[area].all++
		if known[route] != nil {
			rows[area].known++
		}
	}
	sortByArea(areas)
	total := row{}
	for _, area := range areas {
		r := rows[area]
		total.all, total.known = total.all+r.all, total.known+r.known
		if _, err := fmt.Fprintf(out, "%-26s %4d of %4d\n", area, r.known, r.all); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "%-26s %4d of %4d\n", "total", total.known, total.all)
	return err
}

func sortByArea(areas []string) {
	slices.SortFunc(areas, func(a, b string) int { return cmp.Compare(areaOrder(a), areaOrder(b)) })
}
