package sandbox_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const (
	sourcesPath = "/api/v2/storefront/inventory-sources"
	agentSecret = "the-secret-of-the-agent"
)

// registration is the body of a registration with some of its members replaced; nil takes one away.
func registration(replace map[string]any) string {
	body := map[string]any{
		"sourceId": "premium", "name": "Premium Video", "executionType": "AGENT", "type": "SALES",
		"endpointUrl": "https://agent.publisher.example/mcp", "protocol": "MCP", "authenticationType": "API_KEY",
		"auth": map[string]any{"type": "bearer", "token": agentSecret},
	}
	for name, value := range replace {
		if body[name] = value; value == nil {
			delete(body, name)
		}
	}
	return string(must(json.Marshal(body)))
}

func TestRegistrationRules(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	jwt := func(change m) m {
		auth := m{
			"type": "jwt", "privateKey": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "issuer": "i",
			"subject": "s",
			"keyId":   "k", "scope": "s", "tokenEndpointUrl": "https://a.example", "audienceUrl": "https://a.example",
		}
		for name, value := range change {
			auth[name] = value
		}
		return m{"authenticationType": "JWT", "auth": auth}
	}
	for name, tt := range map[string]struct {
		replace m
		want    []string
	}{
		"small letters": {
			m{"type": "sales", "protocol": "mcp", "executionType": "agent", "authenticationType": "api_key"},
			[]string{"executionType", "type", "protocol", "authenticationType", "auth.type"},
		},
		"only a name": {
			m{"sourceId": nil, "type": nil, "endpointUrl": nil, "protocol": nil, "authenticationType": nil, "auth": nil},
			[]string{"type", "endpointUrl", "protocol", "authenticationType"},
		},
		"no name":                {m{"name": nil}, []string{"name"}},
		"nothing to make a slug": {m{"name": "…", "sourceId": nil}, []string{"sourceId"}},
		"long": {
			m{"name": strings.Repeat("n", 256), "description": strings.Repeat("d", 2001)},
			[]string{"name", "description"},
		},
		"http":         {m{"endpointUrl": "http://agent.example/mcp"}, []string{"endpointUrl"}},
		"not absolute": {m{"endpointUrl": "agent.example/mcp"}, []string{"endpointUrl"}},
		"audience": {
			m{"authenticationType": "OAUTH", "auth": nil, "oauthAudience": "aud"},
			[]string{"oauthAudience"},
		},
		"no token":     {m{"auth": m{"type": "bearer", "token": ""}}, []string{"auth.token"}},
		"another type": {m{"auth": m{"type": "basic", "username": "a", "password": ""}}, []string{"auth.type"}},
		"no user": {
			m{"authenticationType": "BASIC_AUTH", "auth": m{"type": "basic", "password": "p"}},
			[]string{"auth.username"},
		},
		"no JWT":                {m{"authenticationType": "JWT", "auth": nil}, []string{"auth"}},
		"JWT without a subject": {jwt(m{"subject": ""}), []string{"auth.subject"}},
		"JWT with SEC 1": {
			jwt(m{"privateKey": "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----"}),
			[]string{"auth.privateKey"},
		},
		"auth is no object": {m{"auth": agentSecret}, []string{"auth"}},
		"contract": {
			m{"connectionContract": m{"id": "9", "version": 0}},
			[]string{"connectionContract.id", "connectionContract.version", "connectionContract"},
		},
	} {
		srv, admin := startSandbox(t)
		got := admin.call(http.MethodPost, sourcesPath, registration(tt.replace)).issues()
		for _, path := range tt.want {
			require.Contains(t, strings.Join(got, " "), path, name)
		}
		require.Empty(t, admin.get(sourcesPath).object()["data"], name)
		require.Zero(t, srv.Effects("POST "+sourcesPath))
		seen := string(must(json.Marshal(srv.Requests()))) + strings.Join(srv.Violations(), "\n")
		require.NotContains(t, seen, agentSecret, name)
	}
	for name, replace := range map[string]m{
		"all":            nil,
		"slug":           {"sourceId": nil},
		"later":          {"auth": nil},
		"empty auth":     {"auth": m{}},
		"apikey":         {"auth": m{"type": "apikey", "token": "t"}},
		"api_key":        {"auth": m{"type": "api_key", "token": "t"}},
		"no auth":        {"authenticationType": "NO_AUTH", "auth": nil},
		"JWT":            jwt(nil),
		"custom":         {"auth": m{"type": "yahoo_jwt", "keyId": "k"}},
		"loopback":       {"endpointUrl": "http://127.0.0.1:9/mcp"},
		"no execution":   {"executionType": nil},
		"OAuth audience": {"authenticationType": "OAUTH", "auth": nil, "oauthAudience": "https://a.example"},
	} {
		srv, admin := startSandbox(t)
		created := admin.call(http.MethodPost, sourcesPath, registration(replace))
		require.Equal(t, http.StatusCreated, created.status, "%s: %s", name, created.text)
		require.Empty(t, srv.Violations(), name)
		require.NotContains(t, created.text, agentSecret)
		if name == "slug" {
			require.Equal(t, "premium-video", created.data()["sourceId"])
		}
		admin.call(http.MethodPost, sourcesPath, registration(replace)).refused(http.StatusConflict, "CONFLICT")
	}
}

