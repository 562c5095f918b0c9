package buyer_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
)

func TestDownloadReportsAnExpiredLink(t *testing.T) {
	t.Parallel()
	link, err := buyer.ExportLinkFrom("https://files.example/report.csv?sig=s3cret")
	require.NoError(t, err)
	for _, tt := range []struct {
		status  int
		expired bool
		also    error
		text    string
	}{
		{
			http.StatusForbidden, true, client.ErrForbidden,
			"interchange: downloadReport: the link has expired; request the export again (403 forbidden)",
		},
		{
			http.StatusGone, true, nil,
			"interchange: downloadReport: the link has expired; request the export again (410 gone)",
		},
		{http.StatusNotFound, false, client.ErrNotFound, ""},
		{http.StatusUnauthorized, false, client.ErrUnauthorized, ""},
	} {
		tries := 0
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
			tries++
			return httpmock.NewStringResponse(tt.status, "<Error><Code>AccessDenied s3cret</Code></Error>"), nil
		})
		c, err := client.New(client.WithToken(opaque(t)), client.WithTransport(mock))
		require.NoError(t, err)
		_, err = buyer.New(c).Reporting.Download(t.Context(), link)
		assert.Equal(t, tt.expired, errors.Is(err, buyer.ErrLinkExpired), tt.status)
		if tt.also != nil {
			require.ErrorIs(t, err, tt.also)
		}
		if tt.text != "" {
			require.EqualError(t, err, tt.text)
		}
		var refusal *client.APIError
		require.ErrorAs(t, err, &refusal)
		assert.Equal(t, tt.status, refusal.StatusCode)
		assert.NotContains(t, err.Error(), "access")
		assert.NotContains(t, err.Error(), "s3cret")
		assert.Equal(t, 1, tries)
	}
}

func opaque(t *testing.T) client.Token {
	t.Helper()
	token, err := client.ParseOpaqueToken("some-access-token")
	require.NoError(t, err)
	return token
}
