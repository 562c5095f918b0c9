package servicetokens_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func startSandbox(t *testing.T, opts ...sandbox.Option) (*sandboxtest.Sandbox, *servicetokens.Service) {
	t.Helper()
	srv := sandboxtest.Start(t, opts...)
	return srv, servicetokens.New(srv.Client)
}

var seatToken = servicetokens.CreateParams{
	Name: "Nightly ETL", Description: "Pulls reporting data", Scope: servicetokens.ScopeSeat, SeatName: "Acme",
	Role: servicetokens.RoleRead, ExpiresInDays: 90,
}

// active lists the ids of the tokens that are not archived.
func active(srv *sandboxtest.Sandbox) []string {
	var ids []string
	for _, t := range srv.Tokens() {
		if t.ArchivedAt.IsZero() {
			ids = append(ids, t.ID)
		}
	}
	return ids
}
