package mcpclient_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// agreed is a person who agrees to everything, or to nothing.
func agreed(yes bool) func(context.Context, *mcpclient.ToolCall) (bool, error) {
	return func(context.Context, *mcpclient.ToolCall) (bool, error) { return yes, nil }
}

// isOperation tells the gateway's operations in the table below from tools.
var isOperation = regexp.MustCompile("service_token|account|intent|^archive")

// Every rule, by its decision about calls: refused is the rule that refuses, and empty where the call goes through.
func TestGuardRules(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]struct {
		guard   mcpclient.Guard
		refused map[string]string // by tool, or by what the gateway is told
	}{
		"read-only": {mcpclient.ReadOnly(), map[string]string{
			"health": "", "user_get_current": "", "customer_switch": "read-only", "no_such_tool": "read-only",
			"list_service_tokens": "", "get_current_account": "", "create_service_token": "read-only",
			"get_creative_intent": "read-only", "archive_list": "read-only",
		}},
		"allow-list": {mcpclient.AllowTools("health", "list_service_tokens"), map[string]string{
			"health": "", "help": "allow-list", "list_service_tokens": "", "get_current_account": "allow-list",
		}},
		"allow-list with the gateway": {mcpclient.AllowTools("api_call"), map[string]string{
			"health": "allow-list", "list_service_tokens": "", "create_service_token": "",
		}},
		"allow-list of nothing": {mcpclient.AllowTools(), map[string]string{"health": "allow-list"}},
		"confirmed": {mcpclient.ConfirmSpend(agreed(true)), map[string]string{
			"health": "", "customer_switch": "", "create_service_token": "",
		}},
		"not confirmed": {mcpclient.ConfirmSpend(agreed(false), "customer_switch", "update_service_token"), map[string]string{
			"health": "", "customer_switch": "", "accept_tos": "confirm-spend", "create_service_token": "confirm-spend",
			"update_service_token": "", "list_service_tokens": "",
		}},
		"nobody to ask": {mcpclient.ConfirmSpend(nil), map[string]string{"health": "", "accept_tos": "confirm-spend"}},
		"no calls":      {mcpclient.MaxCalls(0), map[string]string{"health": "max-calls"}},
		"first refusal": {mcpclient.Guards(nil, mcpclient.AllowTools("accept_tos"), mcpclient.ReadOnly()), map[string]string{
			"health": "allow-list", "accept_tos": "read-only",
		}},
		"guards of no one": {mcpclient.Guards(), map[string]string{"health": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := sandboxtest.Start(t)
			srv.AllowViolations() // a guarded call may lack its parameters
			s := stageAdmin(t, srv, mcpclient.WithGuard(rule.guard))
			for call, rule := range rule.refused {
				tool, operation := call, ""
				if isOperation.MatchString(call) {
					tool, operation = "api_call", call
				}
				before := len(stageSent(srv, "tools/call "+tool))
				var err error
				if operation == "" {
					_, err = mcpclient.CallTool[struct{}](t.Context(), s, tool, nil)
				} else {
					_, err = mcpclient.CallAPI[struct{}](t.Context(), s, operation, mcpclient.Request{})
				}
				sent := len(stageSent(srv, "tools/call "+tool)) - before
				if rule == "" {
					require.NotErrorIs(t, err, mcpclient.ErrRefused, call)
					assert.Equal(t, 1, sent, call)
					continue
				}
				var refusal *mcpclient.GuardError
				require.ErrorAs(t, err, &refusal, call)
				require.ErrorIs(t, err, mcpclient.ErrRefused)
				require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
				assert.Equal(t, []string{tool, operation, rule}, []string{refusal.Tool, refusal.Operation, refusal.Rule})
				assert.Contains(t, err.Error(), "("+rule+"): "+refusal.Reason)
				assert.Zero(t, sent, call)
			}
		})
	}
}

