package agents_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/client"
)

// The transports of the table.
const (
	source = iota
	credential
	sales
	signals
)

const (
	refused  = "refused: there is no form for it"
	sourceOK = `{"data":{"id":"src_1","sourceId":"premium-video","name":"Premium Video"},"error":null}`
)

// Each kind of authentication has, on each transport, exactly the documented JSON or a typed refusal
// (docs/platform.md#agents).
func TestEveryAuthOnEveryTransport(t *testing.T) {
	t.Parallel()
	key := pkcs8(t, p256(t))
	quoted, err := json.Marshal(key)
	require.NoError(t, err)
	es256 := jwtParams
	es256.Algorithm, es256.Environment = agents.ES256, "production"
	jwtAuth := `{"type":"jwt","privateKey":` + string(quoted) + `,"issuer":"scope3","subject":"buyer-1","keyId":"k1",` +
		`"scope":"ads.read ads.write","tokenEndpointUrl":"https://id.publisher.example/token",` +
		`"audienceUrl":"https://id.publisher.example/aud"`
	for name, tt := range map[string]struct {
		auth agents.Auth
		want [4]string
	}{
		"bearer": {agents.Bearer("s3cr3t-token"), [4]string{
			`"authenticationType":"API_KEY","auth":{"type":"bearer","token":"s3cr3t-token"}`,
			`"auth":{"type":"bearer","token":"s3cr3t-token"}`,
			`"auth_config":{"type":"bearer","token":"s3cr3t-token"}`,
			`"config":{"auth_type":"bearer","token":"s3cr3t-token"}`,
		}},
		"API key": {agents.APIKey("s3cr3t-key"), [4]string{
			`"authenticationType":"API_KEY","auth":{"type":"api_key","token":"s3cr3t-key"}`,
			`"auth":{"type":"api_key","token":"s3cr3t-key"}`,
			`"auth_config":{"api_key":"s3cr3t-key"}`,
			refused,
		}},
		"basic": {agents.Basic("ann", "s3cr3t pass"), [4]string{
			`"authenticationType":"BASIC_AUTH","auth":{"type":"basic","username":"ann","password":"s3cr3t pass"}`,
			`"auth":{"type":"basic","username":"ann","password":"s3cr3t pass"}`,
			refused, refused,
		}},
		"basic without a password": {agents.Basic("ann", ""), [4]string{
			`"authenticationType":"BASIC_AUTH","auth":{"type":"basic","username":"ann","password":""}`,
			`"auth":{"type":"basic","username":"ann","password":""}`,
			refused, refused,
		}},
		"JWT": {agents.JWT(key, jwtParams), [4]string{
			`"authenticationType":"JWT","auth":` + jwtAuth + `}`, `"auth":` + jwtAuth + `}`, refused, refused,
		}},
		"JWT with everything": {agents.JWT(key, es256), [4]string{
			`"authenticationType":"JWT","auth":` + jwtAuth + `,"algorithm":"ES256","environment":"production"}`,
			`"auth":` + jwtAuth + `,"algorithm":"ES256","environment":"production"}`,
			refused, refused,
		}},
		"OAuth": {agents.OAuth(agents.OAuthParams{}), [4]string{
			`"authenticationType":"OAUTH"`, ``, "auth.issuer", "auth.issuer",
		}},
		"OAuth with an audience": {agents.OAuth(agents.OAuthParams{Audience: "https://agent.publisher.example"}), [4]string{
			`"authenticationType":"OAUTH","oauthAudience":"https://agent.publisher.example"`, refused, refused, refused,
		}},
		"OAuth with an issuer": {agents.OAuth(agents.OAuthParams{
			Issuer: "https://publisher.com",
			Scope:  "adcp.read adcp.write",
		}), [4]string{
			refused, refused,
			`"auth_config":{"type":"oauth","issuer":"https://publisher.com","scope":"adcp.read adcp.write"}`,
			`"config":{"auth_type":"oauth","issuer":"https://publisher.com","scope":"adcp.read adcp.write"}`,
		}},
		"OAuth with an issuer alone": {agents.OAuth(agents.OAuthParams{Issuer: "https://publisher.com"}), [4]string{
			refused, refused,
			`"auth_config":{"type":"oauth","issuer":"https://publisher.com"}`,
			`"config":{"auth_type":"oauth","issuer":"https://publisher.com"}`,
		}},
		"OAuth with both": {
			agents.OAuth(agents.OAuthParams{Issuer: "https://publisher.com", Audience: "https://a.example"}),
			[4]string{refused, refused, refused, refused},
		},
		"custom header": {agents.CustomHeader("x-api-key", "s3cr3t value"), [4]string{
			refused, refused,
			`"auth_config":{"type":"custom_header","headerName":"x-api-key","headerValue":"s3cr3t value"}`,
			`"config":{"auth_type":"custom_header","headerName":"x-api-key","headerValue":"s3cr3t value"}`,
		}},
		"none": {agents.NoAuth(), [4]string{`"authenticationType":"NO_AUTH"`, ``, ``, ``}},
		"later": {agents.DeferAuth(agents.AuthenticationBasic), [4]string{
			`"authenticationType":"BASIC_AUTH"`, refused, refused, refused,
		}},
		"raw with a type": {agents.RawAuth("JWT", jsontext.Value(`{"type":"yahoo_jwt","keyId":"k"}`)), [4]string{
			`"authenticationType":"JWT","auth":{"type":"yahoo_jwt","keyId":"k"}`, refused, refused, refused,
		}},
		"raw": {agents.RawAuth("", jsontext.Value(`{"type":"yahoo_jwt","keyId":"k"}`)), [4]string{
			refused,
			`"auth":{"type":"yahoo_jwt","keyId":"k"}`,
			`"auth_config":{"type":"yahoo_jwt","keyId":"k"}`,
			`"config":{"type":"yahoo_jwt","keyId":"k"}`,
		}},
		"none given": {agents.Auth{}, [4]string{"auth", ``, ``, ``}},
	} {
		for transport, want := range tt.want {
			t.Run(fmt.Sprint(name, " ", transport), func(t *testing.T) {
				t.Parallel()
				sent, err := sendTo(t, transport, tt.auth)
				switch {
				case want == refused:
					require.ErrorIs(t, err, agents.ErrAuthUnsupported)
					assert.Equal(t, []string{"auth"}, issuesOf(t, err))
					assert.Empty(t, sent)
				case want != "" && !strings.Contains(want, `"`):
					assert.Contains(t, issuesOf(t, err), want)
					assert.NotErrorIs(t, err, agents.ErrAuthUnsupported)
					assert.Empty(t, sent)
				default:
					require.NoError(t, err)
					assert.Equal(t, bodyOf(transport, want), sent)
				}
			})
		}
	}
}

