package mcpclient_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func Example() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()

	s, err := mcpclient.Connect(ctx, c)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close(ctx)

	type account struct {
		ID      client.ID `json:"id"`
		Company string    `json:"company"`
	}
	a, err := mcpclient.CallAPI[account](ctx, s, "get_current_account", mcpclient.Request{})
	fmt.Println(a.ID, a.Company, err)
	// Output: 1001 Sandbox Inc. <nil>
}

func ExampleConnect() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()

	s, err := mcpclient.Connect(ctx, c,
		mcpclient.WithStorefront(), // the buyer's endpoint by default
		mcpclient.WithClientInfo("nightly-agent", "1.4"),
		mcpclient.WithCallTimeout(2*time.Minute),
		mcpclient.WithGuard(mcpclient.ReadOnly()),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close(ctx)
	fmt.Println(s.ServerInfo().Name, s.ProtocolVersion())
	// Output: interchange-sandbox 2026-07-28
}

func ExampleCallTool() {
	s, stop := runSession()
	defer stop()

	type billing struct {
		Summary struct {
			Status   string `json:"status"`
			Currency string `json:"currency"`
		} `json:"summary"`
	}
	b, err := mcpclient.CallTool[billing](context.Background(), s, "get_billing_account", map[string]string{"section": "summary"})
	fmt.Println(b.Summary.Status, b.Summary.Currency, err)
	// Output: active USD <nil>
}

// A tool that says no, and a call that did not get through, are errors like those of REST.
func ExampleCallTool_errors() {
	s, stop := runSession()
	defer stop()

	_, err := mcpclient.CallTool[string](context.Background(), s, "get_billing_account", map[string]string{"section": "all"})
	var said *client.APIError
	switch {
	case client.MayHaveApplied(err):
		fmt.Println("look before you call again")
	case errors.Is(err, client.ErrValidation) && errors.As(err, &said):
		fmt.Println(said.Issues[0].Path, said.Issues[0].Message)
	}
	// Output: section must be summary or invoices
}

// All that a tool answers, as it came: pages of HTML, images, structured content.
func ExampleResult() {
	s, stop := runSession()
	defer stop()

	r, err := mcpclient.CallTool[mcpclient.Result](context.Background(), s, "health", nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, block := range r.Blocks {
		fmt.Println(block.Type, len(block.Text) > 0)
	}
	fmt.Println(r.JSON().Kind())
	// Output:
	// text true
	// {
}

func ExampleCallAPI() {
	s, stop := runSession()
	defer stop()
	ctx := context.Background()

	type token struct {
		ID   client.ID `json:"id"`
		Name string    `json:"name"`
	}
	created, err := mcpclient.CallAPI[token](ctx, s, "create_service_token", mcpclient.Request{
		Body: map[string]any{"name": "Nightly ETL", "expiresInDays": 30},
	})
	if err != nil {
		log.Fatal(err)
	}
	one, err := mcpclient.CallAPI[token](ctx, s, "get_service_token", mcpclient.Request{
		PathParams: map[string]string{"id": string(created.ID)},
	})
	fmt.Println(one.Name, err)
	all, err := mcpclient.CallAPI[[]token](ctx, s, "list_service_tokens", mcpclient.Request{
		Params: map[string]string{"take": "10"},
	})
	fmt.Println(len(all), err)
	// Output:
	// Nightly ETL <nil>
	// 1 <nil>
}

func ExampleSession_Tools() {
	s, stop := runSession()
	defer stop()

	for tool, err := range s.Tools(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		if tool.Annotations == nil || !tool.Annotations.ReadOnlyHint {
			fmt.Println(tool.Name)
		}
	}
	// Output:
	// accept_tos
	// api_call
	// customer_switch
}

func ExampleSession_SwitchCustomer() {
	s, stop := runSession(sandbox.WithCustomers(1001, 2002)) // a credential that reaches two customers
	defer stop()
	ctx := context.Background()

	create := func() error {
		_, err := mcpclient.CallAPI[struct{}](ctx, s, "create_service_token", mcpclient.Request{Body: map[string]string{"name": "ETL"}})
		return err
	}
	err := create()
	if errors.Is(err, client.ErrCustomerScopeRequired) {
		fmt.Println("choose among", mcpclient.AvailableCustomers(err))
	}
	if err := s.SwitchCustomer(ctx, 2002); err != nil { // kept when the session has to be opened anew
		log.Fatal(err)
	}
	fmt.Println(create())
	// Output:
	// choose among [1001 2002]
	// <nil>
}

// The two calls that an agent's loop is made of.
func ExampleSession_Dispatch() {
	s, stop := runSession()
	defer stop()
	ctx := context.Background()

	definitions, err := s.ToolDefinitions(ctx) // goes to the model with the conversation
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(definitions[0].Name, "…")

	// What the model wants called comes back as a name and the arguments as it wrote them.
	for _, args := range []string{`{"question":"What can you do?"}`, `{"q":"What can you do?"}`} {
		out := s.Dispatch(ctx, "ask_about_capability", []byte(args))
		first, _, _ := strings.Cut(out.Text, ":")
		fmt.Println(out.IsError, first) // the model gets all of it, and goes by what went wrong
	}
	// Output:
	// accept_tos …
	// false This is a sandbox
	// true VALIDATION_ERROR
}

func ExampleWithGuard() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()

	ask := func(_ context.Context, call *mcpclient.ToolCall) (bool, error) {
		fmt.Println("may I?", call.Tool, call.Operation, call.Arguments)
		return false, nil // what a person said
	}
	s, err := mcpclient.Connect(ctx, c, mcpclient.WithGuard(mcpclient.Guards(
		mcpclient.AllowTools("health", "api_call"),
		mcpclient.ConfirmSpend(ask),
		mcpclient.MaxCalls(100),
	)))
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close(ctx)

	_, err = mcpclient.CallAPI[struct{}](ctx, s, "create_service_token", mcpclient.Request{Body: map[string]string{"name": "ETL"}})
	fmt.Println(errors.Is(err, mcpclient.ErrRefused), err)
	// Output:
	// may I? api_call create_service_token {"operation":"create_service_token","body":{"name":"ETL"}}
	// true interchange: api_call create_service_token refused (confirm-spend): it may spend money and was not confirmed
}

// Another host that is built on the MCP library gets the same connection: credentials, repetitions, guard.
func ExampleSession_Transport() {
	s, stop := runSession()
	defer stop()
	ctx := context.Background()

	host := mcp.NewClient(&mcp.Implementation{Name: "agent-framework", Version: "1"}, nil)
	session, err := host.Connect(ctx, s.Transport(), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "health"})
	fmt.Println(result.IsError, err)
	// Output: false <nil>
}

func ExampleOnReconnect() {
	srv := sandboxtest.Run()
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()

	s, err := mcpclient.Connect(ctx, c,
		mcpclient.WithProtocolVersion("2025-11-25"), // the newest has no sessions, and so none to lose
		mcpclient.OnReconnect(func(_ context.Context, r mcpclient.Reconnection) error {
			fmt.Println("a new session, because:", errors.Is(r.Cause, client.ErrNotFound))
			return nil
		}),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close(ctx)

	srv.DropSessions() // as a deploy does
	_, err = s.Health(ctx)
	fmt.Println(err)
	// Output:
	// a new session, because: true
	// <nil>
}
