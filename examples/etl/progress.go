package main

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress reports how far a run is: with a bar on a terminal, and in the log otherwise. It is safe for concurrent use.
type progress struct {
	mu      sync.Mutex
	log     *slog.Logger
	bar     *progressbar.ProgressBar // nil without a terminal
	records int64
	total   int64 // of the lists whose length is known
	logged  time.Time
	began   time.Time
}

const logInterval = 5 * time.Second

func newProgress(log *slog.Logger) *progress {
	p := &progress{log: log, began: time.Now(), logged: time.Now()}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		p.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(os.Stderr),
			progressbar.OptionSetDescription("records"),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("records"),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	return p
}

// expect adds records that are still to come.
func (p *progress) expect(records int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total += records
	if p.bar != nil && p.total > 0 {
		p.bar.ChangeMax64(p.total)
	}
}

// add counts records.
func (p *progress) add(ctx context.Context, records int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.records += records
	if p.bar != nil {
		_ = p.bar.Add64(records)
		return
	}
	if time.Since(p.logged) >= logInterval {
		p.logged = time.Now()
		p.log.InfoContext(ctx, "pulling", "records", p.records, "of", p.total)
	}
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
