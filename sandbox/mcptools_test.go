package sandbox_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

// echo is a tool of a test's own, which says what it is told.
func echo(name string, do func(context.Context)) sandbox.Option {
	tool := &mcp.Tool{Name: name, InputSchema: json.RawMessage(`{"type":"object"}`)}
	return sandbox.WithMCPTool(tool, func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		if do != nil {
			do(ctx)
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(req.Params.Arguments)}}}, nil
	})
}

func TestMCPToolsAreDescribed(t *testing.T) {
	t.Parallel()
	_, admin := startSandbox(t, sandbox.WithFirstPlatformTools(), echo("mine", nil))
	for _, version := range generations {
		list, err := admin.connect(version).session.ListTools(t.Context(), nil)
		require.NoError(t, err)
		reads := map[string]bool{}
		for _, tool := range list.Tools {
			if tool.Name != "mine" {
				require.NotEmpty(t, tool.Description)
				reads[tool.Name] = tool.Annotations.ReadOnlyHint
			}
			require.NotNil(t, tool.InputSchema)
		}
		require.Equal(t, map[string]bool{
			"health": true, "help": true, "ask_about_capability": true, "user_get_current": true, "get_billing_account": true,
			"auth_check": true, "check_auth_status": true, "signals/get-partner-seats": true,
			"sales_agents_list": true, "sales_agents_register": false, "sales_agents_update": false,
			"sales_agents_unregister": false,
			"signals_agent_list":      true, "signals_agent_register": false, "signals_agent_update": false,
			"signals_agent_unregister": false,
			"api_call":                 false, "customer_switch": false, "accept_tos": false,
		}, reads)
	}
}

