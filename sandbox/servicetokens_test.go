package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

const day = 24 * time.Hour

func TestCreateResponsesAsTheGuideShows(t *testing.T) {
	t.Parallel()
	c := newClock()
	srv, admin := startSandbox(t, sandbox.WithClock(c.Now))
	got := admin.create(`{"name":"Nightly ETL — export","description":"02:00 UTC","expiresInDays":365,"scope":"CUSTOMER"}`)

	full, clientID := got["fullToken"].(string), got["accessClientId"].(string)
	delete(got, "fullToken")
	delete(got, "accessClientId")
	require.Equal(t, map[string]any{
		"id":              "10001",
		"customerId":      "cust_1001",
		"seatId":          nil,
		"userId":          nil,
		"name":            "Nightly ETL — export",
		"description":     "02:00 UTC",
		"expiresAt":       "2027-04-26T16:30:00.000Z",
		"createdAt":       "2026-04-26T16:30:00.000Z",
		"role":            nil,
		"createdByUserId": "90001",
	}, got)
	require.True(t, strings.HasPrefix(full, "scope3_"+clientID+"_sk_live_"))
	require.True(t, srv.Authenticates(full))
	require.Equal(t, http.StatusOK, admin.as(full).get("/api/v2/accounts/current").status)

	require.Equal(t, []sandbox.Token{{
		ID: "10001", ClientID: clientID, Name: "Nightly ETL — export", Description: "02:00 UTC",
		Scope: sandbox.ScopeCustomer, Account: 1001, CreatedBy: "90001", CreatedAt: c.Now(),
		ExpiresAt: c.Now().Add(365 * day),
	}}, srv.Tokens())
	require.Empty(t, srv.Violations())
}

func TestCreateForASeat(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	got := admin.create(`{"scope":"SEAT","seatName":"Acme","role":"READ","expiresInDays":90}`)
	require.Equal(t, "seat_101", got["seatId"])
	require.Equal(t, "READ", got["role"])

	got = admin.create(`{"scope":"SEAT","seatName":"Globex","seatType":"ACTIVATION","role":"READ_WRITE",` +
		`"expiresInDays":1}`)
	require.Equal(t, "seat_103", got["seatId"])
	require.Equal(t, sandbox.ScopeSeat, srv.Tokens()[1].Scope)

	wide := admin.create(`{"scope":"CUSTOMER","seatName":"Acme","role":"READ"}`)
	require.Nil(t, wide["seatId"])
	require.Nil(t, wide["role"])
	require.Nil(t, wide["expiresAt"])
}

func TestCreateListsAllProblems(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	long := strings.Repeat("n", 256)
	for body, want := range map[string][]string{
		`{"scope":"SEAT"}`:                                    {"seatName", "role", "expiresInDays"},
		`{"scope":"SEAT","role":"OWNER"}`:                     {"role", "seatName", "expiresInDays"},
		`{"name":"` + long + `"}`:                             {"name"},
		`{"description":"` + strings.Repeat("d", 1001) + `"}`: {"description"},
		`{"name":"` + long + `","expiresInDays":366,"scope":"ALL","role":"X","seatType":"Y"}`: {
			"name", "expiresInDays", "scope", "role", "seatType",
		},
		`{"expiresInDays":0}`:    {"expiresInDays"},
		`{"expiresInDays":1.5}`:  {"expiresInDays"},
		`{"expiresInDays":"90"}`: {"expiresInDays"},
		`{"name":null}`:          {"name"},
		`{"scope":"SEAT","seatName":"Nobody","role":"READ","expiresInDays":1}`: {"seatName"},
		`{"scope":"SEAT","seatName":"","role":"READ","expiresInDays":1}`:       {"seatName"},
		`{"scope":"SEAT","seatName":"Globex","role":"READ","expiresInDays":1}`: {"seatType"},
		`[]`:   {""},
		`null`: {""},
	} {
		require.ElementsMatch(t, want, admin.call(http.MethodPost, tokensPath, body).issues(), body)
	}
	require.Empty(t, srv.Tokens())
	require.Zero(t, srv.Effects("POST "+tokensPath))

	admin.create(`{"name":"` + strings.Repeat("é", 255) + `","unknown":"members are ignored"}`)
}

