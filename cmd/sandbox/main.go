// Command sandbox serves the platform's sandbox on a port, for clients in any language and for a look around by hand:
//
//	go run ./cmd/sandbox -addr 127.0.0.1:8787 -fault "GET /api/v2/service-tokens status=503 rate=0.1"
//
// It prints its URL and credentials, and stops on an interrupt. At / it serves a page that shows requests, violations,
// tokens and MCP sessions, and has controls for faults and limits. The page needs no credential, so the address must be
// a loopback address.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, args []string, out, usage io.Writer) error {
	settings, err := parseFlags(args, usage)
	if err != nil {
		return err
	}
	page := &inspector{}
	settings.options = append(settings.options, sandbox.WithPage(page.handler()))
	srv, err := sandbox.Start(settings.options...) //nolint:contextcheck // it ends with Close
	if err != nil {
		return err
	}
	page.attach(srv)
	for _, f := range settings.faults {
		page.inject(f.text, f.fault)
	}
	fmt.Fprintf(out, "url          %s\ntoken        %s\npartner key  %s\npage         %s/\n",
		srv.URL(), srv.AdminToken(), srv.PartnerKey(), srv.URL())
	for _, v := range srv.Violations() {
		fmt.Fprintln(out, "warning     ", v)
	}
	<-ctx.Done()
	return srv.Close()
}

// settings are the parsed flags.
type settings struct {
	options []sandbox.Option
	faults  []namedFault
}

func parseFlags(args []string, usage io.Writer) (settings, error) {
	var s settings
	var limit limitFlag
	var faults faultsFlag
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.SetOutput(usage)
	addr := flags.String("addr", "127.0.0.1:8787", "loopback address and port to listen on; port 0 picks a free one")
	records := flags.Int("records", 25, "items in each list of the buyer")
	terms := flags.Bool("terms-pending", false, "start with terms of service that have not been accepted")
	first := flags.Bool("first-platform", false, "add the MCP tools of the platform's first generation")
	mcpJSON := flags.Bool("mcp-json", false, "respond to MCP requests with JSON instead of event streams")
	useTLS := flags.Bool("tls", false, "serve HTTPS with a self-signed certificate")
	flags.Var(&limit, "limit", "rate limit for each credential, such as 100/1m or 200/1s,burst=50")
	flags.Var(&faults, "fault", "inject a fault: [METHOD] [PATH] key=value …; keys: "+strings.Join(faultKeys(), ", ")+
		"; may be repeated")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	s.options = []sandbox.Option{sandbox.WithAddress(*addr), sandbox.WithRecords(*records)}
	for option, set := range map[*bool]sandbox.Option{
		terms: sandbox.WithTermsPending(), first: sandbox.WithFirstPlatformTools(),
		mcpJSON: sandbox.WithMCPJSON(), useTLS: sandbox.WithTLS(),
	} {
		if *option {
			s.options = append(s.options, set)
		}
	}
	if limit.set {
		s.options = append(s.options, sandbox.WithRateLimit(limit.limit))
	}
	s.faults = faults
	return s, nil
}
