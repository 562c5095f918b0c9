package guarantees

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func partnerKey(t *testing.T, plain string) client.Token {
	t.Helper()
	key, err := client.ParseOpaqueToken(plain)
	require.NoError(t, err)
	return key
}

func connectPartner(t *testing.T, srv *sandbox.Server, key client.Token, opts ...client.Option) *partner.Service {
	t.Helper()
	c, err := client.New(append([]client.Option{
		client.WithProfile(client.ProfilePartner), client.WithEnvironment(client.BaseURL(srv.URL())), client.WithToken(key),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return partner.New(c)
}

func TestNoPartnerKeyIsEverPrinted(t *testing.T) {
	s := newRecorder()
	srv, err := sandbox.Start()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, srv.Close()) })
	p := connectPartner(t, srv, partnerKey(t, srv.PartnerKey()), client.WithHooks(s), client.WithLogger(s.logs[0]))
	// The secret of a webhook must not print either.
	webhookSecret := "whsec_k_live_" + srv.GrantPartnerKey()[len("pk_live_"):]
	secrets := []string{srv.PartnerKey(), webhookSecret}
	ctx := context.Background()
	s.record(p)

	var meta client.Response
	params := partner.CreateKeyParams{Name: "canary", Scopes: partner.Scopes{partner.ScopeRead}}
	created, err := p.Keys.Create(ctx, params, client.WithResponse(&meta))
	require.NoError(t, err)
	secrets = append(secrets, created.PlainKey.Reveal())
	require.Contains(t, string(meta.RawBody()), created.PlainKey.Reveal(), "the secret is reachable on request")
	for _, v := range []any{created, *created, created.PlainKey, &created.PlainKey, meta, &meta} {
		s.record(v)
	}
	webhook := partner.WebhookParams{URL: "https://acme.example", Secret: partnerKey(t, webhookSecret)}
	s.record(webhook)
	_, err = p.Webhooks.Update(ctx, partner.WebhookBilling, webhook)
	require.NoError(t, err)
	_, err = p.Webhooks.Update(ctx, "other", webhook)
	s.recordError(t, err)

	driver := p.Keys.RotationDriver(partner.RotateKeyParams{})
	_, err = rotation.Rotate(ctx, driver, created.ID, rotation.Plan[partner.CreatedKey]{
		Deploy: func(_ context.Context, next *partner.CreatedKey) error {
			secrets = append(secrets, next.PlainKey.Reveal())
			s.record(next)
			return errors.New("broken")
		},
		Confirm: func(context.Context) (bool, error) { return true, nil },
	})
	s.recordError(t, err)
	// The error of Deploy may contain the key; the text of rotation must not.
	_, err = rotation.Rotate(ctx, driver, created.ID, rotation.Plan[partner.CreatedKey]{
		Deploy: func(_ context.Context, next *partner.CreatedKey) error {
			secrets = append(secrets, next.PlainKey.Reveal())
			return errors.New("refused: " + next.PlainKey.Reveal())
		},
		Confirm: func(context.Context) (bool, error) { return true, nil },
	})
	require.Error(t, err)
	fmt.Fprintf(s, "%v %+v %#v %q", err, err, err, err)

	recordPartnerFailures(t, s, srv, created.PlainKey)
	recordHostilePartner(t, s, created.PlainKey)
	for _, seen := range srv.Requests() {
		fmt.Fprintf(s, "%+v\n", seen)
	}
	fmt.Fprintln(s, srv.Violations(), srv.PartnerKeys())

	s.requireNoLeak(t, 100_000, secrets...)
}

// recordPartnerFailures records the failures of calls over real sockets.
func recordPartnerFailures(t *testing.T, s *recorder, srv *sandbox.Server, key client.Token) {
	t.Helper()
	p := connectPartner(t, srv, key, client.WithHooks(s), client.WithLogger(s.logs[1]),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 1}), client.WithLimiter(unlimited{}))
	full := key.Reveal()
	for _, fault := range failures(full) {
		srv.Inject(fault)
		_, err := p.Organizations.Create(context.Background(), partner.CreateOrganizationParams{Name: "canary"})
		s.recordError(t, err)
		srv.ClearFaults()
	}
	for _, option := range []client.Option{
		client.WithHeader("X-Partner-API-Key", full), client.WithHeader("X-Key", full+"\n"),
		client.WithEnvironment(client.BaseURL("https://user:" + full + "@api.app.bullseye.so")),
		client.WithEnvironment(client.BaseURL("http://" + full)),
	} {
		_, err := client.New(client.WithProfile(client.ProfilePartner), client.WithToken(key), option)
		s.recordError(t, err)
	}
	for _, bad := range []string{full + "\n", " " + full, full + "é"} {
		_, err := client.ParseOpaqueToken(bad)
		s.recordError(t, err)
	}
}

// recordHostilePartner has a server send the key back, everywhere in a response.
func recordHostilePartner(t *testing.T, s *recorder, key client.Token) {
	t.Helper()
	full := key.Reveal()
	for _, transport := range hostileTransports(full,
		full, `"`+full+`"`, `{"plainKey":"`+full, `{"plainKey":["`+full+`"]}`, `{"apiKey":{"id":{"x":"`+full+`"}}}`,
		`{"apiKey":{"id":"1","createdAt":"`+full+`"},"plainKey":"x"}`, `{"`+full+`":`, `<html><title>`+full+`</title>`,
		`{"code":"`+full+`","message":"key `+full+` is unknown","details":{"key":"`+full+`"}}`,
		`{"apiKey":{"id":"1"},"plainKey":"`+full+` "}`,
	) {
		c, err := client.New(client.WithProfile(client.ProfilePartner), client.WithToken(key),
			client.WithTransport(transport), client.WithHooks(s), client.WithLogger(s.logs[0]),
			client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
		require.NoError(t, err)
		created, err := partner.New(c).Keys.Create(context.Background(),
			partner.CreateKeyParams{Name: "canary", FullAccess: true})
		if err == nil { // an invalid field does not lose the secret
			s.record(created)
			continue
		}
		s.recordError(t, err)
	}
}
