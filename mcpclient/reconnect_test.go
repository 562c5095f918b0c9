package mcpclient_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func createToken(ctx context.Context, s *mcpclient.Session) error {
	_, err := mcpclient.CallAPI[struct{}](ctx, s, "create_service_token", mcpclient.Request{Body: map[string]any{"name": "x"}})
	return err
}

// TestCustomerIsSwitchedToAgain: what customer_switch has chosen outlives the session that it was chosen in.
func TestCustomerIsSwitchedToAgain(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		t.Run(generation, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandboxtest.Start(t, sandbox.WithCustomers(1001, 1002)))
			s := r.connect(mcpclient.WithProtocolVersion(generation))
			require.ErrorIs(t, createToken(t.Context(), s), client.ErrCustomerScopeRequired)
			require.NoError(t, s.SwitchCustomer(t.Context(), 1001))
			require.NoError(t, s.SwitchCustomer(t.Context(), 1002))
			require.Error(t, s.SwitchCustomer(t.Context(), 9), "what was refused is not what was chosen")
			for i, strike := range []func(*rig) error{dropSessions, restart} {
				require.NoError(t, strike(r))
				require.NoError(t, createToken(t.Context(), s))
				require.Equal(t, i+1, r.srv.Effects("POST /api/v2/service-tokens"))
				user, err := s.CurrentUser(t.Context())
				require.NoError(t, err)
				require.EqualValues(t, "1002", user.Customer.ID)
			}
			if generation == withSessions {
				require.Equal(t, 5, count(r.srv, http.MethodPost, "tools/call customer_switch"))
			}
		})
	}
}

// TestReconnectHookThatFails: the call that waits gets the hook's error, and the next one tries again.
func TestReconnectHookThatFails(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandboxtest.Start(t, threeTools()...))
	errHook := errors.New("not yet")
	var asked atomic.Int64
	s := r.connect(mcpclient.WithProtocolVersion(withSessions),
		mcpclient.OnReconnect(func(context.Context, mcpclient.Reconnection) error {
			if asked.Add(1) == 1 {
				return errHook
			}
			return nil
		}))
	r.srv.DropSessions()
	_, err := mcpclient.CallTool[okay](t.Context(), s, toolAct, nil)
	require.ErrorIs(t, err, errHook)
	require.Zero(t, r.srv.ToolRuns(toolAct))
	callers[0].works(t, r, s)
	require.EqualValues(t, 2, asked.Load())
}

// TestReconnectHookThatMustLearn: the hook's own call may have to look up a tool while the call that lost the session is
// doing just that.
func TestReconnectHookThatMustLearn(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandboxtest.Start(t, threeTools()...))
	s := r.connect(mcpclient.WithProtocolVersion(withSessions),
		mcpclient.OnReconnect(func(ctx context.Context, re mcpclient.Reconnection) error {
			_, err := mcpclient.CallTool[okay](ctx, re.Session, toolPut, nil)
			return err
		}))
	for _, f := range []sandbox.Fault{
		{RPC: "tools/call " + toolLook}, {RPC: "tools/list", Status: 404}, {RPC: "tools/call " + toolPut},
	} {
		f.Times = 1
		r.srv.Inject(f)
	}
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	_, err := mcpclient.CallTool[okay](ctx, s, toolLook, nil)
	require.NoError(t, err)
	require.Equal(t, 1, r.srv.ToolRuns(toolPut))
}

// TestLostSessionsByOtherAnswers: some servers say 400 and name the session in the error.
func TestLostSessionsByOtherAnswers(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandboxtest.Start(t, threeTools()...))
	s := r.connect(mcpclient.WithProtocolVersion(withSessions))
	r.srv.Inject(sandbox.Fault{
		RPC: "tools/call", Status: 400, Times: 1,
		Body: `{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: No valid session ID provided"}}`,
	})
	callers[0].works(t, r, s)
	require.Equal(t, 2, count(r.srv, http.MethodPost, "initialize"))
}
