package agents_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestBadParametersAreReportedAtOnceAndNotSent(t *testing.T) {
	t.Parallel()
	p, s := against(t, answer{})
	ctx := t.Context()
	long := strings.Repeat("é", 256)
	for name, tt := range map[string]struct {
		call func() error
		want []string
	}{
		"nothing": {func() error {
			_, err := s.Register(ctx, agents.RegisterParams{})
			return err
		}, []string{"name", "sourceId", "type", "endpointUrl", "protocol", "auth"}},
		"everything": {func() error {
			_, err := s.Register(ctx, agents.RegisterParams{
				SourceID: long, Name: long, Type: "sales", EndpointURL: "http://a.example/" + long, Protocol: "mcp",
				Description: strings.Repeat("x", 2001), Auth: agents.NoAuth(),
				ConnectionContract: agents.ConnectionContract{ID: "9", Version: -1, AuthenticationMethod: "magic"},
			})
			return err
		}, []string{
			"sourceId", "name", "type", "protocol", "description",
			"connectionContract.id", "connectionContract.version", "connectionContract.authenticationMethod", "endpointUrl",
		}},
		"a contract": {func() error {
			params := withAuth(agents.NoAuth())
			params.ConnectionContract = agents.ConnectionContract{ID: strings.Repeat("a", 129)}
			_, err := s.Register(ctx, params)
			return err
		}, []string{"connectionContract.id", "connectionContract.version", "connectionContract.authenticationMethod"}},
		"a source id that no path can hold": {func() error {
			params := withAuth(agents.NoAuth())
			params.SourceID = "a/b"
			_, err := s.Register(ctx, params)
			return err
		}, []string{"sourceId"}},
		"an endpoint with a password": {func() error {
			params := withAuth(agents.NoAuth())
			params.EndpointURL = "https://ann:" + kept + "@agent.example/mcp"
			_, err := s.Register(ctx, params)
			return err
		}, []string{"endpointUrl"}},
		"list": {func() error {
			_, err := s.List(agents.ListParams{
				Type: "x", Status: agents.StatusComingSoon, Relationship: "x", PageSize: 101,
				Offset: -1,
			}).Page(ctx)
			return err
		}, []string{"type", "status", "relationship", "limit", "offset"}},
		"walk": {func() error {
			for _, err := range s.List(agents.ListParams{PageSize: -1}).All(ctx) {
				return err
			}
			return nil
		}, []string{"limit"}},
		"authorize": {func() error {
			_, err := s.Authorize(ctx, "agent_1", agents.AuthorizeParams{RedirectURI: "myapp://callback"})
			return err
		}, []string{"redirectUri"}},
		"authorize an account": {func() error {
			_, err := s.AuthorizeAccount(ctx, "agent_1", agents.AuthorizeAccountParams{RedirectURI: "http://a.example"})
			return err
		}, []string{"redirectUri"}},
		"discover": {func() error {
			_, err := s.Discover(ctx, agents.DiscoverParams{})
			return err
		}, []string{"domain"}},
		"diagnose": {func() error {
			_, err := s.Diagnose(ctx, "a", agents.DiagnosticsParams{WindowHours: 721})
			return err
		}, []string{"windowHours"}},
		"test": {func() error {
			_, err := s.TestDiscovery(ctx, "a", agents.TestParams{Brief: strings.Repeat("x", 2001)})
			return err
		}, []string{"brief"}},
		"credential": {func() error {
			_, err := s.RegisterCredential(ctx, "0", "a", agents.CredentialParams{Auth: agents.Bearer("")})
			return err
		}, []string{"storefrontId", "accountIdentifier", "auth.token"}},
		"link": {func() error {
			return s.LinkAccount(ctx, "adv_1", agents.LinkParams{StorefrontID: "-1"})
		}, []string{"sourceId", "accountId", "storefrontId"}},
		"link to a storefront by name": {func() error {
			return s.LinkAccount(ctx, "adv_1", agents.LinkParams{StorefrontID: "sf_501", SourceID: "s", AccountID: "a"})
		}, []string{"storefrontId"}},
		"credential without a storefront": {func() error {
			_, err := s.RegisterCredential(ctx, "", "a", agents.CredentialParams{AccountIdentifier: "a"})
			return err
		}, []string{"storefrontId"}},
		"accounts of a storefront by name": {func() error {
			_, err := s.ListAccounts("adv_1", agents.AccountListParams{StorefrontID: "sf_501"}).Page(ctx)
			return err
		}, []string{"storefrontId"}},
		"available accounts of a storefront by name": {func() error {
			_, err := s.ListAvailableAccounts("adv_1", agents.AvailableParams{StorefrontID: "sf_501", SourceID: "s"}).Page(ctx)
			return err
		}, []string{"storefrontId"}},
		"unlink by account": {func() error {
			return s.UnlinkAccount(ctx, "adv_1", "acct_1")
		}, []string{"linkId"}},
		"unlink by a long number": {func() error {
			return s.UnlinkAccount(ctx, "adv_1", "1234567890123456")
		}, []string{"linkId"}},
		"update": {func() error {
			_, err := s.UpdateSource(ctx, "a", agents.UpdateParams{EndpointURL: "http://a.example", Status: "on"})
			return err
		}, []string{"status", "endpointUrl"}},
		"update of nothing": {func() error {
			_, err := s.UpdateSource(ctx, "a", agents.UpdateParams{})
			return err
		}, []string{"body"}},
		"available": {func() error {
			_, err := s.ListAvailableAccounts("adv_1", agents.AvailableParams{PageSize: 251}).Page(ctx)
			return err
		}, []string{"storefrontId", "sourceId", "take"}},
		"wait": {func() error {
			_, err := s.WaitUntilConfigured(ctx, "a", agents.Wait{Interval: time.Minute, MaxInterval: time.Second})
			return err
		}, []string{"maxInterval"}},
	} {
		err := tt.call()
		assert.Equal(t, tt.want, issuesOf(t, err), name)
		assert.False(t, shows(err.Error(), kept), name)
	}
	assert.Empty(t, p.sent)
}