func TestGetNeverShowsTheSecret(t *testing.T) {
	t.Parallel()
	_, admin := startSandbox(t)
	created := admin.create(`{"name":"one","scope":"SEAT","seatName":"Acme","role":"READ","expiresInDays":7}`)
	secret := created["fullToken"].(string)[len("scope3_"+created["accessClientId"].(string)):]

	one := admin.get(tokensPath + "/" + created["id"].(string))
	require.NotContains(t, one.text, secret)
	data := one.data()
	require.NotContains(t, data, "fullToken")
	require.Equal(t, "SEAT", data["scope"])
	require.Nil(t, data["archivedAt"])
	for _, same := range []string{"id", "accessClientId", "seatId", "role", "expiresAt", "createdAt"} {
		require.Equal(t, created[same], data[same], same)
	}
	list := admin.get(tokensPath)
	require.NotContains(t, list.text, secret)
	require.NotContains(t, list.text, "fullToken")

	for _, id := range []string{"99999", "ak_x", "%2F", ".."} {
		admin.get(tokensPath+"/"+id).refused(http.StatusNotFound, "NOT_FOUND")
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	c := newClock()
	srv, admin := startSandbox(t, sandbox.WithClock(c.Now))
	path := tokensPath + "/" + admin.create(`{"name":"one","description":"d","expiresInDays":30}`)["id"].(string)

	c.advance(day)
	got := admin.call(http.MethodPut, path, `{"name":"two","expiresInDays":30}`).data()
	require.Equal(t, "two", got["name"])
	require.Equal(t, "d", got["description"])
	require.Equal(t, "2026-05-27T16:30:00.000Z", got["expiresAt"], "days count from the call")
	require.Equal(t, "2026-04-27T16:30:00.000Z", got["updatedAt"])

	require.Equal(t, []string{"expiresInDays"},
		admin.call(http.MethodPut, path, `{"name":"x","expiresInDays":29}`).issues())
	require.Equal(t, "two", srv.Tokens()[0].Name, "a refused update changes nothing")
	require.Equal(t, http.StatusOK, admin.call(http.MethodPut, path, `{"expiresInDays":30}`).status,
		"equal is not shorter")

	got = admin.call(http.MethodPut, path, `{"name":null,"description":null}`).data()
	require.Nil(t, got["name"])
	require.Nil(t, got["description"])
	require.Equal(t, http.StatusOK, admin.call(http.MethodPut, path, `{}`).status)

	require.Equal(t, []string{"expiresInDays"}, admin.call(http.MethodPut, path, `{"expiresInDays":400}`).issues())
	admin.call(http.MethodPut, tokensPath+"/77", `{}`).refused(http.StatusNotFound, "NOT_FOUND")

	forever := tokensPath + "/" + admin.create(`{}`)["id"].(string)
	require.Equal(t, []string{"expiresInDays"}, admin.call(http.MethodPut, forever, `{"expiresInDays":365}`).issues())
	require.Equal(t, 4, srv.Effects("PUT "+tokensPath+"/{id}"))
}

func TestExpiryAndRevival(t *testing.T) {
	t.Parallel()
	c := newClock()
	srv, admin := startSandbox(t, sandbox.WithClock(c.Now))
	created := admin.create(`{"expiresInDays":1}`)
	full := created["fullToken"].(string)
	c.advance(day - time.Millisecond)
	require.True(t, srv.Authenticates(full))
	c.advance(time.Millisecond)
	require.False(t, srv.Authenticates(full))
	require.False(t, srv.Tokens()[0].Active(c.Now()))
	admin.as(full).get("/api/v2/accounts/current").refused(http.StatusUnauthorized, "UNAUTHORIZED")

	admin.call(http.MethodPut, tokensPath+"/"+created["id"].(string), `{"expiresInDays":1}`).data()
	require.True(t, srv.Authenticates(full))
}

func TestArchive(t *testing.T) {
	t.Parallel()
	c := newClock()
	srv, admin := startSandbox(t, sandbox.WithClock(c.Now))
	created := admin.create(`{"name":"gone"}`)
	full, path := created["fullToken"].(string), tokensPath+"/"+created["id"].(string)
	require.True(t, srv.Authenticates(full))

	gone := admin.call(http.MethodDelete, path, "")
	require.Equal(t, http.StatusNoContent, gone.status)
	require.Empty(t, gone.text)
	require.False(t, srv.Authenticates(full))
	admin.as(full).get("/api/v2/accounts/current").refused(http.StatusUnauthorized, "UNAUTHORIZED")

	admin.call(http.MethodDelete, path, "").refused(http.StatusNotFound, "NOT_FOUND")
	admin.call(http.MethodPut, path, `{"name":"back"}`).refused(http.StatusNotFound, "NOT_FOUND")
	require.Equal(t, "2026-04-26T16:30:00.000Z", admin.get(path).data()["archivedAt"], "the row stays")
	require.Empty(t, admin.get(tokensPath).ids())
	require.Equal(t, []string{"10001"}, admin.get(tokensPath+"?includeArchived=true").ids())
	require.Equal(t, 1, srv.Effects("DELETE "+tokensPath+"/{id}"))
	require.Equal(t, c.Now(), srv.Tokens()[0].ArchivedAt)
}

func TestList(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	require.Empty(t, admin.get(tokensPath).ids())
	for i := range 120 {
		body := fmt.Sprintf(`{"name":"token %d"}`, i)
		if i%40 == 0 {
			body = `{"scope":"SEAT","seatName":"Acme","role":"READ","expiresInDays":1}`
		}
		admin.create(body)
	}

	first := admin.get(tokensPath)
	require.Len(t, first.ids(), 50)
	require.Equal(t, "10120", first.ids()[0], "newest first")
	require.Equal(t, map[string]any{
		"pagination": map[string]any{"skip": 0.0, "take": 50.0, "total": 120.0, "hasMore": true},
	}, first.object()["meta"])

	var all []string
	for skip := 0; ; skip += 100 {
		page := admin.get(fmt.Sprintf("%s?take=100&skip=%d", tokensPath, skip))
		all = append(all, page.ids()...)
		if page.object()["meta"].(map[string]any)["pagination"].(map[string]any)["hasMore"] == false {
			break
		}
	}
	require.Len(t, all, 120)
	require.Equal(t, "10001", all[119])

	require.Equal(t, []string{"10081", "10041", "10001"}, admin.get(tokensPath+"?seatId=seat_101").ids())
	require.Empty(t, admin.get(tokensPath+"?seatId=nowhere").ids())
	require.Empty(t, admin.get(tokensPath+"?skip=9007199254740991").ids())
	require.Empty(t, srv.Violations())

	for query, want := range map[string][]string{
		"take=0":                       {"take"},
		"take=101":                     {"take"},
		"take=ten&skip=-1":             {"take", "skip"},
		"includeArchived=yes&seatId=":  {"includeArchived", "seatId"},
		"take=1&take=2":                {"take"},
		"skip=99999999999999999999999": {"skip"},
	} {
		require.ElementsMatch(t, want, admin.get(tokensPath+"?"+query).issues(), query)
	}
	require.Len(t, srv.Violations(), 6)
}

func TestListShapes(t *testing.T) {
	t.Parallel()
	for shape, members := range map[sandbox.ListShape][]string{
		sandbox.ListDataServiceTokens: {"data", "serviceTokens"},
		sandbox.ListDataTokens:        {"data", "tokens"},
		sandbox.ListDataItems:         {"data", "items"},
		sandbox.ListBareArray:         nil,
		sandbox.ListBareObject:        {"serviceTokens"},
	} {
		srv, admin := startSandbox(t, sandbox.WithListShape(shape))
		admin.create(`{}`)
		admin.create(`{}`)
		at := admin.get(tokensPath + "?take=1").json()
		for i, m := range members {
			o := at.(map[string]any)
			if i == len(members)-1 {
				require.EqualValues(t, 2, o["total"])
			}
			at = o[m]
		}
		require.Len(t, at, 1, "shape %d", shape)
		require.Empty(t, srv.Violations())
	}
}

func TestNumericIDs(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithNumericIDs())
	got := admin.create(`{"scope":"SEAT","seatName":"Acme","role":"READ","expiresInDays":1}`)
	for member, want := range map[string]float64{
		"id": 10001, "customerId": 1001, "organizationId": 1001, "seatId": 101, "createdByUserId": 90001,
	} {
		require.Equal(t, want, got[member], member)
	}
	require.EqualValues(t, 10001, admin.get(tokensPath + "/10001").data()["id"])
	for _, seat := range []string{"101", "seat_101"} {
		require.Len(t, admin.get(tokensPath + "?seatId=" + seat).object()["data"], 1)
	}
	require.Empty(t, srv.Violations())
}

