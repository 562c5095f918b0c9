package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	a := admin.as("").get("/health")
	require.Equal(t, http.StatusOK, a.status)
	for _, member := range []string{"status", "version", "commitSha", "inFlightJobs", "services", "timestamp"} {
		require.Contains(t, a.object(), member)
	}
	require.Equal(t, "application/json", a.header.Get("Content-Type"))
	require.Empty(t, srv.Violations())
}

func TestCurrentAccount(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	got := admin.get("/api/v2/accounts/current").data()
	require.EqualValues(t, 1001, got["id"])
	require.Equal(t, "ADMIN", got["role"])
	require.Equal(t, "USD", got["standing"].(map[string]any)["currency"])
	require.Empty(t, srv.Violations())
}

func TestUnversionedPathsLeadToThePinnedOnes(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	for alias, want := range map[string]string{
		"/api/service-tokens":                   "/api/v2/service-tokens",
		"/api/service-tokens?take=1&x=%20":      "/api/v2/service-tokens?take=1&x=%20",
		"/api/service-tokens/a%2Fb":             "/api/v2/service-tokens/a%2Fb",
		"/api/accounts/current":                 "/api/v2/accounts/current",
		"/api/buyer/advertisers":                "/api/v2/buyer/advertisers",
		"/api/storefront":                       "/api/v2/storefront",
		"/mcp/buyer":                            "/mcp/v2/buyer",
		"/mcp/storefront":                       "/mcp/v2/storefront",
		"/api/service-tokens//evil.example/%2e": "/api/v2/service-tokens//evil.example/%2e",
	} {
		for _, method := range []string{
			http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete,
			http.MethodPatch,
		} {
			a := admin.as("").call(method, alias, "")
			require.Equal(t, http.StatusPermanentRedirect, a.status, alias)
			require.Equal(t, want, a.header.Get("Location"))
		}
	}
	require.Empty(t, srv.Violations())

	// A client that follows gets there, body and all.
	resp, err := srv.HTTPClient().Do(admin.request(http.MethodPost, "/api/service-tokens", `{"name":"followed"}`))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusCreated, resp.StatusCode)
	require.Equal(t, "followed", srv.Tokens()[0].Name)

	admin.get("/api/service-tokens-and-more").refused(http.StatusNotFound, "NOT_FOUND")
}

func TestMCPPaths(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	a := admin.as("").call(http.MethodPost, "/mcp/v2/buyer", `{}`)
	require.Equal(t, http.StatusUnauthorized, a.status)
	require.Equal(t, "Authentication required", a.object()["error"])
	require.NotEmpty(t, a.object()["message"])
	admin.call(http.MethodPost, "/mcp/v2/seller", `{}`).refused(http.StatusNotFound, "NOT_FOUND")
	large := `"` + strings.Repeat("x", 8<<20) + `"`
	admin.call(http.MethodPost, "/mcp/v2/buyer", large).refused(http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE")
	require.Empty(t, srv.Violations())
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	for _, path := range []string{
		"/", "/api/v2", "/api/v2/nothing", "/api/v2/service-tokens/",
		"/api/v2/service-tokens/1/2",
	} {
		admin.get(path).refused(http.StatusNotFound, "NOT_FOUND")
	}
	a := admin.call(http.MethodPatch, tokensPath+"/1", `{}`)
	a.refused(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED")
	require.Equal(t, "DELETE, GET, PUT", a.header.Get("Allow"))
	require.Len(t, srv.Violations(), 6)
	require.Contains(t, srv.Violations()[5], "PATCH")
}

func TestBodiesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	for _, body := range []string{`{`, `{"name":}`, `{} {}`, "{\"name\":\"\xff\"}", `name=one`} {
		admin.call(http.MethodPost, tokensPath, body).refused(http.StatusBadRequest, "BAD_REQUEST")
	}
	admin.call(http.MethodPost, tokensPath, "").refused(http.StatusBadRequest, "BAD_REQUEST")

	for name, value := range map[string]string{"Content-Type": "text/plain", "Content-Encoding": "gzip"} {
		req := admin.request(http.MethodPost, tokensPath, `{}`)
		req.Header.Set(name, value)
		admin.send(req).refused(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE")
	}
	req := admin.request(http.MethodPost, tokensPath, `{}`)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	require.Equal(t, http.StatusCreated, admin.send(req).status)

	large := `{"description":"` + strings.Repeat("x", 8<<20) + `"}`
	admin.call(http.MethodPost, tokensPath, large).refused(http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE")
	require.Len(t, srv.Tokens(), 1)
	require.Len(t, srv.Violations(), 8)
}

func TestEveryResponsesHasAnIDOfItsOwn(t *testing.T) {
	t.Parallel()
	srv, admin := startSandbox(t)
	seen := map[string]bool{}
	for i := range 50 {
		path := []string{"/health", tokensPath, "/nothing", "/api/buyer", fmt.Sprintf("%s/%d", tokensPath, i)}[i%5]
		a := admin.get(path)
		id := a.header.Get("X-Request-Id")
		require.NotEmpty(t, id)
		require.False(t, seen[id])
		seen[id] = true
		require.Equal(t, id, srv.Requests()[i].ID)
		if a.text != "" {
			require.NotEmpty(t, a.header.Get("Content-Type"))
		}
	}
}
