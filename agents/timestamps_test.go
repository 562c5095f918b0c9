package agents_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/client"
)

func TestOddTimesCostNoCredentialOrAccount(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]client.Timestamp{
		`"2026-05-01T10:00:00Z"`: "2026-05-01T10:00:00Z",
		`"2026-05-01 10:00:00"`:  "2026-05-01 10:00:00",
		`"never"`:                "never",
		`""`:                     "",
		`null`:                   "",
		`1777629600`:             "1777629600",
		`false`:                  "false",
		`{"seconds":1777629600}`: `{"seconds":1777629600}`,
	} {
		times := `"createdAt":` + sent + `,"updatedAt":` + sent
		credential := `{"id":"77","accountIdentifier":"acme","accountType":"x","status":"ACTIVE",` +
			`"registeredBy":null,"sources":[],` + times + `}`
		account := `{"linkId":"8","accountId":"a","sources":[],"advertiserId":"1","status":"active",` + times + `}`
		_, service := against(t,
			answer{status: http.StatusCreated, body: `{"data":` + credential + `,"error":null}`},
			answer{status: http.StatusOK, body: `{"data":[` + credential + `],"error":null}`},
			answer{status: http.StatusOK, body: `{"data":` + account + `,"error":null}`},
		)

		created, err := service.RegisterCredential(t.Context(), "1", "s",
			agents.CredentialParams{AccountIdentifier: "acme", Auth: agents.NoAuth()})
		require.NoError(t, err, sent)
		assert.Equal(t, client.ID("77"), created.ID)
		assert.Equal(t, want, created.CreatedAt)

		listed, err := client.Collect(service.ListCredentials().All(t.Context()))
		require.NoError(t, err, sent)
		require.Len(t, listed, 1)
		assert.Equal(t, []client.Timestamp{want, want}, []client.Timestamp{listed[0].CreatedAt, listed[0].UpdatedAt})

		linked, err := service.GetAccount(t.Context(), "1", "8")
		require.NoError(t, err, sent)
		assert.Equal(t, []client.Timestamp{want, want}, []client.Timestamp{linked.CreatedAt, linked.UpdatedAt})
	}
}

func TestGetAccountRequiresID(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"status":"login_required"}`, `{"data":{"status":"denied","message":"no"},"error":null}`,
	} {
		_, service := against(t, answer{status: http.StatusOK, body: body})
		_, err := service.GetAccount(t.Context(), "1", "8")
		require.ErrorContains(t, err, "accountId is missing", body)
	}
}
