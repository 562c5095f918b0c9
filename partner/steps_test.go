package partner_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/partner"
)

func TestStepsWithAStoredState(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	next, state, err := b.keys.BeginRotation(b.ctx, b.old.ID, partner.KeyRotation{})
	require.NoError(t, err)
	stored, err := json.Marshal(state)
	require.NoError(t, err)
	assert.True(t, b.works(b.old))
	assert.True(t, b.works(next))

	var restored partner.RotationState
	require.NoError(t, json.Unmarshal(stored, &restored))
	for range 2 {
		got, err := b.keys.FinishRotation(b.ctx, restored, partner.KeyRotation{})
		require.NoError(t, err)
		assert.Equal(t, next.ID, got.ID)
		assert.Equal(t, []string{string(next.ID)}, active(b.srv))
	}
	_, err = b.keys.Rotate(b.ctx, b.old.ID, b.rotation())
	require.ErrorIs(t, err, partner.ErrRevoked)
	assert.Equal(t, next.ID, b.failsAt(err, partner.StageCreate).NewID, "the replacement is named")
}

// The scopes of a key that was narrowed on the way are those of the rotation, not those of the old key.
func TestFinishRotationWantsTheScopesOfTheRotation(t *testing.T) {
	t.Parallel()
	b := newBench(t, partner.CreateKeyParams{Name: "mighty", FullAccess: true})
	r := partner.KeyRotation{Scopes: readKey.Scopes}
	next, state, err := b.keys.BeginRotation(b.ctx, b.old.ID, r)
	require.NoError(t, err)
	_, err = b.keys.FinishRotation(b.ctx, state, partner.KeyRotation{})
	require.ErrorContains(t, err, "its scopes are [read], those wanted are []")
	assert.True(t, b.works(b.old))
	_, err = b.keys.FinishRotation(b.ctx, state, r)
	require.NoError(t, err)
	assert.Equal(t, []string{string(next.ID)}, active(b.srv))
}

func TestAbandonedRotationCanBeginAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	_, _, err := b.keys.BeginRotation(b.ctx, b.old.ID, partner.KeyRotation{})
	require.NoError(t, err)
	_, _, err = b.keys.BeginRotation(b.ctx, b.old.ID, partner.KeyRotation{}) // the state was not stored
	require.ErrorIs(t, err, partner.ErrUnfinished)
	state := b.failsAt(err, partner.StageCreate).State()
	for range 2 {
		require.NoError(t, b.keys.AbandonRotation(b.ctx, state))
	}
	assert.Equal(t, []string{string(b.old.ID)}, active(b.srv))
	_, state, err = b.keys.BeginRotation(b.ctx, b.old.ID, partner.KeyRotation{})
	require.NoError(t, err)
	_, err = b.keys.FinishRotation(b.ctx, state, partner.KeyRotation{})
	require.NoError(t, err)
	require.ErrorIs(t, b.keys.AbandonRotation(b.ctx, state), partner.ErrRevoked)
}

func TestStepsCheckTheirArguments(t *testing.T) {
	t.Parallel()
	b := newBench(t, readKey)
	before := len(b.srv.Requests())
	_, _, err := b.keys.BeginRotation(b.ctx, "", partner.KeyRotation{})
	require.ErrorIs(t, err, client.ErrInvalidParams)
	_, _, err = b.keys.BeginRotation(b.ctx, "1", partner.KeyRotation{ExpiresIn: -1})
	require.ErrorIs(t, err, client.ErrInvalidParams)
	for _, state := range []partner.RotationState{{}, {OldID: "1"}, {NewID: "1"}, {OldID: "1", NewID: "1"}} {
		_, err := b.keys.FinishRotation(b.ctx, state, partner.KeyRotation{})
		require.ErrorIs(t, err, client.ErrInvalidParams)
		require.ErrorIs(t, b.keys.AbandonRotation(b.ctx, state), client.ErrInvalidParams)
	}
	assert.Len(t, b.srv.Requests(), before)
}

func TestRotationErrorsCanBeBuiltAndPrinted(t *testing.T) {
	t.Parallel()
	reason := errors.New("broken")
	for want, err := range map[string]*partner.RotationError{
		"<nil>":                                nil,
		"no replacement exists: unknown cause": {},
		"its replacement 2 is revoked again; keys [3] may be left over: broken": {
			Stage: partner.StageDeploy, OldID: "1", NewID: "2", NewRevoked: true, Strays: []client.ID{"3"}, Err: reason,
		},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			assert.Contains(t, fmt.Sprintf(verb, err), want)
		}
		assert.Equal(t, err != nil && err.Err != nil, errors.Is(err, reason))
		assert.NotPanics(t, func() { err.State() })
	}
}
