package servicetokens_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start runs a sandbox and a Service with its admin credential. What was sent and answered must match openapi.yaml.
func start(t *testing.T, opts ...sandbox.Option) (*sandbox.Server, *servicetokens.Service) {
	t.Helper()
	srv, err := sandbox.Start(opts...)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.Empty(t, srv.Violations())
		assert.NoError(t, srv.Close())
	})
	return srv, servicetokens.New(connect(t, srv, srv.AdminToken()))
}

func connect(t *testing.T, srv *sandbox.Server, token string, opts ...client.Option) *client.Client {
	t.Helper()
	parsed, err := client.ParseToken(token)
	require.NoError(t, err)
	c, err := client.New(append([]client.Option{
		client.WithEnvironment(client.At(srv.URL())),
		client.WithToken(parsed),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

var seatToken = servicetokens.CreateParams{
	Name: "Nightly ETL", Description: "Pulls reporting data", Scope: servicetokens.ScopeSeat, SeatName: "Acme",
	Role: servicetokens.RoleRead, ExpiresInDays: 90,
}

// active lists the ids of the tokens that are not archived.
func active(srv *sandbox.Server) []string {
	var ids []string
	for _, t := range srv.Tokens() {
		if t.ArchivedAt.IsZero() {
			ids = append(ids, t.ID)
		}
	}
	return ids
}