func TestAuthenticationDecidesTheStatus(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	created := admin.call(http.MethodPost, sourcesPath, registration(map[string]any{"auth": nil})).data()
	require.Equal(t, "PENDING", created["status"])
	require.Equal(t, false, created["authConfigured"])
	one := sourcesPath + "/premium"
	admin.call(http.MethodPut, one, `{"status":"ACTIVE"}`).refused(http.StatusBadRequest, "INVALID_STATE")
	changed := admin.call(http.MethodPut, one, `{"auth":{"type":"api_key","token":"`+agentSecret+`"}}`).data()
	require.Equal(t, "ACTIVE", changed["status"])
	require.True(t, srv.AgentSecret("premium", agentSecret))
	require.True(t, srv.AgentSecret(changed["agentId"].(string), agentSecret))
	require.False(t, srv.AgentSecret("premium", "api_key"))

	require.EqualError(t, srv.CompleteOAuth("premium"), `sandbox: "premium" does not wait for anybody's consent`)
	require.EqualError(t, srv.CompleteOAuth("premiun"),
		`sandbox: "premiun" is no source, agent or credential that is there`)
	admin.call(http.MethodPost, "/api/v2/storefront/agents/"+changed["agentId"].(string)+"/oauth/authorize", `{}`).
		refused(http.StatusBadRequest, "INVALID_STATE")
	changed = admin.call(http.MethodPut, one, `{"authenticationType":"OAUTH"}`).data()
	require.Equal(t, "PENDING", changed["status"])
	require.Contains(t, changed["oauth"].(map[string]any)["authorizationUrl"], "https://consent.sandbox.example/")
	require.False(t, srv.AgentSecret("premium", agentSecret), "what is replaced is forgotten")
	require.NoError(t, srv.CompleteOAuth(changed["agentId"].(string)))
	require.Equal(t, "ACTIVE", admin.get(one).data()["status"])

	changed = admin.call(http.MethodPut, one, `{"status":"DISABLED"}`).data()
	require.Equal(t, "DISABLED", changed["status"])
	require.Equal(t, "ACTIVE", admin.call(http.MethodPut, one, `{"status":"ACTIVE"}`).data()["status"])
	require.Empty(t, srv.Violations())
}

func TestAgentsAreForThoseWhoMay(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithTermsPending(), sandbox.WithFirstPlatformTools())
	admin.call(http.MethodPost, sourcesPath, registration(nil)).refused(http.StatusForbidden, "TOS_ACCEPTANCE_REQUIRED")
	const register = `{"endpoint_url":"https://a.example","name":"n"}`
	require.Contains(t, text(t, admin.connect(legacy).call("sales_agents_register", register)), "TOS_ACCEPTANCE_REQUIRED")
	srv.AcceptTerms()
	reader := admin.granted(sandbox.Grant{Role: sandbox.RoleRead, SeatID: "seat_101"})
	reader.call(http.MethodPost, sourcesPath, registration(nil)).refused(http.StatusForbidden, "FORBIDDEN")
	require.Equal(t, http.StatusOK, reader.get(sourcesPath).status)
	require.Contains(t, text(t, reader.connect(legacy).call("sales_agents_register", register)), "FORBIDDEN")
	admin.call(http.MethodPost, sourcesPath, registration(nil)).data()
	member := admin.granted(sandbox.Grant{Role: sandbox.RoleMember})
	member.call(http.MethodPost, "/api/v2/buyer/storefronts/501/sources/premium/credentials",
		`{"accountIdentifier":"a","marketplaceAccount":true}`).refused(http.StatusForbidden, "FORBIDDEN")
}

