package seats_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// TestTermsOfService is the story of a child account whose terms nobody has accepted.
func TestTermsOfService(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, parent := startSandbox(t, family())
	write := func(c *client.Client) error {
		_, err := servicetokens.New(c).Create(ctx, servicetokens.CreateParams{Name: "ETL", ExpiresInDays: 90})
		return err
	}
	parentClient := srv.Client
	member := srv.ConnectGrant(sandbox.Grant{Account: 1002, Role: sandbox.RolePremium})
	machine := srv.ConnectGrant(sandbox.Grant{Account: 1002, Role: sandbox.RoleReadWrite})
	owner := srv.ConnectGrant(sandbox.Grant{Account: 1002})
	_, err := parent.Switch(ctx, "1002")
	require.NoError(t, err)

	// A write is refused, while reads go on.
	blocked := write(owner)
	require.ErrorIs(t, blocked, client.ErrTermsAcceptanceRequired)
	_, err = seats.New(owner).Current(ctx)
	require.NoError(t, err)

	// Who asks is told who can do something about it. Trying all the same is refused.
	for name, tt := range map[string]struct {
		c    *client.Client
		says string
	}{
		"member": {
			member,
			"a direct ADMIN or SUPER_ADMIN of account 1002 (North) must sign in and accept its terms; " +
				"your level there is MEMBER",
		},
		"parent": {parentClient, "a direct ADMIN or SUPER_ADMIN of account 1002 (North) must sign in and accept its terms; " +
			"you administer it through a parent account only"},
		"machine": {
			machine,
			"a direct ADMIN or SUPER_ADMIN of account 1002 (North) must sign in and accept its terms; this credential is not " +
				"a person's",
		},
	} {
		accounts := seats.New(tt.c)
		var terms *seats.TermsError
		explained := accounts.ExplainTerms(ctx, blocked)
		require.ErrorAs(t, explained, &terms, name)
		require.ErrorIs(t, explained, client.ErrTermsAcceptanceRequired, name)
		assert.Equal(t, seats.RemedyDirectAdmin, terms.Remedy(), name)
		assert.ErrorContains(t, explained, tt.says, name)
		assert.Equal(t, seats.TermsAcceptanceRequired, terms.Me.TermsUpdate.Action)

		refused := accounts.AcceptTerms(ctx)
		require.ErrorIs(t, refused, client.ErrForbidden, name)
		require.ErrorIs(t, write(owner), client.ErrTermsAcceptanceRequired, "nothing was accepted")
	}

	// A direct administrator can, and then all members write.
	explained := seats.New(owner).ExplainTerms(ctx, blocked)
	var terms *seats.TermsError
	require.ErrorAs(t, explained, &terms)
	assert.Equal(t, seats.RemedyAccept, terms.Remedy())
	require.ErrorContains(t, explained, "you can accept the terms of account 1002 (North): call AcceptTerms")
	require.NoError(t, seats.New(owner).AcceptTerms(ctx))
	assert.Equal(t, []string{"{}"}, acceptances(srv))
	require.NoError(t, write(owner))
	require.NoError(t, write(parentClient))

	// Who is late learns that nothing is left to do.
	require.ErrorAs(t, seats.New(owner).ExplainTerms(ctx, blocked), &terms)
	assert.Equal(t, seats.RemedyRepeat, terms.Remedy())
	require.ErrorContains(t, terms, "repeat the call")
}

// acceptances are the bodies of what was accepted.
func acceptances(srv *sandboxtest.Sandbox) []string {
	var found []string
	for _, r := range srv.Requests() {
		if r.Path == "/api/v2/accept-tos" && r.Status == http.StatusOK {
			found = append(found, r.Body)
		}
	}
	return found
}

// The explanation is the same whatever way the refusal came.
// Who administers the account by way of its parent has the access already; a level is not what is missing.
func TestRefusedAcceptanceNamesNoLevel(t *testing.T) {
	t.Parallel()
	srv, accounts := startSandbox(t, family())
	_, err := accounts.Switch(t.Context(), "1002")
	require.NoError(t, err)
	for name, s := range map[string]*seats.Service{
		"a parent's ADMIN": accounts,
		"a member":         seats.New(srv.ConnectGrant(sandbox.Grant{Role: sandbox.RoleMember})),
	} {
		err := s.AcceptTerms(t.Context())
		require.ErrorIs(t, err, client.ErrForbidden, name)
		assert.NotContains(t, err.Error(), "it needs", name)
		var refusal *client.APIError
		require.ErrorAs(t, err, &refusal)
		assert.Empty(t, refusal.NeedsLevel(), name)
	}
}

