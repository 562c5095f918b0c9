package agents_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func ExampleService_Register() {
	srv := sandboxtest.Run(sandbox.WithFirstPlatformTools())
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	source, err := agents.New(c).Register(context.Background(), agents.RegisterParams{
		SourceID:    "premium-video",
		Name:        "Premium Video",
		Type:        agents.TypeSales,
		EndpointURL: "https://agent.publisher.example/mcp",
		Protocol:    agents.ProtocolMCP,
		Auth:        agents.Bearer("token-from-your-secret-manager"),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(source.Name, source.Status, source.AuthenticationType)
	// Output: Premium Video ACTIVE API_KEY
}

// With OAuth a person consents first.
func ExampleService_WaitUntilConfigured() {
	srv := sandboxtest.Run(sandbox.WithFirstPlatformTools())
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	service := agents.New(c)

	source, err := service.Register(ctx, agents.RegisterParams{
		SourceID: "premium-video", Name: "Premium Video", Type: agents.TypeSales,
		EndpointURL: "https://agent.publisher.example/mcp", Protocol: agents.ProtocolMCP,
		Auth: agents.OAuth(agents.OAuthParams{}),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(source.Status, source.OAuth.AuthorizationURL != "") // send somebody there
	if err := srv.CompleteOAuth(source.SourceID); err != nil {      // who consents
		log.Fatal(err)
	}

	source, err = service.WaitUntilConfigured(ctx, source.SourceID, agents.Wait{})
	if err != nil {
		log.Fatal(err) // says where to consent if nobody has
	}
	fmt.Println(source.Status)
	// Output:
	// PENDING true
	// ACTIVE
}

// What does not work is refused before anything is sent, with a word on where it does.
func ExampleUnsupportedAuthError() {
	srv := sandboxtest.Run(sandbox.WithFirstPlatformTools())
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	_, err := agents.New(c).Register(context.Background(), agents.RegisterParams{
		SourceID: "premium-video", Name: "Premium Video", Type: agents.TypeSales,
		EndpointURL: "https://agent.publisher.example/mcp", Protocol: agents.ProtocolMCP,
		Auth: agents.CustomHeader("x-api-key", "key-from-your-secret-manager"),
	})
	var unsupported *agents.UnsupportedAuthError
	if errors.As(err, &unsupported) {
		fmt.Println(unsupported.Auth)
		for _, transport := range unsupported.Works {
			fmt.Println("-", transport)
		}
	}
	// Output:
	// custom header
	// - RegisterSales on the first platform
	// - RegisterSignals on the first platform
}

func ExampleService_List() {
	srv := sandboxtest.Run(sandbox.WithFirstPlatformTools())
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())

	list := agents.New(c).List(agents.ListParams{Relationship: agents.RelationshipMarketplace})
	for agent, err := range list.All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(agent.Name, agent.Type, agent.Status)
	}
	// Output:
	// Marketplace Signals 1 SIGNAL ACTIVE
	// Marketplace Signals 2 SIGNAL COMING_SOON
}

func ExampleService_Diagnose() {
	srv := sandboxtest.Run(sandbox.WithFirstPlatformTools())
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()
	service := agents.New(c)
	_, err := service.Register(ctx, agents.RegisterParams{
		SourceID: "premium-video", Name: "Premium Video", Type: agents.TypeSales,
		EndpointURL: "https://agent.publisher.example/mcp", Protocol: agents.ProtocolMCP,
		Auth: agents.DeferAuth(agents.AuthenticationAPIKey), // nobody has the key yet
	})
	if err != nil {
		log.Fatal(err)
	}

	diagnostics, err := service.Diagnose(ctx, "premium-video", agents.DiagnosticsParams{WindowHours: 24})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(diagnostics.Diagnosis.Severity, diagnostics.Diagnosis.Issues[0].Mode)
	for _, step := range diagnostics.Diagnosis.NextSteps {
		fmt.Println("-", step)
	}
	// Output:
	// critical auth_missing
	// - Update the source with its credential
}

// A buyer registers its own credential with a source, and links an account that it reaches to an advertiser.
func ExampleService_RegisterCredential() {
	srv := sandboxtest.Run(sandbox.WithFirstPlatformTools())
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()
	service := agents.New(c)
	_, err := service.Register(ctx, agents.RegisterParams{
		SourceID: "premium-video", Name: "Premium Video", Type: agents.TypeSales,
		EndpointURL: "https://agent.publisher.example/mcp", Protocol: agents.ProtocolMCP,
		Auth: agents.DeferAuth(agents.AuthenticationAPIKey),
	})
	if err != nil {
		log.Fatal(err)
	}

	credential, err := service.RegisterCredential(ctx, "501", "premium-video", agents.CredentialParams{
		AccountIdentifier: "acme", Auth: agents.APIKey("key-from-your-secret-manager"),
	})
	if err != nil {
		log.Fatal(err)
	}
	available := agents.AvailableParams{StorefrontID: "501", SourceID: "premium-video", CredentialID: credential.ID}
	for account, err := range service.ListAvailableAccounts("adv_1", available).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		err := service.LinkAccount(ctx, "adv_1", agents.LinkParams{
			StorefrontID: "501", SourceID: "premium-video", AccountID: account.AccountID, CredentialID: credential.ID,
		})
		fmt.Println(account.Name, account.Status, err)
	}
	// Output: Account acme active <nil>
}

func ExampleFirstPlatform_RegisterSales() {
	srv := sandboxtest.Run(sandbox.WithFirstPlatformTools())
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()
	session, err := mcpclient.Connect(ctx, c)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close(ctx)

	registered, err := agents.NewFirstPlatform(session).RegisterSales(ctx, agents.SalesParams{
		EndpointURL: "https://agent.publisher.example/mcp",
		Name:        "Premium Video",
		Auth:        agents.OAuth(agents.OAuthParams{Issuer: "https://publisher.example", Scope: "adcp.read adcp.write"}),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(registered.IsNewAgent, registered.Approval) // Scope3 approves it; no call reports that
	// Output: true OUT_OF_BAND
}

func ExampleFirstPlatform_RegisterSignals() {
	srv := sandboxtest.Run(sandbox.WithFirstPlatformTools())
	defer srv.Close()
	c := srv.Client // in a program: client.New(client.FromEnv())
	ctx := context.Background()
	session, err := mcpclient.Connect(ctx, c)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close(ctx)

	agent, err := agents.NewFirstPlatform(session).RegisterSignals(ctx, agents.SignalsParams{
		Name: "Segments", EndpointURL: "https://signals.example/mcp", BrandAgentID: "42",
		Auth: agents.OAuth(agents.OAuthParams{Issuer: "https://signals.example"}),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(agent.Name, agent.Status)
	// Output: Segments active
}
