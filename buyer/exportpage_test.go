package buyer_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
)

func TestDownloadRefusesPageInsteadOfReport(t *testing.T) {
	t.Parallel()
	for _, page := range []string{
		"<!DOCTYPE html><html><head><title>Sign in</title></head></html>",
		"\ufeff\n<html>", strings.Repeat("\r\n", 3000) + "<html>",
		`<?xml version="1.0" encoding="UTF-8"?><Error><Code>ExpiredToken</Code></Error>`,
	} {
		for _, contentType := range []string{"text/html", "application/xml", "text/csv", ""} {
			b := buyer.New(connect(t, "https://platform.example", credential,
				client.WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
					resp := &http.Response{
						StatusCode: http.StatusOK, Header: http.Header{}, Request: r,
						Body: io.NopCloser(strings.NewReader(page)),
					}
					resp.Header.Set("Content-Type", contentType)
					if r.URL.Host == "platform.example" {
						resp.Header.Set("Content-Type", "application/json")
						resp.Body = io.NopCloser(strings.NewReader(
							`{"data":{"downloadUrl":"https://files.example/a?sig=1","expiresAt":"2026-06-01T00:00:00Z","fileName":"f",` +
								`"rowCount":1}}`))
					}
					return resp, nil
				}))))
			link, err := b.Reporting.Export(t.Context(), may)
			require.NoError(t, err)
			file, err := b.Reporting.Download(t.Context(), link)
			require.NoError(t, err)
			content, err := io.ReadAll(file)
			assert.Empty(t, content)
			var unread *client.DecodeError
			require.ErrorAs(t, err, &unread, page)
			require.ErrorContains(t, err, "it is an HTML or XML page")
			_, again := file.Read(make([]byte, 1))
			require.Equal(t, err, again)
			require.NoError(t, file.Close())
		}
	}
}
