package buyer_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

const (
	pushToken  = "token-0123456789"
	pushSecret = "credentials-0123456789-0123456789"
)

type config = buyer.PushNotificationConfig

func withPush(push buyer.PushNotificationConfig) buyer.AudienceSync {
	return buyer.AudienceSync{Audiences: []buyer.AudienceChange{{AudienceID: "a"}}, PushNotificationConfig: push}
}

func fullPush() buyer.PushNotificationConfig {
	return buyer.PushNotificationConfig{
		URL: "https://etl.example/done", OperationID: "nightly:2026-05-01", Token: buyer.NewPushSecret(pushToken),
		Schemes: []buyer.PushScheme{buyer.PushSchemeHMACSHA256}, Credentials: buyer.NewPushSecret(pushSecret),
	}
}

func TestSyncSendsPushNotificationConfig(t *testing.T) {
	t.Parallel()
	const audiences = `"audiences":[{"audienceId":"a"}]`
	for name, c := range map[string]struct {
		push buyer.PushNotificationConfig
		want string
	}{
		"none": {buyer.PushNotificationConfig{}, `{` + audiences + `}`},
		"url only": {
			buyer.PushNotificationConfig{URL: "https://etl.example/done"},
			`{` + audiences + `,"pushNotificationConfig":{"url":"https://etl.example/done"}}`,
		},
		"everything": {fullPush(), `{` + audiences + `,"pushNotificationConfig":{"url":"https://etl.example/done",` +
			`"operation_id":"nightly:2026-05-01","token":"` + pushToken + `",` +
			`"authentication":{"schemes":["HMAC-SHA256"],"credentials":"` + pushSecret + `"}}}`},
	} {
		var sent string
		b := answering(t, func(r *http.Request) (int, string) {
			sent = bodyOf(t, r)
			return 202, `{"data":{"success":true,"accountId":"1","operationId":"o","taskId":"t"}}`
		})
		_, err := b.Audiences.Sync(t.Context(), "1", withPush(c.push))
		require.NoError(t, err, name)
		assert.JSONEq(t, c.want, sent, name)
	}
}

func TestSyncRefusesBadPushNotificationConfig(t *testing.T) {
	t.Parallel()
	b := answering(t, func(*http.Request) (int, string) {
		t.Error("something was sent")
		return 500, ""
	})
	for name, c := range map[string]struct {
		change func(*config)
		want   string
	}{
		"no url":       {func(p *config) { p.URL = "" }, "url"},
		"plain http":   {func(p *config) { p.URL = "http://etl.example/done" }, "url"},
		"relative url": {func(p *config) { p.URL = "/done" }, "url"},
		"user in url":  {func(p *config) { p.URL = "https://u:p@etl.example/" }, "url"},
		"long operation": {
			func(p *config) { p.OperationID = strings.Repeat("x", 256) },
			"operation_id",
		},
		"operation with spaces": {func(p *config) { p.OperationID = "a b" }, "operation_id"},
		"operation with accent": {func(p *config) { p.OperationID = "é" }, "operation_id"},
		"short token":           {func(p *config) { p.Token = buyer.NewPushSecret("0123456789abcde") }, "token"},
		"empty token":           {func(p *config) { p.Token = buyer.NewPushSecret("") }, "token"},
		"empty credentials":     {func(p *config) { p.Credentials = buyer.NewPushSecret("") }, "authentication.credentials"},
		"long token":            {func(p *config) { p.Token = buyer.NewPushSecret(strings.Repeat("x", 4097)) }, "token"},
		"binary token":          {func(p *config) { p.Token = buyer.NewPushSecret("\xff" + pushToken) }, "token"},
		"unknown scheme": {
			func(p *config) { p.Schemes = []buyer.PushScheme{"Basic"} },
			"authentication.schemes[0]",
		},
		"no schemes": {func(p *config) { p.Schemes = nil }, "authentication.schemes"},
		"no credentials": {
			func(p *config) { p.Credentials = buyer.PushSecret{} },
			"authentication.credentials",
		},
		"short credentials": {
			func(p *config) { p.Credentials = buyer.NewPushSecret(pushSecret[:31]) },
			"authentication.credentials",
		},
		"binary credentials": {
			func(p *config) { p.Credentials = buyer.NewPushSecret("\xff" + pushSecret) },
			"authentication.credentials",
		},
	} {
		push := fullPush()
		c.change(&push)
		_, err := b.Audiences.Sync(t.Context(), "1", withPush(push))
		assert.Equal(t, []string{"pushNotificationConfig." + c.want}, problems(t, err), name)
		assert.NotContains(t, err.Error(), "0123456789", name)
	}
}

func TestPushSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	change := withPush(fullPush())
	encoded, err := json.Marshal(change)
	require.NoError(t, err)
	config, err := json.Marshal(change.PushNotificationConfig)
	require.NoError(t, err)
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("sync", "change", change, "token",
		change.PushNotificationConfig.Token)
	shown := []string{fmt.Sprint(change), string(encoded), string(config), logged.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%x", "%d"} {
		shown = append(shown, fmt.Sprintf(verb, change), fmt.Sprintf(verb, change.PushNotificationConfig))
	}
	for _, text := range shown {
		assert.NotContains(t, text, pushToken)
		assert.NotContains(t, text, pushSecret)
	}
	assert.Equal(t, pushToken, change.PushNotificationConfig.Token.Reveal())
	assert.Equal(t, "(no secret)", buyer.PushSecret{}.String())
}

func TestSandboxAcceptsPushNotificationConfig(t *testing.T) {
	t.Parallel()
	srv, b := startSandbox(t, sandbox.WithTasks(sandbox.TaskPlan{}))
	started, err := b.Audiences.Sync(t.Context(), "1001", withPush(fullPush()))
	require.NoError(t, err)
	assert.NotEmpty(t, started.TaskID)
	for _, r := range srv.Requests() {
		assert.NotContains(t, r.Body, pushToken)
		assert.NotContains(t, r.Body, pushSecret)
	}
}
