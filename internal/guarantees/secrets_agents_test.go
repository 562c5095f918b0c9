package guarantees

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// agentCanary prints everything that a program can see of the registration of agents.
type agentCanary struct {
	*recorder
	t     *testing.T
	auths map[string]agents.Auth // by their secret
}

func newAgentCanary(t *testing.T, s *recorder) *agentCanary {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	secret := func() string { return "agent-secret-" + strings.ToLower(rand.Text()) }
	token, apiKey, password, value, raw := secret(), secret(), secret(), secret(), secret()
	return &agentCanary{s, t, map[string]agents.Auth{
		token:    agents.Bearer(token),
		apiKey:   agents.APIKey(apiKey),
		password: agents.Basic("ann", password),
		value:    agents.CustomHeader("x-api-key", value),
		raw:      agents.RawAuth("", jsontext.Value(`{"type":"ours","deep":[{"k":"`+raw+`"}]}`)),
		// All keys of a kind begin alike.
		strings.ReplaceAll(text[80:len(text)-40], "\n", ""): agents.JWT(text, agents.JWTParams{
			Issuer: "i", Subject: "s", KeyID: "k", Scope: "s", TokenEndpointURL: "https://a.example",
			AudienceURL: "https://a.example",
		}),
	}}
}

// recordFailure records an error, if there is one.
func (a *agentCanary) recordFailure(err error) {
	if err != nil {
		a.recordError(a.t, err)
	}
}

// recordResult records the result of a call.
func (a *agentCanary) recordResult(v any, err error) {
	if err != nil {
		a.recordError(a.t, err)
		return
	}
	a.record(v)
}

// register passes an Auth to every function that accepts one.
func (a *agentCanary) register(service *agents.Service, first *agents.FirstPlatform, id string, auth agents.Auth) {
	ctx := context.Background()
	a.record(auth)
	params := agents.RegisterParams{
		SourceID: id, Name: "canary", Type: agents.TypeSales, EndpointURL: "https://agent.example/mcp",
		Protocol: agents.ProtocolMCP, Auth: auth,
	}
	a.record(params)
	source, err := service.Register(ctx, params)
	a.recordResult(source, err)
	source, err = service.UpdateSource(ctx, id, agents.UpdateParams{Auth: auth})
	a.recordResult(source, err)
	credential, err := service.RegisterCredential(ctx, "501", id,
		agents.CredentialParams{AccountIdentifier: "a", Auth: auth})
	a.recordResult(credential, err)
	if first == nil {
		return
	}
	sales, err := first.RegisterSales(ctx,
		agents.SalesParams{EndpointURL: "https://" + id + ".example", Name: "canary", Auth: auth})
	a.recordResult(sales, err)
	signals, err := first.RegisterSignals(ctx,
		agents.SignalsParams{Name: "canary", EndpointURL: "https://agent.example", BrandAgentID: "1", Auth: auth})
	a.recordResult(signals, err)
	a.recordFailure(first.UpdateSales(ctx, "sales_1", agents.SalesUpdate{Auth: auth}))
	a.recordFailure(first.UpdateSignals(ctx, "signals_1", agents.SignalsUpdate{Auth: auth}))
}

