package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

func TestRequestsTellWhatHappened(t *testing.T) {
	t.Parallel()
	c := newClock()
	srv, admin := startSandbox(t, sandbox.WithClock(c.Now))
	admin.seat = "seat_101"
	req := admin.request(http.MethodPost, tokensPath, `{"name":"one"}`)
	req.Header.Set("User-Agent", "test/1")
	req.Header.Set("Idempotency-Key", "k1")
	admin.send(req)
	admin.get(tokensPath + "/10001?verbose=1")
	admin.as("").get("/health")

	got := srv.Requests()
	require.Len(t, got, 3)
	first := got[0]
	require.Equal(t, c.Now(), first.Time)
	require.Equal(t, http.MethodPost, first.Method)
	require.Equal(t, tokensPath, first.Path)
	require.Equal(t, "POST "+tokensPath, first.Route)
	require.Equal(t, http.StatusCreated, first.Status)
	require.Equal(t, srv.AdminClientID(), first.ClientID)
	require.Equal(t, "seat_101", first.SeatID)
	require.Equal(t, `{"name":"one"}`, first.Body)
	require.Equal(t, "test/1", first.Header.Get("User-Agent"))
	require.Equal(t, "k1", first.Header.Get("Idempotency-Key"))
	require.Equal(t, "[hidden]", first.Header.Get("Authorization"))
	require.Empty(t, first.Fault)
	require.Empty(t, first.Violation)

	require.Equal(t, "GET "+tokensPath+"/{id}", got[1].Route)
	require.Equal(t, "1", got[1].Query.Get("verbose"))
	require.Equal(t, "GET /health", got[2].Route)
	require.Empty(t, got[2].ClientID)

	got[1].Query.Set("verbose", "2")
	require.Equal(t, "1", srv.Requests()[1].Query.Get("verbose"), "what is handed out is a copy")
	srv.ResetRequests()
	require.Empty(t, srv.Requests())
	require.Len(t, srv.Tokens(), 1)
	require.Equal(t, 1, srv.Effects("POST "+tokensPath))
}

func TestSecretsAreNowhere(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	created := admin.create(`{"name":"one"}`)
	full := created["fullToken"].(string)
	u := admin.as(full)
	req := u.request(http.MethodPut, tokensPath+"/"+full+"?t="+full+"&token=opaque-secret&"+full+"=1",
		`{"name":"`+full+`","expiresInDays":"`+full+`"}`)
	req.Header.Set("x-scope3-api-key", full)
	req.Header.Set("X-Other", "see "+full+", and more")
	req.Header.Set("Cookie", "session=opaque-secret")
	req.Header.Set("X-SCOPE3-SEAT-ID", full)
	u.send(req)

	seen, err := json.Marshal(srv.Requests())
	require.NoError(t, err)
	everything := string(seen) + strings.Join(srv.Violations(), "\n") + fmt.Sprintf("%+v", srv.Tokens())
	secret := full[len("scope3_"+created["accessClientId"].(string))+1:]
	require.NotContains(t, everything, secret)
	require.NotContains(t, everything, "opaque-secret")
	require.Contains(t, everything, "see scope3_[hidden], and more")
	require.Equal(t, created["accessClientId"], srv.Requests()[1].ClientID)
	require.NotEmpty(t, srv.Violations())
}

func TestViolationsNameTheProblem(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	admin.call(http.MethodPost, tokensPath, `{"expiresInDays":900,"role":"OWNER"}`)
	admin.as("").get(tokensPath + "?take=500")
	srv.Inject(sandbox.Fault{})
	admin.get(tokensPath + "?skip=-1")

	got := srv.Violations()
	require.Len(t, got, 3)
	require.Contains(t, got[0], "POST "+tokensPath)
	require.Contains(t, got[0], "expiresInDays")
	require.Contains(t, got[0], "role")
	require.Contains(t, got[1], "take", "a request is checked for every caller")
	require.Contains(t, got[2], "skip", "and whatever becomes of it")
	require.Contains(t, srv.Requests()[2].Violation, "skip")
}