// A registration whose answer is lost is found by the id that was chosen for it, and made once.
func TestLostRegistrationIsFound(t *testing.T) {
	srv, c := startSandbox(t)
	service := agents.New(c)
	for _, kind := range []sandbox.FaultKind{sandbox.FaultResetAfter, sandbox.FaultTruncate, sandbox.FaultEmpty} {
		srv.ClearFaults()
		srv.Inject(sandbox.Fault{Route: "POST /api/v2/storefront/inventory-sources", Kind: kind, Times: 1})
		params := withAuth(agents.Bearer(kept))
		params.SourceID += "-" + string(kind)
		registered, err := service.Register(t.Context(), params)
		require.NoError(t, err, kind)
		assert.Equal(t, params.SourceID, registered.SourceID)
		assert.True(t, srv.AgentSecret(params.SourceID, kept))
	}
	assert.Equal(t, 3, srv.Effects("POST /api/v2/storefront/inventory-sources"))
}

const found = `{"data":{"id":"src_1","sourceId":"premium-video","name":"Premium Video","executionType":"AGENT",` +
	`"status":"ACTIVE",` +
	`"type":"SALES","endpointUrl":"https://agent.publisher.example/mcp","protocol":"MCP","authenticationType":"API_KEY",` +
	`"authConfigured":true,"createdAt":"2026-04-26T16:30:05Z"},"error":null}`