func TestNoSecretOfAnAgentIsEverPrinted(t *testing.T) {
	s := newRecorder()
	a := newAgentCanary(t, s)
	srv, err := sandbox.Start(sandbox.WithFirstPlatformTools())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, srv.Close()) })
	token, err := client.ParseToken(srv.AdminToken())
	require.NoError(t, err)
	c, err := client.New(
		client.WithEnvironment(client.BaseURL(srv.URL())), client.WithToken(token), client.WithLimiter(unlimited{}),
		client.WithHooks(s), client.WithLogger(s.logs[0]), client.WithRetry(client.RetryPolicy{MaxAttempts: 1}),
	)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	session, err := mcpclient.Connect(t.Context(), c, mcpclient.WithGuard(mcpclient.GuardFunc(
		func(_ context.Context, call *mcpclient.ToolCall) error {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
				fmt.Fprintf(s, verb+verb, call, *call)
			}
			for _, log := range s.logs {
				log.Info("call", "call", call, "value", *call)
			}
			return nil
		})))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, session.Close(context.Background())) })
	service, first := agents.New(c), agents.NewFirstPlatform(session)
	n := 0
	for secret, auth := range a.auths {
		n++
		id := fmt.Sprintf("canary-%d", n)
		a.register(service, first, id, auth)
		for _, fault := range []sandbox.Fault{
			{Status: 400},
			{Status: 503},
			{Kind: sandbox.FaultResetBefore},
			{Kind: sandbox.FaultTruncate},
			{Kind: sandbox.FaultEmpty},
		} {
			srv.Inject(fault)
			a.register(service, nil, id+"-again", auth)
			srv.ClearFaults()
		}
		a.quoted(secret, auth)
		a.refused(service, first, secret)
	}
	s.record(service)
	s.record(first)
	s.record(srv.Requests())
	s.record(srv.Violations())

	s.requireNoLeak(t, 100_000, slices.Collect(maps.Keys(a.auths))...)
}

// attempts records attempts without their contexts. Printing a context by reflection races with its timer.
type attempts struct{ *recorder }

// AttemptDone implements client.Hooks.
func (s attempts) AttemptDone(_ context.Context, a client.Attempt) { s.record(a) }

// quoted has a server send the secret back, everywhere in an error.
func (a *agentCanary) quoted(secret string, auth agents.Auth) {
	a.t.Helper()
	body := strings.ReplaceAll(`{"data":null,"error":{"code":"#","message":"# is bad","field":"#","suggestion":"#",`+
		`"details":{"x":"#","issues":[{"path":"#","message":"#"}]}}}`, "#", secret)
	if strings.Contains(auth.String(), "JWT") {
		return // the test looks for a part of the key that no server would quote
	}
	for _, status := range []int{200, 400, 409} {
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
			resp := httpmock.NewStringResponse(status, body)
			resp.Header = http.Header{"Content-Type": {"application/json"}}
			return resp, nil
		})
		token, err := client.ParseToken("scope3_ak_CANARY_sk_live_" + rand.Text())
		require.NoError(a.t, err)
		c, err := client.New(client.WithToken(token), client.WithTransport(mock), client.WithHooks(attempts{a.recorder}),
			client.WithLogger(a.logs[1]),
			client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
		require.NoError(a.t, err)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
		_, err = agents.New(c).Register(ctx, agents.RegisterParams{
			SourceID: "canary", Name: "canary", Type: agents.TypeSales, EndpointURL: "https://agent.example/mcp",
			Protocol: agents.ProtocolMCP, Auth: auth,
		})
		cancel()
		a.recordFailure(err)
		_, err = agents.New(c).UpdateSource(context.Background(), "canary", agents.UpdateParams{Auth: auth})
		a.recordFailure(err)
		_, err = agents.New(c).RegisterCredential(context.Background(), "1", "canary",
			agents.CredentialParams{AccountIdentifier: "a", Auth: auth})
		a.recordFailure(err)
	}
}

// refused passes a secret where it is not valid.
func (a *agentCanary) refused(service *agents.Service, first *agents.FirstPlatform, secret string) {
	for _, auth := range []agents.Auth{
		agents.Bearer(secret + "\n"), agents.APIKey(secret + " x"), agents.Basic(secret+":", secret+"\x00"),
		agents.CustomHeader(secret+" ", secret+"\r\n"), agents.JWT(secret, agents.JWTParams{}),
		agents.RawAuth("", jsontext.Value(secret)),
		agents.OAuth(agents.OAuthParams{Issuer: "https://ann:" + secret + "@a.example"}),
	} {
		_, err := service.Register(context.Background(), agents.RegisterParams{
			EndpointURL: "https://ann:" + secret + "@agent.example", Auth: auth,
		})
		a.recordFailure(err)
		_, err = first.RegisterSales(context.Background(), agents.SalesParams{Auth: auth})
		a.recordFailure(err)
	}
}