func TestBareResponses(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t, sandbox.WithBareResponses())
	created := admin.call(http.MethodPost, tokensPath, `{"name":"bare"}`)
	require.Equal(t, http.StatusCreated, created.status)
	require.Equal(t, "bare", created.object()["name"])
	require.Contains(t, created.object(), "fullToken")
	require.Len(t, admin.get(tokensPath).json(), 1)
	require.Equal(t, "Sandbox", admin.get("/api/v2/accounts/current").object()["name"])
	admin.get(tokensPath+"/1").refused(http.StatusNotFound, "NOT_FOUND")
	require.Empty(t, srv.Violations())
}

func TestListsLag(t *testing.T) {
	t.Parallel()
	const lag = 4 * time.Second
	c := newClock()
	srv, admin := startSandbox(t, sandbox.WithListLag(lag), sandbox.WithClock(c.Now))
	shown := func() (tokens, keys int) {
		list := admin.get(tokensPath).object()["data"].([]any)
		for _, one := range admin.partner(http.MethodGet, "/api-keys", "", srv.PartnerKey()).object()["apiKeys"].([]any) {
			if one.(map[string]any)["status"] == "active" {
				keys++
			}
		}
		return len(list), keys
	}
	created := admin.create(`{"name":"ETL"}`)
	path := tokensPath + "/" + created["id"].(string)
	key := admin.partner(http.MethodPost, "/api-keys", `{"name":"ETL","scopes":["read"]}`, srv.PartnerKey()).object()
	id := key["apiKey"].(map[string]any)["id"].(string)
	require.Equal(t, http.StatusOK, admin.get(path).status, "a single token does not lag")

	end := func() {
		require.Equal(t, http.StatusNoContent, admin.send(admin.request(http.MethodDelete, path, "")).status)
		require.Equal(t, http.StatusNoContent, admin.partner(http.MethodDelete, "/api-keys/"+id, "", srv.PartnerKey()).status)
		require.False(t, srv.Authenticates(created["fullToken"].(string)), "authentication does not lag")
	}
	for _, step := range []struct {
		wait time.Duration
		act  func()
		want int
	}{
		{want: 0},
		{wait: lag - time.Second, want: 0},
		{wait: time.Second, want: 1},
		{act: end, want: 1},
		{wait: lag - time.Second, want: 1},
		{wait: time.Second, want: 0},
	} {
		c.advance(step.wait)
		if step.act != nil {
			step.act()
		}
		tokens, keys := shown()
		require.Equal(t, step.want, tokens)
		require.Equal(t, step.want, keys)
	}
	_, err := sandbox.Start(sandbox.WithListLag(-1))
	require.ErrorContains(t, err, "WithListLag")
}
