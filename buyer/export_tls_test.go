package buyer_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/tlstest"
)

func TestDownloadTriesTLSFailureOnce(t *testing.T) {
	t.Parallel()
	servers, roots := tlstest.Start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "a,b\n")
	}))
	transport := client.NewTransport()
	transport.Proxy, transport.TLSClientConfig.RootCAs = nil, roots
	t.Cleanup(transport.CloseIdleConnections)
	token, err := client.ParseOpaqueToken("canary-token")
	require.NoError(t, err)
	c, err := client.New(
		client.WithEnvironment(client.BaseURL("http://127.0.0.1:1")), client.WithToken(token),
		client.WithTransport(transport))
	require.NoError(t, err)
	for _, server := range servers {
		t.Run(server.Name, func(t *testing.T) {
			link, err := buyer.ExportLinkFrom(server.URL + "/report.csv?signature=canary")
			require.NoError(t, err)
			file, err := buyer.New(c).Reporting.Download(t.Context(), link)
			assert.EqualValues(t, 1, server.Connections.Load())
			if server.Want == "" {
				require.NoError(t, err)
				require.NoError(t, file.Close())
				return
			}
			require.ErrorContains(t, err, "the file server"+server.Want[len("the server"):]+" ("+server.URL+")")
			assert.NotContains(t, err.Error(), "canary")
		})
	}
}
