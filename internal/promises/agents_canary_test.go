package promises

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// agentCanary is a program that prints whatever it gets to see of the registration of agents.
type agentCanary struct {
	*sink
	t     *testing.T
	auths map[string]agents.Auth // by what is secret in them
}

func newAgentCanary(t *testing.T, s *sink) *agentCanary {
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
			Issuer: "i", Subject: "s", KeyID: "k", Scope: "s", TokenEndpointURL: "https://a.example", AudienceURL: "https://a.example",
		}),
	}}
}

// takeErr prints an error, if there is one.
func (a *agentCanary) takeErr(err error) {
	if err != nil {
		a.takeError(a.t, err)
	}
}

// takeResult prints what a call returned.
func (a *agentCanary) takeResult(v any, err error) {
	if err != nil {
		a.takeError(a.t, err)
		return
	}
	a.take(v)
}

// register gives an Auth to everything that takes one.
func (a *agentCanary) register(service *agents.Service, first *agents.FirstPlatform, id string, auth agents.Auth) {
	ctx := context.Background()
	a.take(auth)
	params := agents.RegisterParams{
		SourceID: id, Name: "canary", Type: agents.TypeSales, EndpointURL: "https://agent.example/mcp", Protocol: agents.ProtocolMCP, Auth: auth,
	}
	a.take(params)
	source, err := service.Register(ctx, params)
	a.takeResult(source, err)
	source, err = service.UpdateSource(ctx, id, agents.UpdateParams{Auth: auth})
	a.takeResult(source, err)
	credential, err := service.RegisterCredential(ctx, "501", id, agents.CredentialParams{AccountIdentifier: "a", Auth: auth})
	a.takeResult(credential, err)
	if first == nil {
		return
	}
	sales, err := first.RegisterSales(ctx, agents.SalesParams{EndpointURL: "https://" + id + ".example", Name: "canary", Auth: auth})
	a.takeResult(sales, err)
	signals, err := first.RegisterSignals(ctx, agents.SignalsParams{Name: "canary", EndpointURL: "https://agent.example", BrandAgentID: "1", Auth: auth})
	a.takeResult(signals, err)
	a.takeErr(first.UpdateSales(ctx, "sales_1", agents.SalesUpdate{Auth: auth}))
	a.takeErr(first.UpdateSignals(ctx, "signals_1", agents.SignalsUpdate{Auth: auth}))
}

// What an agent is authenticated to with is in no log, no error, no printed value and no recorded request.
func TestNoSecretOfAnAgentIsEverPrinted(t *testing.T) {
	s := newSink()
	a := newAgentCanary(t, s)
	srv := sandboxtest.Start(t, sandbox.WithFirstPlatformTools())
	token, err := client.ParseToken(srv.AdminToken())
	require.NoError(t, err)
	c, err := client.New(
		client.WithEnvironment(client.At(srv.URL())), client.WithToken(token), client.WithLimiter(open{}),
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
			{Status: 400}, {Status: 503}, {Kind: sandbox.FaultResetBefore}, {Kind: sandbox.FaultTruncate}, {Kind: sandbox.FaultEmpty},
		} {
			srv.Inject(fault)
			a.register(service, nil, id+"-again", auth)
			srv.ClearFaults()
		}
		a.quoted(secret, auth)
		a.refused(service, first, secret)
	}
	s.take(service)
	s.take(first)
	s.take(srv.Requests())
	s.take(srv.Violations())

	require.Greater(t, s.text.Len(), 100_000, "the sink did not take what it should have")
	for secret := range a.auths {
		assert.Empty(t, s.leaks(secret), s.where("_sk_live_"+secret))
	}
	for secret := range a.auths {
		fmt.Fprint(s, secret)
		assert.NotEmpty(t, s.leaks(secret), "this test would not notice")
	}
}

// attempts takes attempts and not their contexts: one whose time may run out just then cannot be printed by reflection.
type attempts struct{ *sink }

// AttemptDone takes the attempt.
func (s attempts) AttemptDone(_ context.Context, a client.Attempt) { s.take(a) }

// quoted has a peer send the secret back in every place of an error.
func (a *agentCanary) quoted(secret string, auth agents.Auth) {
	a.t.Helper()
	body := strings.ReplaceAll(`{"data":null,"error":{"code":"#","message":"# is bad","field":"#","suggestion":"#",`+
		`"details":{"x":"#","issues":[{"path":"#","message":"#"}]}}}`, "#", secret)
	if strings.Contains(auth.String(), "JWT") {
		return // what stands for the key in this test is not how a peer would quote it
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
		c, err := client.New(client.WithToken(token), client.WithTransport(mock), client.WithHooks(attempts{a.sink}), client.WithLogger(a.logs[1]),
			client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
		require.NoError(a.t, err)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond) // a lost answer is not looked for long
		_, err = agents.New(c).Register(ctx, agents.RegisterParams{
			SourceID: "canary", Name: "canary", Type: agents.TypeSales, EndpointURL: "https://agent.example/mcp", Protocol: agents.ProtocolMCP, Auth: auth,
		})
		cancel()
		a.takeErr(err)
		_, err = agents.New(c).UpdateSource(context.Background(), "canary", agents.UpdateParams{Auth: auth})
		a.takeErr(err)
		_, err = agents.New(c).RegisterCredential(context.Background(), "1", "canary", agents.CredentialParams{AccountIdentifier: "a", Auth: auth})
		a.takeErr(err)
	}
}

// refused gives a secret where it is not valid.
func (a *agentCanary) refused(service *agents.Service, first *agents.FirstPlatform, secret string) {
	for _, auth := range []agents.Auth{
		agents.Bearer(secret + "\n"), agents.APIKey(secret + " x"), agents.Basic(secret+":", secret+"\x00"),
		agents.CustomHeader(secret+" ", secret+"\r\n"), agents.JWT(secret, agents.JWTParams{}), agents.RawAuth("", jsontext.Value(secret)),
		agents.OAuth(agents.OAuthParams{Issuer: "https://ann:" + secret + "@a.example"}),
	} {
		_, err := service.Register(context.Background(), agents.RegisterParams{
			EndpointURL: "https://ann:" + secret + "@agent.example", Auth: auth,
		})
		a.takeErr(err)
		_, err = first.RegisterSales(context.Background(), agents.SalesParams{Auth: auth})
		a.takeErr(err)
	}
}
