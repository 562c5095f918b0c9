package mcpclient_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/sandbox"
)

// bearer sets a credential for the bare library.
type bearer struct {
	next  http.RoundTripper
	token string
}

func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+b.token)
	return b.next.RoundTrip(req)
}

// This package exists for such failures. When this test fails, the library has improved, and the package may shrink.
func TestBareLibraryLosesItsSession(t *testing.T) {
	t.Parallel()
	for _, generation := range []string{withSessions, withoutSessions} {
		for _, code := range []int{400, 401, 403, 404, 408, 409} {
			t.Run(fmt.Sprint(generation, " ", code), func(t *testing.T) {
				t.Parallel()
				srv := startSandbox(t, threeTools()...)
				s, err := mcp.NewClient(&mcp.Implementation{Name: "bare"}, nil).Connect(t.Context(), &mcp.StreamableClientTransport{
					Endpoint:             srv.URL() + "/mcp/v2/buyer",
					HTTPClient:           &http.Client{Transport: bearer{srv.HTTPClient().Transport, srv.AdminToken()}},
					DisableStandaloneSSE: true,
				}, &mcp.ClientSessionOptions{ProtocolVersion: generation})
				require.NoError(t, err)
				defer func() { _ = s.Close() }()
				srv.Inject(sandbox.Fault{RPC: "tools/call", Status: code, Times: 1})
				_, err = s.CallTool(t.Context(), &mcp.CallToolParams{Name: toolLook})
				require.Error(t, err)
				_, err = s.CallTool(t.Context(), &mcp.CallToolParams{Name: toolLook})
				require.ErrorIs(t, err, mcp.ErrConnectionClosed, "the fault is long gone")
				require.Zero(t, srv.ToolRuns(toolLook))
			})
		}
	}
}
