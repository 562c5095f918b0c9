package partner_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func startSandbox(t testing.TB, opts ...sandbox.Option) (*sandboxtest.Sandbox, *partner.Service) {
	t.Helper()
	srv := sandboxtest.Start(t, opts...)
	return srv, partner.New(srv.ConnectPartner(srv.PartnerKey()))
}

func key(t testing.TB, plain string) client.Token {
	t.Helper()
	token, err := client.ParseOpaqueToken(plain)
	require.NoError(t, err)
	return token
}

func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// active lists the ids of the keys that are not revoked.
func active(srv *sandboxtest.Sandbox) []string {
	ids := []string{}
	for _, k := range srv.PartnerKeys() {
		if k.RevokedAt.IsZero() {
			ids = append(ids, k.ID)
		}
	}
	return ids
}