func TestWhatALostRegistrationComesTo(t *testing.T) {
	t.Parallel()
	lost := answer{err: io.ErrUnexpectedEOF}
	absent := answer{status: 404, body: `{"data":null,"error":{"code":"NOT_FOUND","message":"no"}}`}
	date := func(s string) http.Header { return http.Header{"Date": {s}} }
	justNow := date("Sun, 26 Apr 2026 16:30:05 GMT")
	other := func(was, is string) string { return strings.Replace(found, was, is, 1) }
	for name, tt := range map[string]struct {
		answers []answer
		found   bool
		looks   int
	}{
		"found":       {[]answer{lost, {status: 200, body: found, header: justNow}}, true, 1},
		"found later": {[]answer{lost, absent, absent, {status: 200, body: found, header: justNow}}, true, 3},
		"not found":   {[]answer{lost, absent}, false, 3},
		"unreadable": {[]answer{
			{status: 201, body: `{"data":{},"error":null}`},
			{status: 200, body: found, header: justNow},
		}, true, 1},
		"a gateway gave up": {
			[]answer{{status: 504, body: "<html>"}, {status: 200, body: found, header: justNow}},
			true,
			1,
		},
		"older than the call": {
			[]answer{lost, {status: 200, body: found, header: date("Sun, 26 Apr 2026 16:31:05 GMT")}},
			false, 1,
		},
		"no clock": {[]answer{lost, {status: 200, body: found}}, false, 1},
		"no time of creation": {
			[]answer{lost, {status: 200, body: other(`2026-04-26T16:30:05Z`, ``), header: justNow}},
			false, 1,
		},
		"another endpoint": {[]answer{
			lost,
			{status: 200, body: other("agent.publisher", "other.publisher"), header: justNow},
		}, false, 1},
		"another name": {
			[]answer{lost, {status: 200, body: other(`"Premium Video"`, `"Premium"`), header: justNow}},
			false, 1,
		},
		"another type":     {[]answer{lost, {status: 200, body: other("SALES", "SIGNAL"), header: justNow}}, false, 1},
		"another protocol": {[]answer{lost, {status: 200, body: other("MCP", "A2A"), header: justNow}}, false, 1},
		"another connection": {
			[]answer{lost, {status: 200, body: other("AGENT", "MODULAR_SOURCE"), header: justNow}},
			false,
			1,
		},
		"a second ago": {[]answer{lost, {status: 200, body: found, header: date("Sun, 26 Apr 2026 16:30:06 GMT")}}, true, 1},
		"another kind": {[]answer{lost, {status: 200, body: other("API_KEY", "OAUTH"), header: justNow}}, false, 1},
		"looking fails": {
			[]answer{lost, {status: 403, body: `{"data":null,"error":{"code":"FORBIDDEN","message":"no"}}`}},
			false, 1,
		},
	} {
		p, service := against(t, tt.answers...)
		var slept []time.Duration
		service.SetSleep(func(_ context.Context, d time.Duration) error {
			slept = append(slept, d)
			return nil
		})
		source, err := service.Register(t.Context(), withAuth(agents.Bearer(kept)))
		posts := 0
		for _, sent := range p.sent {
			if strings.HasPrefix(sent, "POST") {
				posts++
			}
		}
		assert.Equal(t, 1, posts, "%s: registered once", name)
		assert.Len(t, p.sent, 1+tt.looks, name)
		assert.Len(t, slept, tt.looks, name)
		if tt.found {
			require.NoError(t, err, name)
			assert.Equal(t, "premium-video", source.SourceID, name)
			continue
		}
		assert.Nil(t, source, name)
		assert.ErrorIs(t, err, client.ErrOutcomeUnknown, name)
	}
}

func TestARefusalIsNotLookedInto(t *testing.T) {
	t.Parallel()
	p, service := against(t, answer{status: 409, body: `{"data":null,"error":{"code":"CONFLICT","message":"taken"}}`})
	_, err := service.Register(t.Context(), withAuth(agents.NoAuth()))
	require.ErrorIs(t, err, client.ErrConflict)
	assert.NotErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Len(t, p.sent, 1)
}

func TestTheSearchEndsWithTheContext(t *testing.T) {
	t.Parallel()
	p, service := against(t, answer{err: io.ErrUnexpectedEOF})
	service.SetSleep(func(context.Context, time.Duration) error { return context.Canceled })
	_, err := service.Register(t.Context(), withAuth(agents.NoAuth()))
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Len(t, p.sent, 1)
}

// A platform that quotes what it was sent does not bring a secret into an error.
func TestSecretsThatThePlatformQuotesAreMasked(t *testing.T) {
	t.Parallel()
	for name, tt := range secretive(t) {
		quoted := strings.ReplaceAll(tt.secret, `"`, `\"`)
		body := strings.ReplaceAll(`{"data":null,"error":{"code":"#","message":"bad #, really","field":"#",`+
			`"details":{"k":"#",`+
			`"issues":[{"path":"#","message":"# is bad"}]}}}`, "#", quoted)
		for _, status := range []int{200, 400, 409, 500} {
			for transport := range 3 {
				_, service := against(t, answer{status: status, body: body, header: http.Header{"X-Request-Id": {quoted}}})
				service.SetSleep(func(context.Context, time.Duration) error { return context.Canceled })
				var err error
				switch transport {
				case source:
					_, err = service.Register(t.Context(), withAuth(tt.auth))
				case credential:
					_, err = service.RegisterCredential(t.Context(), "1", "s",
						agents.CredentialParams{AccountIdentifier: "a", Auth: tt.auth})
				default:
					_, err = service.UpdateSource(t.Context(), "s", agents.UpdateParams{Auth: tt.auth})
				}
				var unsupported *agents.UnsupportedAuthError
				if errors.As(err, &unsupported) {
					continue
				}
				var refusal *client.APIError
				require.ErrorAs(t, err, &refusal, name)
				text := err.Error() + string(refusal.Details) + refusal.Message + refusal.Field + refusal.Code + refusal.RequestID
				assert.Contains(t, text, "…", name)
				assert.False(t, shows(text, tt.secret), "%s: %s", name, text)
			}
		}
	}
}

