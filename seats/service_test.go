package seats_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
)

const prefix = "/api/v2/accounts"

func TestAccountsAreListedInEveryForm(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]sandbox.Option{
		"enveloped": {family()},
		"bare":      {family(), sandbox.WithBareResponses()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, accounts := startSandbox(t, opts...)
			all, err := client.Collect(accounts.List().All(t.Context()))
			require.NoError(t, err)
			assert.Equal(t, []seats.Account{
				{ID: "1001", Company: "Sandbox Inc.", Name: "Holding", Role: seats.RoleAdmin},
				{ID: "1002", Company: "Sandbox Inc.", Name: "North", Role: seats.RoleAdmin},
				{ID: "1003", Company: "Sandbox Inc.", Name: "South", Role: seats.RoleAdmin},
			}, all)
			current, err := accounts.Current(t.Context())
			require.NoError(t, err)
			assert.Equal(t, &seats.Account{
				ID: "1001", Company: "Sandbox Inc.", Name: "Holding", Role: seats.RoleAdmin, CustomerDomain: "sandbox.example",
				Standing: seats.AccountStanding{CreditLimit: 50000, Currency: "USD"},
			}, current)
		})
	}
}

func TestSwitch(t *testing.T) {
	t.Parallel()
	srv, accounts := startSandbox(t, family())
	ctx := t.Context()
	srv.Inject(sandbox.Fault{Route: "POST " + prefix + "/switch", Kind: sandbox.FaultResetAfter, Times: 1})
	me, err := accounts.Switch(ctx, "1003")
	require.NoError(t, err, "to switch twice is to switch once")
	assert.Equal(t, seats.Account{
		ID: "1003", Company: "Sandbox Inc.", Name: "South", Active: true, CustomerRole: seats.CustomerRoleSeller,
		CustomerType: seats.CustomerTypeChild,
	}, me.Customer)
	assert.Equal(t, []string{`{"customerId":1003}`, `{"customerId":1003}`}, bodies(srv, prefix+"/switch"))
	current, err := accounts.Current(ctx)
	require.NoError(t, err)
	assert.Equal(t, client.ID("1003"), current.ID)

	_, err = accounts.Switch(ctx, "2001")
	require.ErrorIs(t, err, client.ErrAccessDenied)
	srv.ResetRequests()
	_, err = accounts.Switch(ctx, "cust_7")
	require.ErrorIs(t, err, client.ErrAccessDenied)
	assert.Equal(t, []string{`{"customerId":"cust_7"}`}, bodies(srv, prefix+"/switch"),
		"what is no number is sent as it is")
	_, err = accounts.Switch(ctx, "")
	require.ErrorIs(t, err, client.ErrInvalidParams)
}

func TestMe(t *testing.T) {
	t.Parallel()
	srv, accounts := startSandbox(t, family())
	me, err := accounts.Me(t.Context())
	require.NoError(t, err)
	assert.Equal(t,
		seats.Person{
			ID: "90001", Email: "user90001@sandbox.example", FirstName: "Sandy", LastName: "Box",
			Role: seats.RoleAdmin,
		}, me.User)
	assert.Len(t, me.Customers, 3)
	assert.False(t, me.ShowTermsBox)
	assert.True(t, me.CanAcceptTerms)
	assert.Zero(t, me.TermsUpdate)
	assert.Equal(t, "2026-01", me.LatestTermsVersion)
	assert.Equal(t, seats.RoleAdmin, me.RoleIn("1003"))
	assert.Empty(t, me.RoleIn("2001"))
	shown := seats.UserInfo{
		User: seats.Person{Role: seats.RoleAdmin}, Customer: seats.Account{ID: "1"},
		Customers: []seats.Account{{ID: "1"}, {ID: "2"}},
	}
	assert.Equal(t, seats.RoleAdmin, shown.RoleIn("1"), "the person's, where the account shows none")
	assert.Empty(t, shown.RoleIn("2"))
	shown.Customer.Role = seats.RoleBasic
	assert.Equal(t, seats.RoleBasic, shown.RoleIn("1"))

	token, err := seats.New(srv.ConnectGrant(sandbox.Grant{Role: sandbox.RoleRead})).Me(t.Context())
	require.NoError(t, err)
	assert.Zero(t, token.User, "a service token is nobody")
	assert.False(t, token.CanAcceptTerms)
}

