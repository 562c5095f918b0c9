package sandbox_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const (
	accountsPath = "/api/v2/accounts"
	termsPath    = "/api/v2/accept-tos"
	mePath       = "/auth/me"
)

// family is a parent with two children, and an account of somebody else.
func family() sandbox.Option {
	return sandbox.WithAccounts(
		sandbox.Account{ID: 1001, Name: "Holding"},
		sandbox.Account{ID: 1002, Name: "North", Parent: 1001, TermsPending: true},
		sandbox.Account{ID: 1003, Name: "South", Parent: 1001, CustomerRole: sandbox.Seller},
		sandbox.Account{ID: 2001, Name: "Stranger"},
	)
}

// accounts lists the ids and roles of the accounts that a user reaches.
func (u user) accounts() map[float64]any {
	found := map[float64]any{}
	for _, one := range u.get(accountsPath).data()["accounts"].([]any) {
		account := one.(map[string]any)
		found[account["id"].(float64)] = account["role"]
	}
	return found
}

func (u user) switchTo(id string) response {
	return u.call(http.MethodPost, accountsPath+"/switch", `{"customerId":`+id+`}`)
}

func TestReachOfCredentials(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, family())
	for name, tt := range map[string]struct {
		grant sandbox.Grant
		want  map[float64]any
	}{
		"parent's admin": {sandbox.Grant{}, map[float64]any{1001: "ADMIN", 1002: "ADMIN", 1003: "ADMIN"}},
		"parent's member": {
			sandbox.Grant{Role: sandbox.RoleMember},
			map[float64]any{1001: "MEMBER", 1002: "MEMBER", 1003: "MEMBER"},
		},
		"child's admin":   {sandbox.Grant{Account: 1002}, map[float64]any{1002: "ADMIN"}},
		"child's premium": {sandbox.Grant{Account: 1002, Role: sandbox.RolePremium}, map[float64]any{1002: "MEMBER"}},
		"in two accounts": {
			sandbox.Grant{Account: 2001, Also: map[int]string{1003: sandbox.RoleBasic}},
			map[float64]any{2001: "ADMIN", 1003: "MEMBER"},
		},
		"super admin": {sandbox.Grant{Account: 2001, Role: sandbox.RoleSuperAdmin}, map[float64]any{2001: "SUPER_ADMIN"}},
		"a role of its own in a child": {
			sandbox.Grant{Role: sandbox.RoleBasic, Also: map[int]string{1002: sandbox.RoleAdmin}},
			map[float64]any{1001: "MEMBER", 1002: "ADMIN", 1003: "MEMBER"},
		},
	} {
		require.Equal(t, tt.want, admin.granted(tt.grant).accounts(), name)
	}
	require.Empty(t, srv.Violations())
	_, _, err := srv.Grant(sandbox.Grant{Account: 7})
	require.Error(t, err)
	_, _, err = srv.Grant(sandbox.Grant{Also: map[int]string{7: sandbox.RoleAdmin}})
	require.Error(t, err)
}

func TestTermsAreAcceptedByDirectAdministrators(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		grant sandbox.Grant
		may   bool
	}{
		"direct admin":       {sandbox.Grant{Account: 1002}, true},
		"direct super admin": {sandbox.Grant{Account: 1002, Role: sandbox.RoleSuperAdmin}, true},
		"admin of both":      {sandbox.Grant{Account: 1002, Also: map[int]string{1001: sandbox.RoleAdmin}}, true},
		"parent's admin":     {sandbox.Grant{}, false},
		"basic":              {sandbox.Grant{Account: 1002, Role: sandbox.RoleBasic}, false},
		"member":             {sandbox.Grant{Account: 1002, Role: sandbox.RoleMember}, false},
		"service token":      {sandbox.Grant{Account: 1002, Role: sandbox.RoleReadWrite}, false},
		"ADMIN token":        {sandbox.Grant{SeatID: "seat_2"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, admin := startSandbox(t, family(), sandbox.WithSeats(sandbox.Seat{ID: "seat_2", Name: "North", Account: 1002}))
			u := admin.granted(tt.grant)
			require.Equal(t, http.StatusOK, u.switchTo("1002").status, "terms hold up no switch")
			me := u.get(mePath).data()
			require.Equal(t, true, me["showTosBox"])
			require.Equal(t, tt.may, me["canAcceptTos"])
			require.Equal(t, "acceptance_required", me["tosUpdate"].(map[string]any)["action"])
			if !tt.may {
				u.call(http.MethodPost, termsPath, `{}`).refused(http.StatusForbidden, "FORBIDDEN")
				require.Equal(t, true, u.get(mePath).data()["showTosBox"])
				return
			}
			u.call(http.MethodPost, tokensPath, `{}`).refused(http.StatusForbidden, "TOS_ACCEPTANCE_REQUIRED")
			require.Equal(t, http.StatusOK, u.call(http.MethodPost, termsPath, `{}`).status)
			require.Equal(t, http.StatusCreated, u.call(http.MethodPost, tokensPath, `{}`).status)
			require.Equal(t, false, u.get(mePath).data()["showTosBox"])
			require.Empty(t, srv.Violations())
		})
	}
}

