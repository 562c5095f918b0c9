package agents_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// Each registration reaches the platform with its secret and is read back without it, wherever one looks.
func TestRegistrationsAreReadBackWithoutTheirSecret(t *testing.T) {
	srv, c := startSandbox(t)
	service := agents.New(c)
	ctx := t.Context()
	key := pkcs8(t, p256(t))
	secrets := map[string]string{}
	for name, tt := range map[string]struct {
		auth       agents.Auth
		secret     string
		typ        agents.AuthenticationType
		configured bool
	}{
		"bearer": {agents.Bearer(kept + "-1"), kept + "-1", agents.AuthenticationAPIKey, true},
		"key":    {agents.APIKey(kept + "-2"), kept + "-2", agents.AuthenticationAPIKey, true},
		"basic":  {agents.Basic("ann", kept+"-3"), kept + "-3", agents.AuthenticationBasic, true},
		"jwt":    {agents.JWT(key, jwtParams), key, agents.AuthenticationJWT, true},
		"raw": {
			agents.RawAuth("API_KEY", jsontext.Value(`{"type":"ours","k":"`+kept+`-4"}`)), kept + "-4",
			agents.AuthenticationAPIKey, true,
		},
		"none":      {agents.NoAuth(), "", agents.AuthenticationNone, true},
		"later":     {agents.DeferAuth(agents.AuthenticationBasic), "", agents.AuthenticationBasic, false},
		"later-key": {agents.DeferAuth(agents.AuthenticationAPIKey), "", agents.AuthenticationAPIKey, false},
		"oauth": {
			agents.OAuth(agents.OAuthParams{Audience: "https://aud.example"}), "", agents.AuthenticationOAuth,
			false,
		},
		"oauth-plain": {agents.OAuth(agents.OAuthParams{}), "", agents.AuthenticationOAuth, false},
	} {
		params := withAuth(tt.auth)
		params.SourceID = name
		registered, err := service.Register(ctx, params)
		require.NoError(t, err, name)
		assert.Equal(t, tt.typ, registered.AuthenticationType, name)
		assert.Equal(t, tt.configured, registered.AuthConfigured, name)
		assert.Equal(t, tt.configured, registered.Status == agents.StatusActive, name)

		again, err := service.GetSource(ctx, name)
		require.NoError(t, err)
		assert.Equal(t, registered, again, name)
		if tt.secret != "" {
			secrets[name] = tt.secret
			assert.True(t, srv.AgentSecret(name, tt.secret), name)
			assert.False(t, srv.AgentSecret(name, tt.secret+"x"), name)
		}
	}

	var everything recorder
	sources, err := client.Collect(service.ListSources().All(ctx))
	require.NoError(t, err)
	assert.Len(t, sources, 10)
	for _, source := range sources {
		detail, err := service.Get(ctx, source.AgentID)
		require.NoError(t, err)
		assert.Equal(t, source.AuthenticationType, detail.AuthenticationType)
		var meta client.Response
		_, err = service.GetSource(ctx, source.SourceID, client.WithResponse(&meta))
		require.NoError(t, err)
		fmt.Fprintf(&everything, "%+v %+v %s", source, detail, meta.RawBody())
	}
	seen, err := json.Marshal(srv.Requests())
	require.NoError(t, err)
	everything.Write(seen)
	for name, secret := range secrets {
		if name == "jwt" {
			secret = secret[30:90] // past the words that every key begins with
		}
		assert.False(t, shows(everything.String(), secret), name)
	}
	assert.Contains(t, everything.String(), "[hidden]", "the bodies were recorded")
	assert.Contains(t, everything.String(), `\"type\":\"bearer\"`)
}