// The names of the members of a raw form are no secrets, and may be what an error is about.
func TestNamesOfMembersStayReadable(t *testing.T) {
	t.Parallel()
	_, service := against(t,
		answer{
			status: 400,
			body:   `{"data":null,"error":{"code":"BAD_REQUEST","message":"integrationKey ` + kept + ` is bad"}}`,
		})
	auth := agents.RawAuth("", jsontext.Value(`{"integrationKey":"`+kept+`"}`))
	_, err := service.RegisterCredential(t.Context(), "1", "s",
		agents.CredentialParams{AccountIdentifier: "a", Auth: auth})
	require.ErrorContains(t, err, "integrationKey … is bad")
}

// A secret is found however the platform writes it.
func TestSecretsAreMaskedInEveryWriting(t *testing.T) {
	t.Parallel()
	const odd = `aB<cD>&eF/gH+iJ"kL`
	for name, tt := range map[string]struct {
		auth         agents.Auth
		secret, sent string
	}{
		"escapes for HTML": {agents.Bearer(odd), "cD>&eF", `aB\u003ccD\u003e\u0026eF/gH+iJ\"kL`},
		"a quoted request": {agents.Bearer(odd), "gH+iJ", `{\"token\":\"aB\\u003ccD\\u003e\\u0026eF/gH+iJ\\\"kL\"}`},
		"an escaped slash": {agents.Basic("ann", odd), "gH+iJ", `aB<cD>&eF\/gH+iJ\"kL`},
		"needless escapes": {agents.APIKey(odd), "gH+iJ", `\u0061B<cD>&eF/gH+iJ\u0022kL`},
		"as a header has it": {
			agents.Basic("ann", kept), "YW5u",
			"Basic " + base64.StdEncoding.EncodeToString([]byte("ann:"+kept)),
		},
		"begun by another one": {
			agents.RawAuth("", jsontext.Value(`{"a":"`+kept[:20]+`","b":"`+kept+`"}`)), "everybody",
			kept,
		},
	} {
		body := `{"data":null,"error":{"code":"BAD_REQUEST","message":"` + tt.sent + `","details":{"k":"` + tt.sent + `"}}}`
		_, service := against(t, answer{status: 400, body: body})
		_, err := service.RegisterCredential(t.Context(), "1", "s",
			agents.CredentialParams{AccountIdentifier: "a", Auth: tt.auth})
		var refusal *client.APIError
		require.ErrorAs(t, err, &refusal, name)
		assert.NotContains(t, err.Error()+string(refusal.Details), tt.secret, name)
		assert.Contains(t, string(refusal.Details), "…", name)
	}
}

// Ids are read from numbers too.
func TestIDsAsNumbers(t *testing.T) {
	t.Parallel()
	_, service := against(t,
		answer{
			status: 201,
			body:   `{"data":{"id":7,"sourceId":"premium-video","agentId":8,"oauth":{"agentId":8}},"error":null}`,
		})
	source, err := service.Register(t.Context(), withAuth(agents.NoAuth()))
	require.NoError(t, err)
	assert.Equal(t, []client.ID{"7", "8", "8"}, []client.ID{source.ID, source.AgentID, source.OAuth.AgentID})

	_, service = against(t,
		answer{status: 200, body: `{"data":{"agentId":8,"customerId":1001,"customerAccount":{"id":9}},"error":null}`})
	agent, err := service.Get(t.Context(), source.AgentID)
	require.NoError(t, err)
	assert.Equal(t, []client.ID{"8", "1001", "9"}, []client.ID{agent.AgentID, agent.CustomerID, agent.CustomerAccount.ID})
}