func TestGuardReadsWhatTheGatewayIsTold(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	var asked []string
	look := mcpclient.GuardFunc(func(_ context.Context, call *mcpclient.ToolCall) error {
		asked = append(asked, call.Operation)
		return nil
	})
	s := stageAdmin(t, srv, mcpclient.WithGuard(mcpclient.Guards(look, mcpclient.ReadOnly())))
	host := stageHost(t, s)
	const malformed, reads, writes = "malformed", "", "read-only"
	for _, tt := range []struct{ args, operation, rule string }{
		{`{"operation":"list_service_tokens"}`, "list_service_tokens", reads},
		{`{"operation":"get_current_account"}`, "get_current_account", reads},
		{`{"operation":"archive_service_token","pathParams":{"id":"7"}}`, "archive_service_token", writes},
		{`{"\u006fperation":"archive_service_token"}`, "archive_service_token", writes},
		{`{"operation":"\u006cist_service_tokens"}`, "list_service_tokens", reads},
		{`{"method":"GET","path":"/service-tokens"}`, "GET /service-tokens", reads},
		{`{"method":"DELETE","path":"/service-tokens/7"}`, "DELETE /service-tokens/7", writes},
		// A name that only looks like reading.
		{`{"operation":"list_and_delete"}`, "list_and_delete", writes},
		{`{"operation":"get_rich"}`, "get_rich", writes},
		{`{"operation":"get_creative_intent"}`, "get_creative_intent", writes},
		// Told both ways, a server may take either.
		{`{"operation":"archive_service_token","method":"GET","path":"/service-tokens"}`, "", malformed},
		{`{"operation":"list_service_tokens","method":"DELETE","path":"/service-tokens/7"}`, "", malformed},
		{`{"operation":"list_service_tokens","\u006dethod":"DELETE","\u0070ath":"/x"}`, "", malformed},
		{`{"operation":"list_service_tokens","path":"/x"}`, "", malformed},
		// Names that occur twice, or in other letters.
		{`{"operation":"list_service_tokens","Operation":"archive_service_token"}`, "", malformed},
		{`{"operation":"list_service_tokens","METHOD":"DELETE"}`, "", malformed},
		{`{"operation":"list_service_tokens","operation\u0000":"archive_service_token"}`, "", malformed},
		{`{"operation":"list_service_tokens","operation ":"archive_service_token"}`, "", malformed},
		{`{"operation":"list_service_tokens","PathParams":{}}`, "", malformed},
		// Operations, methods and paths that are none.
		{`{"operation":"list_service_tokens\u0000/../archive"}`, "", malformed},
		{`{"operation":"list_service_tokens/../archive_service_token"}`, "", malformed},
		{`{"operation":"list.service.tokens"}`, "", malformed},
		{`{"operation":"List_service_tokens"}`, "", malformed},
		{`{"operation":" list_service_tokens"}`, "", malformed},
		{`{"operation":["archive_service_token"]}`, "", malformed},
		{`{"operation":""}`, "", malformed},
		{`{"operation":["archive_service_token"],"method":"GET","path":"/x"}`, "", malformed},
		{`{"method":"get","path":"/service-tokens"}`, "", malformed},
		{`{"method":"GET","path":"/service-tokens/../x"}`, "", malformed},
		{`{"method":"GET","path":"/a/%2e%2e/x"}`, "", malformed},
		{`{"method":"GET","path":"/a//x"}`, "", malformed},
		{`{"method":"GET","path":"/a?x=1"}`, "", malformed},
		{`{"method":"GET","path":"//evil.example"}`, "", malformed},
		{`{"method":"GET"}`, "", malformed},
		{`{"operation":"get_service_token","pathParams":{"id":"../7"}}`, "", malformed},
		{`{"operation":"get_service_token","pathParams":{"id":"7/archive"}}`, "", malformed},
		{`{"operation":"get_service_token","pathParams":{"id":".."}}`, "", malformed},
		{`{"operation":"get_service_token","pathParams":{"id":"7\u0000"}}`, "", malformed},
		{`{"operation":"get_service_token","pathParams":{"id":{}}}`, "", malformed},
		{`{}`, "", malformed},
	} {
		asked = nil
		before := len(stageSent(srv, "tools/call api_call"))
		_, err := mcpclient.CallTool[struct{}](t.Context(), s, "api_call", json.RawMessage(tt.args))
		_, hostErr := host.CallTool(t.Context(), &mcp.CallToolParams{Name: "api_call", Arguments: json.RawMessage(tt.args)})
		for _, err := range []error{err, hostErr} {
			var refusal *mcpclient.GuardError
			if errors.As(err, &refusal) {
				assert.Equal(t, tt.rule, refusal.Rule, tt.args)
			} else {
				assert.Equal(t, reads, tt.rule, tt.args)
			}
		}
		if tt.rule == malformed {
			assert.Empty(t, asked, tt.args)
		} else {
			assert.Equal(t, []string{tt.operation, tt.operation}, asked, tt.args)
		}
		sent := len(stageSent(srv, "tools/call api_call")) - before
		assert.Equal(t, tt.rule == reads, sent == 2, tt.args)
	}
}

