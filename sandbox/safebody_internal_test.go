package sandbox

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What is secret in a body is hidden by the name of its member, wherever that stands, and all texts in an auth are.
func TestSafeBody(t *testing.T) {
	t.Parallel()
	const secret = "not-for-the-record"
	for _, member := range []string{
		"token", "password", "privateKey", "private_key", "clientSecret", "client_secret", "refreshToken", "refresh_token",
		"headerValue", "apiKey", "api_key", "secret", "auth", "auth_config", "authConfig", "config",
	} {
		for _, body := range []string{
			`{"a":{"` + member + `":"` + secret + `"}}`,
			`[{"` + member + `":"` + secret + `"}]`,
		} {
			assert.NotContains(t, safeBody([]byte(body)), secret, body)
			assert.Contains(t, safeBody([]byte(body)), member)
		}
	}
	for body, want := range map[string]string{
		`{"auth":{"type":"ours","k":"` + secret + `","n":[17,{"x":"` + secret + `"}],"on":true}}`: `{"auth":{"k":"` + hidden +
			`","n":["` + hidden +
			`",{"x":"` + hidden + `"}],"on":true,"type":"ours"}}`,
		`{"name":"Nightly ETL","n":1.50}`:  `{"name":"Nightly ETL","n":1.50}`,
		`{"auth":{"k":"` + secret:          hidden,
		`{"a":1}{"auth":"` + secret + `"}`: hidden,
		`[1,2`:                             `[1,2`,
	} {
		assert.Equal(t, want, safeBody([]byte(body)), body)
	}
}
