package promises

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/m2m"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// A failed assertion on two values of one type prints both with a dumper that walks into unexported fields, as far as
// the buffers of connections. Values of different types print less, so this test compares pairs.
func TestDumpersOfPairsShowNoSecret(t *testing.T) {
	s := newSink()
	first, firstSecrets := usedValues(t, s)
	second, secondSecrets := usedValues(t, s)
	require.Len(t, second, len(first))
	for i, one := range first {
		require.IsType(t, one, second[i])
		assert.Equal(s, one, second[i])
		assert.NotEqual(s, one, one)
		assert.ElementsMatch(s, []any{one}, []any{second[i]})
		assert.Subset(s, []any{one}, []any{second[i]})
		assert.Nil(s, one)
		fmt.Fprintf(s, "%#v %+v\n", []any{one}, struct{ a any }{second[i]})
		for _, secret := range append(firstSecrets, secondSecrets...) {
			require.Empty(t, s.holds(secret), "%T: %s", one, s.where(secret))
		}
	}
	require.Greater(t, s.text.Len(), 20_000, "the dumps were not made")
	assert.Equal(s, map[string]string{"token": firstSecrets[0]}, map[string]string{})
	assert.NotEmpty(t, s.holds(firstSecrets[0]), "this test would not notice")
}

// usedValues returns values of the exported types that lead to a credential, after traffic, and the credentials.
func usedValues(t *testing.T, s *sink) (values []any, secrets []string) {
	t.Helper()
	ctx := t.Context()
	srv := sandboxtest.Start(t)
	admin := connect(t, srv, client.WithHooks(s), client.WithHeader("X-Other", "x"))
	token, err := admin.Token(ctx)
	require.NoError(t, err)
	tokens, accounts, sold, bought := servicetokens.New(admin), seats.New(admin), agents.New(admin), buyer.New(admin)
	var response client.Response
	params := servicetokens.CreateParams{Name: "pair", ExpiresInDays: 1}
	created, err := tokens.Create(ctx, params, client.WithResponse(&response))
	require.NoError(t, err)
	_, err = accounts.Me(ctx)
	require.NoError(t, err)
	_, refusal := tokens.Get(ctx, "none")
	var missing *client.APIError
	require.ErrorAs(t, refusal, &missing)
	keys, err := seats.NewKeyring(admin, map[client.ID]client.Token{"seat_101": created.Token})
	require.NoError(t, err)
	session, err := mcpclient.Connect(ctx, admin)
	require.NoError(t, err)
	_, err = session.ToolNames(ctx)
	require.NoError(t, err)
	require.NoError(t, session.Close(ctx)) // dumping what the goroutines of the MCP library use would be a race
	transport, err := mcpclient.NewTransport(admin)
	require.NoError(t, err)
	srv.Inject(sandbox.Fault{Kind: sandbox.FaultResetBefore})
	_, broken := tokens.Get(ctx, created.ID, client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	require.Error(t, broken)
	srv.ClearFaults()
	application := m2m.Config{
		ClientID: "app_1", ClientSecret: m2m.NewSecret("sk_live_hushhush9876543210"), Transport: http.DefaultTransport,
	}
	source, err := m2m.New(application)
	require.NoError(t, err)
	t.Cleanup(func() { _ = source.Close() })
	return []any{
		admin, *admin, admin.ForSeat("seat_101"), admin.Limiter(), token, client.StaticToken(token),
		client.NewTokenVar(token),
		tokens, accounts, sold, bought, bought.Campaigns, partner.New(admin), agents.NewFirstPlatform(session),
		created, *created, keys, session, transport, missing, refusal, broken, application, source, client.EnvToken("X"),
		&response.Quota, response.Header,
	}, []string{token.Reveal(), created.Token.Reveal(), "sk_live_hushhush9876543210"}
}
