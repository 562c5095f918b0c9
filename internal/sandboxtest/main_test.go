package sandboxtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStartConnectsClients(t *testing.T) {
	srv := sandboxtest.Start(t)
	account := client.Operation{Mount: client.MountShared, Path: "/accounts/current"}
	for name, c := range map[string]*client.Client{
		"administrator": srv.Client,
		"grant":         srv.ConnectGrant(sandbox.Grant{Role: sandbox.RoleRead}),
	} {
		response, err := c.Do(t.Context(), &account, client.Request{})
		require.NoError(t, err, name)
		require.Equal(t, 200, response.StatusCode, name)
	}
	me := client.Operation{Mount: client.MountPartner, Path: "/me"}
	_, err := srv.ConnectPartner(srv.PartnerKey()).Do(t.Context(), &me, client.Request{})
	require.NoError(t, err)
}

func TestRunIsClosedByItsCaller(t *testing.T) {
	srv := sandboxtest.Run()
	once := srv.Connect(srv.AdminToken(), client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	_, err := once.Health(t.Context())
	require.NoError(t, err)
	require.NoError(t, srv.Close())
	_, err = once.Health(t.Context())
	require.Error(t, err)
}
