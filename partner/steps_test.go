package partner_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/rotation"
)

func TestStepsWithAStoredState(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	next, state, err := rotation.Begin(b.ctx, b.driver(), b.old.ID, none)
	require.NoError(t, err)
	stored, err := json.Marshal(state)
	require.NoError(t, err)
	assert.True(t, b.works(b.old))
	assert.True(t, b.works(next))

	var restored rotation.State
	require.NoError(t, json.Unmarshal(stored, &restored))
	for range 2 {
		got, err := rotation.Finish(b.ctx, b.driver(), restored, none)
		require.NoError(t, err)
		assert.Equal(t, next.ID, got.ID)
		assert.Equal(t, []string{string(next.ID)}, active(b.srv))
	}
	_, err = b.rotate(b.plan())
	require.ErrorIs(t, err, rotation.ErrEnded)
	assert.Equal(t, next.ID, b.failsAt(err, rotation.StageCreate).NewID, "the replacement is named")
}

// The scopes of a key that was narrowed on the way are those of the rotation, not those of the old key.
func TestFinishWantsTheScopesOfTheRotation(t *testing.T) {
	t.Parallel()
	b := newBench(t, partner.CreateKeyParams{Name: "mighty", FullAccess: true})
	b.params.Scopes = readKey.Scopes
	next, state, err := rotation.Begin(b.ctx, b.driver(), b.old.ID, none)
	require.NoError(t, err)
	_, err = rotation.Finish(b.ctx, driverOf(b.keys, partner.RotateKeyParams{}), state, none)
	require.ErrorContains(t, err, "its scopes are [read], those wanted are []")
	assert.True(t, b.works(b.old))
	_, err = rotation.Finish(b.ctx, b.driver(), state, none)
	require.NoError(t, err)
	assert.Equal(t, []string{string(next.ID)}, active(b.srv))
}

func TestAbandonedRotationCanBeginAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	_, _, err := rotation.Begin(b.ctx, b.driver(), b.old.ID, none)
	require.NoError(t, err)
	_, _, err = rotation.Begin(b.ctx, b.driver(), b.old.ID, none) // the state was not stored
	require.ErrorIs(t, err, rotation.ErrUnfinished)
	state := b.failsAt(err, rotation.StageCreate).State()
	for range 2 {
		require.NoError(t, rotation.Abandon(b.ctx, b.driver(), state, none))
	}
	assert.Equal(t, []string{string(b.old.ID)}, active(b.srv))
	_, state, err = rotation.Begin(b.ctx, b.driver(), b.old.ID, none)
	require.NoError(t, err)
	_, err = rotation.Finish(b.ctx, b.driver(), state, none)
	require.NoError(t, err)
	require.ErrorIs(t, rotation.Abandon(b.ctx, b.driver(), state, none), rotation.ErrEnded)
}
