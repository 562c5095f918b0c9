package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/modelcontextprotocol/go-sdk/auth/extauth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"

	"github.com/interchange-sdk/interchange-go/m2m"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/mcpclient/oauth"
)

type (
	scenario func(ctx context.Context, server string) error
	script   func(ctx context.Context, s *mcpclient.Session) error
)

// session opens a session and runs a script on it.
func session(do script, opts ...mcpclient.Option) scenario {
	return func(ctx context.Context, server string) (err error) {
		s, err := connect(ctx, server, opts...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close(ctx)) }()
		return do(ctx, s)
	}
}

// choose returns the script of a scenario. All scenarios about authorization share one.
func choose(name string, p parameters) scenario {
	accept := func(content map[string]any) mcpclient.Option {
		return mcpclient.OnElicitation(func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			return &mcp.ElicitResult{Action: "accept", Content: content}, nil
		})
	}
	known := map[string]scenario{
		"initialize":               session(list),
		"request-metadata":         session(list),
		"json-schema-ref-no-deref": session(list),
		"tools_call":               session(callTool("add_numbers", map[string]int{"a": 5, "b": 3})),
		"sse-retry":                session(callTool("test_reconnection", nil)),
		"elicitation-sep1034-client-defaults": session(
			callTool("test_client_elicitation_defaults", nil), accept(map[string]any{}),
		),
		"sep-2322-client-request-state":    session(multiRound, accept(map[string]any{"confirmed": true})),
		"http-standard-headers":            session(everyVerb),
		"http-custom-headers":              session(listThenCall(p)),
		"http-invalid-tool-headers":        session(callAll),
		"json-schema-2020-12-preservation": session(echoSchema),
	}
	switch do := known[name]; {
	case do != nil:
		return do
	case name == "auth/client-credentials-basic":
		return clientCredentials(p)
	case strings.HasPrefix(name, "auth/"):
		return consenting(p)
	}
	return session(listAndCall)
}

// consenting is a client whose user grants every consent.
func consenting(p parameters) scenario {
	return func(ctx context.Context, server string) error {
		cfg := oauth.Config{
			OpenBrowser:       follow,
			ClientMetadataURL: "https://conformance-test.local/client-metadata.json",
			ClientID:          p.ClientID,
			ClientSecret:      m2m.NewSecret(p.ClientSecret),
			Issuer:            p.Issuer,
		}
		if cfg.Issuer == "" && p.ClientSecret != "" {
			var err error
			if cfg.Issuer, err = issuerOf(ctx, server); err != nil {
				return err
			}
		}
		login, err := oauth.New(cfg) //nolint:contextcheck // it finds a free port and releases it
		if err != nil {
			return err
		}
		return session(listAndCall, mcpclient.WithOAuth(login))(ctx, server)
	}
}

// issuerOf returns the issuer that a secret is registered with. Suite 0.1 does not state it, so it is looked up, as an
// operator does once.
func issuerOf(ctx context.Context, server string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	document := url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/.well-known/oauth-protected-resource" + u.Path}
	metadata, err := oauthex.GetProtectedResourceMetadata(ctx, document.String(), server, http.DefaultClient)
	if err != nil {
		return "", err
	}
	if len(metadata.AuthorizationServers) == 0 {
		return "", errors.New("the server names no authorization server")
	}
	return metadata.AuthorizationServers[0], nil
}

// follow acts as the browser of a user who agrees: the servers of the suite redirect at once.
func follow(ctx context.Context, page string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page, http.NoBody) //nolint:gosec // as a browser does
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req) //nolint:gosec // see above
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func clientCredentials(p parameters) scenario {
	return func(ctx context.Context, server string) error {
		h, err := extauth.NewClientCredentialsHandler(&extauth.ClientCredentialsHandlerConfig{
			Credentials: &oauthex.ClientCredentials{
				ClientID:         p.ClientID,
				ClientSecretAuth: &oauthex.ClientSecretAuth{ClientSecret: p.ClientSecret},
			},
		})
		if err != nil {
			return err
		}
		login, err := oauth.FromHandler(h)
		if err != nil {
			return err
		}
		return session(list, mcpclient.WithOAuth(login))(ctx, server)
	}
}

func list(ctx context.Context, s *mcpclient.Session) error {
	_, err := tools(ctx, s)
	return err
}

func tools(ctx context.Context, s *mcpclient.Session) (all []*mcp.Tool, err error) {
	for tool, err := range s.Tools(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, tool)
	}
	return all, nil
}

func callTool(name string, args any) script {
	return func(ctx context.Context, s *mcpclient.Session) error {
		if err := list(ctx, s); err != nil {
			return err
		}
		_, err := mcpclient.CallTool[mcpclient.Result](ctx, s, name, args)
		return err
	}
}

// listAndCall calls the first tool there is, without arguments.
func listAndCall(ctx context.Context, s *mcpclient.Session) error {
	all, err := tools(ctx, s)
	if err != nil || len(all) == 0 {
		return err
	}
	_, err = mcpclient.CallTool[mcpclient.Result](ctx, s, all[0].Name, nil)
	return err
}

// multiRound calls tools that request input. Some of them violate the protocol, which may fail the call.
func multiRound(ctx context.Context, s *mcpclient.Session) error {
	for _, name := range []string{
		"test_mrtr_echo_state", "test_mrtr_no_state", "test_mrtr_unrelated", "test_mrtr_no_result_type",
	} {
		if _, err := mcpclient.CallTool[mcpclient.Result](ctx, s, name, nil); err != nil {
			fmt.Printf("%s: %v\n", name, err)
		}
	}
	return nil
}

func everyVerb(ctx context.Context, s *mcpclient.Session) error {
	if err := listAndCall(ctx, s); err != nil {
		return err
	}
	for resource, err := range s.Resources(ctx) {
		if err != nil {
			return err
		}
		if _, err := s.ReadResource(ctx, resource.URI); err != nil {
			return err
		}
		break
	}
	for prompt, err := range s.Prompts(ctx) {
		if err != nil {
			return err
		}
		if _, err := s.GetPrompt(ctx, prompt.Name, nil); err != nil {
			return err
		}
		break
	}
	return nil
}

func listThenCall(p parameters) script {
	return func(ctx context.Context, s *mcpclient.Session) error {
		if err := list(ctx, s); err != nil {
			return err
		}
		for _, call := range p.ToolCalls {
			if _, err := mcpclient.CallTool[mcpclient.Result](ctx, s, call.Name, call.Arguments); err != nil {
				fmt.Printf("%s: %v\n", call.Name, err)
			}
		}
		return nil
	}
}

func callAll(ctx context.Context, s *mcpclient.Session) error {
	all, err := tools(ctx, s)
	if err != nil {
		return err
	}
	for _, tool := range all {
		args := map[string]string{"region": "us-west1"}
		if _, err := mcpclient.CallTool[mcpclient.Result](ctx, s, tool.Name, args); err != nil {
			fmt.Printf("%s: %v\n", tool.Name, err)
		}
	}
	return nil
}

// echoSchema sends a tool's schema back as it came out of ToolDefinitions.
func echoSchema(ctx context.Context, s *mcpclient.Session) error {
	definitions, err := s.ToolDefinitions(ctx)
	if err != nil {
		return err
	}
	for _, d := range definitions {
		if strings.Contains(d.Name, "2020_12") {
			args := map[string]jsontext.Value{"schema": d.Parameters}
			_, err := mcpclient.CallTool[mcpclient.Result](ctx, s, "json_schema_echo", args)
			return err
		}
	}
	return errors.New("the server has no such tool")
}
