package main

import (
	"os"

	"github.com/go-analyze/charts"
)

// writeChart draws the goodput of this SDK beside that of the best other one where it was measured.
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
	chart := charts.NewBarChartOptionWithData([][]float64{ours, theirs})
	chart.Title.Text = "Goodput in % of what the limit permits"
	chart.Legend.SeriesNames = []string{"interchange-go", "best other Go SDK"}
	chart.CategoryAxis.Labels = labels
	chart.CategoryAxis.LabelCount = len(labels)
	chart.ValueAxis[0].LabelCount = 11
	chart.ValueAxis[0].Min, chart.ValueAxis[0].Max = charts.Ptr(0.0), charts.Ptr(100.0)
	p := charts.NewPainter(charts.PainterOptions{
		OutputFormat: charts.ChartOutputSVG, Width: 200 + 160*len(bars), Height: 420,
	})
	if err := p.BarChart(chart); err != nil {
		return err
	}
	image, err := p.Bytes()
	if err != nil {
		return err
	}
	return os.WriteFile(path, image, 0o600)
}