func TestGuardRefusesRepeatedNames(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	s := stageAdmin(t, srv, mcpclient.WithGuard(mcpclient.AllowTools("api_call", "health")))
	for _, args := range []string{
		`{"operation":"list_service_tokens","operation":"archive_service_token"}`,
		`{"operation":"list_service_tokens","\u006fperation":"archive_service_token"}`,
		`{"operation":"create_service_token","body":{"role":"READ","role":"ADMIN"}}`,
	} {
		_, err := mcpclient.CallTool[struct{}](t.Context(), s, "api_call", json.RawMessage(args))
		require.Error(t, err, args)
	}
	assert.Empty(t, stageSent(srv, "tools/call api_call"))
}

// A guard cannot change what is sent, neither on purpose nor by keeping the arguments.
func TestGuardGetsACopyOfTheArguments(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	s := stageAdmin(t, srv, mcpclient.WithGuard(mcpclient.GuardFunc(func(_ context.Context, call *mcpclient.ToolCall) error {
		copy(call.Arguments, `{"operation":"archive_service_token"`)
		call.Tool, call.Operation = "customer_switch", "archive_service_token"
		return nil
	})))
	_, err := mcpclient.CallAPI[jsontext.Value](t.Context(), s, "list_service_tokens", mcpclient.Request{})
	require.NoError(t, err)
	assert.Len(t, stageSent(srv, "tools/call api_call"), 1)
}

func TestReadOnlyHintsCountOnlyIfTrusted(t *testing.T) {
	t.Parallel()
	liar := func() sandbox.Option {
		return stageTool(&mcp.Tool{Name: "transfer_money", Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true}},
			func(context.Context, *mcp.CallToolRequest) *mcp.CallToolResult { return stageText("done") })
	}
	srv := sandboxtest.Start(t, liar())
	s := stageAdmin(t, srv, mcpclient.WithGuard(mcpclient.ReadOnly()))
	_, err := mcpclient.CallTool[string](t.Context(), s, "transfer_money", nil)
	require.ErrorIs(t, err, mcpclient.ErrRefused)
	_, err = mcpclient.CallTool[struct{}](t.Context(), s, "health", nil)
	require.NoError(t, err, "the platform's own tools are known")

	trusting := stageAdmin(t, srv, mcpclient.WithGuard(mcpclient.ReadOnly()), mcpclient.TrustReadOnlyHints())
	_, err = mcpclient.CallTool[string](t.Context(), trusting, "transfer_money", nil)
	require.NoError(t, err)
	assert.Equal(t, 1, srv.ToolRuns("transfer_money"))
}

// The guard holds for a host that was handed the transport, and sees the arguments as they would be sent.
func TestGuardUnderAnotherHost(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	var seen *mcpclient.ToolCall
	s := stageAdmin(t, srv, mcpclient.WithGuard(mcpclient.GuardFunc(func(_ context.Context, call *mcpclient.ToolCall) error {
		seen = call
		if call.Tool == "help" {
			return nil
		}
		return call.Refuse("house rule", "not on a Sunday")
	})))
	host := stageHost(t, s)
	_, err := host.CallTool(t.Context(), &mcp.CallToolParams{Name: "customer_switch", Arguments: map[string]any{"customerId": 1001}})
	var refusal *mcpclient.GuardError
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, mcpclient.GuardError{Tool: "customer_switch", Rule: "house rule", Reason: "not on a Sunday"}, *refusal)
	assert.JSONEq(t, `{"customerId":1001}`, string(seen.Arguments))
	assert.Empty(t, stageSent(srv, "tools/call customer_switch"))

	result, err := host.CallTool(t.Context(), &mcp.CallToolParams{Name: "help"})
	require.NoError(t, err, "a refusal costs the host its call, not its session")
	assert.False(t, result.IsError)
	assert.Equal(t, 1, srv.ToolRuns("help"))
}

