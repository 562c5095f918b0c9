// Command conformance is the client under test of the official MCP conformance suite
// (npm: @modelcontextprotocol/conformance): it drives package mcpclient through the scenario that
// MCP_CONFORMANCE_SCENARIO names, against the server whose URL is the last argument.
//
//	conformance client --command ./conformance --suite all
package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	err := run(ctx, os.Args, os.Getenv("MCP_CONFORMANCE_SCENARIO"), os.Getenv("MCP_CONFORMANCE_CONTEXT"))
	cancel()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// parameters are the input of a scenario.
type parameters struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Issuer       string `json:"issuer"`
	ToolCalls    []struct {
		Name      string         `json:"name"`
		Arguments jsontext.Value `json:"arguments"`
	} `json:"toolCalls"`
}

func run(ctx context.Context, args []string, scenario, context string) error {
	if len(args) < 2 {
		return fmt.Errorf("usage: %s <server url>, with the scenario in MCP_CONFORMANCE_SCENARIO", args[0])
	}
	var p parameters
	if context != "" {
		if err := json.Unmarshal([]byte(context), &p); err != nil {
			return fmt.Errorf("MCP_CONFORMANCE_CONTEXT: %w", err)
		}
	}
	if err := choose(scenario, p)(ctx, args[len(args)-1]); err != nil {
		return fmt.Errorf("%s: %w", scenario, err)
	}
	return nil
}

// connect opens a session with the endpoint of the suite, without a credential.
func connect(ctx context.Context, server string, opts ...mcpclient.Option) (*mcpclient.Session, error) {
	u, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	c, err := client.New(
		client.WithEnvironment(client.BaseURL(u.Scheme+"://"+u.Host)),
		client.WithToken(client.Anonymous()),
	)
	if err != nil {
		return nil, err
	}
	return mcpclient.Connect(ctx, c, append([]mcpclient.Option{
		mcpclient.WithPath(u.Path),
		mcpclient.WithClientInfo("interchange-go-conformance", client.Version),
	}, opts...)...)
}