func TestAgentsThroughTheGateway(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	p := admin.connect(modern)
	created := p.object("api_call", `{"operation":"create_inventory_source","body":`+registration(nil)+`}`)
	require.Equal(t, "premium", created["data"].(map[string]any)["sourceId"])
	require.True(t, srv.AgentSecret("premium", agentSecret))
	require.Empty(t, srv.Violations())
	require.NotContains(t, string(must(json.Marshal(srv.Requests()))), agentSecret)
}

func TestToolsForAgentsCheckTheirArguments(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithFirstPlatformTools())
	p := admin.connect(legacy)
	for _, tt := range []struct{ tool, args, want string }{
		{"sales_agents_register", `{"endpointUrl":"https://a.example","name":"n"}`, "endpoint_url"},
		{"sales_agents_register", `{"endpoint_url":"http://a.example","name":"n"}`, "endpoint_url"},
		{"sales_agents_register", `{"endpoint_url":"https://a.example","name":"n","protocol":"MCP"}`, "protocol"},
		{
			"sales_agents_register", `{"endpoint_url":"https://a.example","name":"n","auth_config":{"type":"oauth"}}`,
			"auth_config.issuer",
		},
		{
			"sales_agents_register",
			`{"endpoint_url":"https://a.example","name":"n","auth_config":{"auth_type":"oauth","issuer":"i"}}`,
			"auth_config.type",
		},
		{
			"sales_agents_register", `{"endpoint_url":"https://a.example","name":"n","auth_config":"` + agentSecret + `"}`,
			"auth_config",
		},
		{"sales_agents_unregister", `{"sales_agent_id":"7"}`, "confirm"},
		{"signals_agent_register", `{"name":"n","endpoint_url":"https://a.example","brandAgentId":"1"}`, "endpointUrl"},
		{
			"signals_agent_register",
			`{"name":"n","endpointUrl":"https://a.example","brandAgentId":"1","config":{"type":"oauth","issuer":"i"}}`,
			"config.auth_type",
		},
		{
			"signals_agent_register",
			`{"name":"n","endpointUrl":"https://a.example","brandAgentId":"1","config":{"auth_type":"custom_header",` +
				`"headerName":"x"}}`, "config.headerValue",
		},
	} {
		said := text(t, p.call(tt.tool, tt.args))
		require.Contains(t, said, "VALIDATION_ERROR", tt.args)
		require.Contains(t, said, tt.want, tt.args)
	}
	registered := text(t, p.call("sales_agents_register", `{"endpoint_url":"https://a.example","name":"n"}`))
	require.Contains(t, registered, "Scope3 tests and approves")
	require.NotContains(t, string(must(json.Marshal(srv.Requests()))), agentSecret)
}

func TestBodiesAreRecordedWithoutSecretsOfAgents(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	for _, body := range []string{
		registration(nil),
		registration(map[string]any{"auth": map[string]any{"deep": []any{map[string]any{"x": agentSecret}, agentSecret}}}),
		registration(map[string]any{"auth": agentSecret, "Auth": map[string]any{"TOKEN": agentSecret}}),
		`{"name":"n","token":"` + agentSecret + `"}`,
		`{"name":"n","\u0061uth":{"token":"` + agentSecret + `"}}`,
		`{"auth":{"token":"` + agentSecret + `"`,
		`[{"password":"` + agentSecret + `"}]`,
	} {
		admin.call(http.MethodPost, sourcesPath, body)
	}
	admin.call(http.MethodPost, tokensPath,
		`{"name":"big","expiresInDays":12345678901234567890,"auth":{"k":"`+agentSecret+`"}}`)
	got := srv.Requests()
	require.NotContains(t, string(must(json.Marshal(got))), agentSecret)
	require.JSONEq(t, registration(map[string]any{"auth": map[string]any{"type": "bearer", "token": "[hidden]"}}),
		got[0].Body)
	require.Equal(t, "[hidden]", got[5].Body)
	require.Contains(t, got[7].Body, "12345678901234567890", "the rest is as it was sent")
}