// A call that is repeated, or takes several rounds, is one call to the guard.
func TestGuardIsAskedOnce(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	guard := mcpclient.WithGuard(mcpclient.GuardFunc(func(context.Context, *mcpclient.ToolCall) error {
		asked.Add(1)
		return nil
	}))
	deploy := stageTool(&mcp.Tool{Name: "deploy"}, func(_ context.Context, req *mcp.CallToolRequest) *mcp.CallToolResult {
		if req.Params.InputResponses == nil {
			return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{"sure": &mcp.ElicitParams{Message: "Sure?"}}}
		}
		return stageText("deployed")
	})
	srv := sandboxtest.Start(t, deploy)
	srv.Inject(sandbox.Fault{RPC: "tools/call health", Status: 429, RetryAfter: "0", Times: 2})
	s := stageAdmin(t, srv, guard, mcpclient.OnElicitation(func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
		return &mcp.ElicitResult{Action: "accept"}, nil
	}))

	_, err := mcpclient.CallTool[struct{}](t.Context(), s, "health", nil)
	require.NoError(t, err)
	assert.Len(t, stageSent(srv, "tools/call health"), 3)
	assert.EqualValues(t, 1, asked.Load())

	answer, err := mcpclient.CallTool[string](t.Context(), s, "deploy", nil)
	require.NoError(t, err)
	assert.Equal(t, "deployed", answer)
	assert.Len(t, stageSent(srv, "tools/call deploy"), 2)
	assert.EqualValues(t, 2, asked.Load())
}

func TestGuardPassesErrorsOn(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	away := errors.New("nobody is at the desk")
	s := stageAdmin(t, srv, mcpclient.WithGuard(mcpclient.ConfirmSpend(func(_ context.Context, call *mcpclient.ToolCall) (bool, error) {
		return call.Operation == "", away
	})))
	_, err := mcpclient.CallTool[struct{}](t.Context(), s, "accept_tos", nil)
	require.ErrorIs(t, err, away)
	require.NotErrorIs(t, err, mcpclient.ErrRefused)
	_, err = mcpclient.CallAPI[struct{}](t.Context(), s, "create_service_token", mcpclient.Request{})
	require.ErrorIs(t, err, away)

	// To know the annotations the tools are listed; where that fails, nothing is known and nothing is sent.
	srv.Inject(sandbox.Fault{RPC: "tools/list", Status: 403})
	strict := stageAdmin(t, srv, mcpclient.WithGuard(mcpclient.ReadOnly()), mcpclient.TrustReadOnlyHints())
	_, err = mcpclient.CallTool[struct{}](t.Context(), strict, "accept_tos", nil)
	require.ErrorIs(t, err, client.ErrForbidden)
	assert.Zero(t, srv.ToolRuns("accept_tos")+srv.ToolRuns("health")+srv.ToolRuns("api_call"))

	// A guard that waits is left when the caller does.
	ctx, leave := context.WithCancel(t.Context())
	waits := stageAdmin(t, srv, mcpclient.WithGuard(mcpclient.GuardFunc(func(ctx context.Context, _ *mcpclient.ToolCall) error {
		leave()
		<-ctx.Done()
		return ctx.Err()
	})))
	_, err = mcpclient.CallTool[struct{}](ctx, waits, "health", nil)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, client.ErrOutcomeUnknown)
}

func TestMaxCallsUnderLoad(t *testing.T) {
	t.Parallel()
	const allowed = 20
	srv := sandboxtest.Start(t)
	s := stageAdmin(t, srv, mcpclient.WithGuard(mcpclient.Guards(mcpclient.AllowTools("health"), mcpclient.MaxCalls(allowed))))
	var refused atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			_, err := mcpclient.CallTool[struct{}](t.Context(), s, "help", nil) // does not count
			assert.ErrorIs(t, err, mcpclient.ErrRefused)
			if _, err := mcpclient.CallTool[struct{}](t.Context(), s, "health", nil); err != nil {
				assert.ErrorIs(t, err, mcpclient.ErrRefused)
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 50-allowed, refused.Load())
	assert.Equal(t, allowed, srv.ToolRuns("health"))
}
