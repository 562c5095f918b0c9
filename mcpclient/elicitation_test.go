package mcpclient

import (
	"context"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestElicitationWithAnUnsafeURLDoesNotReachTheHandler(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		mode, url string
		safe      bool
	}{
		{"url", "https://consent.example/x?y=1", true},
		{"url", "HTTPS://consent.example", true},
		{"", "", true},
		{"form", "", true},
		{"url", "", false},
		{"url", "http://consent.example", false},
		{"url", "http://127.0.0.1:8080/", false},
		{"url", "http://localhost/", false},
		{"", "http://consent.example", false},
		{"form", "javascript:alert(1)", false},
		{"url", "javascript:alert(1)", false},
		{"url", "data:text/html,x", false},
		{"url", "file:///etc/passwd", false},
		{"url", "myapp://open", false},
		{"url", "//consent.example", false},
		{"url", "consent.example", false},
		{"url", "https:consent.example", false},
		{"url", "https:///path", false},
		{"url", "https://:443/", false},
		{"url", "https://bank.example@evil.example/", false},
		{"url", "https://%zz/", false},
		{"url", " https://consent.example", false},
		{"url", "https://consent.example/\n", false},
	} {
		called := false
		c := &config{elicit: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			called = true
			return &mcp.ElicitResult{Action: "accept"}, nil
		}}
		handler := c.libraryOptions(nil).ElicitationHandler
		_, err := handler(t.Context(), &mcp.ElicitRequest{Params: &mcp.ElicitParams{Mode: tt.mode, URL: tt.url}})
		assert.Equal(t, tt.safe, called, "%q", tt)
		if tt.safe {
			require.NoError(t, err)
			continue
		}
		var refused *jsonrpc.Error
		require.ErrorAs(t, err, &refused, "%q", tt)
		assert.EqualValues(t, jsonrpc.CodeInvalidParams, refused.Code)
	}
	assert.Nil(t, (&config{}).libraryOptions(nil).ElicitationHandler, "nobody can be asked")
}
