package servicetokens_test

import (
	stdjson "encoding/json"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

func TestCreatedCannotBeReadWithoutItsSecret(t *testing.T) {
	for body, complete := range map[string]bool{
		`{"id":"7","fullToken":"scope3_ak_1_secret"}`:  true,
		`{"fullToken":"scope3_ak_1_secret","id":7}`:    true,
		`{"id":"7","fullToken":12345678}`:              true,
		`{"id":"7"}`:                                   false,
		`{"id":"7","fullToken":null}`:                  false,
		`{"fullToken":{"value":"hidden"},"id":"7"}`:    false,
		`{"id":"7","fullToken":"hidden with a space"}`: false,
	} {
		for _, decode := range []func(*servicetokens.Created) error{
			func(c *servicetokens.Created) error { return json.Unmarshal([]byte(body), c) },
			func(c *servicetokens.Created) error { return stdjson.Unmarshal([]byte(body), c) },
		} {
			var created servicetokens.Created
			err := decode(&created)
			assert.Equal(t, client.ID("7"), created.ID, body)
			assert.Equal(t, client.ID("7"), created.AnswerID())
			assert.Equal(t, complete, created.CheckAnswer() == nil, body)
			if complete {
				require.NoError(t, err, body)
				continue
			}
			require.ErrorContains(t, err, "fullToken", body)
			assert.NotContains(t, err.Error(), "hidden")
			assert.True(t, created.Token.IsZero())
		}
	}
}
