package mcpclient_test

import (
	"context"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
)

func TestAskAndHealth(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	s := stageAdmin(t, srv, mcpclient.WithStorefront())
	answer, err := s.Ask(t.Context(), "What can you do?")
	require.NoError(t, err)
	assert.Contains(t, answer, "This is a sandbox")
	assert.JSONEq(t, `{"question":"What can you do?"}`, stageArguments(t, srv, "ask_about_capability"))
	health, err := s.Health(t.Context())
	require.NoError(t, err)
	assert.Contains(t, health, `"status":"ok"`)
	assert.Equal(t, "/mcp/v2/storefront", srv.Requests()[0].Path)
}

func TestCheckAuthStatus(t *testing.T) {
	t.Parallel()
	first := func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult {
		return stageText(`{"message":"Fine","success":true,` +
			`"data":{"authenticated":true,"customerId":1001,"apiKeySource":"x","timestamp":"2026-04-26T16:30:00Z"}}`)
	}
	refused := func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult {
		return stageText(`{"message":"Wrong key","success":false,"errorCode":"AUTHENTICATION_FAILED"}`)
	}
	sentence := func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult { return stageText("You are Acme.") }
	const older, newer = "auth_check", "check_auth_status"
	for name, tt := range map[string]struct {
		tools []sandbox.Option
		opts  []mcpclient.Option
		asks  string
		want  mcpclient.AuthStatus
		err   error
	}{
		"both names": {[]sandbox.Option{sandbox.WithFirstPlatformTools()}, nil, newer, mcpclient.AuthStatus{
			Authenticated: true, CustomerID: "1001", APIKeySource: "authorization", Message: "The credential is valid",
		}, nil},
		"by header": {[]sandbox.Option{sandbox.WithFirstPlatformTools()}, []mcpclient.Option{mcpclient.WithAPIKeyHeader()}, newer, mcpclient.AuthStatus{
			Authenticated: true, CustomerID: "1001", APIKeySource: "x-scope3-api-key", Message: "The credential is valid",
		}, nil},
		"the source's name": {[]sandbox.Option{stageTool(&mcp.Tool{Name: older}, first)}, nil, older, mcpclient.AuthStatus{
			Authenticated: true, CustomerID: "1001", APIKeySource: "x", Message: "Fine",
		}, nil},
		"a sentence": {[]sandbox.Option{stageTool(&mcp.Tool{Name: newer}, sentence)}, nil, newer, mcpclient.AuthStatus{
			Authenticated: true, Message: "You are Acme.",
		}, nil},
		"refused": {[]sandbox.Option{stageTool(&mcp.Tool{Name: older}, refused)}, nil, older, mcpclient.AuthStatus{}, client.ErrUnauthorized},
		"neither": {nil, nil, "api_call", mcpclient.AuthStatus{Authenticated: true, CustomerID: "1001"}, nil},
		"neither, by path": {
			[]sandbox.Option{sandbox.WithMCPGateway(sandbox.GatewayMethodPath)},
			[]mcpclient.Option{byPathForm},
			"api_call",
			mcpclient.AuthStatus{Authenticated: true, CustomerID: "1001"},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := sandboxtest.Start(t, tt.tools...)
			status, err := stageAdmin(t, srv, tt.opts...).CheckAuthStatus(t.Context())
			require.ErrorIs(t, err, tt.err)
			assert.Equal(t, 1, srv.ToolRuns(tt.asks))
			if tt.asks != "api_call" && err == nil && status.Message != "You are Acme." {
				assert.False(t, status.Timestamp.IsZero())
				status.Timestamp = tt.want.Timestamp
			}
			assert.Equal(t, tt.want, status)
		})
	}
}

func TestCurrentUserAcceptsTerms(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv := sandboxtest.Start(t, sandbox.WithTermsPending())
	s := stageAdmin(t, srv)
	write := func() error {
		_, err := mcpclient.CallAPI[struct{}](ctx, s, "create_service_token", mcpclient.Request{Body: map[string]string{"name": "ETL"}})
		return err
	}
	require.ErrorIs(t, write(), client.ErrTermsAcceptanceRequired)
	u, err := s.CurrentUser(ctx)
	require.NoError(t, err)
	assert.True(t, u.ShowTermsBox)
	assert.True(t, u.CanAcceptTerms)
	assert.Equal(t, seats.RoleAdmin, u.User.Role)
	assert.Equal(t, seats.Account{
		ID: "1001", Company: "Sandbox Inc.", Name: "Sandbox", Active: true, CustomerRole: "BUYER", CustomerType: "PARENT",
	}, u.Customer)
	assert.Len(t, u.Customers, 1)
	assert.True(t, u.HasContract)
	assert.Equal(t, seats.TermsAcceptanceRequired, u.TermsUpdate.Action)

	require.NoError(t, s.AcceptTerms(ctx))
	require.NoError(t, write())
	u, err = s.CurrentUser(ctx)
	require.NoError(t, err)
	assert.False(t, u.ShowTermsBox)
	assert.Equal(t, 1, srv.Effects("POST /api/v2/service-tokens"))
}

func TestSwitchCustomer(t *testing.T) {
	t.Parallel()
	for _, version := range stageGenerations {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			srv := sandboxtest.Start(t, sandbox.WithCustomers(1001, 2002))
			s := stageAdmin(t, srv, mcpclient.WithProtocolVersion(version))
			write := func() error {
				_, err := mcpclient.CallAPI[struct{}](ctx, s, "create_service_token", mcpclient.Request{Body: map[string]string{"name": "ETL"}})
				return err
			}
			err := write()
			require.ErrorIs(t, err, client.ErrCustomerScopeRequired)
			assert.Equal(t, []int64{1001, 2002}, mcpclient.AvailableCustomers(err))

			require.ErrorIs(t, s.SwitchCustomer(ctx, 3003), client.ErrAccessDenied)
			require.ErrorIs(t, write(), client.ErrCustomerScopeRequired)
			srv.Inject(sandbox.Fault{RPC: "tools/call customer_switch", Kind: sandbox.FaultResetAfter, Times: 1})
			require.NoError(t, s.SwitchCustomer(ctx, 2002), "to switch twice is to switch once")
			assert.JSONEq(t, `{"customerId":2002}`, stageArguments(t, srv, "customer_switch"))
			require.NoError(t, write())
			u, err := s.CurrentUser(ctx)
			require.NoError(t, err)
			assert.Equal(t, client.ID("2002"), u.Customer.ID)
			assert.Equal(t, 1, srv.Effects("POST /api/v2/service-tokens"))
		})
	}
}
