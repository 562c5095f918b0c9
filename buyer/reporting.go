package buyer

import (
	"context"
	"errors"
	"net/url"

	"github.com/interchange-sdk/interchange-go/client"
)

// Reporting reads the delivery of campaigns. The platform gives the same figures in three shapes: a tree, rows
// by day, and a file.
type Reporting struct{ client *client.Client }

// Summary returns the figures as a tree of advertisers and campaigns. Safe to repeat.
func (s Reporting) Summary(ctx context.Context, p MetricsParams, opts ...client.CallOption) (*ReportingSummary, error) {
	got, err := metrics[summaryAnswer](ctx, s.client, p, "view", "summary", opts)
	if err != nil {
		return nil, err
	}
	return &got.ReportingSummary, nil
}

// Timeseries returns the figures with one row for each day and package. They come in one answer, which
// [client.WithMaxBody] limits; for more than that there is Export. Safe to repeat.
func (s Reporting) Timeseries(ctx context.Context, p MetricsParams, opts ...client.CallOption) (*ReportingTimeseries,
	error,
) {
	got, err := metrics[timeseriesAnswer](ctx, s.client, p, "view", "timeseries", opts)
	if err != nil {
		return nil, err
	}
	return &got.ReportingTimeseries, nil
}

// Export makes the platform write the figures into a CSV file, and returns where it is: for about seven days, and any
// number of downloads. Safe to repeat; each call may write a file of its own.
func (s Reporting) Export(ctx context.Context, p MetricsParams, opts ...client.CallOption) (*ExportLink, error) {
	got, err := metrics[exportAnswer](ctx, s.client, p, "download", "true", opts)
	if err != nil {
		return nil, err
	}
	return got.link(), nil
}

func metrics[T any](ctx context.Context, c *client.Client, p MetricsParams, shape, value string,
	opts []client.CallOption,
) (*T, error) {
	problems := client.ParamError{Operation: opGetReportingMetrics.ID}
	p.check(&problems)
	p.checkRange(&problems)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	query := p.query()
	if query == nil {
		query = make(url.Values)
	}
	if p.Days.IsZero() && p.StartDate == "" {
		query.Set("days", "7") // the documented default; without a range the platform may refuse the call
	}
	query.Set(shape, value)
	got, err := client.Call[T](ctx, c, &opGetReportingMetrics, client.Request{Query: query}, opts...)
	if err != nil {
		return nil, err
	}
	return &got, nil
}

// checkRange holds the rules that involve more than one field, and those of letters.
func (p MetricsParams) checkRange(problems *client.ParamError) {
	switch {
	case p.Days.IsNull():
		problems.Add("days", "must not be null")
	case !p.Days.IsZero() && (p.StartDate != "" || p.EndDate != ""):
		problems.Add("days", "excludes startDate and endDate")
	case p.StartDate != "" && p.EndDate == "":
		problems.Add("endDate", "is required with startDate")
	case p.StartDate == "" && p.EndDate != "":
		problems.Add("startDate", "is required with endDate")
	case p.StartDate > p.EndDate: // both are days, or check has said so
		problems.Add("endDate", "must not be before startDate")
	}
}

var errOtherShape = errors.New("it has another shape than was asked for")

type summaryAnswer struct{ ReportingSummary }

func (a *summaryAnswer) CheckAnswer() error {
	if a.Advertisers == nil {
		return errOtherShape
	}
	return nil
}

type timeseriesAnswer struct{ ReportingTimeseries }

func (a *timeseriesAnswer) CheckAnswer() error {
	if a.Timeseries == nil {
		return errOtherShape
	}
	return nil
}
