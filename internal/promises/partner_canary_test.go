package promises

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func partnerKey(t *testing.T, plain string) client.Token {
	t.Helper()
	key, err := client.OpaqueToken(plain)
	require.NoError(t, err)
	return key
}

func connectPartner(t *testing.T, srv *sandboxtest.Sandbox, key client.Token, opts ...client.Option) *partner.Service {
	t.Helper()
	c, err := client.New(append([]client.Option{
		client.WithProfile(client.ProfilePartner), client.WithEnvironment(client.At(srv.URL())), client.WithToken(key),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return partner.New(c)
}

func TestNoPartnerKeyIsEverPrinted(t *testing.T) {
	s := newSink()
	srv := sandboxtest.Start(t)
	p := connectPartner(t, srv, partnerKey(t, srv.PartnerKey()), client.WithHooks(s), client.WithLogger(s.logs[0]))
	// The secret of a webhook is as unprintable as a key.
	webhookSecret := "whsec_k_live_" + srv.GrantPartnerKey()[len("pk_live_"):]
	secrets := []string{srv.PartnerKey(), webhookSecret}
	ctx := context.Background()
	s.take(p)

	var meta client.Response
	params := partner.CreateKeyParams{Name: "canary", Scopes: partner.Scopes{partner.ScopeRead}}
	created, err := p.Keys.Create(ctx, params, client.WithResponse(&meta))
	require.NoError(t, err)
	secrets = append(secrets, created.PlainKey.Reveal())
	require.Contains(t, string(meta.RawBody()), created.PlainKey.Reveal(), "the secret is reachable for who asks")
	for _, v := range []any{created, *created, created.PlainKey, &created.PlainKey, meta, &meta} {
		s.take(v)
	}
	webhook := partner.WebhookParams{URL: "https://acme.example", Secret: partnerKey(t, webhookSecret)}
	s.take(webhook)
	_, err = p.Webhooks.Update(ctx, partner.WebhookBilling, webhook)
	require.NoError(t, err)
	_, err = p.Webhooks.Update(ctx, "other", webhook)
	s.takeError(t, err)

	driver := p.Keys.RotationDriver(partner.RotateKeyParams{})
	_, err = rotation.Rotate(ctx, driver, created.ID, rotation.Plan[partner.CreatedKey]{
		Deploy: func(_ context.Context, next *partner.CreatedKey) error {
			secrets = append(secrets, next.PlainKey.Reveal())
			s.take(next)
			return errors.New("broken")
		},
		Confirm: func(context.Context) (bool, error) { return true, nil },
	})
	s.takeError(t, err)
	// The error of Deploy may hold the key; our text must not.
	_, err = rotation.Rotate(ctx, driver, created.ID, rotation.Plan[partner.CreatedKey]{
		Deploy: func(_ context.Context, next *partner.CreatedKey) error {
			secrets = append(secrets, next.PlainKey.Reveal())
			return errors.New("refused: " + next.PlainKey.Reveal())
		},
		Confirm: func(context.Context) (bool, error) { return true, nil },
	})
	require.Error(t, err)
	fmt.Fprintf(s, "%v %+v %#v %q", err, err, err, err)

	takePartnerErrorPaths(t, s, srv, created.PlainKey)
	takeHostilePartner(t, s, created.PlainKey)
	for _, seen := range srv.Requests() {
		fmt.Fprintf(s, "%+v\n", seen)
	}
	fmt.Fprintln(s, srv.Violations(), srv.PartnerKeys())

	require.Greater(t, s.text.Len(), 100_000, "the sink did not take what it should have")
	for _, secret := range secrets {
		assert.Empty(t, s.holds(secret), s.where(secret))
	}
	fmt.Fprint(s, created.PlainKey.Reveal())
	assert.NotEmpty(t, s.holds(created.PlainKey.Reveal()), "this test would not notice")
}

// takePartnerErrorPaths goes through the failures of a call over real sockets.
func takePartnerErrorPaths(t *testing.T, s *sink, srv *sandboxtest.Sandbox, key client.Token) {
	t.Helper()
	p := connectPartner(t, srv, key, client.WithHooks(s), client.WithLogger(s.logs[1]),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 1}), client.WithLimiter(open{}))
	full := key.Reveal()
	for _, fault := range []sandbox.Fault{
		{Status: 400},
		{Status: 401},
		{Status: 403},
		{Status: 404},
		{Status: 422},
		{Status: 500},
		{Status: 429, RetryAfter: "3600"},
		{Kind: sandbox.FaultHTML, Status: 502},
		{Kind: sandbox.FaultResetBefore},
		{Kind: sandbox.FaultResetAfter},
		{Kind: sandbox.FaultTruncate},
		{Kind: sandbox.FaultEmpty},
		{Kind: sandbox.FaultRedirect, Status: 302, Location: "https://elsewhere.example/?key=" + full},
		{Kind: sandbox.FaultRedirect, Status: 308, Location: "http://%zz" + full},
	} {
		srv.Inject(fault)
		_, err := p.Organizations.Create(context.Background(), partner.CreateOrganizationParams{Name: "canary"})
		s.takeError(t, err)
		srv.ClearFaults()
	}
	for _, option := range []client.Option{
		client.WithHeader("X-Partner-API-Key", full), client.WithHeader("X-Key", full+"\n"),
		client.WithEnvironment(client.At("https://user:" + full + "@api.app.bullseye.so")),
		client.WithEnvironment(client.At("http://" + full)),
	} {
		_, err := client.New(client.WithProfile(client.ProfilePartner), client.WithToken(key), option)
		s.takeError(t, err)
	}
	for _, bad := range []string{full + "\n", " " + full, full + "é"} {
		_, err := client.OpaqueToken(bad)
		s.takeError(t, err)
	}
}

// takeHostilePartner has a peer send the key back, in every place of an answer.
func takeHostilePartner(t *testing.T, s *sink, key client.Token) {
	t.Helper()
	full := key.Reveal()
	for _, body := range []string{
		full, `"` + full + `"`, `{"plainKey":"` + full, `{"plainKey":["` + full + `"]}`, `{"apiKey":{"id":{"x":"` + full + `"}}}`,
		`{"apiKey":{"id":"1","createdAt":"` + full + `"},"plainKey":"x"}`, `{"` + full + `":`, `<html><title>` + full + `</title>`,
		`{"code":"` + full + `","message":"key ` + full + ` is unknown","details":{"key":"` + full + `"}}`,
		`{"apiKey":{"id":"1"},"plainKey":"` + full + ` "}`,
	} {
		for _, status := range []int{200, 201, 400, 401, 500} {
			mock := httpmock.NewMockTransport()
			mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
				resp := httpmock.NewStringResponse(status, body)
				resp.Header = http.Header{"X-Request-Id": {full}, "Content-Type": {"application/json"}}
				return resp, nil
			})
			c, err := client.New(client.WithProfile(client.ProfilePartner), client.WithToken(key), client.WithTransport(mock),
				client.WithHooks(s), client.WithLogger(s.logs[0]), client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
			require.NoError(t, err)
			created, err := partner.New(c).Keys.Create(context.Background(), partner.CreateKeyParams{Name: "canary", FullAccess: true})
			if err == nil { // an odd field does not cost the secret
				s.take(created)
				continue
			}
			s.takeError(t, err)
		}
	}
}
