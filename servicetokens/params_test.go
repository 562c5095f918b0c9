package servicetokens_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func TestCreateSendsNoExpiryOnlyIfAsked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		params servicetokens.CreateParams
		want   string
	}{
		{servicetokens.CreateParams{Name: "n", NeverExpires: true}, `{"name":"n"}`},
		{servicetokens.CreateParams{Name: "n", ExpiresInDays: 7}, `{"name":"n","expiresInDays":7}`},
		{
			servicetokens.CreateParams{Name: "n", Scope: servicetokens.ScopeCustomer, NeverExpires: true},
			`{"name":"n","scope":"CUSTOMER"}`,
		},
	} {
		var sent []byte
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			sent, _ = io.ReadAll(r.Body)
			return httpmock.NewStringResponse(http.StatusCreated,
				`{"data":{"id":"1","fullToken":"scope3_ak_X_sk_live_secret","accessClientId":"ak_X"},"error":null}`), nil
		})
		_, err := mocked(t, mock).Create(t.Context(), tt.params)
		require.NoError(t, err)
		assert.JSONEq(t, tt.want, string(sent))
	}
}

// Older programs could create tokens without a name.
func TestRotateNamesTheReplacementOfANamelessToken(t *testing.T) {
	for old, want := range map[string]string{
		`"id":"1","name":"","createdAt":"2026-01-01T00:00:00Z"`: "replacement of 1",
		`"id":"1","createdAt":"2026-01-01T00:00:00Z"`:           "replacement of 1",
		`"id":"1","name":"ETL"`:                                 "ETL",
	} {
		var sent string
		mock := httpmock.NewMockTransport()
		mock.RegisterResponder(http.MethodGet, `=~/service-tokens/1`,
			httpmock.NewStringResponder(http.StatusOK, `{"data":{`+old+`},"error":null}`))
		mock.RegisterResponder(http.MethodGet, `=~/service-tokens`,
			httpmock.NewStringResponder(http.StatusOK, `{"data":{"serviceTokens":[{`+old+`}]},"error":null}`))
		mock.RegisterResponder(http.MethodPost, `=~/service-tokens`, func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			sent = string(body)
			if err != nil {
				return nil, err
			}
			const refused = `{"data":null,"error":{"code":"X","message":"enough"}}`
			return httpmock.NewStringResponse(http.StatusBadRequest, refused), nil
		})
		err := rotateMocked(t, mock, servicetokens.RotateParams{})
		require.ErrorContains(t, err, "enough")
		assert.Contains(t, sent, `"name":"`+want+`"`)
		assert.NotContains(t, sent, "expires")
	}
}
