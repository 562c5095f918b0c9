package agents_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/pace"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func startSandbox(t *testing.T, opts ...sandbox.Option) (*sandboxtest.Sandbox, *client.Client) {
	t.Helper()
	srv := sandboxtest.Start(t, opts...)
	return srv, srv.Client
}

// startFirst runs a sandbox with the first platform's tools.
func startFirst(t *testing.T) (*sandboxtest.Sandbox, *agents.FirstPlatform) {
	t.Helper()
	srv, c := startSandbox(t, sandbox.WithFirstPlatformTools())
	session, err := mcpclient.Connect(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, session.Close(context.Background())) })
	return srv, agents.NewFirstPlatform(session)
}

// peer is a platform that answers as it is told and remembers what it was sent.
type peer struct {
	mu      sync.Mutex
	answers []answer // the last one stays
	sent    []string
	bodies  []string
}

type answer struct {
	status int
	body   string
	header http.Header
	err    error
}

func (p *peer) do(req *http.Request) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, req.Method+" "+req.URL.Path)
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		p.bodies = append(p.bodies, string(body))
	}
	a := p.answers[0]
	if len(p.answers) > 1 {
		p.answers = p.answers[1:]
	}
	if a.err != nil {
		return nil, a.err
	}
	resp := httpmock.NewStringResponse(a.status, a.body)
	resp.Header = a.header.Clone()
	if resp.Header == nil {
		resp.Header = make(http.Header)
	}
	resp.Header.Set("Content-Type", "application/json")
	resp.Request = req
	return resp, nil
}

// against is a Service that talks to a peer.
func against(t *testing.T, answers ...answer) (*peer, *agents.Service) {
	t.Helper()
	p := &peer{answers: answers}
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(p.do)
	token, err := client.ParseToken("scope3_ak_TEST_sk_live_0123456789abcdef")
	require.NoError(t, err)
	c, err := client.New(client.WithToken(token), client.WithTransport(mock), client.WithLimiter(open{}),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	require.NoError(t, err)
	return p, agents.New(c)
}

// tools are tools that answer as they are told and remember what they were sent.
type tools struct {
	names  []string
	answer string
	err    error

	called string
	args   string
	asked  int
}

func (f *tools) ToolNames(context.Context) ([]string, error) {
	f.asked++
	return f.names, f.err
}

func (f *tools) ToolData(_ context.Context, name string, args any, _ ...client.CallOption) (jsontext.Value, error) {
	f.called = name
	raw, err := json.Marshal(args)
	if err != nil {
		return nil, err
	}
	f.args = string(raw)
	return jsontext.Value(f.answer), f.err
}

var firstNames = []string{
	"sales_agents_register", "sales_agents_list", "sales_agents_update", "sales_agents_unregister",
	"signals_agent_register", "signals_agent_list", "signals_agent_update", "signals_agent_unregister",
}

// pkcs8 makes a private key as PEM text.
func pkcs8(t testing.TB, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func p256(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

func rsaKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	return key
}

var jwtParams = agents.JWTParams{
	Issuer: "scope3", Subject: "buyer-1", KeyID: "k1", Scope: "ads.read ads.write",
	TokenEndpointURL: "https://id.publisher.example/token", AudienceURL: "https://id.publisher.example/aud",
}

// premium is a registration that lacks nothing but an Auth.
var premium = agents.RegisterParams{
	SourceID: "premium-video", Name: "Premium Video", Type: agents.TypeSales,
	EndpointURL: "https://agent.publisher.example/mcp", Protocol: agents.ProtocolMCP,
}

func withAuth(a agents.Auth) agents.RegisterParams {
	p := premium
	p.Auth = a
	return p
}

// issuesOf are the paths that a refusal of arguments names.
func issuesOf(t *testing.T, err error) []string {
	t.Helper()
	require.ErrorIs(t, err, client.ErrInvalidParams)
	var bad *client.ParamError
	require.ErrorAs(t, err, &bad)
	paths := make([]string, len(bad.Issues))
	for i, issue := range bad.Issues {
		paths[i] = issue.Path
	}
	return paths
}

type open struct{}

func (open) Wait(context.Context, pace.Key, time.Duration) error { return nil }
func (open) Observe(pace.Key, pace.Observation)                  {}
func (open) Release(pace.Key, bool)                              {}
