package mcpclient_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace"
)

// TestMCPHasItsOwnLimitClass: MCP has a budget of its own, beside that of REST.
func TestMCPHasItsOwnLimitClass(t *testing.T) {
	srv := startSandbox(t)
	limiter := pace.New()
	c := connect(t, srv.URL(), srv.AdminToken(), client.WithLimiter(limiter))
	s := openSession(t, c)
	_, err := s.Health(t.Context())
	require.NoError(t, err)
	_, err = c.Health(t.Context())
	require.NoError(t, err)
	granted := map[string]bool{}
	for key, stats := range limiter.All() {
		granted[key.Class] = stats.Granted > 0
	}
	assert.Equal(t, map[string]bool{client.ClassMCP: true, client.ClassREST: true}, granted)
}
