package guarantees

import (
	"encoding/json"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/seats"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// Types that accept several spellings do so with encoding/json as well.
func TestBothEncodersReadAndWriteAlike(t *testing.T) {
	t.Parallel()
	const secret = "scope3_ak_CANARY_sk_live_0123456789"
	alike(t, servicetokens.Created{}, `{"id":17,"name":"n","accessClientId":"ak_CANARY","fullToken":"`+secret+`"}`)
	alike(t, seats.UserInfo{},
		`{"showPsaBox":true,"latestPsaVersion":"2","user":{"id":5},"customer":{"id":7,"role":"ADMIN"}}`)
	alike(t, agents.SignalsAgent{},
		`{"agent_id":3,"endpoint_url":"https://a.example","registeredAt":"2026-05-01T00:00:00Z"}`)
	alike(t, agents.SalesAgent{}, `{"sales_agent_id":"3","endpointUrl":"https://a.example","protocol":"MCP"}`)

	var created servicetokens.Created
	require.NoError(t, json.Unmarshal([]byte(`{"id":1,"fullToken":"`+secret+`"}`), &created))
	assert.Equal(t, secret, created.Token.Reveal(), "a secret that is shown once is kept")
	err := json.Unmarshal([]byte(`{"id":1,"fullToken":"`+secret+` x"}`), &created)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "0123456789")
}

func alike[T any](t *testing.T, _ T, sent string) {
	t.Helper()
	var one, other T
	require.NoError(t, json.Unmarshal([]byte(sent), &one))
	require.NoError(t, jsonv2.Unmarshal([]byte(sent), &other))
	assert.Equal(t, other, one)
	assert.NotZero(t, one)
	oneText, err := json.Marshal(one)
	require.NoError(t, err)
	otherText, err := jsonv2.Marshal(one)
	require.NoError(t, err)
	assert.Equal(t, string(otherText), string(oneText))
}