// bodyOf puts what is sent of an Auth into the rest of the body.
func bodyOf(transport int, auth string) string {
	if auth != "" && transport != source {
		auth = "," + auth
	}
	switch transport {
	case source:
		return `{"sourceId":"premium-video","name":"Premium Video","type":"SALES",` +
			`"endpointUrl":"https://agent.publisher.example/mcp","protocol":"MCP",` + auth + `,"executionType":"AGENT"}`
	case credential:
		return `{"accountIdentifier":"acme"` + auth + `}`
	case sales:
		return `{"endpoint_url":"https://agent.publisher.example/mcp","name":"Premium Video"` + auth + `}`
	default:
		return `{"name":"Segments","endpointUrl":"https://agent.publisher.example/mcp","brandAgentId":"42"` + auth + `}`
	}
}

// sendTo makes the call of a transport and returns what went out.
func sendTo(t *testing.T, transport int, a agents.Auth) (sent string, err error) {
	t.Helper()
	ctx := t.Context()
	p, service := against(t, answer{status: 201, body: sourceOK})
	f := &tools{names: firstNames, answer: `{"agentId":"7","agent":{"id":"7"}}`}
	first := agents.NewFirstPlatform(f)
	switch transport {
	case source:
		_, err = service.Register(ctx, withAuth(a))
	case credential:
		p.answers[0].body = `{"data":{"id":"cred_1"},"error":null}`
		_, err = service.RegisterCredential(ctx, "501", "premium-video",
			agents.CredentialParams{AccountIdentifier: "acme", Auth: a})
	case sales:
		_, err = first.RegisterSales(ctx, agents.SalesParams{EndpointURL: premium.EndpointURL, Name: premium.Name, Auth: a})
		return f.args, err
	default:
		_, err = first.RegisterSignals(ctx,
			agents.SignalsParams{Name: "Segments", EndpointURL: premium.EndpointURL, BrandAgentID: "42", Auth: a})
		return f.args, err
	}
	return strings.Join(p.bodies, ""), err
}