func TestSourceLifecycle(t *testing.T) {
	srv, c := startSandbox(t)
	service := agents.New(c)
	ctx := t.Context()
	registered, err := service.Register(ctx, withAuth(agents.DeferAuth(agents.AuthenticationAPIKey)))
	require.NoError(t, err)
	_, err = service.Register(ctx, withAuth(agents.NoAuth()))
	require.ErrorIs(t, err, client.ErrConflict)

	updated, err := service.UpdateSource(ctx, registered.SourceID, agents.UpdateParams{
		Name: "Better Video", Description: "d", EndpointURL: "https://new.publisher.example/mcp", Auth: agents.APIKey(kept),
	})
	require.NoError(t, err)
	assert.Equal(t, "Better Video", updated.Name)
	assert.Equal(t, agents.StatusActive, updated.Status)
	assert.True(t, srv.AgentSecret(registered.SourceID, kept))

	updated, err = service.UpdateSource(ctx, registered.SourceID, agents.UpdateParams{Status: agents.StatusDisabled})
	require.NoError(t, err)
	assert.Equal(t, agents.StatusDisabled, updated.Status)
	_, err = service.WaitUntilConfigured(ctx, registered.SourceID, agents.Wait{})
	require.ErrorIs(t, err, agents.ErrSourceDisabled)
	updated, err = service.UpdateSource(ctx, registered.SourceID, agents.UpdateParams{Status: agents.StatusActive})
	require.NoError(t, err)
	assert.Equal(t, agents.StatusActive, updated.Status)
	assert.True(t, srv.AgentSecret(string(registered.AgentID), kept))

	srv.Inject(sandbox.Fault{
		Route: "DELETE /api/v2/storefront/inventory-sources/{sourceId}",
		Kind:  sandbox.FaultResetAfter, Times: 1,
	})
	require.NoError(t, service.DeleteSource(ctx, registered.SourceID), "a 404 after a lost answer is a success")
	require.ErrorIs(t, service.DeleteSource(ctx, registered.SourceID), client.ErrNotFound)
	_, err = service.GetSource(ctx, registered.SourceID)
	require.ErrorIs(t, err, client.ErrNotFound)
	detail, err := service.Get(ctx, registered.AgentID)
	require.NoError(t, err)
	assert.Equal(t, agents.StatusDisabled, detail.Status, "the agent of a deleted source is disabled")
	assert.False(t, srv.AgentSecret(string(registered.AgentID), kept), "and its secret is gone")
	_, err = service.Get(ctx, "agent_0")
	require.ErrorIs(t, err, client.ErrNotFound)
}

func TestListAgents(t *testing.T) {
	_, c := startSandbox(t)
	service := agents.New(c)
	ctx := t.Context()
	for i := range 5 {
		params := withAuth(agents.NoAuth())
		params.SourceID, params.Name = "s"+strconv.Itoa(i), "Agent "+strconv.Itoa(i)
		_, err := service.Register(ctx, params)
		require.NoError(t, err)
	}
	count := func(p agents.ListParams) int {
		n := 0
		for agent, err := range service.List(p).All(ctx) {
			require.NoError(t, err)
			assert.NotEmpty(t, agent.AgentID)
			n++
		}
		return n
	}
	assert.Equal(t, 7, count(agents.ListParams{}))
	assert.Equal(t, 7, count(agents.ListParams{PageSize: 2}))
	assert.Equal(t, 5, count(agents.ListParams{Relationship: agents.RelationshipSelf}))
	assert.Equal(t, 2, count(agents.ListParams{Type: agents.TypeSignal}))
	assert.Equal(t, 1, count(agents.ListParams{Name: "agent 3"}))
	assert.Equal(t, 6, count(agents.ListParams{Status: agents.StatusActive}))
	assert.Equal(t, 2, count(agents.ListParams{SupportsRegistration: client.Set(true)}))
	assert.Equal(t, 5, count(agents.ListParams{SupportsRegistration: client.Set(false)}))

	page, err := service.List(agents.ListParams{PageSize: 3}).Page(ctx)
	require.NoError(t, err)
	assert.Len(t, page.Items, 3)
	assert.EqualValues(t, 7, page.Total)
	page, err = service.List(agents.ListParams{PageSize: 3, PageToken: page.Next}).Page(ctx)
	require.NoError(t, err)
	var sizes []int
	for page, err := range service.List(agents.ListParams{PageSize: 3, PageToken: page.Next}).Pages(ctx) {
		require.NoError(t, err)
		sizes = append(sizes, len(page.Items))
	}
	assert.Equal(t, []int{1}, sizes, "what is behind the second page")
	assert.Equal(t, agents.StatusComingSoon, mustFind(t, service).Status)
	assert.Len(t, page.Items, 3)
}

func mustFind(t *testing.T, service *agents.Service) agents.Agent {
	t.Helper()
	for agent, err := range service.List(agents.ListParams{Name: "signals 2"}).All(t.Context()) {
		require.NoError(t, err)
		return agent
	}
	require.Fail(t, "there is no such agent")
	return agents.Agent{}
}