func TestTermsOfOneAccountConcernNoOther(t *testing.T) {
	t.Parallel()
	_, admin := startSandbox(t, family())
	require.Equal(t, http.StatusCreated, admin.call(http.MethodPost, tokensPath, `{}`).status)
	admin.switchTo("1002")
	admin.call(http.MethodPost, tokensPath, `{}`).refused(http.StatusForbidden, "TOS_ACCEPTANCE_REQUIRED")
	admin.switchTo("1003")
	require.Equal(t, http.StatusCreated, admin.call(http.MethodPost, tokensPath, `{}`).status)
}

func TestASwitchHoldsForItsCredential(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, family())
	other := admin.granted(sandbox.Grant{})
	current := func(u user) any { return u.get(accountsPath + "/current").data()["id"] }
	for _, id := range []string{`1002`, `"1002"`} {
		require.EqualValues(t, 1002, admin.switchTo(id).data()["customer"].(map[string]any)["id"])
		require.EqualValues(t, 1002, current(admin))
		require.EqualValues(t, 1001, current(other))
		require.Equal(t, http.StatusOK, admin.switchTo("1001").status)
	}
	for _, beyond := range []string{"2001", "9", `"x"`} {
		admin.switchTo(beyond).refused(http.StatusForbidden, "ACCESS_DENIED")
	}
	require.EqualValues(t, 1001, current(admin))
	require.Empty(t, srv.Violations())

	// The stateless protocol shows what REST has chosen, and the other way round.
	admin.switchTo("1003")
	p := admin.connect(modern)
	require.EqualValues(t, 1003, p.object("user_get_current", "")["customer"].(map[string]any)["id"])
	p.object("customer_switch", `{"customerId":1002}`)
	require.EqualValues(t, 1002, current(admin))
	p.refused("FORBIDDEN", "accept_tos", "")
	owner := admin.granted(sandbox.Grant{Account: 1002})
	require.Equal(t, false, owner.connect(modern).object("accept_tos", "")["showTosBox"])
	require.Equal(t, false, admin.get(mePath).data()["showTosBox"])
}

func TestChildrenComeAndGo(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	const childPath = accountsPath + "/create-child"
	for _, role := range []string{sandbox.RoleMember, sandbox.RoleReadWrite} {
		admin.granted(sandbox.Grant{Role: role}).call(http.MethodPost, childPath, `{"name":"x","customerRole":"BUYER"}`).
			refused(http.StatusForbidden, "FORBIDDEN")
	}
	first := admin.call(http.MethodPost, childPath, `{"name":"North","customerRole":"BUYER","parentName":"Holding"}`)
	require.Equal(t, http.StatusCreated, first.status)
	made := first.data()
	require.Equal(t, true, made["convertedFromStandalone"])
	require.Equal(t, true, made["showTosBox"])
	require.Equal(t, false, made["canAcceptTos"], "a parent's administrator is no direct one")
	require.Equal(t, "CHILD", made["customer"].(map[string]any)["customerType"])
	require.Equal(t, "Holding", admin.get(accountsPath + "/current").data()["name"])
	second := admin.call(http.MethodPost, childPath,
		`{"name":"South","customerRole":"SELLER","parentName":"Other"}`).data()
	require.Equal(t, false, second["convertedFromStandalone"])
	require.Equal(t, "Holding", admin.get(accountsPath + "/current").data()["name"])
	require.Equal(t, map[float64]any{1001: "ADMIN", 1002: "ADMIN", 1003: "ADMIN"}, admin.accounts())

	admin.switchTo("1002")
	owner := admin.granted(sandbox.Grant{Account: 1002})
	require.Equal(t, http.StatusOK, owner.call(http.MethodPost, termsPath, `{}`).status)
	admin.call(http.MethodPost, childPath, `{"name":"x","customerRole":"BUYER"}`).refused(http.StatusBadRequest,
		"INVALID_STATE")
	token := admin.create(`{}`)["id"].(string)
	admin.call(http.MethodDelete, accountsPath+"/1002", "").refused(http.StatusBadRequest, "INVALID_STATE")
	require.Equal(t, http.StatusNoContent, admin.call(http.MethodDelete, tokensPath+"/"+token, "").status)
	member := admin.granted(sandbox.Grant{Account: 1002, Role: sandbox.RoleMember})
	member.call(http.MethodDelete, accountsPath+"/1002", "").refused(http.StatusForbidden, "FORBIDDEN")
	require.Equal(t, http.StatusNoContent, admin.call(http.MethodDelete, accountsPath+"/1002", "").status)
	admin.call(http.MethodDelete, accountsPath+"/1002", "").refused(http.StatusNotFound, "NOT_FOUND")
	admin.call(http.MethodDelete, accountsPath+"/1001", "").refused(http.StatusBadRequest, "INVALID_STATE")
	require.EqualValues(t, 1001, admin.get(accountsPath + "/current").data()["id"], "at home again")
	member.get(accountsPath+"/current").refused(http.StatusForbidden, "ACCESS_DENIED")
	again := admin.call(http.MethodPost, childPath, `{"name":"East","customerRole":"BUYER"}`).data()
	require.EqualValues(t, 1004, again["customer"].(map[string]any)["id"], "ids do not come back")
	require.Empty(t, srv.Violations())
}