func TestRefusedAuthSaysWhereItWorks(t *testing.T) {
	t.Parallel()
	_, service := against(t, answer{})
	_, err := service.Register(t.Context(), withAuth(agents.CustomHeader("x-api-key", "s3cr3t value")))
	var unsupported *agents.UnsupportedAuthError
	require.ErrorAs(t, err, &unsupported)
	assert.Equal(t, "custom header", unsupported.Auth)
	assert.Equal(t, []string{"RegisterSales on the first platform", "RegisterSignals on the first platform"},
		unsupported.Works)
	assert.EqualError(t, err, "interchange: createInventorySource: auth custom header does not work with Register and "+
		"UpdateSource on the current platform; it works with RegisterSales and RegisterSignals on the first platform")

	_, err = agents.NewFirstPlatform(&tools{}).RegisterSales(t.Context(), agents.SalesParams{Auth: agents.Basic("a", "b")})
	require.ErrorAs(t, err, &unsupported)
	assert.Equal(t, []string{"endpoint_url", "name", "auth"}, issuesOf(t, err), "all that is wrong is said at once")

	_, err = service.Register(t.Context(),
		withAuth(agents.OAuth(agents.OAuthParams{Issuer: "https://a.example", Scope: "s", Audience: "https://b.example"})))
	assert.ErrorContains(t, err, "OAuth with an issuer and a scope and an audience does not work with")
	assert.ErrorContains(t, err, "nor anywhere else")

	_, err = service.Register(t.Context(), withAuth(agents.OAuth(agents.OAuthParams{Issuer: "https://a.example"})))
	assert.EqualError(t, err,
		"interchange: createInventorySource: auth OAuth with an issuer does not work with Register and "+
			"UpdateSource on the current platform; it works with RegisterSales and RegisterSignals on the first platform: "+
			"leave Issuer and Scope out, Audience has that role there")
	_, err = service.RegisterCredential(t.Context(), "501", "premium-video", agents.CredentialParams{
		AccountIdentifier: "acme", Auth: agents.OAuth(agents.OAuthParams{Audience: "https://a.example"}),
	})
	assert.ErrorContains(t, err, "leave Issuer, Scope and Audience out there")
	_, err = agents.NewFirstPlatform(&tools{}).RegisterSales(t.Context(), agents.SalesParams{
		Auth: agents.OAuth(agents.OAuthParams{Issuer: "https://a.example", Audience: "https://a.example"}),
	})
	assert.ErrorContains(t, err, "leave Audience out, Issuer and Scope are what it takes there")
}

// Register sends all that is documented, in capitals.
func TestRegisterSendsEverything(t *testing.T) {
	t.Parallel()
	p, service := against(t, answer{status: 201, body: sourceOK})
	params := withAuth(agents.OAuth(agents.OAuthParams{Audience: "https://aud.example"}))
	params.Description = "Sells video"
	params.ConnectionContract = agents.ConnectionContract{ID: "sales-v1", Version: 2, AuthenticationMethod: "oauth2"}
	_, err := service.Register(t.Context(), params)
	require.NoError(t, err)
	assert.Equal(t, []string{"POST /api/v2/storefront/inventory-sources"}, p.sent)
	assert.Equal(t, []string{`{"sourceId":"premium-video","name":"Premium Video","type":"SALES",` +
		`"endpointUrl":"https://agent.publisher.example/mcp","protocol":"MCP","description":"Sells video",` +
		`"connectionContract":{"id":"sales-v1","version":2,"authenticationMethod":"oauth2"},` +
		`"authenticationType":"OAUTH","oauthAudience":"https://aud.example","executionType":"AGENT"}`}, p.bodies)
}

func TestUpdateSendsWhatIsSet(t *testing.T) {
	t.Parallel()
	p, service := against(t, answer{status: 200, body: sourceOK})
	for _, tt := range []struct {
		params agents.UpdateParams
		want   string
	}{
		{agents.UpdateParams{Name: "New"}, `{"name":"New"}`},
		{agents.UpdateParams{Status: agents.StatusActive}, `{"status":"ACTIVE"}`},
		{agents.UpdateParams{Auth: agents.NoAuth()}, `{"authenticationType":"NO_AUTH"}`},
		{
			agents.UpdateParams{
				Description: "d", EndpointURL: "http://127.0.0.1:8080/mcp", Protocol: agents.ProtocolA2A,
				Auth: agents.APIKey("k-123"),
			},
			`{"endpointUrl":"http://127.0.0.1:8080/mcp","protocol":"A2A","description":"d",` +
				`"authenticationType":"API_KEY","auth":{"type":"api_key","token":"k-123"}}`,
		},
	} {
		_, err := service.UpdateSource(t.Context(), "premium-video", tt.params)
		require.NoError(t, err)
		assert.Equal(t, tt.want, p.bodies[len(p.bodies)-1])
	}
	sent := len(p.sent)
	_, err := service.UpdateSource(t.Context(), "premium-video", agents.UpdateParams{})
	assert.Equal(t, []string{"body"}, issuesOf(t, err))
	_, err = service.UpdateSource(t.Context(), "premium-video", agents.UpdateParams{Auth: agents.CustomHeader("x", "y")})
	require.ErrorIs(t, err, agents.ErrAuthUnsupported)
	_, err = service.UpdateSource(t.Context(), "..", agents.UpdateParams{Name: "n"})
	require.ErrorIs(t, err, client.ErrInvalidParams)
	assert.Len(t, p.sent, sent)
}