func TestInspection(t *testing.T) {
	srv, c := startSandbox(t)
	service := agents.New(c)
	ctx := t.Context()
	_, err := service.Register(ctx, withAuth(agents.OAuth(agents.OAuthParams{})))
	require.NoError(t, err)

	diagnostics, err := service.Diagnose(ctx, "premium-video", agents.DiagnosticsParams{WindowHours: 48})
	require.NoError(t, err)
	assert.EqualValues(t, 48, diagnostics.Window.Hours)
	assert.Equal(t, agents.SeverityCritical, diagnostics.Diagnosis.Severity)
	require.Len(t, diagnostics.Diagnosis.Issues, 1)
	assert.Equal(t, agents.IssueModeAuthMissing, diagnostics.Diagnosis.Issues[0].Mode)
	assert.NotEmpty(t, diagnostics.Diagnosis.NextSteps)
	assert.Equal(t, agents.AuthState{Type: agents.AuthenticationOAuth, Required: true}, diagnostics.Source.Auth)
	test, err := service.TestDiscovery(ctx, "premium-video", agents.TestParams{Brief: "Video in Norway"})
	require.NoError(t, err)
	assert.Equal(t, agents.OutcomeNotReached, test.Outcome)

	require.NoError(t, srv.CompleteOAuth("premium-video"))
	diagnostics, err = service.Diagnose(ctx, "premium-video", agents.DiagnosticsParams{})
	require.NoError(t, err)
	assert.Equal(t, agents.SeverityOK, diagnostics.Diagnosis.Severity)
	assert.Equal(t, agents.HealthStatusHealthy, diagnostics.Source.Health.Status)
	test, err = service.TestDiscovery(ctx, "premium-video", agents.TestParams{})
	require.NoError(t, err)
	assert.Equal(t, agents.OutcomePassed, test.Outcome)
	assert.Len(t, test.Products, 2)
	assert.Equal(t, agents.TestRunStatusPassed, test.Run.Status)
	_, err = service.TestDiscovery(ctx, "other", agents.TestParams{})
	require.ErrorIs(t, err, client.ErrNotFound)

	found, err := service.Discover(ctx, agents.DiscoverParams{Domain: "sandbox.example", Refresh: true})
	require.NoError(t, err)
	assert.Equal(t, []agents.Announced{{URL: premium.EndpointURL, Name: premium.Name, Type: "sales"}},
		found.Operator.Agents)
	assert.Equal(t, "sandbox", found.Operator.Member.Slug)
	assert.True(t, found.Publisher.AdagentsValid)
	found, err = service.Discover(ctx, agents.DiscoverParams{Domain: "elsewhere.example"})
	require.NoError(t, err)
	assert.Empty(t, found.Operator.Agents)
}

// A test of an agent reaches somebody else's system and is recorded, so a lost answer is not asked for again.
func TestADiscoveryTestRunsOnce(t *testing.T) {
	srv, c := startSandbox(t)
	service := agents.New(c)
	_, err := service.Register(t.Context(), withAuth(agents.NoAuth()))
	require.NoError(t, err)
	const route = "POST /api/v2/storefront/inventory-sources/{sourceId}/tests/discovery"
	srv.Inject(sandbox.Fault{Route: route, Kind: sandbox.FaultResetAfter, Times: 1})
	_, err = service.TestDiscovery(t.Context(), "premium-video", agents.TestParams{})
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Equal(t, 1, srv.Effects(route))
}

