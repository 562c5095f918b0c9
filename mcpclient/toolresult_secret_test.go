package mcpclient_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// TestCreationWithoutAUsableSecretNamesTheToken: the token exists, so its id must not be lost with the secret.
func TestCreationWithoutAUsableSecretNamesTheToken(t *testing.T) {
	t.Parallel()
	cases := []struct {
		data, reason string
		id           client.ID
	}{
		{`{"id":"7","accessClientId":"ak_1"}`, "fullToken", "7"},
		{`{"fullToken":["canary"],"id":7}`, "fullToken", "7"},
		{`{"data":{"id":"7","fullToken":"canary canary"},"error":null}`, "fullToken", "7"},
		{`[]`, "cannot be read", ""},
	}
	s := openResultSession(t, func(i int) string { return `"result":` + textBlock(cases[i].data) })
	for i, tt := range cases {
		created, err := mcpclient.CallTool[servicetokens.Created](t.Context(), s, strconv.Itoa(i), nil)
		assert.True(t, created.Token.IsZero())
		var unread *client.DecodeError
		require.ErrorAs(t, err, &unread, tt.data)
		assert.Equal(t, tt.id, unread.ResourceID, tt.data)
		assert.True(t, client.MayHaveApplied(err))
		assert.Contains(t, err.Error(), tt.reason)
		assert.NotContains(t, err.Error(), "canary")
	}
}
