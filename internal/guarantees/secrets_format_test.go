package guarantees

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/m2m"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/seats"
)

// Values with secrets print as one line of readable text, not as the masked bytes of the secret.
func TestValuesWithSecretsPrintAsOneLine(t *testing.T) {
	srv, admin := start(t)
	at := srv.URL()
	token, err := client.ParseToken(srv.AdminToken())
	require.NoError(t, err)
	fromSource, err := admin.With(client.WithTokenSource(client.NewTokenVar(token)))
	require.NoError(t, err)
	session, err := mcpclient.Connect(t.Context(), admin)
	require.NoError(t, err)
	defer session.Close(context.WithoutCancel(t.Context()))
	keys, err := seats.NewKeyring(admin, map[client.ID]client.Token{"seat_101": token})
	require.NoError(t, err)
	application := m2m.Config{
		ClientID: "app_1", ClientSecret: m2m.NewSecret("hush-hush"),
		Transport: http.DefaultTransport,
	}
	source, err := m2m.New(application)
	require.NoError(t, err)
	defer source.Close()

	for _, tt := range []struct {
		value any
		want  string
	}{
		{admin, "client of " + at + ", token " + token.String()},
		{admin.ForSeat("seat_101"), "client of " + at + ", seat seat_101, token " + token.String()},
		{fromSource, "client of " + at + ", token (no token)"},
		{client.StaticToken(token), token.String()},
		{exported(t), "report acme.csv of 12 rows, until 2026-06-01T00:00:00Z"},
		{session, "MCP session of " + at + "/mcp/v2/buyer"},
		{keys, "keyring of 1 seats"},
		{application, "m2m application app_1"},
		{&application, "m2m application app_1"},
		{source, "m2m source of app_1"},
		{buyer.NewPushSecret("hush-hush"), "(secret)"},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			assert.Equal(t, tt.want, fmt.Sprintf(verb, tt.value), "%T by %s", tt.value, verb)
		}
		for _, handler := range []func(*bytes.Buffer) slog.Handler{
			func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
			func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		} {
			var log bytes.Buffer
			slog.New(handler(&log)).Info("shown", "value", tt.value)
			line := strings.TrimSuffix(log.String(), "\n")
			assert.Equal(t, -1,
				strings.IndexFunc(line, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }), line)
			if _, quiet := tt.value.(slog.LogValuer); quiet {
				assert.Contains(t, line, tt.want)
			}
		}
	}

	_, err = fromSource.Token(t.Context())
	require.NoError(t, err)
	assert.Contains(t, fromSource.String(), token.String(), "the one that was used")
}

// exported returns the link of a report.
func exported(t *testing.T) *buyer.ExportLink {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusOK,
		`{"data":{"downloadUrl":"https://files.example/f?sig=s3cret",`+
			`"expiresAt":"2026-06-01T00:00:00Z","fileName":"acme.csv","rowCount":12},"error":null}`))
	token, err := client.ParseOpaqueToken("some-access-token")
	require.NoError(t, err)
	c, err := client.New(client.WithToken(token), client.WithTransport(mock))
	require.NoError(t, err)
	link, err := buyer.New(c).Reporting.Export(t.Context(), buyer.MetricsParams{Days: client.Set(7)})
	require.NoError(t, err)
	return link
}