func TestTermsOverMCP(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, accounts := startSandbox(t, sandbox.WithTermsPending())
	s, err := mcpclient.Connect(ctx, srv.Client)
	require.NoError(t, err)
	defer s.Close(ctx)
	_, blocked := mcpclient.CallAPI[struct{}](ctx, s, "create_service_token",
		mcpclient.Request{Body: map[string]string{"name": "ETL"}})
	require.ErrorIs(t, blocked, client.ErrTermsAcceptanceRequired)
	var terms *seats.TermsError
	require.ErrorAs(t, accounts.ExplainTerms(ctx, blocked), &terms)
	assert.Equal(t, seats.RemedyAccept, terms.Remedy())
	overMCP, err := s.CurrentUser(ctx)
	require.NoError(t, err)
	assert.Equal(t, overMCP, terms.Me)
	require.NoError(t, s.AcceptTerms(ctx))
	me, err := accounts.Me(ctx)
	require.NoError(t, err)
	assert.False(t, me.ShowTermsBox)
}

func TestExplainTermsLeavesOtherErrors(t *testing.T) {
	t.Parallel()
	var sent int
	accounts := seats.New(answering(t, http.StatusOK, `{}`, &sent))
	require.NoError(t, accounts.ExplainTerms(t.Context(), nil))
	other := errors.New("other")
	assert.Equal(t, other, accounts.ExplainTerms(t.Context(), other))
	assert.Zero(t, sent)
}

func TestRemedies(t *testing.T) {
	t.Parallel()
	refusal := answering(t, http.StatusForbidden,
		`{"data":null,"error":{"code":"TOS_ACCEPTANCE_REQUIRED","message":"No"}}`, nil)
	_, blocked := seats.New(refusal).Current(t.Context())
	require.ErrorIs(t, blocked, client.ErrTermsAcceptanceRequired)
	for body, want := range map[string]struct {
		remedy seats.TermsRemedy
		says   string
	}{
		`{"showTosBox":true,"canAcceptTos":true}`: {
			seats.RemedyAccept,
			"you can accept the terms of the account",
		},
		`{"showPsaBox":true,"canAcceptTos":false,"tosBlockedReason":"PARENT_MUST_ACCEPT_TOS"}`: {
			seats.RemedyContract,
			"for its parent to conclude",
		},
		`{"showTosBox":true,"canAcceptTos":false,"user":{"id":1}}`: {
			seats.RemedyDirectAdmin, "you are none",
		},
		`{"showTosBox":true,"canAcceptTos":false,"user":{"id":1},"customer":{"id":4,"role":"BASIC"}}`: {
			seats.RemedyDirectAdmin, "of account 4 must sign in and accept its terms; your level there is BASIC",
		},
		`{"showTosBox":true,"canAcceptTos":false,"user":{"id":1,"role":"SUPER_ADMIN"},"customer":{"id":4},` +
			`"customers":[{"id":4}]}`: {seats.RemedyDirectAdmin, "you administer it through a parent account only"},
		`{"showTosBox":false,"canAcceptTos":true}`: {seats.RemedyRepeat, "repeat the call"},
	} {
		explained := seats.New(answering(t, http.StatusOK, body, nil)).ExplainTerms(t.Context(), blocked)
		var terms *seats.TermsError
		require.ErrorAs(t, explained, &terms, body)
		assert.Equal(t, want.remedy, terms.Remedy(), body)
		assert.ErrorContains(t, explained, want.says)
	}

	// Where nobody can tell, both failures are in the error.
	explained := seats.New(answering(t, http.StatusUnauthorized, `{}`, nil)).ExplainTerms(t.Context(), blocked)
	require.ErrorIs(t, explained, client.ErrTermsAcceptanceRequired)
	require.ErrorIs(t, explained, client.ErrUnauthorized)
}
