// Command etl pulls everything an account can read into files, one line of JSON per record: the nightly job of a
// warehouse, unattended, with one service token and an unknown rate limit.
//
// Every resource becomes a file. manifest.json is written last and lists the number of records and the checksum of each
// file. A run that was killed continues when it is started again with the same directory: no record is lost or
// duplicated, as long as the lists do not change. A directory holds one run; start the next in another directory, with
// -since for recent records only.
//
// Without an account it pulls from a sandbox with 100,000 records. With SCOPE3_API_KEY set it pulls from the platform.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// settings are the flags.
type settings struct {
	dir         string
	since       string
	concurrency int
	ahead       int
	redis       string
	limit       int
	records     int
}

func main() {
	var s settings
	flag.StringVar(&s.dir, "out", "",
		"directory to write to; an unfinished run there is continued (default: a temporary one)")
	flag.StringVar(&s.since, "since", "", "only records newer than this day (YYYY-MM-DD), where the platform can filter")
	flag.IntVar(&s.concurrency, "concurrency", 8, "resources pulled at a time")
	flag.IntVar(&s.ahead, "ahead", 4, "pages fetched ahead in each")
	flag.StringVar(&s.redis, "redis", "",
		"URL of a Redis in which the machines that use the same key share their rate limit")
	flag.IntVar(&s.limit, "limit", 100, "requests a minute that all machines together may send, with -redis")
	flag.IntVar(&s.records, "records", 100_000, "records of the sandbox, without SCOPE3_API_KEY")
	flag.Parse()
	if err := run(s); err != nil {
		fmt.Fprintln(os.Stderr, "etl:", err)
		os.Exit(1)
	}
}

func (s *settings) check() error {
	var errs []error
	if s.since != "" {
		if _, err := time.Parse(time.DateOnly, s.since); err != nil {
			errs = append(errs, errors.New("-since must be a day, such as 2026-01-31"))
		}
	}
	if s.concurrency < 1 || s.ahead < 0 || s.records < 0 || s.limit < 1 {
		errs = append(errs, errors.New("-concurrency and -limit must be at least 1; -ahead and -records at least 0"))
	}
	return errors.Join(errs...)
}

func run(s settings) (err error) {
	if err := s.check(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the process at once
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))

	kept := s.dir != ""
	if !kept {
		if s.dir, err = os.MkdirTemp("", "etl-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(s.dir)) }()
	}
	out, err := openOutput(s.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	p, err := connect(s, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()

	bar := newProgress(log)
	began := time.Now()
	done, err := pull(ctx, newPuller(p.client, s).stages(), job{out.Root, p.source(s.since), s.concurrency}, bar)
	bar.end()
	switch {
	case err != nil && kept:
		return fmt.Errorf("%w\nstart it again with -out %s to continue", err, s.dir)
	case err != nil:
		return err
	}
	done.Platform, done.FinishedAt = p.client.BaseURL(), time.Now().UTC()
	if err := writeJSON(out.Root, manifestName, done); err != nil {
		return err
	}
	var records int64
	for _, e := range done.Resources {
		fmt.Printf("%9d  %s\n", e.Records, e.File)
		records += e.Records
	}
	fmt.Printf("%9d  records in all\n", records)
	log.InfoContext(ctx, "done", "records", records, "took", time.Since(began).Round(time.Millisecond))
	return nil
}