// The vintage that is named after another agreement says the same.
func TestUserInfoOfEitherVintage(t *testing.T) {
	t.Parallel()
	want := &seats.UserInfo{
		User: seats.Person{ID: "7"}, ShowTermsBox: true, LatestTermsVersion: "3", OrganizationContractMissing: true,
		Customer: seats.Account{ID: "1", Company: "C", Name: "N"},
	}
	for name, body := range map[string]string{
		"current": `{"user":{"id":7},"customer":{"id":1,"company":"C","name":"N"},"customers":null,"showTosBox":true,
			"canAcceptTos":false,"tosUpdate":null,"organizationContractMissing":true,"latestTosVersion":"3","more":{}}`,
		"earlier": `{"user":{"id":"7"},"customer":{"id":"1","company":"C","name":"N"},"showPsaBox":true,"canAcceptTos":false,
			"tosBlockedReason":"PARENT_MUST_ACCEPT_TOS","latestPsaVersion":"3"}`,
		"both, of which the current counts": `{"user":{"id":7},"customer":{"id":1,"company":"C","name":"N"},"showTosBox":true,
			"showPsaBox":false,"canAcceptTos":false,"organizationContractMissing":true,
			"latestTosVersion":"3","latestPsaVersion":"2"}`,
		"enveloped": `{"error":null,"data":{"user":{"id":7},"customer":{"id":1,"company":"C","name":"N"},"showTosBox":true,
			"canAcceptTos":false,"organizationContractMissing":true,"latestTosVersion":"3"}}`,
	} {
		me, err := seats.New(answering(t, http.StatusOK, body, nil)).Me(t.Context())
		require.NoError(t, err, name)
		assert.Equal(t, want, me, name)
	}
	only, err := seats.New(answering(t, http.StatusOK, `{"canAcceptTos":true,"showTosBox":true}`, nil)).Me(t.Context())
	require.NoError(t, err, "what is documented is enough")
	assert.Equal(t, &seats.UserInfo{ShowTermsBox: true, CanAcceptTerms: true}, only)
	for _, body := range []string{`{}`, `[]`, `"me"`, `{"status":"ok"}`, `{"data":{}}`} {
		_, err := seats.New(answering(t, http.StatusOK, body, nil)).Me(t.Context())
		var undecodable *client.DecodeError
		require.ErrorAs(t, err, &undecodable, body)
	}
}

func TestCreateChildSendsWhatIsSet(t *testing.T) {
	t.Parallel()
	for body, p := range map[string]seats.ChildParams{
		`{"name":"North","customerRole":"BUYER"}`: {Name: "North", CustomerRole: seats.CustomerRoleBuyer},
		`{"name":"North","customerRole":"SELLER","parentName":"Holding","customerDomain":"north.example",` +
			`"defaultCurrency":"EUR","paymentCurrencies":["EUR","USD"],"accountMode":"DEMO",` +
			`"demoRecipeIds":["sample-publisher-display","sample-publisher-ctv","sample-retail-media"]}`: {
			Name: "North", CustomerRole: seats.CustomerRoleSeller, ParentName: "Holding", CustomerDomain: "north.example",
			DefaultCurrency: "EUR", PaymentCurrencies: []string{"EUR", "USD"}, AccountMode: seats.AccountModeDemo,
			DemoRecipeIDs: []seats.DemoRecipe{seats.DemoPublisherDisplay, seats.DemoPublisherCTV, seats.DemoRetailMedia},
		},
	} {
		srv, accounts := startSandbox(t)
		made, err := accounts.CreateChild(t.Context(), p)
		require.NoError(t, err)
		assert.Equal(t, []string{body}, bodies(srv, prefix+"/create-child"))
		assert.True(t, made.ConvertedFromStandalone)
		assert.True(t, made.ShowTermsBox)
		assert.False(t, made.CanAcceptTerms, "a parent's admin is no direct one")
		assert.Equal(t, "North", made.Customers[1].Name)
	}
}

// A creation is not repeated after a lost answer, and its error says so.
func TestCreateChildIsSentOnce(t *testing.T) {
	t.Parallel()
	srv, accounts := startSandbox(t)
	srv.Inject(sandbox.Fault{Route: "POST " + prefix + "/create-child", Kind: sandbox.FaultResetAfter, Times: 1})
	_, err := accounts.CreateChild(t.Context(), seats.ChildParams{Name: "North", CustomerRole: seats.CustomerRoleBuyer})
	require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	assert.Equal(t, 1, srv.Effects("POST "+prefix+"/create-child"))
}

// What is the same when done twice is repeated after a lost answer; an acceptance is not, as its documents do not say
// so.
func TestChangesAfterALostAnswer(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, accounts := startSandbox(t, family())
	srv.Inject(sandbox.Fault{Method: http.MethodPatch, Kind: sandbox.FaultResetAfter, Times: 1})
	_, err := accounts.UpdateDomain(ctx, "1002", seats.DomainParams{CustomerDomain: "north.example"})
	require.NoError(t, err)
	srv.Inject(sandbox.Fault{Method: http.MethodPatch, Kind: sandbox.FaultResetAfter, Times: 1})
	_, err = accounts.UpdateMembership(ctx, "1002", seats.MembershipParams{AllowDomainAutoJoin: true})
	require.NoError(t, err)
	srv.Inject(sandbox.Fault{Route: "POST /api/v2/accept-tos", Kind: sandbox.FaultResetAfter, Times: 1})
	require.ErrorIs(t, accounts.AcceptTerms(ctx), client.ErrOutcomeUnknown)
	assert.Equal(t, 1, srv.Effects("POST /api/v2/accept-tos"))
}

