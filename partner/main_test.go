package partner_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start runs a sandbox and a Service whose key has full access. What was sent and answered must match
// openapi.partner.yaml.
func start(t testing.TB, opts ...sandbox.Option) (*sandbox.Server, *partner.Service) {
	t.Helper()
	srv, err := sandbox.Start(opts...)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.Empty(t, srv.Violations())
		assert.NoError(t, srv.Close())
	})
	return srv, partner.New(connect(t, srv, srv.PartnerKey()))
}

func connect(t testing.TB, srv *sandbox.Server, plain string, opts ...client.Option) *client.Client {
	t.Helper()
	c, err := client.New(append([]client.Option{
		client.WithProfile(client.ProfilePartner),
		client.WithEnvironment(client.At(srv.URL())),
		client.WithToken(key(t, plain)),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func key(t testing.TB, plain string) client.Token {
	t.Helper()
	token, err := client.OpaqueToken(plain)
	require.NoError(t, err)
	return token
}

func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// active lists the ids of the keys that are not revoked.
func active(srv *sandbox.Server) []string {
	ids := []string{}
	for _, k := range srv.PartnerKeys() {
		if k.RevokedAt.IsZero() {
			ids = append(ids, k.ID)
		}
	}
	return ids
}
