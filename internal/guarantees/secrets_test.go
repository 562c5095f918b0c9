package guarantees

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func TestNoSecretIsEverPrinted(t *testing.T) {
	s := newRecorder()
	srv, admin := start(t, client.WithHooks(s), client.WithLogger(s.logs[0]))
	secrets := []string{srv.AdminToken()}
	ctx := context.Background()
	tokens := servicetokens.New(admin)
	token, err := admin.Token(ctx)
	require.NoError(t, err)
	keys, err := seats.NewKeyring(admin, map[client.ID]client.Token{"seat_101": token})
	require.NoError(t, err)
	s.record(keys)
	for _, v := range []any{
		admin, *admin, admin.ForSeat("seat_101"), tokens, client.StaticToken(token),
		client.NewTokenVar(token),
	} {
		s.record(v)
	}

	var meta client.Response
	created, err := tokens.Create(ctx, servicetokens.CreateParams{
		Name: "canary", Scope: servicetokens.ScopeSeat, SeatName: "Acme", Role: servicetokens.RoleRead, ExpiresInDays: 1,
	}, client.WithResponse(&meta))
	require.NoError(t, err)
	secrets = append(secrets, created.Token.Reveal())
	require.Contains(t, string(meta.RawBody()), created.Token.Reveal(), "the secret is reachable on request")
	for _, v := range []any{created, *created, created.Token, &created.Token, meta, &meta} {
		s.record(v)
	}

	broken := errors.New("broken")
	driver := tokens.RotationDriver(servicetokens.RotateParams{SeatName: "Acme"})
	_, err = rotation.Rotate(ctx, driver, created.ID, rotation.Plan[servicetokens.Created]{
		Deploy: func(_ context.Context, next *servicetokens.Created) error {
			secrets = append(secrets, next.Token.Reveal())
			s.record(next)
			return broken
		},
		Confirm: func(context.Context) (bool, error) { return true, nil },
	})
	s.recordError(t, err)

	recordFailures(t, s, srv, admin, created)
	recordHostileResponses(t, s, created.Token)
	recordInvalidInput(t, s, created.Token)

	s.requireNoLeak(t, 100_000, secrets...)
}

// recordFailures records the failures of calls over real sockets.
func recordFailures(t *testing.T, s *recorder, srv *sandbox.Server, admin *client.Client,
	created *servicetokens.Created,
) {
	t.Helper()
	ctx := context.Background()
	once := servicetokens.New(admin)
	for _, fault := range failures(created.Token.Reveal()) {
		srv.Inject(fault)
		c, err := admin.With(client.WithRetry(client.RetryPolicy{MaxAttempts: 1}), client.WithLimiter(unlimited{}))
		require.NoError(t, err)
		_, err = servicetokens.New(c).Create(ctx, servicetokens.CreateParams{Name: "canary", ExpiresInDays: 90})
		s.recordError(t, err)
		srv.ClearFaults()
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err := once.Get(ended, created.ID)
	s.recordError(t, err)
	require.NoError(t, once.Archive(ctx, created.ID))
	dead, err := admin.With(client.WithToken(created.Token))
	require.NoError(t, err)
	_, err = servicetokens.New(dead).Get(ctx, created.ID)
	s.recordError(t, err)
}

// recordHostileResponses has a server send the credential back, everywhere in a response.
func recordHostileResponses(t *testing.T, s *recorder, token client.Token) {
	t.Helper()
	full := token.Reveal()
	for _, transport := range hostileTransports(full,
		full, `"`+full+`"`, `{"fullToken":"`+full, `{"fullToken":["`+full+`"]}`, `{"id":{"x":"`+full+`"}}`,
		`{"data":{"createdAt":"`+full+`"},"error":null}`, `{"`+full+`":`, `<html><title>`+full+`</title>`,
		`{"data":null,"error":{"code":"`+full+`","message":"key `+full+` is unknown","field":"`+full+`"}}`,
		`{"error":"`+full+`","message":"`+full+`"}`,
		`{"data":null,"error":{"code":"X","message":"m","details":{"issues":[{"path":"`+full+`","message":"`+full+`"}]}}}`,
	) {
		c, err := client.New(client.WithToken(token), client.WithTransport(transport), client.WithHooks(s),
			client.WithLogger(s.logs[1]), client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
		require.NoError(t, err)
		if _, err = servicetokens.New(c).Create(context.Background(),
			servicetokens.CreateParams{Name: "canary", ExpiresInDays: 90}); err != nil {
			fmt.Fprintln(s, err)
			s.record(err)
		}
	}
}

// recordInvalidInput passes a token where it does not belong.
func recordInvalidInput(t *testing.T, s *recorder, token client.Token) {
	t.Helper()
	full := token.Reveal()
	for _, bad := range []string{full + "\n", " " + full, full + "é", strings.Replace(full, "scope3_", "scope4_", 1)} {
		_, err := client.ParseToken(bad)
		s.recordError(t, err)
	}
	_, err := client.ParseTokenWithClientID(full, "ak_other")
	s.recordError(t, err)
	for _, base := range []string{
		"https://user:" + full + "@api.interchange.io", "https://api.interchange.io/?key=" + full, "http://" + full,
		"https://%zz" + full,
	} {
		_, err := client.New(client.WithToken(token), client.WithEnvironment(client.BaseURL(base)))
		s.recordError(t, err)
	}
	for _, option := range []client.Option{
		client.WithHeader("X-Key\r\n", full), client.WithHeader("Authorization", full), client.WithHeader("X-Key", full+"\n"),
		client.WithSeat(client.ID(full + "\n")),
	} {
		_, err := client.New(client.WithToken(token), option)
		s.recordError(t, err)
	}
	t.Setenv(client.EnvAPIKey, full+"\n")
	_, err = client.New(client.FromEnv())
	s.recordError(t, err)
}
