package m2m

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/interchange-sdk/interchange-go/internal/oauth"
)

// FuzzParseResponse requires either a valid token with a life or a reason.
func FuzzParseResponse(f *testing.F) {
	for _, seed := range []string{
		`{"access_token":"eyJ.x.y","token_type":"Bearer","expires_in":3600,"scope":"interchange:read"}`,
		`{"access_token":"scope3_ak_X_secret","expires_in":"3600"}`,
		`{"access_token":"a","expires_in":1e400}`, `{"access_token":"a","expires_in":-1}`,
		`{"access_token":"a","expires_in":"NaN"}`,
		`{"access_token":"a","expires_in":{}}`, `{"access_token":"a","token_type":"mac"}`, `{"access_token":"a\n"}`,
		`{"access_token":7}`, `{"error":"invalid_client"}`, `{"error":null,"access_token":"a"}`, `[]`, `null`, ``, `{`,
		"{\"access_token\":\"\xff\"}", `{"access_token":"a","expires_in":1e-300}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		g, code, reason := parseResponse(body)
		if reason != "" {
			assert.True(t, g.token.IsZero())
			assert.Zero(t, g.life)
			return
		}
		assert.False(t, g.token.IsZero())
		assert.Empty(t, code)
		assert.Positive(t, g.life)
		assert.LessOrEqual(t, g.life, oauth.MaxLifetime)
		for _, c := range []byte(g.token.Reveal()) {
			assert.True(t, c > ' ' && c < 0x7f)
		}
	})
}
