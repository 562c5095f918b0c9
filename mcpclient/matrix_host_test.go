package mcpclient_test

import (
	"fmt"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// TestMatrixForOtherHosts checks that a host built on the MCP library keeps its session with our transport, too, and
// finds the same errors within those of the library.
func TestMatrixForOtherHosts(t *testing.T) {
	t.Parallel()
	for i := range troubles {
		k := &troubles[i]
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			k.everywhere(t, func(t *testing.T, generation string, opts []sandbox.Option) {
				c := &callers[0]
				r := newRig(t, sandboxtest.Start(t, opts...))
				library := mcp.NewClient(&mcp.Implementation{Name: "host"}, nil)
				host, err := library.Connect(t.Context(), r.connect().Transport(), nil)
				require.NoError(t, err)
				defer func() { assert.NoError(t, host.Close()) }()
				require.Equal(t, generation, host.InitializeResult().ProtocolVersion)
				call := func() error {
					_, err := host.CallTool(t.Context(), &mcp.CallToolParams{Name: c.tool})
					return err
				}

				if k.strike != nil {
					require.NoError(t, k.strike(r))
				} else {
					defer k.inject(r.srv, c.tool, 1).Remove()
				}
				err = call()
				if k.survivedBy(c) {
					require.NoError(t, err)
				} else {
					k.failed(t, c, err)
				}
				runs := r.srv.ToolRuns(c.tool)
				k.ran(t, c, runs, err)
				require.NoError(t, call())
				require.Equal(t, runs+1, r.srv.ToolRuns(c.tool))
				for _, id := range r.tap.sessions() {
					assert.NotContains(t, fmt.Sprint(err, host.ID()), id)
				}
			})
		})
	}
}