func TestCredentialsAndAccounts(t *testing.T) {
	srv, c := startSandbox(t)
	service := agents.New(c)
	ctx := t.Context()
	_, err := service.Register(ctx, withAuth(agents.APIKey("the-sellers-own")))
	require.NoError(t, err)
	consenting := withAuth(agents.OAuth(agents.OAuthParams{}))
	consenting.SourceID = "oauth"
	_, err = service.Register(ctx, consenting)
	require.NoError(t, err)

	registered, err := service.RegisterCredential(ctx, "501", "premium-video",
		agents.CredentialParams{AccountIdentifier: "acme", Auth: agents.Basic("ann", kept)})
	require.NoError(t, err)
	assert.Equal(t, "active", registered.Status)
	assert.True(t, srv.AgentSecret(string(registered.ID), kept))
	waiting, err := service.RegisterCredential(ctx, "501", "oauth",
		agents.CredentialParams{AccountIdentifier: "acme", Auth: agents.OAuth(agents.OAuthParams{})})
	require.NoError(t, err)
	assert.Equal(t, "pending", waiting.Status)
	assert.NotEmpty(t, waiting.OAuth.AuthorizationURL)
	assert.Equal(t, client.ID("501"), waiting.OAuth.StorefrontID)
	require.NoError(t, srv.CompleteOAuth(string(waiting.ID)))
	_, err = service.RegisterCredential(ctx, "502", "premium-video", agents.CredentialParams{AccountIdentifier: "acme"})
	require.ErrorIs(t, err, client.ErrNotFound)

	credentials, err := client.Collect(service.ListCredentials().All(ctx))
	require.NoError(t, err)
	require.Len(t, credentials, 2)
	assert.Equal(t, "active", credentials[1].Status)
	assert.Equal(t,
		agents.SourceRef{
			StorefrontID: "501", StorefrontName: "Sandbox Storefront", SourceID: "premium-video",
			SourceName: "Premium Video",
		},
		credentials[0].Sources[0])
	assert.False(t, shows(fmt.Sprintf("%+v", credentials), kept))

	params := agents.AvailableParams{StorefrontID: "501", SourceID: "premium-video", Refresh: true}
	page, err := service.ListAvailableAccounts("adv_1", params).Page(ctx)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	account := page.Items[0]
	for one, err := range service.ListAvailableAccounts("adv_1", params).All(ctx) {
		require.NoError(t, err)
		assert.Equal(t, account, one)
	}
	for available, err := range service.ListAvailableAccounts("adv_1", params).Pages(ctx) {
		require.NoError(t, err)
		assert.Equal(t, page.Items, available.Items)
	}
	link := agents.LinkParams{StorefrontID: "501", SourceID: "premium-video", AccountID: account.AccountID}
	require.NoError(t, service.LinkAccount(ctx, "adv_1", link))
	require.ErrorIs(t, service.LinkAccount(ctx, "adv_1", link), client.ErrConflict)

	linked, err := service.ListAccounts("adv_1",
		agents.AccountListParams{Status: agents.AccountActive, StorefrontID: "501"}).Page(ctx)
	require.NoError(t, err)
	require.Len(t, linked.Items, 1)
	for linkedPage, err := range service.ListAccounts("adv_1", agents.AccountListParams{}).Pages(ctx) {
		require.NoError(t, err)
		assert.Equal(t, linked.Items, linkedPage.Items)
	}
	one, err := service.GetAccount(ctx, "adv_1", account.AccountID)
	require.NoError(t, err)
	assert.Equal(t, linked.Items[0], *one)
	assert.Equal(t, registered.ID, one.CredentialID)
	_, err = service.GetAccount(ctx, "adv_2", account.AccountID)
	require.ErrorIs(t, err, client.ErrNotFound)

	require.NoError(t, service.UnlinkAccount(ctx, "adv_1", one.LinkID))
	require.ErrorIs(t, service.UnlinkAccount(ctx, "adv_1", one.LinkID), client.ErrNotFound)
	for _, err := range service.ListAccounts("adv_1", agents.AccountListParams{}).All(ctx) {
		require.NoError(t, errors.Join(errors.New("there is still one"), err))
	}
}

// A storefront's id is text here and a number there.
func TestAStorefrontIsSentAsANumber(t *testing.T) {
	srv, c := startSandbox(t)
	err := agents.New(c).LinkAccount(t.Context(), "adv_1",
		agents.LinkParams{StorefrontID: "0501", SourceID: "s", AccountID: "a"})
	require.Error(t, err, "there is no such source")
	sent := srv.Requests()
	require.Len(t, sent, 1)
	assert.JSONEq(t, `{"storefrontId":501,"sourceId":"s","accountId":"a"}`, sent[0].Body)
}

func TestLinkingIsNotRepeated(t *testing.T) {
	srv, c := startSandbox(t)
	service := agents.New(c)
	const route = "POST /api/v2/buyer/advertisers/{advertiserId}/accounts"
	srv.Inject(sandbox.Fault{Route: route, Status: 503})
	err := service.LinkAccount(t.Context(), "adv_1", agents.LinkParams{StorefrontID: "501", SourceID: "s", AccountID: "a"})
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Len(t, srv.Requests(), 1)
}