// The documents know two refusals for those who do not administer. Both say what they are.
func TestCreateChildByOthers(t *testing.T) {
	t.Parallel()
	srv, accounts := startSandbox(t)
	child := seats.ChildParams{Name: "North", CustomerRole: seats.CustomerRoleBuyer}
	_, err := seats.New(srv.ConnectGrant(sandbox.Grant{Role: sandbox.RoleMember})).CreateChild(t.Context(), child)
	require.ErrorIs(t, err, client.ErrForbidden)
	require.ErrorContains(t, err, "it needs admin access")
	var refusal *client.APIError
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, client.LevelAdmin, refusal.NeedsLevel())

	srv.ResetRequests()
	srv.Inject(sandbox.Fault{Route: "POST " + prefix + "/create-child", Status: http.StatusUnauthorized})
	_, err = accounts.CreateChild(t.Context(), child)
	require.ErrorIs(t, err, client.ErrUnauthorized)
	assert.Len(t, bodies(srv, prefix+"/create-child"), 1, "the token source has no other token")
	_, err = accounts.Current(t.Context())
	require.NoError(t, err)
}

func TestBadParametersAreReportedAtOnceAndNotSent(t *testing.T) {
	t.Parallel()
	srv, accounts := startSandbox(t)
	ctx := t.Context()
	long := strings.Repeat("é", 256)
	for name, tt := range map[string]struct {
		call   func() error
		fields []string
	}{
		"an empty child": {func() error {
			_, err := accounts.CreateChild(ctx, seats.ChildParams{})
			return err
		}, []string{"name", "customerRole"}},
		"everything": {func() error {
			_, err := accounts.CreateChild(ctx, seats.ChildParams{
				Name: long, CustomerRole: "BROKER", ParentName: long, CustomerDomain: "https://x.example", DefaultCurrency: "eur",
				PaymentCurrencies: append(make([]string, 25), "EUR"), AccountMode: "SHOW",
				DemoRecipeIDs: []seats.DemoRecipe{seats.DemoRetailMedia, "cake", seats.DemoRetailMedia, seats.DemoRetailMedia},
			})
			return err
		}, []string{
			"name", "customerRole", "parentName", "customerDomain", "defaultCurrency", "paymentCurrencies", "accountMode",
			"demoRecipeIds",
		}},
		"no recipe": {func() error {
			_, err := accounts.CreateChild(ctx,
				seats.ChildParams{Name: "x", CustomerRole: seats.CustomerRoleBuyer, DemoRecipeIDs: []seats.DemoRecipe{}})
			return err
		}, []string{"demoRecipeIds"}},
		"an empty recipe": {func() error {
			_, err := accounts.CreateChild(ctx,
				seats.ChildParams{Name: "x", CustomerRole: seats.CustomerRoleBuyer, DemoRecipeIDs: []seats.DemoRecipe{""}})
			return err
		}, []string{"demoRecipeIds[0]"}},
		"no domain": {func() error {
			_, err := accounts.UpdateDomain(ctx, "1001", seats.DomainParams{})
			return err
		}, []string{"customerDomain"}},
		"no account": {func() error { return accounts.DeleteChild(ctx, "") }, []string{"customerId"}},
		"dots": {func() error {
			_, err := accounts.Membership(ctx, "..")
			return err
		}, []string{"customerId"}},
		"two ids in one": {func() error {
			_, err := accounts.Liveness(ctx, []client.ID{"1001,1002", ""})
			return err
		}, []string{"customerIds", "customerIds"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.call()
			var bad *client.ParamError
			require.ErrorAs(t, err, &bad)
			var fields []string
			for _, issue := range bad.Issues {
				fields = append(fields, issue.Path)
			}
			assert.ElementsMatch(t, tt.fields, fields)
		})
	}
	assert.Empty(t, srv.Requests())
}