func TestDomainMembershipAndLiveness(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, family())
	member := admin.granted(sandbox.Grant{Role: sandbox.RoleMember})
	domain := admin.call(http.MethodPatch, accountsPath+"/1003/domain", `{"customerDomain":"south.example"}`).data()
	require.Equal(t, map[string]any{"id": 1003.0, "customerDomain": "south.example", "customerDomainApproved": false},
		domain)
	member.call(http.MethodPatch, accountsPath+"/1003/domain",
		`{"customerDomain":"x.example"}`).refused(http.StatusForbidden, "FORBIDDEN")
	admin.call(http.MethodPatch, accountsPath+"/2001/domain",
		`{"customerDomain":"x.example"}`).refused(http.StatusNotFound, "NOT_FOUND")

	member.call(http.MethodPatch, accountsPath+"/1003/membership",
		`{"allowDomainAutoJoin":true}`).refused(http.StatusForbidden, "FORBIDDEN")
	admin.call(http.MethodPatch, accountsPath+"/1003/membership", `{"allowDomainAutoJoin":true}`)
	require.Equal(t, map[string]any{"customerId": 1003.0, "allowDomainAutoJoin": true},
		member.get(accountsPath+"/1003/membership").data())
	member.get(accountsPath+"/2001/membership").refused(http.StatusNotFound, "NOT_FOUND")

	live := func(query string) map[string]any {
		return admin.get(accountsPath + "/liveness" + query).data()["liveness"].(map[string]any)
	}
	require.Len(t, live(""), 3)
	require.Len(t, live("?customerIds=1002,1003"), 2)
	require.Empty(t, live("?customerIds=2001"))
	require.Empty(t, srv.Violations())
}

func TestSeatsBelongToAccounts(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, family(), sandbox.WithFirstPlatformTools(), sandbox.WithSeats(
		sandbox.Seat{ID: "seat_1", Name: "Home"},
		sandbox.Seat{ID: "seat_2", Name: "North", Account: 1002},
		sandbox.Seat{ID: "seat_3", Name: "Far", Account: 2001},
	))
	north := admin.granted(sandbox.Grant{Account: 1002})
	seat := admin.granted(sandbox.Grant{Role: sandbox.RoleRead, SeatID: "seat_2"})
	for name, tt := range map[string]struct {
		who  user
		want []string
	}{
		"parent": {admin, []string{"seat_1", "seat_2"}},
		"child":  {north, []string{"seat_2"}},
		"seat":   {seat, []string{"seat_2"}},
	} {
		var got []string
		for _, one := range tt.who.connect(modern).object("signals/get-partner-seats",
			"")["data"].(map[string]any)["accounts"].([]any) {
			got = append(got, one.(map[string]any)["id"].(string))
		}
		require.Equal(t, tt.want, got, name)
		for _, id := range []string{"seat_1", "seat_2", "seat_3"} {
			tt.who.seat = id
			status := tt.who.get(accountsPath + "/current").status
			want := http.StatusForbidden
			if slices.Contains(tt.want, id) {
				want = http.StatusOK
			}
			require.Equal(t, want, status, "%s %s", name, id)
		}
	}
	require.EqualValues(t, 1002, seat.get(accountsPath + "/current").data()["id"], "a seat's token acts on its account")
	require.Empty(t, srv.Violations())
}

func TestAccountsAreChecked(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]sandbox.Option{
		"none":   {sandbox.WithAccounts()},
		"twice":  {sandbox.WithAccounts(sandbox.Account{ID: 1}, sandbox.Account{ID: 1})},
		"orphan": {sandbox.WithAccounts(sandbox.Account{ID: 1, Parent: 2})},
		"grandchild": {sandbox.WithAccounts(sandbox.Account{ID: 1}, sandbox.Account{ID: 2, Parent: 1},
			sandbox.Account{ID: 3, Parent: 2})},
		"unknown role":     {sandbox.WithAccounts(sandbox.Account{ID: 1, CustomerRole: "BROKER"})},
		"seat of nobody's": {sandbox.WithSeats(sandbox.Seat{ID: "seat_1", Name: "x", Account: 7})},
	} {
		_, err := sandbox.Start(opts...)
		require.Error(t, err, name)
	}
}
