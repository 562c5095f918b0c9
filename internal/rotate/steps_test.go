package rotate

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

func TestStepsOfARotation(t *testing.T) {
	t.Parallel()
	m := newMemory()
	k := m.kind()
	plan := &Plan[View]{OldID: "1"}
	next, state, err := k.Begin(t.Context(), plan)
	require.NoError(t, err)
	assert.Equal(t, State{OldID: "1", NewID: next.ID}, state)
	stored, err := json.Marshal(state)
	require.NoError(t, err)
	assert.JSONEq(t, `{"oldId":"1","newId":"2"}`, string(stored))

	_, _, err = k.Begin(t.Context(), plan)
	require.ErrorIs(t, failsAt(t, err, Create).Err, ErrUnfinished)
	assert.Equal(t, []client.ID{"1", "2"}, m.valid())

	plan.NewID = state.NewID
	for range 2 {
		require.NoError(t, k.Abandon(t.Context(), plan))
		assert.Equal(t, []client.ID{"1"}, m.valid())
	}
	_, err = k.Finish(t.Context(), plan)
	require.ErrorIs(t, failsAt(t, err, End).Err, errEnded)

	_, state, err = k.Begin(t.Context(), &Plan[View]{OldID: "1"})
	require.NoError(t, err)
	plan.NewID = state.NewID
	for range 2 {
		got, err := k.Finish(t.Context(), plan)
		require.NoError(t, err)
		assert.Equal(t, state.NewID, got.ID)
		assert.Equal(t, []client.ID{"3"}, m.valid())
	}
	require.ErrorIs(t, failsAt(t, k.Abandon(t.Context(), plan), Abandon).Err, errEnded)
	assert.Equal(t, []client.ID{"3"}, m.valid(), "nothing valid is left")
}

func TestAbandonRefusesWhatIsNoReplacement(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.add("another")
	m.add("of another " + newMark("9"))
	for _, id := range []client.ID{"2", "3", "99"} {
		err := m.kind().Abandon(t.Context(), &Plan[View]{OldID: "1", NewID: id})
		_ = failsAt(t, err, Abandon)
	}
	assert.Equal(t, []client.ID{"1", "2", "3"}, m.valid())
}

func TestFailureIsDescribedWithoutAReason(t *testing.T) {
	t.Parallel()
	f := Failure{}
	assert.Contains(t, f.Describe(&Words{Kind: "API key"}), "unknown cause")
}
