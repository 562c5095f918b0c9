package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sync/errgroup"
)

// commitEvery limits the work that is lost if the process is killed.
const commitEvery = 200 * time.Millisecond

// job holds the source and the destination of a run.
type job struct {
	dir         *os.Root
	source      source
	concurrency int
}

// pull reads the resources of one stage after the other, job.concurrency at a time.
func pull(ctx context.Context, stages [][]resource, job job, p *progress) (manifest, error) {
	done := manifest{Since: job.source.Since}
	for _, stage := range stages {
		entries := make([]entry, len(stage))
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(job.concurrency)
		for i, r := range stage {
			group.Go(func() (err error) {
				if entries[i], err = pullOne(ctx, r, job, p); err != nil {
					return fmt.Errorf("%s: %w", r.name, err)
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return manifest{}, err
		}
		done.Resources = append(done.Resources, entries...)
	}
	return done, nil
}

// pullOne reads one resource, starting where an earlier run stopped.
func pullOne(ctx context.Context, r resource, job job, p *progress) (_ entry, err error) {
	s, err := openSink(job.dir, r.name, job.source)
	if err != nil {
		return entry{}, err
	}
	if s.state.Done {
		return s.summary(), nil
	}
	defer func() { err = errors.Join(err, s.close()) }()
	expected := false
	committed := time.Now()
	for page, err := range r.pages(ctx, s.state.Next) {
		if err != nil {
			// The next run continues with the records so far.
			return entry{}, errors.Join(err, s.commit())
		}
		if !expected && page.Total >= 0 {
			p.expect(page.Total - s.state.Records)
			expected = true
		}
		if err := s.add(page.Items, page.Next); err != nil {
			return entry{}, err
		}
		p.add(ctx, int64(len(page.Items)))
		if time.Since(committed) >= commitEvery && page.Next != "" {
			if err := s.commit(); err != nil {
				return entry{}, err
			}
			committed = time.Now()
		}
	}
	if err := s.finish(); err != nil {
		return entry{}, err
	}
	return s.summary(), nil
}
