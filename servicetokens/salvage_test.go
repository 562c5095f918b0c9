package servicetokens_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/go-json-experiment/json"

	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// The secret is shown once, so no other field of the response may cost it.
func TestOddFieldsDoNotLoseTheSecret(t *testing.T) {
	const full = "scope3_ak_12345678901234567890_secret"
	for fields, unread := range map[string][]string{
		`"expiresAt":"2027-04-26T00:00:00Z"`:            nil,
		`"expiresAt":"2027-04-26 00:00:00"`:             nil,
		`"expiresAt":1808697600,"name":42`:              nil,
		`"expiresAt":null,"scope":null`:                 nil,
		`"expiresAt":"never"`:                           {"expiresAt"},
		`"expiresAt":{"seconds":1},"name":["a"]`:        {"expiresAt", "name"},
		`"createdAt":"yesterday","customerId":{"id":1}`: {"createdAt", "customerId"},
		`"error":null,"status":"active"`:                nil,
		`"role":false,"description":{},"more":{"a":[]}`: {"description"},
	} {
		for _, body := range []string{
			`{"data":{"id":7,"accessClientId":"ak_12345678901234567890","fullToken":"` + full + `",` + fields +
				`},"error":null}`,
			`{` + fields + `,"id":"7","accessClientId":"ak_12345678901234567890","fullToken":"` + full + `"}`,
		} {
			mock := httpmock.NewMockTransport()
			mock.RegisterResponder(http.MethodPost, tokensURL, httpmock.NewStringResponder(http.StatusCreated, body))
			created, err := mocked(t, mock).Create(context.Background(),
				servicetokens.CreateParams{Name: "n", ExpiresInDays: 90})
			require.NoError(t, err, body)
			assert.Equal(t, full, created.Token.Reveal(), body)
			assert.Equal(t, "7", string(created.ID), body)
			assert.Equal(t, unread, created.Unread, body)
		}
		var created servicetokens.Created // as read from the result of a tool
		require.NoError(t, json.Unmarshal([]byte(`{"id":7,"fullToken":"`+full+`",`+fields+`}`), &created))
		assert.Equal(t, full, created.Token.Reveal())
		assert.Equal(t, unread, created.Unread)
	}
}

// A creation that cannot be named is returned too: its secret is shown once.
func TestMissingIDDoesNotLoseTheSecret(t *testing.T) {
	const full = "scope3_ak_12345678901234567890_secret"
	for _, id := range []string{``, `"id":null,`, `"id":"",`, `"id":{},`, `"id":true,`, `"id":["7"],`} {
		mock := httpmock.NewMockTransport()
		body := `{` + id + `"name":"n","fullToken":"` + full + `"}`
		mock.RegisterResponder(http.MethodPost, tokensURL, httpmock.NewStringResponder(http.StatusCreated, body))
		created, err := mocked(t, mock).Create(context.Background(),
			servicetokens.CreateParams{Name: "n", NeverExpires: true})
		require.NoError(t, err, id)
		assert.Equal(t, full, created.Token.Reveal(), id)
		assert.Empty(t, created.ID)
		assert.Equal(t, []string{"id"}, created.Unread, id)
	}
}
