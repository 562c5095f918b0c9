package client

import (
	"context"
	"log/slog"
)

// Defect describes a part of a response that had the wrong form and was repaired or left out, so that the rest could be
// used. It holds no id, query, header or body.
type Defect struct {
	// Operation names the operation, such as "tools/list".
	Operation string
	// Item is the tool or prompt that is affected, or the place of another item in its list, such as "resources[3]". It is
	// empty if the defect is outside of a list.
	Item string
	// Field is the path of the malformed field within the response or the item; empty if all of it is malformed.
	Field string
	// LeftOut reports whether the whole item was left out. Otherwise only the field was repaired or ignored.
	LeftOut bool
}

// DefectHooks is an optional extension of [Hooks]: hooks that implement it are called once per connection and defect.
// Like Hooks it is called from many goroutines at once and should return at once.
type DefectHooks interface {
	DefectFound(ctx context.Context, d Defect)
}

// ReportDefect passes a defect to the hooks that implement [DefectHooks], and to the logger. It is for packages that
// read responses on behalf of c.
func (c *Client) ReportDefect(ctx context.Context, d Defect) {
	in := c.in()
	if in == nil {
		return
	}
	for _, hooks := range in.cfg.hooks {
		if h, ok := hooks.(DefectHooks); ok {
			h.DefectFound(ctx, d)
		}
	}
}

// DefectFound logs a defect at Warn.
func (h logHooks) DefectFound(ctx context.Context, d Defect) {
	h.logger.LogAttrs(ctx, slog.LevelWarn, "interchange malformed response",
		slog.String("operation", d.Operation),
		slog.String("item", d.Item),
		slog.String("field", d.Field),
		slog.Bool("left_out", d.LeftOut),
	)
}
