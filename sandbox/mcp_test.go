package sandbox_test

import (
	"net/http"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

// bearer sets the credential as an MCP host does that has nothing better.
type bearer struct {
	http.RoundTripper
	token string
}

func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	if b.token != "" {
		req = req.Clone(req.Context())
		req.Header.Set("Authorization", "Bearer "+b.token)
	}
	return b.RoundTripper.RoundTrip(req)
}

// The MCP library's own client understands what the sandbox answers where it has no MCP server: a refusal, not a
// session, on the pinned paths and through their aliases.
func TestMCPLibraryIsRefusedInItsOwnLanguage(t *testing.T) {
	t.Parallel()
	srv, err := sandbox.Start()
	require.NoError(t, err)
	defer func() { require.NoError(t, srv.Close()) }()
	for _, path := range []string{"/mcp/v2/buyer", "/mcp/buyer", "/mcp/storefront"} {
		for token, want := range map[string]string{"": "Unauthorized", srv.AdminToken(): "Not Implemented"} {
			library := mcp.NewClient(&mcp.Implementation{Name: "sandbox-test", Version: "1"}, nil)
			_, err := library.Connect(t.Context(), &mcp.StreamableClientTransport{
				Endpoint:             srv.URL() + path,
				HTTPClient:           &http.Client{Transport: bearer{srv.HTTPClient().Transport, token}},
				DisableStandaloneSSE: true,
			}, nil)
			require.ErrorContains(t, err, want, path)
		}
	}
}
