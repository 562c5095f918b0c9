package main

import (
	"os"

	"github.com/go-analyze/charts"
)

// writeChart draws the goodput of this SDK beside that of the best other one, as far as it was measured.
func writeChart(path string, bars []bar) error {
	var ours, theirs []float64
	var labels []string
	for _, b := range bars {
		labels = append(labels, b.label)
		ours = append(ours, 100*b.ours)
		their := 100 * b.theirs
		if b.theirsUnknown {
			their = charts.GetNullValue()
		}
		theirs = append(theirs, their)
	}
	p, err := charts.BarRender([][]float64{ours, theirs},
		charts.SVGOutputOptionFunc(),
		charts.DimensionsOptionFunc(900, 420),
		charts.TitleTextOptionFunc("Goodput in % of what the limit permits"),
		charts.XAxisLabelsOptionFunc(labels),
		charts.LegendLabelsOptionFunc([]string{"interchange-go", "best other Go SDK"}),
	)
	if err != nil {
		return err
	}
	image, err := p.Bytes()
	if err != nil {
		return err
	}
	return os.WriteFile(path, image, 0o600)
}