func TestHostNames(t *testing.T) {
	t.Parallel()
	srv, accounts := startSandbox(t)
	for _, good := range []string{
		"example.com", "EXAMPLE.com", "a-b.c1.example", "xn--bcher-kva.example",
		strings.Repeat("a", 63) + ".example",
	} {
		got, err := accounts.UpdateDomain(t.Context(), "1001", seats.DomainParams{CustomerDomain: good})
		require.NoError(t, err, good)
		assert.Equal(t, &seats.AccountDomain{ID: "1001", CustomerDomain: good}, got)
	}
	assert.JSONEq(t, `{"customerDomain":"example.com"}`, bodies(srv, prefix+"/1001/domain")[0])
	for _, bad := range []string{
		"https://example.com", "example.com/", "a b.example", "a..example", ".example", "example.", "-a.example",
		"a-.example", "a_b.example",
		"user@example.com", "bücher.example", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 128) + "b",
	} {
		_, err := accounts.UpdateDomain(t.Context(), "1001", seats.DomainParams{CustomerDomain: bad})
		require.ErrorIs(t, err, client.ErrInvalidParams, bad)
	}
}

func TestMembership(t *testing.T) {
	t.Parallel()
	srv, accounts := startSandbox(t, family())
	ctx := t.Context()
	for _, joins := range []bool{true, false} {
		got, err := accounts.UpdateMembership(ctx, "1003", seats.MembershipParams{AllowDomainAutoJoin: joins})
		require.NoError(t, err)
		want := &seats.Membership{CustomerID: "1003", AllowDomainAutoJoin: joins}
		assert.Equal(t, want, got)
		got, err = accounts.Membership(ctx, "1003")
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	sent := bodies(srv, prefix+"/1003/membership")
	assert.Equal(t, []string{`{"allowDomainAutoJoin":true}`, "", `{"allowDomainAutoJoin":false}`, ""}, sent)
	_, err := accounts.Membership(ctx, "2001")
	require.ErrorIs(t, err, client.ErrNotFound)
	member := seats.New(srv.ConnectGrant(sandbox.Grant{Role: sandbox.RoleMember}))
	_, err = member.UpdateMembership(ctx, "1003", seats.MembershipParams{})
	require.ErrorIs(t, err, client.ErrForbidden)
}

func TestDeleteChild(t *testing.T) {
	t.Parallel()
	srv, accounts := startSandbox(t, family(), sandbox.WithSeats(sandbox.Seat{ID: "seat_1", Name: "Acme", Account: 1002}))
	ctx := t.Context()
	require.ErrorIs(t, accounts.DeleteChild(ctx, "1002"), client.ErrInvalidState, "something is linked to it")
	require.ErrorIs(t, accounts.DeleteChild(ctx, "1001"), client.ErrInvalidState, "it is no child")
	require.ErrorIs(t, accounts.DeleteChild(ctx, "2001"), client.ErrNotFound, "it is out of reach")
	srv.Inject(sandbox.Fault{Route: "DELETE " + prefix + "/{customerId}", Kind: sandbox.FaultResetAfter, Times: 1})
	require.NoError(t, accounts.DeleteChild(ctx, "1003"), "the answer was lost, the account is gone")
	assert.Equal(t, 1, srv.Effects("DELETE "+prefix+"/{customerId}"))
	require.ErrorIs(t, accounts.DeleteChild(ctx, "1003"), client.ErrNotFound)
}

func TestLiveness(t *testing.T) {
	t.Parallel()
	srv, accounts := startSandbox(t, family())
	got, err := accounts.Liveness(t.Context(), []client.ID{"1002", "1003", "2001"})
	require.NoError(t, err)
	setup := seats.Liveness{
		State: seats.LivenessSetup, ReasonCode: seats.LivenessSetupIncomplete, Reason: "The set-up is not finished",
		RemainingSteps: 3, ActionPath: "/setup",
	}
	assert.Equal(t, map[client.ID]seats.Liveness{"1002": setup, "1003": setup}, got)
	assert.Equal(t, "1002,1003,2001", srv.Requests()[0].Query.Get("customerIds"))
	got, err = accounts.Liveness(t.Context(), nil)
	require.NoError(t, err)
	assert.Len(t, got, 3)
	assert.Empty(t, srv.Requests()[1].Query)
}

// An answer that is something else is no account without a name.
func TestAnswersThatShowNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	accounts := seats.New(answering(t, http.StatusOK, `{"data":{"status":"ok"},"error":null}`, nil))
	for name, call := range map[string]func() error{
		"current":    func() error { _, err := accounts.Current(ctx); return err },
		"list":       func() error { _, err := client.Collect(accounts.List().All(ctx)); return err },
		"switch":     func() error { _, err := accounts.Switch(ctx, "1"); return err },
		"membership": func() error { _, err := accounts.Membership(ctx, "1"); return err },
		"liveness":   func() error { _, err := accounts.Liveness(ctx, nil); return err },
		"domain": func() error {
			_, err := accounts.UpdateDomain(ctx, "1", seats.DomainParams{CustomerDomain: "a.example"})
			return err
		},
	} {
		var undecodable *client.DecodeError
		require.ErrorAs(t, call(), &undecodable, name)
	}
	require.NoError(t, accounts.AcceptTerms(ctx), "any success is one: the answer is not documented")
}
