// Command agent runs a model's tool calls against the buyer endpoint over MCP, as an agent runtime does: it lists the
// tools for the model, runs its calls, returns results and errors to it, and enforces limits.
//
// The model is a script, so that the program needs no account with a model vendor. Without SCOPE3_API_KEY it runs
// against the sandbox, which restarts during the run and limits its rate. With SCOPE3_API_KEY set it runs against the
// platform, and only calls that change nothing are allowed.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()

	c, platform, err := connect()
	if err != nil {
		return err
	}
	defer platform.Close()
	defer c.CloseIdleConnections()

	session, err := mcpclient.Connect(ctx, c,
		mcpclient.WithClientInfo("interchange-go-agent-example", client.Version),
		mcpclient.WithGuard(mcpclient.Guards(platform.limits(), mcpclient.MaxCalls(20))),
		mcpclient.OnReconnect(func(_ context.Context, r mcpclient.Reconnection) error {
			note("the platform lost the session; it was reopened (%d so far) and the call continues", r.Count)
			return nil
		}),
	)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close(ctx)) }()
	note("connected to %s by MCP %s", c.BaseURL(), session.ProtocolVersion())

	tools, err := session.ToolDefinitions(ctx)
	if err != nil {
		return err
	}
	var names []string
	for _, tool := range tools {
		names = append(names, tool.Name)
	}
	note("the model is given %d tools: %s", len(tools), strings.Join(names, ", "))

	var model script
	var last mcpclient.ToolOutput
	for turn := 1; ; turn++ {
		say, call := model.next(last)
		fmt.Printf("\nmodel:    %s\n", say)
		if call == nil {
			return nil
		}
		fmt.Printf("calls:    %s %s\n", call.name, call.arguments)
		platform.before(turn)
		last = session.Dispatch(ctx, call.name, []byte(call.arguments))
		if err := ctx.Err(); err != nil {
			return err
		}
		kind := "result:  "
		if last.IsError {
			kind = "error:   "
		}
		fmt.Printf("%s %s\n", kind, indent(shorten(last.Text)))
		if strings.Contains(last.Text, "scope3_…") {
			note("the secret in it is masked for the model; the program has it through Result")
		}
		explain(last.Err)
	}
}

// explain shows what the program learns from an error that the model sees as text.
func explain(err error) {
	var api *client.APIError
	switch {
	case err == nil:
	case errors.Is(err, mcpclient.ErrRefused):
		note("the guard refused it: nothing was sent")
	case errors.Is(err, client.ErrInvalidParams):
		note("nothing was sent: %v", err)
	case errors.As(err, &api):
		note("for the program this is a *client.APIError: status %d, code %s", api.StatusCode, api.Code)
	default:
		note("%v", err)
	}
}

func note(format string, args ...any) { fmt.Printf("          (%s)\n", fmt.Sprintf(format, args...)) }

func shorten(text string) string {
	const longest = 420
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + " …"
	}
	return text
}

func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n          ") }
