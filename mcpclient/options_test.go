package mcpclient_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// noHandler is an OAuth handler of a host's own that has nothing yet.
type noHandler struct{ auth.OAuthHandler }

func (noHandler) TokenSource(context.Context) (oauth2.TokenSource, error) { return nil, nil }

// Everything that is wrong is told at once, and nothing is sent.
func TestInvalidOptions(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(server.Close)
	c := stageClient(t, server.URL, opaqueSecret)

	invalid := []struct {
		option mcpclient.Option
		says   string
	}{
		{mcpclient.WithPath("canary/mcp"), "the path of an MCP endpoint begins with a slash"},
		{mcpclient.WithPath("/mcp?key=canary"), "the path of an MCP endpoint"},
		{mcpclient.WithPath("/mcp/%2e%2e"), "the path of an MCP endpoint"},
		{mcpclient.WithPath("/mcp#canary"), "the path of an MCP endpoint"},
		{mcpclient.WithPath(`/mcp\canary`), "the path of an MCP endpoint"},
		{mcpclient.WithPath("https://canary.example/mcp"), "the path of an MCP endpoint"},
		{mcpclient.WithPath("//canary.example/mcp"), "the path of an MCP endpoint"},
		{mcpclient.WithPath("/mcp/../canary"), "the path of an MCP endpoint"},
		{mcpclient.WithPath("/mcp canary"), "the path of an MCP endpoint"},
		{mcpclient.WithPath("/mcp\ncanary"), "the path of an MCP endpoint"},
		{mcpclient.WithClientInfo("", "1"), "the client's name is empty"},
		{mcpclient.WithProtocolVersion("2020-canary"), "the version of MCP must be one of"},
		{mcpclient.WithCallTimeout(0), "the call timeout must be positive"},
		{mcpclient.WithCallTimeout(-time.Second), "the call timeout must be positive"},
		{mcpclient.WithMaxEvent(0), "the limit of an event must be positive"},
		{mcpclient.WithMaxEvent(-1), "the limit of an event must be positive"},
		{mcpclient.WithGuard(nil), "the guard is nil"},
		{mcpclient.WithOAuthHandler(nil), "the OAuth handler is nil"},
		{mcpclient.WithOAuth(mcpclient.OAuth{RedirectURL: "ftp://canary"}), "OAuth"},
		{mcpclient.WithGateway(7, "canary"), "the gateway form is unknown"},
	}
	all := []mcpclient.Option{nil}
	for _, one := range invalid {
		_, err := mcpclient.Connect(t.Context(), c, one.option)
		require.ErrorContains(t, err, one.says)
		assert.NotContains(t, err.Error(), "canary")
		_, err = mcpclient.NewTransport(c, one.option)
		require.ErrorContains(t, err, one.says)
		all = append(all, one.option)
	}
	_, err := mcpclient.Connect(t.Context(), c, all...)
	for _, one := range invalid {
		require.ErrorContains(t, err, one.says)
	}
	_, err = mcpclient.Connect(t.Context(), nil)
	require.ErrorContains(t, err, "needs a client")

	consent := mcpclient.WithOAuth(mcpclient.OAuth{OpenBrowser: func(context.Context, string) error { return nil }})
	handler := mcpclient.WithOAuthHandler(noHandler{})
	for says, opts := range map[string][]mcpclient.Option{
		"exclude each other":               {consent, handler},
		"cannot go with WithAPIKeyHeader":  {consent, mcpclient.WithAPIKeyHeader()},
		"cannot go with WithAPIKeyHeader ": {mcpclient.WithAPIKeyHeader(), handler},
	} {
		_, err := mcpclient.Connect(t.Context(), c, opts...)
		require.ErrorContains(t, err, says[:len("exclude each other")])
	}
	assert.Zero(t, asked.Load())
}

func TestOptionsOfTheEndpoint(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	for _, tt := range []struct {
		unversioned bool
		option      mcpclient.Option
		path        string
	}{
		{false, nil, "/mcp/v2/buyer"},
		{false, mcpclient.WithStorefront(), "/mcp/v2/storefront"},
		{true, nil, "/mcp/buyer"},
		{false, mcpclient.WithPath("/mcp/storefront/"), "/mcp/storefront"},
	} {
		var opts []client.Option
		if tt.unversioned {
			opts = append(opts, client.Unversioned())
		}
		srv.ResetRequests()
		s := stageSession(t, stageClient(t, srv.URL(), srv.AdminToken(), opts...), tt.option, mcpclient.WithClientInfo("my-agent", "7"))
		_, err := s.Health(t.Context())
		require.NoError(t, err)
		assert.Equal(t, tt.path, srv.Requests()[0].Path)
		assert.Contains(t, srv.Requests()[0].Body, `{"name":"my-agent","version":"7"}`)
	}
	srv.ResetRequests()
	s := stageAdmin(t, srv, mcpclient.WithAPIKeyHeader())
	_, err := s.Health(t.Context())
	require.NoError(t, err)
	for _, req := range srv.Requests() {
		assert.NotEmpty(t, req.Header.Get("X-Scope3-Api-Key"))
		assert.Empty(t, req.Header.Get("Authorization"))
	}
}
