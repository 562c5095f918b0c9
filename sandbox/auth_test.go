package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestBothCredentialHeaders(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	nobody := admin.as("")
	nobody.get(tokensPath).refused(http.StatusUnauthorized, "UNAUTHORIZED")

	for name, set := range map[string]func(http.Header){
		"bearer":           func(h http.Header) { h.Set("Authorization", "Bearer "+srv.AdminToken()) },
		"bearer, any case": func(h http.Header) { h.Set("Authorization", "bEaReR "+srv.AdminToken()) },
		"api key":          func(h http.Header) { h.Set("x-scope3-api-key", srv.AdminToken()) },
		"api key wins": func(h http.Header) {
			h.Set("x-scope3-api-key", srv.AdminToken())
			h.Set("Authorization", "Bearer nothing")
		},
	} {
		req := nobody.request(http.MethodGet, tokensPath, "")
		set(req.Header)
		require.Equal(t, http.StatusOK, nobody.send(req).status, name)
	}
	for name, set := range map[string]func(http.Header){
		"no scheme":   func(h http.Header) { h.Set("Authorization", srv.AdminToken()) },
		"other":       func(h http.Header) { h.Set("Authorization", "Basic "+srv.AdminToken()) },
		"unknown":     func(h http.Header) { h.Set("Authorization", "Bearer scope3_ak_none_sk_live_none") },
		"only the id": func(h http.Header) { h.Set("Authorization", "Bearer scope3_"+srv.AdminClientID()) },
		"bad key wins": func(h http.Header) {
			h.Set("x-scope3-api-key", "nothing")
			h.Set("Authorization", "Bearer "+srv.AdminToken())
		},
	} {
		req := nobody.request(http.MethodGet, tokensPath, "")
		set(req.Header)
		require.Equal(t, http.StatusUnauthorized, nobody.send(req).status, name)
	}
	require.Empty(t, srv.Violations(), "a missing credential is not a violation")
}

func TestRoles(t *testing.T) {
	t.Parallel()
	_, admin := startSandbox(t)
	id := admin.create(`{"name":"mine"}`)["id"].(string)
	calls := []struct{ method, path, body string }{
		{http.MethodGet, tokensPath, ""},
		{http.MethodGet, tokensPath + "/" + id, ""},
		{http.MethodPost, tokensPath, `{}`},
		{http.MethodPut, tokensPath + "/" + id, `{"name":"yours"}`},
		{http.MethodDelete, tokensPath + "/" + id, ""},
	}
	customer := admin.create(`{"scope":"CUSTOMER"}`)["fullToken"].(string)
	for name, u := range map[string]user{
		"member":     admin.granted(sandbox.Grant{Role: sandbox.RoleMember}),
		"read-write": admin.granted(sandbox.Grant{Role: sandbox.RoleReadWrite}),
		"read":       admin.granted(sandbox.Grant{Role: sandbox.RoleRead}),
		"seat read":  admin.granted(sandbox.Grant{Role: sandbox.RoleRead, SeatID: "seat_101"}),
		"customer":   admin.as(customer),
	} {
		for _, c := range calls {
			u.call(c.method, c.path, c.body).refused(http.StatusForbidden, "FORBIDDEN")
		}
		require.Equal(t, http.StatusOK, u.get("/api/v2/accounts/current").status, name)
	}
	for _, c := range calls {
		require.Less(t, admin.granted(sandbox.Grant{}).call(c.method, c.path, c.body).status, 300)
	}
}

func TestExpiredCredentialsStop(t *testing.T) {
	t.Parallel()
	c := newClock()
	srv, admin := startSandbox(t, sandbox.WithClock(c.Now))
	expired := admin.granted(sandbox.Grant{ExpiresIn: -time.Second})
	expired.get(tokensPath).refused(http.StatusUnauthorized, "UNAUTHORIZED")

	short := admin.granted(sandbox.Grant{ExpiresIn: time.Minute})
	require.Equal(t, http.StatusOK, short.get(tokensPath).status)
	c.advance(time.Minute)
	short.get(tokensPath).refused(http.StatusUnauthorized, "UNAUTHORIZED")
	require.False(t, srv.Authenticates(short.token))
	require.True(t, srv.Authenticates(srv.AdminToken()))
}

func TestGrantSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	srv, _ := startSandbox(t)
	for _, g := range []sandbox.Grant{
		{Role: "OWNER"},
		{Role: sandbox.RoleRead, SeatID: "seat_999"},
		{Role: sandbox.RoleMember, SeatID: "seat_101"},
	} {
		_, _, err := srv.Grant(g)
		require.Error(t, err)
	}
	require.Empty(t, srv.Tokens(), "granted credentials are not in the ledger")
}

func TestSeatScopedCredentialSeesItsSeatOnly(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	seat := admin.as(admin.create(
		`{"scope":"SEAT","seatName":"Acme","role":"ADMIN","expiresInDays":30}`)["fullToken"].(string))
	other := admin.create(`{"scope":"SEAT","seatName":"Globex","seatType":"BUYER","role":"ADMIN","expiresInDays":30}`)
	wide := admin.create(`{}`)
	own := srv.Tokens()[0].ID

	require.Equal(t, []string{own}, seat.get(tokensPath).ids())
	require.Empty(t, seat.get(tokensPath+"?seatId=seat_102").ids())
	require.Equal(t, http.StatusOK, seat.get(tokensPath+"/"+own).status)
	for _, hidden := range []string{other["id"].(string), wide["id"].(string)} {
		seat.get(tokensPath+"/"+hidden).refused(http.StatusNotFound, "NOT_FOUND")
		seat.call(http.MethodPut, tokensPath+"/"+hidden, `{"name":"x"}`).refused(http.StatusNotFound, "NOT_FOUND")
		seat.call(http.MethodDelete, tokensPath+"/"+hidden, "").refused(http.StatusNotFound, "NOT_FOUND")
	}
	seat.create(`{"scope":"SEAT","seatName":"Acme","role":"READ","expiresInDays":1}`)
	for _, beyond := range []string{
		`{"scope":"CUSTOMER"}`,
		`{"scope":"SEAT","seatName":"Globex","seatType":"BUYER","role":"READ","expiresInDays":1}`,
	} {
		seat.call(http.MethodPost, tokensPath, beyond).refused(http.StatusForbidden, "ACCESS_DENIED")
	}
	require.Len(t, srv.Tokens(), 4)
}

func TestSeatHeader(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	admin.seat = "seat_102"
	require.Equal(t, http.StatusOK, admin.get("/api/v2/accounts/current").status)
	require.Equal(t, "seat_102", srv.Requests()[0].SeatID)
	admin.seat = "seat_999"
	admin.get("/api/v2/accounts/current").refused(http.StatusForbidden, "ACCESS_DENIED")

	seat := admin.granted(sandbox.Grant{Role: sandbox.RoleRead, SeatID: "seat_101"})
	seat.seat = "seat_101"
	require.Equal(t, http.StatusOK, seat.get("/api/v2/accounts/current").status)
	seat.seat = "seat_102"
	seat.get("/api/v2/accounts/current").refused(http.StatusForbidden, "ACCESS_DENIED")
}

func TestTermsPending(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithTermsPending())
	admin.call(http.MethodPost, tokensPath, `{}`).refused(http.StatusForbidden, "TOS_ACCEPTANCE_REQUIRED")
	require.Equal(t, http.StatusOK, admin.get(tokensPath).status)
	require.Equal(t, http.StatusOK, admin.get("/api/v2/accounts/current").status)
	require.Empty(t, srv.Tokens())

	srv.AcceptTerms()
	admin.create(`{}`)
}