func TestAPICallActsOnTheSameState(t *testing.T) {
	t.Parallel()
	for _, version := range generations {
		srv, admin := startSandbox(t)
		p := admin.connect(version)
		created := p.object("api_call", `{"operation":"create_service_token","body":{"name":"by tool","expiresInDays":30}}`)
		id := created["data"].(map[string]any)["id"].(string)
		require.Equal(t, "by tool", admin.get(tokensPath + "/" + id).data()["name"])
		require.Equal(t, 1, srv.Effects(create))
		token := created["data"].(map[string]any)["fullToken"].(string)
		require.True(t, srv.Authenticates(token))

		one := p.object("api_call", `{"operation":"get_service_token","pathParams":{"id":"`+id+`"}}`)
		require.JSONEq(t, admin.get(tokensPath+"/"+id).text, string(must(json.Marshal(one))))
		require.Equal(t, one, p.object("api_call", `{"operation":"get_service_token","pathParams":{"id":`+id+`}}`))
		p.object("api_call", `{"operation":"update_service_token","pathParams":{"id":"`+id+`"},"body":{"name":"renamed"}}`)
		list := p.object("api_call", `{"operation":"list_service_tokens","params":{"take":"1"}}`)
		require.Len(t, list["data"], 1)
		require.Contains(t, list, "meta")
		require.Equal(t, map[string]any{"data": nil, "error": nil},
			p.object("api_call", `{"operation":"archive_service_token","pathParams":{"id":"`+id+`"}}`))
		require.False(t, srv.Authenticates(token))
		require.Equal(t, 1, srv.Effects("DELETE "+tokensPath+"/{id}"))
		require.Equal(t, "ok", p.object("api_call", `{"operation":"get_health"}`)["status"])
		require.EqualValues(t, 1001,
			p.object("api_call", `{"operation":"get_current_account"}`)["data"].(map[string]any)["id"])
		require.Empty(t, srv.Violations())
		require.Equal(t, 8, srv.ToolRuns("api_call"))
		for _, req := range srv.Requests() {
			require.NotContains(t, req.Body, token)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestAPICallRefusesWhatRESTRefuses(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithTermsPending())
	p := admin.connect(legacy)
	p.refused("TOS_ACCEPTANCE_REQUIRED", "api_call", `{"operation":"create_service_token","body":{}}`)
	reader := admin.granted(sandbox.Grant{Role: sandbox.RoleRead, SeatID: "seat_101"}).connect(modern)
	reader.refused("FORBIDDEN", "api_call", `{"operation":"list_service_tokens"}`)
	reader.refused("FORBIDDEN", "accept_tos", "")
	require.Equal(t, true, p.object("user_get_current", "")["showTosBox"])
	require.Equal(t, false, p.object("accept_tos", "")["showTosBox"])
	require.Empty(t, srv.Violations())

	f := p.refused("VALIDATION_ERROR", "api_call", `{"operation":"create_service_token","body":{"name":5}}`)
	require.Equal(t, "name", f["field"])
	require.NotEmpty(t, f["details"].(map[string]any)["issues"])
	f = p.refused("VALIDATION_ERROR", "api_call", `{"operation":"list_service_tokens","params":{"take":"1000"}}`)
	require.Equal(t, "take", f["field"])
	p.refused("NOT_FOUND", "api_call", `{"operation":"get_service_token","pathParams":{"id":"1"}}`)
	p.refused("BAD_REQUEST", "api_call", `{"operation":"create_service_token"}`)
	require.Len(t, srv.Violations(), 2)

	// These are about the tool, not about the operation.
	for args, field := range map[string]string{
		`{"operation":"list_service_tokens","params":{"take":1}}`: "params.take",
		`{"operation":"get_service_token"}`:                       "pathParams.id",
		`{"operation":"get_health","pathParams":{"id":"1"}}`:      "pathParams.id",
		`{"operation":"create_service_token","body":"{}"}`:        "body",
		`{"operation":7}`: "operation",
		`{"operation":"list_service_tokens","query":{"includeArchived":"true"}}`: "",
		`{"method":"GET","path":"/service-tokens"}`:                              "",
	} {
		f := p.refused("VALIDATION_ERROR", "api_call", args)
		if field != "" {
			require.Equal(t, field, f["field"], args)
		}
	}
	f = p.refused("NOT_FOUND", "api_call", `{"operation":"list_accounts"}`)
	require.Contains(t, f["suggestion"], "get_current_account")
	require.Equal(t, `There is no operation "list_accounts"`, f["message"])
	require.Empty(t, srv.Tokens())

	_, err := p.session.CallTool(t.Context(), &mcp.CallToolParams{Name: "nothing"})
	require.ErrorContains(t, err, "unknown tool")
}

func TestAPICallByMethodAndPath(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithMCPGateway(sandbox.GatewayMethodPath))
	p := admin.connect(modern)
	p.object("api_call", `{"method":"POST","path":"/service-tokens","body":{"name":"one"}}`)
	for _, path := range []string{"/service-tokens/10001", "/api/v2/service-tokens/10001"} {
		found := p.object("api_call", `{"method":"GET","path":"`+path+`"}`)["data"].(map[string]any)
		require.Equal(t, "one", found["name"])
	}
	list := `{"method":"GET","path":"/service-tokens?take=1","query":{"includeArchived":true,"skip":1}}`
	require.Empty(t, p.object("api_call", list)["data"])
	require.Equal(t, "ok", p.object("api_call", `{"method":"GET","path":"/health"}`)["status"])
	require.Equal(t, 1, srv.Effects(create))
	require.Empty(t, srv.Violations())

	p.refused("NOT_FOUND", "api_call", `{"method":"GET","path":"/nothing"}`)
	p.refused("METHOD_NOT_ALLOWED", "api_call", `{"method":"PUT","path":"/service-tokens"}`)
	p.refused("VALIDATION_ERROR", "api_call", `{"method":"GET","path":"https://elsewhere.example/health"}`)
	p.refused("VALIDATION_ERROR", "api_call", `{"operation":"get_health"}`)
}

func TestMCPResultsCanBeStructured(t *testing.T) {
	t.Parallel()
	for _, structured := range []bool{false, true} {
		opts := []sandbox.Option{sandbox.WithBareResponses()}
		if structured {
			opts = append(opts, sandbox.WithMCPStructured())
		}
		_, admin := startSandbox(t, opts...)
		p := admin.connect(legacy)
		for _, tool := range []string{"health", "help", "user_get_current", "get_billing_account"} {
			res := p.call(tool, "")
			if structured {
				require.JSONEq(t, text(t, res), string(must(json.Marshal(res.StructuredContent))), tool)
			} else {
				require.Nil(t, res.StructuredContent, tool)
			}
		}
		res := p.call("ask_about_capability", `{"question":"what?"}`)
		require.Contains(t, text(t, res), "sandbox")
		require.Nil(t, res.StructuredContent)
		require.EqualValues(t, 1001, p.object("api_call", `{"operation":"get_current_account"}`)["id"], "bare, as over REST")
		require.NotContains(t, p.object("get_billing_account", `{"section":"summary"}`), "invoices")
		p.refused("VALIDATION_ERROR", "get_billing_account", `{"section":"secrets"}`)
	}
}

func TestFirstPlatformTools(t *testing.T) {
	t.Parallel()
	_, admin := startSandbox(t, sandbox.WithFirstPlatformTools())
	for _, version := range generations {
		p := admin.connect(version)
		for _, tool := range []string{"auth_check", "check_auth_status"} {
			status := p.object(tool, "")
			require.Equal(t, true, status["success"])
			data := status["data"].(map[string]any)
			require.Equal(t, true, data["authenticated"])
			require.EqualValues(t, 1001, data["customerId"])
			require.Contains(t, data, "apiKeySource")
			require.Contains(t, data, "timestamp")
		}
		data := p.object("signals/get-partner-seats", "")["data"].(map[string]any)
		require.EqualValues(t, 3, data["count"])
		require.Equal(t, map[string]any{"customerId": 1001.0, "id": "seat_101", "name": "Acme"}, data["accounts"].([]any)[0])

		failure := p.object("api_call", `{"operation":"get_service_token","pathParams":{"id":"1"}}`)
		require.Equal(t, false, failure["success"])
		require.Equal(t, "NOT_FOUND", failure["errorCode"])
		require.NotEmpty(t, failure["error"])
		require.Contains(t, failure, "details")
	}
}

func TestCustomersAreChosenInASession(t *testing.T) {
	t.Parallel()
	const change = `{"operation":"create_service_token","body":{}}`
	account := func(p peer) any {
		return p.object("api_call", `{"operation":"get_current_account"}`)["data"].(map[string]any)["id"]
	}
	for _, version := range generations {
		srv, admin := startSandbox(t, sandbox.WithCustomers(1001, 1002))
		p := admin.connect(version)
		f := p.refused("CUSTOMER_SCOPE_REQUIRED", "api_call", change)
		require.Equal(t, []any{1001.0, 1002.0}, f["details"].(map[string]any)["availableCustomers"])
		require.NotEmpty(t, f["suggestion"])
		require.EqualValues(t, 1001, account(p), "reads need no choice")
		p.refused("ACCESS_DENIED", "customer_switch", `{"customerId":1003}`)
		p.refused("VALIDATION_ERROR", "customer_switch", `{"customerId":"1002"}`)

		now := p.object("customer_switch", `{"customerId":1002}`)
		require.Equal(t, now, p.object("user_get_current", ""))
		require.EqualValues(t, 1002, now["customer"].(map[string]any)["id"])
		require.Len(t, now["customers"], 2)
		require.EqualValues(t, 1002, account(p))
		p.object("api_call", change)
		require.Equal(t, 1, srv.Effects(create))

		// A choice belongs to its session. Without sessions it belongs to the credential.
		again, stranger := admin.connect(version), admin.granted(sandbox.Grant{}).connect(version)
		stranger.refused("CUSTOMER_SCOPE_REQUIRED", "api_call", change)
		if version == modern {
			require.EqualValues(t, 1002, account(again))
		} else {
			again.refused("CUSTOMER_SCOPE_REQUIRED", "api_call", change)
		}
	}
}

func TestMCPOptionsAreChecked(t *testing.T) {
	t.Parallel()
	nothing := func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) { return nil, nil }
	for name, opt := range map[string]sandbox.Option{
		"unknown version":  sandbox.WithMCPVersions("2024-01-01"),
		"no version":       sandbox.WithMCPVersions(),
		"negative life":    sandbox.WithMCPSessionLifetime(-1),
		"unknown gateway":  sandbox.WithMCPGateway(9),
		"no customer":      sandbox.WithCustomers(),
		"equal customers":  sandbox.WithCustomers(1, 1),
		"negative id":      sandbox.WithCustomers(-1),
		"no tool":          sandbox.WithMCPTool(nil, nothing),
		"no handler":       sandbox.WithMCPTool(&mcp.Tool{Name: "a", InputSchema: json.RawMessage(`{"type":"object"}`)}, nil),
		"tool of no input": sandbox.WithMCPTool(&mcp.Tool{Name: "a"}, nothing),
	} {
		_, err := sandbox.Start(opt)
		require.ErrorContains(t, err, "sandbox: ", name)
	}
}

func TestMCPRecord(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	p := admin.connect(legacy)
	p.call("api_call", `{"operation":"create_service_token","body":{"name":"`+admin.token+`"}}`)
	id := p.session.ID()
	require.NotEmpty(t, id)
	require.NoError(t, p.session.Close())

	var names []string
	for _, req := range srv.Requests() {
		names = append(names, req.Method+" "+req.RPC)
		require.NotContains(t, req.Body, admin.token)
		require.NotContains(t, req.Header.Get("Mcp-Session-Id"), id)
		require.Equal(t, req.RPC != "initialize", req.Session)
		require.Equal(t, srv.AdminClientID(), req.ClientID)
		require.Empty(t, req.Route)
	}
	require.Equal(t, []string{"POST initialize", "POST notifications/initialized", "POST tools/call api_call", "DELETE "},
		names)
	require.Contains(t, srv.Requests()[2].Body, `"operation":"create_service_token"`)
	require.Equal(t, http.StatusAccepted, srv.Requests()[1].Status)
}
